"""`flask status announce --due`: what the clock and monitoring bring, once, however often a timer asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from mounted_site import Site, mounted_site
from notes_repository import COMPONENTS, INCIDENT, WINDOW, NotesRepository, notes_repository
from receivers import WebServer

EASTERN = ZoneInfo("America/New_York")
START = datetime(2026, 12, 4, 16, 0, tzinfo=EASTERN)
TITLE = "More memory for Srv9"


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server."""
    with WebServer() as server:
        yield server


class Timed:
    """A site that a timer asks."""

    def __init__(self, root: Path, **settings: Any) -> None:
        usual = {"STATUS_SITE_URL": "https://www.example.com", "STATUS_ANNOUNCE": "announce.cfg"}
        self.site: Site = mounted_site(
            root, components=settings.pop("components", COMPONENTS), **usual, **settings
        )
        self.notes = NotesRepository(site=self.site, top=root)

    def at(self, now: datetime) -> str:
        """What the command says at a time; it exits with 0."""
        self.site.clock.now = now.astimezone(UTC)
        result = self.notes.announce("--due")
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def timed(tmp_path: Path, web: WebServer) -> Timed:
    """A site with a window of Srv9, of which those hear who follow Srv9."""
    timed = Timed(tmp_path)
    timed.notes.follow(f"srv9={web.address('srv9')}\nsrv3={web.address('srv3')}\n")
    timed.site.note("maintenance/mem.md", WINDOW)
    return timed


def test_a_window_begins_and_ends_without_a_commit(timed: Timed, web: WebServer) -> None:
    """Once each, at the first look after it; a minute without news says nothing."""
    assert timed.at(START - timedelta(minutes=1)) == ""
    assert timed.at(START) == f"Told JSON no. 1 (srv9): Due, start not confirmed: {TITLE}\n"
    for minutes in range(1, 240, 7):
        timed.at(START + timedelta(minutes=minutes))
    assert web.titles("srv9") == [
        f"Due, start not confirmed: {TITLE}",
        f"Ended as scheduled, not confirmed: {TITLE}",
    ]
    assert web.titles("srv3") == []
    assert "The window has begun; the start of the work is not confirmed." in web.heard[0][1]["message"]
    assert "Expected downtime: 15-20 min" in web.heard[0][1]["message"]


def test_a_window_that_is_moved_after_its_beginning_begins_again(timed: Timed, web: WebServer) -> None:
    """A second beginning is no repetition of the first."""
    timed.at(START - timedelta(minutes=1))
    timed.at(START)
    timed.site.note("maintenance/mem.md", WINDOW.replace("12-04", "12-05"))
    for now in (
        START + timedelta(minutes=10),
        START + timedelta(days=1),
        START + timedelta(days=1, minutes=1),
    ):
        timed.at(now)
    assert web.titles("srv9") == [f"Due, start not confirmed: {TITLE}"] * 2


def test_a_note_is_announced_at_its_time(timed: Timed, web: WebServer) -> None:
    """Nobody hears of it before, and everybody hears of it once."""
    announced = WINDOW.replace("ends:", "announced: 2026-11-20 9pm Eastern\nends:")
    timed.site.note("maintenance/mem.md", announced)
    nine = datetime(2026, 11, 20, 21, tzinfo=EASTERN)
    for minutes in (-90, -1, 0, 1, 300):
        timed.at(nine + timedelta(minutes=minutes))
    assert web.titles("srv9") == [f"Planned maintenance: {TITLE}"]


def test_nothing_from_before_somebody_was_added(timed: Timed, web: WebServer) -> None:
    """Who is added in the middle of a window is not told that it began; who was there is."""
    timed.at(START + timedelta(minutes=5))
    assert web.heard == []
    timed.at(START + timedelta(hours=3))
    assert web.titles("srv9") == [f"Ended as scheduled, not confirmed: {TITLE}"]
    timed.notes.follow(f"srv9={web.address('srv9')}\nsrv9={web.address('late')}\n")
    timed.at(START + timedelta(hours=3, minutes=1))
    assert web.titles("late") == []


def test_a_timer_that_stood_still_for_a_day_does_not_tell_what_is_over(timed: Timed, web: WebServer) -> None:
    """Yesterday's beginning is no news."""
    timed.at(START - timedelta(minutes=1))
    timed.at(START + timedelta(days=1, hours=3))
    assert web.heard == []


