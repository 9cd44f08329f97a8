"""The calendars of maintenance windows: of all, of one component, and a single window to add by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from status_plugin.core.board.cards import touched
from status_plugin.core.board.items import WindowItem
from status_plugin.web.addresses import complete_address, site_address
from status_plugin.web.blueprint import blueprint, current_times, finished
from status_plugin.web.edition import Edition
from status_plugin.web.faces import is_over
from status_plugin.web.facts import Facts
from status_plugin.web.prose import Prose
from status_plugin.web.state import current_edition, current_language, current_state

if TYPE_CHECKING:
    from status_plugin.web.calendar_writer import CalendarWriter

MEDIA_TYPE = "text/calendar"

PAST_WINDOWS = 30
"""How many windows that are over stay in a calendar."""


@blueprint.get("/maintenance.ics")
@finished
def calendar() -> Response:
    """All windows."""
    edition = current_edition()
    name = current_language().say("Maintenance at {host}", host=request.host)
    return _answer(_writer(edition).subscription(name, request.base_url, _windows(edition, None)))


@blueprint.get("/components/<slug>/maintenance.ics")
@finished
def component_calendar(slug: str) -> Response:
    """The windows of one component."""
    edition = current_edition()
    component = next((row.component for row in edition.board.rows if row.component.slug == slug), None)
    if component is None:
        abort(404)
    name = current_language().say("Maintenance of {name} at {host}", name=component.name, host=request.host)
    return _answer(_writer(edition).subscription(name, request.base_url, _windows(edition, slug)))


@blueprint.get("/maintenance/<slug>/window.ics")
@finished
def window_calendar(slug: str) -> ResponseReturnValue:
    """One window, to be added to a calendar."""
    edition = current_edition()
    item = edition.item("maintenance", slug)
    if not isinstance(item, WindowItem):
        present = edition.alias("maintenance", slug)
        if present is None:
            abort(410 if edition.is_gone("maintenance", slug) else 404)
        return redirect(url_for("status.window_calendar", slug=present), 301)
    if item.note.starts is None:
        abort(404)
    return _answer(_writer(edition).single(item))


def _windows(edition: Edition, component: str | None) -> list[WindowItem]:
    """The windows that are not over, however many, and the last of those that are; soonest first."""
    board = edition.board
    ahead = [item for item in (*board.current, *board.scheduled) if isinstance(item, WindowItem)]
    found = [item for item in ahead if component is None or component in touched(item.note)]
    past: list[WindowItem] = []
    for card in current_state().chronicles.of(edition.content).windows.get(component, ()):
        item = edition.notes["maintenance"].get(card.slug)
        if isinstance(item, WindowItem) and is_over(item):
            past.append(item)
        if len(past) == PAST_WINDOWS:
            break
    return sorted((*found, *past), key=_start)


def _start(item: WindowItem) -> tuple[float, str]:
    starts = item.note.starts
    return (starts.at.timestamp() if starts else float("inf")), item.slug


def _writer(edition: Edition) -> CalendarWriter:
    # Its library is a tenth of what a worker imports, and many a worker never makes a calendar.
    from status_plugin.web.calendar_writer import CalendarWriter

    return CalendarWriter(
        prose=Prose(edition=edition, site=site_address()),
        facts=Facts(times=current_times(), rows=edition.board.rows),
        copy=complete_address(current_state().settings.copy_url),
    )


def _answer(calendar: bytes) -> Response:
    return Response(calendar, content_type=f"{MEDIA_TYPE}; charset=utf-8")
