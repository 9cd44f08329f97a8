"""Times as other status pages store them: ISO 8601, loosely, and what people make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from status_plugin.core.problems import Doubt, UnreadableError
from status_plugin.core.times.moments import read_moment
from status_plugin.core.times.zones import find_zone
from status_plugin.staff.importing.foreign_site import Time


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignTime:
    """A time, and the end of it if a range was written; `is_naive` says that no zone was."""

    at: Time
    until: Time | None = None
    is_naive: bool = False
    doubts: tuple[Doubt, ...] = ()


_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE
_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?: :(?P<second>[0-9]{2}) (?:[.,][0-9]+)? )?"
_ZONE = r"(?: [ ]?(?P<zone> Z | UTC | GMT | [+-][0-9]{2}:?[0-9]{2} ) )?"
_ISO = re.compile(
    rf"""(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})
    (?: (?: T | [ ]+ ) {_CLOCK} {_ZONE} )?""",
    _FLAGS,
)
_CLOCK_ALONE = re.compile(rf"{_CLOCK} {_ZONE}", _FLAGS)
_TO = re.compile(r"\s* (?: \s(?:to|till|until|bis|à|a)\s | [-–—/~] ) \s* (?P<rest> \S .* )", _FLAGS)


def read_foreign_time(text: str, zone: tzinfo) -> ForeignTime:
    """The time that a text means; raises UnreadableError, whose message repeats the text.

    A range is its beginning, with its end beside it.
    """
    text = " ".join(text.split())
    found = _ISO.match(text)
    if found is None:
        return _as_people_write(text, zone)
    at = _time(found, text, zone)
    if found.end() == len(text):
        return ForeignTime(at=at, is_naive=_is_naive(found))
    until = _TO.fullmatch(text, found.end())
    if until is None:
        return _as_people_write(text, zone)
    doubt = Doubt(
        rule="range", message=f"'{text}' is a range of times.", hint="Its beginning is taken for the time."
    )
    end = _end(until["rest"], at, text, zone)
    return ForeignTime(at=at, until=end, is_naive=_is_naive(found), doubts=(doubt,))


def _is_naive(found: re.Match[str]) -> bool:
    return found["hour"] is not None and not found["zone"]


def _time(found: re.Match[str], text: str, zone: tzinfo) -> Time:
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise UnreadableError("impossible-date", f"'{text}' is no day of the calendar.", "") from None
    if not 1970 <= day.year < 2100:
        raise UnreadableError("impossible-date", f"'{text}' is in a year that no note is about.", "")
    return day if found["hour"] is None else _on(day, found, text, zone)


def _on(day: date, found: re.Match[str], text: str, zone: tzinfo) -> datetime:
    if found["zone"]:
        zone = find_zone(found["zone"]).info
    try:
        at = datetime(
            day.year,
            day.month,
            day.day,
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"] or 0),
            tzinfo=zone,
        )
    except ValueError:
        raise UnreadableError("impossible-time", f"'{text}' is no time of day.", "") from None
    return at.astimezone(UTC)


def _end(rest: str, at: Time, text: str, zone: tzinfo) -> Time | None:
    if whole := _ISO.fullmatch(rest):
        return _time(whole, text, zone)
    clock = _CLOCK_ALONE.fullmatch(rest)
    if clock is None or not isinstance(at, datetime):
        return None
    end = _on(at.astimezone(zone).date(), clock, text, zone)
    return end if end > at else end + timedelta(days=1)


def _as_people_write(text: str, zone: tzinfo) -> ForeignTime:
    try:
        moment, doubts = read_moment(text, zone=zone)
    except UnreadableError as error:
        raise UnreadableError(error.rule, f"'{text}' is not understood as a time.", "") from None
    if moment.is_date_alone:
        return ForeignTime(at=moment.local.date(), doubts=doubts)
    return ForeignTime(at=moment.at, doubts=doubts)
