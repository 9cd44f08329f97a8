"""When notes and updates were first public, by the commits that brought them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance, Note
from status_plugin.core.notes.past import NotePast
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.staff.reporting.moments import is_day
from status_plugin.staff.reporting.report import Timed, Witness

_Note = TypeVar("_Note", Incident, Maintenance)

ARCHIVE = 3
"""So many notes that came at one moment were brought in: git does not know since when they were public."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publications:
    """The time of each note's first public commit by its path, and of each update's by path and anchor.

    What is not in it git does not know: it may have been public before git was told of it.
    """

    notes: Mapping[str, datetime] = field(default_factory=dict)
    updates: Mapping[tuple[str, str], datetime] = field(default_factory=dict)


def publications_of(pasts: Mapping[str, NotePast]) -> Publications:
    """What the pasts of notes, by path, tell of their publication; nothing of an archive brought in."""
    together = Counter(past.public_since for past in pasts.values())
    archived = {path for path, past in pasts.items() if together[past.public_since] >= ARCHIVE}
    return Publications(
        notes={
            path: past.public_since
            for path, past in pasts.items()
            if past.public_since and path not in archived
        },
        updates={
            (path, anchor): update.public_since
            for path, past in pasts.items()
            for anchor, update in past.updates.items()
            if update.public_since and (path not in archived or update.public_since != past.public_since)
        },
    )


def published_by(content: Content, publications: Publications, then: datetime) -> Content:
    """The content without the notes, and the updates, that were brought later."""
    return replace(
        content,
        incidents=tuple(_published_by(content.incidents, publications, then)),
        windows=tuple(_published_by(content.windows, publications, then)),
    )


def _published_by(notes: Iterable[_Note], publications: Publications, then: datetime) -> Iterator[_Note]:
    for note in notes:
        if publications.notes.get(note.path, then) <= then:
            known = publications.updates
            told = (update for update in note.updates if known.get((note.path, update.anchor), then) <= then)
            yield replace(note, updates=tuple(told))


def told_at(note: Note, update: Update, publications: Publications) -> Timed:
    """When visitors could first read an update."""
    committed = publications.updates.get((note.path, update.anchor))
    if committed is not None:
        return Timed(at=committed, by=Witness.GIT)
    return Timed(at=update.at.at, by=Witness.NOTE, is_about=not update.at.exact)


def first_told_at(note: Note, publications: Publications) -> Timed | None:
    """When visitors could first read the note; None if nobody tells, as of one without a dated word."""
    announced = note.announced
    committed = publications.notes.get(note.path)
    if committed is not None:
        if announced is not None and announced.at > committed:
            return _announced(announced)
        return Timed(at=committed, by=Witness.GIT)
    if announced is not None:
        return _announced(announced)
    told = [told_at(note, update, publications) for update in note.updates if not is_day(update.at)]
    return min(told, key=lambda timed: timed.at, default=None)


def _announced(announced: Moment) -> Timed | None:
    if is_day(announced):
        return None
    return Timed(at=announced.at, by=Witness.ANNOUNCED, is_about=not announced.exact)
