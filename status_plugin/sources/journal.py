"""The journal: what monitoring has said over time, kept for the history in a file."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from status_plugin.core.monitoring.hindsight import Hindsight, hindsight
from status_plugin.core.monitoring.journal import Line, header_text, line_text, read_line
from status_plugin.core.monitoring.logbook import Logbook, Record
from status_plugin.core.monitoring.looks import Look, Row, compacted, latest, lines_for
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.recollection import recollected
from status_plugin.sources.journal_file import JournalFile, open_for_reading, open_for_writing, replace_file

log = logging.getLogger(__name__)

COMPACTED_AFTER = 500
"""Needless lines after which the file is written anew without them."""

LARGEST = 16 * 1024 * 1024
"""Bytes above which even a compacted journal loses its older half."""


class Journal:
    """What monitoring has said; may be used by several threads and several processes.

    Nothing here raises: a file that cannot be written is one warning when that begins and one when it
    ends, and of the time between nothing is known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._logbook = Logbook()
        self._head: bytes | None = None
        self._read_to = 0
        self._compact_at = COMPACTED_AFTER
        self._failing_since: datetime | None = None

    @property
    def failing_since(self) -> datetime | None:
        """Since when nothing can be written, None while it can."""
        return self._failing_since

    def add(self, look: Look) -> Row | None:
        """Write what the look adds; its row, for the next look, if the journal holds now what it found.

        A look that could not be written, or not while another process was writing, is as good as never
        made: the next one begins a new row.
        """
        with self._guard:
            try:
                with open_for_writing(self._path) as file:
                    if file is not None:
                        self._add(file, look)
            except OSError as error:
                self._report(error.strerror or str(error), look.row.last)
                return None
            self._report("", look.row.last)
            return replace(look.row, tail=self._logbook.last_at) if file is not None else None

    def record(self, slug: str, begin: datetime, end: datetime) -> Record:
        """What was said of a component in a period, as far as the file can be read."""
        return self.records([slug], begin, end)[slug]

    def records(self, slugs: Iterable[str], begin: datetime, end: datetime) -> dict[str, Record]:
        """What was said of some components in a period, as far as the file can be read."""
        with self._guard:
            with contextlib.suppress(OSError), open_for_reading(self._path) as file:
                self._catch_up(file)
            return {slug: self._logbook.record(slug, begin, end) for slug in slugs}

    def memory(self) -> Memory:
        """What was remembered of monitoring when the last line was written."""
        with self._guard, contextlib.suppress(OSError), open_for_reading(self._path) as file:
            self._begin_anew(file)
            return recollected(self._catch_up(file))
        return Memory()

    def lines(self) -> list[Line]:
        """All lines that can be read, oldest first; none if the file cannot be."""
        with contextlib.suppress(OSError), open_for_reading(self._path) as file:
            return _lines(file.read(0))
        return []

    def hindsight(self, at: datetime) -> Hindsight | None:
        """What monitoring said at a moment in the past, None when that is not known."""
        with contextlib.suppress(OSError), open_for_reading(self._path) as file:
            return hindsight(_lines(file.read(0)), at)
        return None

    def catch_up(self) -> None:
        """Take in what has been added to the file, so that nobody who asks has to wait for it."""
        with self._guard, contextlib.suppress(OSError), open_for_reading(self._path) as file:
            self._catch_up(file)

    def _add(self, file: JournalFile, look: Look) -> None:
        self._catch_up(file)
        lines = [line_text(line) for line in lines_for(self._logbook, look)]
        if not lines:
            return
        if file.head is None:
            lines.insert(0, header_text(look.row.last))
        file.append(lines)
        self._catch_up(file)
        if self._logbook.heartbeats >= self._compact_at or self._read_to > LARGEST:
            self._compact(file, look.row.last)

    def _catch_up(self, file: JournalFile) -> list[Line]:
        """Take in what has been added to the file since the last time, or all if it was written anew."""
        if file.head != self._head or file.size < self._read_to:
            self._begin_anew(file)
        content = file.read(self._read_to)
        lines = _lines(content)
        for line in lines:
            self._logbook.add(line)
        self._read_to += len(content)
        return lines

    def _begin_anew(self, file: JournalFile) -> None:
        self._logbook, self._head, self._read_to = Logbook(), file.head, 0

    def _compact(self, file: JournalFile, now: datetime) -> None:
        """Write the file anew without what nobody needs; if that fails, the old one will do for a while."""
        lines = list(compacted(_lines(file.read(0))))
        content = _content(lines, now)
        if len(content) > LARGEST // 2 and self._read_to > LARGEST:
            log.warning("STATUS_JOURNAL: %s has grown too large; its older half goes.", self._path)
            lines = latest(lines, len(lines) // 2)
            content = _content(lines, now)
        try:
            replace_file(self._path, content)
        except OSError as error:
            log.debug("The journal could not be compacted: %s", error)
            self._compact_at = self._logbook.heartbeats + COMPACTED_AFTER
        else:
            self._compact_at = COMPACTED_AFTER

    def _report(self, reason: str, now: datetime) -> None:
        if bool(reason) is (self._failing_since is not None):
            return
        self._failing_since = now if reason else None
        if reason:
            log.warning(
                "STATUS_JOURNAL: %s cannot be written (%s). The page goes on without; "
                "of this time there will be no history.",
                self._path,
                reason,
            )
        else:
            log.warning("STATUS_JOURNAL: %s can be written again.", self._path)


def _lines(content: bytes) -> list[Line]:
    """The lines that can be read; others are as good as lost."""
    texts = content.decode("utf-8", errors="replace").split("\n")
    return [line for text in texts if (line := read_line(text)) is not None]


def _content(lines: list[Line], now: datetime) -> bytes:
    texts = [header_text(now), *(line_text(line) for line in lines)]
    return "".join(f"{text}\n" for text in texts).encode()
