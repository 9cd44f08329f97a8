"""Finished answers: rendered once, for nobody in particular, in every encoding, and not kept too long."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Response, g, request, session, template_rendered
from mounted_site import INCIDENT, Site, mounted_site
from werkzeug.test import TestResponse

from status_plugin.web import shelf
from status_plugin.web.answer import Answer, cache_control


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident."""
    found = mounted_site(tmp_path, SECRET_KEY="x")
    found.note("incidents/down.md", INCIDENT)
    found.clock.move(1)
    return found


@pytest.fixture
def renderings(site: Site) -> Iterator[list[str]]:
    """The names of the templates that are rendered."""
    seen: list[str] = []

    def record(sender: Any, template: Any, **rest: Any) -> None:
        seen.append(template.name)

    with template_rendered.connected_to(record, site.app):
        yield seen


def test_rendered_once(site: Site, renderings: list[str]) -> None:
    """However many visitors come, a page is rendered once until something changes."""
    bodies = {site.client.get("/status/").data for _ in range(20)}
    assert len(bodies) == 1
    assert renderings == ["status/page.html"]
    site.note("incidents/down.md", INCIDENT.replace("Half", "All"))
    site.clock.move(2)
    assert b"All of the memory is gone" in site.client.get("/status/").data
    assert renderings == ["status/page.html"] * 2


def test_the_clock_alone_renews_it(site: Site) -> None:
    """A promise that is broken shows as overdue without any change of the notes."""
    before = site.client.get("/status/").data
    assert b"overdue" not in before.lower()
    site.clock.move(45 * 60)
    assert b"overdue" in site.client.get("/status/").data.lower()


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        (None, None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0.5, gzip;q=1", "gzip"),
        ("gzip;q=0", None),
        ("*", "br"),
        ("compress", None),
    ],
)
def test_encodings(site: Site, accepts: str | None, encoding: str | None) -> None:
    """Everybody gets the smallest encoding that they like best, and the same words in it."""
    plain = site.client.get("/status/").data
    headers = {"Accept-Encoding": accepts} if accepts else {}
    answer = site.client.get("/status/", headers=headers)
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    unpack = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    assert unpack(answer.data) == plain


