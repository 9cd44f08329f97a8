"""A site behind a real server that a test can have fail, and a browser whose clock the test sets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from board_samples import NOW
from browser_clock import BrowserClock
from flask import request
from sample_site import SampleStation, sample_app
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from werkzeug.http import http_date
from werkzeug.serving import WSGIRequestHandler, make_server

from status_plugin.core.board.board import Board

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run"
)
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'"


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS.split():
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


def until(found: Callable[[], Any], seconds: float = 10) -> Any:
    """What `found` gives once it gives anything; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return value


@dataclass
class LiveSite:
    """One site, its server's clock and moods, and the browser that looks at it."""

    driver: Any
    station: SampleStation
    address: str = ""
    now: datetime = NOW
    fails: bool = False
    policy: str = POLICY
    asked: list[int] = field(default_factory=list)

    def show(self, board: Board) -> None:
        """From now on the site says this."""
        self.station.shown = board

    def open(self, path: str = "/status/", *, clock_ahead: timedelta = timedelta()) -> None:
        """A visitor comes, whose clock may go wrong."""
        BrowserClock(self.driver).set(self.now + clock_ahead)
        self.driver.get(self.address + path)
        until(lambda: self.ask("return document.readyState") == "complete")

    def ask(self, script: str) -> Any:
        """The value of a script in the page."""
        return self.driver.execute_script(script)

    def text(self, css: str) -> str:
        """The text of an element, empty when there is none."""
        return str(self.ask(f"return document.querySelector({css!r})?.textContent ?? ''"))

    def pass_time(self, **length: float) -> None:
        """Time goes by, here and there."""
        passed = timedelta(**length)
        self.now += passed
        self.ask(f"passTime({passed.total_seconds() * 1000})")

    def wake(self) -> int:
        """Have the page look after the server now; how often the server had been asked before."""
        before = len(self.asked)
        self.ask("dispatchEvent(new Event('online'))")
        return before

    def renew_until(self, found: Callable[[], Any]) -> None:
        """Have it look until something holds; while an answer is on its way it asks for no other."""

        def looked() -> Any:
            value = found()
            if not value:
                self.wake()
            return value

        until(looked)

    def renewed(self) -> int:
        """Have it look, and wait for the answer's status."""
        before = self.wake()

        def answered() -> list[int]:
            # While an answer is still on its way the page asks for no other.
            if not self.asked[before:]:
                self.wake()
            return self.asked[before:]

        return int(until(answered)[0])


@contextmanager
def live_site(driver: Any, root: Path, shown: Board, **more: Any) -> Iterator[LiveSite]:
    """A site that shows a board."""
    station = SampleStation(shown=shown)
    app = sample_app(shown, root, station=station, **more)
    site = LiveSite(driver=driver, station=station)

    @app.after_request
    def _behave(response: Any) -> Any:
        if request.path.startswith("/status/") and "/static/" not in request.path:
            response.headers["Content-Security-Policy"] = site.policy
        return response

    def serve(environ: Any, start: Any) -> Iterable[bytes]:
        counts = "/static/" not in environ["PATH_INFO"] and environ["PATH_INFO"].startswith("/status/")

        def noted(status: str, headers: Any, *rest: Any) -> Any:
            if counts:
                site.asked.append(int(status[:3]))
            return start(status, headers, *rest)

        if site.fails and counts:
            noted("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"down"]
        return app(environ, noted)

    class Handler(WSGIRequestHandler):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return http_date(site.now)

    server = make_server("127.0.0.1", 0, serve, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        driver.get("about:blank")
        server.shutdown()
        thread.join()
        server.server_close()


def later(board: Board, now: datetime, **changes: Any) -> Board:
    """The same board of another moment, with facts of half a minute before."""
    return replace(board, now=now, facts_at=now - timedelta(seconds=31), **changes)
