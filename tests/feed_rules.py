"""What the W3C's feed validator would object to in one of our Atom feeds.

The validator itself comes with no package that could be installed. Its rules for Atom that a grammar
cannot say are written down here; `data/atom.rng` has the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SAFE = {
    *("a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "strong"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}


def objections(document: str, address: str, now: datetime) -> list[str]:
    """Everything that is wrong with the feed that was found at `address`."""
    feed = ElementTree.fromstring(document)
    found = [*_of_feed(feed, address), *_of_times(feed, now)]
    entries = feed.findall(f"{ATOM}entry")
    ids = [_text(entry, "id") for entry in entries]
    found += [f"twice: {name}" for name in set(ids) if ids.count(name) > 1]
    for entry in entries:
        found += _of_entry(entry)
    if re.search("[\x80-\x9f]", document):
        found.append("control characters")
    return found


def _of_feed(feed: Element, address: str) -> Iterator[str]:
    names = [child.tag.removeprefix(ATOM) for child in feed]
    for name in ("title", "id", "updated", "author"):
        if names.count(name) != 1:
            yield f"feed: {names.count(name)} x {name}"
    if "entry" in names and set(names[names.index("entry") :]) != {"entry"}:
        yield "feed: metadata behind the entries"
    links = [(link.get("rel"), link.get("type")) for link in feed.findall(f"{ATOM}link")]
    if len(set(links)) != len(links):
        yield "feed: two links of one kind"
    own = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [address]:
        yield f"feed: is at {own}"


def _of_times(feed: Element, now: datetime) -> Iterator[str]:
    for element in feed.iter():
        if element.tag in (f"{ATOM}updated", f"{ATOM}published"):
            text = element.text or ""
            if not _TIME.fullmatch(text):
                yield f"no time: {text}"
            elif not datetime.fromisoformat(text) <= now + timedelta(minutes=2):
                yield f"ahead: {text}"


def _of_entry(entry: Element) -> Iterator[str]:
    for name in ("title", "id", "updated", "content"):
        if len(entry.findall(f"{ATOM}{name}")) != 1 or not _text(entry, name).strip():
            yield f"entry without {name}"
    if not _URN.fullmatch(_text(entry, "id")):
        yield f"no permanent id: {_text(entry, 'id')}"
    links = [link.get("href", "") for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    if len(links) != 1 or not links[0].startswith("http"):
        yield f"entry leads to {links}"
    yield from _Content(_text(entry, "content")).objections


def _text(parent: Element, name: str) -> str:
    return parent.findtext(f"{ATOM}{name}") or ""


class _Content(HTMLParser):
    """Reads the HTML of an entry for what readers would have to take out, or could not follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.objections: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge one element."""
        if tag not in _SAFE:
            self.objections.append(f"unsafe: {tag}")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "id", "class"):
                self.objections.append(f"unsafe: {name}")
            if name in ("href", "src") and not re.match(r"https?://|mailto:|tel:", value or ""):
                self.objections.append(f"relative: {value}")
