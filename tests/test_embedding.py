"""The page for a frame on a site elsewhere: what it shows, and who may show it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import html5lib
import pytest
from board_samples import HOSTILE, SAMPLES
from flask import Flask, Response
from mounted_site import INCIDENT, mounted_site
from sample_site import SampleSettings, sample_app, visitor
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from werkzeug.serving import make_server

import website
from status_plugin.core.board.board import Board
from status_plugin.web.framing import framed

POLICY = "Content-Security-Policy"


def text_of(app: Flask) -> str:
    """The words of the page in the frame."""
    answer = visitor(app).get("/status/embed/")
    assert answer.status_code == 200
    body = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text).find("body")
    return " ".join("".join(body.itertext()).split())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "calm",
            "Network Status All systems operational Operational as of 17:51 EDT, Thu 4 Sep 2008 "
            "Next Maintenance Window Router upgrade in the data center Maintenance "
            "Sat 13 Sep 2008, 23:30 EDT to Sun 14 Sep 2008, 01:00 EDT Scheduled ",
        ),
        (
            "outage",
            "Network Status Srv3 is offline; 1 other has problems Offline as of 17:51 EDT, Thu 4 Sep 2008 "
            "Current Alerts Srv3 is not responding Offline since Thu 4 Sep 2008, 17:20 EDT Identified "
            "Next update promised for 18:30 EDT. Our monitoring has seen this since 17:20 EDT. "
            "ns3 is offline Offline since Thu 4 Sep 2008, 17:48 EDT Seen by our monitoring "
            "Seen by our monitoring since 17:48 EDT. Nobody has written about it yet. ",
        ),
        (
            "all unknown",
            "Network Status Status unknown since 17:20 EDT Unknown "
            "no current facts from our monitoring since 17:20 EDT; page of Thu 4 Sep 2008, 17:52 EDT ",
        ),
    ],
)
def test_the_frame_shows_what_matters(name: str, text: str, tmp_path: Path) -> None:
    """The overall line with its age, what is on now, the next window, and where there is more."""
    more = "Network Status When it cannot be reached: a copy elsewhere"
    assert text_of(sample_app(SAMPLES[name], tmp_path)) == text + more


def test_only_the_next_window_is_shown(tmp_path: Path) -> None:
    """The frame is small."""
    text = text_of(sample_app(SAMPLES["windows"], tmp_path))
    assert "Some evening" in text
    assert "Everything" not in text


def test_the_copy_elsewhere_is_named(tmp_path: Path) -> None:
    """While the site can be reached its visitors learn where to look when it cannot."""
    page = visitor(sample_app(SAMPLES["calm"], tmp_path)).get("/status/embed/").text
    assert 'href="https://copy.example.net/status/"' in page
    without = sample_app(SAMPLES["calm"], tmp_path, settings=SampleSettings(copy_url=""))
    assert "a copy" not in text_of(without)


def test_links_lead_out_of_the_frame(tmp_path: Path) -> None:
    """Whoever follows one gets a page of its own, not a page in a slot."""
    page = visitor(sample_app(SAMPLES["outage"], tmp_path)).get("/status/embed/").text
    assert page.index('<base target="_blank">') < page.index("<a ")
    assert 'href="/status/incidents/2008-09-04-srv3/"' in page


def test_the_sites_layout_stays_outside(tmp_path: Path) -> None:
    """No header, no forms and no scripts of the site: nothing there that a frame could lead astray."""
    templates = {
        "base.html": "<form></form>{% block main %}{% endblock %}",
        "status/layout.html": (
            '{% extends "base.html" %}{% block main %}{% block content %}{% endblock %}{% endblock %}'
        ),
    }
    client = visitor(sample_app(SAMPLES["calm"], tmp_path, templates=templates))
    assert "<form" in client.get("/status/").text
    assert "<form" not in client.get("/status/embed/").text


def test_what_people_wrote_is_text(tmp_path: Path) -> None:
    """A title brings no markup into pages elsewhere."""
    app = sample_app(SAMPLES["hostile"], tmp_path)
    assert HOSTILE in text_of(app)
    assert "<script>alert" not in visitor(app).get("/status/embed/").text


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], [(POLICY, "frame-ancestors *")]),
        ([("X-Frame-Options", "DENY")], [(POLICY, "frame-ancestors *")]),
        (
            [("x-frame-options", "SAMEORIGIN"), ("Server", "x")],
            [("Server", "x"), (POLICY, "frame-ancestors *")],
        ),
        (
            [(POLICY, "default-src 'self'; frame-ancestors 'none'")],
            [(POLICY, "default-src 'self'; frame-ancestors *")],
        ),
        (
            [(POLICY, "Frame-Ancestors 'self' https://x.example;; img-src *;")],
            [(POLICY, "img-src *; frame-ancestors *")],
        ),
        (
            [(POLICY.lower(), "frame-ancestors 'none', default-src 'none'"), (POLICY, "img-src *")],
            [
                (POLICY.lower(), "frame-ancestors *, default-src 'none'; frame-ancestors *"),
                (POLICY, "img-src *; frame-ancestors *"),
            ],
        ),
        (
            [(f"{POLICY}-Report-Only", "frame-ancestors 'none'")],
            [(f"{POLICY}-Report-Only", "frame-ancestors 'none'"), (POLICY, "frame-ancestors *")],
        ),
    ],
)
def test_only_what_is_said_of_frames_changes(
    headers: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    """Every other directive and header of the site stays in force."""
    assert framed(headers, "*") == expected


def strict_site(root: Path, **settings: Any) -> Flask:
    """A site that forbids frames on every page, behind the plugin's back and before its eyes."""
    site = mounted_site(root, **settings)
    site.note("incidents/down.md", INCIDENT)

    def forbid(response: Response) -> Response:
        response.headers["X-Frame-Options"] = "DENY"
        response.headers[POLICY] = "default-src 'self'; frame-ancestors 'none'"
        return response

    site.app.after_request(forbid)
    return site.app


