"""Addresses that a visitor may be sent to, and addresses of notes as people write them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

NOTE_ADDRESS = r"(?:incident|maintenance):([\w-]{1,200})"
"""The address of a note in Markdown; either word finds a note of either kind."""

_NOTE = re.compile(r"(?:incident|maintenance):(.*)", re.DOTALL)
_UNSAFE = re.compile(r"[\s\\<>\"'`\x00-\x1f\x7f-\x9f]")


def is_on_site(url: str) -> bool:
    """Whether a text is an address on the same site, beginning with a slash."""
    return url.startswith("/") and not url.startswith("//") and not _UNSAFE.search(url)


def is_web_address(url: str) -> bool:
    """Whether a text is a full address of the web."""
    if _UNSAFE.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def note_slug(address: str) -> str | None:
    """The slug in `incident:slug` or `maintenance:slug`, whether or not there is such a note."""
    found = _NOTE.fullmatch(address)
    return found[1] if found else None
