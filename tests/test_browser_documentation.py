"""The pages in docs/ on the browser and on searching say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mounted_site import INCIDENT, mounted_site

from status_plugin.settings import SETTINGS
from status_plugin.web.archive_filter import LONGEST, MOST_WORDS, PARAMETERS
from status_plugin.web.archive_pages import PAGE_SIZE
from status_plugin.web.finished import FOR_ONE
from status_plugin.web.page_context import FEW_COMPONENTS

ROOT = Path(__file__).resolve().parent.parent
BROWSER = (ROOT / "docs" / "browser.md").read_text("utf-8")
SEARCH = (ROOT / "docs" / "search.md").read_text("utf-8")
SCRIPT = (ROOT / "status_plugin" / "static" / "status.js").read_text("utf-8")


def first_cells(page: str) -> list[str]:
    """The first cell of each row of a page's tables."""
    return re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)


def test_the_parameters_of_a_search() -> None:
    """They are those that an archive takes."""
    assert first_cells(SEARCH) == [*PARAMETERS, "page"]
    assert f"{PAGE_SIZE} on a page" in SEARCH
    assert f"more than {LONGEST} characters, more than {MOST_WORDS} words" in SEARCH
    assert f"`Cache-Control: {FOR_ONE}`" in SEARCH


def test_the_form_asks_by_the_same_names(tmp_path: Path) -> None:
    """The form on the page sends what the page on searching tells."""
    site = mounted_site(tmp_path)
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(2)
    form = site.client.get("/status/incidents/").text.partition("<form")[2].partition("</form>")[0]
    assert re.findall(r' name="(\w+)"', form) == list(PARAMETERS)


def test_the_marks_of_age(tmp_path: Path) -> None:
    """The attributes are those that the script reads, and pages have those that are theirs."""
    told = first_cells(BROWSER)
    names = re.findall(r'dataset\.(status\w+)|"(status\w+)" in', SCRIPT)
    read = {re.sub("[A-Z]", lambda c: f"-{c[0].lower()}", one or other) for one, other in names}
    assert {f"data-{name}" for name in read} == set(told)
    page = mounted_site(tmp_path).client.get("/status/").text
    assert set(re.findall(r"data-status-[\w-]+", page)) == set(told) - {
        "data-status-copy",
        "data-status-facts-at",
        "data-status-words",
    }


def test_the_limits_that_the_browser_page_tells() -> None:
    """From when a field is shown, and from when an age is told."""
    assert f"more than {FEW_COMPONENTS} servers" in BROWSER
    age = next(setting for setting in SETTINGS if setting.name == "MONITOR_MAX_AGE")
    assert "300" in str(age.default)
    assert "(5 minutes unless set)" in BROWSER


@pytest.mark.parametrize("name", ["setTimeout", "connect-src"])
def test_the_script_does_what_is_told(name: str) -> None:
    """The script renews by itself, and knows the policy that may forbid it."""
    assert name in SCRIPT
