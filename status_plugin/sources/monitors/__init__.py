"""The door through which monitoring enters: built-in sources and strangers' alike.

A source is opened by an entry point of the group `status_plugin.monitors`. Its name is the kind: the
part of STATUS_MONITOR before the first `:` or `+`, and the key in the monitor map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol, cast

from status_plugin.core.monitoring.summary import Reading
from status_plugin.core.notes.findings import suggestion
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitor_map import MonitorMap, public_part

GROUP = "status_plugin.monitors"

# A plain checkout has no metadata that would name these; a test holds them equal to setup.cfg.
BUILT_IN = {
    "alertmanager": "status_plugin.sources.monitors.alertmanager:open_source",
    "icinga2": "status_plugin.sources.monitors.icinga2:open_source",
    "json": "status_plugin.sources.monitors.plain_json:open_source",
    "livestatus": "status_plugin.sources.monitors.livestatus:open_source",
    "nagios": "status_plugin.sources.monitors.nagios:open_source",
    "probe": "status_plugin.sources.monitors.probe:open_source",
    "prometheus": "status_plugin.sources.monitors.prometheus:open_source",
    "zabbix": "status_plugin.sources.monitors.zabbix:open_source",
}

EXAMPLES = "'nagios:/var/lib/nagios4/status.dat' or 'probe:'"


class SourceError(Exception):
    """A reading that failed.

    The message is a clause without a full stop and free of anything private; the detail is for DEBUG
    alone.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class MonitorSettingError(ValueError):
    """A value of STATUS_MONITOR that opens no source; it may hold a password and is not repeated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceTerms:
    """How long a source may wait for one answer, how long its word counts, and whom it trusts.

    `ca_file` is a file of PEM certificates that HTTPS sources trust beside this machine's own.
    """

    timeout: timedelta = timedelta(seconds=5)
    max_age: timedelta = timedelta(seconds=300)
    ca_file: Path | None = None

    @property
    def total(self) -> timedelta:
        """The longest that one reading may take: every question may be asked twice."""
        return 2 * self.timeout + timedelta(seconds=1)


class Source(Protocol):
    """Somewhere that monitoring's word comes from."""

    def read(self, now: datetime) -> Reading:
        """What it says now, within its terms of time; raises SourceError and nothing else."""


Opener = Callable[[str, Mapping[str, Entry], SourceTerms], Source]
"""Takes the source's full name, such as `nagios:/path`, its entries of the monitor map by component
slug, and the terms. Raises MonitorSettingError or MonitorMapError for what it cannot use."""


def open_sources(
    names: str | Iterable[str], monitor_map: MonitorMap, terms: SourceTerms
) -> dict[str, Source]:
    """The sources that STATUS_MONITOR names, by kind; none is read yet."""
    doors = _doors()
    sources: dict[str, Source] = {}
    for name in [names] if isinstance(names, str) else names:
        kind = kind_of(name)
        if kind not in doors:
            raise MonitorSettingError(
                f"There is no monitor of this kind. {suggestion(kind, doors)} Write it like {EXAMPLES}."
            )
        if kind in sources:
            raise MonitorSettingError(f"'{kind}:' is there twice; one source of each kind can be open.")
        entries = monitor_map.entries(kind)
        opener = cast(Opener, doors[kind].load())
        sources[kind] = _Trusted(opener(name, entries, terms), entries, terms.max_age)
    return sources


def kind_of(name: str) -> str:
    """The kind of source that a value of STATUS_MONITOR asks for; a missing colon is an error."""
    scheme, colon, _ = name.partition(":")
    if not colon:
        raise MonitorSettingError(f"A monitor is a kind, a colon and an address, like {EXAMPLES}.")
    return scheme.partition("+")[0].strip().casefold()


def _doors() -> dict[str, EntryPoint]:
    doors = {kind: EntryPoint(kind, value, GROUP) for kind, value in BUILT_IN.items()}
    for door in entry_points(group=GROUP):
        if door.value != doors.setdefault(door.name, door).value:
            raise MonitorSettingError(f"Two installed packages bring a monitor called '{door.name}'.")
    return doors


@dataclass(frozen=True, slots=True, repr=False)
class _Trusted:
    """A source that keeps the door's promises whoever wrote it.

    It fails with SourceError alone, speaks only of what the map names, and is fresh for as long as
    is allowed, counted from now at the latest.
    """

    source: Source
    entries: Mapping[str, Entry]
    max_age: timedelta

    def read(self, now: datetime) -> Reading:
        try:
            return self._bounded(self.source.read(now), now)
        except SourceError:
            raise
        except Exception as error:
            detail = repr(error)
        # Whatever else is raised may quote the raw data, and must not be this error's context.
        raise SourceError("This monitor failed in an unexpected way", detail)

    def _bounded(self, reading: Reading, now: datetime) -> Reading:
        named = public_part(reading, {slug: entry.labels for slug, entry in self.entries.items()})
        return bounded(named, now, self.max_age)


def bounded(reading: Reading, now: datetime, max_age: timedelta) -> Reading:
    """The reading, written now at the latest and fresh for no longer than that allows."""
    written_at = min(reading.written_at, now)
    return replace(reading, written_at=written_at, fresh_until=min(reading.fresh_until, written_at + max_age))
