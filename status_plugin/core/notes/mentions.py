"""Where a text in Markdown links to notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from status_plugin.core.notes.links import NOTE_ADDRESS, note_slug
from status_plugin.core.notes.markdown import render
from status_plugin.core.notes.verbatim import find_verbatim, without_code_spans

_ADDRESS = re.compile(NOTE_ADDRESS)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A note named by its slug; the place counts from 1, `field` is the key of front matter."""

    slug: str
    line: int
    column: int
    field: str | None = None


def linked_notes(text: str, *, first_line: int = 1) -> tuple[Mention, ...]:
    """Every link to a note that readers would see, and where it stands; there may be no such note.

    A link whose place cannot be told is said to be in the first line.
    """
    slugs = _linked_slugs(text)
    if not slugs:
        return ()
    found = [mention for mention in _addresses(text, first_line) if mention.slug in slugs]
    placed = {mention.slug for mention in found}
    lost = [Mention(slug=slug, line=first_line, column=1) for slug in sorted(slugs - placed)]
    return (*lost, *found)


def _linked_slugs(text: str) -> set[str]:
    slugs: set[str] = set()
    if "incident:" in text or "maintenance:" in text:
        render(text, slugs.add)
    return slugs


def _addresses(text: str, first_line: int) -> Iterator[Mention]:
    lines = _COMMENT.sub(_blanks, text).split("\n")
    verbatim = find_verbatim(lines).inside
    for number, line in enumerate(lines):
        if not verbatim[number]:
            for found in _ADDRESS.finditer(without_code_spans(line)):
                slug = note_slug(found[0]) or ""
                yield Mention(slug=slug, line=first_line + number, column=found.start() + 1)


def _blanks(found: re.Match[str]) -> str:
    """As many lines and columns with nothing in them."""
    return re.sub(r"[^\n]", " ", found[0])
