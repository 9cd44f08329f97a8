"""What people see, hear and reach with the keyboard alone, in every state: in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from page_browser import CONTRAST, Browser, browser_of
from page_screenshots import SCHEMES, WIDTHS, pictures, sites
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from system_parts import NPM

import website

pytestmark = pytest.mark.system("chromium")

PAGES = list(pictures())
NAMES = [name for name, _, _ in PAGES]

AXE = NPM / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then((found) => done([
  found.passes.length,
  found.violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 120)).join(" | ")}`),
]));
"""

# Text that sticks out of the box that it stands in cannot be read: boxes cut it off.
CUT_OFF = """
const cut = [];
const walker = document.createTreeWalker(document.querySelector(".status-plugin"), NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  const e = node.parentElement;
  if (!node.textContent.trim() || !e.checkVisibility()) continue;
  if (e.closest(".status-hidden, pre, thead, title")) continue;
  const box = e.closest("td, th, .status-item, .status-panel, .status-plugin").getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const {left, right} of range.getClientRects()) {
    if (left < box.left - 1 || right > box.right + 1) cut.push(node.textContent.trim().slice(0, 60));
  }
}
return cut;
"""

# Everything that the keyboard should reach, in the order of the page.
REACHABLE = """
return [...document.querySelectorAll("a[href], summary, button, input, select, textarea, [tabindex]")]
  .filter((e) => e.tabIndex >= 0 && e.checkVisibility() && !e.closest("details:not([open]) > :not(summary)"))
  .map((e, place) => (e.dataset.place = String(place)));
"""
FOCUSED = """
const e = document.activeElement;
if (!e || e === document.body) return null;
const style = getComputedStyle(e);
const box = e.getBoundingClientRect();
return {
  place: e.dataset.place,
  name: e.textContent.trim().slice(0, 40),
  outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
  seen: box.width > 0 && box.top < innerHeight && box.bottom > 0,
};
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser, and a server with the pages in every state, and with the demonstration."""
    demonstration = {"/demonstration": website.create_app({"STATUS_MONITOR_MAP": {}})}
    with browser_of(sites(tmp_path_factory.mktemp("sites")) | demonstration) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _fresh(browser: Browser) -> None:
    browser.screen(1280)
    browser.scheme("light")
    browser.command("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")
    browser.command("Emulation.setScriptExecutionDisabled", value=False)


def open_page(browser: Browser, site: str, page: str = "") -> None:
    """Go to a page of a site, with everything on it unfolded."""
    browser.driver.get(f"{browser.address}{site}/status/{page}")
    browser.ask("document.querySelectorAll('details').forEach((details) => { details.open = true; })")


def axe(browser: Browser) -> tuple[int, list[str]]:
    """How many of its rules the page keeps, and what it finds wrong with it."""
    browser.ask(AXE.read_text("utf-8"))
    passed, wrong = browser.driver.execute_async_script(RUN_AXE)
    return passed, wrong


@pytest.mark.system("axe")
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name: str, browser: Browser) -> None:
    """Every page in every state keeps axe's rules: on each screen, by day and night, with script or not."""
    (found,) = [(site, page) for other, site, page in PAGES if other == name]
    for place, width in enumerate(WIDTHS):
        browser.scheme(SCHEMES[place % 2])
        browser.screen(width)
        browser.command("Emulation.setScriptExecutionDisabled", value=place in (1, 2))
        browser.driver.get(f"{browser.address}{found[0]}/status/{found[1]}")
        browser.command("Emulation.setScriptExecutionDisabled", value=False)
        passed, wrong = axe(browser)
        assert passed > 10
        assert wrong == [], f"{width} {SCHEMES[place % 2]}"


