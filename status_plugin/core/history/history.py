"""A component's track record: its last days, and the uptime that they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from status_plugin.core.history.claims import Told
from status_plugin.core.history.days import Day, Period, day_bounds, midnight, one_day
from status_plugin.core.history.instants import seen_in
from status_plugin.core.monitoring.logbook import Record
from status_plugin.core.monitoring.looks import HEARTBEAT

DAYS = 90
"""How many days the history has, today included."""

UPTIME_RULE = (
    "Time in which it was partly or wholly offline counts as down in full, slow time as up; outages that "
    "announced maintenance explains, times that are only vaguely known and time without data count on "
    "neither side."
)
"""How time is counted, as visitors read it."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A component's days, oldest first, and since when its time counts in the uptime.

    `counted_since` is in the site's zone, and None for what has never been watched while a journal was kept.
    """

    days: tuple[Day, ...]
    counted_since: datetime | None = None

    def uptime(self, days: int = DAYS) -> float | None:
        """The part of the time that counts in which it was up, of the last days; None if none counts."""
        last = self.days[-days:]
        up = sum((day.up for day in last), timedelta())
        down = sum((day.down for day in last), timedelta())
        return up / (up + down) if up + down else None


def history_of(record: Record, told: Told, zone: tzinfo, now: datetime) -> History:
    """The history of one component from what monitoring and what the notes say of it."""
    return history_between(record, told, zone, first_midnight(zone, now), now, now)


def first_midnight(zone: tzinfo, now: datetime) -> datetime:
    """When the history of now begins, in UTC."""
    return midnight(now.astimezone(zone).date() - timedelta(days=DAYS - 1), zone)


def history_between(
    record: Record, told: Told, zone: tzinfo, begin: datetime, end: datetime, now: datetime
) -> History:
    """The history of any time that has passed; of its first and last day only what lies in it counts."""
    seen = seen_in(record.spans)
    counted = _counted(record)
    awaited_from = _awaited_from(record, now)
    days = []
    first = 0
    for day, dawn, dusk in day_bounds(zone, begin, end):
        while first < len(seen) and seen[first].end <= dawn:
            first += 1
        last = first
        while last < len(seen) and seen[last].begin < dusk:
            last += 1
        days.append(
            one_day(day, seen[first:last], told.between(dawn, dusk), counted, dawn, dusk, awaited_from)
        )
    since = counted.begin.astimezone(zone) if counted.begin < counted.end else None
    return History(days=tuple(days), counted_since=since)


def _counted(record: Record) -> Period:
    """From the first to the last look at the component, as far back as the record goes; else nothing."""
    if not record.spans or record.first_at is None:
        return Period(begin=_NEVER, end=_NEVER)
    return Period(begin=max(record.first_at, record.spans[0].begin), end=record.spans[-1].end)


def _awaited_from(record: Record, now: datetime) -> datetime:
    """From when on the journal's next line will tell what was seen, if it is not overdue."""
    last_at = record.last_at
    return last_at if last_at is not None and last_at <= now <= last_at + 2 * HEARTBEAT else now
