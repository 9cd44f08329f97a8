"""A language in which pages speak to people: its words, and how it writes days, lists and numbers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from markupsafe import Markup, escape

from status_plugin.core.sayings import (
    DAY_AND_TIME,
    DAY_OF_THE_YEAR,
    FULL_DAY,
    MONTHS,
    WEEKDAYS,
    DayText,
    Joined,
    Saying,
    message,
)

log = logging.getLogger(__name__)

DAYS_KEPT = 4096
"""How many days are kept in words: those of all histories, and many of an archive."""

_RIGHT_TO_LEFT = {
    *("apc", "ar", "ary", "bal", "bgn", "bqi", "brh", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "nqo"),
    *("ps", "rhg", "sd", "sdh", "skr", "syr", "trw", "ug", "ur", "yi"),
}
_SCRIPTS_RIGHT_TO_LEFT = {"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"}


def direction_of(code: str) -> str:
    """How a language is written: `ltr` from left to right, or `rtl`; by its script where it names one."""
    language, *rest = code.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    is_turned = script in _SCRIPTS_RIGHT_TO_LEFT if script else language in _RIGHT_TO_LEFT
    return "rtl" if is_turned else "ltr"


class Language:
    """A language by its `code`, as "de" or "pt-BR"; without a catalogue it is English as it was written."""

    def __init__(self, code: str, catalogue: NullTranslations | None = None) -> None:
        self.code = code
        self.direction = direction_of(code)
        self.is_plain = catalogue is None
        catalogue = catalogue or NullTranslations()
        self._one: Callable[[str], str] = catalogue.gettext
        self._many: Callable[[str, str, int], str] = catalogue.ngettext
        # Every catalogue calls its own language by its own name in place of that of English.
        self.name = self._one(message("English"))
        self._weekdays = self._row(WEEKDAYS)
        self._months = self._row(MONTHS)
        self._days: dict[tuple[int, bool], str] = {}

    @property
    def attributes(self) -> Markup:
        """What an element says whose words are in this language."""
        said = Markup(' lang="{}"').format(self.code)
        return said + Markup(' dir="rtl"') if self.direction == "rtl" else said

    def say(self, text: str, /, **values: Any) -> str:
        """A message, with its values; safe HTML where one of them is."""
        return self._filled(self._one(text), text, values) if values else self._one(text)

    def say_count(self, number: int, one: str, many: str, /, **values: Any) -> str:
        """A message about a number of things, which it may call {count}."""
        english = one if number == 1 else many
        return self._filled(self._many(one, many, number), english, {"count": number, **values})

    def spoken(self, said: str) -> str:
        """A saying in this language; any other text as it is."""
        kind = type(said)
        if self.is_plain or kind is str:
            return said
        if isinstance(said, Saying):
            if said.plural:
                return self.say_count(said.number, said.message, said.plural, **said.values)
            return self.say(said.message, **said.values)
        if isinstance(said, Joined):
            return said.separator.join(map(self.spoken, said.parts))
        if isinstance(said, DayText):
            return self.day(said.date, with_year=said.with_year)
        return said

    def day_and_time(self, day: str, time: str) -> str:
        """A day and a time of that day."""
        return self.say(DAY_AND_TIME, day=day, time=time)

    def day(self, day: date, *, with_year: bool = True) -> str:
        """A day, as "Thu 4 Sep 2008"."""
        key = day.toordinal(), with_year
        if key not in self._days:
            if len(self._days) > DAYS_KEPT:
                self._days.clear()
            self._days[key] = self.say(
                FULL_DAY if with_year else DAY_OF_THE_YEAR,
                weekday=self._weekdays[day.weekday()],
                day=day.day,
                month=self._months[day.month - 1],
                year=day.year,
            )
        return self._days[key]

    def inside(self, said: str) -> str:
        """A word inside a sentence: English begins it small, in other languages it stays as it is."""
        words = self.spoken(said)
        return words[:1].lower() + words[1:] if self.code.partition("-")[0] == "en" else words

    def _filled(self, text: str, english: str, values: dict[str, Any]) -> str:
        is_html = False
        for name, value in values.items():
            if type(value) is Markup:
                is_html = True
            elif type(value) is not str and isinstance(value, str):
                values[name] = self.spoken(value)
        fill = _html if is_html else str.format
        try:
            return fill(text, **values)
        except (LookupError, ValueError, TypeError, AttributeError):
            _report(self.code, english)
            return fill(english, **values)

    def _row(self, english: str) -> list[str]:
        words = self._one(english).split(", ")
        return words if len(words) == len(english.split(", ")) else english.split(", ")


ENGLISH = Language("en")
"""What everything is written in."""


def _html(text: str, **values: Any) -> Markup:
    escaped = {name: escape(value) for name, value in values.items()}
    return Markup(str(escape(text)).format(**escaped))  # noqa: S704, every part of it is escaped


@lru_cache(maxsize=256)
def _report(code: str, english: str) -> None:
    """Say once that a translation cannot be used, not with every visitor."""
    log.warning("The translation of %r into %r has other {places} than it; English is shown.", english, code)
