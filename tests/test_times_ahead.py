"""A time that lies ahead of the clock is a typing mistake: it is marked wherever it is told as past."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mounted_site import mounted_site

MARK = "This time lies ahead of our clock."
NOTES = {
    "incidents/2026-11-20-srv3.md": (
        "---\ntitle: Srv3 was slow\nstarted: 2026-11-20 6:00pm Eastern\n"
        "impact: degraded\naffects: [srv3]\n---\n"
        "Update @ {end} Eastern [resolved]: It is quick again.\n"
    ),
    "incidents/2026-11-20-fields.md": (
        "---\ntitle: Srv3 was slow\nstarted: 2026-11-20 6:00pm Eastern\nresolved: 2026-11-20 {end} Eastern\n"
        "impact: degraded\naffects: [srv3]\n---\nIt was slow.\n"
    ),
    "maintenance/2026-11-20-disk.md": (
        "---\ntitle: A new disk\nstarts: 2026-11-20 6:00pm Eastern\nends: 2026-11-20 6:30pm Eastern\n"
        "affects: [srv3]\n---\nUpdate @ 6:01pm Eastern [in progress]: We begin.\n\n"
        "Update @ {end} Eastern [completed]: It is in.\n"
    ),
}


def words(page: str) -> str:
    """The page's text."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())


@pytest.mark.parametrize("path", NOTES)
def test_an_end_that_has_not_come_is_no_fact(tmp_path: Path, path: str) -> None:
    """It is 6:45pm: what ended at 9:30pm says so with a mark, in its header too, and tells no length."""
    site = mounted_site(tmp_path)
    slug = path.removesuffix(".md")
    site.note(path, NOTES[path].format(end="6:40pm"))
    site.clock.move(2)
    page = words(site.client.get(f"/status/{slug}/").text)
    assert re.search(r"Ended Fri 20 Nov 2026, 18:40 EST \(after \d+ min\)", page)
    assert MARK not in page
    site.note(path, NOTES[path].format(end="9:30pm"))
    site.clock.move(2)
    page = words(site.client.get(f"/status/{slug}/").text)
    assert f"Ended Fri 20 Nov 2026, 21:30 EST {MARK}" in page
    assert "(after" not in page
    site.clock.move(3 * 3600)
    page = words(site.client.get(f"/status/{slug}/").text)
    assert "Ended Fri 20 Nov 2026, 21:30 EST (after" in page
    assert MARK not in page


@pytest.mark.parametrize("path", [path for path in NOTES if "incidents" in path])
def test_the_lists_mark_it_too(tmp_path: Path, path: str) -> None:
    """Among the past alerts and in the archive."""
    site = mounted_site(tmp_path)
    site.note(path, NOTES[path].format(end="9:30pm"))
    site.clock.move(2)
    for address in ("/status/", "/status/incidents/"):
        assert f"18:00 to 21:30 EST {MARK}" in words(site.client.get(address).text)
