"""Entries in the order of archives, of which thousands stay from one edition to the next and a few change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar, overload

from status_plugin.core.board.cards import Card, NoteItem, by_beginning, shown
from status_plugin.core.board.items import Item

NotePlace = NoteItem | Card
"""A note's entry, or the card from which it is worked out when somebody wants to see it."""

ItemT = TypeVar("ItemT", bound=Item | Card, covariant=True)


class Merged(Sequence[ItemT]):
    """Many entries, newest first, and a few others in their places among them; the many are not copied."""

    def __init__(self, many: Sequence[ItemT], few: Iterable[ItemT]) -> None:
        self._many = many
        self._few = sorted(few, key=by_beginning, reverse=True)
        # How many of all stand before each of the few.
        self._before = [place + _newer(many, item) for place, item in enumerate(self._few)]

    def __len__(self) -> int:
        return len(self._many) + len(self._few)

    @overload
    def __getitem__(self, index: int) -> ItemT: ...
    @overload
    def __getitem__(self, index: slice) -> list[ItemT]: ...
    def __getitem__(self, index: int | slice) -> ItemT | list[ItemT]:
        """An entry, or a list of some."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        place = bisect_left(self._before, at)
        is_one_of_few = place < len(self._few) and self._before[place] == at
        return self._few[place] if is_one_of_few else self._many[at - place]

    def __iter__(self) -> Iterator[ItemT]:
        """All of them."""
        many, taken = iter(self._many), 0
        for place, item in enumerate(self._few):
            newer = self._before[place] - place
            yield from islice(many, newer - taken)
            yield item
            taken = newer
        yield from many


class Notes(Mapping[str, NoteItem]):
    """All public notes of one kind by slug, newest first; `newest` has their places in that order.

    Those that are `settled` are the same mapping in all editions between which none of them changed,
    and `order` has them newest first; those that are `opened` are few.
    """

    def __init__(
        self,
        opened: Iterable[NoteItem] = (),
        settled: Mapping[str, Card] | None = None,
        order: Sequence[Card] | None = None,
    ) -> None:
        self.opened = {item.slug: item for item in opened}
        self.settled: Mapping[str, Card] = settled or {}
        many: Sequence[NotePlace] = tuple(self.settled.values()) if order is None else order
        self.newest = Merged(many, self.opened.values())

    def place(self, slug: str) -> NotePlace | None:
        """The place of a note, None when there is none of that slug."""
        return self.opened.get(slug) or self.settled.get(slug)

    def __getitem__(self, slug: str) -> NoteItem:
        item = self.opened.get(slug)
        return shown(self.settled[slug]) if item is None else item

    def __contains__(self, slug: object) -> bool:
        return slug in self.opened or slug in self.settled

    def __iter__(self) -> Iterator[str]:
        return (item.slug for item in self.newest)

    def __len__(self) -> int:
        return len(self.newest)


def _newer(items: Sequence[Item | Card], than: Item | Card) -> int:
    """How many of some items, newest first, are newer than another."""
    key, low, high = by_beginning(than), 0, len(items)
    while low < high:
        middle = (low + high) // 2
        if by_beginning(items[middle]) > key:
            low = middle + 1
        else:
            high = middle
    return low
