"""The fast path: the very pages that Flask would give, in front of it, also when the site is what broke."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, session, template_rendered
from mounted_site import INCIDENT, Site, mounted_site
from werkzeug.test import TestResponse

from status_plugin.web.finished import is_finished

SECURITY = {"Content-Security-Policy": "default-src 'self'", "X-Frame-Options": "DENY"}


class Hooks:
    """What a site does around every request; `broken` is its database, `asked` counts its visitors."""

    def __init__(self, app: Flask) -> None:
        self.broken = False
        self.layout_broken = False
        self.asked = 0
        app.before_request(self.before)
        app.after_request(self.after)
        app.context_processor(self.layout)

    def before(self) -> None:
        self.asked += 1
        if self.broken:
            raise RuntimeError("The database is away.")

    def after(self, response: Response) -> Response:
        session["seen"] = True
        response.headers.update(SECURITY)
        return response

    def layout(self) -> dict[str, Any]:
        if self.layout_broken:
            raise RuntimeError("The database is away.")
        return {}


def furnished(root: Path, *, fast: bool, **settings: Any) -> tuple[Site, Hooks]:
    """A site with hooks, an incident and something of everything."""
    root.mkdir()
    site = mounted_site(root, SECRET_KEY="x", STATUS_FAST_PATH=fast, **settings)
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(2)
    return site, Hooks(site.app)


@pytest.fixture
def fast(tmp_path: Path) -> tuple[Site, Hooks]:
    """A site with the fast path."""
    return furnished(tmp_path / "fast", fast=True)


@pytest.fixture
def plain(tmp_path: Path) -> tuple[Site, Hooks]:
    """The same without."""
    return furnished(tmp_path / "plain", fast=False)


def finished_addresses(app: Flask) -> Iterator[str]:
    """Every page that is made once for everybody."""
    values = {"slug": "down", "component": "srv3"}
    for rule in app.url_map.iter_rules():
        if is_finished(app.view_functions[rule.endpoint]):
            slug = "srv3" if "components" in rule.rule else values["slug"]
            with app.test_request_context():
                found = app.url_map.bind("localhost").build(
                    rule.endpoint, dict.fromkeys(rule.arguments, slug)
                )
            yield found


def public_headers(answer: TestResponse) -> dict[str, str]:
    """What goes to everybody; a cookie makes an answer one visitor's own."""
    return {name: value for name, value in answer.headers if name not in ("Set-Cookie", "Cache-Control")}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_every_page_is_the_same(
    fast: tuple[Site, Hooks], plain: tuple[Site, Hooks], method: str, encoding: str
) -> None:
    """Body, type, encoding, ETag and the site's own headers are what Flask would have sent."""
    addresses = list(finished_addresses(fast[0].app))
    assert len(addresses) > 20
    headers = {"Accept-Encoding": encoding}
    for address in addresses:
        ours = fast[0].client.open(address, method=method, headers=headers)
        theirs = plain[0].client.open(address, method=method, headers=headers)
        assert (ours.status_code, ours.data) == (theirs.status_code, theirs.data), address
        if ours.status_code == 200:
            told, expected = public_headers(ours), public_headers(theirs)
            assert told.pop("Vary") == "Accept-Encoding"
            assert "Cookie" in expected.pop("Vary")
            assert told == expected, address
            assert told.items() >= SECURITY.items()


def test_nothing_of_one_visitor_goes_to_others(fast: tuple[Site, Hooks], plain: tuple[Site, Hooks]) -> None:
    """A cookie that the site would set is not in an answer for everybody, which caches may keep."""
    assert "Set-Cookie" in plain[0].client.get("/status/").headers
    for _ in range(2):
        answer = fast[0].client.get("/status/")
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"].startswith("public")


