"""The histories of the present edition, made when somebody first asks for them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial

from status_plugin.core.board.cards import Card
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.history.claims import Told, is_over_before, told_by_notes
from status_plugin.core.history.history import DAYS, History, history_of
from status_plugin.core.monitoring.logbook import Record
from status_plugin.sources.background import Background
from status_plugin.sources.journal import Journal
from status_plugin.web.edition import Edition, NoteItem, NoteKind
from status_plugin.web.newest_first import Merged

PERIOD = timedelta(days=DAYS + 1)
"""How far back is asked for: the first day may have begun by another offset from UTC."""

READING_WAIT = 0.3
"""Seconds that a visitor waits for the journal's file at the longest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Recent:
    """Which of the settled notes tell of the time since `begin`, newest first."""

    begin: datetime | None = None
    settled: Mapping[NoteKind, Mapping[str, Card]] = field(default_factory=dict)
    items: Mapping[NoteKind, Sequence[NoteItem]] = field(default_factory=dict)


class Histories:
    """Histories of components by slug; may be asked from several threads."""

    def __init__(self, journal: Journal | None, zone: tzinfo) -> None:
        self._journal = journal
        self._zone = zone
        self._edition: Edition | None = None
        self._told: Mapping[str, Told] = {}
        self._recent = _Recent()
        self._made: dict[str, History] = {}
        self._earlier: dict[str, History] = {}
        self._guard = threading.Lock()
        self._reading: Background[dict[str, Record]] | None = None

    def of(self, edition: Edition, slug: str) -> History:
        """The history of a component as of an edition; the same value for the same edition."""
        return self._of(edition, [slug])[slug]

    def of_all(self, edition: Edition) -> Mapping[str, History]:
        """The history of every component of an edition."""
        return self._of(edition, [row.component.slug for row in edition.board.rows])

    def _of(self, edition: Edition, slugs: Collection[str]) -> Mapping[str, History]:
        with self._guard:
            if self._edition is not edition:
                self._edition, self._made = edition, {}
                self._told = self._told_in(edition)
            if missing := [slug for slug in slugs if slug not in self._made]:
                self._make(missing, edition.board.now)
            return {slug: self._made[slug] for slug in slugs}

    def _make(self, slugs: Collection[str], now: datetime) -> None:
        records = self._records(slugs, now)
        for slug in slugs:
            told, earlier = self._told.get(slug, Told()), self._earlier.get(slug)
            made = history_of(records.get(slug, Record()), told, self._zone, now, earlier)
            self._made[slug] = self._earlier[slug] = made

    def _records(self, slugs: Collection[str], now: datetime) -> Mapping[str, Record]:
        """What the journal holds of components; a disk that hangs costs a visitor no more than a moment."""
        if self._journal is None or (self._reading is not None and self._reading.is_running):
            return {}
        self._reading = Background(
            partial(self._journal.records, slugs, _begin(now), now), name="status-history"
        )
        try:
            return self._reading.result(READING_WAIT)
        except TimeoutError:
            return {}

    def _told_in(self, edition: Edition) -> Mapping[str, Told]:
        now = edition.board.now
        begin = _begin(now)
        recent = self._settled_since(begin, edition)
        items = [
            item
            for kind, notes in edition.notes.items()
            for item in Merged(recent[kind], notes.opened.values())
        ]
        incidents = [item for item in items if isinstance(item, IncidentItem)]
        windows = [item for item in items if isinstance(item, WindowItem)]
        return told_by_notes(incidents, windows, begin, now)

    def _settled_since(self, begin: datetime, edition: Edition) -> Mapping[NoteKind, Sequence[NoteItem]]:
        """The settled notes that tell of the time since then, looked for once in all editions of a day."""
        settled = {kind: notes.settled for kind, notes in edition.notes.items()}
        known = self._recent
        if known.begin != begin or list(map(id, settled.values())) != list(map(id, known.settled.values())):
            items = {
                kind: [card.item() for card in notes.values() if not is_over_before(begin, card)]
                for kind, notes in settled.items()
            }
            known = self._recent = _Recent(begin=begin, settled=settled, items=items)
        return known.items


def _begin(now: datetime) -> datetime:
    """From when on is asked: the same all day, so that the days that are over stay as they are."""
    return (now.astimezone(UTC) - PERIOD).replace(hour=0, minute=0, second=0, microsecond=0)
