"""Monitoring as the page needs it: always at hand, and asked by one worker at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from status_plugin.core.monitoring.looks import look_at
from status_plugin.core.monitoring.memory import remember, remember_in_part
from status_plugin.core.monitoring.summary import Reading, Summary
from status_plugin.core.monitoring.word import monitoring_words
from status_plugin.core.notes.components import Inventory
from status_plugin.sources.journal import Journal
from status_plugin.sources.monitor_map import Coverage, public_part
from status_plugin.sources.monitors import Source, SourceError
from status_plugin.sources.shared_cache import SharedCache
from status_plugin.sources.summary_text import Snapshot, read_snapshot, snapshot_text

log = logging.getLogger(__name__)

ENTRY = "summary"
LOCK = "summary.lock"
KEPT_FOR = timedelta(days=30)

EARLY = 0.6
"""The part of its time after which a summary is looked for again by those who come early."""

LOOKS_MISSED = 3
"""How many times its time to live may pass between two looks before nothing is known of the time between."""


class SummaryCache:
    """The last good reading of every source, shared by all workers.

    What is `at_hand` is this process's own copy. `refresh` brings it up to date: from the shared
    cache if another worker asked monitoring lately, else from the sources. `snapshot` is what is
    known at the start. A `journal` keeps what is heard, and gives back the memory when all else is lost.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        shared: SharedCache,
        *,
        ttl: timedelta,
        timeout: timedelta,
        snapshot: Snapshot | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._sources = dict(sources)
        self._shared = shared
        self._ttl = ttl
        self._lock_seconds = int(timeout.total_seconds() * 3) + 10
        self._snapshot = snapshot or Snapshot()
        self._journal = journal
        self._complaints: dict[str, str] = {}

    @property
    def at_hand(self) -> Snapshot:
        """What this process knows; never waits."""
        return self._snapshot

    def is_due(self, now: datetime, *, early: bool = False) -> bool:
        """Whether it is time to look again, or `early` that it soon will be.

        A clock that was set back is a reason to.
        """
        return not _is_young(self._snapshot, self._ttl * EARLY if early else self._ttl, now)

    def refresh(
        self, inventory: Inventory, coverage: Coverage, now: datetime, *, early: bool = False
    ) -> Snapshot:
        """Look again: what another worker has just heard is taken over, else the sources are asked.

        Who looks `early` comes before all who look when it is due.
        """
        self._adopt(now)
        if self.is_due(now, early=early) and (key := self._shared.lock(LOCK, self._lock_seconds)) is not None:
            try:
                # Between the look and the lock another worker may have been here.
                self._adopt(now)
                if self.is_due(now, early=early):
                    self._ask(inventory, coverage, now)
            finally:
                self._shared.unlock(LOCK, key)
        return self._snapshot

    def _ask(self, inventory: Inventory, coverage: Coverage, now: datetime) -> None:
        if self._journal is not None and self._snapshot.asked_at is None:
            self._snapshot = replace(self._snapshot, memory=self._journal.memory())
        self._snapshot = self._asked(inventory, coverage, now)
        self._shared.set(ENTRY, snapshot_text(self._snapshot), int(KEPT_FOR.total_seconds()))

    def _adopt(self, now: datetime) -> None:
        text = self._shared.get(ENTRY)
        shared = read_snapshot(text) if text is not None else None
        if shared is None or shared.asked_at is None:
            return
        mine = self._snapshot.asked_at
        if mine is None or mine < shared.asked_at or _is_young(shared, self._ttl, now):
            self._snapshot = shared

    def _asked(self, inventory: Inventory, coverage: Coverage, now: datetime) -> Snapshot:
        before = self._snapshot
        readings = {name: reading for name, reading in before.readings.items() if name in self._sources}
        heard = self._readings(now)
        for name, reading in heard.items():
            readings[name] = public_part(reading, coverage.get(name, {}))
        summary = Summary(coverage=coverage, readings=readings)
        words = monitoring_words(summary, inventory, now)
        remembered = remember if inventory.complete else remember_in_part
        answered_at = {name: at for name, at in before.answered_at.items() if name in self._sources}
        answered_at |= dict.fromkeys(heard, now)
        look = look_at(words, coverage, answered_at, before.row, self._ttl * LOOKS_MISSED, now)
        return replace(
            before,
            readings=readings,
            memory=remembered(before.memory, words, now),
            asked_at=now,
            answered_at=answered_at,
            row=self._journal.add(look) if self._journal is not None else None,
        )

    def _readings(self, now: datetime) -> dict[str, Reading]:
        """What each source says that can be read; a source that cannot changes nothing."""
        readings: dict[str, Reading] = {}

        def ask(name: str, source: Source) -> None:
            try:
                readings[name] = source.read(now)
                self._report(name, "")
            except SourceError as error:
                self._report(name, str(error))
                log.debug("Monitoring source %s: %s", name, error.detail)

        # A source that hangs must not keep the process from ending.
        asking = [threading.Thread(target=ask, args=item, daemon=True) for item in self._sources.items()]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        return readings

    def _report(self, name: str, complaint: str) -> None:
        """Say once that a source cannot be read, and once that it can be again."""
        if complaint == self._complaints.get(name, ""):
            return
        self._complaints[name] = complaint
        if complaint:
            log.warning("Monitoring source %s: %s; its last good word stands until it ages.", name, complaint)
        else:
            log.info("Monitoring source %s can be read again.", name)


def _is_young(snapshot: Snapshot, ttl: timedelta, now: datetime) -> bool:
    return snapshot.asked_at is not None and snapshot.asked_at <= now < snapshot.asked_at + ttl
