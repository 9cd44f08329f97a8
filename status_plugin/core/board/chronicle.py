"""The notes in the order in which subscribers want them: the latest word first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from status_plugin.core.board.cards import Card, cards_of
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.messages import Message, end_messages, messages_of
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance

AnyNote = Incident | Maintenance


@dataclass(frozen=True, kw_only=True, slots=True)
class Chronicle:
    """The cards of all notes of a content by component slug, and under None those of all components.

    `notes` have the latest word first, `windows` start latest first.
    """

    notes: Mapping[str | None, tuple[Card, ...]]
    windows: Mapping[str | None, tuple[Card, ...]]

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
        for card in self.notes.get(component, ()):
            if len(found) == limit and card.last_word < found[0][0][0]:
                break
            item = items[card.kind].get(card.slug)
            for message in (*messages_of(item, now, zone), *end_messages(item, now)) if item else ():
                heapq.heappush(found, (message.order, message))
                if len(found) > limit:
                    heapq.heappop(found)
        return [message for _, message in found]


def chronicle_of(content: Content) -> Chronicle:
    """The chronicle of everything that the folder holds."""
    windows = cards_of(content.windows)
    cards = [*cards_of(content.incidents), *windows]
    return Chronicle(
        notes=_by_component(sorted(cards, key=lambda card: card.last_word, reverse=True)),
        windows=_by_component(sorted(windows, key=lambda card: card.began, reverse=True)),
    )


def _by_component(cards: Iterable[Card]) -> dict[str | None, tuple[Card, ...]]:
    found: dict[str | None, list[Card]] = {None: []}
    for card in cards:
        found[None].append(card)
        for slug in card.touched:
            found.setdefault(slug, []).append(card)
    return {slug: tuple(told) for slug, told in found.items()}
