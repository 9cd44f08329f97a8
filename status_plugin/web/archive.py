"""The archives: all that was ever on the page, newest first and in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from status_plugin.core.board.items import AlertItem
from status_plugin.core.board.order import by_beginning
from status_plugin.web.edition import Edition, NoteItem, NoteKind
from status_plugin.web.faces import is_over
from status_plugin.web.newest_first import Merged

ArchiveItem = NoteItem | AlertItem


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivePage:
    """One page of an archive, newest first; an empty archive has one empty page."""

    items: tuple[ArchiveItem, ...]
    page: int
    pages: int


def page_of(items: Sequence[ArchiveItem], page: int, per_page: int) -> ArchivePage:
    """A page of some items, counted from 1."""
    first = (page - 1) * per_page
    pages = max(1, -(-len(items) // per_page))
    return ArchivePage(items=tuple(items[first : first + per_page]), page=page, pages=pages)


def archive_items(edition: Edition, kind: NoteKind) -> Sequence[ArchiveItem]:
    """All of an archive, newest first; past alerts that nobody wrote about stand among the incidents."""
    notes: Sequence[ArchiveItem] = edition.notes[kind].newest
    return Merged(notes, _past_alerts(edition)) if kind == "incident" else notes


def past_of(edition: Edition, component: str, count: int) -> list[ArchiveItem]:
    """The latest of all that is over and touched a component, notes of both kinds and alerts."""
    notes = (edition.notes["incident"].newest, edition.notes["maintenance"].newest)
    found = merge(*notes, _past_alerts(edition), key=by_beginning, reverse=True)
    return list(islice((item for item in found if is_over(item) and touches(item, component)), count))


def touches(item: ArchiveItem, component: str) -> bool:
    """Whether it is, or by its note ever was, about a component."""
    return component in item.affects or (not isinstance(item, AlertItem) and component in item.note.affects)


def _past_alerts(edition: Edition) -> list[AlertItem]:
    alerts = (alert for alert in edition.board.alerts if alert.ended)
    return sorted(alerts, key=by_beginning, reverse=True)
