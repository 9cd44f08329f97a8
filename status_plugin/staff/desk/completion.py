"""What a shell offers when somebody presses Tab: names of notes and components, and the words for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem
from flask.cli import ScriptInfo

from status_plugin.core.words import IncidentPhase, MaintenancePhase
from status_plugin.staff.desk.at_hand import NoteItem, NotesAtHand, is_ahead, is_open, may_be_cancelled
from status_plugin.web.state import current_state

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

IMPACTS = ("degraded", "partial", "major")
PHASES = tuple(dict.fromkeys(str(phase) for phase in (*IncidentPhase, *MaintenancePhase)))


def note_names(*, windows_alone: bool = False) -> Complete:
    """Completes the name of a note that is not over; of any note where none of these fits."""

    def complete(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
        notes = _notes(context)
        items = notes.items if notes else ()
        wanted = may_be_cancelled if windows_alone else _is_alive
        likely = [item for item in items if wanted(item) and typed.casefold() in item.slug]
        others = [item for item in items if typed.casefold() in item.slug]
        return [CompletionItem(item.slug, help=item.title) for item in likely or others]

    return complete


def complete_components(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes the last of the components in a list with commas."""
    notes = _notes(context)
    before, comma, last = typed.rpartition(",")
    components = notes.inventory.components if notes else ()
    return [
        CompletionItem(f"{before}{comma}{component.slug}", help=component.name)
        for component in components
        if component.slug.startswith(last.strip().casefold())
    ]


def words(known: Iterable[str]) -> Complete:
    """Completes one of some words."""

    def complete(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
        return [CompletionItem(word) for word in known if word.startswith(typed.casefold())]

    return complete


def _is_alive(item: NoteItem) -> bool:
    return is_open(item) or is_ahead(item)


def _notes(context: click.Context) -> NotesAtHand | None:
    """The notes of the site that is named before, None where it cannot be loaded: a shell wants no errors."""
    try:
        app = context.ensure_object(ScriptInfo).load_app()
        with app.app_context():
            return NotesAtHand.of(current_state())
    except (Exception, SystemExit):
        return None
