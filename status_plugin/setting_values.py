"""How the values of settings are read: each reader returns what the plugin uses or raises ValueError.

The message says what the value must be, to stand behind the setting's name.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from status_plugin.core.sayings import LANGUAGE_CODE


def folder(value: Any) -> Path:
    """A folder's path."""
    if not isinstance(value, str | os.PathLike) or not str(value):
        raise ValueError("must be the path of a folder")
    return Path(value)


def folder_or_none(value: Any) -> Path | None:
    """A folder's path; empty for none."""
    return None if value in (None, "") else folder(value)


def private_file(value: Any) -> Path | None:
    """The path of a file that holds addresses with passwords, never such an address; empty for none."""
    if value in (None, ""):
        return None
    if "://" in str(value):
        raise ValueError("must be the path of a file that holds such addresses")
    return some_file(value)


def post_address(value: Any) -> str:
    """A pattern that gives each post an address of its own."""
    found = re.fullmatch(r"(?:https?:/)?(?:/(?:[\w.~%:-]|\{(?:year|month|day|slug|path)\})*)+", str(value))
    if not isinstance(value, str) or not found or not ("{slug}" in value or "{path}" in value):
        raise ValueError(
            "must be an address that begins with '/' or https://, with {slug} or {path} in it, and no "
            "other parts in braces than {year}, {month}, {day}"
        )
    return value


def frame_ancestors(value: Any) -> tuple[str, ...]:
    """Sources as the header `frame-ancestors` takes them; none if nothing is said."""
    names = value.split() if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise ValueError("must be a text or a list of texts")
    return tuple(_ancestor(name, alone=len(names) == 1) for name in names)


def _ancestor(name: Any, *, alone: bool) -> str:
    word = str(name).strip("'").lower()
    if word == "self" or (alone and word in ("none", "*")):
        return word if word == "*" else f"'{word}'"
    if isinstance(name, str) and re.fullmatch(
        r"https?://(\*\.)?[\w-]+(\.[\w-]+)*(:(\d+|\*))?", name, re.ASCII
    ):
        return name
    raise ValueError(
        "must hold addresses of sites, such as https://forum.example.org, or '*' or 'none' alone"
    )


def url_prefix(value: Any) -> str:
    """Where pages are mounted: no slash at the end."""
    if not isinstance(value, str) or not re.fullmatch(r"(/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+", value):
        raise ValueError("must be a path that begins with '/', does not end with one and has no '..' in it")
    return value


def zone(value: Any) -> tzinfo:
    """A time zone, by its name."""
    if isinstance(value, tzinfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = difflib.get_close_matches(str(value), available_timezones(), n=1)
        guess = f" (did you mean '{close[0]}'?)" if close else ""
        raise ValueError(f"must be the name of a time zone{guess}") from None


def language(value: Any) -> str:
    """The code of a language."""
    if not isinstance(value, str) or not LANGUAGE_CODE.fullmatch(value):
        raise ValueError("must be the code of a language, such as 'en', 'de' or 'pt-BR'")
    return value


def languages(value: Any) -> tuple[str, ...]:
    """The codes of some languages, in order; none if nothing is said."""
    codes = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(codes, list | tuple):
        raise ValueError("must be a list of codes of languages")
    return tuple(dict.fromkeys(map(language, codes)))


def monitors(value: Any) -> tuple[str, ...]:
    """The names of monitoring sources, in order."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError("must be a text such as 'nagios:/path', or a list of such texts")
    if not all(name.strip() for name in names):
        raise ValueError("must name a source, or be [] for none")
    return tuple(names)


def monitor_map(value: Any) -> Mapping[str, Any] | Path | None:
    """A mapping, or the path of a file that holds one."""
    if value is None or isinstance(value, Mapping):
        return value
    if isinstance(value, str | os.PathLike) and str(value) and "\0" not in str(value):
        return Path(value)
    raise ValueError("must be a mapping or the path of a YAML file")


def file(value: Any) -> Path | None:
    """A file's path; empty for none."""
    return None if value in (None, "") else some_file(value)


def some_file(value: Any) -> Path:
    """A file's path."""
    if not isinstance(value, str | os.PathLike) or not str(value) or "\0" in str(value):
        raise ValueError("must be the path of a file")
    return Path(value)


def seconds(value: Any) -> timedelta:
    """A length of time."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 86400:
        raise ValueError("must be a number of seconds above 0 and at most 86400")
    return timedelta(seconds=value)


def delay(value: Any) -> timedelta:
    """A length of time that may be none at all."""
    return timedelta() if value == 0 and not isinstance(value, bool) else seconds(value)


def hours(value: Any) -> timedelta:
    """A length of time that may be none at all, in hours."""
    if isinstance(value, timedelta):
        value = value.total_seconds() / 3600
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 8784:
        raise ValueError("must be a number of hours from 0 to 8784")
    return timedelta(hours=value)


def names(value: Any) -> frozenset[str]:
    """A set of names, from a list or from one text with commas or blanks."""
    words = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(words, list | tuple | set | frozenset) or not all(isinstance(w, str) for w in words):
        raise ValueError("must be a list of names")
    return frozenset(words)


def token(value: Any) -> str:
    """A secret that is hard to guess and can stand in a header; empty for none."""
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]{16,200}", value):
        raise ValueError("must be a text of 16 to 200 characters without blanks")
    return value


def cache(value: Any) -> Mapping[str, Any]:
    """A Flask-Caching configuration."""
    if not isinstance(value, Mapping) or not isinstance(value.get("CACHE_TYPE"), str):
        raise ValueError("must be a Flask-Caching configuration with a CACHE_TYPE")
    return value


def count(value: Any) -> int:
    """A number of entries."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
        raise ValueError("must be a whole number from 1 to 100")
    return value


def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise ValueError("must be True or False")
    return value


def address(value: Any) -> str:
    """An address that a page may link to; empty for none."""
    if value in (None, ""):
        return ""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or not (
        parts.scheme in ("https", "http", "mailto", "tel") or (value.startswith("/") and not parts.netloc)
    ):
        raise ValueError("must be an address that begins with https://, http://, mailto:, tel: or '/'")
    return str(value)


def site_address(value: Any) -> str:
    """The complete address of a site, without a slash at the end; empty for none."""
    if value in (None, ""):
        return ""
    parts = urlsplit(value) if isinstance(value, str) else None
    if (
        parts is None
        or parts.scheme not in ("https", "http")
        or not parts.hostname
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        raise ValueError("must be a complete address that begins with https:// or http://")
    return str(value).rstrip("/")
