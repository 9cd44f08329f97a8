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
    """Renders Markdown; only notes that `station` gives out are linked to."""

    station: Station

    def html(self, text: str) -> Markup:
        """Safe HTML."""
        return Markup(render(text, self._note_link))  # noqa: S704, render lets nothing unsafe through

    def plain(self, text: str) -> str:
        """The words alone."""
        return plain(text, self._note_link)

    def _note_link(self, slug: str) -> tuple[str, str] | None:
        for kind in _KINDS:
            item = self.station.item(kind, slug)
            if item is not None:
                return note_address(kind, slug), item.title
        return None