@pytest.mark.system("git")
def test_hook_and_timer_tell_the_same_thing_once(tmp_path: Path, web: WebServer) -> None:
    """Whichever comes first when a note's time comes about when it is pushed."""
    notes = notes_repository(tmp_path / "site")
    notes.follow(web.address("all"))
    notes.announce("--due")
    notes.site.clock.move(60)
    now = notes.site.clock.now.astimezone(EASTERN)
    text = WINDOW.replace("ends:", f"announced: {now:%Y-%m-%d %H:%M}\nends:")
    notes.commit({"maintenance/mem.md": text})
    notes.site.clock.move(30)
    for words in ("--due", "HEAD~1..HEAD", "--due"):
        notes.announce(words)
    assert web.titles("all") == [f"Planned maintenance: {TITLE}"]


class Watched(Timed):
    """A site whose Srv3 is watched by a script."""

    def __init__(self, root: Path, **settings: Any) -> None:
        self.file = root / "monitor.json"
        self.see("operational", datetime(2026, 11, 20, tzinfo=UTC))
        super().__init__(
            root,
            components="- name: Srv3\n  checks: [Web]\n- name: Srv9\n",
            STATUS_MONITOR=f"json:{self.file}",
            STATUS_MONITOR_MAP={"srv3": {"json": {"host": "db7", "checks": {"Web": "http"}}}},
            STATUS_MONITOR_TTL=10,
            **settings,
        )

    def see(self, state: str, now: datetime) -> None:
        """What the script says."""
        seen = {"db7": {"state": "operational", "checks": {"http": {"state": state}}}}
        self.file.write_text(
            json.dumps({"written_at": now.isoformat(), "components": seen}), encoding="utf-8"
        )


def test_what_monitoring_sees_is_told_when_it_lasts(tmp_path: Path, web: WebServer) -> None:
    """After STATUS_ALERT_AFTER, to those who follow the component, and again when it is over."""
    cache = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "cache")}
    watched = Watched(tmp_path, STATUS_CACHE=cache, STATUS_ALERT_AFTER=120)
    watched.notes.follow(f"srv3={web.address('srv3')}\nsrv9={web.address('srv9')}\n")
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=EASTERN)
    told = []
    for minute in range(12):
        now = noon + timedelta(minutes=minute)
        watched.see("major_outage" if 2 <= minute < 8 else "operational", now)
        told.append((minute, watched.at(now)))
    assert [line for line in told if line[1]] == [
        (4, "Told JSON no. 1 (srv3): Seen by our monitoring: Srv3 is offline\n"),
        (8, "Told JSON no. 1 (srv3): No longer seen by our monitoring: Srv3 was offline\n"),
    ]
    assert web.titles("srv9") == []
    text = web.heard[0][1]["message"]
    assert "Seen by our monitoring; nobody has written about it." in text
    assert "https://www.example.com/status/#auto-srv3-20261120T170200Z" in text
    assert "db7" not in json.dumps(web.heard)


def test_what_passes_at_once_or_has_a_note_is_not_told(tmp_path: Path, web: WebServer) -> None:
    """Nobody is woken by a blip, and a note tells more than monitoring does."""
    cache = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "cache")}
    watched = Watched(tmp_path, STATUS_CACHE=cache, STATUS_ALERT_AFTER=300)
    watched.notes.follow(web.address("all"))
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=EASTERN)
    for minute in range(30):
        now = noon + timedelta(minutes=minute)
        watched.see("major_outage" if minute in (2, 3, 4) or minute >= 10 else "operational", now)
        if minute == 12:
            watched.site.note("incidents/srv3.md", INCIDENT.replace("6:00pm", "12:10pm"))
        watched.at(now)
    assert web.heard == []


def test_without_a_shared_cache_monitoring_is_not_announced_and_that_is_said(
    tmp_path: Path, web: WebServer
) -> None:
    """Each run would see the trouble for the first time; windows are told all the same."""
    watched = Watched(tmp_path)
    watched.notes.follow(web.address("all"))
    watched.site.note("maintenance/mem.md", WINDOW)
    watched.site.clock.now = (START - timedelta(minutes=1)).astimezone(UTC)
    first = watched.notes.announce("--due")
    assert first.exit_code == 1
    assert "STATUS_CACHE = {'CACHE_TYPE': 'FileSystemCache'" in first.output
    watched.site.clock.now = START.astimezone(UTC)
    watched.see("major_outage", START)
    assert (
        f"Told JSON no. 1 (everything): Due, start not confirmed: {TITLE}"
        in watched.notes.announce("--due").output
    )
