"""Badges for pages elsewhere: `/badge.svg`, and the same as data for shields.io; for all and for one."""

from __future__ import annotations

from typing import Any

from flask import Response, abort

from status_plugin.core.board.board import Board
from status_plugin.core.words import State
from status_plugin.web.badge_drawing import Badge, badge_svg
from status_plugin.web.blueprint import blueprint, compact, current_times, finished
from status_plugin.web.faces import QUIET, overall_face, row_face, spoken_face
from status_plugin.web.sentences import overall_text, row_text
from status_plugin.web.state import current_edition
from status_plugin.web.times import Times

SHIELDS_CACHE_SECONDS = 300
"""The shortest time that shields.io takes."""

_SHIELDS_COLOURS = {
    State.OPERATIONAL.value: "brightgreen",
    State.UNDER_MAINTENANCE.value: "blue",
    State.UNKNOWN.value: "lightgrey",
    State.DEGRADED_PERFORMANCE.value: "yellow",
    State.PARTIAL_OUTAGE.value: "orange",
    State.MAJOR_OUTAGE.value: "red",
    QUIET: "lightgrey",
}
_NOT_KNOWN = (State.UNKNOWN.value, QUIET)


@blueprint.get("/badge.svg")
@finished
def badge() -> Response:
    """How everything is."""
    return _drawing(_overall())


@blueprint.get("/components/<slug>/badge.svg")
@finished
def component_badge(slug: str) -> Response:
    """How one component is."""
    return _drawing(_component(slug))


@blueprint.get("/badge.json")
@finished
def badge_data() -> Response:
    """How everything is, for shields.io."""
    return _data(_overall())


@blueprint.get("/components/<slug>/badge.json")
@finished
def component_badge_data(slug: str) -> Response:
    """How one component is, for shields.io."""
    return _data(_component(slug))


def shields(badge: Badge) -> dict[str, Any]:
    """The badge by the schema of shields.io's endpoint; of what is not known nobody can choose the colour."""
    return {
        "schemaVersion": 1,
        "label": badge.name,
        "message": badge.face.word,
        "color": _SHIELDS_COLOURS[badge.face.tone],
        "isError": badge.face.tone in _NOT_KNOWN,
        "cacheSeconds": SHIELDS_CACHE_SECONDS,
    }


def _overall() -> Badge:
    board, times = _board()
    name, face = times.language.say("Network Status"), spoken_face(overall_face(board), times.language)
    return Badge(name=name, face=face, description=f"{name}: {overall_text(board, times)}")


def _component(slug: str) -> Badge:
    board, times = _board()
    row = next((row for row in board.rows if row.component.slug == slug), None)
    if row is None:
        abort(404)
    name = row.component.name
    face = spoken_face(row_face(row), times.language)
    return Badge(name=name, face=face, description=f"{name}: {row_text(row, board, times)}")


def _board() -> tuple[Board, Times]:
    return current_edition().board, current_times()


def _drawing(badge: Badge) -> Response:
    return Response(badge_svg(badge), mimetype="image/svg+xml")


def _data(badge: Badge) -> Response:
    return Response(compact(shields(badge)) + "\n", mimetype="application/json")
