"""Where a source asks by HTTP: `kind+https://user:password@host:port/path?options`.

User and password may stand in the environment or in a file instead: `${NAME}`, `${/path/to/file}`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from status_plugin.core.notes.findings import suggestion
from status_plugin.sources.monitors import MonitorSettingError

EXAMPLE = "https://status:${MONITOR_PASSWORD}@monitor.example.net/"

_PLACEHOLDER = r"\$\{[^{}]*\}"
_NAME = re.compile(
    r"\s*[\w.-]+[+:](?P<scheme>https?)://"
    rf"(?:(?P<user>(?:{_PLACEHOLDER}|[^/?#:$]|\$(?!\{{))*)"
    rf"(?::(?P<password>(?:{_PLACEHOLDER}|[^/?#$]|\$(?!\{{))*))?@)?"
    r"(?P<rest>[^\s\x00-\x20\x7f]*)\s*",
    re.ASCII | re.IGNORECASE,
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password, for HTTP Basic; neither is ever shown."""

    user: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpAddress:
    """One web server and a place on it; nothing of it is public.

    `path` begins with a slash and is encoded, and so is `query`. `host` is as the name service wants it.
    """

    is_encrypted: bool
    host: str = field(repr=False)
    port: int = field(repr=False)
    path: str = field(repr=False)
    query: str = field(default="", repr=False)
    credentials: Credentials | None = None

    @property
    def url(self) -> str:
        """The address without credentials and query, for DEBUG."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_encrypted else 'http'}://{host}:{self.port}{self.path}"

    @property
    def target(self) -> str:
        """Path and query as they were written."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def below(self, path: str) -> str:
        """The encoded path of something below the address's own."""
        return f"{self.path.rstrip('/')}/{quote(path.lstrip('/'))}" if path else self.path

    def options(self, *known: str) -> Mapping[str, str]:
        """What stands behind the question mark; MonitorSettingError for an option that is not `known`."""
        found = dict(parse_qsl(self.query, keep_blank_values=True))
        for name in (name for name in found if name not in known):
            raise MonitorSettingError(
                f"There is an option behind the '?' that this source does not know. {suggestion(name, known)}"
            )
        return found


def read_http_address(name: str, example: str) -> HttpAddress:
    """The address in a source's full name; MonitorSettingError, with the example, if there is none."""
    match = _NAME.fullmatch(name)
    parts = _split(f"{match['scheme'].lower()}://{match['rest']}") if match else None
    if match is None or parts is None:
        raise MonitorSettingError(
            f"This source takes an address such as '{example}': '://', then perhaps a user, ':', a password "
            "and '@', then a host, and no blanks."
        )
    is_encrypted = parts.scheme == "https"
    return HttpAddress(
        is_encrypted=is_encrypted,
        host=(parts.hostname or "").encode("idna").decode("ascii"),
        port=parts.port or (443 if is_encrypted else 80),
        path=quote(parts.path or "/", safe="/%:@!$&'()*+,;=~"),
        query=quote(parts.query, safe="/%:@!$&'()*+,;=~?"),
        credentials=_credentials(match["user"], match["password"]),
    )


def _split(url: str) -> SplitResult | None:
    """The parts of an address, None if it cannot be one."""
    try:
        parts = urlsplit(url)
        is_one = bool((parts.hostname or "").encode("idna")) and parts.port != 0 and not parts.fragment
    except ValueError:
        return None
    return parts if is_one and parts.username is None else None


def _credentials(user: str | None, password: str | None) -> Credentials | None:
    if user is None:
        return None
    return Credentials(_filled(user), _filled(password or ""))


def _filled(written: str) -> str:
    """The text with what its placeholders stand for; only what stands between them is %-decoded."""
    pieces = re.split(f"({_PLACEHOLDER})", written)
    return "".join(
        _secret(piece[2:-1].strip()) if number % 2 else unquote(piece) for number, piece in enumerate(pieces)
    )


def _secret(place: str) -> str:
    """The text in a variable of the environment, or the first line of a file."""
    if place.startswith("/"):
        return _first_line(place)
    if not _VARIABLE.fullmatch(place):
        raise MonitorSettingError(
            "Between '${' and '}' stands the name of a variable of the environment or the absolute path of a "
            "file, like '${MONITOR_PASSWORD}' or '${/etc/example/monitor-password}'."
        )
    found = os.environ.get(place, "")
    if not found:
        raise MonitorSettingError(f"The variable {place} of the environment is not set, or is empty.")
    return found


def _first_line(path: str) -> str:
    complaint = "it is empty"
    try:
        found = Path(path).read_bytes().decode().partition("\n")[0].rstrip("\r")
    except (OSError, ValueError) as error:
        found = ""
        complaint = (error.strerror or "") if isinstance(error, OSError) else "it is not UTF-8 text"
    if not found:
        raise MonitorSettingError(f"{path} holds no password that can be read: {complaint}.")
    return found
