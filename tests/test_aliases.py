"""Old addresses: each leads to one note, and to the one that `check` names."""

from __future__ import annotations

from pathlib import Path

import pytest
from mounted_site import Site, mounted_site

INCIDENT = """\
---
title: {title}
started: {day} 6pm
impact: major
affects: [srv3]
aliases: [{aliases}]
---
It does not answer.

Update @ {day} 7pm [resolved]: It is back.
"""
WINDOW = """\
---
title: Memory
starts: 2026-10-01 1am
ends: 2026-10-01 2am
affects: [srv3]
aliases: [old]
---
Memory is replaced.
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with two incidents and a window that all claim one old address."""
    found = mounted_site(tmp_path)
    found.note("incidents/2008/a.md", INCIDENT.format(title="A", day="2008-09-01", aliases="old, b"))
    found.note("incidents/2009/b.md", INCIDENT.format(title="B", day="2009-09-01", aliases="old, older"))
    found.note("maintenance/w.md", WINDOW)
    found.clock.move(1)
    return found


def led_to(site: Site, address: str) -> str | None:
    """Where an address leads, None if there is nothing at it."""
    answer = site.client.get(f"/status{address}")
    return answer.headers.get("Location")


def test_an_alias_taken_twice_leads_where_check_says(site: Site) -> None:
    """Of several notes that claim an old address the one whose path is first has it, and check says so."""
    said = site.app.test_cli_runner().invoke(args=["status", "check"]).output
    assert "2009/b.md:1: error: aliases: 'old' leads to incidents/2008/a.md." in said
    assert led_to(site, "/incidents/old/") == "/status/incidents/a/"
    assert led_to(site, "/incidents/older/") == "/status/incidents/b/"


def test_a_note_goes_before_an_alias(site: Site) -> None:
    """Nobody loses a present address to the alias of another note."""
    answer = site.client.get("/status/incidents/b/")
    assert answer.status_code == 200
    assert "<h1>" in answer.text
    assert "B – Network Status" in answer.text


def test_kinds_have_aliases_of_their_own(site: Site) -> None:
    """An incident and a window may have had the same name."""
    assert led_to(site, "/maintenance/old/") == "/status/maintenance/w/"
    assert led_to(site, "/maintenance/older/") is None


def test_an_alias_tells_nothing_of_a_note_that_is_not_public_yet(site: Site) -> None:
    """Before it is announced, no address leads to a note or names it."""
    text = WINDOW.replace("aliases: [old]", "aliases: [quiet]\nannounced: 2026-12-01 9am")
    site.note("maintenance/secret.md", text)
    site.clock.move(2)
    assert led_to(site, "/maintenance/quiet/") is None
    site.clock.move(30 * 86400)
    assert led_to(site, "/maintenance/quiet/") == "/status/maintenance/secret/"


def test_notes_link_to_notes_by_their_old_names(site: Site) -> None:
    """A link in a note's text outlives the new name of the note that it leads to."""
    text = WINDOW.replace("aliases: [old]\n", "").replace("is replaced.", "is replaced: [[incident:older]].")
    site.note("maintenance/links.md", text)
    site.clock.move(2)
    assert '<a href="/status/incidents/b/">B</a>' in site.client.get("/status/maintenance/links/").text
