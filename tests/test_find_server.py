"""Finding one server in a long table, and the way to find out which one is mine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from board_samples import OFFLINE, SAMPLES, row
from live_site import LiveSite, chromium, later, live_site, until
from sample_site import sample_app, visitor
from selenium.webdriver.common.keys import Keys

from status_plugin.core.board.board import Board
from status_plugin.web.assets import ASSETS, without_remarks
from status_plugin.web.page_context import FEW_COMPONENTS

MANY = SAMPLES["many"]
NAMES = (
    "return [...document.querySelectorAll('.status-table .status-first')]"
    ".filter((r) => r.checkVisibility()).map((r) => r.querySelector('a').textContent)"
)


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """One browser for all tests here."""
    with chromium() as found:
        yield found


@pytest.fixture
def site(driver: Any, tmp_path: Path) -> Iterator[LiveSite]:
    """A site with sixty servers in six racks."""
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    with live_site(driver, tmp_path, MANY) as found:
        found.open()
        yield found


def typed(site: LiveSite, *keys: str) -> list[str]:
    """The names of the servers that are seen after these keys."""
    site.driver.find_element("css selector", ".status-find input").send_keys(*keys)
    names: list[str] = site.ask(NAMES)
    return names


@pytest.mark.system("chromium")
def test_the_table_narrows_as_one_types(site: LiveSite) -> None:
    """All words must be there, in the name, the group or the state; headings without a server go, too."""
    assert len(site.ask(NAMES)) == 60
    assert typed(site, "SRV1") == ["srv1", *(f"srv{n}" for n in range(10, 20))]
    assert site.text(".status-find p") == "11 of 60 shown"
    groups = site.ask(
        "return [...document.querySelectorAll('.status-group')].filter((g) => g.checkVisibility()).length"
    )
    assert groups == 2
    assert typed(site, "7") == ["srv17"]
    assert typed(site, Keys.BACKSPACE * 5, "rack 4 srv41") == ["srv41"]
    assert typed(site, "x") == []
    assert site.text(".status-find p") == "None of 60 shown"


@pytest.mark.system("chromium")
def test_a_state_can_be_found_as_well(site: LiveSite) -> None:
    """The checks of what is found stand with it."""
    assert typed(site, "partly") == ["srv7"]
    assert "Offline" in site.ask("return document.querySelector('.status-table').innerText")


@pytest.mark.system("chromium")
def test_escape_clears_it(site: LiveSite) -> None:
    """One key brings everything back, and the field keeps the focus."""
    assert len(typed(site, "srv7")) == 1
    assert len(typed(site, Keys.ESCAPE)) == 60
    assert site.ask("return document.activeElement.value === ''")
    assert site.text(".status-find p") == ""


@pytest.mark.system("chromium")
def test_it_outlives_a_renewal_and_a_reload(site: LiveSite) -> None:
    """What was typed stays while the page renews itself, and for what is new; so it does when loaded anew."""
    typed(site, "srv7")
    site.pass_time(minutes=2)
    rows = tuple(replace(r, state=OFFLINE) for r in MANY.rows)
    site.show(later(MANY, site.now, rows=(row("srv70", OFFLINE, group="Rack 7"), *rows)))
    site.renew_until(lambda: site.ask(NAMES) == ["srv70", "srv7"])
    assert site.text(".status-find p") == "2 of 61 shown"
    assert site.ask("return document.activeElement.id") == "status-find"
    site.driver.refresh()
    until(lambda: site.ask(NAMES) == ["srv70", "srv7"])


@pytest.mark.system("chromium")
def test_a_screen_reader_is_told(site: LiveSite) -> None:
    """The field has a name, and how many are shown is a live message."""
    nodes = site.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    seen = [node for node in nodes if not node["ignored"]]
    names = {(node["role"]["value"], node.get("name", {}).get("value")) for node in seen}
    assert ("searchbox", "Find a server") in names
    assert site.ask("return document.querySelector('.status-find p').role") == "status"


@pytest.mark.system("chromium")
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_fits_every_screen(site: LiveSite, width: int) -> None:
    """Nothing is wider than the screen; on a phone what is hidden is hidden as well, and can be touched."""
    values = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    site.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", values)
    assert typed(site, "srv7") == ["srv7"]
    assert site.ask("return document.documentElement.scrollWidth") <= width
    box = site.ask("return document.querySelector('.status-find input').getBoundingClientRect().height")
    assert box >= 40
    assert "srv8" not in site.ask("return document.querySelector('.status-table').innerText")


@pytest.mark.system("chromium")
def test_without_a_script_there_is_no_dead_field(site: LiveSite) -> None:
    """Who runs no script sees the table alone."""
    site.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    site.driver.get(site.address + "/status/")
    assert "srv59" in site.driver.find_element("tag name", "body").text
    assert "Find a server" not in site.driver.find_element("tag name", "body").text


@pytest.mark.system("chromium")
def test_an_archive_is_searched_without_a_script(site: LiveSite) -> None:
    """Words and the return key are enough, and the words stand out in what is found."""
    site.station.add(*SAMPLES["outage"].current)
    site.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    site.driver.get(site.address + "/status/incidents/")
    site.driver.find_element("name", "q").send_keys("half RESTART", Keys.ENTER)
    until(lambda: "?q=half" in site.driver.current_url)
    marked = [element.text for element in site.driver.find_elements("tag name", "mark")]
    assert marked == ["half", "restart"]
    assert site.driver.find_element("name", "q").get_attribute("value") == "half RESTART"


def test_a_short_table_needs_none(tmp_path: Path) -> None:
    """A table that a glance takes in has no field."""

    def page(board: Board, name: str) -> str:
        (tmp_path / name).mkdir()
        return visitor(sample_app(board, tmp_path / name)).get("/status/").text

    rows = MANY.rows[: FEW_COMPONENTS + 1]
    assert "status-find" in page(replace(MANY, rows=rows), "long")
    assert "status-find" not in page(replace(MANY, rows=rows[1:]), "short")


def test_which_server_stands_beside_the_table(tmp_path: Path) -> None:
    """Who does not know which server is theirs is led to where they find out before they look for it."""
    page = visitor(sample_app(MANY, tmp_path)).get("/status/").text
    assert 0 < page.index('href="/which-server/"') < page.index("status-find") < page.index("<table")


def test_remarks_in_the_files_are_not_sent() -> None:
    """Browsers get neither remarks nor indentation, and nothing else is missing."""
    assert without_remarks("a {\n  b: c; /* d */\n}\n\n// e\n  f('//g');\n") == "a {\nb: c;\n}\nf('//g');\n"
    for asset in ASSETS.values():
        sent = asset.content
        assert b"\n//" not in sent
        assert b"/*" not in sent
    assert len(ASSETS["status.js"].answer.encodings["gzip"].body) < 4096
