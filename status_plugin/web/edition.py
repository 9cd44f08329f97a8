"""An edition: everything that may be said at one moment, from which whole answers are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.sources.summary_text import Snapshot

NoteKind = Literal["incident", "maintenance"]
NoteItem = IncidentItem | WindowItem

_NOTES: Mapping[NoteKind, type[Incident] | type[Maintenance]] = {
    "incident": Incident,
    "maintenance": Maintenance,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivePage:
    """One page of an archive, newest first; an empty archive has one empty page."""

    items: tuple[NoteItem, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """A board with what it was made from; `notes` holds every public note by slug, newest first."""

    board: Board
    content: Content
    snapshot: Snapshot
    notes: Mapping[NoteKind, Mapping[str, NoteItem]]

    def item(self, kind: NoteKind, slug: str) -> NoteItem | None:
        """One note, None when there is none of that kind and slug."""
        return self.notes[kind].get(slug)

    def alias(self, kind: NoteKind, slug: str) -> str | None:
        """The present slug of a note that once had this one."""
        present = self.content.aliases.get((_NOTES[kind], slug))
        return present if present in self.notes[kind] else None

    def note(self, slug: str) -> NoteItem | None:
        """The note of either kind that has this slug, or else the one that once had it."""
        for kind in _NOTES:
            if item := self.item(kind, slug):
                return item
        for kind in _NOTES:
            if present := self.alias(kind, slug):
                return self.item(kind, present)
        return None

    def touching(self, component: str) -> Iterator[NoteItem]:
        """Every note that touches a component, or did."""
        for items in self.notes.values():
            yield from (item for item in items.values() if component in {**item.note.affects, **item.affects})

    def archive(self, kind: NoteKind, page: int, per_page: int) -> ArchivePage:
        """A page of all notes of a kind."""
        found = tuple(self.notes[kind].values())
        pages = max(1, -(-len(found) // per_page))
        first = (page - 1) * per_page
        return ArchivePage(items=found[first : first + per_page], page=page, pages=pages, total=len(found))
