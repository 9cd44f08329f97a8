"""What Nagios and its kin say of a host or a service: what it means on the public scale, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from status_plugin.core.monitoring.summary import Observation
from status_plugin.core.words import State

UNREACHABLE = 2
"""A host that fails behind something that is down."""

HOST_STATES: Mapping[int | None, State] = {
    0: State.OPERATIONAL,
    1: State.MAJOR_OUTAGE,
    UNREACHABLE: State.MAJOR_OUTAGE,
}
SERVICE_STATES: Mapping[int | None, State] = {
    0: State.OPERATIONAL,
    1: State.DEGRADED_PERFORMANCE,
    2: State.MAJOR_OUTAGE,
    3: State.UNKNOWN,
}

PATIENCE = timedelta(seconds=300)
"""How late a check may always be before its last result says nothing about now."""

# The next check is pushed on while checks are left out (a dependency, a period). What lies between
# the last and the next one is taken for the interval only so far, or as far as the configured
# interval goes.
BELIEVED_INTERVAL = timedelta(minutes=30)


class Plan(Enum):
    """Who sees to it that there are new results."""

    SCHEDULED = auto()  # There is a check at intervals.
    ON_DEMAND = auto()  # A host is checked when one of its services changes.
    PASSIVE = auto()  # Somebody hands results in.
    UNCHECKED = auto()  # There is no check for this host, which is supposed to be up.
    OFF = auto()  # Checks are switched off.


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One host or service as its monitor has it, with every time by our own clock.

    `state` is the confirmed (hard) one in Nagios' numbers, None if none ever was, and `since` when
    it was confirmed. `is_reachable` is whether nothing before it is known to be down. `interval` is
    the configured one.
    """

    state: int | None
    since: datetime | None
    is_reachable: bool = True
    is_flapping: bool
    plan: Plan
    last_check: datetime
    next_check: datetime
    interval: timedelta
    downtime_since: datetime | None = None


def host_observation(watched: Watched, fresh_for: timedelta, fresh_until: datetime) -> Observation:
    """A host on the public scale; `fresh_until` is the whole reading's, `fresh_for` a passive result's."""
    seen = _observation(watched, HOST_STATES, fresh_for, fresh_until)
    return _doubted(seen) if watched.state == UNREACHABLE or not watched.is_reachable else seen


def service_observation(
    watched: Watched, host: Observation, fresh_for: timedelta, fresh_until: datetime
) -> Observation:
    """A service on the public scale; a planned downtime of its host is one of its own."""
    seen = _observation(watched, SERVICE_STATES, fresh_for, fresh_until)
    starts = [start for start in (host.downtime_since, seen.downtime_since) if start is not None]
    seen = replace(seen, downtime_since=min(starts, default=None))
    return _doubted(seen) if host.unreachable or not watched.is_reachable else seen


def _doubted(seen: Observation) -> Observation:
    """What is seen of something that cannot be reached: its failure says nothing, its success does."""
    return replace(seen, state=State.UNKNOWN, unreachable=True) if seen.state.is_trouble else seen


def last_word_holds_until(watched: Watched, fresh_for: timedelta) -> datetime:
    """When the last result stops saying anything about now."""
    if watched.plan is not Plan.SCHEDULED:
        return watched.last_check + fresh_for
    longest = max(BELIEVED_INTERVAL, watched.interval)
    interval = min(max(watched.next_check - watched.last_check, timedelta()), longest)
    return watched.last_check + interval + max(PATIENCE, 2 * interval)


def _observation(
    watched: Watched, states: Mapping[int | None, State], fresh_for: timedelta, fresh_until: datetime
) -> Observation:
    if watched.plan is Plan.OFF or (watched.state is None and not watched.is_flapping):
        # That nothing is known is as true as the reading is.
        return Observation(
            state=State.UNKNOWN, fresh_until=fresh_until, downtime_since=watched.downtime_since
        )
    return Observation(
        state=State.DEGRADED_PERFORMANCE if watched.is_flapping else states.get(watched.state, State.UNKNOWN),
        fresh_until=last_word_holds_until(watched, fresh_for),
        since=None if watched.is_flapping else watched.since,
        downtime_since=watched.downtime_since,
    )
