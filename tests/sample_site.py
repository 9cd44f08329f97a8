"""A site with the pages mounted over boards built by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any

from board_samples import ZONE
from flask import Flask

from status_plugin.core.board import Board
from status_plugin.core.content import Content
from status_plugin.core.items import Item
from status_plugin.web.station import ArchivePage
from status_plugin.web.views import blueprint


@dataclass
class SampleStation:
    """Gives out one board and its items, and counts what it is asked."""

    shown: Board
    notes: dict[tuple[str, str], Any] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in (*self.shown.current, *self.shown.scheduled, *self.shown.past):
            self.add(item)

    def add(self, *items: Item) -> None:
        """Have more notes than the board shows."""
        for item in items:
            if hasattr(item, "note"):
                self.notes["incident" if hasattr(item, "impact") else "maintenance", item.slug] = item

    def board(self) -> Board:
        return self.shown

    def content(self) -> Content:
        return Content(inventory=None, read_at=self.shown.now)

    def item(self, kind: str, slug: str) -> Any:
        return self.notes.get((kind, slug))

    def alias(self, kind: str, slug: str) -> str | None:
        return self.aliases.get((kind, slug))

    def archive(self, kind: str, page: int, per_page: int, component: str | None = None) -> ArchivePage:
        items = [
            item
            for (its_kind, _), item in self.notes.items()
            if its_kind == kind and (component is None or component in item.affects)
        ]
        pages = max(1, -(-len(items) // per_page))
        shown = tuple(items[(page - 1) * per_page : page * per_page])
        return ArchivePage(items=shown, page=page, pages=pages, total=len(items))

    def peek(self) -> Board | None:
        return self.shown

    def peek_item(self, kind: str, slug: str) -> Any:
        return self.item(kind, slug)


@dataclass
class SampleSettings:
    """The settings that the pages show."""

    zone: tzinfo = ZONE
    contact_url: str = "/contact/"
    copy_url: str = "https://copy.example.net/status/"
    which_server_url: str = "/which-server/"



@dataclass
class SampleState:
    """What the extension keeps for an application."""

    station: Any
    settings: Any = field(default_factory=SampleSettings)


def sample_app(
    shown: Board,
    root: Path,
    *,
    station: Any = None,
    settings: Any = None,
    templates: dict[str, str] | None = None,
    more: Iterable[Item] = (),
) -> Flask:
    """An application in the folder `root` with the pages at /status, and templates of its own if any."""
    for name, text in (templates or {}).items():
        path = root / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    app = Flask("sample_site", root_path=str(root))
    given = station if station is not None else SampleStation(shown=shown)
    if isinstance(given, SampleStation):
        given.add(*more)
    app.extensions["status_plugin"] = SampleState(station=given, settings=settings or SampleSettings())
    app.register_blueprint(blueprint, url_prefix="/status")
    return app
