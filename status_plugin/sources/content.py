"""The content folder: reads what has changed, and keeps for a while what cannot be read at present."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

from status_plugin.core.notes.components import Inventory, read_components
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.reader import NoteReading, read_note
from status_plugin.core.problems import Problem
from status_plugin.sources.collation import collate
from status_plugin.sources.content_files import (
    KINDS,
    ComponentsFile,
    FileText,
    NoteFile,
    note_file,
    read_file,
)
from status_plugin.sources.git_lock import is_git_at_work
from status_plugin.sources.glance import Glance
from status_plugin.sources.index_keeping import IndexKeeping
from status_plugin.sources.last_good import KEPT_FOR, LastGood
from status_plugin.sources.listing import COMPONENTS, Listing, list_folder, settled, shown_path
from status_plugin.sources.private_names import PrivateNames
from status_plugin.sources.reading_index import ReadingIndex

_LOST = FileText(text=None)
_NO_COMPONENTS = Problem(
    rule="no-components",
    path=COMPONENTS,
    line=1,
    message="There is no components.yml, so nothing is known to be public.",
    hint="Write one with a line '- name: Srv3' for each component.",
)


class ContentFolder:
    """The folder of components.yml and the notes; may be read from several threads.

    Reading never raises: whatever is wrong is a problem in what comes back, and none of them repeats
    a name that is private. `drafts` has drafts among the notes, for staff's eyes. What an `index` has
    kept need not be read again at a start.
    """

    def __init__(
        self,
        root: Path,
        *,
        zone: tzinfo,
        private: PrivateNames | None = None,
        drafts: bool = False,
        index: ReadingIndex | None = None,
    ) -> None:
        self._root = root
        self._zone = zone
        self._private = private or PrivateNames()
        self._drafts = drafts
        self._lock = threading.Lock()
        self._problems: list[Problem] = []
        self._components = ComponentsFile()
        self._inventory: Inventory | None = None
        self._notes: dict[str, NoteFile] = {}
        self._content: Content | None = None
        self._good_until: datetime | None = None
        self._is_settled = False
        self._glance = Glance()
        self._keeping = IndexKeeping(index) if index else None

    def read(self, now: datetime) -> Content:
        """What the folder says; the very same object as long as it says the same.

        While git changes files the last reading stays in force.
        """
        with self._lock:
            if self._content is not None and is_git_at_work(self._root, now):
                return self._content
            if self._content is not None and not self._is_due(now):
                return self._content
            return self._look(now)

    def _look(self, now: datetime) -> Content:
        """Look at every file, and read what has changed."""
        began = time.thread_time()
        listing = list_folder(self._root)
        took = time.thread_time() - began
        components = self._read_components(listing, now)
        notes = self._read_notes(listing, components, now)
        if self._content is None or not is_git_at_work(self._root, now):
            self._content = self._update(listing, components, notes, now)
            self._glance = Glance.after(listing, took, now)
            if self._keeping:
                self._keeping.keep(components, notes, now)
        return self._content

    def _is_due(self, now: datetime) -> bool:
        """Whether every file must be looked at: one may have changed, or the clock changes what counts."""
        is_good = self._good_until is None or now < self._good_until
        return not (is_good and self._is_settled and self._glance.suffices(self._root))

    def _read_components(self, listing: Listing, now: datetime) -> ComponentsFile:
        before, stamp = self._components, listing.components
        if stamp is not None and stamp == before.stamp:
            return before
        file = read_file(listing.root, COMPONENTS, stamp) if stamp else None
        file = file or FileText(text=None, problems=(_NO_COMPONENTS,))
        inventory, problems = None, file.problems
        if file.text is not None:
            inventory, problems = read_components(file.text, path=COMPONENTS)
        is_good = inventory is not None and inventory.complete
        return ComponentsFile(
            stamp=settled(stamp, now) if file.digest else None,
            digest=file.digest,
            problems=problems,
            good=LastGood(value=inventory) if is_good else before.good.failing(now),
            partial=None if is_good else inventory,
        )

    def _read_notes(self, listing: Listing, components: ComponentsFile, now: datetime) -> dict[str, NoteFile]:
        inventory = components.shown(now)
        known = self._known(components, inventory)
        notes = {}
        for path, stamp in listing.notes.items():
            before = known.get(path)
            if before and stamp is not None and stamp == before.stamp:
                notes[path] = before
            elif file := read_file(listing.root, path, stamp):
                if before and before.says(file):
                    notes[path] = before._replace(stamp=settled(stamp, now))
                else:
                    reading = self._read_note(path, file, inventory, now)
                    notes[path] = note_file(file, reading, self._notes.get(path), stamp, now)
        for path in self._notes.keys() - notes.keys():
            if listing.is_lost(path):
                notes[path] = note_file(_LOST, NoteReading(), self._notes[path], None, now)
        return notes

    def _known(self, components: ComponentsFile, inventory: Inventory | None) -> Mapping[str, NoteFile]:
        """What was read with the same components: before, or at the start by whoever kept the index."""
        if self._content is None and self._keeping:
            return self._keeping.begin(components)
        return self._notes if inventory == self._inventory else {}

    def _read_note(
        self, path: str, file: FileText, inventory: Inventory | None, now: datetime
    ) -> NoteReading:
        if file.text is None:
            return NoteReading(problems=file.problems)
        kind = KINDS[path.partition("/")[0]]
        return read_note(
            file.text,
            path=shown_path(path),
            kind=kind,
            zone=self._zone,
            inventory=inventory,
            read_at=now,
            drafts=self._drafts,
        )

    def _update(
        self, listing: Listing, components: ComponentsFile, notes: dict[str, NoteFile], now: datetime
    ) -> Content:
        before = self._content
        self._is_settled = components.stamp is not None and all(note.stamp for note in notes.values())
        is_same = (
            listing.problems == self._problems and components == self._components and notes == self._notes
        )
        if before and is_same and (self._good_until is None or now < self._good_until):
            return before
        self._problems, self._components, self._notes = listing.problems, components, notes
        self._inventory = components.shown(now)
        failing = (note.failing_since for note in notes.values() if note.failing_since and note.card)
        ends = [components.good.ends, *(since + KEPT_FOR for since in failing)]
        self._good_until = min((end for end in ends if end and now < end), default=None)
        content = collate(listing, components, notes, now)
        told = self._private.masked(content.problems, content.inventory or Inventory())
        content = replace(content, problems=tuple(told))
        if before and content.version == before.version:
            return before
        is_whole = content.is_list_whole and not content.withheld
        gaps_since = before.gaps_since if before and before.gaps_since else now
        return content if is_whole else replace(content, gaps_since=gaps_since)
