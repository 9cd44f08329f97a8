"""The archives: all that was ever on the page, newest first and in pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from status_plugin.core.board.items import AlertItem
from status_plugin.core.board.order import by_beginning
from status_plugin.web.edition import Edition, NoteItem, NoteKind
from status_plugin.web.faces import is_over

ArchiveItem = NoteItem | AlertItem


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivePage:
    """One page of an archive, newest first; an empty archive has one empty page."""

    items: tuple[ArchiveItem, ...]
    page: int
    pages: int


def archive_page(edition: Edition, kind: NoteKind, page: int, per_page: int) -> ArchivePage:
    """A page of all notes of a kind; past alerts that nobody wrote about stand among the incidents."""
    return page_of(archive_items(edition, kind), page, per_page)


def page_of(items: Sequence[ArchiveItem], page: int, per_page: int) -> ArchivePage:
    """A page of some items, counted from 1."""
    pages = max(1, -(-len(items) // per_page))
    first = (page - 1) * per_page
    return ArchivePage(items=tuple(items[first : first + per_page]), page=page, pages=pages)


def archive_items(edition: Edition, kind: NoteKind) -> list[ArchiveItem]:
    """All of an archive, newest first, as the notes of an edition are."""
    notes: list[ArchiveItem] = list(edition.notes[kind].values())
    alerts = [alert for alert in edition.board.alerts if alert.ended] if kind == "incident" else []
    return _newest_first([*notes, *alerts]) if alerts else notes


def past_of(edition: Edition, component: str, count: int) -> list[ArchiveItem]:
    """The latest of all that is over and touched a component, notes of both kinds and alerts."""
    items = [*archive_items(edition, "incident"), *archive_items(edition, "maintenance")]
    return _newest_first(item for item in items if is_over(item) and touches(item, component))[:count]


def touches(item: ArchiveItem, component: str) -> bool:
    """Whether it is, or by its note ever was, about a component."""
    return component in item.affects or (not isinstance(item, AlertItem) and component in item.note.affects)


def _newest_first(items: Iterable[ArchiveItem]) -> list[ArchiveItem]:
    return sorted(items, key=by_beginning, reverse=True)
