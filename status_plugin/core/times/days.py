"""Days of the calendar as people write them: `2008-09-04`, `Sept. 4`, `Thursday, 4 September 2008`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from status_plugin.core.problems import UnreadableError

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day of the calendar whose year may have been left out."""

    year: int | None
    month: int
    day: int

    def in_year(self, year: int) -> date | None:
        """That day in a year, None if the year does not have it."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    @property
    def is_possible(self) -> bool:
        """Whether it is in the calendar of any year that a note may be about."""
        # 2000 is a leap year: without a year, 29 February may exist.
        year = self.year or 2000
        return 1970 <= year < 2100 and self.in_year(year) is not None

    def __str__(self) -> str:
        if self.year:
            return f"{self.year}-{self.month:02}-{self.day:02}"
        return f"{MONTHS[self.month - 1]} {self.day}"


_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE
_MONTH = r"""(?P<month> jan(?:uary)? | feb(?:ruary)? | mar(?:ch)? | apr(?:il)? | may | june? | july?
    | aug(?:ust)? | sept?(?:ember)? | oct(?:ober)? | nov(?:ember)? | dec(?:ember)? ) \b \.?"""
_DAY = r"(?P<day>[0-9]{1,2}) (?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_NO_CLOCK = r"(?! [0-9:] | [.h][0-9] | [ ]?[ap]\.?m)"

_ISO = re.compile(
    r"(?<![0-9]) (?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2}) (?: T(?=[0-9]) | (?![0-9]) )",
    _FLAGS,
)
_MONTH_FIRST = re.compile(
    rf"\b {_MONTH} [ -]? {_DAY} {_NO_CLOCK} (?: [, -]{{1,3}} {_YEAR} (?![0-9:]) )?", _FLAGS
)
_DAY_FIRST = re.compile(
    rf"(?<![0-9:.]) {_DAY} [. -]{{0,2}} (?:of[ ])? {_MONTH} (?: [, -]{{1,3}} {_YEAR} (?![0-9:]) )?", _FLAGS
)
_YEAR_LAST = re.compile(rf"(?<!\S) {_YEAR} $", _FLAGS)
_NUMERIC = re.compile(
    r"""(?<![0-9:]) (?P<first>[0-9]{1,4}) (?P<mark>[/.-]) (?P<second>[0-9]{1,2})
    (?: (?P=mark) (?P<third>[0-9]{2,4}) )? (?! [0-9:] | [ ]?[ap]\.?m )""",
    _FLAGS,
)
_WEEKDAY = re.compile(
    r"""\b (?P<weekday> mon(?:day)? | tue(?:s(?:day)?)? | wed(?:nesday)? | thu(?:r(?:s(?:day)?)?)?
    | fri(?:day)? | sat(?:urday)? | sun(?:day)? ) \b \.?""",
    _FLAGS,
)


def take_day(text: str) -> tuple[Day | None, str]:
    """The day that a text names and the rest of the text; UnreadableError if it can be read in two ways."""
    match = _ISO.search(text)
    if not match:
        _refuse_numeric(text)
        match = _MONTH_FIRST.search(text) or _DAY_FIRST.search(text)
    if not match:
        return None, text
    rest = f"{text[: match.start()]} {text[match.end() :]}".rstrip()
    year = match["year"]
    if not year and (last := _YEAR_LAST.search(rest)):
        year, rest = last["year"], rest[: last.start()]
    day = Day(year=int(year) if year else None, month=_month(match["month"]), day=int(match["day"]))
    if not day.is_possible:
        written = match[0].strip(" T")
        raise UnreadableError(
            "impossible-date", f"'{written}' is not in the calendar.", "Check day, month and year."
        )
    return day, rest


def take_weekday(text: str) -> tuple[int | None, str]:
    """The weekday that a text names, counted from Monday = 0, and the rest of the text."""
    match = _WEEKDAY.search(text)
    if not match:
        return None, text
    names = [name[:3] for name in WEEKDAYS]
    return names.index(match["weekday"][:3].title()), f"{text[: match.start()]} {text[match.end() :]}"


def _month(written: str) -> int:
    return int(written) if written.isdigit() else MONTHS.index(written[:3].title()) + 1


def _refuse_numeric(text: str) -> None:
    match = _NUMERIC.search(text)
    # "15-20" is no date, and neither is the offset of an ISO time.
    if not match or (match["mark"] == "-" and not match["third"]):
        return
    lines = [text[: match.start()] + choice + text[match.end() :] for choice in _choices(match)]
    choices = " or ".join(f"'{line}'" for line in lines or ("2008-09-04", "Sep 4 2008"))
    message = f"'{match[0]}' is not a date that everybody reads alike."
    raise UnreadableError("numeric-date", message, f"Write {choices}.")


def _choices(match: re.Match[str]) -> list[str]:
    first, second, third = int(match["first"]), int(match["second"]), int(match["third"] or 0)
    if len(match["first"]) == 4:
        days = [Day(year=first, month=second, day=third)]
    else:
        year = 2000 + third if 0 < third < 100 else third
        pairs = dict.fromkeys([(first, second), (second, first)])
        days = [Day(year=year or None, month=month, day=day) for month, day in pairs]
    choices = [str(day) for day in days if day.is_possible]
    is_clock = match["mark"] == "." and not third and first < 24 and second < 60 and len(match["second"]) == 2
    return [f"{first}:{second:02}", *choices] if is_clock else choices
