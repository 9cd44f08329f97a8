"""Which pages and files there are in a copy of an edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from status_plugin.core.board.items import WindowItem
from status_plugin.core.notes.note import Incident
from status_plugin.web.archive import ArchivePlace, archive_items, page_of, places_on
from status_plugin.web.archive_pages import PAGE_SIZE
from status_plugin.web.assets import ASSETS
from status_plugin.web.edition import Edition, NoteKind
from status_plugin.web.faces import is_over
from status_plugin.web.newest_first import NotePlace
from status_plugin.web.statuspage.views import ANSWERS, PREFIX

FOLDERS: dict[NoteKind, str] = {"incident": "incidents", "maintenance": "maintenance"}

NOT_FOUND = "404.html"

_OF_ALL = ("board.json", "feed.atom", "feed.json", "maintenance.ics", "badge.svg", "badge.json")
_OF_A_COMPONENT = ("feed.atom", "feed.json", "maintenance.ics", "badge.svg", "badge.json")
_PAGE = "index.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class CopiedPage:
    """A file of a copy.

    `path` is its place in the folder, and `address` where the site has it, both below the page's own;
    the address begins anew where the site keeps it under another. `items` are the notes and alerts
    that alone make it what it is, with `place` among them; of None it may hold anything. `moved_to`
    is the present address of a note that once was here.
    """

    path: str
    address: str
    items: tuple[ArchivePlace, ...] | None = None
    place: str = ""
    moved_to: str = ""

    @property
    def target(self) -> str:
        """What leads to it in the copy: a page is found by its folder."""
        return self.path.removesuffix(_PAGE) if self.path.rpartition("/")[2] == _PAGE else self.path


def pages_of(edition: Edition) -> list[CopiedPage]:
    """Every page of the copy, what others lead to first and the page itself last."""
    return [
        *(_file(f"static/{name}", f"static/{name}?v={asset.version}") for name, asset in ASSETS.items()),
        *_moved(edition),
        *_notes(edition, "incident"),
        *_notes(edition, "maintenance"),
        *_archive(edition, "maintenance"),
        *_archive(edition, "incident"),
        *_components(edition),
        *(_file(f"{PREFIX[1:]}/{name}") for name in ANSWERS),
        *(_file(name) for name in _OF_ALL),
        _folder("subscribe/"),
        _folder("embed/"),
        CopiedPage(path=NOT_FOUND, address=NOT_FOUND),
        _folder(""),
    ]


def targets_of(pages: Iterable[CopiedPage]) -> dict[str, str]:
    """Where in the copy is what: by addresses as links have them, what leads there from the copy's top."""
    targets = {quote(page.address, safe="/?=&"): quote(page.target) for page in pages}
    firsts = (f"{folder}/" for folder in FOLDERS.values())
    return targets | {f"{first}?page=1": targets[first] for first in firsts if first in targets}


def _file(path: str, address: str = "") -> CopiedPage:
    return CopiedPage(path=path, address=address or path)


def _folder(address: str) -> CopiedPage:
    return CopiedPage(path=f"{address}{_PAGE}", address=address)


def _notes(edition: Edition, kind: NoteKind) -> Iterator[CopiedPage]:
    for item in edition.notes[kind].newest:
        address = f"{FOLDERS[kind]}/{item.slug}/"
        yield CopiedPage(path=f"{address}{_PAGE}", address=address, items=(item,))
        if _has_calendar(item):
            yield _file(f"{address}window.ics")


def _has_calendar(item: NotePlace) -> bool:
    """Whether a page leads to the window as a file for one's calendar."""
    return isinstance(item, WindowItem) and item.note.starts is not None and not is_over(item)


def _moved(edition: Edition) -> Iterator[CopiedPage]:
    for note_type, slug in edition.content.aliases:
        kind: NoteKind = "incident" if note_type is Incident else "maintenance"
        present = edition.alias(kind, slug)
        if present is not None and slug not in edition.notes[kind]:
            address = f"{FOLDERS[kind]}/{slug}/"
            moved_to = f"{FOLDERS[kind]}/{present}/"
            yield CopiedPage(path=f"{address}{_PAGE}", address=address, moved_to=moved_to)


def _archive(edition: Edition, kind: NoteKind) -> Iterator[CopiedPage]:
    items = archive_items(edition, kind)
    pages = page_of(items, 1, PAGE_SIZE).pages
    for number in range(pages, 0, -1):
        yield CopiedPage(
            path=f"{FOLDERS[kind]}/{_PAGE}" if number == 1 else f"{FOLDERS[kind]}/page/{number}/{_PAGE}",
            address=f"{FOLDERS[kind]}/" if number == 1 else f"{FOLDERS[kind]}/?page={number}",
            items=tuple(places_on(items, number, PAGE_SIZE)),
            place=f"{number} of {pages}",
        )


def _components(edition: Edition) -> Iterator[CopiedPage]:
    for row in edition.board.rows:
        address = f"components/{row.component.slug}/"
        yield from (_file(f"{address}{name}") for name in _OF_A_COMPONENT)
        yield _folder(address)
