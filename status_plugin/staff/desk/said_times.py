"""Times as they are given on the command line, where "now" and "tomorrow" are clear."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import Lean, Moment, Neighbour, place
from status_plugin.core.times.spans import read_duration
from status_plugin.core.times.time_parts import read_time_parts

_DAY_WORDS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_DAY_WORD = re.compile(rf"\b(?:{'|'.join(_DAY_WORDS)})\b", re.IGNORECASE)
_LATER = re.compile(r"in\s+(.+)", re.IGNORECASE)
_EARLIER = re.compile(r"(.+?)\s+ago", re.IGNORECASE)


def said_time(text: str, *, now: datetime, zone: tzinfo, lean: Lean) -> Moment:
    """The time that somebody means at `now`; else UnreadableError.

    Besides what notes may hold, "now", "in 30 min", "20 min ago" and "tomorrow 4pm" are understood.
    """
    plain = " ".join(text.split())
    now = _whole_minute(now)
    distance = _distance(plain)
    if distance is not None:
        return Moment(at=now + distance, written=plain, zone=zone)
    local = now.astimezone(zone)
    word = _DAY_WORD.search(plain)
    if word:
        day = local.date() + timedelta(days=_DAY_WORDS[word[0].lower()])
        plain = f"{plain[: word.start()]}{day}{plain[word.end() :]}"
    moment, doubts = place(read_time_parts(plain), zone=zone, beside=Neighbour(at=local, lean=lean))
    if doubts:
        raise UnreadableError(doubts[0].rule, doubts[0].message, doubts[0].hint)
    return moment


def _distance(plain: str) -> timedelta | None:
    """How far a time lies from now, None for a time that is told otherwise."""
    if plain.casefold() == "now":
        return timedelta()
    if later := _LATER.fullmatch(plain):
        return read_duration(later[1])
    if earlier := _EARLIER.fullmatch(plain):
        return -read_duration(earlier[1])
    return None


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
