"""`nagios:/path/to/status.dat`: the word of a Nagios whose status file this machine can read."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.nagios_objects import MonitorClock, find_object
from status_plugin.sources.monitors.nagios_scale import (
    Plan,
    Watched,
    host_observation,
    service_observation,
)
from status_plugin.sources.monitors.status_dat import StatusData, read_status_data

log = logging.getLogger(__name__)

EXAMPLE = "nagios:/var/lib/nagios4/status.dat"

MAX_BYTES = 128 * 1024 * 1024
"""The largest status file that is read; 12,000 services are 17 MB."""

NO_FILE = "What stands in the place of Nagios' status file is not a file"

PASSIVE_FRESH_FOR = timedelta(hours=1)
"""How long a result counts that was handed in, unless the map says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What stands behind one component."""

    entry: Entry
    host: bytes = field(repr=False)
    services: Mapping[str, bytes] = field(repr=False)
    fresh_for: timedelta


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> NagiosFile:
    """The status file at an absolute path; it need not be there yet."""
    kind, _, path = name.partition(":")
    if kind.strip().casefold() != "nagios" or not path.startswith("/"):
        raise MonitorSettingError(
            f"'nagios:' takes the absolute path of Nagios' status file, like '{EXAMPLE}'."
        )
    return NagiosFile(path, {slug: _target(entry) for slug, entry in entries.items()}, terms.max_age)


def _target(entry: Entry) -> _Target:
    entry.only("host", "checks", "fresh_for")
    return _Target(
        entry=entry,
        host=entry.text("host", "its host_name in Nagios").encode(),
        services={label: text.encode() for label, text in entry.checks("Web: HTTP").items()},
        fresh_for=entry.duration("fresh_for", PASSIVE_FRESH_FOR),
    )


class NagiosFile:
    """Reads a status.dat; where Nagios is stopped or the file is broken there is no reading."""

    def __init__(self, path: str, targets: Mapping[str, _Target], max_age: timedelta) -> None:
        self._path = path
        self._targets = targets
        self._max_age = max_age
        self._wanted: dict[bytes, set[bytes]] = {}
        for target in targets.values():
            self._wanted.setdefault(target.host, set()).update(target.services.values())
        self._reported: frozenset[str] = frozenset()

    def read(self, now: datetime) -> Reading:
        """What Nagios believes, as of the file's own time of writing."""
        data = read_status_data(_bytes_of(self._path), self._wanted)
        ahead = max(0.0, data.created - now.timestamp())
        if ahead > self._max_age.total_seconds():
            raise SourceError(
                "Nagios' status file was written in the future: its clock and this machine's do not agree"
            )
        self._report_missing(data)
        clock = MonitorClock(created=data.created, ahead=ahead)
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
        """Log each line of the map once that names something Nagios does not have."""
        missing = frozenset(
            place for target in self._targets.values() for place in _missing_places(data, target)
        )
        if missing and not data.shows_its_end:
            raise SourceError(
                "Nagios' status file lacks hosts or checks that the monitor map names: "
                "it is not complete, or the map does not spell them as Nagios does",
                ", ".join(sorted(missing)),
            )
        for place in sorted(missing - self._reported):
            log.warning("%s: Nagios knows nothing of this name, so its state is unknown.", place)
        self._reported = missing


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


def _bytes_of(path: str) -> bytes:
    try:
        # A pipe would otherwise be waited for until somebody writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise SourceError(NO_FILE, path)
            data = file.read(MAX_BYTES + 1)
            after = os.fstat(descriptor)
    except OSError as error:
        raise SourceError(_reason(error), f"{path}: {error}") from None
    if len(data) > MAX_BYTES:
        raise SourceError("Nagios' status file is too large to be one", f"{path}: {after.st_size} bytes")
    if (before.st_size, before.st_mtime_ns) != (len(data), after.st_mtime_ns):
        raise SourceError("Nagios' status file was written to while it was read", path)
    return data


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no Nagios status file: Nagios is stopped or restarting, or it is elsewhere"
    if isinstance(error, IsADirectoryError):
        return NO_FILE
    if isinstance(error, PermissionError):
        return "Nagios' status file may not be read by this user: it must be in the groups of file and folder"
    return "Nagios' status file cannot be read"
