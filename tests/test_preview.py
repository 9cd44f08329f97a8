"""`flask status preview`: what visitors will see, marked so that nobody takes it for what they see."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from mounted_site import INCIDENT, Site, mounted_site
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

import website
from status_plugin.staff.preview import show_as_of, show_drafts
from status_plugin.staff.preview_bar import put_bar
from status_plugin.web.state import EXTENSION_KEY, PluginState

HOME = Path(__file__).parent.parent
AS_OF = "2026-11-20 6:45pm Eastern"
BAR = "Preview of Fri 20 Nov 2026, 18:45 EST. This is not public."
DRAFT = INCIDENT.replace("title: Srv3 is", "draft: true\ntitle: Mail is")
EMBARGOED = INCIDENT.replace("title: Srv3 is", "announced: 2026-12-24 8am EST\ntitle: Web is")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site with an incident, a draft, and a note that is to be announced at Christmas."""
    monkeypatch.chdir(tmp_path)
    made = mounted_site(tmp_path)
    made.note("incidents/2026-11-20-srv3.md", INCIDENT)
    made.note("incidents/2026-11-20-mail.md", DRAFT)
    made.note("incidents/2026-11-20-web.md", EMBARGOED)
    made.clock.move(2)
    return made


def run(site: Site, *words: str) -> Result:
    """What a command prints."""
    return site.app.test_cli_runner().invoke(args=["status", "preview", *words])


def state_of(site: Site) -> PluginState:
    """What the extension keeps for the site."""
    state: PluginState = site.app.extensions[EXTENSION_KEY]
    return state


def test_every_page_has_the_bar(site: Site) -> None:
    """Pages of the plugin and of the site, found or not, say that they are a preview and of which moment."""
    site.app.add_url_rule("/own/", "own", lambda: "<html><body class='x'><p>own</p></body></html>")
    assert "Preview" not in site.client.get("/status/").text
    put_bar(site.app, state_of(site), drafts=False, reloads=False)
    for address in (
        "/own/", "/status/", "/status/incidents/", "/status/incidents/2026-11-20-srv3/", "/status/nowhere",
        "/status/components/srv3/", "/status/embed/", "/status/subscribe/",
    ):  # fmt: skip
        answer = site.client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert re.search(rf"<body[^>]*><style>[^<]*</style><div [^>]*>{re.escape(BAR)}</div>", answer.text)
        assert answer.headers["Cache-Control"] == "no-store"
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert "ETag" not in answer.headers
        if "<title>" in answer.text:
            assert "<title>Preview: " in answer.text
    assert b"Preview" not in site.client.get("/status/board.json").data


def test_no_visitor_ever_sees_the_bar(tmp_path: Path) -> None:
    """An application that is served as a site has no bar, and no draft, whatever was previewed elsewhere."""
    site = mounted_site(tmp_path)
    site.note("incidents/mail.md", DRAFT)
    other = mounted_site(tmp_path)
    put_bar(other.app, state_of(other), drafts=True, reloads=True)
    show_drafts(other.app, state_of(other), other.clock)
    assert "This is not public" in other.client.get("/status/").text
    assert "Draft: Mail is not responding" in other.client.get("/status/").text
    for address in ("/status/", "/status/incidents/", "/status/board.json", "/"):
        answer = site.client.get(address)
        assert "not public" not in answer.text
        assert "Mail is" not in answer.text


def test_a_strict_policy_does_not_hide_the_bar(tmp_path: Path) -> None:
    """The company's site forbids inline styles; under the bar its policy does not hold."""
    app = website.create_app({"STATUS_MONITOR_MAP": {}})
    assert "Content-Security-Policy" in app.test_client().get("/status/").headers
    put_bar(app, app.extensions[EXTENSION_KEY], drafts=False, reloads=False)
    assert "Content-Security-Policy" not in app.test_client().get("/status/").headers


def test_drafts_are_hidden_unless_asked_for(site: Site) -> None:
    """Without --drafts a preview is what visitors get; with it what is hidden is there, and says so."""
    plain = run(site, "--as-of", AS_OF).output
    assert "[Identified] Srv3 is not responding" in plain
    assert "Mail is" not in plain
    assert "Web is" not in plain
    shown = run(site, "--as-of", AS_OF, "--drafts").output
    assert "[Identified] Draft: Mail is not responding" in shown
    assert "[Identified] Not announced before 2026-12-24 8am EST: Web is not responding" in shown
    assert "[Identified] Srv3 is not responding" in shown


def test_drafts_of_now(site: Site) -> None:
    """Drafts can be seen without another moment, too; what is announced by then has no mark."""
    assert "Draft: Mail is" in run(site, "--drafts").output
    late = run(site, "--drafts", "--as-of", "2026-12-24 8am EST").output
    assert "] Web is not responding" in late


def test_the_bar_says_that_drafts_are_shown(site: Site) -> None:
    """Whoever sees drafts is told that they are among the notes."""
    run(site, "--drafts", "--as-of", AS_OF, "--html", "page.html")
    page = Path("page.html").read_text("utf-8")
    assert "with drafts and what is not announced yet. This is not public." in page


def test_a_file_needs_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the company's own site is one file, with its styles, scripts and pictures in it."""
    app = website.create_app({"STATUS_MONITOR_MAP": {}})
    monkeypatch.chdir(tmp_path)
    assert re.search(r'<link rel="stylesheet"', app.test_client().get("/status/").text)
    app.test_cli_runner().invoke(args=["status", "preview", "--html", "page.html"])
    page = Path("page.html").read_text("utf-8")
    assert "--status-" in page, "our style sheet is in it"
    assert not re.search(r'<link[^>]*rel="?stylesheet|<script[^>]*src=|<img[^>]*src="/', page)
    assert page.count("<style>") == page.count("</style>")
    assert "location.reload" not in page, "a file does not ask whether it has changed"


