"""The word of any monitor that watches hosts and their services: Nagios and its kin.

How such a monitor is asked is its own module's; what its answers mean for the components is here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors.monitor_clock import ClockWatch, MonitorClock
from status_plugin.sources.monitors.state_scale import (
    Plan,
    Watched,
    host_observation,
    service_observation,
)
from status_plugin.sources.monitors.strange_names import StrangeNames

PASSIVE_FRESH_FOR = timedelta(hours=1)
"""How long a result counts that was handed in, unless the map says otherwise."""

Key = tuple[str, str]
"""The name of a host and of its service; the service is empty for the host itself."""

Wanted = Mapping[str, Collection[str]]
"""The names of hosts, each with those of its services."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a monitor told.

    `written` is when it wrote that, and `says` what its clock said when it was asked, None if it did
    not say; both in seconds of its own epoch. `find` brings a host or a service by our clock, None if
    the monitor has none of that name.
    """

    written: float
    says: float | None = None
    find: Callable[[Key, MonitorClock], Watched | None] = field(repr=False)


class Teller(Protocol):
    """A way to ask a monitor."""

    def read(self, wanted: Wanted, now: datetime) -> Told:
        """What it tells of the hosts that are wanted; raises SourceError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostTarget:
    """What stands behind one component: a host, and its services by public label."""

    entry: Entry
    host: str = field(repr=False)
    services: Mapping[str, str] = field(repr=False)
    fresh_for: timedelta


def host_targets(entries: Mapping[str, Entry], *, example: str) -> dict[str, HostTarget]:
    """The target of each entry; MonitorMapError, with the example of a host, for one that is none."""
    return {slug: _target(entry, example) for slug, entry in entries.items()}


def _target(entry: Entry, example: str) -> HostTarget:
    entry.only("host", "checks", "fresh_for")
    return HostTarget(
        entry=entry,
        host=entry.text("host", example),
        services=entry.checks("Web: HTTP"),
        fresh_for=entry.duration("fresh_for", PASSIVE_FRESH_FOR),
    )


class HostMonitor:
    """What a monitor believes of hosts and services; where it cannot be asked there is no reading.

    `system` is what people call it.
    """

    def __init__(
        self, system: str, teller: Teller, targets: Mapping[str, HostTarget], max_age: timedelta
    ) -> None:
        self._teller = teller
        self._targets = targets
        self._max_age = max_age
        self._wanted: dict[str, set[str]] = {}
        for target in targets.values():
            self._wanted.setdefault(target.host, set()).update(target.services.values())
        self._clock = ClockWatch(system, max_age)
        self._strange = StrangeNames(system)

    def read(self, now: datetime) -> Reading:
        """What the monitor believes, as of its own time of writing."""
        told = self._teller.read(self._wanted, now)
        clock = self._clock.read(now, written=told.written, says=told.says)
        written_at = min(clock.at(told.written), now)
        reader = _HostReader(told=told, clock=clock, fresh_until=written_at + self._max_age)
        components = {slug: reader.seen(target) for slug, target in self._targets.items()}
        self._strange.report(reader.strange)
        return Reading(written_at=written_at, fresh_until=reader.fresh_until, components=components)


class _HostReader:
    """Reads what was told of each target; `strange` are the places of names that are not there."""

    def __init__(self, *, told: Told, clock: MonitorClock, fresh_until: datetime) -> None:
        self.fresh_until = fresh_until
        self.strange: list[str] = []
        self._told = told
        self._clock = clock
        self._unknown = Observation(state=State.UNKNOWN, fresh_until=fresh_until)

    def seen(self, target: HostTarget) -> Seen:
        """A host and its services."""
        watched = self._told.find((target.host, ""), self._clock)
        if watched is None:
            self.strange.append(target.entry.place())
            return Seen(host=self._unknown, checks=dict.fromkeys(target.services, self._unknown))
        host = host_observation(watched, target.fresh_for, self.fresh_until)
        checks = {label: self._check(target, label, host) for label in target.services}
        return Seen(host=_own_word(watched, host, checks), checks=checks)

    def _check(self, target: HostTarget, label: str, host: Observation) -> Observation:
        watched = self._told.find((target.host, target.services[label]), self._clock)
        if watched is None:
            self.strange.append(target.entry.place(label))
            return self._unknown
        return service_observation(watched, host, target.fresh_for, self.fresh_until)


def _own_word(watched: Watched, host: Observation, checks: Mapping[str, Observation]) -> Observation | None:
    """A host's word that does not rest on checks of its own rests on those of its services."""
    if not checks:
        return host
    if watched.plan is Plan.UNCHECKED:
        return None
    if watched.plan is Plan.ON_DEMAND:
        newest = max(check.fresh_until for check in checks.values())
        return replace(host, fresh_until=max(host.fresh_until, newest))
    return host
