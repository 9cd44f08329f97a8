"""Which state of a window is newer, told by the window's note alone: for calendars that hold copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from status_plugin.core.board.items import WindowItem
from status_plugin.core.board.messages import messages_of
from status_plugin.core.notes.note import Maintenance

# A sequence must fit into 31 bits: up to 70 updates, and in each times of more than a hundred years.
_STEP = timedelta(minutes=5)
_STEPS = 30_000_000
_MOST_UPDATES = 70
_BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One state of a window.

    `sequence` grows with every update and, between two updates, when the window is moved to a later
    time. `stamp` is when its latest word was said; `modified` is the same, None when nobody wrote it.
    """

    sequence: int
    stamp: datetime
    modified: datetime | None


def revision_of(item: WindowItem, now: datetime, zone: tzinfo) -> Revision:
    """The present state; it follows from the text of the note, so that every machine says the same.

    A text cannot tell what it was before. So a window that is moved to an earlier time is newer only
    by the update that says so.
    """
    latest = max(messages_of(item, now, zone), key=lambda message: message.order)
    updates = min(len(item.updates), _MOST_UPDATES)
    return Revision(
        sequence=updates * _STEPS + _position(item.note) % _STEPS,
        stamp=latest.at,
        modified=latest.at if latest.is_dated else None,
    )


def _position(note: Maintenance) -> int:
    """Where the window lies in time: later when its start or its end is."""
    moments = [moment.at for moment in (note.starts, note.ends) if moment]
    return sum((at - _BEGINNING) // _STEP for at in moments)
