"""Addresses that a visitor may be sent to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

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
