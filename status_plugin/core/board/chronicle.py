"""The notes in the order in which subscribers want them: the latest word first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeVar

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.messages import Message, end_messages, messages_of
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance

AnyNote = Incident | Maintenance

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Chronicle:
    """All notes of a content by component slug, and under None those of all components.

    `notes` have the latest word first, each with a time (in seconds) after which nothing was said in
    it; `windows` start latest first.
    """

    notes: Mapping[str | None, tuple[tuple[float, AnyNote], ...]]
    windows: Mapping[str | None, tuple[Maintenance, ...]]

    def latest(
        self,
        component: str | None,
        items: Mapping[type[AnyNote], Mapping[str, IncidentItem | WindowItem]],
        limit: int,
        now: datetime,
        zone: tzinfo,
    ) -> list[Message]:
        """The last `limit` messages of the notes that are public, as `items` by kind and slug, in no order.

        It looks no further back than it must, however many notes there are.
        """
        found: list[tuple[tuple[float, int, str], Message]] = []
        for last, note in self.notes.get(component, ()):
            if len(found) == limit and last < found[0][0][0]:
                break
            item = items[type(note)].get(note.slug)
            for message in (*messages_of(item, now, zone), *end_messages(item, now)) if item else ():
                heapq.heappush(found, (message.order, message))
                if len(found) > limit:
                    heapq.heappop(found)
        return [message for _, message in found]


def chronicle_of(content: Content) -> Chronicle:
    """The chronicle of everything that the folder holds."""
    notes: list[AnyNote] = [*content.incidents, *content.windows]
    told = sorted(((_last_word(note), note) for note in notes), key=lambda pair: pair[0], reverse=True)
    begun = sorted(content.windows, key=_start, reverse=True)
    return Chronicle(
        notes=_by_component((touched(note), (last, note)) for last, note in told),
        windows=_by_component((touched(note), note) for note in begun),
    )


def touched(note: AnyNote) -> set[str]:
    """The components that a note or one of its updates names."""
    return {*note.affects, *(slug for update in note.updates for slug in update.affects)}


def _by_component(pairs: Iterable[tuple[set[str], _T]]) -> dict[str | None, tuple[_T, ...]]:
    found: dict[str | None, list[_T]] = {None: []}
    for slugs, value in pairs:
        found[None].append(value)
        for slug in slugs:
            found.setdefault(slug, []).append(value)
    return {slug: tuple(values) for slug, values in found.items()}


def _last_word(note: AnyNote) -> float:
    """The latest time in a note; one that tells none may have been written just now."""
    begun = note.started if isinstance(note, Incident) else note.starts
    over = note.resolved if isinstance(note, Incident) else None
    moments = [begun, over, note.announced, *(update.at for update in note.updates)]
    return max((moment.at.timestamp() for moment in moments if moment), default=float("inf"))


def _start(note: Maintenance) -> float:
    return note.starts.at.timestamp() if note.starts else float("-inf")
