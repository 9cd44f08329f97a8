"""The station: joins notes and monitoring into the edition of now, and keeps it at hand."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from status_plugin.core.board import Board, Rules, board_of
from status_plugin.core.components import Inventory
from status_plugin.core.content import Content
from status_plugin.core.items import IncidentItem, WindowItem
from status_plugin.core.standing import standing
from status_plugin.core.summary import Summary
from status_plugin.sources.monitor_map import Coverage
from status_plugin.sources.summary_cache import SummaryCache
from status_plugin.sources.summary_text import Snapshot

log = logging.getLogger(__name__)

CONTENT_CHECKED_EVERY = timedelta(seconds=1)
FIRST_SUMMARY_WAIT = timedelta(seconds=1)

NoteKind = Literal["incident", "maintenance"]
NoteItem = IncidentItem | WindowItem


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """A board with what it was made from; `notes` holds every public note by slug, newest first."""

    board: Board
    content: Content
    snapshot: Snapshot
    notes: Mapping[NoteKind, Mapping[str, NoteItem]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivePage:
    """One page of an archive, newest first; an empty archive has one empty page."""

    items: tuple[NoteItem, ...]
    page: int
    pages: int
    total: int


class Folder(Protocol):
    """Where the notes are."""

    def read(self, now: datetime) -> Content:
        """The content as it is now, the same value while nothing has changed; never raises."""


class Station:
    """One application's source of editions.

    A visitor waits for a look at the folder, and at most a second for the very first word of
    monitoring; everything else happens behind the visitors' backs, by one thread at a time.
    """

    def __init__(
        self,
        folder: Folder,
        summaries: SummaryCache,
        coverage: Callable[[Inventory], Coverage],
        rules: Rules,
        clock: Callable[[], datetime],
    ) -> None:
        self._folder = folder
        self._summaries = summaries
        self._coverage = coverage
        self._rules = rules
        self._clock = clock
        self._content: Content | None = None
        self._checked_at: datetime | None = None
        self._edition: Edition | None = None
        self._reading = threading.Lock()
        self._making = threading.Lock()
        self._renewal: threading.Thread | None = None
        self._starting = threading.Lock()

    def now(self) -> datetime:
        """The station's clock."""
        return self._clock()

    def edition(self) -> Edition:
        """The edition of now; never raises for a fault of content or monitoring."""
        now = self._clock()
        content = self._read(now)
        if self._summaries.is_due(now):
            self._renew_behind()
            if not self._has_fresh_summary(now) and self._renewal is not None:
                self._renewal.join(FIRST_SUMMARY_WAIT.total_seconds())
        return self._made(content, self._clock())

    def peek(self) -> Board | None:
        """The board of now from memory alone: no waiting, no disk, no network; None before the first."""
        edition = self._edition_in_memory()
        return edition.board if edition else None

    def peek_item(self, kind: NoteKind, slug: str) -> NoteItem | None:
        """One note from memory alone, None when it is not at hand."""
        edition = self._edition_in_memory()
        return edition.notes[kind].get(slug) if edition else None

    def renew(self) -> Edition:
        """Read the folder and ask monitoring if it is time, in the caller's own time."""
        content = self._read(self._clock())
        inventory = content.inventory or Inventory()
        self._summaries.refresh(inventory, self._coverage(inventory), self._clock())
        return self._made(content, self._clock())

    def board(self) -> Board:
        """The board of now."""
        return self.edition().board

    def content(self) -> Content:
        """The notes and components that the board is made from."""
        return self.edition().content

    def item(self, kind: NoteKind, slug: str) -> NoteItem | None:
        """One note as it stands now, None when there is none of that kind and slug."""
        return self.edition().notes[kind].get(slug)

    def alias(self, kind: NoteKind, slug: str) -> str | None:
        """The present slug of a note that once had this one."""
        notes = self.edition().notes[kind].values()
        return next((item.slug for item in notes if slug in item.note.aliases), None)

    def archive(self, kind: NoteKind, page: int, per_page: int, component: str | None = None) -> ArchivePage:
        """A page of all notes of a kind, or of those that touch one component."""
        notes = list(self.edition().notes[kind].values())
        found = [
            item for item in notes if component is None or component in {**item.note.affects, **item.affects}
        ]
        pages = max(1, -(-len(found) // per_page))
        first = (page - 1) * per_page
        return ArchivePage(
            items=tuple(found[first : first + per_page]), page=page, pages=pages, total=len(found)
        )

    def _edition_in_memory(self) -> Edition | None:
        now = self._clock()
        if self._is_content_due(now) or self._summaries.is_due(now):
            self._renew_behind()
        return None if self._content is None else self._made(self._content, now)

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
            return self._content
        finally:
            self._reading.release()

    def _is_content_due(self, now: datetime) -> bool:
        checked_at = self._checked_at
        return checked_at is None or not checked_at <= now < checked_at + CONTENT_CHECKED_EVERY

    def _has_fresh_summary(self, now: datetime) -> bool:
        readings = self._summaries.at_hand.readings.values()
        return any(now <= reading.fresh_until for reading in readings)

    def _made(self, content: Content, now: datetime) -> Edition:
        snapshot = self._summaries.at_hand
        with self._making:
            edition = self._edition
            if (
                edition is None
                or edition.content is not content
                or edition.snapshot is not snapshot
                or not edition.board.now <= now < edition.board.valid_until
            ):
                edition = self._edition = self._make(content, snapshot, now)
            return edition

    def _make(self, content: Content, snapshot: Snapshot, now: datetime) -> Edition:
        coverage = self._coverage(content.inventory or Inventory())
        summary = Summary(coverage=coverage, readings=snapshot.readings)
        stand = standing(content, summary, snapshot.memory, now, self._rules.zone)
        return Edition(
            board=board_of(stand, content, self._rules),
            content=content,
            snapshot=snapshot,
            notes={
                "incident": {item.slug: item for item in sorted(stand.incidents, key=_order, reverse=True)},
                "maintenance": {item.slug: item for item in sorted(stand.windows, key=_order, reverse=True)},
            },
        )

    def _renew_behind(self) -> None:
        with self._starting:
            if self._renewal is not None and self._renewal.is_alive():
                return
            self._renewal = threading.Thread(target=self._renew_quietly, name="status-renewal", daemon=True)
            self._renewal.start()

    def _renew_quietly(self) -> None:
        try:
            self.renew()
        except Exception:
            log.exception("The status page could not be renewed; what is at hand stands until it ages.")


def _order(item: NoteItem) -> tuple[float, str]:
    """Where a note stands in its archive: by its beginning; what tells none comes last."""
    begun = item.started if isinstance(item, IncidentItem) else item.note.starts or item.began
    return (begun.at.timestamp() if begun else float("-inf"), item.slug)
