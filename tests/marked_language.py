"""A made-up language in which every message is marked: words outside of marks were never translated."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import translations  # noqa: E402

CODE = "qps"
OPEN, CLOSE = "⟦", "⟧"

_ROWS = ("Mon, Tue,", "Jan, Feb,")
_SPOKEN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder", "data-since")
_WORD = re.compile(r"[A-Za-z]{2,}")
_NAMES = re.compile(r"\b(?:EDT|EST|UTC|CET|CEST|HTML|JSON|Atom|Markdown)\b")
_ADDRESSES = re.compile(r"\bhttps?://\S+|\S+@\S+")


def mark(text: str) -> str:
    """A message with its marks; the names of days and months are marked one by one."""
    if text.startswith(_ROWS):
        return ", ".join(f"{OPEN}{word}{CLOSE}" for word in text.split(", "))
    return f"{OPEN}{text}{CLOSE}"


def write_marked(folder: Path) -> None:
    """The catalogue of the language, as a site brings one, in its folder of translations."""
    catalogue = Catalog()
    for message in translations.collected():
        if message.id:
            one = message.id if isinstance(message.id, str) else tuple(message.id)
            marked = mark(one) if isinstance(one, str) else tuple(map(mark, one))
            catalogue.add(one, marked)
    path = folder / CODE / "LC_MESSAGES" / "status_plugin.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(translations.as_mo(catalogue))


class _Spoken(HTMLParser):
    """The parts of a page that people read or hear, but the prose of notes and what is to be copied."""

    def __init__(self, *, previews: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.attributes: list[str] = []
        self._previews = previews
        self._silent = 0
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes speak, too."""
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        is_silent = (
            tag in ("style", "script", "pre") or "status-prose" in classes or "status-excerpt" in classes
        )
        if tag not in ("meta", "link", "input", "img", "br", "base", "path", "rect"):
            self._open.append(is_silent)
            self._silent += is_silent
        if (
            self._previews
            and tag == "meta"
            and (given.get("name") or given.get("property") or "").endswith(
                ("description", "title", "site_name")
            )
        ):
            self.attributes.append(given["content"] or "")
        self.attributes += [given[name] or "" for name in _SPOKEN_ATTRIBUTES if name in given]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A drawing's parts say nothing."""

    def handle_endtag(self, tag: str) -> None:
        """What was silent ends with its element."""
        if tag not in ("path", "rect") and self._open:
            self._silent -= self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._silent:
            self.text.append(data)


def unmarked_words(text: str, names: Iterable[str] = ()) -> list[str]:
    """The words outside of all marks that are none of some names."""
    return [word for line in _outside(text).split("\n") for word in _words(line, names)]


def untranslated(html: str, names: Iterable[str] = (), *, previews: bool = True) -> dict[str, list[str]]:
    """The unmarked words of a page, by the part that they are in; its `previews` may hold a note's prose."""
    reader = _Spoken(previews=previews)
    reader.feed(html)
    lines = [*_outside("\n".join(reader.text)).split("\n"), *map(_outside, reader.attributes)]
    found = {" ".join(line.split()): _words(line, names) for line in lines}
    return {line: words for line, words in found.items() if words}


def _outside(text: str) -> str:
    """A text with blanks in the place of what is marked; a mark may hold several elements."""
    outside, depth = [], 0
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        outside.append(character if character == "\n" or (depth == 0 and character != CLOSE) else " ")
    assert depth == 0, f"marks are cut: {text!r}"
    return "".join(outside)


def _words(line: str, names: Iterable[str]) -> list[str]:
    line = _ADDRESSES.sub(" ", line)
    for name in sorted(names, key=len, reverse=True):
        line = line.replace(name, " ")
    return _WORD.findall(_NAMES.sub(" ", line))
