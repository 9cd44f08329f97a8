"""A copy in a real browser: it says how old it is, as a page of the site does that was left open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from exported import copied_site, exported
from mounted_site import Site
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from werkzeug.serving import WSGIRequestHandler, make_server

pytestmark = pytest.mark.system("chromium")

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run --hide-scrollbars"
)

# A clock that stands until it is moved, timers that do not make a test wait, and a count of what moved.
CLOCK = """
window.clockNow = %d;
Date.now = () => window.clockNow;
const later = window.setInterval;
window.setInterval = (act, wait) => later(act, wait / 400);
window.moved = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) window.moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""

BAR = "document.querySelector('.status-age:not([hidden])')"
ASKED = "return performance.getEntriesByType('resource').some((entry) => entry.initiatorType === 'fetch')"
TEXT = f"return {BAR}?.textContent ?? ''"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it; its clock is the browser's."""

    now = 0.0

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time for a header."""
        return super().date_time_string(self.now if timestamp is None else timestamp)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class BrowsersTime(WSGIRequestHandler):
    """Answers of the site itself by the same clock."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time for a header."""
        return super().date_time_string(Quiet.now if timestamp is None else timestamp)


@contextmanager
def serving(server: Any) -> Iterator[str]:
    """A server at work, by its address."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """One browser for all tests here."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS.split():
        options.add_argument(flag)
    found = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    # Times in the visitor's own zone are another matter, and move things.
    found.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    try:
        yield found
    finally:
        found.quit()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident."""
    return copied_site(tmp_path)


@contextmanager
def clock_in(driver: Any, site: Site, minutes: float) -> Iterator[None]:
    """The browser's clock, so many minutes after that of the site."""
    Quiet.now = site.clock.now.timestamp() + minutes * 60
    now = Quiet.now * 1000
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": CLOCK % now})
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


@pytest.mark.parametrize(
    ("minutes", "age"),
    [(3, ""), (25, "25 minutes"), (119, "119 minutes"), (300, "5 hours"), (60 * 72, "3 days")],
)
def test_a_copy_says_how_old_it_is(site: Site, driver: Any, tmp_path: Path, minutes: float, age: str) -> None:
    """An old copy says so in words, on the page and in a frame, and nothing moves when it does."""
    exported(site, tmp_path / "copy")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "copy")))
    with serving(server) as address, clock_in(driver, site, minutes):
        for path in ("/", "/embed/", "/components/srv3/"):
            driver.get(address + path)
            said = f"These facts are {age} old. Things may have changed since." if age else ""
            WebDriverWait(driver, 20).until(lambda _, said=said: driver.execute_script(TEXT) == said)
            assert driver.execute_script("return window.moved") == 0
            faded = "return getComputedStyle(document.querySelector('.status-overall')).filter"
            assert driver.execute_script(faded) == ("grayscale(1)" if age else "none")


def test_a_page_left_open_says_how_old_it_is(site: Site, driver: Any) -> None:
    """A page of the site says nothing of its age until it was left open, whatever the clock."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=BrowsersTime)
    with serving(server) as address, clock_in(driver, site, 45):
        driver.get(f"{address}/status/")
        assert driver.execute_script(TEXT) == ""
        # It looks 45 minutes old, so that the page asks the site once before it says anything.
        WebDriverWait(driver, 20).until(lambda _: driver.execute_script(ASKED))
        driver.execute_async_script("requestIdleCallback(() => requestIdleCallback(arguments[0]))")
        assert driver.execute_script(TEXT) == ""
        driver.execute_script("window.clockNow += 12 * 60000")
        WebDriverWait(driver, 20).until(lambda _: driver.execute_script(TEXT))
        assert driver.execute_script(TEXT).startswith("These facts are 12 minutes old.")
        assert driver.execute_script("return window.moved") == 0


def test_a_shift_would_be_noticed(site: Site, driver: Any) -> None:
    """The measure measures."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=BrowsersTime)
    with serving(server) as address, clock_in(driver, site, 0):
        driver.get(f"{address}/status/")
        driver.execute_script("document.querySelector('.status-overall').style.marginTop = '200px'")
        WebDriverWait(driver, 20).until(lambda _: driver.execute_script("return window.moved") > 0)


def test_the_words_can_be_read(site: Site, driver: Any, tmp_path: Path) -> None:
    """The bar lies within the smallest screen, in light and in dark, and covers no more than a few lines."""
    exported(site, tmp_path / "copy")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "copy")))
    with serving(server) as address, clock_in(driver, site, 25):
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True},
        )
        driver.get(address)
        WebDriverWait(driver, 20).until(lambda _: driver.execute_script(TEXT))
        box = driver.execute_script(f"return {BAR}.getBoundingClientRect().toJSON()")
        assert (box["left"], box["right"], box["bottom"]) == (0, 320, 640)
        assert box["height"] < 100
        assert driver.execute_script("return document.documentElement.scrollWidth") == 320
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
