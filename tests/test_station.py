"""The station: what visitors wait for, what they never wait for, and what they see meanwhile."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cachelib import FileSystemCache
from flask import render_template_string
from mounted_site import COMPONENTS, INCIDENT, Site, mounted_site

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitors import SourceError
from status_plugin.sources.summary_cache import TURN
from status_plugin.web.archive import archive_items, page_of
from status_plugin.web.renewals import FIRST_SUMMARY_WAIT
from status_plugin.web.station import Station

MAP = {"srv3": {"probe": {"checks": {"Web": "https://db7.internal.example/"}}}}


@dataclass
class Monitor:
    """A monitor in the test's hands: what it says, whether it fails, and a gate that holds it up."""

    state: State = State.OPERATIONAL
    fails: bool = False
    gate: threading.Event = field(default_factory=threading.Event)
    asked: int = 0
    answered: int = 0

    @property
    def hangs(self) -> bool:
        """Whether it has been asked and has not answered."""
        return self.asked > self.answered

    def read(self, now: datetime) -> Reading:
        """What the test has told it, once the gate is open."""
        self.asked += 1
        self.gate.wait(10)
        self.answered += 1
        if self.fails:
            raise SourceError("It does not answer.")
        until = now + timedelta(minutes=5)
        web = Observation(state=self.state, fresh_until=until)
        return Reading(written_at=now, fresh_until=until, components={"srv3": Seen(checks={"Web": web})})


@pytest.fixture
def monitor() -> Monitor:
    """A monitor that answers at once."""
    found = Monitor()
    found.gate.set()
    return found


