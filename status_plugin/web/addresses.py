"""Where things are: the addresses of the page, of notes, components and updates."""

from __future__ import annotations

from urllib.parse import urljoin

from flask import request, url_for

from status_plugin.core.board.items import AlertItem, IncidentItem, Item
from status_plugin.core.notes.updates import Update
from status_plugin.web.edition import NoteKind


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


def update_anchor(update: Update) -> str:
    """An update's place on the page of its note; unlike its id it outlives a corrected time."""
    return f"update-{update.number}"


def component_address(slug: str, *, absolute: bool = False) -> str:
    """A component's own page."""
    return url_for("status.component", slug=slug, _external=absolute)


def feed_address(component: str | None = None, *, form: str = "atom") -> str:
    """The feed of everything or of one component, as `atom` or `json`."""
    if component is None:
        return url_for(f"status.feed_{form}")
    return url_for(f"status.component_feed_{form}", slug=component)


def calendar_address(component: str | None = None) -> str:
    """The calendar of all windows or of one component's."""
    return url_for("status.component_calendar", slug=component) if component else url_for("status.calendar")


def webcal_address(component: str | None = None) -> str:
    """The same as a program for calendars takes it to subscribe."""
    return f"webcal://{request.host}{calendar_address(component)}"


def window_calendar_address(slug: str) -> str:
    """A window as a file for one's own calendar."""
    return url_for("status.window_calendar", slug=slug)


def badge_address(component: str | None = None) -> str:
    """The badge of everything or of one component."""
    return url_for("status.component_badge", slug=component) if component else url_for("status.badge")


def site_address() -> str:
    """The site as it was called, without a slash at the end: "https://www.example.com"."""
    return request.host_url.removesuffix("/")


def complete_address(address: str) -> str:
    """An address of the site as it is followed from elsewhere; an empty one stays empty."""
    return urljoin(request.host_url, address) if address else ""
