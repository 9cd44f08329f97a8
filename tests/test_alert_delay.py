"""Trouble that monitoring sees is told at once to who looks, and later to who is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from mounted_site import Site, mounted_site

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State

DOCS = Path(__file__).resolve().parent.parent / "docs"
MAP = {"srv3": {"probe": {"checks": {"Web": "https://db7.internal.example/"}}}}
LOOKED_AT = (
    "/status/",
    "/status/board.json",
    "/status/api/v2/incidents/unresolved.json",
    "/status/badge.json",
)
CALLED_BY = ("/status/feed.atom", "/status/feed.json", "/status/components/srv3/feed.atom")


class Monitor:
    """A monitor that sees Srv3 offline from the first look on."""

    def read(self, now: datetime) -> Reading:
        """What it says now."""
        until = now + timedelta(minutes=5)
        web = Observation(state=State.MAJOR_OUTAGE, fresh_until=until)
        return Reading(written_at=now, fresh_until=until, components={"srv3": Seen(checks={"Web": web})})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site whose Srv3 has just gone offline."""
    monkeypatch.setattr("status_plugin.sources.monitors.probe.open_source", lambda *_: Monitor())
    settings = {"STATUS_MONITOR": "probe:", "STATUS_MONITOR_MAP": MAP, "STATUS_ALERT_AFTER": 120}
    found = mounted_site(tmp_path, **settings)
    found.app.extensions["status_plugin"].station.renew()
    return found


def telling(site: Site) -> set[str]:
    """The addresses whose answers tell of it."""
    told = set()
    for address in (*LOOKED_AT, *CALLED_BY):
        answer = site.client.get(address)
        assert answer.status_code == 200, address
        if "offline" in answer.text.casefold():
            told.add(address)
    return told


def test_who_looks_learns_it_at_once_and_who_subscribes_when_it_lasts(site: Site) -> None:
    """Page, board, API and badge tell of it from the first look on, the feeds after STATUS_ALERT_AFTER."""
    assert telling(site) == set(LOOKED_AT)
    site.clock.move(121)
    site.app.extensions["status_plugin"].station.renew()
    assert telling(site) == {*LOOKED_AT, *CALLED_BY}


def test_the_page_on_the_api_says_so() -> None:
    """Whoever connects a bot to the API knows that it waits for nothing."""
    words = " ".join((DOCS / "api.md").read_text().split())
    assert (
        "It is here at once, as on the page: `STATUS_ALERT_AFTER` delays feeds and announcements alone."
        in words
    )
