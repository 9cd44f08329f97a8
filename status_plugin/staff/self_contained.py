"""A page as one file that looks from a disk as it does from the site."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from html import unescape

from flask import Flask

_TAG = re.compile(r"<link\b[^>]*>|<script\b[^>]*\bsrc=[^>]*></script>|<img\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)

Fetch = Callable[[str], tuple[str, bytes] | None]


def self_contained(app: Flask, page: bytes) -> bytes:
    """The page with the site's own style sheets, scripts and pictures inside it; what is elsewhere stays."""
    text = page.decode("utf-8", "replace")
    return _TAG.sub(lambda tag: _inside(tag[0], lambda address: _fetched(app, address)), text).encode()


def _inside(tag: str, fetch: Fetch) -> str:
    attributes = {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(tag)
    }
    name = re.match(r"<([a-z]+)", tag, re.IGNORECASE)
    kind = name[1].lower() if name else ""
    if kind == "link":
        is_style = "stylesheet" in attributes.get("rel", "").lower().split()
        found = fetch(attributes.get("href", "")) if is_style else None
        return f"<style>{_kept_in('style', found[1])}</style>" if found else tag
    found = fetch(attributes.get("src", ""))
    if found is None:
        return tag
    if kind == "script":
        # A module waits for the page, as the script did in its own file.
        return f'<script type="module">{_kept_in("script", found[1])}</script>'
    data = f"data:{found[0]};base64,{b64encode(found[1]).decode()}"
    return re.sub(r"""\bsrc\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", f'src="{data}"', tag, count=1)


def _kept_in(element: str, content: bytes) -> str:
    """Text that cannot end the element it stands in."""
    return re.sub(rf"</(?={element})", r"<\\/", content.decode("utf-8", "replace"), flags=re.IGNORECASE)


def _fetched(app: Flask, address: str) -> tuple[str, bytes] | None:
    """What the site itself has at an address, with its media type; None if it has nothing there."""
    if not address.startswith("/") or address.startswith("//"):
        return None
    with app.test_client().get(address) as answer:
        return (f"{answer.mimetype}", answer.get_data()) if answer.status_code == 200 else None
