"""`/health`: whether the page can be trusted, and nothing that is nobody's business."""

from __future__ import annotations

import json
import logging
import re
import shlex
import subprocess
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from mounted_site import INCIDENT, Site, mounted_site
from werkzeug.serving import make_server

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitors import SourceError
from status_plugin.web.health import FAULT, NO_COMPONENTS, NO_FACTS

DOCS = (Path(__file__).parent.parent / "docs" / "health.md").read_text(encoding="utf-8")
TOKEN = "a-secret-of-16-characters-or-more"
MAP = {
    "srv3": {
        "probe": {"checks": {"Web": "https://db7.internal.example/"}},
        "nagios": {"host": "db7.internal.example", "checks": {"Web": "HTTP on VLAN 12"}},
    }
}


class Monitor:
    """A monitor in the test's hands."""

    fails = False
    state = State.OPERATIONAL

    def read(self, now: datetime) -> Reading:
        """What it says now."""
        if self.fails:
            raise SourceError("It does not answer", "db7.internal.example refused")
        until = now + timedelta(minutes=5)
        web = Observation(state=self.state, fresh_until=until)
        return Reading(written_at=now, fresh_until=until, components={"srv3": Seen(checks={"Web": web})})


@pytest.fixture
def nagios(monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """One of the two monitors of the site."""
    found = Monitor()
    monkeypatch.setattr("status_plugin.sources.monitors.nagios.open_source", lambda *_: found)
    return found


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """The other one."""
    found = Monitor()
    monkeypatch.setattr("status_plugin.sources.monitors.probe.open_source", lambda *_: found)
    return found


@pytest.fixture
def site(tmp_path: Path, nagios: Monitor, probe: Monitor) -> Site:
    """A site that two monitors watch."""
    return site_with(tmp_path)


def site_with(root: Path, **more: Any) -> Site:
    """A site that two monitors watch, with some more settings."""
    monitors = ["nagios:/var/lib/private/status.dat", "probe:"]
    settings = {"STATUS_MONITOR_MAP": MAP, "STATUS_HEALTH_TOKEN": TOKEN} | more
    return mounted_site(root, STATUS_MONITOR=monitors, **settings)


def look(site: Site) -> None:
    """Monitoring is asked."""
    site.app.extensions["status_plugin"].station.renew()


def health(site: Site, token: str = "", **headers: str) -> tuple[int, dict[str, Any]]:
    """The answer's code and value."""
    if token:
        headers["Authorization"] = f"Bearer {token}"
    answer = site.client.get("/status/health", headers=headers)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "application/json"
    value: dict[str, Any] = json.loads(answer.get_data())
    return answer.status_code, value


def test_all_is_well(site: Site) -> None:
    """200, `ok`, and how old the facts are."""
    look(site)
    site.clock.move(12)
    assert health(site) == (
        200,
        {"status": "ok", "facts_at": "2026-11-20T18:45:00-05:00", "age": 12, "withheld": 0},
    )


def test_an_outage_is_no_matter_of_health(site: Site, nagios: Monitor, probe: Monitor) -> None:
    """What the page tells truly is no fault of the page."""
    nagios.state = probe.state = State.MAJOR_OUTAGE
    look(site)
    assert site.board()["overall"]["state"] == "major_outage"
    assert health(site)[0] == 200


def test_monitoring_is_silent(site: Site, nagios: Monitor, probe: Monitor) -> None:
    """When the facts are too old the page says unknown, and health says 503."""
    look(site)
    nagios.fails = probe.fails = True
    site.clock.move(301)
    look(site)
    assert health(site) == (
        503,
        {
            "status": "untrusted",
            "reason": "Monitoring has no current facts about some of what it watches.",
            "facts_at": None,
            "age": None,
            "withheld": 0,
        },
    )


def test_one_of_two_monitors_is_silent(site: Site, nagios: Monitor) -> None:
    """The page says unknown of what it watches, so it is no matter of taste."""
    look(site)
    nagios.fails = True
    for _ in range(11):
        site.clock.move(30)
        look(site)
    code, value = health(site)
    assert code == 503
    assert value["age"] == 0


def test_nothing_is_monitored(tmp_path: Path) -> None:
    """A page of notes alone can be trusted."""
    site = mounted_site(tmp_path)
    assert health(site) == (200, {"status": "ok", "facts_at": None, "age": None, "withheld": 0})


def test_the_components_cannot_be_read(tmp_path: Path) -> None:
    """Without the list nobody knows what the page is about."""
    site = mounted_site(tmp_path, components="- name: [")
    code, value = health(site)
    assert (code, value["reason"]) == (503, "The list of components cannot be read.")


def test_a_note_that_cannot_be_shown_is_counted(tmp_path: Path) -> None:
    """How many there are is told, so that somebody looks; one that lacks a detail is shown."""
    site = mounted_site(tmp_path, STATUS_HEALTH_TOKEN=TOKEN)
    site.note("incidents/down.md", INCIDENT.replace("---\n", "", 1))
    site.note("incidents/slow.md", INCIDENT.replace("impact: major", "impact: enormous"))
    site.clock.move(1)
    assert health(site) == (200, {"status": "ok", "facts_at": None, "age": None, "withheld": 1})
    assert health(site, TOKEN)[1]["problems"] == 2


def test_the_page_has_a_fault(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever breaks, the answer is JSON and says that the page cannot be trusted."""
    station = site.app.extensions["status_plugin"].station
    monkeypatch.setattr(type(station), "edition", _broken)
    with caplog.at_level(logging.ERROR):
        code, value = health(site, TOKEN)
    assert code == 503
    assert value == {
        "status": "untrusted",
        "reason": "The status page has a fault.",
        "facts_at": None,
        "age": None,
        "withheld": None,
    }
    assert len(caplog.records) == 1


def _broken(station: object) -> None:
    raise RuntimeError("db7.internal.example")


def test_the_token_opens_the_details(site: Site, nagios: Monitor) -> None:
    """Which source fails, by its kind, and since when it has not answered."""
    look(site)
    nagios.fails = True
    site.clock.move(60)
    look(site)
    site.clock.move(5)
    code, value = health(site, TOKEN)
    assert code == 200
    assert value == {
        "status": "ok",
        "facts_at": "2026-11-20T18:45:00-05:00",
        "age": 65,
        "withheld": 0,
        "sources": [
            {"kind": "nagios", "fresh": True, "answers": False, "answered_at": "2026-11-20T18:45:00-05:00"},
            {"kind": "probe", "fresh": True, "answers": True, "answered_at": "2026-11-20T18:46:00-05:00"},
        ],
        "journal": None,
        "problems": 0,
    }


def test_the_token_tells_of_the_journal(tmp_path: Path, nagios: Monitor, probe: Monitor) -> None:
    """Operators learn that no history is kept, and since when."""
    site = site_with(tmp_path, STATUS_JOURNAL=str(tmp_path / "gone" / "journal"))
    look(site)
    assert health(site, TOKEN)[1]["journal"] == {"kept": False, "failing_since": "2026-11-20T18:45:00-05:00"}
    (tmp_path / "gone").mkdir()
    site.clock.move(30)
    look(site)
    assert health(site, TOKEN)[1]["journal"] == {"kept": True, "failing_since": None}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer \u00fc\u00fc"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Token {TOKEN}"},
        {"Authorization": TOKEN},
        {"X-Token": TOKEN},
    ],
)
def test_nobody_else_learns_more(site: Site, nagios: Monitor, headers: Mapping[str, str]) -> None:
    """Without the very token there is the answer for anybody, which names and counts nothing private."""
    nagios.fails = True
    look(site)
    assert "sources" in health(site, TOKEN)[1]
    answer = site.client.get("/status/health", headers=dict(headers))
    assert set(json.loads(answer.get_data())) == {"status", "reason", "facts_at", "age", "withheld"}
    text = answer.get_data(as_text=True)
    assert not re.search("nagios|probe|internal|srv3|/var|VLAN", text, re.IGNORECASE)


def test_a_token_in_the_address_opens_nothing(site: Site) -> None:
    """Addresses end up in logs."""
    look(site)
    answer = site.client.get(f"/status/health?token={TOKEN}")
    assert "sources" not in json.loads(answer.get_data())


def test_without_a_setting_no_token_opens(tmp_path: Path, nagios: Monitor, probe: Monitor) -> None:
    """An empty token is none."""
    site = site_with(tmp_path, STATUS_HEALTH_TOKEN="")
    look(site)
    for token in ("", "None", TOKEN):
        answer = site.client.get("/status/health", headers={"Authorization": f"Bearer {token}"})
        assert "sources" not in json.loads(answer.get_data())


def test_even_the_details_name_nothing_private(site: Site, nagios: Monitor) -> None:
    """A token that gets lost gives away no host, no address and no check."""
    nagios.fails = True
    look(site)
    text = site.client.get("/status/health", headers={"Authorization": f"Bearer {TOKEN}"}).get_data(
        as_text=True
    )
    assert "nagios" in text
    assert not re.search("internal|/var|VLAN|HTTP", text)


def documented_command() -> list[str]:
    """The words of the check that the documentation shows."""
    (command,) = re.findall(r"^ +command_line +(.+)$", DOCS, re.MULTILINE)
    return shlex.split(command.replace("$USER1$", "/usr/lib/nagios/plugins"))


@pytest.mark.system("nagios")
def test_nagios_understands_it(site: Site, nagios: Monitor, probe: Monitor) -> None:
    """The check that is documented is OK while all is well, and CRITICAL when the page is not trusted."""
    look(site)
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    words = [word for word in documented_command() if word != "--ssl"]
    address = {"$HOSTADDRESS$": "127.0.0.1", "www.example.com": "localhost"}
    command = [*(address.get(word, word) for word in words), "-p", str(server.server_port)]
    try:
        well = subprocess.run(command, capture_output=True, text=True, timeout=30)
        nagios.fails = probe.fails = True
        site.clock.move(301)
        look(site)
        ill = subprocess.run(command, capture_output=True, text=True, timeout=30)
    finally:
        server.shutdown()
        server.server_close()
    assert (well.returncode, ill.returncode) == (0, 2), (well.stdout, ill.stdout)
    assert "503" in ill.stdout


def test_the_documentation_shows_what_is_answered(site: Site, nagios: Monitor, probe: Monitor) -> None:
    """Every key of both answers is in the documentation, and none that is not in them."""
    look(site)
    plain, details = health(site)[1], health(site, TOKEN)[1]
    documented = set(re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE))
    keys = set(plain) | set(details) | {"reason"}
    keys |= {key for source in details["sources"] for key in source}
    assert documented == keys
    for reason in (NO_FACTS, NO_COMPONENTS, FAULT):
        assert reason in " ".join(DOCS.split())
