"""What a text says of a time by itself, before it is known which day and zone were left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.clocks import Clock, take_clock, take_part_of_day
from status_plugin.core.times.days import Day, take_day, take_weekday
from status_plugin.core.times.zones import NamedZone, find_zone

_EXAMPLES = "Write it like '5:33pm Eastern', '17:33 CDT' or 'Sep 4 2008 5:33pm EDT'."


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeParts:
    """The parts of a time that somebody wrote; what was left out is None.

    `weekday` counts from Monday = 0. `vague` says that the words promise no exact time.
    """

    written: str
    day: Day | None = None
    weekday: int | None = None
    clock: Clock | None = None
    zone: NamedZone | None = None
    vague: bool = False

    @property
    def expects_dst(self) -> bool | None:
        """Whether the zone was named as in summer (True) or as in winter (False); else None."""
        return self.zone.expects_dst if self.zone else None


_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE
_VAGUE = re.compile(
    r"""[~≈] | \b c\. | -?ish\b
    | \b (?: about | around | approximately | approx | appr | ca | circa | roughly | some[ ]?time | just
    | shortly | soon | right | after | before | past | nearly | almost | early | late | maybe | probably
    | perhaps | or[ ]so | or[ ]thereabouts | a[ ]bit | a[ ]little ) \b \.?""",
    _FLAGS,
)
_FILLER = re.compile(r"[@,()] | (?<!\S) (?: at | on | the | of | in | - ) (?!\S)", _FLAGS)
_RELATIVE = re.compile(
    r"""\b (?: now | today | tonight | tomorrow | yesterday | last[ ]night
    | (?:this|next|last)[ ](?:morning|afternoon|evening|week|month) ) \b""",
    _FLAGS,
)
_HOUR_ALONE = re.compile(r"(?<![0-9:+-]) (?P<hour>[1-9]|1[0-2]) (?![0-9:])", _FLAGS)
_NO_COLON = re.compile(r"(?<![0-9:+-]) (?P<hour>[01][0-9]|2[0-3]) (?P<minute>[0-5][0-9]) (?![0-9:])", _FLAGS)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_LONGEST = 120


def read_time_parts(text: str) -> TimeParts:
    """The parts of a time that a text names, in whatever order; else UnreadableError."""
    written = text.strip()
    rest = _plain(written)
    day, rest = take_day(rest)
    weekday, rest = take_weekday(rest)
    clock, rest = take_clock(rest)
    part, rest = take_part_of_day(rest)
    rest, vague_words = _VAGUE.subn(" ", rest)
    rest = " ".join(_FILLER.sub(" ", rest).split())
    if part and (clock or not day):
        raise UnreadableError(
            "unreadable-time", f"'{written}' leaves the hour open.", "Write am or pm instead."
        )
    if not clock and not day and weekday is None:
        raise _unreadable(written, rest)
    clock = clock or part
    return TimeParts(
        written=written,
        day=day,
        weekday=weekday,
        clock=clock,
        zone=_zone(written, rest),
        vague=bool(vague_words) or clock is None or clock.vague,
    )


def day_in(text: str) -> date | None:
    """The day, with its year, that a text names even where the rest of it cannot be read as a time."""
    try:
        day, _ = take_day(_plain(text.strip()))
    except UnreadableError:
        return None
    return day.in_year(day.year) if day and day.year else None


def _plain(written: str) -> str:
    if len(written) > _LONGEST:
        raise UnreadableError("unreadable-time", f"'{written[:40]}...' is too long for a time.", _EXAMPLES)
    if not written:
        raise UnreadableError("empty-time", "There is no time.", _EXAMPLES)
    if _RELATIVE.search(written):
        message = f"'{written}' means another time to everybody who reads it later."
        raise UnreadableError(
            "relative-time", message, "Write the time itself, such as 'Sep 4 5:33pm Eastern'."
        )
    return " ".join(written.translate(_DASHES).split())


def _zone(written: str, rest: str) -> NamedZone | None:
    if not rest:
        return None
    try:
        return find_zone(rest)
    except UnreadableError as error:
        if any(character.isdigit() for character in rest):
            raise _unreadable(written, rest) from error
        raise


def _unreadable(written: str, rest: str) -> UnreadableError:
    lines: list[str] = []
    if (match := _NO_COLON.search(rest)) and _is_zone(rest.replace(match[0], "")):
        lines = [_NO_COLON.sub(r"\g<hour>:\g<minute>", written, count=1)]
    elif (match := _HOUR_ALONE.search(rest)) and _is_zone(rest.replace(match[0], "")):
        lines = [_HOUR_ALONE.sub(rf"\g<hour>{half}", written, count=1) for half in ("am", "pm")]
    choices = " or ".join(f"'{line}'" for line in lines)
    hint = f"Write {choices}." if lines else _EXAMPLES
    return UnreadableError("unreadable-time", f"'{written}' is not understood as a time.", hint)


def _is_zone(text: str) -> bool:
    try:
        return not text.strip() or bool(find_zone(text))
    except UnreadableError:
        return False
