"""Times written in the manner of a note, as short as they can be without being misread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import Moment, Neighbour, place
from status_plugin.core.times.time_parts import read_time_parts
from status_plugin.core.times.writing import written
from status_plugin.core.times.zones import find_zone

_HALVED = re.compile(r"\d ?[ap]\.? ?m\b", re.IGNORECASE)
_FULL = re.compile(r"\d[:h]\d\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeStyle:
    """How somebody writes times: by which clock, and what the zone is called; "" leaves the zone out."""

    is_full_day: bool = False
    zone_word: str = ""

    @property
    def without_zone(self) -> TimeStyle:
        """The same, with the zone left out."""
        return replace(self, zone_word="")

    def clock(self, local: datetime) -> str:
        """A time of day, such as `5:33pm` or `17:33`."""
        seconds = f":{local:%S}" if local.second else ""
        if self.is_full_day:
            return f"{local:%H:%M}{seconds}"
        return f"{local.hour % 12 or 12}:{local:%M}{seconds}{'am' if local.hour < 12 else 'pm'}"


def style_of(text: str) -> TimeStyle | None:
    """The style of a time that somebody wrote; None when it tells no time of day."""
    if not _HALVED.search(text) and not _FULL.search(text):
        return None
    return TimeStyle(is_full_day=not _HALVED.search(text), zone_word=_zone_word(text))


def time_text(
    moment: Moment, style: TimeStyle, *, zone: tzinfo, beside: Neighbour | None, is_dated: bool = False
) -> str:
    """The shortest text in a style that the reader takes for this moment, beside a time that it knows.

    The day is left out only beside a time of the same day, and never with `is_dated`. `zone` is the
    one that counts without a name. A vague moment keeps its own words. Raises UnreadableError where
    none can be found.
    """
    if not moment.exact:
        return _vague_text(moment, style, zone, beside)
    for word in dict.fromkeys((style.zone_word, _abbreviation(moment.at, zone))):
        for text in _texts(moment.at, style, word, zone, None if is_dated else beside):
            if _reads_as(text, moment, zone, beside):
                return text
    return written(moment.at, zone)


def _texts(
    at: datetime, style: TimeStyle, word: str, zone: tzinfo, beside: Neighbour | None
) -> Iterator[str]:
    local = at.astimezone(find_zone(word).info if word else zone)
    clock = " ".join(filter(None, (style.clock(local), word)))
    if beside and beside.at.astimezone(local.tzinfo).date() == local.date():
        yield clock
    yield f"{local:%Y-%m-%d} {clock}"


def _abbreviation(at: datetime, zone: tzinfo) -> str:
    """The zone's name on that day, "" where nobody would read it so."""
    name = at.astimezone(zone).tzname() or ""
    try:
        return name if find_zone(name) else ""
    except UnreadableError:
        return ""


def _vague_text(moment: Moment, style: TimeStyle, zone: tzinfo, beside: Neighbour | None) -> str:
    words, day = moment.written, f"{moment.local:%Y-%m-%d}"
    for text in (f"{words} {style.zone_word}", words, f"{day} {words} {style.zone_word}", f"{day} {words}"):
        if _reads_as(text.strip(), moment, zone, beside):
            return text.strip()
    raise UnreadableError("unreadable-time", f"'{words}' cannot be written here.", "Write a time of day.")


def _reads_as(text: str, moment: Moment, zone: tzinfo, beside: Neighbour | None) -> bool:
    try:
        read, doubts = place(read_time_parts(text), zone=zone, beside=beside)
    except UnreadableError:
        return False
    return read.at == moment.at and read.exact == moment.exact and not doubts


def _zone_word(text: str) -> str:
    """The end of a text that names a zone."""
    words = text.split()
    for start in range(1, len(words)):
        word = " ".join(words[start:]).strip("()")
        try:
            find_zone(word)
        except UnreadableError:
            continue
        return word
    return ""
