"""What is kept of what was made: so many bytes, and what nobody asked for again goes first."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


class _Place(Generic[ValueT]):
    """A value, its size, and whether it was asked for since it came or since all were."""

    __slots__ = ("is_wanted", "size", "value")

    def __init__(self, value: ValueT, size: int) -> None:
        self.value = value
        self.size = size
        self.is_wanted = False


class Stock(Generic[KeyT, ValueT]):
    """Values of at most `most` bytes together, however many are brought; the latest is always kept.

    Who looks for one never waits. Somebody who asks for each once, as robots do, pushes out nothing
    that others want.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._guard = threading.Lock()
        self._places: dict[KeyT, _Place[ValueT]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def find(self, key: KeyT) -> ValueT | None:
        """The value that is kept, and from now on counts as wanted; None when there is none."""
        place = self._places.get(key)
        if place is None:
            return None
        place.is_wanted = True
        return place.value

    def keep(self, key: KeyT, value: ValueT, size: int) -> None:
        """Keep a value of so many bytes, instead of an earlier one."""
        with self._guard:
            self._forget(key)
            self._places[key] = _Place(value, size)
            self._size += size
            while self._size > self._most and len(self._places) > 1:
                self._forget(self._least_wanted(key))

    def forget(self, key: KeyT) -> None:
        """Keep it no longer, if it is here."""
        with self._guard:
            self._forget(key)

    def _forget(self, key: KeyT) -> None:
        place = self._places.pop(key, None)
        self._size -= place.size if place else 0

    def _least_wanted(self, latest: KeyT) -> KeyT:
        """The oldest but the latest that nobody asked for again; where all are wanted, the oldest."""
        others = [key for key in self._places if key != latest]
        for key in others:
            if not self._places[key].is_wanted:
                return key
        for place in self._places.values():
            place.is_wanted = False
        return others[0]
