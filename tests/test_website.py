"""The company's site: its pages hold whatever happens to the status page, and lead there and back."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader

import posts
import standins
import website
from status_plugin.web import site_helpers

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 20.0
POSTS = {f"/blog/{post.date:%Y/%m}/{post.slug}/": post for post in posts.read_posts(ROOT / "blog")}
PAGES = ("/", "/blog/", "/contact/", *POSTS)

OPEN_INCIDENT = """\
---
title: Srv3 is not responding
started: 2026-11-20 6:00pm Eastern
impact: major
affects: [srv3]
---
Nothing on Srv3 answers.
"""


class Elements(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.found if name == tag]

    def inline(self) -> list[str]:
        """What a strict policy forbids: style and script in the page itself, handlers, `javascript:`."""
        forbidden = ["style" for tag, _ in self.found if tag == "style"]
        forbidden += ["script" for attributes in self.of("script") if "src" not in attributes]
        for _, attributes in self.found:
            forbidden += [name for name in attributes if name == "style" or name.startswith("on")]
            forbidden += ["javascript:" for value in attributes.values() if value.startswith("javascript:")]
        return forbidden


class FaultyStation:
    """Fails whatever it is asked."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*_: object) -> Any:
            raise RuntimeError(f"{name} is broken on purpose")

        return fail


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the company's notes."""
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


@pytest.fixture
def site(content: Path) -> Flask:
    """The site on that copy, with nothing to watch."""
    return website.create_app({"STATUS_CONTENT": content, "STATUS_MONITOR_MAP": {}})


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A visitor who comes after others: the status page has been seen once."""
    visitor = site.test_client()
    assert visitor.get("/status/").status_code == 200
    return visitor


def component(visitor: FlaskClient, slug: str) -> dict[str, Any]:
    """What the page tells programs of one component."""
    rows = json.loads(visitor.get("/status/board.json").text)["components"]
    return next(row for row in rows if row["slug"] == slug)


def eventually(happens: Callable[[], bool]) -> bool:
    """Whether something comes true before the test runs out of patience."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_the_link_in_its_header(client: FlaskClient, page: str) -> None:
    """The upper right corner of every page says "Network Status" and leads to the page."""
    answer = client.get(page)
    assert answer.status_code == 200
    header = answer.text.partition("<header")[2].partition("</header>")[0]
    links = [link for link in Elements(header).of("a") if "status-link" in link.get("class", "")]
    assert [link["href"] for link in links] == ["/status/"]
    assert "Network Status" in header


def test_status_pages_wear_the_look_of_the_site(client: FlaskClient) -> None:
    """The bridge puts the status page's title, styles and content into the site's layout."""
    page = client.get("/status/").text
    elements = Elements(page)
    assert 'class="brand"' in page
    assert "<h1>Network Status</h1>" in page
    assert len(elements.of("main")) == len(elements.of("title")) == 1
    sheets = [link["href"].partition("?")[0] for link in elements.of("link") if link["rel"] == "stylesheet"]
    assert sheets == ["/static/site.css", "/status/static/status.css"]
    assert re.search("<title>[^<]*Network Status", page)


def test_a_lost_visitor_finds_the_way_back(client: FlaskClient) -> None:
    """An address under the page's prefix that leads nowhere is answered by the page, in the site's layout."""
    answer = client.get("/status/incidents/nowhere/")
    assert answer.status_code == 404
    assert 'class="brand"' in answer.text
    assert 'class="status-plugin"' in answer.text
    assert client.get("/nowhere/").status_code == 404
    assert 'class="status-plugin"' not in client.get("/nowhere/").text


def test_the_front_page_is_quiet_while_nothing_is_open(client: FlaskClient) -> None:
    """Old notes make no notice."""
    assert '<div class="status-notice' not in client.get("/").text


def test_the_front_page_tells_of_an_open_incident(content: Path, site: Flask) -> None:
    """An open incident is on the front page in a sentence, with a link to what is known of it."""
    (content / "incidents" / "2026-11-20-srv3.md").write_text(OPEN_INCIDENT)
    visitor = site.test_client()
    deadline = time.monotonic() + 10
    while '<div class="status-notice' not in (page := visitor.get("/").text):
        assert time.monotonic() < deadline
    notice = page.partition('<div class="status-notice')[2].partition("</div>")[0]
    assert "Srv3" in notice
    assert 'href="/status/incidents/2026-11-20-srv3/"' in notice