@pytest.mark.parametrize(
    ("setting", "ancestors"),
    [
        ("*", "*"),
        ("https://forum.example.org https://*.example.net:8443",) * 2,
        (["self", "https://forum.example.org"], "'self' https://forum.example.org"),
        ("'none'", "'none'"),
        ("none", "'none'"),
    ],
)
def test_the_setting_has_the_last_word_on_this_page(setting: Any, ancestors: str, tmp_path: Path) -> None:
    """The site's own headers and the setting never contradict each other, and other pages keep theirs."""
    client = strict_site(tmp_path, STATUS_EMBED_ANCESTORS=setting).test_client()
    first = client.get("/status/embed/")
    again = client.get("/status/embed/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    for answer in (first, again, client.head("/status/embed/")):
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers.getlist(POLICY) == [f"default-src 'self'; frame-ancestors {ancestors}"]
    for path in ("/", "/status/", "/status/badge.svg", "/status/embed/nothing"):
        answer = client.get(path)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers[POLICY] == "default-src 'self'; frame-ancestors 'none'"


def test_without_the_setting_the_sites_own_word_counts(tmp_path: Path) -> None:
    """Nobody's page can be framed because a plugin was installed."""
    answer = strict_site(tmp_path).test_client().get("/status/embed/")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers[POLICY] == "default-src 'self'; frame-ancestors 'none'"


def test_a_fault_can_be_read_in_the_frame(tmp_path: Path) -> None:
    """When the page has a fault the frame says that nothing is known, under the same headers."""
    app = strict_site(tmp_path, STATUS_EMBED_ANCESTORS="*")
    app.extensions["status_plugin"].station.edition = None
    answer = app.test_client().get("/status/embed/")
    assert answer.status_code == 503
    assert "we do not know" in answer.text
    assert answer.headers[POLICY].endswith("frame-ancestors *")


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The application on a port of its own; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def foreign(address: str) -> Any:
    """A site that knows nothing of Flask or of us, with a frame on its only page."""
    page = f"<!doctype html><title>x</title><iframe src='{address}/status/embed/' title='x'></iframe>"

    def answer(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html")])
        return [page.encode()]

    return answer


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


def shown_in_frame(browser: Any, address: str) -> str:
    """What a visitor of the foreign site reads in its frame."""
    with served(foreign(address)) as elsewhere:
        assert elsewhere != address
        browser.get(elsewhere)
        browser.switch_to.frame(0)
        return str(browser.find_element("tag name", "body").text)


@pytest.mark.system("chromium")
def test_a_frame_on_another_site_shows_the_company_page(browser: Any) -> None:
    """In a real browser, from another origin, past the strict headers of the company's site."""
    with served(website.create_app({"STATUS_MONITOR_MAP": {}})) as address:
        text = shown_in_frame(browser, address)
        assert "No problems reported" in text or "unknown" in text
        ground = "return getComputedStyle(document.querySelector('.status-overall')).borderTopWidth"
        assert browser.execute_script(ground) == "1px", "the style sheet is there as well"


@pytest.mark.system("chromium")
@pytest.mark.parametrize("setting", ["none", "https://forum.example.org", ()])
def test_a_frame_that_was_not_allowed_stays_empty(browser: Any, setting: Any) -> None:
    """The browser keeps to what the setting, or else the site, says."""
    settings = {"STATUS_MONITOR_MAP": {}, "STATUS_EMBED_ANCESTORS": setting}
    with served(website.create_app(settings)) as address:
        assert "Status" not in shown_in_frame(browser, address)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_state_of_the_world_fits(name: str, tmp_path: Path) -> None:
    """The frame has a first line in each."""
    shown: Board = SAMPLES[name]
    assert " ".join(shown.overall.text.split()) in text_of(sample_app(shown, tmp_path))
