"""`flask status update`, `resolve` and `cancel`: one more word in a note that is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

import click

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.notes.findings import suggestion
from status_plugin.core.notes.note import Incident
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import Lean, Moment
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase, State
from status_plugin.staff.desk import asking
from status_plugin.staff.desk.affected import said_state, said_states
from status_plugin.staff.desk.at_hand import NoteItem, is_open, item_of, may_be_cancelled, may_be_updated
from status_plugin.staff.desk.completion import IMPACTS, PHASES, complete_components, note_names, words
from status_plugin.staff.desk.doubts import (
    doubts_about,
    must_be_a_window,
    must_be_open,
    must_count,
    must_stand_as_before,
)
from status_plugin.staff.desk.echo import word_echo
from status_plugin.staff.desk.edit import note_style, with_update
from status_plugin.staff.desk.files import read_file
from status_plugin.staff.desk.insertion import newest_written
from status_plugin.staff.desk.publishing import Change
from status_plugin.staff.desk.session import Session, desk_command, explained
from status_plugin.staff.desk.word import Word

_WHEN = "When it is said, if not now: '6:40pm', '10 min ago'."
_SINCE = "When it became true, if earlier."


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What the options say of an update, as it was typed."""

    phase: str | None = None
    when: str | None = None
    since: str | None = None
    next_update: str | None = None
    impact: str | None = None
    affects: Sequence[str] = ()


@click.command("update")
@click.argument("words_given", metavar="[NOTE] [TEXT]", nargs=-1, shell_complete=note_names())
@click.option("--phase", help="Where it stands now.", shell_complete=words(PHASES))
@click.option(
    "--next", "next_update", metavar="WHEN", help="When you will write again: 'in 30 min', '7:30pm'."
)
@click.option("--when", metavar="WHEN", help=_WHEN)
@click.option("--since", metavar="WHEN", help=_SINCE)
@click.option("--impact", help="The new impact for all that is affected.", shell_complete=words(IMPACTS))
@click.option(
    "--affects", multiple=True, metavar="'NAME: STATE'", help="The new state of one component.",
    shell_complete=complete_components,
)  # fmt: skip
@desk_command
def update_command(
    words_given: tuple[str, ...],
    phase: str | None,
    next_update: str | None,
    when: str | None,
    since: str | None,
    impact: str | None,
    affects: tuple[str, ...],
    **outlet: bool,
) -> None:
    """Say what is new of an incident or window.

    NOTE is any part of its name, or of a component's; without it the only one that is open. TEXT is
    Markdown in quotes; "-" reads it from the input.
    """
    session = Session.opened(**outlet)
    name, text = _name_and_text(words_given)
    item = _chosen(session, name, may_be_updated(session.notes.items))
    said = _Said(phase=phase, when=when, since=since, next_update=next_update, impact=impact, affects=affects)
    if text is None and said == _Said() and asking.is_asked():
        said = _asked(session, item)
    _add(session, item, said, asking.given_text(text, "What is new"))


@click.command("resolve", short_help="Say that an incident is over, or the work of a window done.")
@click.argument("words_given", metavar="[NOTE] [TEXT]", nargs=-1, shell_complete=note_names())
@click.option("--when", metavar="WHEN", help=_WHEN)
@click.option("--since", metavar="WHEN", help="When it was over, if earlier.")
@desk_command
def resolve_command(
    words_given: tuple[str, ...], when: str | None, since: str | None, **outlet: bool
) -> None:
    """Say that an incident is over, or that the work of a window is done."""
    session = Session.opened(**outlet)
    name, text = _name_and_text(words_given)
    item = _chosen(session, name, is_open)
    must_be_open(item)
    phase = IncidentPhase.RESOLVED if isinstance(item, IncidentItem) else MaintenancePhase.COMPLETED
    _add(session, item, _Said(phase=phase, when=when, since=since), asking.given_text(text, "How it ended"))


@click.command("cancel")
@click.argument(
    "words_given", metavar="[WINDOW] [TEXT]", nargs=-1, shell_complete=note_names(windows_alone=True)
)
@click.option("--when", metavar="WHEN", help=_WHEN)
@desk_command
def cancel_command(words_given: tuple[str, ...], when: str | None, **outlet: bool) -> None:
    """Say that planned work does not take place. An incident cannot be cancelled: resolve it."""
    session = Session.opened(**outlet)
    name, text = _name_and_text(words_given)
    item = _chosen(session, name, may_be_cancelled)
    must_be_a_window(item)
    said = _Said(phase=MaintenancePhase.CANCELLED, when=when)
    _add(session, item, said, asking.given_text(text, "Why", default="This work does not take place."))