@pytest.mark.parametrize("address", POSTS)
def test_posts_lead_to_their_notes_and_back(client: FlaskClient, address: str) -> None:
    """Each note named by a post is linked from it, exists, and links to the post."""
    _, _, aside = client.get(address).text.partition("<aside")
    links = [link["href"] for link in Elements(aside).of("a") if link.get("class") == "status-incident"]
    assert [link.rstrip("/").rpartition("/")[2] for link in links] == list(POSTS[address].incidents)
    assert links
    for link in links:
        note = client.get(link)
        assert note.status_code == 200
        assert address in [back["href"] for back in Elements(note.text).of("a")]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/blog/2008/09/aftermath-of-a-bad-chip-part-1/", "it happened once more (post-mortem), and"),
        ("/blog/2008/09/aftermath-of-a-bad-chip-part-2/", "It began on August 7 (post-mortem), just"),
    ],
)
def test_posts_tell_how_their_incidents_stand(client: FlaskClient, address: str, words: str) -> None:
    """In the middle of the text, at the words that are about the incident."""
    text, _, _ = client.get(address).text.partition("<aside")
    assert words in " ".join(re.sub("<[^>]*>", "", text).split())


def test_a_post_follows_its_incidents(content: Path, client: FlaskClient) -> None:
    """What staff write about an incident shows in the post about it, for the next visitor."""
    note = content / "incidents" / "2008-08-07-srv3-motherboard.md"
    address = "/blog/2008/09/aftermath-of-a-bad-chip-part-2/"
    assert "(resolved)" not in client.get(address).text
    note.write_text(note.read_text().replace(" [postmortem]", ""))
    assert eventually(lambda: "(resolved)" in client.get(address).text)


def test_notes_lead_to_posts_that_exist(client: FlaskClient) -> None:
    """Each post named by a note is there and names the note."""
    station = client.application.extensions["status_plugin"].station
    content = station.edition().content
    notes = [*content.incidents, *content.windows]
    named = [(note.slug, post) for note in notes for post in note.posts]
    assert named
    for slug, post in named:
        assert slug in POSTS[post.url].incidents
        assert client.get(post.url).status_code == 200
        assert POSTS[post.url].title == post.title


@pytest.mark.parametrize("page", [*PAGES, "/status/", "/status/incidents/", "/nowhere", "/static/site.css"])
def test_a_strict_policy_is_set_and_kept(client: FlaskClient, page: str) -> None:
    """Every answer forbids inline scripts and styles, and no page has any."""
    assert Elements("<p style='x' onclick='y'><style></style><script></script>").inline()
    with client.get(page) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert Elements(answer.get_data(as_text=True)).inline() == []


def test_internal_links_lead_somewhere(client: FlaskClient) -> None:
    """Whatever the site's own pages link to on the site is there."""
    seen: set[str] = set()
    ahead = ["/"]
    while ahead:
        address = ahead.pop()
        with client.get(address) as answer:
            assert answer.status_code == 200, address
            page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        links = [element.get("href", element.get("src", "")) for _, element in Elements(page).found]
        inside = {link.partition("#")[0] for link in links if link.startswith("/")}
        ahead += sorted(inside - seen)
        seen |= inside
    assert {*PAGES, "/status/", "/static/site.css", "/static/mark.svg"} <= seen


def test_unknown_addresses_get_the_page_of_the_site(client: FlaskClient) -> None:
    """A mistyped address is told so in the site's own frame."""
    for address in (
        "/nowhere",
        "/blog/2008/09/no-such-post/",
        "/blog/2007/01/aftermath-of-a-bad-chip-part-1/",
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert 'class="brand"' in answer.text
        assert "There is no such page" in answer.text


def test_a_fault_of_the_site_gets_the_page_of_the_site(site: Flask) -> None:
    """A page of the site that fails says so in the site's own frame, without a traceback."""

    def broken() -> str:
        raise RuntimeError("broken on purpose")

    site.add_url_rule("/broken", view_func=broken)
    answer = site.test_client().get("/broken")
    assert answer.status_code == 500
    assert 'class="brand"' in answer.text
    assert "Something went wrong on our side" in answer.text
    assert "broken on purpose" not in answer.text


def break_station(site: Flask, _: pytest.MonkeyPatch, __: Path) -> None:
    """Every question to the machinery behind the page fails."""
    object.__setattr__(site.extensions["status_plugin"], "station", FaultyStation())


def lose_everything(site: Flask, _: pytest.MonkeyPatch, __: Path) -> None:
    """The plugin's state is gone."""
    del site.extensions["status_plugin"]


def lose_content(_: Flask, __: pytest.MonkeyPatch, content: Path) -> None:
    """The folder of notes is gone."""
    shutil.rmtree(content)


def break_components(_: Flask, __: pytest.MonkeyPatch, content: Path) -> None:
    """The list of components is no YAML."""
    (content / "components.yml").write_text("- group: [")


def break_notes(_: Flask, __: pytest.MonkeyPatch, content: Path) -> None:
    """Every note is a mess."""
    for note in content.rglob("*.md"):
        note.write_bytes(b"---\n\xff\x00: [\n")


def break_templates(site: Flask, _: pytest.MonkeyPatch, __: Path) -> None:
    """Every template of the status pages fails."""
    names = [name for name in site.jinja_env.list_templates() if name.startswith("status/")]
    assert "status/page.html" in names
    broken = DictLoader(dict.fromkeys(names, "{{ 1 // 0 }}"))
    loader = site.jinja_env.loader
    assert loader is not None
    site.jinja_env.loader = ChoiceLoader([broken, loader])
    assert site.jinja_env.cache is not None
    site.jinja_env.cache.clear()


def break_assets(_: Flask, monkeypatch: pytest.MonkeyPatch, __: Path) -> None:
    """The style sheet cannot be found, nor any address."""

    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("broken on purpose")

    for name in ("asset_address", "page_address", "item_address", "overall_face"):
        monkeypatch.setattr(site_helpers, name, fail)


@pytest.mark.parametrize(
    "break_it",
    [
        break_station,
        lose_everything,
        lose_content,
        break_components,
        break_notes,
        break_templates,
        break_assets,
    ],
)
@pytest.mark.parametrize("warm", [True, False], ids=["seen-before", "never-seen"])
def test_a_broken_status_page_breaks_no_other_page(
    site: Flask,
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[Flask, pytest.MonkeyPatch, Path], None],
    warm: bool,
) -> None:
    """Whatever happens to the plugin, the site's other pages answer 200 with their link in place."""
    visitor = site.test_client()
    if warm:
        assert visitor.get("/status/").status_code == 200
    break_it(site, monkeypatch, content)
    for page in PAGES:
        answer = visitor.get(page)
        assert answer.status_code == 200, page
        assert "Network Status" in answer.text
    assert visitor.get("/status/").status_code in (200, 503)


