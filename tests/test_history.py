"""The history of days and the uptime: what is told of each day, and what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from board_cases import Case
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.board.standing import standing
from status_plugin.core.history.claims import Told, told_by_notes
from status_plugin.core.history.days import Day
from status_plugin.core.history.history import DAYS, History, history_of
from status_plugin.core.monitoring.logbook import Record, Span
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.words import State

MINUTE = timedelta(minutes=1)
FOLDER = Path(__file__).parent / "golden" / "history"
CASES = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yml"))}
EVENTFUL = {name: case for name, case in CASES.items() if "days" in case["expect"]}


def history(raw: dict[str, Any]) -> History:
    """The history of the one component of a golden case."""
    case = Case("history", raw | {"components": {"srv3": ["Web"]}})
    now = case.time(raw["now"])
    stand = standing(case.content(), Summary(), Memory(), now, case.zone)
    told = told_by_notes(stand.incidents, stand.windows, now - timedelta(days=DAYS), now)
    return history_of(_record(case, now), told.get("srv3", Told()), case.zone, now)


def _record(case: Case, now: datetime) -> Record:
    """What monitoring saw: each time with the state that began then; `-` is nothing.

    The `first_look` is at the beginning of the first state, unless the case says otherwise.
    """
    changes = [(case.time(at).astimezone(UTC), state) for at, state in case.raw.get("seen", {}).items()]
    if not changes:
        return Record()
    ends = [at for at, _ in changes[1:]] + [now.astimezone(UTC)]
    spans = tuple(
        Span(begin=at, end=end, state=State(state))
        for (at, state), end in zip(changes, ends, strict=True)
        if state != "-"
    )
    first_at = case.time(case.raw["first_look"]) if "first_look" in case.raw else spans[0].begin
    return Record(spans=spans, first_at=first_at.astimezone(UTC), last_at=spans[-1].end)


def described(day: Day) -> str:
    """A day in the words of the golden files."""
    parts = [day.state.value if day.state else "-"]
    lengths = {name: getattr(day, name) // MINUTE for name in ("trouble", "no_data", "up", "down")}
    parts += [f"{name} {length}" for name, length in lengths.items() if length]
    parts += [name for name in ("is_vague", "is_unwritten") if getattr(day, name)]
    parts += [item.slug for item in day.notes]
    return ", ".join(parts)


@pytest.mark.parametrize("name", EVENTFUL)
def test_golden_days(name: str) -> None:
    """Each day of a golden case is told just as the case says, in minutes."""
    case = CASES[name]
    by_date = {day.date: day for day in history(case).days}
    found = {date: described(by_date[date]) for date in case["expect"]["days"]}
    assert found == case["expect"]["days"]


@pytest.mark.parametrize("name", CASES)
def test_golden_uptime(name: str) -> None:
    """The uptime of the whole period and of the last week is what the case says, in percent."""
    case = CASES[name]
    found = history(case)
    shown = {days: found.uptime(days) for days in (DAYS, 7)}
    percent = {days: None if part is None else round(part * 100, 3) for days, part in shown.items()}
    whole = case["expect"]["uptime"]
    assert percent == {DAYS: whole, 7: case["expect"].get("week", whole)}


def test_there_are_ninety_days_of_which_the_last_is_today() -> None:
    """Whatever there is, the history has each of the last 90 days once, in order."""
    now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    found = history_of(Record(), Told(), ZoneInfo("America/New_York"), now)
    dates = [day.date for day in found.days]
    assert len(dates) == 90
    assert dates[-1].isoformat() == "2026-11-20", "in the site's zone it is still the day before"
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(dates))
    assert {described(day) for day in found.days[:-1]} <= {"-, no_data 1440", "-, no_data 1500"}


NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
lengths = st.integers(1, 20000).map(lambda minutes: timedelta(minutes=minutes))
stories = st.lists(st.tuples(lengths, st.none() | st.sampled_from(State)), max_size=20)
zones = st.sampled_from(
    ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"]
)


@settings(max_examples=100, deadline=None)
@given(stories, zones)
def test_every_minute_is_in_one_place(story: list[tuple[timedelta, State | None]], zone: str) -> None:
    """No minute counts twice, none that nobody saw counts as up, and only slow or worse is trouble."""
    spans, end = [], NOW
    for length, state in story:
        if state is not None:
            spans.append(Span(begin=end - length, end=end, state=state))
        end -= length
    spans.reverse()
    record = Record(spans=tuple(spans), first_at=end, last_at=NOW)
    found = history_of(record, Told(), ZoneInfo(zone), NOW)
    begin = datetime.combine(found.days[1].date, datetime.min.time(), ZoneInfo(zone))
    for kind, states in COUNTS.items():
        total = sum((getattr(day, kind) for day in found.days[1:]), timedelta())
        seen = [span.end - max(span.begin, begin) for span in spans if span.state in states]
        assert total == sum((max(timedelta(), length) for length in seen), timedelta())
    for day in found.days:
        assert day.up + day.down + day.no_data <= timedelta(hours=25)


@settings(max_examples=60, deadline=None)
@given(stories, zones, st.integers(0, 3 * 24 * 60), st.sampled_from([None, *CASES]))
def test_an_earlier_history_changes_nothing(
    story: list[tuple[timedelta, State | None]], zone: str, minutes: int, name: str | None
) -> None:
    """What is taken over from an earlier history of whatever is what would be counted anew."""
    spans, end = [], NOW
    for length, state in story:
        if state is not None:
            spans.append(Span(begin=end - length, end=end, state=state))
        end -= length
    spans.reverse()
    record = Record(spans=tuple(spans), first_at=end, last_at=NOW)
    then = NOW - minutes * MINUTE
    cut = [replace(span, end=min(span.end, then)) for span in spans if span.begin < then]
    known = Record(spans=tuple(cut), first_at=end, last_at=then)
    earlier = history(CASES[name]) if name else history_of(known, Told(), ZoneInfo(zone), then)
    anew = history_of(record, Told(), ZoneInfo(zone), NOW)
    assert history_of(record, Told(), ZoneInfo(zone), NOW, earlier) == anew
    assert history_of(record, Told(), ZoneInfo(zone), NOW, anew) == anew


COUNTS = {
    "up": {State.OPERATIONAL, State.DEGRADED_PERFORMANCE},
    "down": {State.PARTIAL_OUTAGE, State.MAJOR_OUTAGE},
    "trouble": {State.DEGRADED_PERFORMANCE, State.PARTIAL_OUTAGE, State.MAJOR_OUTAGE},
}
"""Which states a part of a day is made of."""
