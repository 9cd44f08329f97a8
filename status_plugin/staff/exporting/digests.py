"""What a page was made of, as a short text that changes when the page might."""

from __future__ import annotations

import re
from datetime import date, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path

from flask import Flask
from jinja2 import TemplateNotFound

from status_plugin import __version__
from status_plugin.core.board.cards import Card
from status_plugin.core.notes.links import NOTE_ADDRESS
from status_plugin.settings import Settings
from status_plugin.sources.catalogues import SITE_FOLDER, catalogue_paths
from status_plugin.staff.exporting.pages import CopiedPage
from status_plugin.web.archive import ArchivePlace, entry
from status_plugin.web.edition import Edition
from status_plugin.web.faces import has_doubt

_LINK = re.compile(NOTE_ADDRESS)


class Digests:
    """Tells of pages that are made of notes alone what they are made of, for one edition after the other.

    Of a note that stands as it stood before nothing is worked out again, unless it links to others or
    is of these days, which pages write in fewer words.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._known: dict[str, tuple[ArchivePlace, str]] = {}

    def of(self, page: CopiedPage, edition: Edition) -> str:
        """The digest, empty for a page that may hold anything; pages of one layout can be compared."""
        if page.moved_to:
            return digest(page.moved_to)
        if page.items is None:
            return ""
        board = edition.board
        parts = [self._item(item, edition) for item in page.items]
        if page.place:
            parts += [page.place, repr(board.gaps), repr(has_doubt(board))]
        return digest(*parts)

    def is_known(self, page: CopiedPage) -> bool:
        """Whether everything that the page is made of stands as it stood before."""
        return page.items is not None and all(self._is_known(item) for item in page.items)

    def _is_known(self, item: ArchivePlace) -> bool:
        known = self._known.get(_name(item))
        return known is not None and known[0] is item

    def _item(self, item: ArchivePlace, edition: Edition) -> str:
        known = self._known.get(_name(item))
        if known is not None and known[0] is item:
            return known[1]
        text = repr(entry(item))
        parts = [text]
        today = edition.board.now.astimezone(self._zone).date()
        is_of_these_days = _is_near(text, today)
        links = set(_LINK.findall(text)) if "incident:" in text or "maintenance:" in text else set()
        if is_of_these_days:
            parts.append(str(today))
        for slug in sorted(links):
            target = edition.note(slug)
            parts.append(f"{target.slug}\n{target.title}\n{type(target)}" if target else slug)
        found = digest(str(today.year), *parts)
        if not is_of_these_days and not links:
            self._known[_name(item)] = (item, found)
        return found


def layout_digest(app: Flask, settings: Settings, edition: Edition, base: str, sample: bytes) -> str:
    """What all pages have in common: templates, layout as a `sample` shows it, settings, names of components.

    `base` is the address of the copy.
    """
    names = [(row.component.slug, row.component.name) for row in edition.board.rows]
    return digest(
        __version__,
        repr(settings),
        repr(names),
        base,
        repr(sample),
        *_templates(app),
        *_catalogues(app, settings),
    )


def digest(*parts: str) -> str:
    """A short text for these texts in this order."""
    found = sha256()
    for part in parts:
        found.update(f"{len(part)}:{part}".encode())
    return found.hexdigest()[:24]


def _catalogues(app: Flask, settings: Settings) -> list[str]:
    """The site's own words, which may change with nothing else changing."""
    folder = Path(app.root_path) / SITE_FOLDER
    return [repr(path.read_bytes()) for path in catalogue_paths(settings.language, folder)]


def _templates(app: Flask) -> list[str]:
    """The sources of the pages' templates, which a site may have replaced by its own."""
    loader = app.jinja_env.loader
    sources = []
    for name in sorted(app.jinja_env.list_templates(filter_func=lambda name: name.startswith("status/"))):
        try:
            sources.append(loader.get_source(app.jinja_env, name)[0] if loader else "")
        except TemplateNotFound:
            continue
    return sources


def _is_near(text: str, today: date) -> bool:
    """Whether a record holds a moment of today or thereabouts, whatever its zone."""
    days = [today + timedelta(days=number) for number in (-1, 0, 1)]
    return any(f"datetime({day.year}, {day.month}, {day.day}," in text for day in days)


def _name(item: ArchivePlace) -> str:
    kind = item.kind if isinstance(item, Card) else type(item)
    return f"{kind.__name__} {item.slug}"
