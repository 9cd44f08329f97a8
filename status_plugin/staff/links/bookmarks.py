"""The bookmarks: an address for each thing that staff do to notes from a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.notes.components import Component
from status_plugin.core.notes.forge import Forge
from status_plugin.core.times.writing import written
from status_plugin.staff.links.note_template import (
    KINDS,
    TemplateTimes,
    template_path,
    template_text,
)
from status_plugin.web.faces import standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Bookmark:
    """One address; `text` is what the editor is asked to begin with, "" where a note is there already."""

    kind: str
    name: str
    address: str
    text: str = ""


def new_bookmarks(forge: Forge, times: TemplateTimes, components: Sequence[Component]) -> Iterator[Bookmark]:
    """Where an incident and a maintenance window are begun."""
    for kind in KINDS:
        text = template_text(kind, times, components)
        yield Bookmark(
            kind=kind,
            name=f"New {kind}",
            address=forge.new_address(template_path(kind, times), text),
            text=text,
        )


def edit_bookmarks(forge: Forge, board: Board) -> Iterator[Bookmark]:
    """Where each note is changed that is open or still to come, in the order of the page."""
    for item in (*board.current, *board.scheduled):
        if isinstance(item, IncidentItem | WindowItem):
            name = f"Edit: {item.title} ({standing(item)})"
            yield Bookmark(kind="edit", name=name, address=forge.edit_address(item.note.path))


def update_line(now: datetime, zone: tzinfo) -> str:
    """The line that an update begins with, to be copied into a note."""
    minute = now.astimezone(zone).replace(second=0, microsecond=0)
    return f"Update @ {written(minute, zone)} [next update in 30 min]: "
