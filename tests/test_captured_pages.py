"""For each captured situation of each monitoring system the page says what it should at that time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from captured_systems import SYSTEMS, saying
from mounted_site import Site, mounted_site

PAGES = Path(__file__).parent / "golden" / "monitoring"
GOLDEN = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in PAGES.glob("*.yml")}
CASES = [(system, situation) for system, one in SYSTEMS.items() for situation in one.situations]

PRIVATE = (
    "core-gw1", "client-campaign", "campaign-mx", "xen-dom0", "acme", "ticket", "rack b-07", "10.20.30.41",
    "icmpping", "web.time", "probe_success", "mysql", "imap", "smtp",
)  # fmt: skip
"""Names and words that stand in the raw data; those of checks have other, public names in the maps."""


def site_of(root: Path, setting: str, monitor_map: Mapping[str, Mapping[str, Any]], now: datetime) -> Site:
    """A site that shows all that the map watches, when it is that time."""
    labels = {slug: list(next(iter(entry.values())).get("checks", {})) for slug, entry in monitor_map.items()}
    rows = [{"name": slug.capitalize(), "checks": checks} for slug, checks in labels.items()]
    site = mounted_site(
        root, components=yaml.safe_dump(rows), STATUS_MONITOR=setting, STATUS_MONITOR_MAP=monitor_map
    )
    site.clock.now = now
    return site


def told(board: dict[str, Any]) -> dict[str, Any]:
    """What the page says at a glance: the first line, what is not operational, and the alerts."""
    found: dict[str, str] = {}
    for row in board["components"]:
        found[row["slug"]] = row["state"]
        found |= {f"{row['slug']}/{check['name']}": check["state"] for check in row["checks"]}
    return {
        "says": board["overall"]["text"].partition(" since ")[0],
        "but": {name: state for name, state in found.items() if state != "operational"},
        "alerts": sorted(entry["title"] for entry in board["current"]),
    }


def test_every_situation_is_a_case() -> None:
    """No captured situation of any system is left out, and none is made up."""
    assert len(CASES) > 70
    assert {name: set(one.situations) for name, one in SYSTEMS.items()} == {
        name: set(pages) for name, pages in GOLDEN.items()
    }


@pytest.mark.parametrize(("system", "situation"), CASES)
def test_page_of_a_situation(tmp_path: Path, system: str, situation: str) -> None:
    """The first line, every component and check, the alerts; and nothing private anywhere."""
    with saying(system, situation) as (setting, now):
        site = site_of(tmp_path, setting, SYSTEMS[system].monitor_map, now)
        board = site.board()
        page = site.client.get("/status/").get_data(as_text=True)
    assert told(board) == GOLDEN[system][situation]
    assert GOLDEN[system][situation]["says"] in page
    texts = f"{page}{board}".casefold()
    assert "srv1" in texts
    assert not [word for word in PRIVATE if word in texts]


@pytest.mark.parametrize("system", SYSTEMS)
def test_page_without_another_word(tmp_path: Path, system: str) -> None:
    """However a system is asked, what it said counts for five minutes and then no more."""
    with saying(system, next(name for name, page in GOLDEN[system].items() if not page["but"])) as opened:
        site = site_of(tmp_path, opened[0], SYSTEMS[system].monitor_map, opened[1])
        assert site.board()["overall"]["text"] == "All systems operational"
    site.clock.now += timedelta(seconds=301)
    assert site.board()["overall"]["state"] == "unknown"


def test_private_words_are_in_the_raw_data() -> None:
    """What is looked for in the pages would be found in what the systems said."""
    folder = Path(__file__).parent / "captures"
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    assert not [word for word in PRIVATE if word.encode() not in raw]


@pytest.mark.parametrize("situation", SYSTEMS["icinga2 api"].situations)
def test_another_monitoring_system_is_one_setting_and_a_key(tmp_path: Path, situation: str) -> None:
    """The same moment, told by a status file, by Icinga's API and by Livestatus, is the same page."""
    ways = {
        "icinga2 status.dat": situation,
        "icinga2 api": situation,
        "livestatus": f"icinga2/{situation}",
    }
    boards = {}
    for way, name in ways.items():
        root = tmp_path / way
        root.mkdir()
        with saying(way, name) as (setting, now):
            board = site_of(root, setting, SYSTEMS[way].monitor_map, now).board()
        assert board["current"] == [] or board["overall"]["state"] != "operational"
        boards[way] = told(board)
    assert [{*entry} for entry in SYSTEMS["icinga2 api"].monitor_map.values()] == [{"icinga2"}] * 7
    first, *others = boards.values()
    assert all(other == first for other in others)
