"""The pages: what people read, the board for programs, and the files for browsers."""

from __future__ import annotations

from hashlib import sha256

from flask import Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from status_plugin.web.addresses import item_address, note_address
from status_plugin.web.archive import past_of
from status_plugin.web.assets import ASSETS
from status_plugin.web.blueprint import (
    blueprint,
    compact,
    finished,
    finished_page,
    link_previews,
    render,
)
from status_plugin.web.board_json import BoardWriter
from status_plugin.web.edition import NoteKind
from status_plugin.web.prose import Prose
from status_plugin.web.state import current_edition, current_language, current_state

COMPONENT_PAST_COUNT = 10
FOR_GOOD = f"public, max-age={365 * 24 * 60 * 60}, immutable"


@blueprint.get("/")
@finished_page
def page() -> str:
    """The page."""
    histories = current_state().histories.of_all(current_edition())
    return render("status/page.html", preview=link_previews().page(), histories=histories)


@blueprint.get("/board.json")
@finished
def board_json() -> Response:
    """The board in our own words."""
    edition = current_edition()
    prose = Prose(edition=edition)
    writer = BoardWriter(
        zone=current_state().settings.timezone,
        address=lambda item: item_address(item, absolute=True),
        html=prose.html,
        plain=prose.plain,
        spoken=current_language().spoken,
    )
    value = writer.board(edition.board)
    response = Response(compact(value) + "\n", mimetype="application/json")
    # The moment of writing alone is no news.
    response.set_etag(sha256(compact(value | {"generated_at": None}).encode()).hexdigest()[:20])
    return response


@blueprint.get("/incidents/<slug>/")
@finished_page
def incident(slug: str) -> ResponseReturnValue:
    """One incident, for good."""
    return _note("incident", slug)


@blueprint.get("/maintenance/<slug>/")
@finished_page
def maintenance(slug: str) -> ResponseReturnValue:
    """One maintenance window, for good."""
    return _note("maintenance", slug)


@blueprint.get("/components/<slug>/")
@finished_page
def component(slug: str) -> str:
    """One component: its state, its checks, what was written about it, and its track record."""
    edition = current_edition()
    board = edition.board
    row = next((row for row in board.rows if row.component.slug == slug), None)
    if row is None:
        abort(404)
    return render(
        "status/component.html",
        preview=link_previews().component(row),
        row=row,
        current=[item for item in board.current if slug in item.affects],
        scheduled=[item for item in board.scheduled if slug in item.affects],
        past=past_of(edition, slug, COMPONENT_PAST_COUNT),
        history=current_state().histories.of(edition, slug),
    )


@blueprint.get("/static/<name>")
def asset(name: str) -> Response:
    """The style sheet and the script; kept for good under an address that names their content."""
    if name not in ASSETS:
        abort(404)
    found = ASSETS[name]
    is_for_good = request.args.get("v") == found.version
    control = FOR_GOOD if is_for_good else "public, no-cache"
    response = found.answer.response(request.environ, control, current_app.response_class)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/<path:address>")
def nowhere(address: str) -> Response:
    """Every other address under the prefix: not found, and said in the plugin's own words."""
    abort(404)


def _note(kind: NoteKind, slug: str) -> ResponseReturnValue:
    edition = current_edition()
    item = edition.item(kind, slug)
    if item is None:
        present = edition.alias(kind, slug)
        if present is None:
            abort(410 if edition.is_gone(kind, slug) else 404)
        return redirect(note_address(kind, present), 301)
    return render("status/note.html", preview=link_previews().note(item), kind=kind, item=item)
