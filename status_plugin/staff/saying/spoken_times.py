"""Times as they are said aloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from status_plugin.core.board.wording import zone_name
from status_plugin.core.times.days import WEEKDAYS
from status_plugin.core.times.moments import Moment
from status_plugin.web.times import vague_text

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_ZONES = {
    "EST": "Eastern", "EDT": "Eastern", "CST": "Central", "CDT": "Central", "MST": "Mountain",
    "MDT": "Mountain", "PST": "Pacific", "PDT": "Pacific",
}  # fmt: skip
_CLOCK = re.compile(r"\b([01][0-9]|2[0-3]):([0-5][0-9])(?: ([A-Z]{3,4}))?\b")
_MINUTES = re.compile(r"\b([0-9]{1,2}) ?min\b\.?")
_HOURS = re.compile(r"\b([0-9]{1,2}) ?h\b\.?")


def number_words(number: int) -> str:
    """A number up to ninety-nine in words."""
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_ONES[ones]}" if ones else _TENS[tens]


def clock_words(hour: int, minute: int) -> str:
    """A time of day: "six thirty-three in the evening", "nine o'clock in the morning"."""
    if minute == 0 and hour % 12 == 0:
        return "noon" if hour else "midnight"
    if minute == 0:
        clock = f"{number_words(hour % 12)} o'clock"
    else:
        minutes = f"oh {number_words(minute)}" if minute < 10 else number_words(minute)
        clock = f"{number_words(hour % 12 or 12)} {minutes}"
    return f"{clock} {_part_of_day(hour)}"


def spoken(text: str) -> str:
    """A sentence with the times in it as words."""
    text = _CLOCK.sub(_said_clock, text)
    text = _MINUTES.sub(lambda found: f"{number_words(int(found[1]))} minutes", text)
    return _HOURS.sub(lambda found: f"{number_words(int(found[1]))} hours", text)


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenTimes:
    """Says times in the site's zone, beside the moment at which they are said."""

    zone: tzinfo
    now: datetime

    def at(self, moment: Moment | datetime) -> str:
        """A time to stand behind a verb: "yesterday at six o'clock in the evening, Eastern time"."""
        if isinstance(moment, Moment) and not moment.exact:
            return spoken(vague_text(moment))
        local = self._local(moment)
        clock = f"at {clock_words(local.hour, local.minute)}"
        return f"{self._day(local)} {clock}, {zone_words(zone_name(local))}".lstrip()

    def span(self, begin: Moment, end: Moment) -> str:
        """From when to when, the day said once if it is one."""
        first, last = self._local(begin), self._local(end)
        if not (begin.exact and end.exact) or first.date() != last.date():
            return f"from {self._behind(begin)} to {self._behind(end)}"
        clocks = [clock_words(local.hour, local.minute) for local in (first, last)]
        day = f"{self._day(first)} " if self._day(first) else ""
        return f"{day}from {clocks[0]} to {clocks[1]}, {zone_words(zone_name(last))}"

    def _behind(self, moment: Moment) -> str:
        return self.at(moment).removeprefix("at ").removeprefix("on ")

    def _local(self, moment: Moment | datetime) -> datetime:
        return (moment.at if isinstance(moment, Moment) else moment).astimezone(self.zone)

    def _day(self, local: datetime) -> str:
        today = self.now.astimezone(self.zone).date()
        away = local.date() - today
        if not away:
            return ""
        if abs(away) == timedelta(days=1):
            return "tomorrow" if away.days > 0 else "yesterday"
        date = f"on {WEEKDAYS[local.weekday()]} the {_ordinal(local.day)} of {_MONTHS[local.month - 1]}"
        return date if local.year == today.year else f"{date}, {local.year},"


def zone_words(name: str) -> str:
    """A zone's name as it is said: "Eastern time"."""
    return f"{_ZONES[name]} time" if name in _ZONES else name.replace("−", " minus ")


def _said_clock(found: re.Match[str]) -> str:
    clock = clock_words(int(found[1]), int(found[2]))
    return f"{clock}, {zone_words(found[3])}" if found[3] else clock


def _part_of_day(hour: int) -> str:
    if hour < 5 or hour >= 22:
        return "at night"
    return "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"


def _ordinal(day: int) -> str:
    if day <= 20:
        return _ORDINALS[day - 1]
    if day == 30:
        return "thirtieth"
    return f"{'twenty' if day < 30 else 'thirty'}-{_ORDINALS[day % 10 - 1]}"
