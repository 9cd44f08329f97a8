"""The folded words of every entry, made once and kept while the entry stays what it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial

from status_plugin.core.search.query import Query
from status_plugin.core.search.texts import folded_entry
from status_plugin.sources.background import Background
from status_plugin.web.archive import ArchiveItem
from status_plugin.web.edition import Edition

_Entries = dict[int, tuple[ArchiveItem, str]]
"""By the identity of an item, which is kept beside its words so that no other gets that identity."""


class Searches:
    """Finds entries by words; may be asked from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._edition: Edition | None = None
        self._entries: _Entries = {}
        self._preparing: Background[_Entries] | None = None

    def prepare(self, edition: Edition) -> None:
        """Get ready behind the visitor's back: who sees the field for words may soon fill it."""
        if self._edition is edition or (self._preparing is not None and self._preparing.is_running):
            return
        self._preparing = Background(partial(self._prepared, edition), name="status-search")

    def found(self, edition: Edition, items: Sequence[ArchiveItem], query: Query) -> list[ArchiveItem]:
        """Those of an edition's items that have what is searched for, in their order."""
        entries = self._prepared(edition)
        left = [entries.get(id(item)) or (item, folded_entry(item)) for item in items]
        for needle in query.needles:
            left = [entry for entry in left if needle in entry[1]]
        named = edition.note(query.slug)
        found = {id(item) for item, _ in left}
        return [item for item in items if id(item) in found or item is named]

    def _prepared(self, edition: Edition) -> _Entries:
        """The words of an edition; settled notes are the same items from one edition to the next."""
        with self._guard:
            if self._edition is not edition:
                known = self._entries
                items = [item for notes in edition.notes.values() for item in notes.values()]
                self._entries = {id(item): (item, _words(item, known)) for item in items}
                self._edition = edition
            return self._entries


def _words(item: ArchiveItem, entries: _Entries) -> str:
    known = entries.get(id(item))
    return known[1] if known is not None and known[0] is item else folded_entry(item)
