"""The pages: one view for each address under the mount prefix."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, Item
from status_plugin.web import error_pages, site_helpers
from status_plugin.web.addresses import item_address, note_address
from status_plugin.web.assets import ASSETS
from status_plugin.web.board_json import BoardWriter
from status_plugin.web.page_context import began, page_context
from status_plugin.web.prose import Prose
from status_plugin.web.state import current_state
from status_plugin.web.station import NoteKind

ARCHIVE_PAGE_SIZE = 20
COMPONENT_PAST_COUNT = 10
ONE_YEAR = 365 * 24 * 60 * 60

_KINDS: tuple[NoteKind, ...] = ("incident", "maintenance")
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_P = ParamSpec("_P")

blueprint = Blueprint("status", "status_plugin", template_folder="templates")


def finished(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, BaseResponse]:
    """Answers with the finished bytes of the present edition; `view` makes them once."""

    @wraps(view)
    def answer(*args: _P.args, **kwargs: _P.kwargs) -> BaseResponse:
        state = current_state()
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        edition = state.station.edition()
        return state.pages.respond(
            app, edition, state.station.now(), lambda: make_response(view(*args, **kwargs))
        )

    return answer


@blueprint.get("/")
@finished
def page() -> str:
    """The page."""
    return _render("status/page.html", current_state().station.board())


@blueprint.get("/board.json")
@finished
def board_json() -> Response:
    """The board in our own words."""
    state = current_state()
    prose = Prose(station=state.station)
    writer = BoardWriter(
        zone=state.settings.zone,
        address=lambda item: item_address(item, absolute=True),
        html=prose.html,
        plain=prose.plain,
    )
    value = writer.board(state.station.board())
    response = Response(_compact(value) + "\n", mimetype="application/json")
    # The moment of writing alone is no news.
    response.set_etag(sha256(_compact(value | {"generated_at": None}).encode()).hexdigest()[:20])
    return response


@blueprint.get("/incidents/")
@finished
def incidents() -> str:
    """All incidents, newest first."""
    return _archive("incident")


@blueprint.get("/maintenance/")
@finished
def maintenance_windows() -> str:
    """All maintenance windows, newest first."""
    return _archive("maintenance")


@blueprint.get("/incidents/<slug>/")
@finished
def incident(slug: str) -> ResponseReturnValue:
    """One incident, for good."""
    return _note("incident", slug)


@blueprint.get("/maintenance/<slug>/")
@finished
def maintenance(slug: str) -> ResponseReturnValue:
    """One maintenance window, for good."""
    return _note("maintenance", slug)


@blueprint.get("/components/<slug>/")
@finished
def component(slug: str) -> str:
    """One component: its state, its checks, and what was written about it."""
    board = current_state().station.board()
    row = next((row for row in board.rows if row.component.slug == slug), None)
    if row is None:
        abort(404)
    return _render(
        "status/component.html",
        board,
        row=row,
        current=[item for item in board.current if slug in item.affects],
        scheduled=[item for item in board.scheduled if slug in item.affects],
        past=_past_of(slug, board),
    )


@blueprint.get("/static/<name>")
def asset(name: str) -> BaseResponse:
    """The style sheet and the script; kept for good under an address that names their content."""
    if name not in ASSETS:
        abort(404)
    found = ASSETS[name]
    response = Response(found.content, content_type=found.media_type)
    response.set_etag(found.version)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.public = True
    if request.args.get("v") == found.version:
        response.cache_control.max_age = ONE_YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return response.make_conditional(request)


@blueprint.get("/<path:address>")
def nowhere(address: str) -> Response:
    """Every other address under the prefix: not found, and said in the plugin's own words."""
    abort(404)


def _archive(kind: NoteKind) -> str:
    number = request.args.get("page", "1")
    if not _PAGE_NUMBER.fullmatch(number):
        abort(404)
    station = current_state().station
    archive = station.archive(kind, int(number), ARCHIVE_PAGE_SIZE)
    if int(number) > archive.pages:
        abort(404)
    return _render("status/archive.html", station.board(), kind=kind, archive=archive)


def _note(kind: NoteKind, slug: str) -> ResponseReturnValue:
    station = current_state().station
    item = station.item(kind, slug)
    if item is None:
        present = station.alias(kind, slug)
        if present is None:
            abort(404)
        return redirect(note_address(kind, present), 301)
    return _render("status/note.html", station.board(), kind=kind, item=item)


def _past_of(component: str, board: Board) -> list[Item]:
    """The latest that has ended on a component, newest first."""
    ahead = {item.slug for item in (*board.current, *board.scheduled)}
    past: list[Item] = [
        item for item in board.past if isinstance(item, AlertItem) and component in item.affects
    ]
    for kind in _KINDS:
        archive = current_state().station.archive(kind, 1, COMPONENT_PAST_COUNT, component)
        past += [item for item in archive.items if item.slug not in ahead]
    return sorted(past, key=began, reverse=True)[:COMPONENT_PAST_COUNT]


def _render(template: str, board: Board, **values: Any) -> str:
    state = current_state()
    prose = Prose(station=state.station)
    return render_template(template, **page_context(board, state.settings, prose.html), **values)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# A site's own handler for a code goes before ours for all of them, but not before ours for the code.
blueprint.register_error_handler(404, error_pages.http_error)
blueprint.register_error_handler(HTTPException, error_pages.http_error)
blueprint.register_error_handler(Exception, error_pages.fault)
for helper in (
    site_helpers.status_incident,
    site_helpers.status_link,
    site_helpers.status_notice,
    site_helpers.status_styles,
):
    blueprint.add_app_template_global(helper)