def test_a_known_page_is_not_sent_again(fast: tuple[Site, Hooks]) -> None:
    """Who has the page is told so, weak or in a list, with the headers that caches need."""
    site, _ = fast
    etag = site.client.get("/status/").headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = site.client.get("/status/", headers={"If-None-Match": known})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert site.client.get("/status/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_site_is_asked_once_for_each_edition(fast: tuple[Site, Hooks]) -> None:
    """However many come, the application hears of it once; of a new note everybody hears within a second."""
    site, hooks = fast
    site.client.get("/status/")
    asked = hooks.asked
    for _ in range(50):
        site.client.get("/status/")
    assert hooks.asked == asked
    site.note("incidents/down.md", INCIDENT.replace("Half", "All"))
    site.clock.move(1)
    assert b"All of the memory is gone" in site.client.get("/status/").data


def test_a_herd_has_one_page_made(fast: tuple[Site, Hooks]) -> None:
    """Many visitors at one moment wait for one rendering."""
    site, _ = fast
    site.board()
    seen: list[str] = []
    start = threading.Barrier(12)
    got: list[bytes] = []

    def record(sender: Any, template: Any, **rest: Any) -> None:
        seen.append(template.name)

    def visit() -> None:
        start.wait(10)
        got.append(site.client.get("/status/").data)

    with template_rendered.connected_to(record, site.app):
        visitors = [threading.Thread(target=visit) for _ in range(12)]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join(30)
    assert (len(got), len(set(got)), seen) == (12, 1, ["status/page.html"])


def test_the_page_stays_up_without_the_sites_database(
    fast: tuple[Site, Hooks], plain: tuple[Site, Hooks]
) -> None:
    """When every request of the site fails, the status page is still made, and of the notes of now."""
    for site, hooks in (fast, plain):
        site.client.get("/status/")
        hooks.broken = True
        site.note("incidents/down.md", INCIDENT.replace("Half", "All"))
        site.clock.move(1)
    assert plain[0].client.get("/status/").status_code >= 500
    answer = fast[0].client.get("/status/")
    assert answer.status_code == 200
    assert b"All of the memory is gone" in answer.data
    assert public_headers(answer).items() >= SECURITY.items()


def test_without_its_layout_the_last_page_is_repeated_for_a_while(fast: tuple[Site, Hooks]) -> None:
    """What nobody can render anew is repeated until its facts are too old; then comes an honest error."""
    site, hooks = fast
    before = site.client.get("/status/").data
    hooks.layout_broken = True
    site.note("incidents/down.md", INCIDENT.replace("Half", "All"))
    site.clock.move(60)
    assert site.client.get("/status/").data == before
    site.clock.move(300)
    deadline = time.monotonic() + 10
    # Another thread may still be looking at the folder; until it has, the page before is at hand.
    while site.client.get("/status/").status_code != 503:
        assert time.monotonic() < deadline
    hooks.layout_broken = False
    site.clock.move(1)
    assert b"All of the memory is gone" in site.client.get("/status/").data


@pytest.mark.parametrize(
    ("method", "address", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/status/health", {}),
        ("GET", "/status/no-such-page", {}),
        ("GET", "/status/incidents/?page=1", {}),
        ("GET", "/status/", {"Authorization": "Basic eDp5"}),
        ("POST", "/status/", {}),
        ("OPTIONS", "/status/", {}),
    ],
)
def test_all_else_is_left_to_the_site(
    fast: tuple[Site, Hooks], plain: tuple[Site, Hooks], method: str, address: str, headers: dict[str, str]
) -> None:
    """What is not a plain question for one of our pages goes to the application each time, as ever."""
    site, hooks = fast
    site.client.get("/status/")
    for _ in range(2):
        asked = hooks.asked
        ours = site.client.open(address, method=method, headers=headers)
        assert hooks.asked > asked
    theirs = plain[0].client.open(address, method=method, headers=headers)
    assert (ours.status_code, ours.data) == (theirs.status_code, theirs.data)


def test_each_name_of_the_site_has_its_own_pages(fast: tuple[Site, Hooks]) -> None:
    """Complete addresses in a feed begin as the site was called."""
    site, _ = fast
    for host in ("www.example.com", "status.example.org"):
        for _ in range(2):
            feed = site.client.get("/status/feed.json", base_url=f"https://{host}").get_json()
            assert feed["home_page_url"].startswith(f"https://{host}/")


def test_frames_are_still_ruled(tmp_path: Path) -> None:
    """The embedded page says who may frame it, in front as behind."""
    site, _ = furnished(tmp_path / "site", fast=True, STATUS_EMBED_ANCESTORS="https://forum.example.org")
    for _ in range(2):
        headers = site.client.get("/status/embed/").headers
        assert "frame-ancestors https://forum.example.org" in headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in headers
