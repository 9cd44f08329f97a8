"""What a visitor sees while a real Nagios works, finds trouble, stops, dies and comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mounted_site import Site, mounted_site
from nagios_daemon import NagiosDaemon, wait_until

pytestmark = pytest.mark.system("nagios")

HOST = "srv3.dal.example.net"
CHECKS = ("HTTP", "SMTP")
MAP = {"srv3": {"nagios": {"host": HOST, "checks": {"Web": "HTTP", "Mail": "SMTP"}}}}
COMPONENTS = "- name: Srv3\n  checks: [Web, Mail]\n"


@pytest.fixture(scope="module")
def nagios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NagiosDaemon]:
    """A Nagios that has found everything well."""
    daemon = NagiosDaemon(tmp_path_factory.mktemp("nagios"), {HOST: list(CHECKS)})
    try:
        daemon.start()
        all_well(daemon)
        yield daemon
    finally:
        daemon.close()


@pytest.fixture
def site(tmp_path: Path, nagios: NagiosDaemon) -> Site:
    """A site that reads its status file twice a second and believes it for four."""
    return mounted_site(
        tmp_path,
        components=COMPONENTS,
        real_time=True,
        STATUS_MONITOR=f"nagios:{nagios.status_file}",
        STATUS_MONITOR_MAP=MAP,
        STATUS_MONITOR_TTL=0.5,
        STATUS_MONITOR_MAX_AGE=4,
    )


def all_well(daemon: NagiosDaemon) -> None:
    """Let every check say that it is well, and wait until Nagios believes it."""
    for check in (HOST, *(f"{HOST}/{name}" for name in CHECKS)):
        daemon.flip(check, 0)
    for check in (HOST, *(f"{HOST}/{name}" for name in CHECKS)):
        daemon.wait_for(check, has_been_checked=1, current_state=0, state_type=1)


def until(site: Site, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The board once it says so."""
    wait_until(lambda: holds(site.board()), lambda: str(site.board()))
    return site.board()


def overall(state: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a board's overall state is this."""
    return lambda board: board["overall"]["state"] == state


def test_a_check_fails_and_recovers(site: Site, nagios: NagiosDaemon) -> None:
    """What Nagios has confirmed is on the page with its check and an alert, and later among the past."""
    board = until(site, overall("operational"))
    assert board["overall"]["text"] == "All systems operational"
    nagios.flip(f"{HOST}/SMTP", 2)
    nagios.wait_for(f"{HOST}/SMTP", current_state=2, state_type=1)
    board = until(site, overall("partial_outage"))
    row = board["components"][0]
    assert {check["name"]: check["state"] for check in row["checks"]} == {
        "Web": "operational",
        "Mail": "major_outage",
    }
    assert row["since"] is not None
    assert [item["kind"] for item in board["current"]] == ["alert"]
    page = site.client.get("/status/").get_data(as_text=True)
    assert "Srv3 is partly offline" in page
    assert "Nobody has written about it yet" in page
    all_well(nagios)
    board = until(site, overall("operational"))
    assert board["current"] == []
    assert [item["kind"] for item in board["past"]] == ["alert"]


def test_a_note_takes_the_alert_over(site: Site, nagios: NagiosDaemon) -> None:
    """Once staff have written about it the alert is the note's first line."""
    nagios.flip(HOST, 2)
    nagios.wait_for(HOST, current_state=1, state_type=1)
    until(site, lambda board: [item["kind"] for item in board["current"]] == ["alert"])
    site.note(
        "incidents/down.md",
        "---\ntitle: Srv3 is gone\nstarted: 2026-01-01\nimpact: major\naffects: [srv3]\n---\nWe look.\n",
    )
    board = until(site, lambda board: [item["kind"] for item in board["current"]] == ["incident"])
    assert board["overall"] == {"state": "major_outage", "text": "Srv3 is offline"}
    assert "Our monitoring has seen this since" in site.client.get("/status/").get_data(as_text=True)
    all_well(nagios)
    both = "Our monitoring sees otherwise: Srv3 is working."
    wait_until(lambda: both in site.client.get("/status/").get_data(as_text=True), lambda: "One is missing.")
    assert site.board()["overall"]["state"] == "major_outage", "what staff say is not overruled"


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_nagios_ends_and_comes_back(site: Site, nagios: NagiosDaemon, ending: str) -> None:
    """Stopped (its file goes) or killed (its file stays): soon nothing is known; started again, all is."""
    until(site, overall("operational"))
    getattr(nagios, ending)()
    assert nagios.status_file.exists() is (ending == "kill")
    board = until(site, overall("unknown"))
    assert board["overall"]["text"].startswith("Status unknown since ")
    assert board["facts_at"] is None
    assert board["components"][0]["state"] == "unknown"
    nagios.start()
    all_well(nagios)
    board = until(site, overall("operational"))
    assert board["current"] == []
    assert board["past"] == [], "silence is no outage"
