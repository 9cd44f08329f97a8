"""What one bad character, one slow disk or one trusted address may not do to everybody."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import g, request
from mounted_site import COMPONENTS, INCIDENT, Site, mounted_site

from status_plugin import SettingError
from status_plugin.sources import summary_cache
from status_plugin.sources.journal import Journal
from status_plugin.web import histories
from status_plugin.web.station import Station

MAP = {"srv3": {"probe": {"checks": {"Web": "tcp://127.0.0.1:9/"}}}}


@pytest.mark.parametrize("reference", ["&#11;", "&#1;", "&#x1b;", "&#xFFFE;"])
def test_a_character_that_no_feed_can_hold_costs_no_feed(tmp_path: Path, reference: str) -> None:
    """Written as a reference it becomes itself only when the text is made HTML: a mark stands for it."""
    site = mounted_site(tmp_path)
    site.note("incidents/down.md", INCIDENT.replace("Nothing of Srv3", f"Nothing{reference} of Srv3"))
    site.clock.move(2)
    feed = site.client.get("/status/feed.atom")
    assert feed.status_code == 200
    ElementTree.fromstring(feed.data)
    assert "Nothing\ufffd of Srv3" in feed.text


def test_a_name_with_a_control_character_breaks_no_badge(tmp_path: Path) -> None:
    """YAML's own escapes bring characters past the reading of the file."""
    site = mounted_site(tmp_path, components=COMPONENTS + '    - name: "t\\x1bt"\n      slug: odd\n')
    badge = site.client.get("/status/components/odd/badge.svg")
    assert badge.status_code == 200
    ElementTree.fromstring(badge.data)
    assert "t\ufffdt" in badge.text


def test_a_page_for_all_is_made_for_nobody(tmp_path: Path) -> None:
    """A site that trusts its own machine must not show strangers what it shows there."""
    site = mounted_site(tmp_path)
    seen: list[bool] = []

    @site.app.before_request
    def remember() -> None:
        g.staff = request.remote_addr == "127.0.0.1"
        seen.append(g.staff)

    assert site.client.get("/status/").status_code == 200
    assert seen == [True, False]


@pytest.mark.parametrize("address", ["/status/incidents/nope/", "/status/incidents/old/"])
def test_nobody_keeps_an_absence_or_a_new_address_for_long(tmp_path: Path, address: str) -> None:
    """A note may stand there in a minute, or move back."""
    site = mounted_site(tmp_path)
    site.note("incidents/new.md", INCIDENT.replace("impact:", "aliases: [old]\nimpact:"))
    site.clock.move(2)
    answer = site.client.get(address)
    assert answer.status_code in (301, 404)
    assert any(word in answer.headers["Cache-Control"] for word in ("no-cache", "max-age=0"))


def test_an_edition_is_made_of_what_is_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that waited while another made the edition does not go back to what it had seen before."""
    site = mounted_site(tmp_path)
    station: Station = site.app.extensions["status_plugin"].station
    old = station.edition().content
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(2)
    new = station.edition()
    assert new.content is not old
    assert station._made(old) is new


def test_health_distrusts_a_page_on_which_all_is_unknown(tmp_path: Path) -> None:
    """Whatever the reason, the operators' own monitoring must hear of it."""
    site = mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP={})
    assert site.board()["overall"]["state"] == "unknown"
    assert site.client.get("/status/health").status_code == 503


def test_a_journal_among_the_notes_stops_the_start(tmp_path: Path) -> None:
    """The folder of notes is for notes."""
    with pytest.raises(SettingError, match="STATUS_JOURNAL: the file lies in the content folder"):
        mounted_site(tmp_path, STATUS_JOURNAL=str(tmp_path / "content" / "journal"))


def test_draft_says_that_nothing_is_remembered(tmp_path: Path) -> None:
    """A process that has just begun to look would invent when the outage began."""
    site = mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP)
    result = site.app.test_cli_runner().invoke(args=["status", "draft"])
    assert result.exit_code == 1
    assert "Set STATUS_JOURNAL" in result.output


class TestHangingJournal:
    """The journal's disk does not answer."""

    @pytest.fixture
    def answers(self, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
        """Until this is set nothing of the journal comes back."""
        event = threading.Event()

        def hang(*_: Any) -> None:
            event.wait(60)

        monkeypatch.setattr(Journal, "add", hang)
        monkeypatch.setattr(Journal, "records", hang)
        monkeypatch.setattr(Journal, "catch_up", hang)
        monkeypatch.setattr(summary_cache, "JOURNAL_WAIT", 0.05)
        monkeypatch.setattr(histories, "READING_WAIT", 0.05)
        return event

    def test_what_monitoring_says_is_shown(self, tmp_path: Path, answers: threading.Event) -> None:
        """The page is fresh, and a component's page comes without its history."""
        site = self._site(tmp_path)
        station: Station = site.app.extensions["status_plugin"].station
        for _ in range(2):
            station.renew()
            site.clock.move(60)
        assert site.board()["components"][0]["state"] == "major_outage"
        for _ in range(2):
            assert site.client.get("/status/components/srv3/").status_code == 200
        assert not answers.is_set()
        answers.set()

    @staticmethod
    def _site(root: Path) -> Site:
        return mounted_site(
            root, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP, STATUS_JOURNAL=str(root / "journal")
        )
