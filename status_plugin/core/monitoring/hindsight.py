"""Hindsight: what monitoring said at a moment in the past, as far as the journal remembers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from status_plugin.core.monitoring.journal import Line, Told
from status_plugin.core.monitoring.logbook import Logbook
from status_plugin.core.monitoring.looks import HEARTBEAT
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.recollection import recollected
from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Hindsight:
    """What was said of each component at a moment, by slug, and what was remembered then."""

    told: Mapping[str, Told]
    memory: Memory

    @property
    def coverage(self) -> Mapping[str, tuple[str, ...]]:
        """The labels of the checks that were watched, by slug."""
        return {slug: tuple(told.checks) for slug, told in self.told.items()}

    def reading(self, at: datetime, max_age: timedelta) -> Reading:
        """The same as if a source had said it at that moment."""
        until = at + max_age
        heard = [told.known_until for told in self.told.values() if told.known_until]
        is_silent = bool(heard) and len(heard) == len(self.told)
        return Reading(
            written_at=max(heard) if is_silent else at,
            fresh_until=max(heard) if is_silent else until,
            components={slug: _seen(told, until) for slug, told in self.told.items()},
        )


def hindsight(lines: Iterable[Line], at: datetime) -> Hindsight | None:
    """What was known then; None when nobody was looking, or no line tells of it."""
    known: list[Line] = []
    logbook = Logbook()
    for line in lines:
        if line.at > at:
            goes_on = bool(known) and line.after == known[-1].at
            break
        known.append(line)
        logbook.add(line)
    else:
        # The next line is awaited for a while.
        goes_on = bool(known) and at <= known[-1].at + 2 * HEARTBEAT
    return Hindsight(told=dict(logbook.current), memory=recollected(known)) if goes_on else None


def _seen(told: Told, until: datetime) -> Seen:
    """The component with its whole state as that of its server: the checks cannot make it any worse."""
    fresh_until = told.known_until or until
    is_planned = told.state is State.UNDER_MAINTENANCE
    beneath = told.host.state if told.host else State.OPERATIONAL
    host = Observation(
        state=beneath if is_planned else told.state,
        fresh_until=fresh_until,
        since=told.since,
        downtime_since=told.since if is_planned else None,
        unreachable=told.unreachable,
    )
    checks = {
        label: Observation(state=check.state, fresh_until=fresh_until, since=check.since)
        for label, check in told.checks.items()
    }
    return Seen(host=host, checks=checks)
