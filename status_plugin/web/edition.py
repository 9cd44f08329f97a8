"""An edition: everything that may be said at one moment, from which whole answers are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from status_plugin.core.board.board import Board
from status_plugin.core.board.cards import NoteItem, shown
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.sources.summary_text import Snapshot
from status_plugin.web.newest_first import NotePlace, Notes

NoteKind = Literal["incident", "maintenance"]

__all__ = ["Edition", "NoteItem", "NoteKind"]

_NOTES: Mapping[NoteKind, type[Incident] | type[Maintenance]] = {
    "incident": Incident,
    "maintenance": Maintenance,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """A board with what it was made from; `notes` holds every public note by slug, newest first."""

    board: Board
    content: Content
    snapshot: Snapshot
    notes: Mapping[NoteKind, Notes]

    def item(self, kind: NoteKind, slug: str) -> NoteItem | None:
        """One note, None when there is none of that kind and slug."""
        return self.notes[kind].get(slug)

    def alias(self, kind: NoteKind, slug: str) -> str | None:
        """The present slug of a note that once had this one."""
        present = self.content.aliases.get((_NOTES[kind], slug))
        return present if present in self.notes[kind] else None

    def is_gone(self, kind: NoteKind, slug: str) -> bool:
        """Whether a public note was at this address and is no longer there."""
        return (_NOTES[kind], slug) in self.content.gone

    def note(self, slug: str) -> NoteItem | None:
        """The note of either kind that has this slug, or else the one that once had it."""
        place = self.place(slug)
        return None if place is None else shown(place)

    def place(self, slug: str) -> NotePlace | None:
        """The place of that note."""
        for kind in _NOTES:
            if place := self.notes[kind].place(slug):
                return place
        for kind in _NOTES:
            if present := self.alias(kind, slug):
                return self.notes[kind].place(present)
        return None
