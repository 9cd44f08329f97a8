"""Where an entry stands among others: by its beginning or by its end, as far as anybody wrote them."""

from __future__ import annotations

from datetime import UTC, datetime

from status_plugin.core.board.items import AlertItem, IncidentItem, Item, WindowItem

_FIRST = datetime.min.replace(tzinfo=UTC)


def began(item: Item) -> datetime:
    """When an entry began, by the best time there is; long ago when there is none."""
    if isinstance(item, AlertItem):
        return item.started
    if isinstance(item, IncidentItem):
        moment = item.started or item.ended
    elif isinstance(item, WindowItem):
        moment = item.note.starts or item.began
    else:
        raise TypeError(f"no such item on a board: {item!r}")
    return moment.at if moment else _FIRST


def ended(item: Item) -> datetime:
    """When an entry ended, by the best time there is; long ago when there is none."""
    if isinstance(item, AlertItem):
        return item.ended or item.started
    if isinstance(item, IncidentItem):
        moment = item.ended or item.started
    elif isinstance(item, WindowItem):
        moment = item.ended or item.note.ends or item.note.starts
    else:
        raise TypeError(f"no such item on a board: {item!r}")
    return moment.at if moment else _FIRST


def by_end(item: Item) -> tuple[datetime, str, str]:
    """The key of what is past, which runs newest first; no two entries share it."""
    return ended(item), item.slug, type(item).__name__