def _name_and_text(given: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The note's name and the text among the words of a command; blanks, or a full stop, make a text."""
    match given:
        case ():
            return None, None
        case (alone,):
            is_text = (
                alone == asking.NOTHING_SAID or len(alone.split()) != 1 or alone.endswith((".", "!", "?"))
            )
            return (None, alone) if is_text else (alone, None)
        case (name, text):
            return name, text
    raise click.UsageError("Put the text in quotes, as one word behind the name of the note.")


def _chosen(session: Session, name: str | None, likely: Callable[[NoteItem], bool]) -> NoteItem:
    candidates = [item for item in session.notes.items if likely(item)]
    if name is None and len(candidates) > 1 and asking.is_asked():
        return asking.chosen_of(candidates)
    return session.notes.chosen(name, likely)


def _asked(session: Session, item: NoteItem) -> _Said:
    """What a person at the terminal says of an update, beside its text."""
    click.echo(f"{item.title}: {str(item.phase).replace('_', ' ')}")
    kind = IncidentPhase if isinstance(item, IncidentItem) else MaintenancePhase
    phase = asking.choice("Phase", [str(phase) for phase in kind], default=str(item.phase))
    is_over = phase in ("resolved", "postmortem", "completed", "cancelled")
    default = "in 30 min" if isinstance(item, IncidentItem) else asking.NOTHING_SAID
    promised = None
    if not is_over:
        promised = asking.answer(
            "Next update ('-' for none)", lambda text: _promise(session, item, text), default=default
        )
    return _Said(phase=None if phase == item.phase else phase, next_update=promised)


def _promise(session: Session, item: NoteItem, text: str) -> str | None:
    """The words themselves, if they can be read as a time; what cannot is asked for again."""
    if text == asking.NOTHING_SAID:
        return None
    session.time(text, "--next", Lean.LATER, zone=_zone_of(item, session.zone))
    return text


def _add(session: Session, item: NoteItem, said: _Said, text: str) -> None:
    word = _word(session, item, said, text)
    must_count(item, word)
    asking.settle(list(doubts_about(item, word)))
    note = item.note
    style = note_style(note, session.house)

    def prepare() -> Change:
        before = read_file(session.outlet.folder / note.path)
        fresh = session.reader.read(before, path=note.path, kind=type(note)).note
        if fresh is not None:
            must_stand_as_before(item, item_of(fresh, session.now, session.now), word)
        after = with_update(before, note, word, session.house, session.reader)
        phase = str(word.phase).replace("_", " ").capitalize() if word.phase else "Update"
        return Change(
            path=note.path,
            before=before,
            after=after,
            message=f"{phase}: {item.title}",
            lines=(
                word_echo(item.title, word, session.notes.inventory, style, session.now),
                session.written_line(note.path, note),
            ),
        )

    session.put(prepare)


def _word(session: Session, item: NoteItem, said: _Said, text: str) -> Word:
    zone = _zone_of(item, session.zone)
    at = session.time(said.when or "now", "--when", Lean.EARLIER, zone=zone)
    newest = newest_written(item.note)
    if said.when is None and newest and at.at < newest.at.at <= session.now:
        # Of two words in one minute the later one is not told first.
        at = replace(at, at=newest.at.at)
    since = session.time(said.since, "--since", Lean.EARLIER, zone=zone) if said.since else None
    promised = session.time(said.next_update, "--next", Lean.LATER, zone=zone) if said.next_update else None
    with explained("--affects"):
        affects = said_states(said.affects, session.notes.inventory)
    return Word(
        at=at,
        text=text,
        phase=_phase(item, said.phase) if said.phase else None,
        since=since,
        next_update=promised,
        impact=_impact(item, said.impact) if said.impact else None,
        affects=affects,
    )


def _zone_of(item: NoteItem, zone: tzinfo) -> tzinfo:
    """The zone that a time without one means in this note."""
    newest = newest_written(item.note)
    beginning = item.note.started if isinstance(item.note, Incident) else item.note.starts
    known: Moment | None = newest.at if newest else beginning
    return (known.local.tzinfo if known else None) or zone


def _phase(item: NoteItem, text: str) -> Phase:
    kind: type[IncidentPhase] | type[MaintenancePhase]
    kind = IncidentPhase if isinstance(item, IncidentItem) else MaintenancePhase
    with explained("--phase"):
        try:
            return kind("_".join(text.casefold().replace("-", " ").replace("_", " ").split()))
        except ValueError:
            what = "an incident" if kind is IncidentPhase else "a maintenance window"
            known = [str(phase).replace("_", " ") for phase in kind]
            message = f"'{text}' is no phase of {what}."
            raise UnreadableError("wrong-word", message, suggestion(text, known)) from None


def _impact(item: NoteItem, text: str) -> State:
    if isinstance(item, WindowItem):
        raise click.BadParameter(
            "A window has no impact; say in the text what is noticed.", param_hint="--impact"
        )
    with explained("--impact"):
        return said_state(text)
