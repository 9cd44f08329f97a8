"""4 September 2008, the day on which this page was first wished for, as a visitor would have seen it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from status_plugin.core.board.board import Board, Rules, board
from status_plugin.core.board.items import Life, WindowItem
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.content import Content
from status_plugin.core.words import MaintenancePhase, State
from status_plugin.sources.content import ContentFolder

EASTERN = ZoneInfo("America/New_York")
SLUG = "2008-09-04-srv3-memory-replacement"
NOTES = Path(__file__).parent.parent / "content"
COVERAGE = {
    "probe": {"srv3": ("Web", "Mail", "Database"), "ns3": ("DNS",), "ns4": ("DNS",), "website": ("Web",)}
}


@pytest.fixture(scope="module")
def content() -> Content:
    """The company's notes, as they lie in the folder."""
    return ContentFolder(NOTES, zone=EASTERN).read(datetime(2026, 11, 22, tzinfo=UTC))


def at(content: Content, clock: str) -> Board:
    """The board at a time of that day; of its monitoring nothing is known any more."""
    now = datetime.fromisoformat(f"2008-09-04T{clock}").replace(tzinfo=EASTERN)
    return board(content, Summary(coverage=COVERAGE), Memory(), now, Rules(zone=EASTERN))


def window(items: tuple[object, ...]) -> WindowItem:
    """The memory replacement among some items, of which it is the only window."""
    found = [item for item in items if isinstance(item, WindowItem) and item.slug == SLUG]
    assert len(found) == 1
    return found[0]


def test_a_second_before(content: Content) -> None:
    """16:59:59: it is scheduled, and says when in Eastern time."""
    shown = at(content, "16:59:59")
    item = window(shown.scheduled)
    assert item.life is Life.SCHEDULED
    assert item.note.starts is not None
    assert item.note.ends is not None
    assert [t.at.astimezone(EASTERN).strftime("%H:%M") for t in (item.note.starts, item.note.ends)] == [
        "17:00",
        "19:00",
    ]
    assert not shown.current


def test_it_is_due(content: Content) -> None:
    """17:00: the clock says that it begins, nobody has confirmed it."""
    item = window(at(content, "17:00:00").current)
    assert item.life is Life.DUE
    assert item.began is None
    assert "start of the work is not confirmed" in item.remarks[0]


def test_it_is_under_way(content: Content) -> None:
    """17:40: the update of 5:33pm says that Srv3 has been offline since about 5:20pm."""
    item = window(at(content, "17:40:00").current)
    assert (item.life, item.phase) == (Life.IN_PROGRESS, MaintenancePhase.IN_PROGRESS)
    assert f"{item.updates[0].update.at.local:%H:%M}" == "17:33"
    assert item.began is not None
    assert item.began.written == "about 5:20pm"
    assert not item.began.exact
    assert not item.remarks


def test_it_is_back(content: Content) -> None:
    """17:52: the update of 5:51pm says that it is back since 5:45pm and being tested."""
    item = window(at(content, "17:52:00").current)
    newest = item.updates[0].update
    assert item.phase is MaintenancePhase.VERIFYING
    assert f"{newest.at.local:%H:%M}" == "17:51"
    assert newest.since is not None
    assert f"{newest.since.local:%H:%M}" == "17:45"
    assert [f"{shown.update.at.local:%H:%M}" for shown in item.updates] == ["17:51", "17:33"]


def test_still_in_the_window(content: Content) -> None:
    """18:30: the newest word is that of 6:02pm."""
    item = window(at(content, "18:30:00").current)
    assert item.life is Life.IN_PROGRESS
    assert f"{item.updates[0].update.at.local:%H:%M}" == "18:02"


def test_its_end_is_not_confirmed(content: Content) -> None:
    """19:00: the window is over; nobody wrote that it is done, and no monitoring is known of that day."""
    for clock in ("19:00:00", "19:59:59"):
        item = window(at(content, clock).current)
        assert item.life is Life.END_NOT_CONFIRMED
        assert item.remarks == ("The window ended at 19:00 EDT; its end is not confirmed.",)


def test_it_has_passed(content: Content) -> None:
    """20:00: it is past, and still says that nobody confirmed its end."""
    shown = at(content, "20:00:00")
    item = window(shown.past)
    assert item.life is Life.ENDED_NOT_CONFIRMED
    assert not shown.current


@pytest.mark.parametrize("clock", ["00:00:00", "16:59:59", "17:40:00", "19:30:00", "20:00:00", "23:59:59"])
def test_never_green(content: Content, clock: str) -> None:
    """At no moment of that day does the page claim to know that all was well."""
    shown = at(content, clock)
    assert shown.overall.state is not State.OPERATIONAL
    assert shown.facts_at is None
    assert {row.state for row in shown.rows if row.seen is not None} == {State.UNKNOWN}


def test_nothing_is_open_today(content: Content) -> None:
    """All of it is past today, and nothing lies ahead."""
    shown = board(content, Summary(), Memory(), datetime(2026, 11, 22, tzinfo=UTC), Rules(zone=EASTERN))
    assert not shown.current
    assert not shown.scheduled
    assert len(shown.past) == 5
    assert not content.problems
