"""The period that a report is about, as staff name it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from status_plugin.core.history.days import midnight
from status_plugin.core.history.history import first_midnight
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import read_moment


class PeriodError(ValueError):
    """What was written is no period; the message says what to write."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """From `begin` to before `end`, in UTC."""

    begin: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Whether a time lies in it."""
        return self.begin <= at < self.end


def read_period(
    zone: tzinfo,
    now: datetime,
    *,
    since: str | None = None,
    until: str | None = None,
    month: str | None = None,
    year: str | None = None,
) -> Period:
    """The period that these words mean, the last 90 days without any; raises PeriodError.

    `until` a day means to its end, `month` and `year` are those of the zone's calendar.
    """
    if sum(bool(named) for named in (since or until, month, year)) > 1:
        raise PeriodError("Name a month, a year, or --since and --until, not two of them.")
    if month:
        begin = _first_day(f"{month}-1", f"'{month}' is not a month. Write it like '2026-11'.")
        after = (begin + timedelta(days=31)).replace(day=1)
        return Period(begin=midnight(begin, zone), end=midnight(after, zone))
    if year:
        begin = _first_day(f"{year}-1-1", f"'{year}' is not a year. Write it like '2026'.")
        return Period(begin=midnight(begin, zone), end=midnight(begin.replace(year=begin.year + 1), zone))
    return _between(zone, now, since, until)


def _between(zone: tzinfo, now: datetime, since: str | None, until: str | None) -> Period:
    end = _moment(until, zone, ends=True) if until else now.astimezone(UTC)
    begin = _moment(since, zone, ends=False) if since else first_midnight(zone, end)
    if begin >= end:
        raise PeriodError(
            "The period ends before it begins: --since must be earlier than --until, or than now without it."
        )
    return Period(begin=begin, end=end)


def _first_day(text: str, complaint: str) -> date:
    found = re.fullmatch(r"((?:19[7-9]|20\d)\d)-(\d{1,2})-1", text, re.ASCII)
    if not found or not 1 <= int(found[2]) <= 12:
        raise PeriodError(complaint)
    return date(int(found[1]), int(found[2]), 1)


def _moment(text: str, zone: tzinfo, *, ends: bool) -> datetime:
    try:
        moment, _ = read_moment(text, zone=zone)
    except UnreadableError as error:
        raise PeriodError(f"{error}") from None
    if ends and moment.is_date_alone:
        return midnight(moment.local.date() + timedelta(days=1), moment.zone or zone)
    return moment.at