def test_a_style_sheet_cannot_break_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a style sheet holds stays a style sheet; foreign and missing ones stay links."""
    monkeypatch.chdir(tmp_path)
    site = mounted_site(tmp_path)
    layout = tmp_path / "templates" / "status" / "layout.html"
    layout.parent.mkdir(parents=True)
    layout.write_text(
        "<html><head><link href='/own.css' rel=stylesheet><link rel='stylesheet' href='/gone.css'>"
        "<link rel='stylesheet' href='https://cdn.example/x.css'></head>"
        "<body>{% block content %}{% endblock %}",
        encoding="utf-8",
    )
    site.app.add_url_rule("/own.css", "own", lambda: ("p{}/*</style><b>*/", {"Content-Type": "text/css"}))
    assert run(site, "--html", "page.html").exit_code == 0
    page = Path("page.html").read_text("utf-8")
    assert r"<style>p{}/*<\/style><b>*/</style>" in page
    assert "href='/gone.css'" in page
    assert "https://cdn.example/x.css" in page


def test_a_moment_that_stands_still_follows_the_folder(site: Site) -> None:
    """A page as of a moment takes in what changes in the folder, however long the moment lasts."""
    real = datetime(2026, 12, 1, tzinfo=UTC)
    as_of = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
    state = show_as_of(site.app, state_of(site), as_of, lambda: real)
    assert "Nothing of Srv3" in site.client.get("/status/").text
    site.note("incidents/2026-11-20-srv3.md", INCIDENT.replace("Nothing of", "Not a thing on"))
    assert "Not a thing on Srv3" in site.client.get("/status/").text
    assert state.station.now() == as_of


def test_the_fast_path_does_not_lead_past_a_preview(tmp_path: Path) -> None:
    """With STATUS_FAST_PATH, too, the page under the bar is that of the moment, at every request."""
    site = mounted_site(tmp_path, STATUS_FAST_PATH=True)
    site.note("incidents/2026-11-20-srv3.md", INCIDENT)
    before = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    site.clock.move(2)
    state = show_as_of(site.app, state_of(site), before, lambda: datetime(2026, 12, 1, tzinfo=UTC))
    put_bar(site.app, state, drafts=False, reloads=True)
    for _ in range(3):
        page = site.client.get("/status/").text
        assert "Preview of Fri 20 Nov 2026, 17:00 EST" in page
        assert "not responding" not in page


def test_the_version_changes_with_the_page_alone(site: Site) -> None:
    """A served page asks for its version: it is the same until the page under the bar is another."""
    put_bar(site.app, state_of(site), drafts=False, reloads=True)

    def version() -> str:
        return site.client.get("/status/incidents/2026-11-20-srv3/").headers["X-Preview-Version"]

    first = version()
    assert first in site.client.get("/status/incidents/2026-11-20-srv3/").text
    site.clock.move(2)
    assert version() == first
    site.note("incidents/2026-11-20-srv3.md", INCIDENT.replace("Half", "All"))
    site.clock.move(2)
    assert version() != first


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a page that `preview --serve` serves, and its note."""
    (tmp_path / "content" / "incidents").mkdir(parents=True)
    (tmp_path / "content" / "components.yml").write_text("- name: Srv3\n", "utf-8")
    note = tmp_path / "content" / "incidents" / "srv3.md"
    note.write_text(INCIDENT, "utf-8")
    (tmp_path / "wsgi.py").write_text(
        "from flask import Flask\nfrom status_plugin import StatusPlugin\napp = Flask(__name__)\n"
        "app.config['STATUS_TIMEZONE'] = 'America/New_York'\nStatusPlugin(app)\n",
        "utf-8",
    )
    port = free_port()
    words = ["-m", "flask", "--app", "wsgi", "status", "preview", "--as-of", AS_OF, "--serve", str(port)]
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HOME)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}/status/", note
        finally:
            # Not by Ctrl-C: who runs tests in the background has it ignored.
            process.terminate()
            process.wait(10)


def until(found: Any, seconds: float = 20) -> Any:
    """What `found` gives, as soon as it is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if value := found():
                return value
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def test_what_is_served_follows_the_folder(served: tuple[str, Path]) -> None:
    """A note that is saved is on the served page, at a moment long past as well."""
    address, note = served

    def page() -> str:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return str(answer.read().decode())

    first = until(page)
    assert "Nothing of Srv3 answers." in first
    assert BAR in first
    note.write_text(INCIDENT.replace("Nothing", "No part"), "utf-8")
    until(lambda: "No part of Srv3" in page())


@pytest.mark.system("chromium")
def test_the_browser_follows_by_itself(served: tuple[str, Path]) -> None:
    """The browser shows the new text without a touch; the bar stays in sight and covers nothing."""
    address, note = served
    until(lambda: urllib.request.urlopen(address, timeout=5))
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=390,700"):
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver")) as browser:
        browser.get(address)
        bar = browser.find_element("id", "status-preview")
        assert bar.is_displayed()
        heading = browser.find_element("tag name", "h1")
        assert heading.location["y"] >= bar.location["y"] + bar.size["height"]
        browser.execute_script("scrollTo(0, document.body.scrollHeight)")
        assert browser.execute_script("return arguments[0].getBoundingClientRect().top", bar) == 0
        note.write_text(INCIDENT.replace("Nothing", "No part"), "utf-8")
        text = "return document.body ? document.body.innerText : ''"
        until(lambda: "No part of Srv3" in browser.execute_script(text))