def test_a_monitor_that_is_not_there_breaks_nothing(content: Path) -> None:
    """A status file that cannot be read leaves every page standing, and nothing is called well."""
    site = website.create_app(
        {
            "STATUS_CONTENT": content,
            "STATUS_MONITOR": f"nagios:{content / 'no-such-status.dat'}",
            "STATUS_MONITOR_MAP": {"srv3": {"nagios": {"host": "srv3"}}},
        }
    )
    visitor = site.test_client()
    assert [visitor.get(page).status_code for page in (*PAGES, "/status/")] == [200] * (len(PAGES) + 1)
    assert component(visitor, "srv3")["state"] == "unknown"


def test_a_post_that_cannot_be_read_costs_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A broken post is left out of the blog and named in the log."""
    shutil.copytree(ROOT / "blog", tmp_path, dirs_exist_ok=True)
    (tmp_path / "2026-11-20-broken.md").write_text("---\ntitle: [\n---\n")
    (tmp_path / "no-date.md").write_text("---\ntitle: Words\n---\n")
    assert [post.slug for post in posts.read_posts(tmp_path)] == [post.slug for post in POSTS.values()]
    assert "2026-11-20-broken.md" in caplog.text
    assert "no-date.md" in caplog.text


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Path]:
    """The stand-in servers, running."""
    with standins.StandIns(tmp_path / "servers"):
        yield tmp_path / "servers"


def test_the_demonstration_keeps_a_history(
    servers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While its servers run each component has an uptime, kept beside them; else nothing is written."""
    assert website.create_app().config["STATUS_JOURNAL"] == ""
    monkeypatch.setattr(website, "SERVERS", servers)
    monkeypatch.setattr(website, "Flask", partial(Flask, instance_path=str(tmp_path)))
    site = website.create_app()
    visitor = site.test_client()
    assert eventually(lambda: component(visitor, "srv3")["state"] == "operational")
    site.extensions["status_plugin"].station.renew()
    assert (tmp_path / "journal").is_file()
    assert "Uptime" in visitor.get("/status/components/srv3/").text


def test_an_outage_tried_by_hand_shows_on_the_page(
    content: Path, servers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleting a server's file makes its check offline, `touch` makes it well, `slow` in it makes it slow."""
    monkeypatch.setattr(standins, "DELAY", 0.5)
    monitor_map: dict[str, Any] = website.monitor_map(servers)
    monitor_map["srv3"]["probe"]["slow"] = "0.3s"
    settings = {"STATUS_CONTENT": content, "STATUS_MONITOR_MAP": monitor_map, "STATUS_MONITOR_TTL": 0.2}
    visitor = website.create_app(settings).test_client()

    def is_now(check: str, state: str) -> bool:
        seen = {row["name"]: row["state"] for row in component(visitor, "srv3")["checks"]}
        return bool(seen[check] == state)

    assert eventually(lambda: is_now("Mail", "operational"))
    assert '<div class="status-notice' not in visitor.get("/").text
    (servers / "srv3-mail").unlink()
    assert eventually(lambda: is_now("Mail", "major_outage"))
    assert '<div class="status-notice' in visitor.get("/").text
    (servers / "srv3-mail").touch()
    assert eventually(lambda: is_now("Mail", "operational"))
    (servers / "srv3-web").write_text("slow\n")
    assert eventually(lambda: is_now("Web", "degraded_performance"))
    (servers / "srv3-web").write_text("fine\n")
    assert eventually(lambda: is_now("Web", "operational"))
