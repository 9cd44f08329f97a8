"""The days of a history in words: what people read of each day, and of many days in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import floor

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.wording import STATE_NAMES, count_text, date_text
from status_plugin.core.history.days import Day
from status_plugin.core.history.history import DAYS, History
from status_plugin.core.words import State
from status_plugin.web.faces import QUIET, Face, state_face
from status_plugin.web.times import duration_text

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRow:
    """One or more days of which the same is to be told, the first and the last of them.

    `notes` tell what happened, and `seen` what only monitoring knows.
    """

    first: date
    last: date
    face: Face
    facts: tuple[str, ...] = ()
    notes: tuple[IncidentItem | WindowItem, ...] = ()
    seen: str = ""

    @property
    def anchor(self) -> str:
        """What an address calls the row by: its day, where it is of one alone."""
        return day_anchor(self.first) if self.first == self.last else ""

    @property
    def when(self) -> str:
        """The days, as "Thu 4 Sep 2008" or "Mon 1 Sep 2008 to Thu 4 Sep 2008 (4 days)"."""
        if self.first == self.last:
            return date_text(self.first)
        days = count_text((self.last - self.first).days + 1, "day")
        return f"{date_text(self.first)} to {date_text(self.last)} ({days})"


def day_anchor(day: date) -> str:
    """What an address calls a day by, as "day-20080904"."""
    return f"day-{day:%Y%m%d}"


def day_face(day: Day) -> Face:
    """A day's word and tone: a day of which little is known is not shown as a good one."""
    if day.state is None or (day.state is State.OPERATIONAL and day.no_data > day.up):
        return Face(word="No data", tone=QUIET)
    return state_face(day.state)


def day_rows(days: Sequence[Day]) -> list[DayRow]:
    """The days newest first; neighbours on which nothing happened are one row."""
    rows = []
    for quiet, members in groupby(reversed(days), key=lambda day: is_quiet(day) and day_face(day)):
        run = list(members)
        rows += [_row(run)] if quiet else [_row([day]) for day in run]
    return rows


def eventful_days(days: Sequence[Day]) -> list[DayRow]:
    """The days on which something happened, newest first."""
    return [_row([day]) for day in reversed(days) if not is_quiet(day)]


def is_quiet(day: Day) -> bool:
    """Whether nothing happened on a day, or nothing is known of it."""
    return not day.notes and (day.state is None or day.state is State.OPERATIONAL)


def trouble_text(days: Sequence[Day]) -> str:
    """What a bar of days shows, as "2 days with trouble, 1 day without data"."""
    troubled = sum(day.state is not None and day.state.is_trouble for day in days)
    empty = sum(day_face(day).tone == QUIET for day in days)
    if empty == len(days):
        return "No data"
    parts = [f"{count_text(troubled, 'day')} with trouble" if troubled else "No day with known trouble"]
    if empty:
        parts.append(f"{count_text(empty, 'day')} without data")
    return ", ".join(parts)


def uptime_texts(history: History) -> Iterator[str]:
    """The uptime in sentences, one for each period of which it can be told."""
    for count in (30, DAYS):
        part = history.uptime(count)
        since = history.counted_since
        if part is None or since is None:
            continue
        days = history.days[-count:]
        is_whole = since.date() <= days[0].date
        period = f"in the last {count} days" if is_whole else f"since {date_text(since)}"
        yield f"{percent(part)} {period}{_gaps([day for day in days if day.date >= since.date()])}"
        if not is_whole:
            return


def percent(part: float) -> str:
    """A part as a percentage that is never nicer than the truth: "99.98%"."""
    return "100%" if part == 1 else f"{floor(part * 10000) / 100:.2f}%"


def _gaps(days: Sequence[Day]) -> str:
    missing = sum((day.no_data for day in days), timedelta())
    return f", with {duration_text(missing)} without data" if missing >= A_MINUTE else ""


def _row(days: Sequence[Day]) -> DayRow:
    """A row of days that run newest first."""
    newest = days[0]
    return DayRow(
        first=days[-1].date,
        last=newest.date,
        face=day_face(newest),
        facts=tuple(_facts(days)),
        notes=newest.notes,
        seen=_seen(newest),
    )


def _seen(day: Day) -> str:
    if day.is_unwritten:
        return "Seen by our monitoring, no note written"
    is_work = day.state is State.UNDER_MAINTENANCE and not day.notes
    return "Planned work, says our monitoring" if is_work else ""


def _facts(days: Sequence[Day]) -> Iterator[str]:
    trouble = sum((day.trouble for day in days), timedelta())
    missing = sum((day.no_data for day in days), timedelta())
    if trouble:
        yield f"trouble for {duration_text(trouble)}"
    if any(day.is_vague for day in days):
        yield "times only vaguely known"
    if all(day.state is None for day in days):
        return
    if day_face(days[0]).tone == QUIET:
        yield f"{STATE_NAMES[State.OPERATIONAL].lower()} as far as known"
    if missing >= A_MINUTE:
        yield f"no data for {duration_text(missing)}"
