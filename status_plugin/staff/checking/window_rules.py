"""What a good announcement of planned work has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

from status_plugin.core.board.items import Life
from status_plugin.core.board.windows import CURRENT
from status_plugin.staff.checking.folder import CheckedWindow, Folder, field_spot
from status_plugin.staff.checking.rule import Chapter, Finding, doubt

_AHEAD = (Life.SCHEDULED, *CURRENT)
_UNTOLD = (Life.OVERRUNNING, Life.END_NOT_CONFIRMED, Life.ENDED_NOT_CONFIRMED)


def overlapping(folder: Folder) -> Iterator[Finding]:
    """Two windows that touch one component at one time; the later one is named."""
    ahead = [window for window in folder.all_windows if window.item.life in _AHEAD]
    spans = [(span, window) for window in ahead if (span := _span(window))]
    for (before, first), (after, second) in combinations(sorted(spans, key=_order), 2):
        shared = [slug for slug in second.item.note.affects if slug in first.item.note.affects]
        if after[0] < before[1] and shared:
            yield Finding(
                path=second.file.path,
                at=field_spot(second.file, "starts"),
                field="starts",
                message=f"The window overlaps with that of {first.file.path} on {', '.join(shared)}.",
                hint="Move one of them, or tell both in one window.",
            )


def announced_late(folder: Folder) -> Iterator[Finding]:
    """A window ahead that readers learn of later than the site promises."""
    if not folder.notice:
        return
    for window in folder.windows:
        note = window.item.note
        starts = note.starts
        if note.emergency or starts is None or window.item.life is not Life.SCHEDULED:
            continue
        known = [note.announced.at] if note.announced else []
        if committed := _committed(window, folder):
            known.append(committed)
        # An announcement that git had only later was not there before.
        told = max(known, default=None)
        if told is None or starts.at - told >= folder.notice:
            continue
        yield Finding(
            path=window.file.path,
            at=field_spot(window.file, "starts"),
            field="starts",
            message=f"It is announced {_hours(starts.at - told)} ahead, not {_hours(folder.notice)}.",
            hint="Move it, or write emergency: true if it cannot wait.",
        )


def ended_untold(folder: Folder) -> Iterator[Finding]:
    """A window that is over by the clock, and nobody says so."""
    for window in folder.windows:
        note = window.item.note
        if window.item.life in _UNTOLD and note.ends and folder.now >= note.ends.at:
            yield Finding(
                path=window.file.path,
                at=field_spot(window.file, "ends", "duration"),
                field="ends",
                message=f"The window ended ('{note.ends.written}'), and no update says how.",
                hint="Write an update with [completed], [cancelled], or [in progress] and a new 'ends'.",
            )


def _span(window: CheckedWindow) -> tuple[datetime, datetime] | None:
    note = window.item.note
    known = note.starts and note.ends and note.starts.exact and note.ends.exact
    return (note.starts.at, note.ends.at) if known and note.starts and note.ends else None


def _order(entry: tuple[tuple[datetime, datetime], CheckedWindow]) -> tuple[datetime, str]:
    (starts, _), window = entry
    return starts, window.file.path


def _committed(window: CheckedWindow, folder: Folder) -> datetime | None:
    """When readers could first see it: what git does not have yet they see now."""
    known = folder.first_committed()
    return None if known is None else known.get(window.file.path, folder.now)


def _hours(length: timedelta) -> str:
    hours = max(0, round(length.total_seconds() / 3600))
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 24 else f"{hours} hours"


CHAPTER = Chapter(
    title="Maintenance windows",
    rules=(
        doubt("windows-overlap", "Two windows ahead touch one component at the same time.", overlapping),
        doubt(
            "short-notice",
            "The window is announced later than `STATUS_NOTICE_PERIOD` asks for.",
            announced_late,
        ),
        doubt("end-not-told", "The window is over by the clock, and no update says so.", ended_untold),
    ),
)
"""In the order of the documentation."""