@pytest.mark.system("axe")
def test_axe_would_find_something(browser: Browser) -> None:
    """The measure measures."""
    open_page(browser, "/calm")
    browser.ask("document.title = ''; document.querySelector('main').append(document.createElement('img'));")
    assert {rule.partition(":")[0] for rule in axe(browser)[1]} == {"document-title", "image-alt"}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_or_pale(name: str, browser: Browser) -> None:
    """On each screen, by day and night, all text is inside its box and stands out from its ground."""
    (found,) = [(site, page) for other, site, page in PAGES if other == name]
    for scheme in SCHEMES:
        browser.scheme(scheme)
        open_page(browser, *found)
        assert browser.ask(CONTRAST)[1] == [], scheme
    for width in WIDTHS:
        browser.screen(width)
        assert browser.ask("return document.documentElement.scrollWidth") <= width, width
        assert browser.ask(CUT_OFF) == [], width


def test_text_that_is_cut_off_would_be_found(browser: Browser) -> None:
    """The measure measures."""
    open_page(browser, "/calm")
    browser.ask(
        "document.querySelector('.status-server a').style.cssText = 'white-space: nowrap; font-size: 6em'"
    )
    browser.ask("document.querySelector('.status-server a').textContent = 'x'.repeat(40)")
    assert browser.ask(CUT_OFF) == ["x" * 40]


@pytest.mark.parametrize("name", ["outage", "long words", "many", "component", "incident", "right to left"])
def test_text_of_twice_the_size_fits(name: str, browser: Browser) -> None:
    """Who needs letters of twice the size reads all of it without scrolling sideways."""
    (found,) = [(site, page) for other, site, page in PAGES if other == name]
    open_page(browser, *found)
    for width in (640, 1280):
        browser.screen(width)
        browser.ask("document.documentElement.style.fontSize = '200%'")
        assert (
            browser.ask("return getComputedStyle(document.querySelector('.status-plugin')).fontSize")
            == "32px"
        )
        assert browser.ask("return document.documentElement.scrollWidth") <= width
        assert browser.ask(CUT_OFF) == []


@pytest.mark.parametrize("name", ["outage", "memory", "component", "incident", "subscribe", "right to left"])
def test_the_keyboard_reaches_everything_and_is_seen(name: str, browser: Browser) -> None:
    """With the tabulator alone: each thing once and in order, with a visible focus, and out at the end."""
    (found,) = [(site, page) for other, site, page in PAGES if other == name]
    browser.driver.get(f"{browser.address}{found[0]}/status/{found[1]}")
    wanted = browser.ask(REACHABLE)
    assert len(wanted) > 5
    reached = []
    for _ in wanted:
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        focused: dict[str, Any] = browser.ask(FOCUSED)
        assert focused["outline"] >= 2, focused
        assert focused["seen"], focused
        reached.append(focused["place"])
    assert reached == wanted
    ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    last = browser.ask(FOCUSED)
    assert last is None or last["place"] != wanted[-1]


def test_the_keyboard_opens_what_is_folded(browser: Browser) -> None:
    """Earlier updates, and the days under a bar, open with the Enter key and their links can be reached."""
    browser.driver.get(f"{browser.address}/outage/status/")
    for css in (".status-item summary", ".status-record summary"):
        browser.ask(f"document.querySelector('{css}').focus()")
        before = len(browser.ask(REACHABLE))
        ActionChains(browser.driver).send_keys(Keys.ENTER).perform()
        assert browser.ask(f"return document.querySelector('{css}').parentElement.open")
        assert len(browser.ask(REACHABLE)) >= before
    ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    assert browser.ask("return document.activeElement.closest('.status-record') !== null")


def test_the_site_can_be_skipped(browser: Browser) -> None:
    """In the company's layout the first press of the tabulator offers to skip what all pages have."""
    browser.driver.get(f"{browser.address}/demonstration/status/")
    ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    assert browser.ask(FOCUSED)["name"] == "Skip to the content"
    assert browser.ask(FOCUSED)["seen"]
    ActionChains(browser.driver).send_keys(Keys.ENTER).send_keys(Keys.TAB).perform()
    assert browser.ask("return document.activeElement.closest('main') !== null")


def test_a_day_leads_to_what_happened(browser: Browser) -> None:
    """A click on a day of a bar leads to its row on the component's page."""
    browser.driver.get(f"{browser.address}/outage/status/")
    browser.ask("document.querySelector('.status-days a').scrollIntoView({block: 'center'})")
    link = browser.driver.find_element("css selector", ".status-days a rect")
    ActionChains(browser.driver).move_to_element(link).click().perform()
    assert browser.ask("return location.pathname") == "/outage/status/components/srv3/"
    row = browser.ask("return document.querySelector(':target').innerText")
    assert row.startswith("Thu 4 Sep 2008")
    assert "Srv3 is not responding" in row


