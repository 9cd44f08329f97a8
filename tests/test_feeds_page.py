"""docs/feeds.md says what feeds and calendars do, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from feed_rules import ATOM
from icalendar import Calendar
from mounted_site import INCIDENT, mounted_site

from status_plugin.settings import SETTINGS
from status_plugin.web.calendars import PAST_WINDOWS
from status_plugin.web.feeds import ENTRIES

PAGE = (Path(__file__).parent.parent / "docs" / "feeds.md").read_text(encoding="utf-8")
WINDOW = """\
---
title: More memory for Srv3
starts: 2026-12-04 4:00pm EST
ends: 6:00pm EST
announced: 2026-11-20 9am EST
affects: srv3
---
It gets more memory.
"""


def cells(heading: str, column: int) -> list[str]:
    """The names in a column of the table under a heading, without those of empty cells."""
    part = PAGE.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    rows = [line.split("|")[1:-1] for line in part.splitlines() if line.startswith("|")][2:]
    return [name for row in rows for name in re.findall("`([^`]+)`", row[column])]


def test_every_address_is_there(tmp_path: Path) -> None:
    """Each address that is listed answers, and none of ours is missing."""
    site = mounted_site(tmp_path)
    site.note("maintenance/2026-12-04-srv3.md", WINDOW)
    site.clock.move(2)
    listed = re.findall(r"^\| `(/status/\S+)` \|", PAGE, re.MULTILINE)
    assert {site.client.get(address).status_code for address in listed} == {200}
    rules = [str(rule) for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("status.")]
    ours = [rule for rule in rules if rule.endswith((".ics", "/feed.atom", "/feed.json"))]
    assert len(listed) == len(ours) == 7
    assert all(any(_fits(address, rule) for rule in ours) for address in listed)


def _fits(address: str, rule: str) -> bool:
    return re.fullmatch(re.sub("<[^>]+>", "[^/]+", rule), address) is not None


def test_every_part_of_an_entry_is_there(tmp_path: Path) -> None:
    """The names in the table are those that an entry has."""
    site = mounted_site(tmp_path)
    site.note("incidents/srv3.md", INCIDENT)
    site.clock.move(2)
    entry = ElementTree.fromstring(site.client.get("/status/feed.atom").text).find(f"{ATOM}entry")
    assert entry is not None
    assert {part.tag.removeprefix(ATOM) for part in entry} == set(cells("## What is in a feed", 0))
    (item, *_) = site.client.get("/status/feed.json").get_json(force=True)["items"]
    assert set(item) == set(cells("## What is in a feed", 1))


def test_every_property_of_an_event_is_there(tmp_path: Path) -> None:
    """What an event has is told in the table or in the words above it."""
    site = mounted_site(tmp_path)
    site.note("maintenance/srv3.md", WINDOW)
    site.clock.move(2)
    (event,) = Calendar.from_ical(site.client.get("/status/maintenance.ics").data).walk("VEVENT")
    told = {*cells("## The calendar", 0), "SUMMARY", "URL", "DESCRIPTION"}
    assert "An event has the window's title, its page\nas `URL`, and as `DESCRIPTION`" in PAGE
    assert set(event) == told


def test_the_numbers_are_right() -> None:
    """How many, how long and how often are what the code says."""
    assert f"has the last {ENTRIES} entries" in PAGE
    assert f"the last {PAST_WINDOWS} that are over" in PAGE
    after = {setting.key: setting.default for setting in SETTINGS}["STATUS_ALERT_AFTER"]
    assert f"has seen for {after // 60} minutes (`STATUS_ALERT_AFTER`)" in PAGE
