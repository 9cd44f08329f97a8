"""A site with the pages mounted over boards built by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from board_samples import ZONE
from flask import Flask
from flask.testing import FlaskClient

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import Item
from status_plugin.core.monitoring.logbook import Record, Span
from status_plugin.core.notes.content import Address, Content
from status_plugin.core.words import State
from status_plugin.sources.summary_text import Snapshot
from status_plugin.web.chronicles import Chronicles
from status_plugin.web.edition import Edition
from status_plugin.web.finished import FinishedPages
from status_plugin.web.histories import Histories
from status_plugin.web.languages import Languages
from status_plugin.web.newest_first import Notes
from status_plugin.web.routes import blueprint
from status_plugin.web.searches import Searches
from status_plugin.web.translated_templates import TranslatedTemplates


@dataclass
class SampleStation:
    """Gives out one board and its items, and counts what it is asked."""

    shown: Board
    notes: dict[tuple[str, str], Any] = field(default_factory=dict)

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

    def edition(self) -> Edition:
        """An edition of the board, with every note."""
        return self._made()

    def _made(self) -> Edition:
        incidents, windows = self._notes("incident"), self._notes("maintenance")
        content = Content(
            inventory=None,
            incidents=tuple(item.note for item in incidents.values()),
            windows=tuple(item.note for item in windows.values()),
            aliases=self._aliases(),
            read_at=self.shown.now,
        )
        return Edition(
            board=self.shown,
            content=content,
            snapshot=Snapshot(asked_at=self.shown.now),
            notes={"incident": Notes(incidents.values()), "maintenance": Notes(windows.values())},
        )

    def _aliases(self) -> dict[Address, str]:
        return {
            (type(item.note), old): slug
            for (_, slug), item in self.notes.items()
            for old in item.note.aliases
        }

    def _notes(self, kind: str) -> dict[str, Any]:
        return {slug: item for (its_kind, slug), item in self.notes.items() if its_kind == kind}

    def peek(self) -> Board | None:
        """The board."""
        return self.shown

    def peek_note(self, slug: str) -> Any:
        """One note of either kind."""
        return self._made().note(slug)


class WatchedHistories(Histories):
    """Histories of a monitoring that has looked for 60 days, and of the trouble that it saw now and then."""

    def __init__(self) -> None:
        super().__init__(None, ZONE)

    def _records(self, slugs: Collection[str], now: datetime) -> dict[str, Record]:
        return {slug: self._record(place, now) for place, slug in enumerate(slugs)}

    @staticmethod
    def _record(place: int, now: datetime) -> Record:
        begun = now - timedelta(days=60)
        if place % 5 == 4:
            return Record(first_at=begun, last_at=now)
        states = [
            State.DEGRADED_PERFORMANCE,
            State.MAJOR_OUTAGE,
            State.PARTIAL_OUTAGE,
            State.UNDER_MAINTENANCE,
        ]
        spans, begin = [], begun
        for number, state in enumerate(states[: place % 5]):
            trouble = begun + timedelta(days=17 * number + 3 * place, hours=10)
            spans.append(Span(begin=begin, end=trouble, state=State.OPERATIONAL))
            begin = trouble + timedelta(minutes=25 * (number + 1))
            spans.append(Span(begin=trouble, end=begin, state=state))
        spans.append(Span(begin=begin, end=now, state=State.OPERATIONAL))
        return Record(spans=tuple(spans), first_at=begun, last_at=now)


@dataclass
class SampleSettings:
    """The settings that the pages show."""

    timezone: tzinfo = ZONE
    contact_url: str = "/contact/"
    copy_url: str = "https://copy.example.net/status/"
    which_server_url: str = "/which-server/"
    embed_ancestors: tuple[str, ...] = ("*",)
    monitor_max_age: timedelta = timedelta(minutes=5)


@dataclass
class SampleState:
    """What the extension keeps for an application."""

    station: Any
    settings: Any = field(default_factory=SampleSettings)
    histories: Histories = field(default_factory=lambda: Histories(None, ZONE))
    pages: FinishedPages = field(default_factory=lambda: FinishedPages(timedelta(minutes=5)))
    chronicles: Chronicles = field(default_factory=Chronicles)
    searches: Searches = field(default_factory=Searches)
    copy_of: str = ""
    languages: Languages = field(default_factory=Languages)
    templates: TranslatedTemplates = field(default_factory=TranslatedTemplates)


def sample_app(
    shown: Board,
    root: Path,
    *,
    station: Any = None,
    settings: Any = None,
    templates: dict[str, str] | None = None,
    more: Iterable[Item] = (),
    histories: Histories | None = None,
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
    app.extensions["status_plugin"] = SampleState(
        station=given,
        settings=settings or SampleSettings(),
        histories=histories or Histories(None, ZONE),
    )
    app.register_blueprint(blueprint, url_prefix="/status")
    return app


def visitor(app: Flask) -> FlaskClient:
    """A visitor whose browser takes pages as they are, not compressed."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_ENCODING"] = "identity"
    return client
