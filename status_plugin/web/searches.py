"""The folded words of every entry, made once, packed, and kept while the entry stays what it is."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from status_plugin.core.board.items import AlertItem
from status_plugin.core.search.query import Query
from status_plugin.core.search.texts import folded_entry
from status_plugin.sources.background import Background
from status_plugin.web.archive import ArchivePlace, entry
from status_plugin.web.edition import Edition
from status_plugin.web.newest_first import NotePlace

PACKS = 64
"""Among how many packs the settled notes are dealt out: when one of them changes, one pack is made anew."""

_BETWEEN = "\f"
"""What stands between two entries of a pack, and in no folded text."""


class _Pack:
    """The words of some entries, which compressed take a tenth of the memory and a moment to look through."""

    def __init__(self, items: Iterable[NotePlace], before: _Pack | None) -> None:
        known = dict(zip(map(id, before.items), before.texts, strict=True)) if before else {}
        self.items: tuple[NotePlace, ...] = tuple(items)
        words = _BETWEEN.join(known.get(id(item)) or folded_entry(entry(item)) for item in self.items)
        self._packed = zlib.compress(words.encode(), 1)

    @property
    def texts(self) -> list[str]:
        """The folded text of each entry."""
        return self._unpacked().split(_BETWEEN) if self.items else []

    def found(self, needles: Sequence[str]) -> Iterator[int]:
        """The identities of the entries in which all needles are."""
        whole = self._unpacked()
        if all(needle in whole for needle in needles):
            for item, text in zip(self.items, whole.split(_BETWEEN), strict=True):
                if all(needle in text for needle in needles):
                    yield id(item)

    def _unpacked(self) -> str:
        return zlib.decompress(self._packed).decode()


class Searches:
    """Finds entries by words; may be asked from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._edition: Edition | None = None
        self._settled_in: Sequence[Mapping[str, NotePlace]] = ()
        self._settled: dict[int, _Pack] = {}
        self._opened: _Pack | None = None
        self._preparing: Background[list[_Pack]] | None = None

    def prepare(self, edition: Edition) -> None:
        """Get ready behind the visitor's back: who sees the field for words may soon fill it."""
        if self._edition is edition or (self._preparing is not None and self._preparing.is_running):
            return
        self._preparing = Background(partial(self._prepared, edition), name="status-search")

    def found(self, edition: Edition, items: Sequence[ArchivePlace], query: Query) -> list[ArchivePlace]:
        """Those of an edition's items that have what is searched for, in their order."""
        found = {number for pack in self._prepared(edition) for number in pack.found(query.needles)}
        for item in items:
            if isinstance(item, AlertItem) and all(part in folded_entry(item) for part in query.needles):
                found.add(id(item))
        named = edition.place(query.slug)
        return [item for item in items if id(item) in found or item is named]

    def _prepared(self, edition: Edition) -> list[_Pack]:
        """The words of an edition; settled notes are the same items from one edition to the next."""
        with self._guard:
            if self._edition is not edition:
                settled = [notes.settled for notes in edition.notes.values()]
                if list(map(id, settled)) != list(map(id, self._settled_in)):
                    self._settled = _packed(settled, self._settled)
                    self._settled_in = settled
                opened = [item for notes in edition.notes.values() for item in notes.opened.values()]
                self._opened = _Pack(opened, self._opened)
                self._edition = edition
            return [*self._settled.values(), *([self._opened] if self._opened else [])]


def _packed(settled: Sequence[Mapping[str, NotePlace]], before: Mapping[int, _Pack]) -> dict[int, _Pack]:
    """The settled notes in packs; those of which no note has changed stay as they are."""
    dealt: dict[int, list[NotePlace]] = {}
    for items in settled:
        for slug, item in items.items():
            dealt.setdefault(zlib.crc32(slug.encode()) % PACKS, []).append(item)
    packs = {}
    for number, those in dealt.items():
        known = before.get(number)
        is_same = known is not None and list(map(id, known.items)) == list(map(id, those))
        packs[number] = known if known is not None and is_same else _Pack(those, known)
    return packs
