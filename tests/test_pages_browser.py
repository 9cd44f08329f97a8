"""The pages in a real browser: narrow and wide, light and dark, under a strict policy, without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from board_samples import SAMPLES
from page_browser import CONTRAST, POLICY, TABLE_ROLES, Browser, browser_of, with_policy
from sample_site import sample_app

pytestmark = pytest.mark.system("chromium")

WIDTHS = (320, 390, 768, 1280)

# A site that takes every default away and styles bare elements for itself, as many do.
RESET_SITE = {
    "base.html": (
        "<!doctype html><html lang='en'><head><meta name='viewport' content='width=device-width'>"
        "<link rel='stylesheet' href='/site.css'>{{ status_styles() }}<title>Site</title>"
        "{% block head %}{% endblock %}</head><body><header>{{ status_link() }}</header>{{ status_notice() }}"
        "<main>{% block main %}{% endblock %}</main></body></html>"
    ),
    "status/layout.html": (
        '{% extends "base.html" %}{% block main %}{% block content %}{% endblock %}{% endblock %}'
    ),
}
RESET_SHEET = (
    "*{margin:0;padding:0;border:0;font:inherit;color:inherit;list-style:none;text-decoration:none}"
    "svg,table{display:block}body{font:16px/1.2 serif;background:#f4efe6;color:#222}"
    "main h2{font-size:3rem;color:red}main p{margin:2em}main ul{padding:4rem}main td{border:9px solid red}"
)


def sheet(environ: Any, start: Callable[..., Any]) -> list[bytes]:
    """The site's own style sheet."""
    start("200 OK", [("Content-Type", "text/css")])
    return [RESET_SHEET.encode()]


def inline(environ: Any, start: Callable[..., Any]) -> list[bytes]:
    """A page that the policy must refuse in part."""
    start("200 OK", [("Content-Type", "text/html"), ("Content-Security-Policy", POLICY)])
    return [b"<!doctype html><title>x</title><style>p { color: red }</style><p style='color: red'>x</p>"]


