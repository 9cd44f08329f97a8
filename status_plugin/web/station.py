"""The station: joins notes and monitoring into the edition of now, and keeps it at hand."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from status_plugin.core.board.board import Board, Rules, board_of
from status_plugin.core.board.cards import Card
from status_plugin.core.board.settled import Settled, settled
from status_plugin.core.board.standing import standing
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.background import Background
from status_plugin.sources.monitor_map import Coverage
from status_plugin.sources.summary_cache import SummaryCache
from status_plugin.sources.summary_text import Snapshot
from status_plugin.web.edition import Edition, NoteItem, NoteKind
from status_plugin.web.newest_first import Notes
from status_plugin.web.renewals import Renewals

log = logging.getLogger(__name__)

CONTENT_CHECKED_EVERY = timedelta(seconds=1)

GRACE = timedelta(seconds=1)
"""How long an edition that the clock has made wrong may still be shown while its successor is made."""

TOUCH_WAIT = 0.2
"""Seconds that the first visitor after a quiet time waits for what other processes have heard meanwhile."""


class Folder(Protocol):
    """Where the notes are."""

    def read(self, now: datetime) -> Content:
        """The content as it is now, the same value while nothing has changed; never raises."""


class Station:
    """One application's source of editions.

    A visitor waits for a look at the folder, at most a second for the very first word of monitoring,
    and a moment, after a time without visitors, for what other processes know; everything else happens
    behind the visitors' backs, by one thread at a time for each.
    """

    def __init__(
        self,
        folder: Folder,
        summaries: SummaryCache,
        coverage: Callable[[Inventory], Coverage],
        rules: Rules,
        clock: Callable[[], datetime],
        look_every: timedelta = CONTENT_CHECKED_EVERY,
    ) -> None:
        self._folder = folder
        self._summaries = summaries
        self._coverage = coverage
        self._rules = rules
        self._clock = clock
        self._look_every = look_every
        self._content: Content | None = None
        self._checked_at: datetime | None = None
        self._edition: Edition | None = None
        self._settled = Settled()
        self._settled_of: Content | None = None
        self._order: Mapping[NoteKind, Sequence[Card]] = {}
        self._reading = threading.Lock()
        self._making = threading.Lock()
        self._renewals = Renewals(self.renew, lambda: self._has_word(self._clock()))
        self._look: Background[Content] | None = None
        self._reported: frozenset[Problem] = frozenset()
        self._looking = threading.Lock()

    def now(self) -> datetime:
        """The station's clock."""
        return self._clock()

    def over(self, folder: Folder) -> Station:
        """The same station over another folder of notes."""
        return Station(folder, self._summaries, self._coverage, self._rules, self._clock, self._look_every)

    def open(self) -> Content:
        """Read the folder for the first time, so that the first visitor of any page need not wait for it."""
        return self._read(self._clock())

    def edition(self) -> Edition:
        """The edition of now; never raises for a fault of content or monitoring."""
        now = self._clock()
        if edition := self._edition_at_hand(now):
            return edition
        content = self._read(now)
        if self._summaries.is_due(now):
            self._renewals.start(now)
            self._renewals.wait_for_a_word()
            self._renewals.wait_until(lambda: not self._summaries.is_out_of_touch(self._clock()), TOUCH_WAIT)
        return self._made(content)

    def peek(self) -> Board | None:
        """The board of now from memory alone: no waiting, no disk, no network; None before the first."""
        edition = self._edition_in_memory()
        return edition.board if edition else None

    def peek_note(self, slug: str) -> NoteItem | None:
        """The note with a slug of now or of old, from memory alone; None when it is not at hand."""
        edition = self._edition_in_memory()
        return edition.note(slug) if edition else None

    def renew(self, *, early: bool = False, anew: bool = False) -> Edition:
        """Read the folder and ask monitoring if it is time, in the caller's own time.

        Who comes `early` asks before any visitor's request would have to, and who wants it `anew` asks
        even if somebody has just asked.
        """
        content = self._read(self._clock())
        inventory = content.inventory or Inventory(complete=False)
        self._summaries.refresh(inventory, self._coverage(inventory), self._clock(), early=early, anew=anew)
        return self._made(content)

    def _edition_at_hand(self, now: datetime) -> Edition | None:
        """The edition as it was made, while there is no reason to look at anything."""
        edition = self._edition
        if (
            edition is not None
            and edition.content is self._content
            and edition.snapshot is self._summaries.at_hand
            and edition.board.now <= now < edition.board.valid_until
            and not self._is_content_due(now)
            and not self._summaries.is_due(now)
        ):
            return edition
        return None

    def _edition_in_memory(self) -> Edition | None:
        now = self._clock()
        if self._is_content_due(now):
            self._read_behind(now)
        if self._summaries.is_due(now):
            self._renewals.start(now)
        return None if self._content is None else self._made(self._content)

    def _read(self, now: datetime) -> Content:
        """The content; one thread looks, the others take what is at hand meanwhile."""
        content = self._content
        if content is not None and not self._is_content_due(now):
            return content
        if not self._reading.acquire(blocking=content is None) and content is not None:
            return content
        try:
            if self._content is None or self._is_content_due(now):
                self._content = self._folder.read(now)
                self._checked_at = now
                self._report(self._content.problems)
            return self._content
        finally:
            self._reading.release()

    def _report(self, problems: Iterable[Problem]) -> None:
        """Log every error once for as long as it is there, without words of the note.

        Only the check, which knows what nobody may repeat, quotes them.
        """
        errors = frozenset(problem for problem in problems if problem.severity is Severity.ERROR)
        for problem in sorted(errors - self._reported, key=str):
            log.warning("Note: %s. `flask status check` says what to write instead.", problem.kind_and_place)
        self._reported = errors

    def _is_content_due(self, now: datetime) -> bool:
        checked_at = self._checked_at
        return checked_at is None or not checked_at <= now < checked_at + self._look_every

    def _has_word(self, now: datetime) -> bool:
        """Whether there is a fresh word at hand, or it is known that none is to be had."""
        at_hand = self._summaries.at_hand
        return at_hand.is_unheard or any(now <= reading.fresh_until for reading in at_hand.readings.values())

    def _made(self, content: Content) -> Edition:
        """The edition of now; while one thread makes it, others take the one that was right just before."""
        before = self._edition
        now = self._clock()
        may_wait = before is None or not before.board.now <= now < before.board.valid_until + GRACE
        if not self._making.acquire(blocking=may_wait) and before is not None:
            return before
        try:
            content, snapshot, now = self._content or content, self._summaries.at_hand, self._clock()
            edition = self._edition
            if (
                edition is None
                or edition.content is not content
                or edition.snapshot is not snapshot
                or not edition.board.now <= now < edition.board.valid_until
            ):
                edition = self._edition = self._make(content, snapshot, now)
            return edition
        finally:
            self._making.release()

    def _make(self, content: Content, snapshot: Snapshot, now: datetime) -> Edition:
        coverage = self._coverage(content.inventory or Inventory())
        summary = Summary(coverage=coverage, readings=snapshot.readings)
        parts = self._parts_of(content, snapshot.memory, now)
        stand = standing(content, summary, snapshot.memory, now, self._rules.zone, parts)
        return Edition(
            board=board_of(stand, content, self._rules),
            content=content,
            snapshot=snapshot,
            notes={
                "incident": Notes(stand.incidents, parts.incidents, self._order["incident"]),
                "maintenance": Notes(stand.windows, parts.windows, self._order["maintenance"]),
            },
        )

    def _parts_of(self, content: Content, memory: Memory, now: datetime) -> Settled:
        """What of the content is settled; worked out again for what has changed in it."""
        if self._settled_of is not content or not self._settled.holds(memory, now):
            self._settled = settled(content, memory, now, self._settled)
            self._settled_of = content
            self._order = {
                "incident": tuple(self._settled.incidents.values()),
                "maintenance": tuple(self._settled.windows.values()),
            }
        return self._settled

    def _read_behind(self, now: datetime) -> None:
        """Look at the folder; not in a renewal, in which monitoring may be waited for."""
        with self._looking:
            if self._look is None or not self._look.is_running:
                self._look = Background(partial(self._read, now), name="status-folder")
