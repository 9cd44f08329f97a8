"""Times as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum, auto

from status_plugin.core.problems import Doubt, UnreadableError
from status_plugin.core.times.days import WEEKDAYS, Day
from status_plugin.core.times.time_parts import TimeParts, read_time_parts
from status_plugin.core.times.utc import keep_in_utc

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far a written time may lie ahead of the clock before it is called a mistake."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A time that somebody wrote.

    `at` is kept in UTC, whatever zone it is given in; `zone` is the one that was meant, that of the
    given time if none is named. `written` is the writer's own text. An inexact moment ("about 6pm", a
    date alone) is shown as written and never counted in uptime.
    """

    at: datetime
    written: str
    exact: bool = True
    zone: tzinfo | None = None

    def __post_init__(self) -> None:
        if self.zone is None:
            object.__setattr__(self, "zone", self.at.tzinfo)
        keep_in_utc(self, "at")

    @property
    def local(self) -> datetime:
        """The time as the clocks of the zone that was meant showed it."""
        return self.at.astimezone(self.zone)

    @property
    def is_date_alone(self) -> bool:
        """Whether only the day is known."""
        return not self.exact and self.local.time() == time.min


class Lean(Enum):
    """Which day an omitted date means, beside a time that is known.

    ONWARD: the same day, or the next if the time would run back by more than 12 hours.
    NEAREST: the day that brings the two times closest together.
    EARLIER, LATER: the same day, or the day before or after it if the time would otherwise lie on
    the wrong side by more than 6 hours.
    SAME_DAY: the same day always.
    """

    ONWARD = auto()
    NEAREST = auto()
    EARLIER = auto()
    LATER = auto()
    SAME_DAY = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """A time that is known, in its own zone, beside one whose date or zone was left out."""

    at: datetime
    lean: Lean

    @classmethod
    def of(cls, moment: Moment, lean: Lean) -> Neighbour:
        """The moment as a neighbour; a date alone has no time to compare with and lends only its day."""
        return cls(at=moment.local, lean=Lean.SAME_DAY if moment.is_date_alone else lean)


def read_moment(
    text: str, *, zone: tzinfo, previous: datetime | None = None, nearest_to: datetime | None = None
) -> tuple[Moment, tuple[Doubt, ...]]:
    """The time that a text means, with what is odd about it; else UnreadableError.

    A date or zone that the text leaves out is that of `previous` (the entry before it) or
    `nearest_to`; the zone at last is `zone`.
    """
    beside = None
    if previous is not None:
        beside = Neighbour(at=previous, lean=Lean.ONWARD)
    elif nearest_to is not None:
        beside = Neighbour(at=nearest_to, lean=Lean.NEAREST)
    return place(read_time_parts(text), zone=zone, beside=beside)


def place(parts: TimeParts, *, zone: tzinfo, beside: Neighbour | None) -> tuple[Moment, tuple[Doubt, ...]]:
    """The moment that the parts mean beside a known time; UnreadableError if they name no day then."""
    if parts.zone:
        zone = parts.zone.info
    elif beside:
        zone = beside.at.tzinfo or zone
    at = _on(_choose_day(parts, zone, beside), parts, zone)
    doubts = (*_doubts_about_words(parts, at), *_doubts_about_clock_change(parts, at))
    # A skipped hour has no local name: the way through UTC gives it the one that the clocks showed.
    at = at.astimezone(UTC).astimezone(zone)
    return Moment(at=at, written=parts.written, exact=not parts.vague), doubts


def _on(day: date, parts: TimeParts, zone: tzinfo) -> datetime:
    clock = parts.clock.time if parts.clock else time.min
    at = datetime.combine(day, clock, tzinfo=zone)
    if parts.expects_dst is None:
        return at
    # Of an hour that comes twice, "EDT" or "EST" names one.
    second = at.replace(fold=1)
    return second if _change(at) < timedelta() and bool(second.dst()) == parts.expects_dst else at


def _change(at: datetime) -> timedelta:
    """By how much the clocks are set forward (or, below zero, back) across this very local time."""
    first, second = at.replace(fold=0).utcoffset(), at.replace(fold=1).utcoffset()
    return (second or timedelta()) - (first or timedelta())


