"""The days of a history in words: what people read of each day, and of many days in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import floor

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.wording import date_text
from status_plugin.core.history.days import Day
from status_plugin.core.history.history import DAYS, History
from status_plugin.core.sayings import counted, joined, saying
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
        days = (self.last - self.first).days + 1
        first, last = date_text(self.first), date_text(self.last)
        return counted(
            days,
            "{first} to {last} ({count} day)",
            "{first} to {last} ({count} days)",
            first=first,
            last=last,
        )

    @property
    def facts_text(self) -> str:
        """All that is told of them beside their state."""
        return joined("; ", self.facts)


def day_anchor(day: date) -> str:
    """What an address calls a day by, as "day-20080904"."""
    return f"day-{day:%Y%m%d}"


def day_face(day: Day) -> Face:
    """A day's word and tone: a day of which little is known is not shown as a good one."""
    if day.state is None or (day.state is State.OPERATIONAL and day.no_data > day.up):
        return Face(word=saying("No data"), tone=QUIET)
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
        return saying("No data")
    trouble = counted(troubled, "{count} day with trouble", "{count} days with trouble")
    without = counted(empty, "{count} day without data", "{count} days without data")
    return joined(
        ", ", [trouble if troubled else saying("No day with known trouble"), without if empty else ""]
    )


def uptime_texts(history: History) -> Iterator[str]:
    """The uptime in sentences, one for each period of which it can be told."""
    for count in (30, DAYS):
        part = history.uptime(count)
        since = history.counted_since
        if part is None or since is None:
            continue
        days = history.days[-count:]
        is_whole = since.date() <= days[0].date
        if is_whole:
            text = counted(
                count,
                "{part} up in the last {count} day",
                "{part} up in the last {count} days",
                part=percent(part),
            )
        else:
            text = saying("{part} up since {day}", part=percent(part), day=date_text(since))
        yield _with_gaps(text, [day for day in days if day.date >= since.date()])
        if not is_whole:
            return


def percent(part: float) -> str:
    """A part as a percentage that is never nicer than the truth: "99.98%"."""
    if part == 1:
        return saying("100%")
    whole, _, fraction = f"{floor(part * 10000) / 100:.2f}".partition(".")
    return saying("{whole}.{fraction}%", whole=whole, fraction=fraction)


def _with_gaps(text: str, days: Sequence[Day]) -> str:
    missing = sum((day.no_data for day in days), timedelta())
    if missing < A_MINUTE:
        return text
    return saying("{uptime} ({length} of it without data)", uptime=text, length=duration_text(missing))


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
        return saying("Seen by our monitoring, no note written")
    is_work = day.state is State.UNDER_MAINTENANCE and not day.notes
    return saying("Planned work, says our monitoring") if is_work else ""


def _facts(days: Sequence[Day]) -> Iterator[str]:
    trouble = sum((day.trouble for day in days), timedelta())
    missing = sum((day.no_data for day in days), timedelta())
    if trouble:
        yield saying("trouble for {length}", length=duration_text(trouble))
    if any(day.is_vague for day in days):
        yield saying("times only vaguely known")
    if all(day.state is None for day in days):
        return
    if day_face(days[0]).tone == QUIET:
        yield saying("operational as far as known")
    if missing >= A_MINUTE:
        yield saying("no data for {length}", length=duration_text(missing))
