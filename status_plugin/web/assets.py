"""The style sheet and the script, in memory, each under a name that changes with its content."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from flask import url_for


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """A file for browsers; `version` is the short hash of its content."""

    content: bytes
    media_type: str
    version: str


def _read(name: str, media_type: str) -> Asset:
    content = files("status_plugin").joinpath("static", name).read_bytes()
    return Asset(content=content, media_type=media_type, version=sha256(content).hexdigest()[:12])


ASSETS = {
    "status.css": _read("status.css", "text/css; charset=utf-8"),
    "status.js": _read("status.js", "text/javascript; charset=utf-8"),
}
"""Read once at the start: a page or a notice on the front page never waits for them."""


def asset_address(name: str) -> str:
    """Where a browser gets the file, and keeps it for as long as it does not change."""
    return url_for("status.asset", name=name, v=ASSETS[name].version)