def _choose_day(parts: TimeParts, zone: tzinfo, beside: Neighbour | None) -> date:
    if parts.day and parts.day.year:
        return date(parts.day.year, parts.day.month, parts.day.day)
    if parts.day:
        return _choose_year(parts, parts.day, beside)
    if parts.weekday is not None:
        hint = f"Write {_named_dates(parts.weekday, beside)}."
        raise UnreadableError("weekday-alone", f"'{parts.written}' names no date.", hint)
    if not beside:
        hint = f"Write the date too: 'YYYY-MM-DD {parts.written}'."
        raise UnreadableError("no-date", f"'{parts.written}' has no date.", hint)
    return _lean(parts, zone, beside)


def _lean(parts: TimeParts, zone: tzinfo, beside: Neighbour) -> date:
    same = beside.at.astimezone(zone).date()
    before, after = same - timedelta(days=1), same + timedelta(days=1)

    def ahead(day: date) -> timedelta:
        return _on(day, parts, zone).astimezone(UTC) - beside.at.astimezone(UTC)

    match beside.lean:
        case Lean.SAME_DAY:
            return beside.at.date()
        case Lean.NEAREST:
            return min((same, before, after), key=lambda day: abs(ahead(day)))
        case Lean.ONWARD:
            return after if ahead(same) < timedelta(hours=-12) else same
        case Lean.LATER:
            return after if ahead(same) < timedelta(hours=-6) else same
        case Lean.EARLIER:
            return before if ahead(same) > timedelta(hours=6) else same


def _choose_year(parts: TimeParts, day: Day, beside: Neighbour | None) -> date:
    if not beside:
        hint = f"Write the day with its year: 'YYYY-{day.month:02}-{day.day:02}'."
        raise UnreadableError("no-year", f"'{parts.written}' has no year.", hint)
    around = beside.at.year
    days = [found for year in (around, around - 1, around + 1) if (found := day.in_year(year))]
    if not days:
        message = f"'{day}' is not in the calendar of {around}."
        raise UnreadableError("impossible-date", message, "Check the date.")
    return min(days, key=lambda found: abs(found - beside.at.date()))


def _named_dates(weekday: int, beside: Neighbour | None) -> str:
    if not beside:
        return "the date too, such as '2008-09-04 5:33pm Eastern'"
    later = beside.at.date() + timedelta(days=(weekday - beside.at.weekday()) % 7)
    return f"the date instead: '{later - timedelta(days=7)}' or '{later}'"


def _doubts_about_words(parts: TimeParts, at: datetime) -> Iterator[Doubt]:
    if parts.weekday is not None and parts.weekday != at.weekday():
        said, really = WEEKDAYS[parts.weekday], WEEKDAYS[at.weekday()]
        message = f"'{parts.written}' says {said}, but {at:%Y-%m-%d} is a {really}."
        yield Doubt(rule="weekday-contradicts-date", message=message, hint="Check the date.")
    if parts.clock and parts.clock.unsure_half:
        short = f"{at.hour}:{at.minute:02}"
        message = f"'{parts.written}' is read as {short} in the morning."
        yield Doubt(rule="no-am-pm", message=message, hint=f"Write '0{short}', '{short}am' or '{short}pm'.")


def _doubts_about_clock_change(parts: TimeParts, at: datetime) -> Iterator[Doubt]:
    if not parts.clock:
        return
    change = _change(at)
    if change > timedelta():
        message = f"'{parts.written}' was skipped when the clocks went forward: read as {at + change:%H:%M}."
        yield Doubt(rule="skipped-hour", message=message, hint="Check the time.")
    elif change < timedelta() and parts.expects_dst is None:
        names = f"{at.tzname()} or {at.replace(fold=1).tzname()}"
        message = f"'{parts.written}' came twice when the clocks went back: read as the first."
        yield Doubt(rule="doubled-hour", message=message, hint=f"Write {names} as its zone.")
    elif parts.expects_dst is not None and parts.expects_dst != bool(at.dst()):
        message = f"'{parts.written}' names a zone that was not in force that day: read as {at.tzname()}."
        yield Doubt(rule="zone-contradicts-date", message=message, hint=f"Write '{at.tzname()}'.")
