"""Texts that were made into HTML already, for the pages of many editions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from status_plugin.core.notes.markdown import Resolve, is_words_alone, render

MOST = 2_000_000
"""How many characters of texts and their HTML are remembered, with some for what holds each of them."""

_HOLDER = 500

_Key = tuple[str, str]
"""A text, and the site whose address goes before its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rendered:
    """HTML, and the notes that the text asked for with what each was at that time."""

    html: str
    notes: Mapping[str, tuple[str, str] | None]


class RenderedTexts:
    """Remembers the HTML of texts for as long as the notes that they link to stay what they were."""

    def __init__(self, most: int = MOST) -> None:
        self.size = 0
        self._most = most
        self._guard = threading.Lock()
        self._kept: OrderedDict[_Key, _Rendered] = OrderedDict()

    def html(self, text: str, resolve: Resolve, *, site: str = "") -> str:
        """The HTML of a text, as `render` makes it; what that makes in no time is not remembered."""
        if is_words_alone(text):
            return render(text, resolve, site=site)
        key = text, site
        with self._guard:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is not None and all(resolve(slug) == found for slug, found in kept.notes.items()):
            return kept.html
        notes: dict[str, tuple[str, str] | None] = {}

        def noted(slug: str) -> tuple[str, str] | None:
            notes[slug] = resolve(slug)
            return notes[slug]

        made = _Rendered(html=render(text, noted, site=site), notes=notes)
        with self._guard:
            self._keep(key, made)
        return made.html

    def _keep(self, key: _Key, made: _Rendered) -> None:
        if key in self._kept:
            self._forget(key)
        if _size(key, made) > self._most // 2:
            return
        self._kept[key] = made
        self.size += _size(key, made)
        while self.size > self._most:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: _Key) -> None:
        self.size -= _size(key, self._kept.pop(key))


def _size(key: _Key, made: _Rendered) -> int:
    return len(key[0]) + len(made.html) + _HOLDER
