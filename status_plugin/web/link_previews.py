"""What other programs show of a link to a page: chat, social networks, search engines (Open Graph)."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import WindowItem
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.board.wording import names_text
from status_plugin.web.addresses import component_address, item_address, page_address
from status_plugin.web.edition import NoteItem
from status_plugin.web.faces import item_face, row_face, standing
from status_plugin.web.language import Language
from status_plugin.web.page_context import affected
from status_plugin.web.prose import Prose
from status_plugin.web.sentences import overall_text, row_text
from status_plugin.web.times import Times

LONGEST = 300
"""How many characters of a description most programs show at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkPreview:
    """A page's title with its state, a few sentences, its complete address, and its kind in Open Graph."""

    title: str
    description: str
    url: str
    kind: str = "website"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkPreviews:
    """Describes pages of one board; programs keep what they have read, so the time of the facts is told."""

    board: Board
    times: Times
    prose: Prose

    def page(self) -> LinkPreview:
        """Of the page itself."""
        parts = [overall_text(self.board, self.times)]
        if self.board.current:
            titles = "; ".join(map(self._language.spoken, (item.title for item in self.board.current)))
            parts.append(self._language.say("Current alerts: {titles}.", titles=titles))
        if self.board.scheduled:
            ahead = self.board.scheduled[0]
            time = self._window(ahead)
            parts.append(
                self._language.say("Next maintenance: {title}, {time}.", title=ahead.title, time=time)
            )
        title = self._language.spoken(self.board.overall.text)
        return _preview(title, parts, page_address(absolute=True))

    def note(self, item: NoteItem) -> LinkPreview:
        """Of an incident or a window: the title with where it stands, whom it touches, the latest word."""
        title = f"{item.title} ({self._language.inside(standing(item))})"
        listed = names_text([part.name for part in affected(item.affects, self.board.rows, over=False)])
        names = self._language.spoken(listed)
        facts = self._window(item) if isinstance(item, WindowItem) else ""
        word = self._language.spoken(item_face(item).word)
        first = ", ".join(part for part in (word, facts) if part)
        parts = [f"{first}: {names}." if names else f"{first}.", self._latest_word(item)]
        return _preview(title, parts, item_address(item, absolute=True), kind="article")

    def component(self, row: ComponentRow) -> LinkPreview:
        """Of a component: its name and state."""
        parts = [row_text(row, self.board, self.times), row.component.description]
        url = component_address(row.component.slug, absolute=True)
        word = self._language.spoken(row_face(row).word)
        return _preview(f"{row.component.name}: {word}", parts, url)

    def other(self, title: str, description: str) -> LinkPreview:
        """Of the page that is being made, whatever it is; an archive's pages are told apart."""
        number = request.args.get("page", "1")
        page = {} if number == "1" else {"page": number}
        url = url_for(request.endpoint or "", **page, _external=True)
        return _preview(title, [description], url)

    def _latest_word(self, item: NoteItem) -> str:
        if not item.updates:
            return self.prose.plain(item.note.text)
        update = item.updates[0].update
        return f"{self.times.text(update.at)}: {self.prose.plain(update.text)}"

    def _window(self, item: WindowItem) -> str:
        return self.times.span(item.note.starts, item.note.ends).striptags()

    @property
    def _language(self) -> Language:
        return self.times.language


def _preview(title: str, parts: Sequence[str], url: str, *, kind: str = "website") -> LinkPreview:
    description = " ".join(" ".join(parts).split())
    if len(description) > LONGEST:
        description = textwrap.shorten(description, LONGEST, placeholder=" …")
    return LinkPreview(title=title, description=description, url=url, kind=kind)
