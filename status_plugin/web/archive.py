"""The archives: all that was ever on the page, newest first and in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from status_plugin.core.board.cards import Card, by_beginning
from status_plugin.core.board.items import AlertItem
from status_plugin.web.edition import Edition, NoteItem, NoteKind
from status_plugin.web.faces import is_over
from status_plugin.web.newest_first import Merged

ArchiveItem = NoteItem | AlertItem

ArchivePlace = ArchiveItem | Card
"""An entry, or the card from which it is worked out when somebody wants to see it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivePage:
    """One page of an archive, newest first; an empty archive has one empty page."""

    items: tuple[ArchiveItem, ...]
    page: int
    pages: int


def page_of(items: Sequence[ArchivePlace], page: int, per_page: int) -> ArchivePage:
    """A page of some items, counted from 1."""
    pages = max(1, -(-len(items) // per_page))
    return ArchivePage(items=tuple(map(entry, places_on(items, page, per_page))), page=page, pages=pages)


def places_on(items: Sequence[ArchivePlace], page: int, per_page: int) -> Sequence[ArchivePlace]:
    """The places on a page, counted from 1."""
    return items[(page - 1) * per_page : page * per_page]


def entry(place: ArchivePlace) -> ArchiveItem:
    """The entry itself."""
    return place.item() if isinstance(place, Card) else place


def archive_items(edition: Edition, kind: NoteKind) -> Sequence[ArchivePlace]:
    """All of an archive, newest first; past alerts that nobody wrote about stand among the incidents."""
    notes: Sequence[ArchivePlace] = edition.notes[kind].newest
    return Merged(notes, _past_alerts(edition)) if kind == "incident" else notes


def past_of(edition: Edition, component: str, count: int) -> list[ArchiveItem]:
    """The latest of all that is over and touched a component, notes of both kinds and alerts."""
    notes = (edition.notes["incident"].newest, edition.notes["maintenance"].newest)
    found = merge(*notes, _past_alerts(edition), key=by_beginning, reverse=True)
    touching = (place for place in found if touches(place, component))
    past = (place for place in touching if isinstance(place, Card) or is_over(place))
    return list(map(entry, islice(past, count)))


def touches(item: ArchivePlace, component: str) -> bool:
    """Whether it is, or by its note ever was, about a component."""
    if isinstance(item, Card):
        return component in item.affected
    return component in item.affects or (not isinstance(item, AlertItem) and component in item.note.affects)


def _past_alerts(edition: Edition) -> list[AlertItem]:
    alerts = (alert for alert in edition.board.alerts if alert.ended)
    return sorted(alerts, key=by_beginning, reverse=True)
