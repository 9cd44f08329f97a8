"""What chat programs, social networks and search engines show of a link to a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from board_samples import HOSTILE, LONG_WORD, SAMPLES
from flask import Flask
from jinja2 import DictLoader
from sample_site import SampleStation, sample_app, visitor

import website
from status_plugin.core.board.board import Board
from status_plugin.web.link_previews import LONGEST

OPEN_GRAPH = {"og:type", "og:site_name", "og:title", "og:description", "og:url"}


def head(app: Flask, path: str, **more: Any) -> dict[str, str]:
    """The head of a page for machines: each meta element and the canonical link, which are there once."""
    answer = visitor(app).get(path, **more)
    assert answer.status_code == 200
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: dict[str, str] = {}
    for element in parser.parse(answer.text).find("head"):
        name = element.get("property") or element.get("name")
        name = "canonical" if element.get("rel") == "canonical" else name
        if name:
            assert name not in found, name
            found[name] = element.get("content") or element.get("href") or ""
    return found


def described(shown: Board, root: Path, path: str) -> tuple[str, str]:
    """Title and description of a page."""
    found = head(sample_app(shown, root), f"/status{path}")
    assert set(found) >= OPEN_GRAPH | {"canonical", "description"}
    assert found["og:url"] == found["canonical"] == f"http://localhost/status{path}"
    assert found["og:description"] == found["description"]
    return found["og:title"], found["og:description"]


def test_a_link_to_an_incident_tells_how_it_stands(tmp_path: Path) -> None:
    """Title and phase, whom it touches, and the latest word with its time."""
    assert described(SAMPLES["outage"], tmp_path, "/incidents/2008-09-04-srv3/") == (
        "Srv3 is not responding (identified)",
        "Offline: Srv3 and ns3. Thu 4 Sep 2008, 17:45 EDT: Only half of the memory is seen after a restart.",
    )
    assert described(SAMPLES["calm"], tmp_path, "/incidents/2008-09-03-srv3-memory/") == (
        "Srv3 crashed and came back with half of its memory (post-mortem)",
        "Was offline: Srv3. Thu 4 Sep 2008, 16:20 EDT: Both modules were replaced.",
    )


def test_a_link_to_a_window_tells_when_it_is(tmp_path: Path) -> None:
    """The window itself, and what it is about as long as there is no update."""
    assert described(SAMPLES["calm"], tmp_path, "/maintenance/2008-09-14-routers/") == (
        "Router upgrade in the data center (scheduled)",
        "Maintenance, Sat 13 Sep 2008, 23:30 EDT to Sun 14 Sep 2008, 01:00 EDT: Srv3, Srv9 and ns3. "
        "The public network goes offline while the routers are upgraded. web mail",
    )


def test_a_link_to_the_page_tells_how_everything_is(tmp_path: Path) -> None:
    """The overall line, its age, what is open, and what comes next."""
    assert described(SAMPLES["outage"], tmp_path, "/") == (
        "Srv3 is offline; 1 other has problems",
        "Srv3 is offline; 1 other has problems. As of 17:51 EDT, Thu 4 Sep 2008. "
        "Current alerts: Srv3 is not responding; ns3 is offline.",
    )
    assert described(SAMPLES["calm"], tmp_path, "/")[1] == (
        "All systems operational. As of 17:51 EDT, Thu 4 Sep 2008. "
        "Next maintenance: Router upgrade in the data center, "
        "Sat 13 Sep 2008, 23:30 EDT to Sun 14 Sep 2008, 01:00 EDT."
    )


def test_a_link_to_a_component_tells_its_state(tmp_path: Path) -> None:
    """Name, state, since when, and how old that is."""
    assert described(SAMPLES["outage"], tmp_path, "/components/srv3/") == (
        "Srv3: Offline",
        "Offline since 17:20 EDT. As of 17:51 EDT, Thu 4 Sep 2008. "
        "Web, mail and databases of shared hosting accounts",
    )


def test_archives_are_told_apart(tmp_path: Path) -> None:
    """Each page of an archive has an address of its own; the first has one alone."""
    app = sample_app(SAMPLES["calm"], tmp_path)
    for path in ("/status/incidents/", "/status/incidents/?page=1", "/status/incidents/?utm_source=x"):
        assert head(app, path)["canonical"] == "http://localhost/status/incidents/"
    station = SampleStation(shown=SAMPLES["twelve incidents"])
    station.add(*SAMPLES["twelve incidents"].current)
    for number in range(30):
        station.add(replace(SAMPLES["twelve incidents"].current[0], slug=f"old-{number}"))
    app = sample_app(SAMPLES["twelve incidents"], tmp_path, station=station)
    assert head(app, "/status/incidents/?page=2")["canonical"] == "http://localhost/status/incidents/?page=2"


def test_addresses_are_those_that_the_site_was_called_by(tmp_path: Path) -> None:
    """A link that is shared leads back to where it came from."""
    found = head(sample_app(SAMPLES["calm"], tmp_path), "/status/", base_url="https://www.example.com")
    assert found["og:url"] == "https://www.example.com/status/"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_state_of_the_world_can_be_described(name: str, tmp_path: Path) -> None:
    """Never empty, never too long, never green when nothing is known."""
    shown = SAMPLES[name]
    app = sample_app(shown, tmp_path)
    paths = ["/", "/incidents/", "/maintenance/"]
    paths += [f"/components/{r.component.slug}/" for r in shown.rows[:4]]
    for item in (*shown.current, *shown.scheduled, *shown.past):
        if hasattr(item, "note"):
            paths.append(f"/{'incidents' if hasattr(item, 'impact') else 'maintenance'}/{item.slug}/")
    for path in paths:
        found = head(app, f"/status{path}")
        assert found["og:title"].strip()
        assert 0 < len(found["description"]) <= LONGEST
        assert "None" not in found["description"]
    if not shown.monitored or shown.facts_at is None:
        assert "perational" not in head(app, "/status/")["description"]


def test_what_people_wrote_is_text(tmp_path: Path) -> None:
    """A title ends neither its attribute nor its element."""
    title, description = described(SAMPLES["hostile"], tmp_path, "/incidents/hostile/")
    assert title == f"{HOSTILE} (investigating)"
    assert HOSTILE in description
    assert described(
        SAMPLES["long words"], tmp_path, f"/incidents/{LONG_WORD.lower()}/".replace("ä", "%C3%A4")
    )


def test_a_lost_visitor_gets_no_preview(tmp_path: Path) -> None:
    """What is not there is not described, and has no canonical address."""
    text = visitor(sample_app(SAMPLES["calm"], tmp_path)).get("/status/nothing").text
    assert "og:" not in text
    assert "canonical" not in text


def test_the_preview_stands_in_the_sites_layout() -> None:
    """In the company's site each page has one description, one title and one canonical address."""
    app = website.create_app({"STATUS_MONITOR_MAP": {}})
    found = head(app, "/status/incidents/2008-09-03-srv3-memory/")
    assert found["og:title"] == "Srv3 crashed and came back with half of its memory (post-mortem)"
    assert found["og:url"] == "http://localhost/status/incidents/2008-09-03-srv3-memory/"


def test_a_site_can_have_its_own(tmp_path: Path) -> None:
    """The part can be replaced, as any other."""
    app = sample_app(SAMPLES["calm"], tmp_path)
    app.jinja_loader = DictLoader({"status/_preview.html": '<meta property="og:title" content="Ours">'})  # type: ignore[misc]
    found = head(app, "/status/")
    assert found["og:title"] == "Ours"
    assert "canonical" not in found
