"""A site with the pages mounted over boards built by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from board_samples import ZONE
from flask import Flask
from flask.testing import FlaskClient

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import Item
from status_plugin.core.notes.content import Content
from status_plugin.web.chronicles import Chronicles
from status_plugin.web.finished import FinishedPages
from status_plugin.web.routes import blueprint


@dataclass
class SampleEdition:
    """What finished pages are finished of."""

    board: Board
    content: Content
    notes: dict[str, dict[str, Any]]


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

    def now(self) -> datetime:
        """The clock stands at the board's moment."""
        return self.shown.now

    def edition(self) -> Any:
        """An edition of the board, with every note."""
        notes: dict[str, dict[str, Any]] = {"incident": {}, "maintenance": {}}
        for (kind, slug), item in self.notes.items():
            notes[kind][slug] = item
        content = replace(
            self.content(),
            incidents=tuple(item.note for item in notes["incident"].values()),
            windows=tuple(item.note for item in notes["maintenance"].values()),
        )
        return SampleEdition(board=self.shown, content=content, notes=notes)

    def board(self) -> Board:
        """The board."""
        return self.shown

    def content(self) -> Content:
        """No note of the folder is known."""
        return Content(inventory=None, read_at=self.shown.now)

    def item(self, kind: str, slug: str) -> Any:
        """One note."""
        return self.notes.get((kind, slug))

    def alias(self, kind: str, slug: str) -> str | None:
        """The note that had this slug."""
        return self.aliases.get((kind, slug))

    def peek(self) -> Board | None:
        """The board."""
        return self.shown

    def note(self, slug: str) -> Any:
        """One note of either kind, by a slug of now or of old."""
        named = (self.item(kind, slug) for kind in ("incident", "maintenance"))
        once = (self.notes[kind, new] for (kind, old), new in self.aliases.items() if old == slug)
        return next((item for item in (*named, *once) if item), None)

    def peek_note(self, slug: str) -> Any:
        """The same."""
        return self.note(slug)


@dataclass
class SampleSettings:
    """The settings that the pages show."""

    zone: tzinfo = ZONE
    contact_url: str = "/contact/"
    copy_url: str = "https://copy.example.net/status/"
    which_server_url: str = "/which-server/"
    embed_ancestors: tuple[str, ...] = ("*",)


@dataclass
class SampleState:
    """What the extension keeps for an application."""

    station: Any
    settings: Any = field(default_factory=SampleSettings)
    pages: FinishedPages = field(default_factory=lambda: FinishedPages(timedelta(minutes=5)))
    chronicles: Chronicles = field(default_factory=Chronicles)


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


def visitor(app: Flask) -> FlaskClient:
    """A visitor whose browser takes pages as they are, not compressed."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_ENCODING"] = "identity"
    return client
