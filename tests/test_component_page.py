"""A component's page: what has ended on it, however much lies ahead."""

from __future__ import annotations

from pathlib import Path

import pytest
from mounted_site import Site, mounted_site

WINDOW = """\
---
title: {title}
starts: {day} 1am
ends: {day} 2am
affects: [srv3]
---
Memory is replaced.
"""
DONE = "\nUpdate @ {day} 2am [completed]: It is done.\n"
INCIDENT = """\
---
title: {title}
started: {day} 6pm
impact: major
affects: [{affects}]
---
It does not answer.

Update @ {day} 7pm [resolved]: It is back.
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with a full calendar."""
    found = mounted_site(tmp_path)
    for number in range(1, 13):
        text = WINDOW.format(title=f"Future {number}", day=f"2027-01-{number:02}")
        found.note(f"maintenance/future-{number}.md", text)
    return found


def past(site: Site, component: str = "srv3") -> list[str]:
    """The titles under Past Alerts on a component's page, from the top."""
    site.clock.move(2)
    text = site.client.get(f"/status/components/{component}/").text
    lines = text.partition('id="status-past"')[2].splitlines()
    titles = [line.rpartition("</a>")[0].rpartition(">")[2] for line in lines if "status-entry-title" in line]
    assert titles or "status-none" in text
    return titles


def test_what_lies_ahead_takes_no_place_in_the_past(site: Site) -> None:
    """However many windows are planned, the last one that was done is there."""
    day = "2026-10-01"
    site.note("maintenance/done.md", (WINDOW + DONE).format(title="Done", day=day))
    assert past(site) == ["Done"]


def test_an_incident_and_a_window_of_one_name_are_two(site: Site) -> None:
    """A planned window does not hide an incident whose file has the same name."""
    site.note("incidents/future-1.md", INCIDENT.format(title="Memory", day="2026-09-01", affects="srv3"))
    assert past(site) == ["Memory"]


def test_the_latest_ten_of_this_component(site: Site) -> None:
    """Newest first, and nothing of another component among them."""
    for number in range(1, 16):
        name, affects = ("Ours", "srv3") if number % 5 else ("Others'", "accounts")
        day = f"2026-10-{number:02}"
        text = INCIDENT.format(title=f"{name} {number}", day=day, affects=affects)
        site.note(f"incidents/i{number}.md", text)
    assert past(site) == [f"Ours {number}" for number in (14, 13, 12, 11, 9, 8, 7, 6, 4, 3)]
    assert past(site, "accounts") == [f"Others&#39; {number}" for number in (15, 10, 5)]
