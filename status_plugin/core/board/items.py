"""The entries of the three lists: incidents, maintenance windows and automatic alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownUpdate:
    """An update that is public now; `ahead` marks a time that lies ahead of the clock."""

    update: Update
    ahead: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NextUpdate:
    """The promised next word."""

    at: Moment
    overdue: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """What every entry of the three lists has.

    `updates` run newest first. `remarks` are sentences for visitors that follow from the clock and
    from monitoring ("Start not confirmed.", "Our monitoring sees ..."), most important first.
    """

    slug: str
    title: str
    affects: Mapping[str, State]
    updates: tuple[ShownUpdate, ...] = ()
    next_update: NextUpdate | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentItem(Item):
    """An incident; `started` and `ended` are None when nobody wrote them.

    `claimed_since` tells for each affected component since when its present claim holds, and
    nothing once the incident has ended.
    """

    note: Incident
    phase: IncidentPhase
    impact: State
    started: Moment | None = None
    ended: Moment | None = None
    claimed_since: Mapping[str, datetime | None] = field(default_factory=dict)


class Life(StrEnum):
    """Where a maintenance window stands by its note, the clock and monitoring together."""

    SCHEDULED = "scheduled"
    DUE = "due"
    IN_PROGRESS = "in_progress"
    OVERRUNNING = "overrunning"
    END_NOT_CONFIRMED = "end_not_confirmed"
    ENDED_NOT_CONFIRMED = "ended_not_confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowItem(Item):
    """A maintenance window; `began` and `ended` are what staff confirmed."""

    note: Maintenance
    phase: MaintenancePhase
    life: Life
    began: Moment | None = None
    ended: Moment | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertItem(Item):
    """Something that monitoring saw and nobody wrote about.

    The page tells of it at once. `announced_from` is when feeds and announcements may: a while after
    it began, None for what was over by then.
    """

    impact: State
    started: datetime
    announced_from: datetime | None
    ended: datetime | None = None
