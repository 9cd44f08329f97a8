"""Where a probe asks: `tcp://host:port`, `https://host/path`, `smtp://host`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit

USUAL_PORTS = {
    "tcp": None,
    "http": 80,
    "https": 443,
    "smtp": 25,
    "smtps": 465,
    "imap": 143,
    "imaps": 993,
    "pop3": 110,
    "pop3s": 995,
    "ftp": 21,
    "ftps": 990,
    "ssh": 22,
}
"""What can be asked for, and where it is when the address names no port."""

_ENCRYPTED = {"https": "http", "smtps": "smtp", "imaps": "imap", "pop3s": "pop3", "ftps": "ftp"}
_BLANK_OR_CONTROL = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One thing to ask of one server; `path` counts for HTTP alone."""

    scheme: str
    host: str = field(repr=False)
    port: int = field(repr=False)
    path: str = field(default="/", repr=False)

    @property
    def protocol(self) -> str:
        """What is spoken, in the clear or inside TLS."""
        return _ENCRYPTED.get(self.scheme, self.scheme)

    @property
    def is_encrypted(self) -> bool:
        """Whether the conversation begins with TLS."""
        return self.scheme in _ENCRYPTED

    @property
    def authority(self) -> str:
        """Host and port as a web server is told them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL_PORTS[self.scheme] else f"{host}:{self.port}"

    def redirected(self, location: str) -> Address | None:
        """Where a redirect leads, None when that is another host's business."""
        try:
            target = read_address(urljoin(f"{self.scheme}://{self.authority}{self.path}", location))
        except ValueError:
            return None
        return target if target.protocol == "http" and target.host == self.host else None


def read_address(text: str) -> Address:
    """The address that somebody wrote; raises ValueError, which never repeats it."""
    if _BLANK_OR_CONTROL.search(text):
        raise ValueError("An address has no blanks in it.")
    try:
        parts = urlsplit(text)
        port = parts.port or USUAL_PORTS.get(parts.scheme)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        # The original error quotes the address.
        raise ValueError(
            "An address is a scheme, '://', a host and, if need be, a colon and a port."
        ) from None
    if parts.scheme not in USUAL_PORTS:
        raise ValueError(f"An address begins with one of {', '.join(USUAL_PORTS)}, followed by '://'.")
    if parts.username is not None:
        raise ValueError("A probe does not log in: leave the user and password out.")
    if not host:
        raise ValueError("An address names a host after '://'.")
    if port is None:
        raise ValueError(f"'{parts.scheme}://' needs a port: a colon and a number after the host.")
    return Address(scheme=parts.scheme, host=host, port=port, path=_path(parts))


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return f"{path}?{query}" if query else path
