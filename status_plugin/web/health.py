"""`/health`: whether the page can be trusted, for the operators' own monitoring."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Response, current_app, request

from status_plugin.core.board.items import AlertItem
from status_plugin.core.notes.components import Inventory
from status_plugin.core.words import State
from status_plugin.web.blueprint import blueprint, compact
from status_plugin.web.edition import Edition
from status_plugin.web.state import PluginState, current_edition, current_state

FAULT = "The status page has a fault."
NO_COMPONENTS = "The list of components cannot be read."
NO_FACTS = "Monitoring has no current facts about some of what it watches."


@blueprint.get("/health")
def health() -> Response:
    """Whether the page can be trusted now; who knows the token learns why not."""
    try:
        state = current_state()
        edition = current_edition()
        report = _report(edition, state)
        if _knows_the_token(state.settings.health_token):
            report |= _details(edition, state)
    except Exception:
        current_app.logger.exception("The status page's health could not be told.")
        report = _summary([FAULT]) | {"facts_at": None, "age": None, "withheld": None}
    response = Response(compact(report) + "\n", mimetype="application/json")
    response.status_code = 200 if report["status"] == "ok" else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _summary(reasons: list[str]) -> dict[str, Any]:
    if not reasons:
        return {"status": "ok"}
    return {"status": "untrusted", "reason": " ".join(reasons)}


def _report(edition: Edition, state: PluginState) -> dict[str, Any]:
    """What anybody may know: the age of the facts in seconds, and how many notes cannot be shown."""
    facts_at = edition.board.facts_at
    now = state.station.now()
    return _summary(list(_reasons(edition, state, now))) | {
        "facts_at": _time(facts_at, state),
        "age": max(0, int((now - facts_at).total_seconds())) if facts_at else None,
        "withheld": edition.board.withheld,
    }


def _reasons(edition: Edition, state: PluginState, now: datetime) -> Iterator[str]:
    if edition.content.inventory is None:
        yield NO_COMPONENTS
    if not all(_is_fresh(edition, kind, now) for kind in _in_use(edition, state)) or _knows_nothing(edition):
        yield NO_FACTS


def _knows_nothing(edition: Edition) -> bool:
    """Whether all that is watched is unknown, and not only because it cannot be reached."""
    alerts = [item for item in edition.board.current if isinstance(item, AlertItem)]
    unreachable = {
        slug for alert in alerts for slug, state in alert.affects.items() if state is State.UNKNOWN
    }
    watched = [row for row in edition.board.rows if row.seen is not None]
    return bool(watched) and all(
        row.seen is State.UNKNOWN and row.component.slug not in unreachable for row in watched
    )


def _details(edition: Edition, state: PluginState) -> dict[str, Any]:
    """What only the operators may know: each source by its kind, and since when it does not answer."""
    snapshot, now = edition.snapshot, state.station.now()
    return {
        "sources": [
            {
                "kind": kind,
                "fresh": _is_fresh(edition, kind, now),
                "answers": kind in snapshot.answered_at and snapshot.answered_at[kind] == snapshot.asked_at,
                "answered_at": _time(snapshot.answered_at.get(kind), state),
            }
            for kind in _in_use(edition, state)
        ],
        "journal": _journal(state),
        "problems": edition.board.problems,
    }


def _journal(state: PluginState) -> Mapping[str, Any] | None:
    if state.journal is None:
        return None
    failing_since = state.journal.failing_since
    return {"kept": failing_since is None, "failing_since": _time(failing_since, state)}


def _in_use(edition: Edition, state: PluginState) -> list[str]:
    """The kinds of the sources that watch anything; a name's address and credentials are no part of it."""
    coverage = state.monitor_map.coverage(edition.content.inventory or Inventory(), state.sources)
    return [kind for kind in state.sources if coverage.get(kind)]


def _is_fresh(edition: Edition, kind: str, now: datetime) -> bool:
    reading = edition.snapshot.readings.get(kind)
    return reading is not None and now <= reading.fresh_until


def _knows_the_token(token: str) -> bool:
    given = request.authorization
    if not token or given is None or given.type != "bearer" or not given.token:
        return False
    return hmac.compare_digest(given.token.encode(), token.encode())


def _time(at: datetime | None, state: PluginState) -> str | None:
    return at.astimezone(state.settings.timezone).isoformat(timespec="seconds") if at else None
