"""What monitoring said: public slugs, public check labels, states and times, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from status_plugin.core.times.utc import keep_in_utc
from status_plugin.core.words import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One host or check as a source saw it.

    `state` is what is really seen, confirmed (hard) states only. `since` is when that state began,
    None if the source does not say. After `fresh_until` it says nothing about now.
    `downtime_since` is set while a planned downtime is in effect in the monitor. `unreachable`
    marks an unknown state that is due to something between the monitor and the host.
    """

    state: State
    fresh_until: datetime
    since: datetime | None = None
    downtime_since: datetime | None = None
    unreachable: bool = False

    def __post_init__(self) -> None:
        keep_in_utc(self, "fresh_until", "since", "downtime_since")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One component as a source saw it: its host, and its checks by public label."""

    host: Observation | None = None
    checks: Mapping[str, Observation] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One successful reading of one source.

    `written_at` is the source's own time of writing, never later than the time of reading;
    after `fresh_until` the whole reading says nothing about now.
    """

    written_at: datetime
    fresh_until: datetime
    components: Mapping[str, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keep_in_utc(self, "written_at", "fresh_until")


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The last good reading of every source, and what each source is asked to watch now.

    `coverage` maps source name -> component slug -> public check labels, from the present monitor
    map; a reading counts only inside it. Without any source nothing is monitored at all. A source
    without a reading has never been read.
    """

    coverage: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
