"""What became of each note's file from commit to commit, and what follows of it for the note's past."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from status_plugin.core.notes.differences import is_same_note
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.past import NotePast
from status_plugin.sources.note_commits import NoteCommit

AnyNote = Incident | Maintenance


@dataclass(frozen=True, kw_only=True, slots=True)
class FileVersion:
    """A file's path and blob after a commit and the commit's time; a blob of None says that it went.

    `is_first_known` says that it may have been so long before.
    """

    path: str
    blob: str | None
    at: datetime
    is_first_known: bool = False


Read = Callable[[FileVersion], AnyNote | None]
"""The note in a version of a file, None where it is hidden, unreadable or not there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteRecord:
    """What is known of a note up to a commit.

    `past` is None while it was never public, `shown` is the last version that was. Where that is only to
    become public at a later time, `waits_until`, `otherwise` is the record if it is changed before.
    `is_there` says whether there is a file.
    """

    past: NotePast | None = None
    shown: FileVersion | None = None
    waits_until: datetime | None = None
    otherwise: NoteRecord | None = None
    is_there: bool = False

    @property
    def was_public(self) -> bool:
        """Whether any version was public when the next one came, or is now."""
        return (self.otherwise or self).past is not None

    def by(self, at: datetime) -> NoteRecord:
        """The record as a commit at `at` finds it: what waits has become public by then, or never was."""
        if self.otherwise is None or self.waits_until is None:
            return self
        is_in_time = self.waits_until < at
        return replace(self, waits_until=None, otherwise=None) if is_in_time else self.otherwise


@dataclass(kw_only=True, slots=True)
class NoteTrail:
    """A note's record, and the versions of its file after that, oldest first."""

    record: NoteRecord = NoteRecord()
    versions: list[FileVersion] = field(default_factory=list)

    def blobs(self) -> dict[str, None]:
        """Everything that has to be read to follow it."""
        before = self.record.otherwise
        versions = [self.record.shown, before.shown if before else None, *self.versions]
        return dict.fromkeys(version.blob for version in versions if version and version.blob)


class NoteTrails:
    """The trails of notes, each under the present path of its file, or its last one.

    `untouched` are the records of all others. A trail whose path another one has taken has none.
    """

    def __init__(self, records: Mapping[str, NoteRecord]) -> None:
        self.untouched = dict(records)
        self._trails: dict[str, NoteTrail] = {}
        self._lost: list[NoteTrail] = []

    @property
    def touched(self) -> Iterator[tuple[str | None, NoteTrail]]:
        """Those whose file was changed, or its path taken."""
        yield from self._trails.items()
        yield from ((None, trail) for trail in self._lost)

    def add(self, commit: NoteCommit, *, is_first_known: bool) -> None:
        """One commit more; `is_first_known` says that the repository tells nothing of what was before it."""
        moved = {change.before: self._taken(change.before) for change in commit.changes if change.before}
        for change in commit.changes:
            trail, there = moved.get(change.before or ""), self._taken(change.path)
            if trail and there:
                self._lost.append(there)
            trail = self._trails[change.path] = trail or there or NoteTrail()
            trail.versions.append(
                FileVersion(path=change.path, blob=change.blob, at=commit.at, is_first_known=is_first_known)
            )

    def _taken(self, path: str) -> NoteTrail | None:
        """The trail at a path, no longer there."""
        if path in self.untouched:
            return NoteTrail(record=self.untouched.pop(path))
        return self._trails.pop(path, None)


def followed(trail: NoteTrail, read: Read) -> list[NoteRecord]:
    """The record after all versions; before it those of other notes whose file became this one's."""
    records = [trail.record]
    note: AnyNote | None = None
    is_read = False
    for version in trail.versions:
        last, record = records[-1].shown, records[-1].by(version.at)
        if not is_read or record.shown is not last:
            note, is_read = read(record.shown) if record.shown else None, True
        found = read(version)
        if found is None:
            records[-1] = replace(record, is_there=version.blob is not None)
        elif record.shown and record.shown.path != version.path and note and not is_same_note(note, found):
            records[-1] = replace(record, is_there=False)
            records.append(_told_on(NoteRecord(), None, version, found))
            note = found
        else:
            records[-1] = _told_on(record, note, version, found)
            note = found
    return records


def _told_on(record: NoteRecord, before: AnyNote | None, version: FileVersion, note: AnyNote) -> NoteRecord:
    """The record when visitors get this version, at once or when it is announced."""
    announced = note.announced.at if note.announced else None
    waits_until = announced if announced and announced > version.at else None
    at = waits_until or version.at
    if record.past is None:
        past = NotePast.of_new(note, None if version.is_first_known and not waits_until else at)
    else:
        past = record.past.then(before, note, at)
    return NoteRecord(
        past=past,
        shown=version,
        waits_until=waits_until,
        otherwise=record if waits_until else None,
        is_there=True,
    )
