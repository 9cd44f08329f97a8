"""`heartbeats:/path/to/folder`: jobs that touch a file of their own whenever they have done their work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms


@dataclass(frozen=True, kw_only=True)
class Target:
    """What stands behind one component: the file of each check, and when a job is late."""

    files: Mapping[str, str] = field(repr=False)
    late: timedelta


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> Heartbeats:
    """The folder that STATUS_MONITOR names, with what the monitor map says of each component."""
    folder = name.partition(":")[2]
    if not folder.startswith("/"):
        raise MonitorSettingError("Write the absolute path of a folder, like 'heartbeats:/run/heartbeats'.")
    return Heartbeats(Path(folder), {slug: target(entry) for slug, entry in entries.items()}, terms)


def target(entry: Entry) -> Target:
    """What the map says of one component; a mistake in it raises MonitorMapError."""
    entry.only("checks", "late")
    files = entry.checks("Backups: nightly-backup")
    if not files:
        raise entry.error("'checks' is missing.", "Write 'checks: {Backups: nightly-backup}'.")
    return Target(files=files, late=entry.duration("late", timedelta(hours=1)))


class Heartbeats:
    """Looks when each file was touched last."""

    def __init__(self, folder: Path, targets: Mapping[str, Target], terms: SourceTerms) -> None:
        self.folder = folder
        self.targets = targets
        self.max_age = terms.max_age

    def read(self, now: datetime) -> Reading:
        """What the files say now; SourceError when nobody can look."""
        if not self.folder.is_dir():
            raise SourceError("The folder of heartbeats is not there", str(self.folder))
        fresh_until = now + self.max_age
        return Reading(
            written_at=now,
            fresh_until=fresh_until,
            components={
                slug: Seen(
                    checks={
                        label: self.observation(file, target.late, now, fresh_until)
                        for label, file in target.files.items()
                    }
                )
                for slug, target in self.targets.items()
            },
        )

    def observation(self, file: str, late: timedelta, now: datetime, fresh_until: datetime) -> Observation:
        """One job: late is down, and a job that has never been heard of is unknown."""
        try:
            beat = datetime.fromtimestamp((self.folder / file).stat().st_mtime, UTC)
        except OSError:
            return Observation(state=State.UNKNOWN, fresh_until=fresh_until)
        due = beat + late
        if beat > now + timedelta(minutes=1):
            return Observation(state=State.UNKNOWN, fresh_until=fresh_until)
        if now > due:
            return Observation(state=State.MAJOR_OUTAGE, fresh_until=fresh_until, since=due)
        return Observation(state=State.OPERATIONAL, fresh_until=min(fresh_until, due))
