"""The settings of the plugin: one table that gives defaults, start-up errors and documentation."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

PREFIX = "STATUS_"


class SettingError(ValueError):
    """A setting that cannot be used: names the key, what was found, and a value that works."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One row of the table; `read` turns the site's value into ours or raises ValueError with the reason."""

    name: str
    default: Any
    read: Callable[[Any], Any]
    example: str
    help: str

    @property
    def key(self) -> str:
        """The key in Flask's configuration."""
        return PREFIX + self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings as the plugin uses them, one attribute for each row of the table."""

    content: Path
    url_prefix: str
    timezone: tzinfo
    monitor: tuple[str, ...]
    monitor_map: Mapping[str, Any] | Path | None
    monitor_ttl: timedelta
    monitor_max_age: timedelta
    monitor_timeout: timedelta
    cache: Mapping[str, Any]
    past_count: int
    contact_url: str
    copy_url: str
    which_server_url: str

    @property
    def zone(self) -> tzinfo:
        """The zone in which the page tells times."""
        return self.timezone


def _path(value: Any) -> Path:
    if not isinstance(value, str | os.PathLike) or not str(value):
        raise ValueError("must be the path of a folder")
    return Path(value)


def _url_prefix(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
        raise ValueError("must be a path that begins with '/' and does not end with one")
    return value


def _zone(value: Any) -> tzinfo:
    if isinstance(value, tzinfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = difflib.get_close_matches(str(value), available_timezones(), n=1)
        guess = f"; did you mean '{close[0]}'?" if close else ""
        raise ValueError(f"must be the name of a time zone{guess}") from None


def _monitors(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError("must be a text such as 'nagios:/path', or a list of such texts")
    return tuple(name for name in names if name)


def _monitor_map(value: Any) -> Mapping[str, Any] | Path | None:
    if value is None or isinstance(value, Mapping):
        return value
    if isinstance(value, str | os.PathLike) and str(value):
        return Path(value)
    raise ValueError("must be a mapping or the path of a YAML file")


def _seconds(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 86400:
        raise ValueError("must be a number of seconds above 0 and at most 86400")
    return timedelta(seconds=value)


def _cache(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not isinstance(value.get("CACHE_TYPE"), str):
        raise ValueError("must be a Flask-Caching configuration with a CACHE_TYPE")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
        raise ValueError("must be a whole number from 1 to 100")
    return value


def _address(value: Any) -> str:
    if value in (None, ""):
        return ""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or not (
        parts.scheme in ("https", "http", "mailto", "tel") or (value.startswith("/") and not parts.netloc)
    ):
        raise ValueError("must be an address that begins with https://, http://, mailto:, tel: or '/'")
    return str(value)


SETTINGS = (
    Setting(
        name="CONTENT",
        default="content",
        read=_path,
        example="'content'",
        help="The folder of notes; relative to the application's folder.",
    ),
    Setting(
        name="URL_PREFIX",
        default="/status",
        read=_url_prefix,
        example="'/status'",
        help="Where the pages are mounted in the site.",
    ),
    Setting(
        name="TIMEZONE",
        default="UTC",
        read=_zone,
        example="'America/New_York'",
        help="The zone in which the page tells times, and in which notes are read that name none.",
    ),
    Setting(
        name="MONITOR",
        default="probe:",
        read=_monitors,
        example="'nagios:/var/lib/nagios4/status.dat'",
        help="Where monitoring's word comes from; a list merges several. `probe:` needs nothing installed.",
    ),
    Setting(
        name="MONITOR_MAP",
        default=None,
        read=_monitor_map,
        example="'/etc/example/monitor.yml'",
        help="Which private host and check stands behind each public name: a mapping, or a YAML file "
        "outside the content folder. Without it `monitor.yml` in the instance folder, if it is there.",
    ),
    Setting(
        name="MONITOR_TTL",
        default=30,
        read=_seconds,
        example="30",
        help="Seconds after which monitoring is asked again.",
    ),
    Setting(
        name="MONITOR_MAX_AGE",
        default=300,
        read=_seconds,
        example="300",
        help="Seconds for which a source counts after its own time of writing; then its word is unknown.",
    ),
    Setting(
        name="MONITOR_TIMEOUT",
        default=5,
        read=_seconds,
        example="5",
        help="Seconds that one question to monitoring may take.",
    ),
    Setting(
        name="CACHE",
        default={"CACHE_TYPE": "SimpleCache"},
        read=_cache,
        example="{'CACHE_TYPE': 'RedisCache', 'CACHE_REDIS_URL': 'redis://localhost:6379/0'}",
        help="Flask-Caching's configuration for what all workers share; not used when the site passes "
        "its own `Cache` to `StatusPlugin`.",
    ),
    Setting(
        name="PAST_COUNT",
        default=5,
        read=_count,
        example="5",
        help="How many past alerts the page shows; every note is in the archives.",
    ),
    Setting(
        name="CONTACT_URL",
        default="",
        read=_address,
        example="'https://www.example.com/contact'",
        help="Where visitors report a problem that the page does not show.",
    ),
    Setting(
        name="COPY_URL",
        default="",
        read=_address,
        example="'https://status.example.net/'",
        help="Where a copy of the page lives when this site is down; printed on every page.",
    ),
    Setting(
        name="WHICH_SERVER_URL",
        default="",
        read=_address,
        example="'https://www.example.com/my-server'",
        help="Where clients find out which server they are on.",
    ),
)
"""Every setting there is."""


def read_settings(config: Mapping[str, Any], root: Path, instance: Path) -> Settings:
    """The settings of an application; raises SettingError for the first value that cannot be used."""
    values = {setting.name.lower(): _read(setting, config) for setting in SETTINGS}
    values["content"] = root / values["content"]
    if not values["content"].is_dir():
        raise SettingError(
            f"STATUS_CONTENT: there is no folder {str(values['content'])!r}. "
            "Make it, with components.yml in it, or set the path of the folder of notes."
        )
    if isinstance(values["monitor_map"], Path):
        values["monitor_map"] = instance / values["monitor_map"]
    elif values["monitor_map"] is None and (instance / "monitor.yml").is_file():
        values["monitor_map"] = instance / "monitor.yml"
    return Settings(**values)


def strange_keys(config: Mapping[str, Any]) -> dict[str, str]:
    """Keys that look like ours and are not, each with the key that was probably meant."""
    known = {setting.name for setting in SETTINGS}
    ours = [key.removeprefix(PREFIX) for key in config if key.startswith(PREFIX)]
    guesses = {
        name: difflib.get_close_matches(name, known, n=1, cutoff=0.75) for name in ours if name not in known
    }
    return {PREFIX + name: PREFIX + guess[0] for name, guess in guesses.items() if guess}


def _read(setting: Setting, config: Mapping[str, Any]) -> Any:
    value = config.get(setting.key, setting.default)
    try:
        return setting.read(value)
    except ValueError as error:
        # A map or a monitor's address may hold a password: the kind of value is named, not the value.
        private = setting.name in ("MONITOR", "MONITOR_MAP", "CACHE")
        found = f"a {type(value).__name__}" if private else repr(value)
        raise SettingError(
            f"{setting.key} {error}, not {found}. Example: {setting.key} = {setting.example}"
        ) from None