@pytest.fixture
def site(tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site whose built-in checks are that monitor."""
    monkeypatch.setattr(
        "status_plugin.sources.monitors.probe.open_source", lambda name, entries, limits: monitor
    )
    return mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP)


def station(site: Site) -> Station:
    """The site's station."""
    found: Station = site.app.extensions["status_plugin"].station
    return found


def eventually(holds: Callable[[], Any]) -> None:
    """Wait until something holds, a few seconds at most."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.fixture(autouse=True)
def _a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first visitor's wait for monitoring, so that nobody waits unseen and a busy machine fails no test."""
    monkeypatch.setattr("status_plugin.web.renewals.FIRST_SUMMARY_WAIT", timedelta(minutes=1))


def test_the_first_visitor_sees_monitoring(site: Site) -> None:
    """The first answer waits for a monitor that is quick."""
    assert site.board()["overall"]["state"] == "operational"


def test_the_first_visitor_waits_a_second_at_most(
    site: Site, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A monitor that hangs costs the very first visitor a second, and the page says that it does not know."""
    monkeypatch.setattr("status_plugin.web.renewals.FIRST_SUMMARY_WAIT", FIRST_SUMMARY_WAIT)
    monitor.gate.clear()
    begun = time.monotonic()
    shown = site.board()
    assert time.monotonic() - begun < 3
    assert shown["overall"] == {"state": "unknown", "text": "Status unknown"}
    assert shown["facts_at"] is None
    monitor.gate.set()
    eventually(lambda: site.board()["overall"]["state"] == "operational")


class TestWaiting:
    """Who would have to wait for a monitor that hangs."""

    def test_nobody_waits_while_a_fresh_word_is_at_hand(self, site: Site, monitor: Monitor) -> None:
        """While monitoring hangs, visitors get the last word at once for as long as it is fresh."""
        site.board()
        monitor.gate.clear()
        site.clock.move(60)
        begun = time.monotonic()
        for _ in range(20):
            assert site.board()["overall"]["state"] == "operational"
        assert time.monotonic() - begun < 30
        eventually(lambda: monitor.asked == 2)
        monitor.gate.set()

    def test_nobody_waits_twice_for_one_that_does_not_answer(self, site: Site, monitor: Monitor) -> None:
        """Once it is known that nothing is to be heard, visitors are told so and do not wait."""
        site.board()
        site.clock.move(290)
        monitor.fails = True
        site.board()
        eventually(lambda: station(site)._summaries.at_hand.is_unheard)
        monitor.gate.clear()
        site.clock.move(290)
        assert site.board()["overall"]["state"] == "unknown"
        eventually(lambda: monitor.hangs)
        assert site.board()["overall"]["state"] == "unknown"
        assert monitor.hangs
        monitor.gate.set()

    def test_a_new_worker_shows_what_the_others_know(
        self, tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A worker that is started while monitoring hangs shows the last word to its first visitor."""
        first = sharing_site(tmp_path, monitor, monkeypatch)
        assert first.board()["overall"]["state"] == "operational"
        hanging = Monitor()
        second = sharing_site(tmp_path, hanging, monkeypatch)
        second.clock.move(60)
        eventually_free(tmp_path)
        assert second.board()["overall"]["state"] == "operational"
        eventually(lambda: hanging.hangs)
        assert second.board()["overall"]["state"] == "operational"
        assert hanging.hangs
        hanging.gate.set()

    def test_workers_that_start_together(
        self, tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first visitor of each sees monitoring, although one worker alone has asked."""
        monitor.gate.clear()
        sites = [sharing_site(tmp_path, monitor, monkeypatch) for _ in range(3)]
        seen: list[str] = []
        visits = [
            threading.Thread(target=lambda site=site: seen.append(site.board()["overall"]["state"]))
            for site in sites
        ]
        for visit in visits:
            visit.start()
        eventually(lambda: monitor.hangs)
        monitor.gate.set()
        for visit in visits:
            visit.join()
        assert seen == ["operational"] * 3
        assert monitor.asked == 1


def test_after_a_quiet_time_the_first_visitor_sees_what_others_know(
    tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the watch has heard meanwhile is on the page, though this worker had no visitor for long."""
    watch, worker = (sharing_site(tmp_path, monitor, monkeypatch) for _ in range(2))
    assert worker.board()["facts_at"] == watch.board()["facts_at"]
    for site in (watch, worker):
        site.clock.move(120)
    station(watch).renew(early=True)
    assert worker.board()["facts_at"] == watch.board()["facts_at"]
    assert monitor.asked == 2


def test_a_look_that_somebody_wants_to_see_is_one(
    tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`watch --once` asks itself, also just after others and while they ask: or it would hide a mistake."""
    site, staff = (sharing_site(tmp_path, monitor, monkeypatch) for _ in range(2))
    assert site.board()["overall"]["state"] == "operational"
    monitor.fails = True
    staff.app.test_cli_runner().invoke(args=["status", "watch", "--once"])
    assert "It does not answer." in caplog.text
    monitor.fails = False
    monitor.gate.clear()
    eventually_free(tmp_path)
    site.clock.move(60)
    site.board()
    eventually(lambda: monitor.hangs)
    monitor.state = State.MAJOR_OUTAGE
    staff.clock.move(60)
    threading.Timer(0.2, monitor.gate.set).start()
    shown = staff.app.test_cli_runner().invoke(args=["status", "watch", "--once"]).output
    assert "Srv3 is offline" in shown
    assert monitor.asked == 4


def test_who_begins_a_look_does_not_wait_for_it(
    tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a clock that goes on, too: looking into the cache is enough, whatever monitoring does then."""
    monkeypatch.setattr("status_plugin.web.station.TOUCH_WAIT", 60)
    site = sharing_site(tmp_path, monitor, monkeypatch, real_time=True, STATUS_MONITOR_TTL=0.05)
    site.board()
    monitor.gate.clear()
    begun = time.monotonic()
    while not monitor.hangs and time.monotonic() < begun + 10:
        site.board()
    site.board()
    assert monitor.hangs
    assert time.monotonic() - begun < 9
    monitor.gate.set()


def test_a_cache_that_hangs_costs_that_visitor_a_moment(
    tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word at hand is shown when the cache does not answer."""
    site = sharing_site(tmp_path, monitor, monkeypatch)
    assert site.board()["overall"]["state"] == "operational"
    gate = threading.Event()
    monkeypatch.setattr(FileSystemCache, "get", lambda *_: gate.wait(30))
    site.clock.move(120)
    begun = time.monotonic()
    assert site.board()["overall"]["state"] == "operational"
    assert time.monotonic() - begun < 0.9
    gate.set()


def test_no_visitor_ever_asks_the_cache(
    tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slow the cache, it is asked behind the visitors' backs."""
    askers = set()

    def recorded(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any, **options: Any) -> Any:
            askers.add(threading.current_thread())
            return ask(*arguments, **options)

        return asked

    for name in ("get", "set", "add"):
        monkeypatch.setattr(FileSystemCache, name, recorded(getattr(FileSystemCache, name)))
    site = sharing_site(tmp_path, monitor, monkeypatch)
    askers.clear()
    for _ in range(5):
        site.client.get("/status/")
        station(site).peek()
        site.clock.move(60)
    eventually(lambda: askers)
    assert threading.current_thread() not in askers


def sharing_site(root: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Site:
    """One of several workers that share a cache of files."""
    monkeypatch.setattr(
        "status_plugin.sources.monitors.probe.open_source", lambda name, entries, limits: monitor
    )
    cache = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(root / "cache")}
    return mounted_site(root, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP, STATUS_CACHE=cache, **settings)


def eventually_free(root: Path) -> None:
    """Let whoever asks next have the turn: time passes for the sites and not for the cache."""
    backend = FileSystemCache(str(root / "cache"))
    backend.delete(f"status_plugin.{TURN}")


def test_visits_do_not_drive_monitoring(site: Site, monitor: Monitor) -> None:
    """Monitoring is asked once in each TTL, however many visits there are in it."""
    for look in range(1, 6):
        for _ in range(29):
            site.board()
            site.clock.move(1)
        eventually(lambda asked=look: monitor.asked >= asked)
        assert monitor.asked == look
        site.clock.move(1)


def test_a_dead_monitor_is_never_green(site: Site, monitor: Monitor) -> None:
    """Its last word stands for as long as it is fresh, and not a second longer."""
    site.board()
    monitor.fails = True
    site.clock.move(300)
    assert site.board()["overall"]["state"] == "operational"
    site.clock.move(1)
    shown = site.board()
    assert shown["overall"]["state"] == "unknown"
    assert shown["overall"]["text"] == "Status unknown since 18:50 EST"


def test_the_clock_runs_back(site: Site) -> None:
    """A clock that is set back makes a new board, not an old one for ever."""
    site.board()
    site.clock.move(-7200)
    shown = site.board()
    assert shown["generated_at"].startswith("2026-11-20T16:45:00")


def test_a_new_note_is_seen_at_once(site: Site) -> None:
    """A note that was saved is on the page with the next look at the folder."""
    assert site.board()["current"] == []
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    assert [item["slug"] for item in site.board()["current"]] == ["down"]


@pytest.mark.parametrize(("seconds", "is_served"), [(1, True), (86_400, False)])
def test_while_one_makes_an_edition_others_take_what_was_right_just_before(
    site: Site, monkeypatch: pytest.MonkeyPatch, seconds: int, is_served: bool
) -> None:
    """A new note costs one visitor the making of an edition; nobody gets one that is long outdated."""
    before = station(site).edition()
    gate, at_work = threading.Event(), threading.Event()
    make = station(site)._make

    def slowly(*arguments: Any) -> Any:
        at_work.set()
        gate.wait(10)
        return make(*arguments)

    monkeypatch.setattr(station(site), "_make", slowly)
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(seconds)
    got: list[Any] = []
    visitors = [threading.Thread(target=lambda: got.append(station(site).edition())) for _ in range(2)]
    visitors[0].start()
    assert at_work.wait(10)
    visitors[1].start()
    if is_served:
        eventually(lambda: got)
        assert got == [before]
    gate.set()
    for visitor in visitors:
        visitor.join(10)
    assert [item.slug for item in got[-1].board.current] == ["down"]
    assert is_served or before not in got


def test_peek_never_touches_the_disk(site: Site, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the site's other pages ask is answered from memory; the disk is looked at behind their backs."""
    monitor.gate.clear()
    shown = station(site).peek()
    assert shown is not None
    assert shown.overall.state is State.UNKNOWN
    monitor.gate.set()
    eventually(lambda: station(site)._summaries.at_hand.asked_at)
    threads = set()
    read = station(site)._folder.read

    def reading(now: datetime) -> Any:
        threads.add(threading.current_thread())
        return read(now)

    monkeypatch.setattr(station(site), "_folder", type("Folder", (), {"read": staticmethod(reading)})())
    site.clock.move(60)
    shown = station(site).peek()
    assert shown is not None
    eventually(lambda: threads)
    assert threading.current_thread() not in threads


def test_a_new_note_does_not_wait_for_monitoring(site: Site, monitor: Monitor) -> None:
    """While monitoring hangs, the site's other pages still learn of what staff have just written."""
    site.board()
    monitor.gate.clear()
    site.clock.move(60)
    station(site).peek()
    eventually(lambda: monitor.hangs)
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    eventually(lambda: station(site).peek().current)  # type: ignore[union-attr]
    assert monitor.hangs
    monitor.gate.set()


def test_peek_ages(site: Site, monitor: Monitor) -> None:
    """A link on a busy front page does not stay green when monitoring has fallen silent."""
    site.board()
    monitor.fails = True
    site.clock.move(301)
    shown = station(site).peek()
    assert shown is not None
    assert shown.overall.state is State.UNKNOWN


def test_the_folder_goes_away(site: Site) -> None:
    """A folder that is gone while the site runs leaves a page that says that it does not know."""
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    assert site.board()["current"]
    shutil.rmtree(site.folder)
    site.clock.move(2)
    assert site.board()["current"], "the last reading stands for an hour"
    site.clock.move(3601)
    shown = site.board()
    assert shown["overall"]["state"] == "unknown"
    assert shown["components"] == []
    assert site.client.get("/status/").status_code == 200


@pytest.mark.parametrize(
    "broken",
    [
        COMPONENTS.replace("name: Srv3", "title: Srv3"),
        COMPONENTS.replace("[Web]", "{Web: HTTP}"),
        COMPONENTS.replace("checks", "cheks"),
        COMPONENTS.replace("[Web]", ""),
        "[[[",
    ],
    ids=["no name", "no list", "misspelt", "empty", "no YAML"],
)
def test_a_typo_in_the_list_of_servers_ends_no_outage(site: Site, monitor: Monitor, broken: str) -> None:
    """The outage stays on the page, then it is unknown; and it is remembered when the typo is mended."""
    site.board()
    monitor.state = State.MAJOR_OUTAGE
    site.clock.move(31)
    eventually(lambda: site.board()["overall"]["text"] == "Srv3 is offline")
    began = site.board()["current"][0]["started"]
    site.note("components.yml", broken)
    for minute in range(1, 60, 10):
        site.clock.move(600 if minute > 1 else 60)
        station(site).renew()
        shown = site.board()
        assert shown["overall"] == {"state": "major_outage", "text": "Srv3 is offline"}
        assert shown["problems"] == 1
    site.clock.move(1200)
    station(site).renew()
    shown = site.board()
    assert shown["overall"]["state"] in ("unknown", "major_outage")
    assert shown["problems"] == 1
    site.note("components.yml", COMPONENTS)
    site.clock.move(60)
    station(site).renew()
    shown = site.board()
    assert (shown["overall"]["text"], shown["problems"]) == ("Srv3 is offline", 0)
    assert [item["started"] for item in shown["current"]] == [began]


@pytest.mark.parametrize(
    "monitor_map",
    [None, {}, {"Srv3": MAP["srv3"]}, {"srv3": {"probe": {"checks": {"Webb": "https://db7/"}}}}],
)
def test_what_nothing_watches_is_unknown(
    tmp_path: Path, monitor_map: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Checks in components.yml are a promise; a map that does not keep it is in the log from the start."""
    caplog.set_level("INFO")
    shown = mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=monitor_map).board()
    assert shown["overall"]["state"] == "unknown"
    assert [row["state"] for row in shown["components"]] == ["unknown", "operational"]
    assert [row["basis"] for row in shown["components"]] == ["monitoring", "notes"]
    assert "No open source is told to watch 'srv3': unknown to visitors." in caplog.text
    assert "db7" not in caplog.text


def test_without_monitoring_nobody_waits_for_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A site that opens no source lives by its notes, and is not unknown for ever."""
    shown = mounted_site(tmp_path, STATUS_MONITOR=[]).board()
    assert shown["overall"] == {"state": "operational", "text": "No problems reported"}
    assert {row["basis"] for row in shown["components"]} == {"notes"}
    assert "No open source" not in caplog.text


def test_checks_that_cannot_be_read_are_never_green(site: Site) -> None:
    """A server whose checks are in doubt is unknown, whatever is seen of those that can be read."""
    assert site.board()["overall"]["state"] == "operational"
    site.note("components.yml", COMPONENTS.replace("[Web]", "[Web, {Mail: SMTP}]"))
    site.clock.move(2)
    assert site.board()["overall"]["state"] == "operational", "the good list stands for an hour"
    site.clock.move(3600)
    station(site).renew()
    shown = site.board()
    assert shown["overall"]["state"] == "unknown"
    assert [row["state"] for row in shown["components"]] == ["unknown", "operational"]
    assert [check["state"] for check in shown["components"][0]["checks"]] == ["operational"]


@pytest.mark.parametrize(("path", "text"), [("incidents/broken.md", "no note"), ("components.yml", "[[[")])
def test_the_front_page_learns_what_cannot_be_shown(tmp_path: Path, path: str, text: str) -> None:
    """When a note or the list of servers has been missing for a quarter of an hour the notice speaks."""
    site = mounted_site(tmp_path)
    site.note(path, text)
    site = mounted_site(tmp_path, components=(site.folder / "components.yml").read_text())
    site.app.add_url_rule("/front", "front", lambda: render_template_string("{{ status_notice() }}"))
    assert site.client.get("/status/").status_code == 200
    site.clock.move(899)
    assert site.client.get("/front").text == ""
    site.clock.move(1)
    assert "cannot be" in site.client.get("/front").text


def test_archive_pages(site: Site) -> None:
    """An archive holds every note once, newest first, over as many pages as it needs."""
    for number in range(5):
        text = INCIDENT.replace("2026-11-20 6:00pm", f"2026-11-1{number} 6:00pm").replace("Update @", "Up")
        site.note(f"incidents/note-{number}.md", text)
    site.clock.move(1)
    edition = station(site).edition()
    pages = [page_of(archive_items(edition, "incident"), page, 2) for page in (1, 2, 3)]
    assert [page.pages for page in pages] == [3, 3, 3]
    slugs = [item.slug for page in pages for item in page.items]
    assert slugs == ["note-4", "note-3", "note-2", "note-1", "note-0"]
    assert page_of(archive_items(edition, "maintenance"), 1, 2).pages == 1


def test_alerts_stay_in_the_archive(site: Site, monitor: Monitor) -> None:
    """More alerts than the page has room for: the page shows the last few, the archive all of them."""
    for _ in range(7):
        for state in (State.MAJOR_OUTAGE, State.OPERATIONAL):
            monitor.state = state
            site.clock.move(600)
            station(site).renew()
    assert len(site.board()["past"]) == 5
    assert site.client.get("/status/incidents/").text.count("Srv3 was offline") == 7
    assert site.client.get("/status/components/srv3/").text.count("Srv3 was offline") == 7


def test_a_mistake_is_logged_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """The log names a broken note with file and line when it appears, not with every visit."""
    note = site.note("incidents/down.md", INCIDENT.replace("[srv3]", "[srv4]"))
    for _ in range(3):
        site.clock.move(5)
        site.board()
    named = [record.getMessage() for record in caplog.records if "unknown-component" in record.getMessage()]
    assert len(named) == 1
    assert "incidents/down.md:5:11: error [unknown-component]" in named[0]
    note.unlink()
    site.clock.move(5)
    site.board()
    site.note("incidents/down.md", INCIDENT.replace("[srv3]", "[srv4]"))
    site.clock.move(5)
    site.board()
    assert caplog.text.count("unknown-component") == 2, "what comes back is said again"


def test_the_blog_links_at_once(site: Site) -> None:
    """The notes are known from the start, so that the first page of the site can link to them."""
    site.note("incidents/down.md", INCIDENT)
    again = mounted_site(site.folder.parent)
    assert station(again).peek_note("down") is not None
