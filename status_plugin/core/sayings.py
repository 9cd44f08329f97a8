"""Sayings: English texts that know how they were made, so that a page can say them in another language.

A saying is a `str` like any other for whoever speaks English: the commands of staff, programs, tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""What a language is called by: "de", "pt-BR"."""


class Saying(str):
    """A sentence, or a word; `message` is what the catalogues know it by, and `values` fill its {places}.

    `plural` is the message for any number but one, empty where nothing is counted; `number` is how many.
    """

    __slots__ = ("message", "number", "plural", "values")

    message: str
    plural: str
    number: int
    values: Mapping[str, str]


class Joined(str):
    """Parts in a row, each of which may be a saying."""

    __slots__ = ("parts", "separator")

    parts: tuple[str, ...]
    separator: str


class DayText(str):
    """A day, as "Thu 4 Sep 2008"; without its year for a reader of the same one."""

    __slots__ = ("date", "with_year")

    date: date
    with_year: bool


def message(text: str) -> str:
    """The text itself, found by whoever collects the messages to be translated."""
    return text


def messages(one: str, many: str) -> tuple[str, str]:
    """The same for one thing and for any other number of things."""
    return one, many


def saying(text: str, /, **values: str) -> Saying:
    """A message with its values."""
    said = Saying(text.format(**values) if values else text)
    said.message, said.plural, said.number, said.values = text, "", 0, values
    return said


def counted(number: int, one: str, many: str, /, **values: str) -> Saying:
    """A message about a number of things, which it may call {count}."""
    values = {"count": str(number), **values}
    said = Saying((one if number == 1 else many).format(**values))
    said.message, said.plural, said.number, said.values = one, many, number, values
    return said


def joined(separator: str, parts: Sequence[str]) -> str:
    """The parts that are not empty in a row."""
    found = tuple(filter(None, parts))
    if len(found) == 1:
        return found[0]
    said = Joined(separator.join(found))
    said.parts, said.separator = found, separator
    return said


def day_text(day: date, *, with_year: bool = True) -> DayText:
    """A day in words."""
    return _day_text(day.toordinal(), with_year)


WEEKDAYS = message("Mon, Tue, Wed, Thu, Fri, Sat, Sun")
MONTHS = message("Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec")
FULL_DAY = message("{weekday} {day} {month} {year}")
DAY_OF_THE_YEAR = message("{weekday} {day} {month}")
DAY_AND_TIME = message("{day}, {time}")

_WEEKDAYS = WEEKDAYS.split(", ")
_MONTHS = MONTHS.split(", ")


@lru_cache(maxsize=4096)
def _day_text(number: int, with_year: bool) -> DayText:
    day = date.fromordinal(number)
    pattern = FULL_DAY if with_year else DAY_OF_THE_YEAR
    weekday, month = _WEEKDAYS[day.weekday()], _MONTHS[day.month - 1]
    said = DayText(pattern.format(weekday=weekday, day=day.day, month=month, year=day.year))
    said.date, said.with_year = day, with_year
    return said
