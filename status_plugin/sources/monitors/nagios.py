"""`nagios:`: the word of a Nagios, from its status file or from the CGI of its web interface.

`nagios:/path/to/status.dat` or `nagios+https://user:password@host/nagios4/cgi-bin/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.http_address import read_http_address
from status_plugin.sources.monitors.monitor_clock import ClockWatch, MonitorClock
from status_plugin.sources.monitors.nagios_file import StatusFile
from status_plugin.sources.monitors.nagios_objects import find_object
from status_plugin.sources.monitors.nagios_scale import (
    Plan,
    Watched,
    host_observation,
    service_observation,
)
from status_plugin.sources.monitors.status_dat import StatusData, Wanted
from status_plugin.sources.monitors.strange_names import StrangeNames

EXAMPLE = "nagios:/var/lib/nagios4/status.dat"
CGI_EXAMPLE = "nagios+https://status:${NAGIOS_PASSWORD}@monitor.example.net/nagios4/cgi-bin/"

PASSIVE_FRESH_FOR = timedelta(hours=1)
"""How long a result counts that was handed in, unless the map says otherwise."""


class Told(Protocol):
    """Where Nagios' data are read."""

    def read(self, wanted: Wanted) -> StatusData:
        """What it says of the hosts that are wanted; raises SourceError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What stands behind one component."""

    entry: Entry
    host: bytes = field(repr=False)
    services: Mapping[str, bytes] = field(repr=False)
    fresh_for: timedelta


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> Nagios:
    """The status file at an absolute path, which need not be there yet, or the CGI at an address."""
    targets = {slug: _target(entry) for slug, entry in entries.items()}
    kind, _, path = name.partition(":")
    if kind.strip().casefold() == "nagios" and path.startswith("/"):
        return Nagios(StatusFile(path), targets, terms.max_age)
    if "://" not in name:
        raise MonitorSettingError(
            f"'nagios:' takes the absolute path of Nagios' status file, like '{EXAMPLE}', "
            f"or the address of its CGI programs, like '{CGI_EXAMPLE}'."
        )
    from status_plugin.sources.monitors.nagios_cgi import NagiosCgi

    return Nagios(NagiosCgi(read_http_address(name, CGI_EXAMPLE), terms), targets, terms.max_age)


def _target(entry: Entry) -> _Target:
    entry.only("host", "checks", "fresh_for")
    return _Target(
        entry=entry,
        host=entry.text("host", "its host_name in Nagios").encode(),
        services={label: text.encode() for label, text in entry.checks("Web: HTTP").items()},
        fresh_for=entry.duration("fresh_for", PASSIVE_FRESH_FOR),
    )


class Nagios:
    """What Nagios believes; where it is stopped or its data are broken there is no reading."""

    def __init__(self, told: Told, targets: Mapping[str, _Target], max_age: timedelta) -> None:
        self._told = told
        self._targets = targets
        self._max_age = max_age
        self._wanted: dict[bytes, set[bytes]] = {}
        for target in targets.values():
            self._wanted.setdefault(target.host, set()).update(target.services.values())
        self._clock = ClockWatch("Nagios", max_age)
        self._strange = StrangeNames("Nagios")

    def read(self, now: datetime) -> Reading:
        """What Nagios believes, as of its own time of writing."""
        data = self._told.read(self._wanted)
        clock = self._clock.read(now, written=data.created, says=data.says)
        self._report_missing(data)
        written_at = min(clock.at(data.created), now)
        fresh_until = written_at + self._max_age
        return Reading(
            written_at=written_at,
            fresh_until=fresh_until,
            components={
                slug: _seen(data, target, clock, fresh_until) for slug, target in self._targets.items()
            },
        )

    def _report_missing(self, data: StatusData) -> None:
        missing = [place for target in self._targets.values() for place in _missing_places(data, target)]
        if missing and not data.shows_its_end:
            raise SourceError(
                "Nagios' status file lacks hosts or checks that the monitor map names: "
                "it is not complete, or the map does not spell them as Nagios does",
                ", ".join(sorted(missing)),
            )
        self._strange.report(missing)


def _missing_places(data: StatusData, target: _Target) -> list[str]:
    if (target.host, b"") not in data.objects:
        return [target.entry.place()]
    return [
        target.entry.place(label)
        for label, service in target.services.items()
        if (target.host, service) not in data.objects
    ]


def _seen(data: StatusData, target: _Target, clock: MonitorClock, fresh_until: datetime) -> Seen:
    unknown = Observation(state=State.UNKNOWN, fresh_until=fresh_until)
    watched = find_object(data, (target.host, b""), clock)
    host = host_observation(watched, target.fresh_for, fresh_until) if watched else unknown
    checks = {}
    for label, name in target.services.items():
        service = find_object(data, (target.host, name), clock)
        checks[label] = (
            service_observation(service, host, target.fresh_for, fresh_until) if service else unknown
        )
    return Seen(host=_own_word(watched, host, checks), checks=checks)


def _own_word(
    watched: Watched | None, host: Observation, checks: Mapping[str, Observation]
) -> Observation | None:
    """A host's word that does not rest on checks of its own rests on those of its services."""
    if watched is None or not checks:
        return host
    if watched.plan is Plan.UNCHECKED:
        return None
    if watched.plan is Plan.ON_DEMAND:
        newest = max(check.fresh_until for check in checks.values())
        return replace(host, fresh_until=max(host.fresh_until, newest))
    return host
