"""Time zones by the names that people write: `Eastern`, `EDT`, `UTC+2`, `Europe/Berlin`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from status_plugin.core.problems import UnreadableError


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedZone:
    """A zone as somebody named it.

    `expects_dst` is whether the name holds only in summer (True, "EDT") or only in winter (False,
    "EST"); None when it holds all year round ("Eastern").
    """

    info: tzinfo
    expects_dst: bool | None = None


# Place, names for the whole year, for standard time alone, for summer time alone.
_PLACES = (
    ("America/New_York", "eastern, et", "est", "edt"),
    ("America/Chicago", "central, ct", "cst", "cdt"),
    ("America/Denver", "mountain, mt", "mst", "mdt"),
    ("America/Los_Angeles", "pacific, pt", "pst", "pdt"),
    ("America/Anchorage", "alaska, akt", "akst", "akdt"),
    ("Pacific/Honolulu", "hawaii, ht", "hst", ""),
    ("America/Halifax", "atlantic", "ast", "adt"),
    ("America/St_Johns", "newfoundland", "nst", "ndt"),
    ("America/Sao_Paulo", "brasilia, brt", "", ""),
    ("Europe/London", "british, uk", "", "bst"),
    ("Europe/Lisbon", "western european", "wet", "west"),
    ("Europe/Berlin", "central european", "cet, mez", "cest, mesz"),
    ("Europe/Athens", "eastern european", "eet", "eest"),
    ("Europe/Istanbul", "trt", "", ""),
    ("Europe/Moscow", "moscow, msk", "", ""),
    ("Africa/Johannesburg", "sast", "", ""),
    ("Asia/Karachi", "pkt", "", ""),
    ("Asia/Kolkata", "india, indian", "", ""),
    ("Asia/Jakarta", "wib", "", ""),
    ("Asia/Singapore", "sgt", "", ""),
    ("Asia/Hong_Kong", "hkt", "", ""),
    ("Asia/Manila", "pht", "", ""),
    ("Asia/Tokyo", "japan, jst", "", ""),
    ("Asia/Seoul", "korea, kst", "", ""),
    ("Australia/Perth", "australian western, awst", "", ""),
    ("Australia/Adelaide", "australian central", "acst", "acdt"),
    ("Australia/Sydney", "australian eastern, aet", "aest", "aedt"),
    ("Pacific/Auckland", "new zealand, nzt", "nzst", "nzdt"),
)
_SEASONS = {"standard": False, "daylight": True, "summer": True}

_UTC_NAMES = ("utc", "gmt", "z", "zulu", "ut", "uct", "coordinated universal", "greenwich mean", "greenwich")

_AMBIGUOUS = {
    "ist": ("India", "Europe/Dublin", "Asia/Jerusalem"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "amt": ("America/Manaus", "Asia/Yerevan"),
}

_OFFSET = re.compile(r"(?:(utc|gmt) ?)?([+-])([0-9]{1,2}):?([0-9]{2})?")
_WIDEST_OFFSET = timedelta(hours=14)


def _tabulate() -> dict[str, tuple[str, bool | None]]:
    names: dict[str, tuple[str, bool | None]] = {}
    for place, always, standard, summer in _PLACES:
        for words, expects_dst in ((always, None), (standard, False), (summer, True)):
            names |= {name: (place, expects_dst) for name in words.split(", ") if name}
    return names


_KNOWN = _tabulate()


def find_zone(text: str) -> NamedZone:
    """The zone that a name or an offset from UTC means, in any case; else UnreadableError."""
    return _find(_plain(text), text.strip())


def _plain(text: str) -> str:
    words = text.casefold().replace("\N{MINUS SIGN}", "-").strip(" ()").replace("u.s.", "us")
    return " ".join(words.split()).removesuffix(" time")


@lru_cache(maxsize=512)
def _find(name: str, written: str) -> NamedZone:
    if name in _UTC_NAMES:
        return NamedZone(info=UTC)
    if name in _AMBIGUOUS:
        choices = ", ".join(f"'{place}'" for place in _AMBIGUOUS[name])
        message = f"'{written}' names several time zones."
        raise UnreadableError("ambiguous-zone", message, f"Write one of {choices}.")
    zone = _abbreviated(name.removeprefix("us ")) or _offset(name) or _listed(name.replace(" ", "_"))
    if zone:
        return zone
    raise UnreadableError("unknown-zone", f"'{written}' is not a known time zone.", _suggest(name))


def _abbreviated(name: str) -> NamedZone | None:
    if name in _KNOWN:
        place, expects_dst = _KNOWN[name]
        return NamedZone(info=ZoneInfo(place), expects_dst=expects_dst)
    country, _, season = name.rpartition(" ")
    if country in _KNOWN and season in _SEASONS:
        return NamedZone(info=ZoneInfo(_KNOWN[country][0]), expects_dst=_SEASONS[season])
    return None


def _listed(name: str) -> NamedZone | None:
    key = _keys().get(name)
    return NamedZone(info=ZoneInfo(key)) if key else None


def _offset(name: str) -> NamedZone | None:
    match = _OFFSET.fullmatch(name)
    if not match:
        return None
    prefix, sign, hours, minutes = match.groups()
    # A bare "-18" is more often the end of a range of hours ("17-18") than an offset.
    if not prefix and not minutes:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _WIDEST_OFFSET or int(minutes or 0) > 59:
        return None
    return NamedZone(info=timezone(-offset if sign == "-" else offset) if offset else UTC)


@lru_cache(maxsize=1)
def _keys() -> Mapping[str, str]:
    return {key.casefold(): key for key in available_timezones() - {"Factory", "localtime"}}


@lru_cache(maxsize=512)
def _suggest(name: str) -> str:
    known = {key.rpartition("/")[2]: _keys()[key] for key in sorted(_keys())}
    known |= _keys()
    known |= {word: word.upper() if len(word) < 5 else word.title() for word in _KNOWN}
    close = get_close_matches(name.replace(" ", "_")[:40], known, n=1, cutoff=0.75)
    if close:
        return f"Did you mean '{known[close[0]]}'?"
    return "Write a zone such as 'Eastern', 'EDT', 'UTC', '-04:00' or 'America/New_York'."
