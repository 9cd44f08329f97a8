"""Times as visitors read them: in the site's zone, with its name, and with the day when it matters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from markupsafe import Markup, escape

from status_plugin.core.board.wording import zone_name
from status_plugin.core.sayings import counted, day_text, joined, saying
from status_plugin.core.times.moments import CLOCK_TOLERANCE, Moment
from status_plugin.web.language import ENGLISH, Language

NOT_KNOWN = saying("not known")


_MONTH = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NAMES_A_DAY = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}|\b(?:{_MONTH})[a-z]*\b", re.IGNORECASE)
_NAMES_A_CLOCK_TIME = re.compile(r"\d\s*[ap]\.?m\b|\d:\d\d", re.IGNORECASE)
_NAMES_A_ZONE = re.compile(
    r"\b[A-Z]{1,4}T\b|\bUTC\b|\d ?Z\b|[+-]\d\d:?\d\d\b|[A-Za-z]/[A-Z]"
    r"|(?i:\b(?:eastern|central|mountain|pacific)\b)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """Writes times for one page: `zone` is the site's, `now` the moment the page is about."""

    zone: tzinfo
    now: datetime
    language: Language = ENGLISH

    def day(self, at: datetime) -> str:
        """The day, as "Thu 4 Sep 2008"."""
        return self.language.day(at.astimezone(self.zone))

    def clock(self, at: datetime) -> str:
        """The time of day with its zone, as "17:33 EDT"."""
        local = at.astimezone(self.zone)
        return f"{local:%H:%M} {zone_name(local)}"

    def full(self, at: datetime) -> str:
        """Day and time, as "Thu 4 Sep 2008, 17:33 EDT"."""
        return self.language.day_and_time(self.day(at), self.clock(at))

    def short(self, at: datetime) -> str:
        """What a reader of today needs: the time alone, with the day before it, or with the year, too."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        if local.date() == today.date():
            return self.clock(at)
        day = self.language.day(local, with_year=local.year != today.year)
        return self.language.day_and_time(day, self.clock(at))

    def machine(self, at: datetime) -> str:
        """The time as programs read it, in the site's zone."""
        return at.astimezone(self.zone).isoformat(timespec="seconds")

    def text(self, at: Moment | datetime | None, *, short: bool = False) -> str:
        """The time in words; a vague moment stays as it was written."""
        if at is None:
            return self.language.spoken(NOT_KNOWN)
        if isinstance(at, Moment):
            if not at.exact:
                return self.language.spoken(vague_text(at))
            at = at.at
        return self.short(at) if short else self.full(at)

    def is_ahead(self, at: Moment | datetime | None) -> bool:
        """Whether what is told as past lies ahead of the clock: a typing mistake, to be marked as one."""
        exact = _exact(at)
        return exact is not None and exact > self.now + CLOCK_TOLERANCE

    def tag(self, at: Moment | datetime | None, *, short: bool = False) -> Markup:
        """The time in words as an element; a vague moment tells programs no more than its day."""
        text = self.text(at, short=short)
        if at is None:
            return Markup.escape(text)
        if isinstance(at, Moment) and not at.exact:
            return _time(f"{at.local:%Y-%m-%d}", text)
        return _time(self.machine(at.at if isinstance(at, Moment) else at), text)

    def span(self, begin: Moment | datetime | None, end: Moment | datetime | None) -> Markup:
        """From when to when, as "Thu 4 Sep 2008, 17:00 to 19:00 EDT"; over midnight with both days."""
        exact_begin, exact_end = _exact(begin), _exact(end)
        if begin is None or end is None:
            return self._half_known(begin, end)
        if exact_begin is None or exact_end is None:
            if self.text(begin) == self.text(end):
                return self.tag(begin)
            return self._span(self.tag(begin), self.tag(end))
        first, last = exact_begin.astimezone(self.zone), exact_end.astimezone(self.zone)
        if first.date() != last.date() or zone_name(first) != zone_name(last):
            return self._span(self.tag(begin), self.tag(end))
        begun = self.language.day_and_time(self.day(first), f"{first:%H:%M}")
        return self._span(_time(self.machine(first), begun), _time(self.machine(last), self.clock(last)))

    def _half_known(self, begin: Moment | datetime | None, end: Moment | datetime | None) -> Markup:
        if begin is None and end is None:
            return self.tag(None)
        if end is None:
            return Markup(self.language.say("{begin}, end not known", begin=self.tag(begin)))  # noqa: S704, as below
        return Markup(self.language.say("until {end}, start not known", end=self.tag(end)))  # noqa: S704

    def _span(self, begin: Markup, end: Markup) -> Markup:
        return Markup(self.language.say("{begin} to {end}", begin=begin, end=end))  # noqa: S704, both are safe

    def length(self, begin: Moment | datetime | None, end: Moment | datetime | None) -> str:
        """How long it was, empty unless both ends are exactly known."""
        first, last = _exact(begin), _exact(end)
        if first is None or last is None or last < first:
            return ""
        return self.language.spoken(duration_text(last - first))


def vague_text(moment: Moment) -> str:
    """The writer's own words, with the day or the zone behind them when the words name none."""
    missing: list[str] = []
    if not _NAMES_A_DAY.search(moment.written):
        missing.append(day_text(moment.local))
    if _NAMES_A_CLOCK_TIME.search(moment.written) and not _NAMES_A_ZONE.search(moment.written):
        missing.append(zone_name(moment.local))
    if not missing:
        return moment.written
    return saying("{time} ({day})", time=moment.written, day=joined(", ", missing))


def duration_text(length: timedelta) -> str:
    """A length of time in its two largest units: "1 h 12 min", "3 days 4 h"."""
    minutes, hours, days = length.seconds // 60 % 60, length.seconds // 3600, length.days
    if days:
        parts = [counted(days, "{count} day", "{count} days"), _hours_text(hours)]
    else:
        parts = [_hours_text(hours), saying("{count} min", count=str(minutes)) if minutes else ""]
    return joined(" ", parts) or saying("less than a minute")


def _hours_text(hours: int) -> str:
    return saying("{count} h", count=str(hours)) if hours else ""


def _exact(at: Moment | datetime | None) -> datetime | None:
    if isinstance(at, Moment):
        return at.at if at.exact else None
    # Two times of one zone are subtracted as their clocks show them.
    return at.astimezone(UTC) if at else None


def _time(machine: str, text: str) -> Markup:
    # A template of Markup does the same, and takes four times as long over the dozen times of a page.
    return Markup(f'<time datetime="{machine}">{escape(text)}</time>')  # noqa: S704
