"""Times of day as people write them: `5:33pm`, `17:33`, `noon`, `just after midnight`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from status_plugin.core.problems import UnreadableError


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A time of day.

    `vague` says that only its neighbourhood is meant. `unsure_half` marks one such as "5:33" whose
    writer may have meant the afternoon.
    """

    time: time
    vague: bool = False
    unsure_half: bool = False


_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE
_SECONDS = r"(?: :(?P<second>[0-9]{2}) (?:[.,][0-9]{1,9})? )?"
_BEFORE = r"(?<![0-9:.+-])"

_HALVED = re.compile(
    rf"""{_BEFORE} (?P<hour>[0-9]{{1,2}}) (?: [:.h](?P<minute>[0-9]{{2}}) {_SECONDS} )?
    (?: [ ]?(?P<half>[ap])\.?[ ]?m\b\.? | (?P<letter>[ap])\b )""",
    _FLAGS,
)
_FULL = re.compile(
    rf"""{_BEFORE} (?P<hour>[0-9]{{1,2}}) [:h](?P<minute>[0-9]{{2}}) {_SECONDS} (?![0-9:])
    (?: [ ]?(?:h|hrs?|hours|uhr)\b )?""",
    _FLAGS,
)
_NOON = re.compile(r"\b (?: 12 (?:[:.]00)? (?:[ ]?p\.?m\.?)? [ ]? )? (?: noon | midday ) \b", _FLAGS)
_MIDNIGHT = re.compile(
    r"\b (?: (?P<side>after|past|before)[ ] )? (?: 12 (?:[:.]00)? (?:[ ]?a\.?m\.?)? [ ]? )? midnight \b",
    _FLAGS,
)
_PART_OF_DAY = re.compile(
    r"""\b (?:in[ ]the[ ])? (?:(?:early|late|mid)[ -])?
    (?P<part> morning | afternoon | evening | night | overnight ) \b""",
    _FLAGS,
)
_PARTS_BEGIN = {"overnight": 0, "morning": 6, "afternoon": 12, "evening": 18, "night": 21}


def take_clock(text: str) -> tuple[Clock | None, str]:
    """The time of day that a text names and the rest of the text; UnreadableError if there is none such."""
    for pattern, read in ((_MIDNIGHT, _midnight), (_NOON, _noon), (_HALVED, _halved), (_FULL, _full)):
        match = pattern.search(text)
        if match:
            return read(match), f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def take_part_of_day(text: str) -> tuple[Clock | None, str]:
    """The beginning of the part of the day ("in the morning") that a text names, and the rest of the text."""
    match = _PART_OF_DAY.search(text)
    if not match:
        return None, text
    begins = Clock(time=time(_PARTS_BEGIN[match["part"].lower()]), vague=True)
    return begins, f"{text[: match.start()]} {text[match.end() :]}"


def _midnight(match: re.Match[str]) -> Clock:
    if not match["side"]:
        raise UnreadableError(
            "midnight",
            f"'{match[0]}' may be the beginning of the day or its end.",
            "Write '00:00' with the day that begins, or '11:59pm' with the day that ends.",
        )
    # The end of a day is named by its last minute, so that the day stays the one that was written.
    return Clock(time=time(23, 59) if match["side"].lower() == "before" else time(0), vague=True)


def _noon(_: re.Match[str]) -> Clock:
    return Clock(time=time(12))


def _halved(match: re.Match[str]) -> Clock:
    hour, minute, second = _numbers(match)
    is_afternoon = (match["half"] or match["letter"]).lower() == "p"
    # "00:20am" is what a hand writes just after midnight, and can mean nothing else.
    if not (1 <= hour <= 12 or (hour == 0 and not is_afternoon)):
        twelve = f"{(hour - 1) % 12 + 1}:{minute:02}{'pm' if hour > 12 else 'am'}"
        raise UnreadableError(
            "impossible-time",
            f"'{match[0]}' mixes the 12-hour and the 24-hour clock.",
            f"Write '{hour:02}:{minute:02}' or '{twelve}'.",
        )
    return Clock(time=time(hour % 12 + 12 * is_afternoon, minute, second))


def _full(match: re.Match[str]) -> Clock:
    unsure = len(match["hour"]) == 1 and match["hour"] != "0"
    return Clock(time=time(*_numbers(match)), unsure_half=unsure)


def _numbers(match: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if hour < 24 and minute < 60 and second < 60:
        return hour, minute, second
    raise UnreadableError(
        "impossible-time",
        f"'{match[0]}' is not a time of day.",
        "Hours run from 00 to 23 (the end of a day is '00:00' of the next), minutes from 00 to 59.",
    )
