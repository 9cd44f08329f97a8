"""The text of notes for pages and programs, with links to other notes."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from status_plugin.core.notes.markdown import words_of
from status_plugin.core.notes.rendered import RenderedTexts
from status_plugin.web.addresses import item_address
from status_plugin.web.edition import Edition

_TEXTS = RenderedTexts()


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """Renders Markdown; only notes that `edition` holds are linked to.

    With `site`, such as "https://www.example.com", every address is complete: for readers elsewhere.
    """

    edition: Edition
    site: str = ""

    def html(self, text: str) -> Markup:
        """Safe HTML."""
        html = _TEXTS.html(text, self._note_link, site=self.site)
        return Markup(html)  # noqa: S704, it lets nothing unsafe through

    def plain(self, text: str) -> str:
        """The words alone."""
        return words_of(self.html(text))

    def _note_link(self, slug: str) -> tuple[str, str] | None:
        item = self.edition.note(slug)
        return (item_address(item, absolute=bool(self.site)), item.title) if item else None
