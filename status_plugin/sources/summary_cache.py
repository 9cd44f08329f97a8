"""Monitoring as the page needs it: always at hand, and asked by one worker at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from status_plugin.core.monitoring.looks import Look, Row, look_at
from status_plugin.core.monitoring.memory import Memory, remember, remember_in_part
from status_plugin.core.monitoring.summary import Reading, Summary
from status_plugin.core.monitoring.word import monitoring_words
from status_plugin.core.notes.components import Inventory
from status_plugin.sources.background import Background
from status_plugin.sources.inquiry import Inquiry
from status_plugin.sources.journal import Journal
from status_plugin.sources.monitor_map import Coverage, public_part
from status_plugin.sources.monitors import Source, SourceTerms, bounded
from status_plugin.sources.shared_cache import SharedCache
from status_plugin.sources.summary_text import FORMAT, Snapshot, read_snapshot, snapshot_text
from status_plugin.sources.turn import Turn

log = logging.getLogger(__name__)

ENTRY = f"summary.{FORMAT}"
TURN = f"turn.{FORMAT}"
KEPT_FOR = timedelta(days=30)

EARLY = 0.6
"""The part of its time after which a summary is looked for again by those who come early."""

LOOKS_MISSED = 3
"""How many times its time to live may pass between two looks before nothing is known of the time between."""

GRACE = timedelta(seconds=1)
"""What a source may take longer than its terms say before it is left to itself."""

AROUND = timedelta(seconds=4)
"""What a turn may last longer than the asking itself: the cache is spoken to before and after."""

CLOCKS_DIFFER = timedelta(seconds=30)
"""How far the clock of another machine may be ahead before somebody should know."""

JOURNAL_WAIT = 2.0
"""Seconds that a look waits for the journal's file at the longest."""

MEMORY_WAIT = 30.0
"""Seconds that the first look waits for what the journal gives back: a large one is read for a while."""