def test_not_modified(site: Site) -> None:
    """Who has the page already is told so, until it changes; each encoding has a tag of its own."""
    tags = {}
    for accepts in ("identity", "gzip", "br"):
        answer = site.client.get("/status/", headers={"Accept-Encoding": accepts})
        tags[accepts] = answer.headers["ETag"]
        assert not tags[accepts].startswith("W/")
        again = site.client.get(
            "/status/", headers={"Accept-Encoding": accepts, "If-None-Match": tags[accepts]}
        )
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tags[accepts]
    assert len(set(tags.values())) == 3
    site.note("incidents/down.md", INCIDENT.replace("Half", "All"))
    site.clock.move(2)
    changed = site.client.get("/status/", headers={"If-None-Match": tags["identity"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("accepts", ["identity", "gzip", "br"])
def test_a_tag_weakened_on_the_way_is_known(site: Site, accepts: str) -> None:
    """A proxy that has weakened the tag still gets its 304, as RFC 9110 13.1.2 has it; so does any tag."""
    headers = {"Accept-Encoding": accepts}
    tag = site.client.get("/status/", headers=headers).headers["ETag"]
    for known in (f"W/{tag}", f'"other", W/{tag}', "*"):
        answer = site.client.get("/status/", headers=headers | {"If-None-Match": known})
        assert (answer.status_code, answer.headers["ETag"]) == (304, tag)
    other = site.client.get("/status/", headers=headers | {"If-None-Match": 'W/"other"'})
    assert other.status_code == 200


def test_the_moment_of_rendering_is_no_change(site: Site) -> None:
    """`board.json` made again at another moment has the same tag when it says the same."""
    first = site.client.get("/status/board.json")
    site.clock.move(-60)
    second = site.client.get("/status/board.json")
    assert first.json["generated_at"] != second.json["generated_at"]
    assert first.headers["ETag"] == second.headers["ETag"]


def test_head(site: Site) -> None:
    """HEAD answers with the headers of GET and no body."""
    head, get = site.client.head("/status/"), site.client.get("/status/")
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_nothing_of_one_visitor_reaches_another(tmp_path: Path) -> None:
    """A layout that greets whoever is logged in greets nobody on what is kept for all."""
    layout = tmp_path / "templates" / "status" / "layout.html"
    layout.parent.mkdir(parents=True)
    layout.write_text(
        "<title>{% block title %}{% endblock %}</title>{% block head %}{% endblock %}"
        "<p>Hello {{ session.get('name', 'stranger') }} {{ g.cookie }} {{ g.auth }}</p>"
        "{% block content %}{% endblock %}"
    )
    site = mounted_site(tmp_path, SECRET_KEY="x")

    @site.app.before_request
    def look() -> None:
        g.cookie = request.cookies.get("visitor", "no cookie")
        g.auth = request.headers.get("Authorization", "no header")

    @site.app.get("/login")
    def login() -> str:
        session["name"] = "Bob"
        return "Hello Bob"

    bob = site.client
    assert bob.get("/login").data == b"Hello Bob"
    bob.set_cookie("visitor", "bob-4711")
    seen_by_bob = bob.get("/status/", headers={"Authorization": "Bearer bobs-token"}).get_data(as_text=True)
    seen_by_ann = site.client.get("/status/").get_data(as_text=True)
    assert "Hello stranger no cookie no header" in seen_by_bob
    assert seen_by_bob == seen_by_ann


def test_a_hook_that_needs_a_visitor(site: Site) -> None:
    """A hook of the site that fails for a visitor without marks does not take the page away."""

    @site.app.before_request
    def demand() -> None:
        assert request.headers["X-Site"] == "1"

    answer = site.client.get("/status/", headers={"X-Site": "1"})
    assert answer.status_code == 200


def test_hosts_do_not_mix(site: Site) -> None:
    """Absolute addresses are those of the name by which the visitor came."""
    one = site.client.get("/status/board.json", base_url="https://www.example.com").json
    two = site.client.get("/status/board.json", base_url="http://status.example.net").json
    assert one["current"][0]["url"].startswith("https://www.example.com/status/")
    assert two["current"][0]["url"].startswith("http://status.example.net/status/")


@pytest.fixture
def small_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few answers are kept: some ten of the page."""
    monkeypatch.setattr(shelf, "KEPT", 80_000)


@pytest.mark.usefixtures("small_shelf")
def test_what_is_kept_is_bounded(site: Site) -> None:
    """Invented names fill no memory."""
    pages = site.app.extensions["status_plugin"].pages
    kept = []
    for number in range(60):
        site.client.get("/status/", base_url=f"http://host-{number}.example")
        kept.append(len(pages._shelves[0][1]))
    assert 5 < kept[30] < 30
    assert kept[30] == kept[-1]


def test_an_invented_parameter_makes_no_page(site: Site, renderings: list[str]) -> None:
    """Only an archive has pages: whatever else stands behind a question mark changes nothing."""
    for query in ("", "?page=2", "?page=x", "?page=", "?q=1", "?page=3&page=4"):
        assert site.client.get(f"/status/{query}").status_code == 200
    assert renderings == ["status/page.html"]
    for query in ("?page=0", "?page=x", "?page=2"):
        assert site.client.get(f"/status/incidents/{query}").status_code == 404


def test_an_archive_keeps_each_of_its_pages(site: Site, renderings: list[str]) -> None:
    """A page of an archive is that page, and is rendered once."""
    for number in range(25):
        site.note(f"incidents/older-{number}.md", INCIDENT.replace("2026-11-20", "2026-10-20"))
    site.clock.move(2)
    pages = ("?page=1", "?page=2")
    bodies = [site.client.get(f"/status/incidents/{page}").text for page in pages * 3]
    assert ["Page 1 of 2" in body for body in bodies] == [True, False] * 3
    assert ["Page 2 of 2" in body for body in bodies] == [False, True] * 3
    assert renderings == ["status/archive.html"] * 2


@pytest.mark.usefixtures("small_shelf")
def test_invented_names_push_no_answer_out(site: Site, renderings: list[str]) -> None:
    """Whoever calls the site by names that it does not have costs its visitors nothing."""
    for _ in range(2):
        site.client.get("/status/", base_url="https://www.example.com")
    for number in range(40):
        site.client.get("/status/", base_url=f"http://host-{number}.example")
    del renderings[:]
    site.client.get("/status/", base_url="https://www.example.com")
    assert renderings == []
    site.client.get("/status/", base_url="http://host-0.example")
    assert renderings == ["status/page.html"], "what was pushed out is found by this test"


class Gate:
    """Holds up the rendering of one address for as long as it is shut."""

    def __init__(self, site: Site, address: str) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        self.passed = 0

        @site.app.before_request
        def hold() -> None:
            if request.path == address and "HTTP_X_VISITOR" not in request.environ:
                self.reached.set()
                assert self.open.wait(10)
                self.passed += 1

        # The first word of monitoring makes another edition of what comes before it.
        assert site.board()


class Visits:
    """Visitors who ask at the same time, each in a thread."""

    def __init__(self, site: Site, *addresses: str) -> None:
        self.answers: list[TestResponse] = []
        self.threads = [threading.Thread(target=self._visit, args=(site, each)) for each in addresses]
        for thread in self.threads:
            thread.start()

    def _visit(self, site: Site, address: str) -> None:
        self.answers.append(site.client.get(address, headers={"X-Visitor": "1"}))

    def over(self) -> list[TestResponse]:
        """Their answers, once all have one."""
        for thread in self.threads:
            thread.join(10)
        assert len(self.answers) == len(self.threads)
        return self.answers


def test_a_slow_page_holds_up_no_other(site: Site) -> None:
    """While one page takes its time, all others are answered, whether they are ready or not."""
    gate = Gate(site, "/status/incidents/down/")
    Visits(site, "/status/").over()
    slow = Visits(site, "/status/incidents/down/")
    assert gate.reached.wait(10)
    others = Visits(site, "/status/", "/status/components/srv3/", "/status/incidents/nowhere/")
    assert sorted(answer.status_code for answer in others.over()) == [200, 200, 404]
    assert slow.answers == []
    gate.open.set()
    assert [answer.status_code for answer in slow.over()] == [200]


def test_one_rendering_however_many_wait(site: Site, renderings: list[str]) -> None:
    """Who asks for a page that is being made waits for it, and nothing is made twice."""
    gate = Gate(site, "/status/")
    visits = Visits(site, *["/status/"] * 8)
    assert gate.reached.wait(10)
    gate.open.set()
    assert len({answer.data for answer in visits.over()}) == 1
    assert visits.answers[0].status_code == 200
    assert renderings == ["status/page.html"]
    assert gate.passed == 1


def test_who_waits_for_a_page_that_fails_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever for a page that could not be made, and the next visitor tries again."""
    gate = Gate(site, "/status/")
    with monkeypatch.context() as patch:
        patch.setattr("status_plugin.web.pages.render", lambda *_, **__: 1 / 0)
        visits = Visits(site, *["/status/"] * 4)
        assert gate.reached.wait(10)
        gate.open.set()
        assert [answer.status_code for answer in visits.over()] == [503] * 4
    assert site.client.get("/status/").status_code == 200


def test_an_edition_that_is_late_takes_nothing_away(site: Site, renderings: list[str]) -> None:
    """A page of an earlier edition that is ready at last is not what later visitors get."""
    gate = Gate(site, "/status/")
    late = Visits(site, "/status/")
    assert gate.reached.wait(10)
    site.note("incidents/down.md", INCIDENT.replace("Half", "All"))
    site.clock.move(2)
    site.client.get("/status/incidents/down/")
    gate.open.set()
    assert "Half of the memory" in late.over()[0].text
    del renderings[:]
    assert "All of the memory" in site.client.get("/status/").text
    assert "All of the memory" in site.client.get("/status/incidents/down/").text
    assert renderings == ["status/page.html"]


def test_an_error_is_not_kept(site: Site) -> None:
    """A page that was not there yesterday may be there today."""
    missing = site.client.get("/status/incidents/later/")
    assert missing.status_code == 404
    assert "s-maxage" not in missing.headers.get("Cache-Control", "")
    site.note("incidents/later.md", INCIDENT)
    site.clock.move(2)
    assert site.client.get("/status/incidents/later/").status_code == 200


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1000, "public, max-age=0, s-maxage=10, stale-while-revalidate=20, stale-if-error=300"),
        (25, "public, max-age=0, s-maxage=10, stale-while-revalidate=15, stale-if-error=15"),
        (10, "public, max-age=0, s-maxage=10, stale-while-revalidate=0, stale-if-error=0"),
        (3, "public, max-age=0, s-maxage=3, stale-while-revalidate=0, stale-if-error=0"),
        (0, "public, max-age=0, s-maxage=0, stale-while-revalidate=0, stale-if-error=0"),
        (-5, "public, max-age=0, s-maxage=0, stale-while-revalidate=0, stale-if-error=0"),
    ],
)
def test_nobody_keeps_it_past_its_time(seconds: int, expected: str) -> None:
    """No cache may show an answer after the moment at which the clock changes it."""
    assert cache_control(timedelta(seconds=seconds), timedelta(seconds=300)) == expected


def test_an_endless_list_of_encodings_is_not_remembered() -> None:
    """What browsers accept is remembered, of each no more than any browser says."""
    answer = Answer.of(Response("page"))
    found = [answer.best({"HTTP_ACCEPT_ENCODING": "x," * times + "gzip"}) for times in (100, 3000)]
    assert [one.is_plain for one in found] == [False, True]
