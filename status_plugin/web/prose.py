"""The text of notes for pages and programs, with links to other notes."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from status_plugin.core.notes.markdown import plain, render
from status_plugin.web.addresses import note_address
from status_plugin.web.station import NoteKind, Station

_KINDS: tuple[NoteKind, ...] = ("incident", "maintenance")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """Renders Markdown; only notes that `station` gives out are linked to.

    With `site`, such as "https://www.example.com", every address is complete: for readers elsewhere.
    """

    station: Station
    site: str = ""

    def html(self, text: str) -> Markup:
        """Safe HTML."""
        return Markup(render(text, self._note_link, site=self.site))  # noqa: S704, it lets nothing unsafe through

    def plain(self, text: str) -> str:
        """The words alone."""
        return plain(text, self._note_link)

    def _note_link(self, slug: str) -> tuple[str, str] | None:
        for kind in _KINDS:
            item = self.station.item(kind, slug)
            if item is not None:
                return note_address(kind, slug, absolute=bool(self.site)), item.title
        return None
