"""When the index of a folder is taken up and written: seldom, and behind everybody's back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from status_plugin.sources.background import Background
from status_plugin.sources.content_files import ComponentsFile, NoteFile
from status_plugin.sources.reading_index import ReadingIndex

MANY = 100
"""How many notes must be missing in an index for it to be written: reading them takes a moment."""

STALE_FOR = timedelta(hours=1)
"""How long an index may hold what is no longer so."""


class IndexKeeping:
    """Keeps one folder's index; used by one thread at a time."""

    def __init__(self, index: ReadingIndex) -> None:
        self._index = index
        self._kept: Mapping[str, NoteFile] = {}
        self._kept_with = ""
        self._kept_at: datetime | None = None
        self._writing: Background[None] | None = None

    def begin(self, components: ComponentsFile) -> Mapping[str, NoteFile]:
        """What the index holds for a folder with these components."""
        if _is_as_written(components):
            self._kept, self._kept_with = self._index.load(components.digest), components.digest
        return self._kept

    def keep(self, components: ComponentsFile, notes: Mapping[str, NoteFile], now: datetime) -> None:
        """Have what was read kept, if much of it is missing, or something is out of date for long."""
        self._kept_at = self._kept_at or now
        if not _is_as_written(components) or (self._writing and self._writing.is_running):
            return
        kept = self._kept if components.digest == self._kept_with else {}
        missing = sum(note.stamp is not None and kept.get(path) is not note for path, note in notes.items())
        is_old = bool(kept) and not self._kept_at <= now < self._kept_at + STALE_FOR
        if missing >= MANY or (is_old and (missing or kept.keys() - notes.keys())):
            self._kept, self._kept_with, self._kept_at = notes, components.digest, now
            self._writing = Background(
                partial(self._index.keep, components.digest, self._kept), name="status-index"
            )


def _is_as_written(components: ComponentsFile) -> bool:
    """Whether notes are read with what the file holds now, and not with an earlier list that stands in."""
    is_stand_in = components.good.failing_since is not None and components.good.value is not None
    return bool(components.digest) and not is_stand_in
