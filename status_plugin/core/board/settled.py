"""Notes that are settled: long over, so that neither the clock nor monitoring changes how they stand.

A site of many years has thousands of them and a handful of others. Their cards say where they belong,
and no board reads them.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from status_plugin.core.board.cards import Card, by_beginning, cards_of
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance

_MARGIN = timedelta(days=1)
"""How long before anything that monitoring remembers a note must have been over: vague times need some."""

_EVER = datetime.min.replace(tzinfo=UTC)

_FEW = 100
"""How many new cards are put into their places one by one; with more of them all are sorted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """The notes of a content in two parts: those that are settled, and the others as they are written.

    Everything about the settled ones happened before `until`. `incidents` and `windows` hold the cards
    of the public ones by slug, latest beginning first, and `past` has those of all, latest end first.
    `incomplete` counts those that are shown with a mark.
    """

    until: datetime = _EVER
    incidents: Mapping[str, Card] = field(default_factory=dict)
    windows: Mapping[str, Card] = field(default_factory=dict)
    past: tuple[Card, ...] = ()
    incomplete: int = 0
    open_incidents: tuple[Incident, ...] = ()
    open_windows: tuple[Maintenance, ...] = ()

    @classmethod
    def none(cls, content: Content) -> Settled:
        """Every note of a content counted among those that may still change."""
        return cls(open_incidents=tuple(content.incidents), open_windows=tuple(content.windows))

    def holds(self, memory: Memory, now: datetime) -> bool:
        """Whether the parts are still right at a moment, with what is remembered then."""
        return self.until <= min([now, *(sighting.began - _MARGIN for sighting in memory.sightings)])


def settled(content: Content, memory: Memory, now: datetime, before: Settled | None = None) -> Settled:
    """The parts of a content; the order of what was settled `before` is not made again."""
    until = min([now.astimezone(UTC), *(sighting.began for sighting in memory.sightings)]) - _MARGIN
    known = before or Settled()
    incidents, open_incidents = _parted(cards_of(content.incidents), until)
    windows, open_windows = _parted(cards_of(content.windows), until)
    past = [*incidents, *windows]
    return Settled(
        until=until,
        incidents=_by_slug(_ordered(incidents, known.incidents.values(), by_beginning)),
        windows=_by_slug(_ordered(windows, known.windows.values(), by_beginning)),
        past=tuple(_ordered(past, known.past, Card.by_end)),
        incomplete=sum(card.is_marked for card in past),
        open_incidents=tuple(note for card in open_incidents if isinstance(note := card.note(), Incident)),
        open_windows=tuple(note for card in open_windows if isinstance(note := card.note(), Maintenance)),
    )


def _parted(cards: Iterable[Card], until: datetime) -> tuple[list[Card], list[Card]]:
    """The cards of notes that were over before a time, and the others."""
    over: list[Card] = []
    others: list[Card] = []
    for card in cards:
        (over if card.over_since and card.over_since < until else others).append(card)
    return over, others


def _by_slug(cards: Iterable[Card]) -> dict[str, Card]:
    return {card.slug: card for card in cards}


def _ordered(cards: Sequence[Card], known: Iterable[Card], key: Callable[[Card], Any]) -> list[Card]:
    """The cards, greatest first; those that are `known` to be in that order are not compared again."""
    present = {id(card) for card in cards}
    kept = [card for card in known if id(card) in present]
    present.difference_update(map(id, kept))
    if len(present) > _FEW:
        return sorted(cards, key=key, reverse=True)
    kept.reverse()
    for card in cards:
        if id(card) in present:
            insort(kept, card, key=key)
    kept.reverse()
    return kept
