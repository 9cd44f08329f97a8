"""One command at the desk: what it knows of the site, and how its result is put and told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext

from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import Lean, Moment
from status_plugin.sources.git import GitFailedError, GitMissingError
from status_plugin.staff.checking.deny_list import DenyListError
from status_plugin.staff.checking.leaks import NAMES as LEAKS
from status_plugin.staff.checking.site import problems_of_note
from status_plugin.staff.desk.at_hand import NotesAtHand
from status_plugin.staff.desk.checkout import PublishError
from status_plugin.staff.desk.edit import Reader
from status_plugin.staff.desk.house_style import house_style
from status_plugin.staff.desk.publishing import Change, Outlet
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.desk.said_times import said_time
from status_plugin.staff.desk.time_style import TimeStyle
from status_plugin.web.addresses import note_address
from status_plugin.web.edition import NoteKind
from status_plugin.web.state import PluginState, current_state

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What a command knows: the notes as they are, how the house writes, and how far the result goes."""

    state: PluginState
    notes: NotesAtHand
    house: TimeStyle
    outlet: Outlet

    @classmethod
    def opened(cls, *, commit: bool, push: bool, dry_run: bool) -> Session:
        """A session on the site that is being served."""
        state = current_state()
        notes = NotesAtHand.of(state)
        return cls(
            state=state,
            notes=notes,
            house=house_style(notes.content, state.settings.timezone, notes.now),
            outlet=Outlet(folder=state.settings.content, commit=commit, push=push, dry_run=dry_run),
        )

    @property
    def now(self) -> datetime:
        """The clock, which goes on while a person is asked."""
        return self.state.station.now()

    @property
    def zone(self) -> tzinfo:
        """The site's."""
        return self.state.settings.timezone

    @property
    def reader(self) -> Reader:
        """Reads notes as the page does."""
        return Reader(zone=self.zone, inventory=self.notes.content.inventory, now=self.now)

    def time(
        self,
        text: str,
        option: str,
        lean: Lean,
        *,
        zone: tzinfo | None = None,
        beside: Moment | None = None,
    ) -> Moment:
        """The time that an option means, `beside` another one; what cannot be read is the option's fault."""
        now = beside.at if beside else self.now
        zone = (beside.local.tzinfo if beside else zone) or self.zone
        with explained(option):
            return said_time(text, now=now, zone=zone, lean=lean)

    def put(self, prepare: Callable[[], Change]) -> None:
        """Make the change; tell what was done, and what is doubtful about the note before it is committed."""
        change = self.outlet.put(prepare, click.echo, self._look_at)
        if self.outlet.dry_run:
            for line in change.diff():
                click.echo(line)

    def _look_at(self, change: Change) -> str:
        """Tell what is doubtful about a note that is written; why it must not be committed, if so."""
        try:
            problems = problems_of_note(self.state, self.outlet.folder / change.path, self.now)
        except DenyListError as error:
            click.echo(f"The note was not looked through for private words: {error}", err=True)
            return "Put the list there, or see for yourself that the note holds nothing private."
        for problem in problems:
            click.echo(str(problem), err=True)
        is_leak = any(problem.rule in LEAKS for problem in problems)
        return "Take out of it what must not be public; it is named above." if is_leak else ""

    def written_line(self, path: str, note: Incident | Maintenance, *, draft: bool = False) -> str:
        """Where the note is, and where visitors see it."""
        where = f"Written: {_from_here(self.outlet.folder / path)}"
        if draft:
            return f"{where}. It is a draft: no visitor sees it until you take the line 'draft: true' out."
        address = _address(note, self.state.settings.site_url)
        if note.announced and note.announced.at > self.now:
            return f"{where}. Not public before it is announced; then at {address}"
        return f"{where}. On the page: {address}"


def _address(note: Incident | Maintenance, site: str) -> str:
    kind: NoteKind = "incident" if isinstance(note, Incident) else "maintenance"
    with current_app.test_request_context(base_url=f"{site}/" if site else None):
        return note_address(kind, note.slug, absolute=bool(site))


def _from_here(file: Path) -> str:
    """A path that an editor started here can open."""
    return Path(os.path.relpath(file)).as_posix()


@contextmanager
def explained(option: str) -> Iterator[None]:
    """What cannot be read is a wrong value of this option."""
    try:
        yield
    except UnreadableError as error:
        raise click.BadParameter(f"{error}", param_hint=option) from None


def desk_command(command: Callable[_P, _T]) -> Callable[_P, _T]:
    """Give a command the options of all that write, the site, and sentences for what goes wrong."""

    @click.option("--commit", is_flag=True, help="Commit this file, and no other, in git.")
    @click.option("--push", is_flag=True, help="Commit, and push.")
    @click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
    @with_appcontext
    @wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> _T:
        options["commit"] = options["commit"] or options["push"]
        try:
            return command(*arguments, **options)
        except RefusedError as error:
            raise click.ClickException(f"{error}") from None
        except (PublishError, GitFailedError, GitMissingError) as error:
            raise click.ClickException(f"{error}") from None

    return wrapped
