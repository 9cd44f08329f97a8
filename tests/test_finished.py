"""Finished answers: rendered once, for nobody in particular, in every encoding, and not kept too long."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import g, request, session, template_rendered
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.web.finished import cache_control


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


def test_what_is_kept_is_bounded(site: Site) -> None:
    """Invented addresses and names fill no memory."""
    pages = site.app.extensions["status_plugin"].pages
    for number in range(400):
        site.client.get(f"/status/?page={number}")
        site.client.get("/status/", base_url=f"http://host-{number}.example")
    assert 0 < len(pages._answers) <= 256


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
