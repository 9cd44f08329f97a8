"""News by the clock: what readers learn though nobody wrote, and what is too old to be news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from board_samples import alert

from status_plugin.core.board.changes import changes_by_the_clock
from status_plugin.core.board.news import NEWS_FOR, News, NoteItem, alert_news, news_of
from status_plugin.core.board.standing import standing
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import read_note

ZONE = ZoneInfo("America/New_York")
INVENTORY = Inventory(components=(Component(slug="srv9", name="Srv9"),))
WINDOW = """\
---
title: More memory for Srv9
starts: 2026-12-04 4:00pm Eastern
ends: 6:00pm Eastern
affects: [srv9]
---
It gets more memory.
"""
START = datetime(2026, 12, 4, 16, tzinfo=ZONE)
LONG_BEFORE = START - timedelta(days=14)


def items(text: str, now: datetime, *, read_at: datetime | None = None) -> list[NoteItem]:
    """A note as it stands."""
    is_window = "starts:" in text
    kind, folder = (Maintenance, "maintenance") if is_window else (Incident, "incidents")
    reading = read_note(
        text, path=f"{folder}/mem.md", kind=kind, zone=ZONE, inventory=INVENTORY, read_at=read_at or now
    )
    note = reading.note
    content = Content(
        inventory=INVENTORY,
        incidents=(note,) if isinstance(note, Incident) else (),
        windows=(note,) if isinstance(note, Maintenance) else (),
        read_at=read_at or now,
    )
    stand = standing(content, Summary(), Memory(), now, ZONE)
    return [*stand.incidents, *stand.windows]


def by_the_clock(text: str, now: datetime) -> list[News]:
    """What the clock has brought by now."""
    return list(changes_by_the_clock(items(text, now), now, ZONE))


def said(found: list[News]) -> list[str]:
    """The kind of each piece of news with its time."""
    return [f"{news.kind.value} {news.at.astimezone(ZONE):%H:%M}" for news in found]


def test_a_window_begins_and_ends_by_the_clock() -> None:
    """Readers hear of the beginning when it comes, and of an end that nobody confirms an hour later."""
    assert by_the_clock(WINDOW, START - timedelta(seconds=1)) == []
    assert said(by_the_clock(WINDOW, START)) == ["begun 16:00"]
    assert by_the_clock(WINDOW, START + timedelta(hours=2)) == []
    assert said(by_the_clock(WINDOW, START + timedelta(hours=3))) == ["done 18:00"]


@pytest.mark.parametrize(
    "more",
    ["Update @ 3:58pm Eastern [in progress]: We begin.", "Update @ 3:50pm Eastern [cancelled]: Not needed."],
)
def test_what_staff_have_said_the_clock_does_not_say_again(more: str) -> None:
    """Once somebody wrote that the work began, or never will, it does not begin by the clock."""
    assert said(by_the_clock(WINDOW, START + timedelta(minutes=1))) == ["begun 16:00"]
    assert by_the_clock(f"{WINDOW}\n{more}\n", START + timedelta(minutes=1)) == []


def test_a_window_that_begins_on_a_day_begins_at_no_minute() -> None:
    """Of a date alone nobody is told at midnight that the work has begun."""
    vague = WINDOW.replace("2026-12-04 4:00pm Eastern", "2026-12-04").replace("6:00pm", "2026-12-04 6:00pm")
    assert said(by_the_clock(WINDOW, START)) == ["begun 16:00"]
    assert by_the_clock(vague, START) == []


def test_a_window_that_was_moved_begins_again() -> None:
    """Its beginning is another piece of news than that of the time before."""
    (first,) = by_the_clock(WINDOW, START)
    (second,) = by_the_clock(WINDOW.replace("12-04", "12-05"), START + timedelta(days=1))
    assert first.name == second.name
    assert first.value != second.value


def test_a_note_is_announced_when_its_time_has_come() -> None:
    """What was written before `announced:` is told then, all of it, and what came later is not."""
    text = WINDOW.replace("ends:", "announced: 2026-11-20 4:00pm Eastern\nends:")
    text += "\nUpdate @ 2026-11-20 3:00pm Eastern: We wait for parts.\n"
    text += "\nUpdate @ 2026-11-20 5:00pm Eastern: The parts are there.\n"
    assert by_the_clock(text, LONG_BEFORE.replace(hour=15, minute=59)) == []
    found = by_the_clock(text, LONG_BEFORE.replace(hour=17, minute=30))
    assert said(found) == ["announced 16:00", "updated 16:00"]
    assert [news.name for news in found] == ["maintenance/mem", "maintenance/mem/1"]


def test_an_alert_is_told_when_it_lasts_and_when_it_is_over() -> None:
    """The names are those of the feeds' entries."""
    seen = alert()
    due = seen.announced_from
    assert due is not None
    assert list(alert_news([seen], due - timedelta(seconds=1))) == []
    (news,) = alert_news([seen], due)
    assert (news.kind.value, news.name, news.components) == ("seen", f"alert/{seen.slug}", {"ns3"})
    later = due + timedelta(hours=1)
    over = list(alert_news([replace(seen, ended=later)], later))
    assert [(news.kind.value, news.name) for news in over] == [
        ("seen", f"alert/{seen.slug}"),
        ("cleared", f"alert/{seen.slug}/over"),
    ]
    assert not over[0].is_history(later + NEWS_FOR - timedelta(seconds=1))
    assert over[0].is_history(later + NEWS_FOR + timedelta(seconds=1))


@pytest.mark.parametrize("text", [WINDOW, WINDOW + "\nUpdate @ 5:20pm Eastern [completed]: Done.\n"])
def test_what_was_over_for_a_day_is_history(text: str) -> None:
    """An end of yesterday is told to nobody any more; until then it is news."""
    for hours, is_history in ((3, False), (23, False), (27, True)):
        now = START + timedelta(hours=hours)
        found = [news for item in items(text, now) for news in _all(item, now)]
        assert found
        assert {news.is_history(now) for news in found} == {is_history}
    assert timedelta(hours=24) == NEWS_FOR


def _all(item: NoteItem, now: datetime) -> list[News]:
    return list(news_of(item, now.astimezone(UTC), ZONE))
