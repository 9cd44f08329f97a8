"""Where things are: the addresses of the page, of notes, components and updates."""

from __future__ import annotations

from flask import url_for

from status_plugin.core.board.items import AlertItem, IncidentItem, Item
from status_plugin.web.station import NoteKind


def kind_of(item: Item) -> str:
    """`incident`, `maintenance` or `alert`."""
    if isinstance(item, AlertItem):
        return "alert"
    return "incident" if isinstance(item, IncidentItem) else "maintenance"


def page_address(*, absolute: bool = False) -> str:
    """The page itself."""
    return url_for("status.page", _external=absolute)


def note_address(kind: NoteKind, slug: str, *, absolute: bool = False) -> str:
    """A note's permanent page."""
    return url_for(f"status.{kind}", slug=slug, _external=absolute)


def item_address(item: Item, *, absolute: bool = False) -> str:
    """An entry's own page; what nobody wrote about has only its place on the page."""
    if isinstance(item, AlertItem):
        return url_for("status.page", _anchor=item.slug, _external=absolute)
    kind: NoteKind = "incident" if isinstance(item, IncidentItem) else "maintenance"
    return note_address(kind, item.slug, absolute=absolute)


def component_address(slug: str, *, absolute: bool = False) -> str:
    """A component's own page."""
    return url_for("status.component", slug=slug, _external=absolute)
