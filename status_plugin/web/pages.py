"""The pages: what people read, the board for programs, and the files for browsers."""

from __future__ import annotations

import re
from hashlib import sha256

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.web.addresses import item_address, note_address
from status_plugin.web.archive import archive_page, past_of
from status_plugin.web.assets import ASSETS
from status_plugin.web.blueprint import blueprint, compact, finished, link_previews, render
from status_plugin.web.board_json import BoardWriter
from status_plugin.web.prose import Prose
from status_plugin.web.state import current_state
from status_plugin.web.station import NoteKind

ARCHIVE_PAGE_SIZE = 20
COMPONENT_PAST_COUNT = 10
ONE_YEAR = 365 * 24 * 60 * 60

_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@blueprint.get("/")
@finished
def page() -> str:
    """The page."""
    board = current_state().station.board()
    return render("status/page.html", board, preview=link_previews(board).page())


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
    response = Response(compact(value) + "\n", mimetype="application/json")
    # The moment of writing alone is no news.
    response.set_etag(sha256(compact(value | {"generated_at": None}).encode()).hexdigest()[:20])
    return response


@blueprint.get("/incidents/")
@finished
def incidents() -> str:
    """All incidents, and all past alerts that nobody wrote about, newest first."""
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
    edition = current_state().station.edition()
    board = edition.board
    row = next((row for row in board.rows if row.component.slug == slug), None)
    if row is None:
        abort(404)
    return render(
        "status/component.html",
        board,
        preview=link_previews(board).component(row),
        row=row,
        current=[item for item in board.current if slug in item.affects],
        scheduled=[item for item in board.scheduled if slug in item.affects],
        past=past_of(edition, slug, COMPONENT_PAST_COUNT),
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
    edition = current_state().station.edition()
    archive = archive_page(edition, kind, int(number), ARCHIVE_PAGE_SIZE)
    if int(number) > archive.pages:
        abort(404)
    board = edition.board
    title = "Incidents" if kind == "incident" else "Maintenance Windows"
    preview = link_previews(board).other(title, f"All {title.lower()}, newest first.")
    return render("status/archive.html", board, preview=preview, kind=kind, archive=archive)


def _note(kind: NoteKind, slug: str) -> ResponseReturnValue:
    station = current_state().station
    item = station.item(kind, slug)
    if item is None:
        present = station.alias(kind, slug)
        if present is None:
            abort(404)
        return redirect(note_address(kind, present), 301)
    board = station.board()
    return render("status/note.html", board, preview=link_previews(board).note(item), kind=kind, item=item)
