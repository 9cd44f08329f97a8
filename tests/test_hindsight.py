"""The page as of a moment in the past says what it said then, as far as the journal remembers it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mounted_site import Site, mounted_site

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitors import SourceError
from status_plugin.staff.preview import show_as_of
from status_plugin.web.state import PluginState

UP, DOWN, UNKNOWN = State.OPERATIONAL, State.MAJOR_OUTAGE, State.UNKNOWN
COMPONENTS = "- name: Srv3\n  checks: [Web, Mail]\n- name: Accounts\n"
CHECKS = {"Web": "https://db7.internal.example/", "Mail": "smtp://db7.internal.example:25"}
MAP = {"srv3": {"probe": {"checks": CHECKS}}}


class Monitor:
    """A monitor in the test's hands: the server, its two checks, and a downtime."""

    states = (UP, UP, UP)
    since: datetime
    in_downtime = False
    unreachable = False
    fails = False

    def read(self, now: datetime) -> Reading:
        """What it says now."""
        if self.fails:
            raise SourceError("It does not answer")
        until = now + timedelta(minutes=5)
        host, web, mail = (
            Observation(
                state=state,
                fresh_until=until,
                since=self.since,
                downtime_since=self.since if self.in_downtime else None,
                unreachable=self.unreachable and state is UNKNOWN,
            )
            for state in self.states
        )
        seen = Seen(host=host, checks={"Web": web, "Mail": mail})
        return Reading(written_at=now, fresh_until=until, components={"srv3": seen})


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """What the built-in checks of a mounted site see."""
    found = Monitor()
    monkeypatch.setattr("status_plugin.sources.monitors.probe.open_source", lambda *_: found)
    return found


@pytest.fixture
def site(tmp_path: Path, monitor: Monitor) -> Site:
    """A site that keeps a journal."""
    return opened(tmp_path, STATUS_JOURNAL=str(tmp_path / "journal"))


def opened(root: Path, **settings: Any) -> Site:
    """A site with one server that is watched."""
    return mounted_site(
        root, components=COMPONENTS, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP, **settings
    )


STORY = (
    {"states": (UP, UP, UP)},
    {"states": (UP, UP, DOWN)},
    {"states": (DOWN, UNKNOWN, UNKNOWN)},
    {"states": (UNKNOWN, UNKNOWN, UNKNOWN), "unreachable": True},
    {"states": (UP, UP, State.DEGRADED_PERFORMANCE)},
    {"states": (DOWN, UP, UP), "in_downtime": True},
    {"states": (UP, UP, UP)},
)


def look(site: Site, monitor: Monitor, seconds: int = 60, **says: Any) -> dict[str, Any]:
    """What the page says after time has passed and monitoring was asked."""
    site.clock.move(seconds)
    monitor.since, monitor.unreachable, monitor.in_downtime = site.clock.now, False, False
    for name, value in says.items():
        setattr(monitor, name, value)
    site.app.extensions["status_plugin"].station.renew()
    return site.board()


def as_of(site: Site, at: datetime) -> dict[str, Any]:
    """What the preview says as of a moment."""
    state: PluginState = site.app.extensions["status_plugin"]
    try:
        show_as_of(site.app, state, at, site.clock)
        return site.board()
    finally:
        site.app.extensions["status_plugin"] = state


def essence(board: dict[str, Any]) -> Any:
    """What must be the same: the line, each state and check since when, and what is on or has passed."""
    items = [
        [(item["slug"], item["title"], item["started"], item["ended"]) for item in board[part]]
        for part in ("current", "past")
    ]
    return board["overall"], board["components"], board["facts_at"], items


def test_each_moment_is_as_it_was(site: Site, monitor: Monitor) -> None:
    """Whatever monitoring said, in between looks too, the page as of then says it again."""
    shown = {}
    for says in STORY:
        found = look(site, monitor, **says)
        shown[site.clock.now] = found
    for at, was in shown.items():
        assert essence(as_of(site, at)) == essence(was)
        if at != site.clock.now:
            between = as_of(site, at + timedelta(seconds=20))
            assert between["components"] == was["components"]
    assert {board["overall"]["state"] for board in shown.values()} == {
        "operational",
        "partial_outage",
        "major_outage",
        "unknown",
        "degraded_performance",
        "under_maintenance",
    }


def test_nobody_looked_nothing_is_known(site: Site, monitor: Monitor) -> None:
    """Before the first look, between looks far apart, and long after the last one there is no word."""
    look(site, monitor)
    first = site.clock.now
    look(site, monitor, 3600)
    assert as_of(site, site.clock.now)["overall"]["state"] == "operational"
    for at in (first - timedelta(minutes=1), first + timedelta(minutes=20), first + timedelta(hours=9)):
        found = as_of(site, at)
        assert [row["state"] for row in found["components"]] == ["unknown", "operational"]
        assert found["current"] == []
        assert found["facts_at"] is None


def test_silence_is_remembered_as_silence(site: Site, monitor: Monitor) -> None:
    """While monitoring did not answer it is not said that all was well."""
    look(site, monitor)
    for _ in range(9):
        look(site, monitor, fails=True)
    silent = site.clock.now
    look(site, monitor, fails=False)
    found = as_of(site, silent)["components"][0]
    assert (found["state"], {check["state"] for check in found["checks"]}) == ("unknown", {"unknown"})
    assert as_of(site, silent)["facts_at"] is None


def test_without_a_journal_there_is_no_word(tmp_path: Path, monitor: Monitor) -> None:
    """Nothing is made up of what is known now."""
    site = opened(tmp_path)
    look(site, monitor, states=(UP, UP, DOWN))
    assert site.board()["overall"]["state"] == "partial_outage"
    assert as_of(site, site.clock.now)["components"][0]["state"] == "unknown"
