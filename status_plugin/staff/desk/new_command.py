"""`flask status new`: an incident or a maintenance window, on the page in one command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import click

from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import Lean, Moment
from status_plugin.core.times.spans import read_duration
from status_plugin.core.words import IncidentPhase, State
from status_plugin.staff.desk import asking
from status_plugin.staff.desk.affected import NOTHING, said_components, said_state
from status_plugin.staff.desk.completion import IMPACTS, complete_components, words
from status_plugin.staff.desk.echo import incident_echo, window_echo
from status_plugin.staff.desk.new_note import (
    INCIDENTS,
    MAINTENANCE,
    NewIncident,
    NewWindow,
    Showing,
    free_path,
    read_back,
)
from status_plugin.staff.desk.publishing import Change
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.desk.session import Session, desk_command, explained
from status_plugin.staff.desk.word import Word
from status_plugin.staff.schema.file_schemas import FOLDER, schema_comment

_FIRST_WORD = "We are looking into it."

_AFFECTS = click.option(
    "--affects", multiple=True, metavar="NAMES", shell_complete=complete_components,
    help="What is affected: slugs or names, with commas; 'none' if nothing that is listed.",
)  # fmt: skip
_ANNOUNCED = click.option("--announced", metavar="WHEN", help="Keep it from the public until then.")
_DRAFT = click.option("--draft", is_flag=True, help="Keep it from the public until the draft is finished.")


@click.group("new")
def new_group() -> None:
    """Write a new note: `new incident` or `new maintenance`."""


@new_group.command("incident")
@click.argument("title", required=False)
@click.argument("text", required=False)
@_AFFECTS
@click.option("--impact", help="How bad it is: degraded, partial or major.", shell_complete=words(IMPACTS))
@click.option("--started", metavar="WHEN", help="When it began, if not now: '5:50pm', '20 min ago'.")
@click.option("--next", "next_update", metavar="WHEN", help="When you will write again: 'in 30 min'.")
@_ANNOUNCED
@_DRAFT
@desk_command
def new_incident_command(
    title: str | None,
    text: str | None,
    affects: tuple[str, ...],
    impact: str | None,
    started: str | None,
    next_update: str | None,
    announced: str | None,
    draft: bool,
    **outlet: bool,
) -> None:
    """Say that something does not work, with TITLE, and what customers notice of it as TEXT."""
    session = Session.opened(**outlet)
    is_asked = title is None and asking.is_asked()
    if is_asked:
        title, next_update = _asked_title("Srv3 is not responding"), next_update or "?"
    title, touched, worst = _title(title), _affects(session, affects), _impact(impact)
    began = _started(session, started, is_asked=is_asked)
    text = asking.given_text(text, "What customers notice", default=_FIRST_WORD)
    promised = _promise(session, next_update)
    said = session.time("now", "--started", Lean.EARLIER)
    phase = IncidentPhase.INVESTIGATING
    new = NewIncident(
        title=title,
        affects=touched,
        impact=worst,
        started=began,
        word=Word(at=said, phase=phase, text=text, next_update=promised),
        showing=_showing(session, announced, draft=draft),
    )
    session.put(lambda: _new(session, new, INCIDENTS))


@new_group.command("maintenance")
@click.argument("title", required=False)
@click.argument("text", required=False)
@_AFFECTS
@click.option("--starts", metavar="WHEN", help="When the window begins: '2026-12-04 4pm', 'tomorrow 4pm'.")
@click.option("--ends", metavar="WHEN", help="When it ends.")
@click.option("--for", "duration", metavar="LENGTH", help="How long it is, instead of --ends: '2h'.")
@click.option("--downtime", default="", metavar="WORDS", help="The downtime to expect in it: '15-20 min'.")
@click.option("--emergency", is_flag=True, help="It could not be planned; it may have begun already.")
@_ANNOUNCED
@_DRAFT
@desk_command
def new_maintenance_command(
    title: str | None,
    text: str | None,
    affects: tuple[str, ...],
    starts: str | None,
    ends: str | None,
    duration: str | None,
    downtime: str,
    emergency: bool,
    announced: str | None,
    draft: bool,
    **outlet: bool,
) -> None:
    """Announce planned work, with TITLE, and what customers notice of it as TEXT."""
    session = Session.opened(**outlet)
    is_asked = title is None and asking.is_asked()
    if is_asked:
        title, text = _asked_title("More memory for Srv3"), str(click.prompt("What customers notice"))
    title, touched = _title(title), tuple(_affects(session, affects))
    begin = _starts(session, starts, emergency=emergency)
    end = _ends(session, begin, ends, duration)
    if is_asked and not downtime:
        downtime = str(click.prompt("Expected downtime, such as '15-20 min' ('-' if not known)", default="-"))
    new = NewWindow(
        title=title,
        affects=touched,
        starts=begin,
        ends=end,
        downtime="" if downtime == asking.NOTHING_SAID else downtime,
        emergency=emergency,
        body=asking.given_text(text, "") if text else "",
        showing=_showing(session, announced, draft=draft),
    )
    session.put(lambda: _new(session, new, MAINTENANCE))


def _new(session: Session, new: NewIncident | NewWindow, folder: str) -> Change:
    """The file of a new note; called when nobody else writes one."""
    root, content = session.outlet.folder, session.notes.content
    day = new.started if isinstance(new, NewIncident) else new.starts
    path = free_path(folder, new.title, day.at, session.zone, content, root)
    try:
        text = new.text(session.house, session.zone, _schema_remark(new, path, root))
    except UnreadableError as error:
        raise RefusedError(f"{error}") from None
    note = read_back(text, new, path, session.reader)
    inventory, now = session.notes.inventory, session.now
    if isinstance(new, NewIncident) and isinstance(note, Incident):
        echo = incident_echo(note, new.word, inventory, session.house, now)
        message = f"New incident: {note.title}"
    elif isinstance(note, Maintenance):
        echo = window_echo(note, inventory, session.house, now)
        message = f"New maintenance window: {note.title}"
    lines = (echo, session.written_line(path, note, draft=new.showing.draft))
    return Change(path=path, before=None, after=text.encode("utf-8"), message=message, lines=lines)


def _schema_remark(new: NewIncident | NewWindow, path: str, root: Path) -> str:
    """What leads editors to the schema, where `flask status schema` has written one."""
    kind = "incident" if isinstance(new, NewIncident) else "maintenance"
    if not (root / FOLDER / f"{kind}.json").is_file():
        return ""
    return schema_comment(kind, PurePosixPath(path)).removeprefix("# ")


def _asked_title(example: str) -> str:
    return str(click.prompt(f"Title, such as '{example}'"))


def _title(title: str | None) -> str:
    if not (title or "").strip():
        raise click.UsageError("Give it a title that states the problem, such as 'Srv3 is not responding'.")
    return " ".join(str(title).split())


def _affects(session: Session, given: Sequence[str]) -> Mapping[str, State | None]:
    inventory = session.notes.inventory
    if session.notes.content.inventory is None:
        raise RefusedError(
            "components.yml cannot be read, so nothing can be said to be affected. Mend it first."
        )
    if not given and asking.is_asked():
        asking.show_components(inventory)
        return asking.answer(
            "Affects, with commas ('none' if nothing of these)",
            lambda text: said_components([text], inventory),
        )
    if not given:
        known = ", ".join(inventory.by_slug) or "none"
        raise click.UsageError(
            f"Say what is affected: --affects srv3, or --affects {NOTHING}. Known are: {known}."
        )
    with explained("--affects"):
        return said_components(given, inventory)


def _impact(given: str | None) -> State:
    if given is None and asking.is_asked():
        return said_state(asking.choice("Impact", IMPACTS, default="major"))
    if given is None:
        raise click.UsageError(f"Say how bad it is: --impact {', '.join(IMPACTS[:-1])} or {IMPACTS[-1]}.")
    with explained("--impact"):
        return said_state(given)


def _promise(session: Session, given: str | None) -> Moment | None:
    """The promised next word; "?" has it asked for."""
    if given != "?":
        return session.time(given, "--next", Lean.LATER) if given else None
    return asking.answer(
        "Next update ('-' for none)",
        lambda text: None if text == asking.NOTHING_SAID else session.time(text, "--next", Lean.LATER),
        default="in 30 min",
    )


def _started(session: Session, given: str | None, *, is_asked: bool) -> Moment:
    if given is None and is_asked:
        return asking.answer(
            "Began, such as '20 min ago'",
            lambda text: session.time(text, "--started", Lean.EARLIER),
            default="now",
        )
    return session.time(given or "now", "--started", Lean.EARLIER)


def _starts(session: Session, given: str | None, *, emergency: bool) -> Moment:
    if given is None and asking.is_asked():
        return asking.answer(
            "Starts, such as 'tomorrow 4pm'",
            lambda text: _starts(session, text, emergency=emergency),
            default="now" if emergency else None,
        )
    if given is None and not emergency:
        raise click.UsageError("Say when it starts: --starts '2026-12-04 4pm'.")
    begin = session.time(given or "now", "--starts", Lean.LATER)
    if begin.at < session.now.replace(second=0, microsecond=0) and not emergency:
        raise click.BadParameter(
            f"'{given}' has passed. Write the date too if a later day is meant; of work that has begun "
            "already say --emergency.",
            param_hint="--starts",
        )
    return begin


def _ends(session: Session, begin: Moment, ends: str | None, duration: str | None) -> Moment:
    if ends is None and duration is None and asking.is_asked():
        return asking.answer("How long", lambda text: _ends(session, begin, None, text), default="2h")
    if (ends is None) == (duration is None):
        raise click.UsageError("Say when it ends: --ends '6pm', or --for 2h; one of the two.")
    if duration is not None:
        with explained("--for"):
            end = replace(begin, at=begin.at + read_duration(duration), exact=True)
    else:
        end = session.time(str(ends), "--ends", Lean.ONWARD, beside=begin)
    if end.at <= begin.at:
        raise click.BadParameter(f"'{ends}' is not after the beginning.", param_hint="--ends")
    if end.at <= session.now:
        raise click.BadParameter(
            "The whole window has passed. Check the date, am and pm.", param_hint="--ends"
        )
    return end


def _showing(session: Session, announced: str | None, *, draft: bool) -> Showing:
    moment = session.time(announced, "--announced", Lean.LATER) if announced else None
    return Showing(announced=moment, draft=draft)
