"""The histories of the present edition, each made when somebody first asks for it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import partial

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.history.claims import Told, told_by_notes
from status_plugin.core.history.history import DAYS, History, history_of
from status_plugin.core.monitoring.logbook import Record
from status_plugin.sources.background import Background
from status_plugin.sources.journal import Journal
from status_plugin.web.edition import Edition

PERIOD = timedelta(days=DAYS + 1)
"""How far back is asked for: the first day may have begun by another offset from UTC."""

READING_WAIT = 2.0
"""Seconds that a visitor waits for the journal's file at the longest."""


class Histories:
    """Histories of components by slug; may be asked from several threads."""

    def __init__(self, journal: Journal | None, zone: tzinfo) -> None:
        self._journal = journal
        self._zone = zone
        self._edition: Edition | None = None
        self._told: Mapping[str, Told] = {}
        self._made: dict[str, History] = {}
        self._guard = threading.Lock()
        self._reading: Background[Record] | None = None

    def of(self, edition: Edition, slug: str) -> History:
        """The history of a component as of an edition; the same value for the same edition."""
        with self._guard:
            if self._edition is not edition:
                self._edition, self._made = edition, {}
                self._told = self._told_in(edition)
            if slug not in self._made:
                self._made[slug] = self._make(edition, slug)
            return self._made[slug]

    def _make(self, edition: Edition, slug: str) -> History:
        now = edition.board.now
        return history_of(self._record(slug, now), self._told.get(slug, Told()), self._zone, now)

    def _record(self, slug: str, now: datetime) -> Record:
        """What the journal holds of a component; a disk that hangs costs a visitor no more than a moment."""
        if self._journal is None or (self._reading is not None and self._reading.is_running):
            return Record()
        self._reading = Background(
            partial(self._journal.record, slug, now - PERIOD, now), name="status-history"
        )
        try:
            return self._reading.result(READING_WAIT)
        except TimeoutError:
            return Record()

    def _told_in(self, edition: Edition) -> Mapping[str, Told]:
        now = edition.board.now
        incidents = [item for item in edition.notes["incident"].values() if isinstance(item, IncidentItem)]
        windows = [item for item in edition.notes["maintenance"].values() if isinstance(item, WindowItem)]
        return told_by_notes(incidents, windows, now - PERIOD, now)