SILENT_DISK = "The journal's disk does not answer; %s."


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
        terms: SourceTerms,
        snapshot: Snapshot | None = None,
        journal: Journal | None = None,
    ) -> None:
        patience = terms.total + GRACE
        self._names = frozenset(sources)
        self._inquiry = Inquiry(sources, patience)
        self._shared = shared
        self._turn = Turn(shared, TURN, longest=patience + AROUND, rest=ttl)
        self._busy = ttl + patience + AROUND
        self._in_touch_at: datetime | None = None
        self._ttl = ttl
        self._max_age = terms.max_age
        self._snapshot = snapshot or Snapshot()
        self._journal = journal
        self._writing: Background[Row | None] | None = None
        self._reading: Background[None] | None = None
        self._news_from = self._snapshot.asked_at
        self._is_doubtful = False
        self._clocks_differ = False
        self._refreshing = threading.Lock()

    @property
    def at_hand(self) -> Snapshot:
        """What this process knows; never waits."""
        return self._snapshot

    def is_due(self, now: datetime, *, early: bool = False) -> bool:
        """Whether it is time to look again, or `early` that it soon will be.

        A clock that was set back is a reason to.
        """
        young = self._ttl * EARLY if early else self._ttl
        return self._news_from is None or not self._news_from <= now < self._news_from + young

    def is_out_of_touch(self, now: datetime) -> bool:
        """Whether others may know more, because this process has not looked into the cache for long.

        Where there are visitors all the time it never is, however long an asking takes.
        """
        if not self._shared.is_shared:
            return False
        return self._in_touch_at is None or not timedelta() <= now - self._in_touch_at <= self._busy

    def refresh(
        self,
        inventory: Inventory,
        coverage: Coverage,
        now: datetime,
        *,
        early: bool = False,
        anew: bool = False,
    ) -> Snapshot:
        """Look again: what another worker has just heard is taken over, else the sources are asked.

        Who looks `early` comes before all who look when it is due, and who looks `anew` asks whatever
        others have heard. Of the threads of one process one looks at a time, and the next find what it
        has heard.
        """
        with self._refreshing:
            self._look(inventory, coverage, now, early=early, anew=anew)
            self._read_journal()
        return self._snapshot

    def catch_up(self, now: datetime) -> Snapshot:
        """Take over what another worker has heard, and ask nobody."""
        text = self._shared.news(ENTRY)
        theirs = read_snapshot(text) if text is not None else None
        if theirs is not None and theirs.asked_at is not None and self._is_believed(theirs.asked_at, now):
            self._snapshot = self._bounded(theirs, now)
            # By the clock of another machine it may have been later than now.
            self._news_from = min(theirs.asked_at, now)
        return self._snapshot

    def _look(
        self, inventory: Inventory, coverage: Coverage, now: datetime, *, early: bool, anew: bool
    ) -> None:
        self.catch_up(now)
        self._in_touch_at = now
        if not anew and not self.is_due(now, early=early):
            return
        if not self._turn.take(urgent=early or anew or self._news_from is None) and not anew:
            return
        try:
            # Between the look and the turn another worker may have been here.
            self.catch_up(now)
            if anew or self.is_due(now, early=early):
                self._ask(inventory, coverage, now)
        finally:
            self._turn.rest()

    def _ask(self, inventory: Inventory, coverage: Coverage, now: datetime) -> None:
        if self._journal is not None and self._snapshot.asked_at is None:
            self._snapshot = replace(self._snapshot, memory=self._recollected(self._journal))
        self._snapshot = self._asked(inventory, coverage, now)
        self._news_from = now
        if self._turn.lasts:
            self._shared.keep(ENTRY, snapshot_text(self._snapshot), int(KEPT_FOR.total_seconds()))

    def _asked(self, inventory: Inventory, coverage: Coverage, now: datetime) -> Snapshot:
        before = self._bounded(self._snapshot, now)
        heard = self._inquiry.readings(now)
        readings = {name: reading for name, reading in before.readings.items() if name in self._names}
        readings |= {name: public_part(reading, coverage.get(name, {})) for name, reading in heard.items()}
        words = monitoring_words(Summary(coverage=coverage, readings=readings), inventory, now)
        remembered = remember if inventory.complete else remember_in_part
        answered_at = {name: at for name, at in before.answered_at.items() if name in self._names}
        answered_at |= dict.fromkeys(heard, now)
        look = look_at(words, coverage, answered_at, before.row, self._ttl * LOOKS_MISSED, now)
        return replace(
            before,
            readings=readings,
            memory=remembered(before.memory, words, now),
            asked_at=now,
            answered_at=answered_at,
            row=self._written(look),
        )

    def _recollected(self, journal: Journal) -> Memory:
        """What the journal gives back; a disk that hangs costs the memory and the page nothing more."""
        reading = Background(journal.memory, name="status-journal-memory")
        try:
            return reading.result(MEMORY_WAIT)
        except TimeoutError:
            log.warning(SILENT_DISK, "what is in it is not remembered")
            return self._snapshot.memory

    def _written(self, look: Look) -> Row | None:
        """The look's row in the journal; a disk that hangs costs the journal a gap and the page nothing."""
        if self._journal is None or (self._writing is not None and self._writing.is_running):
            return None
        self._writing = Background(partial(self._journal.add, look), name="status-journal")
        try:
            return self._writing.result(JOURNAL_WAIT)
        except TimeoutError:
            log.warning(SILENT_DISK, "what is seen meanwhile will be a gap in it")
            return None

    def _read_journal(self) -> None:
        """Take in behind everybody's back what this or another process has written."""
        if self._journal is not None and (self._reading is None or not self._reading.is_running):
            self._reading = Background(self._journal.catch_up, name="status-journal-reading")

    def _is_believed(self, asked_at: datetime, now: datetime) -> bool:
        """Whether a word that was not here before is newer than our own.

        One that looks older may come from a machine whose clock is behind, or from a cache that was
        away and came back as it had been. The first is soon followed by another.
        """
        mine = self._snapshot.asked_at
        looks_newer = mine is None or mine < asked_at
        is_believed = looks_newer or self._is_doubtful
        self._is_doubtful = not looks_newer
        if is_believed:
            self._compare_clocks(asked_at, now, is_behind=not looks_newer)
        return is_believed

    def _compare_clocks(self, asked_at: datetime, now: datetime, *, is_behind: bool) -> None:
        """Say once that a machine that shares the cache has another time than this one."""
        differs = is_behind or asked_at > now + CLOCKS_DIFFER
        if differs and not self._clocks_differ:
            log.warning(
                "The clock of another machine that shares the cache differs from this one's. What it hears "
                "counts for less time, or not at all: let both be set by NTP."
            )
        self._clocks_differ = differs

    def _bounded(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """The same, and fresh for no longer than if it had been heard now: clocks jump, and differ."""
        readings: dict[str, Reading] = {
            name: bounded(reading, now, self._max_age) for name, reading in snapshot.readings.items()
        }
        return replace(snapshot, readings=readings)