@pytest.mark.parametrize(("width", "shown"), [(390, 30), (1280, 90)])
@pytest.mark.parametrize("site", ["/outage", "/right-to-left"])
def test_a_bar_ends_today(site: str, width: int, shown: int, browser: Browser) -> None:
    """Ninety columns where there is room, thirty on a phone, the last of them today's, either way."""
    browser.screen(width)
    browser.driver.get(f"{browser.address}{site}/status/")
    frame, today, label = browser.ask(
        "return ['.status-days-frame', '.status-days a:last-of-type rect', '.status-days-ends > :last-child']"
        ".map((part) => { const box = document.querySelector(part).getBoundingClientRect();"
        "return [box.left, box.right]; })"
    )
    end = 0 if site == "/right-to-left" else 1
    assert today[end] == pytest.approx(frame[end], abs=1)
    assert label[end] == pytest.approx(frame[end], abs=1)
    assert (frame[1] - frame[0]) / (today[1] - today[0]) == pytest.approx(shown, rel=0.01)


def test_chosen_colours_leave_words_shapes_and_lines(browser: Browser) -> None:
    """With forced colours shapes and bars are drawn in the colour of text, and boxes keep a border."""
    browser.command("Emulation.setEmulatedMedia", features=[{"name": "forced-colors", "value": "active"}])
    browser.driver.get(f"{browser.address}/outage/status/")
    assert browser.ask("return matchMedia('(forced-colors: active)').matches")
    text = browser.ask("return getComputedStyle(document.querySelector('h1')).color")
    style = "return ((css) => getComputedStyle(document.querySelector(css)))"
    assert browser.ask(f"{style}('.status-table .status-shape').color") == text
    assert browser.ask(f"{style}('.status-days path').fill") == text
    for box in (".status-overall", ".status-item", ".status-panel"):
        assert float(browser.ask(f"{style}('{box}').borderTopWidth").removesuffix("px")) >= 1


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("site", ["/outage", "/every-state", "/overdue", "/windows", "/withheld"])
def test_who_asks_for_more_contrast_gets_it(site: str, scheme: str, browser: Browser) -> None:
    """All text then keeps WCAG's enhanced contrast, 7 to 1 and for large text 4.5 to 1."""
    wishes = {"prefers-contrast": "more", "prefers-color-scheme": scheme}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    browser.command("Emulation.setEmulatedMedia", features=features)
    open_page(browser, site)
    seen, pale = browser.driver.execute_script(CONTRAST, 7, 4.5)
    assert seen > 50
    assert pale == []


def test_paper_shows_everything(browser: Browser) -> None:
    """In print nothing is folded away, and nobody's printer paints the night."""
    browser.command(
        "Emulation.setEmulatedMedia",
        media="print",
        features=[{"name": "prefers-color-scheme", "value": "dark"}],
    )
    browser.driver.get(f"{browser.address}/outage/status/")
    older = "document.querySelector('.status-item details ol')"
    assert browser.ask(f"return {older}.checkVisibility({{contentVisibilityAuto: true}})")
    assert browser.ask(f"return {older}.getBoundingClientRect().height") > 20
    assert browser.ask("return getComputedStyle(document.querySelector('h1')).color") == "rgb(27, 32, 38)"
    browser.command("Emulation.setEmulatedMedia", media="", features=[])


def test_nothing_moves(browser: Browser) -> None:
    """There is no animation and no transition, for anybody."""
    browser.driver.get(f"{browser.address}/outage/status/")
    moving = """
      return [...document.querySelectorAll(".status-plugin *")].filter((e) => {
        const style = getComputedStyle(e);
        return style.animationName !== "none" || style.transitionDuration !== "0s";
      }).length;
    """
    assert browser.ask(moving) == 0
    browser.ask("document.querySelector('.status-plugin h1').style.transition = 'color 1s'")
    assert browser.ask(moving) == 1
