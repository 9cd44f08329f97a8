"""A component's track record: its last days, and the uptime that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from status_plugin.core.history.claims import Told
from status_plugin.core.history.days import Day, Period, day_bounds, midnight, one_day
from status_plugin.core.history.instants import Seen, seen_in
from status_plugin.core.monitoring.logbook import Record
from status_plugin.core.monitoring.looks import HEARTBEAT
from status_plugin.core.sayings import saying

DAYS = 90
"""How many days the history has, today included."""

UPTIME_RULE = saying(
    "Time in which it was partly or wholly offline counts as down in full, slow time as up; outages that "
    "announced maintenance explains, times that are only vaguely known and time without data count on "
    "neither side."
)
"""How time is counted, as visitors read it."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grounds:
    """All that days are made of, as far as it lies before the last of them ends."""

    seen: Sequence[Seen]
    told: Told
    counted: Period
    awaited_from: datetime

    def before(self, end: datetime) -> Grounds:
        """What of it lies before a moment."""
        return Grounds(
            seen=[
                part if part.end <= end else replace(part, end=end) for part in self.seen if part.begin < end
            ],
            told=self.told.before(end),
            counted=Period(begin=min(self.counted.begin, end), end=min(self.counted.end, end)),
            awaited_from=min(self.awaited_from, end),
        )

    def counted_since(self, zone: tzinfo) -> datetime | None:
        """Since when time counts, None if none does."""
        return self.counted.begin.astimezone(zone) if self.counted.begin < self.counted.end else None

    def days(self, bounds: Iterable[tuple[date, datetime, datetime]]) -> list[Day]:
        """The days with these beginnings and ends, which run forward."""
        days = []
        first = 0
        for day, begin, end in bounds:
            while first < len(self.seen) and self.seen[first].end <= begin:
                first += 1
            last = first
            while last < len(self.seen) and self.seen[last].begin < end:
                last += 1
            seen, told = self.seen[first:last], self.told.between(begin, end)
            days.append(one_day(day, seen, told, self.counted, begin, end, self.awaited_from))
        return days


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A component's days, oldest first, and since when its time counts in the uptime.

    `counted_since` is in the site's zone, and None for what has never been watched while a journal was kept.
    `grounds` are what the days that are over were made of.
    """

    days: tuple[Day, ...]
    counted_since: datetime | None = None
    grounds: Grounds | None = field(default=None, compare=False, repr=False)

    def uptime(self, days: int = DAYS) -> float | None:
        """The part of the time that counts in which it was up, of the last days; None if none counts."""
        last = self.days[-days:]
        up = sum((day.up for day in last), timedelta())
        down = sum((day.down for day in last), timedelta())
        return up / (up + down) if up + down else None


def history_of(
    record: Record, told: Told, zone: tzinfo, now: datetime, earlier: History | None = None
) -> History:
    """The history of one component from what monitoring and what the notes say of it.

    The days that are over are taken from an `earlier` history of it where nothing about them has changed.
    """
    grounds = _grounds(record, told, now)
    *over, today = day_bounds(zone, first_midnight(zone, now), now)
    past = grounds.before(today[1])
    if earlier is not None and earlier.grounds == past and earlier.days[-2].date == over[-1][0]:
        days = earlier.days[:-1]
    else:
        days = tuple(past.days(over))
    days = (*days, *grounds.days([today]))
    return History(days=days, counted_since=grounds.counted_since(zone), grounds=past)


def first_midnight(zone: tzinfo, now: datetime) -> datetime:
    """When the history of now begins, in UTC."""
    return midnight(now.astimezone(zone).date() - timedelta(days=DAYS - 1), zone)


def history_between(
    record: Record, told: Told, zone: tzinfo, begin: datetime, end: datetime, now: datetime
) -> History:
    """The history of any time that has passed; of its first and last day only what lies in it counts."""
    grounds = _grounds(record, told, now)
    days = grounds.days(day_bounds(zone, begin, end))
    return History(days=tuple(days), counted_since=grounds.counted_since(zone))


def _grounds(record: Record, told: Told, now: datetime) -> Grounds:
    return Grounds(
        seen=seen_in(record.spans),
        told=told,
        counted=_counted(record),
        awaited_from=_awaited_from(record, now),
    )


def _counted(record: Record) -> Period:
    """From the first to the last look at the component, as far back as the record goes; else nothing."""
    if not record.spans or record.first_at is None:
        return Period(begin=_NEVER, end=_NEVER)
    return Period(begin=max(record.first_at, record.spans[0].begin), end=record.spans[-1].end)


def _awaited_from(record: Record, now: datetime) -> datetime:
    """From when on the journal's next line will tell what was seen, if it is not overdue."""
    last_at = record.last_at
    return last_at if last_at is not None and last_at <= now <= last_at + 2 * HEARTBEAT else now
