"""The page that tells visitors how to hear of news without looking, and the copy that every page names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import html5lib
import pytest
from board_samples import SAMPLES, board
from flask import Flask, Response
from mounted_site import COMPONENTS, INCIDENT, Site, mounted_site
from sample_site import SampleSettings, SampleStation, sample_app, visitor

import website

ADDRESS = re.compile(r"""(?:https?|webcal)://localhost[^\s"'<>)\]]*""")
COPY = "https://copy.example.net/status/"


def page_of(app: Flask, path: str = "/subscribe/", status: int = 200) -> Any:
    """A page, parsed; whatever is not well-formed is an error."""
    answer = visitor(app).get(f"/status{path}")
    assert answer.status_code == status
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)


def addresses_on(page: Any) -> set[str]:
    """Every address of the site that can be followed or copied, as a browser would ask for it."""
    found = {value for element in page.iter() for value in (element.get("href"), element.get("src")) if value}
    found |= set(ADDRESS.findall(" ".join(page.itertext())))
    ours = {address for address in found if address.startswith("/") or "://localhost" in address}
    return {re.sub(r"^\w+://localhost", "", address).partition("#")[0] for address in ours}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an open incident, whose page may be shown in frames."""
    found = mounted_site(tmp_path, STATUS_EMBED_ANCESTORS="*", STATUS_COPY_URL=COPY)
    found.note("incidents/down.md", INCIDENT)
    found.clock.move(2)
    return found


def test_every_address_leads_somewhere(site: Site) -> None:
    """Links, buttons, pictures and all that is there to be copied."""
    addresses = addresses_on(page_of(site.app))
    wanted = ("", "feed.atom", "feed.json", "maintenance.ics", "badge.svg", "badge.json", "embed/")
    wanted += ("api/v2/summary.json", "board.json", "components/srv3/feed.atom")
    wanted += ("components/srv3/maintenance.ics", "components/accounts/badge.svg")
    assert addresses >= {f"/status/{path}" for path in wanted}
    answers = {address: site.client.get(address).status_code for address in sorted(addresses)}
    assert {address: code for address, code in answers.items() if code != 200} == {}


def test_the_page_is_linked_from_the_page(site: Site) -> None:
    """Visitors find it."""
    links = [link.get("href") for link in page_of(site.app, "/").iter("a")]
    assert "/status/subscribe/" in links


def test_calendars_are_called_by_their_own_name(site: Site) -> None:
    """A calendar program takes the link as a subscription, whatever scheme the site has."""
    for base in ("http://localhost", "https://www.example.com"):
        text = site.client.get("/status/subscribe/", base_url=base).text
        host = base.partition("://")[2]
        assert f'href="webcal://{host}/status/maintenance.ics"' in text
        assert f"{base}/status/maintenance.ics</code>" in text


def code_on(page: Any) -> list[str]:
    """What is there to be copied."""
    return ["".join(element.itertext()) for element in page.iter("code")]


def test_what_is_copied_works(site: Site) -> None:
    """The code is whole HTML: a badge that leads to the page, and a frame of a size, and no script."""
    html = [code for code in code_on(page_of(site.app)) if code.startswith("<")]
    assert len(html) == 2
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    badge, frame = [parser.parseFragment(code) for code in html]
    link = badge[0]
    assert (link.tag, link.get("href")) == ("a", "http://localhost/status/")
    assert (link[0].tag, link[0].get("alt")) == ("img", "Network Status")
    assert site.client.get(link[0].get("src")).mimetype == "image/svg+xml"
    assert (frame[0].tag, frame[0].get("title")) == ("iframe", "Network Status")
    assert "Current Alerts" in site.client.get(frame[0].get("src")).text
    assert not [element for part in (badge, frame) for element in part.iter("script")]


@pytest.mark.parametrize(
    ("setting", "offered"), [("*", True), (["self"], True), ("none", False), ((), False)]
)
def test_a_frame_is_offered_only_where_it_is_allowed(setting: Any, offered: bool, tmp_path: Path) -> None:
    """Nobody copies code that shows an empty frame."""
    site = mounted_site(tmp_path, STATUS_EMBED_ANCESTORS=setting)
    assert any("<iframe" in code for code in code_on(page_of(site.app))) == offered


@pytest.mark.parametrize("name", SAMPLES)
def test_every_component_is_offered(name: str, tmp_path: Path) -> None:
    """Each with its own feed, calendar and badge; where none are listed there is no empty heading."""
    page = page_of(sample_app(SAMPLES[name], tmp_path))
    headings = ["".join(heading.itertext()) for heading in page.iter("h2")]
    assert ("For one server or service alone" in headings) == bool(SAMPLES[name].rows)
    links = {link.get("href") for link in page.iter("a")}
    for shown in SAMPLES[name].rows:
        part = f"/status/components/{quote(shown.component.slug)}"
        assert {
            f"{part}/feed.atom",
            f"webcal://localhost{part}/maintenance.ics",
            f"{part}/badge.svg",
        } <= links


def test_a_site_below_an_address(site: Site) -> None:
    """Where the application is mounted somewhere below, all addresses are."""
    text = site.client.get("/status/subscribe/", base_url="http://localhost/app").text
    assert 'href="/app/status/feed.atom"' in text
    assert "http://localhost/app/status/maintenance.ics</code>" in text
    assert 'src="/app/status/badge.svg"' in text


PAGES = ["/", "/incidents/", "/maintenance/", "/incidents/2008-09-04-srv3/", "/components/srv3/"]
PAGES += ["/subscribe/", "/embed/"]


@pytest.mark.parametrize(("path", "status"), [*((path, 200) for path in PAGES), ("/nothing", 404)])
def test_every_page_names_the_copy(path: str, status: int, tmp_path: Path) -> None:
    """Before it is needed, also where there is nothing; without a copy there are no words of one."""
    for copy in (COPY, ""):
        app = sample_app(SAMPLES["outage"], tmp_path, settings=SampleSettings(copy_url=copy))
        page = page_of(app, path, status)
        named = [link for link in page.iter("a") if link.get("href") == COPY]
        assert bool(named) == bool(copy)
        assert ("cannot be reached" in "".join(page.itertext())) == bool(copy)


def test_every_page_that_there_is_names_the_copy(tmp_path: Path) -> None:
    """No page under the prefix is forgotten here."""
    app = sample_app(SAMPLES["outage"], tmp_path)
    views = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("/")}
    told = {re.sub(r"(incidents|components)/[\w-]+/", r"\1/<slug>/", f"/status{path}") for path in PAGES}
    assert views - {"/status/maintenance/<slug>/"} == told


def test_a_fault_names_the_copy(tmp_path: Path) -> None:
    """When the page itself has a fault visitors learn where else to look."""
    station = SampleStation(shown=board())
    app = sample_app(board(), tmp_path, station=station)
    station.edition = None  # type: ignore[method-assign, assignment]
    for path in ("/", "/embed/", "/subscribe/"):
        links = [link.get("href") for link in page_of(app, path, 503).iter("a")]
        assert COPY in links


def test_the_page_stands_in_the_sites_layout() -> None:
    """The company's visitors get there from the page, in the company's look."""
    visitor = website.create_app({"STATUS_MONITOR_MAP": {}}).test_client()
    text = visitor.get("/status/subscribe/").text
    assert 'class="brand"' in text
    assert "<h1>Subscribe</h1>" in text


def test_a_name_with_markup_is_text(tmp_path: Path) -> None:
    """What staff call a component is shown as it is written."""
    site = mounted_site(tmp_path, components=COMPONENTS.replace("name: Srv3", 'name: "<b>Srv3</b>"'))
    answer: Response = site.client.get("/status/subscribe/")  # type: ignore[assignment]
    assert "<b>Srv3</b>" not in answer.text
    assert "&lt;b&gt;Srv3&lt;/b&gt;" in answer.text
