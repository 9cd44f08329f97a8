"""Lengths of time as people write them: `2h`, `15-20 min`, `under 30 min`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from status_plugin.core.problems import UnreadableError


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A length of time that somebody wrote; `longest` is None when the words give no limit."""

    written: str
    longest: timedelta | None


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_NUMBERS = {
    "half an": "0.5", "half a": "0.5", "an": "1", "a": "1", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12",
    "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "forty-five": "45", "sixty": "60",
    "ninety": "90",
}  # fmt: skip
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_LONGEST = timedelta(days=366)
_EXAMPLES = "Write it like '2h', '90 min' or '1h 30min'."

_HALF = re.compile(r"([0-9]*) ?½")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b(?=[ -])")
_BARE_MINUTES = re.compile(r"(?<=[0-9]h) ?([0-9]{1,2})(?![0-9]| ?[a-z])")
_LENGTH = re.compile(
    r"""(?<![0-9.,:])
    (?P<lower> (?<!no[ ]) (?<!not[ ]) \b (?: at[ ]least | (?:more|longer)[ ]than | over | minimum ) [ ] )?
    (?P<range> [0-9]{1,6} [ ]? (?: - | to | and | or ) [ ]? )?
    (?P<number> [0-9]{1,6} (?:[.,][0-9]{1,2})? ) (?P<open>\+)? [ -]?
    (?P<unit> s(?:ecs?|econds?)? | m(?:ins?|inutes?)? | h(?:rs?|ours?)? | d(?:ays?)? | w(?:eeks?)? ) (?![a-z])
    \.?""",
    re.ASCII | re.VERBOSE,
)
_JOINT = re.compile(r" ?(?:,|and|, and)? ?")
# With these ("an hour and a half", "a minute or two") the numbers alone would say too little.
_UNCOUNTED = re.compile(r"\b(?:half|quarters?|or two|or so)\b")
_NONE = re.compile(r"(?:none|no|nil|zero)(?: (?:downtime|interruption|outage|expected|at all|planned))*\.?")


def read_span(text: str) -> Span:
    """A length of time in anybody's words; `none` is zero."""
    plain = _plain(text)
    limits = [
        length.value for length in _lengths(plain) if length.value <= _LONGEST and not length.is_lower_bound
    ]
    if _NONE.fullmatch(plain):
        limits = [timedelta(0)]
    elif _UNCOUNTED.search(plain):
        limits = []
    return Span(written=text.strip(), longest=max(limits, default=None))


def read_duration(text: str) -> timedelta:
    """A length of time that is exact, such as `2h` or `1 hour 30 minutes`; else UnreadableError."""
    plain = _plain(text)
    length = next(_lengths(plain), None)
    if not length or length.covers != (0, len(plain)) or length.is_lower_bound or length.is_range:
        hint = f"Write '{plain} min' or '{plain}h'." if plain.isdecimal() else _EXAMPLES
        raise UnreadableError("unreadable-duration", f"'{text.strip()}' is not a length of time.", hint)
    if not length.value:
        raise UnreadableError("impossible-duration", f"'{text.strip()}' is no time at all.", _EXAMPLES)
    if length.value > _LONGEST:
        raise UnreadableError("impossible-duration", f"'{text.strip()}' is longer than a year.", _EXAMPLES)
    return length.value


@dataclass(frozen=True, kw_only=True, slots=True)
class _Length:
    value: timedelta
    covers: tuple[int, int]
    is_lower_bound: bool
    is_range: bool


def _plain(text: str) -> str:
    plain = " ".join(text.casefold().translate(_DASHES).split())
    plain = _HALF.sub(lambda match: f"{match[1] or 0}.5", plain)
    plain = _NUMBER_WORD.sub(lambda match: _NUMBERS[match[0]], plain)
    return _BARE_MINUTES.sub(r" \1min", plain)


def _lengths(plain: str) -> Iterator[_Length]:
    """The lengths in a text; `1 hour 30 minutes` and `1h, 30 min` are one."""
    parts: list[re.Match[str]] = []
    for match in _LENGTH.finditer(plain):
        if parts and not _continues(parts[-1], match):
            yield _sum(parts)
            parts = []
        parts.append(match)
    if parts:
        yield _sum(parts)


def _continues(before: re.Match[str], match: re.Match[str]) -> bool:
    is_smaller = _UNITS[match["unit"][0]] < _UNITS[before["unit"][0]]
    return is_smaller and bool(_JOINT.fullmatch(match.string, before.end(), match.start()))


def _sum(parts: list[re.Match[str]]) -> _Length:
    seconds = sum(float(part["number"].replace(",", ".")) * _UNITS[part["unit"][0]] for part in parts)
    return _Length(
        value=timedelta(seconds=seconds),
        covers=(parts[0].start(), parts[-1].end()),
        is_lower_bound=any(part["lower"] or part["open"] for part in parts),
        is_range=any(part["range"] for part in parts),
    )