def sites(root: Path) -> dict[str, Any]:
    """A site for each sample in the plugin's own layout, and one in a layout with a reset."""
    found: dict[str, Any] = {"/site.css": sheet, "/inline": inline}
    for name, shown in SAMPLES.items():
        path = f"/{name.replace(' ', '-')}"
        for prefix, templates in (("", {}), ("/in-a-site", RESET_SITE)):
            folder = root / f"{name}{prefix}"
            folder.mkdir(parents=True)
            app = sample_app(shown, folder, templates=templates)
            app.after_request(with_policy)
            found[prefix + path] = app
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser and one server for all tests here."""
    with browser_of(sites(tmp_path_factory.mktemp("sites"))) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _fresh(browser: Browser) -> None:
    """Every test begins in New York, in daylight, at a desk."""
    browser.screen(1280)
    browser.scheme("light")
    browser.command("Emulation.setTimezoneOverride", timezoneId="America/New_York")
    browser.command("Emulation.setScriptExecutionDisabled", value=False)
    browser.refusals()


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("layout", ["", "in-a-site/"])
def test_nothing_is_wider_than_the_screen(layout: str, name: str, browser: Browser) -> None:
    """On every screen, down to the smallest phone, no page scrolls sideways; all under a strict policy."""
    browser.open(layout + name)
    for width in WIDTHS:
        browser.screen(width)
        assert browser.ask("return innerWidth") == width
        assert browser.ask("return document.documentElement.scrollWidth") <= width, width
    assert browser.refusals() == []


def test_sideways_scrolling_would_be_found(browser: Browser) -> None:
    """The measure measures."""
    browser.open("calm")
    browser.screen(320)
    browser.ask("document.querySelector('h1').style.width = '400px'")
    assert browser.ask("return document.documentElement.scrollWidth") > 320


def test_the_policy_would_be_felt(browser: Browser) -> None:
    """The browser does enforce the policy that the pages live under."""
    browser.driver.get(f"{browser.address}/inline")
    assert len(browser.refusals()) == 2


@pytest.mark.parametrize(
    "path",
    [
        "incidents/2008-09-04-srv3/",
        "components/srv3/",
        "incidents/",
        "incidents/?q=srv3",
        "subscribe/",
        "embed/",
        "nothing",
    ],
)
def test_the_other_pages_fit_as_well(path: str, browser: Browser) -> None:
    """What holds for the page holds for the pages behind it."""
    browser.open("outage", f"/status/{path}")
    for width in WIDTHS:
        browser.screen(width)
        assert browser.ask("return document.documentElement.scrollWidth") <= width
    assert browser.refusals() == []


@pytest.mark.parametrize(("width", "shown"), [(390, 30), (1280, 90)])
def test_as_many_days_as_there_is_room_for(width: int, shown: int, browser: Browser) -> None:
    """A history has ninety columns on a wide screen and the last thirty on a phone; today is always there."""
    browser.open("calm", "/status/components/srv3/")
    browser.screen(width)
    bar, frame = browser.ask(
        "return ['.status-days', '.status-days-frame'].map((part) => {"
        "const box = document.querySelector(part).getBoundingClientRect(); return [box.left, box.right]; })"
    )
    assert round((frame[1] - frame[0]) / ((bar[1] - bar[0]) / 90)) == shown
    assert abs(bar[1] - frame[1]) < 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["subscribe/", "embed/", "incidents/?q=srv3", "incidents/?year=1999"])
def test_every_word_of_the_other_pages_can_be_read(path: str, scheme: str, browser: Browser) -> None:
    """What holds for the page holds for buttons, code and the frame."""
    browser.scheme(scheme)
    browser.open("outage", f"/status/{path}")
    count, poor = browser.ask(CONTRAST)
    assert count > 10
    assert poor == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["calm", "memory", "outage", "overdue", "every state", "not monitored", "windows"]
)
@pytest.mark.parametrize("layout", ["", "in-a-site/"])
def test_every_word_can_be_read(layout: str, name: str, scheme: str, browser: Browser) -> None:
    """By day and by night text stands out from its ground as WCAG AA asks, in any site."""
    browser.scheme(scheme)
    browser.open(layout + name)
    browser.ask("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    count, poor = browser.ask(CONTRAST)
    assert count > 20
    assert poor == []


def test_poor_contrast_would_be_found(browser: Browser) -> None:
    """The measure measures."""
    browser.open("calm")
    browser.ask("document.querySelector('h2').style.color = '#bbb'")
    assert len(browser.ask(CONTRAST)[1]) == 1


def test_the_page_follows_the_visitors_choice_of_light_and_dark(browser: Browser) -> None:
    """Who prefers dark pages gets a dark one."""
    grounds = {}
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        browser.open("calm")
        grounds[scheme] = browser.ask("return getComputedStyle(document.body).backgroundColor")
    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 27)"}


def test_a_site_that_is_only_light_stays_so(browser: Browser) -> None:
    """Inside a site without a dark design the pages do not turn dark by themselves."""
    browser.scheme("dark")
    browser.open("in-a-site/calm")
    ground = browser.ask("return getComputedStyle(document.querySelector('.status-plugin')).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_a_sites_own_styles_change_nothing_that_matters(browser: Browser) -> None:
    """A reset and rules for bare elements leave headings, lists and the table as they are meant."""
    measure = """
      const style = (css) => getComputedStyle(document.querySelector(".status-plugin " + css));
      return [style("h2").fontSize, style("h2").color, style("h2").fontWeight, style("table").display,
              style(".status-entry").marginTop, style(".status-list").paddingLeft,
              style("a").textDecorationLine, style("td").borderTopWidth,
              style(".status-item p").marginTop, style("svg").display];
    """
    found = []
    for layout in ("", "in-a-site/"):
        browser.open(f"{layout}memory")
        found.append(browser.ask(measure))
    assert found[0] == found[1]


def test_a_phone_shows_the_table_as_blocks(browser: Browser) -> None:
    """On a phone each server is a block of lines, and still a table for screen readers."""
    browser.open("outage")
    browser.screen(390)
    assert browser.ask("return getComputedStyle(document.querySelector('.status-table')).display") == "block"
    left, right = browser.ask(
        "const row = document.querySelectorAll('.status-table tbody tr')[2];"
        "return [row.children[0], row.children[1]].map((cell) => cell.getBoundingClientRect().top)"
    )
    assert left == pytest.approx(right, abs=4)
    roles = browser.roles()
    browser.screen(1280)
    assert roles == browser.roles()
    assert set(roles) == TABLE_ROLES


def test_a_visitor_elsewhere_gets_the_own_time_as_well(browser: Browser) -> None:
    """Beside the site's time stands the visitor's where they differ, and nothing where they do not."""
    browser.open("memory")
    assert "your time" not in browser.ask("return document.body.innerText")
    browser.command("Emulation.setTimezoneOverride", timezoneId="Asia/Tokyo")
    browser.open("memory")
    text = " ".join(browser.ask("return document.body.innerText").split())
    assert "as of 17:51 EDT (Fri 06:51 your time)" in text
    assert "17:00 to 19:00 EDT (Fri 06:00 to Fri 08:00 your time)" in text
    assert "about 5:20pm (Thu 4 Sep 2008, EDT) (" not in text


def test_without_scripts_nothing_is_missing(browser: Browser) -> None:
    """A browser that runs no script shows the same words, but for how long ago each time was."""
    browser.open("outage")
    browser.ask("document.querySelectorAll('.status-ago').forEach((added) => added.remove())")
    with_script = browser.ask("return document.body.innerText")
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.open("outage")
    assert browser.driver.find_element("tag name", "body").text.split() == with_script.split()
