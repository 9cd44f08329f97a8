"""What the pages need of the site to look as they do on it: style sheets, scripts, pictures."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from status_plugin.staff.exporting.visitor import Fetched

FOLDER = "_site"

Rewrite = Callable[[str, str, str], str]
"""A style sheet, its address on the site and its path in the copy, as it is for the copy."""


class SiteFiles:
    """Fetches each file once, through the site itself; `found` holds by path what came of it.

    `missing` are the addresses at which the site has nothing: links to them stay on the site.
    """

    def __init__(self, fetch: Callable[[str], Fetched | None], script_name: str = "") -> None:
        self.found: dict[str, bytes] = {}
        self.missing: set[str] = set()
        self._fetch = fetch
        self._script_name = script_name
        self._paths: dict[str, str] = {}
        self.rewrite: Rewrite = lambda text, address, path: text

    def path(self, address: str) -> str | None:
        """Where the file at an address of the site, a path with its query, is in the copy; None for none."""
        if address in self._paths:
            return self._paths[address]
        if address in self.missing:
            return None
        below = address.startswith(f"{self._script_name}/")
        answer = self._fetch(address[len(self._script_name) :]) if below else None
        if answer is None:
            self.missing.add(address)
            return None
        path = _path(address)
        # Known before it is read: style sheets may name each other.
        self._paths[address] = path
        body = answer.body
        if answer.media_type == "text/css":
            body = self.rewrite(body.decode("utf-8", "replace"), address, path).encode()
        self.found[path] = body
        return path


def _path(address: str) -> str:
    parts = urlsplit(address)
    steps = [step for step in unquote(parts.path).split("/") if step not in ("", ".", "..")] or ["index"]
    path = PurePosixPath(FOLDER, *steps)
    if parts.query:
        mark = sha256(parts.query.encode()).hexdigest()[:8]
        path = path.with_name(f"{path.stem}.{mark}{path.suffix}")
    return str(path)
