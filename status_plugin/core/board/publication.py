"""What of a note is public at a moment."""

from __future__ import annotations

from datetime import datetime

from status_plugin.core.board.items import NextUpdate, ShownUpdate
from status_plugin.core.notes.note import Incident, Note
from status_plugin.core.times.moments import CLOCK_TOLERANCE


def known_from(at: datetime, read_at: datetime) -> datetime:
    """When visitors can know of a written time: a time ahead of the clock that read it hides nothing."""
    return min(at, read_at)


def is_public(note: Note, read_at: datetime, now: datetime) -> bool:
    """Whether the note may be seen: announced, and not about a time still to come."""
    if note.announced is not None:
        return note.announced.at <= now
    if not isinstance(note, Incident):
        return True
    times = [note.started.at] if note.started else []
    times += [update.at.at for update in note.updates]
    return not times or known_from(min(times), read_at) <= now


def shown_updates(note: Note, read_at: datetime, now: datetime) -> tuple[ShownUpdate, ...]:
    """The updates that visitors see, newest first."""
    return tuple(
        ShownUpdate(update=update, ahead=update.at.at > now + CLOCK_TOLERANCE)
        for update in reversed(note.updates)
        if known_from(update.at.at, read_at) <= now
    )


def next_update(shown: tuple[ShownUpdate, ...], now: datetime) -> NextUpdate | None:
    """The promised next word: kept by any later update once its time has come, else overdue."""
    for position, update in enumerate(entry.update for entry in shown):
        if update.next_update is not None:
            overdue = now >= update.next_update.at
            if overdue and position > 0:
                return None
            return NextUpdate(at=update.next_update, overdue=overdue)
    return None


def turning_points(note: Note, read_at: datetime) -> set[datetime]:
    """The moments at which the clock alone changes what is public of the note."""
    points = {known_from(update.at.at, read_at) for update in note.updates}
    points |= {update.at.at - CLOCK_TOLERANCE for update in note.updates}
    points |= {update.next_update.at for update in note.updates if update.next_update}
    if note.announced is not None:
        points.add(note.announced.at)
    if isinstance(note, Incident):
        moments = [moment.at for moment in (note.started, note.resolved) if moment]
        points |= {known_from(at, read_at) for at in moments} | {at - CLOCK_TOLERANCE for at in moments}
    return points
