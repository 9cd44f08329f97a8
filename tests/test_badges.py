"""Badges: a name and a word in a drawing, and the same as data; in every state of the world."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from board_samples import HOSTILE, LONG_WORD, SAMPLES, board, row
from flask import Flask
from sample_site import SampleStation, sample_app, visitor
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from status_plugin.core.words import State
from status_plugin.web.badge_drawing import LONGEST, Badge, badge_svg, shortened, text_width
from status_plugin.web.faces import state_face

SVG = "{http://www.w3.org/2000/svg}"
GREENS = {"#17733f", "brightgreen", "green", "yellowgreen", "success"}

# Shields' endpoint: https://shields.io/badges/endpoint-badge
SHIELDS = {
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "additionalProperties": False,
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {
            "enum": ["brightgreen", "green", "yellowgreen", "yellow", "orange", "red", "blue", "lightgrey"]
        },
        "isError": {"type": "boolean"},
        "cacheSeconds": {"type": "integer", "minimum": 300},
    },
}

NAMES = [
    "Srv3",
    "Network Status",
    "mmmmWWWW%@",
    "illliiijj'",
    "Почтовый сервер",
    "Διακομιστής",
    "خادم البريد",
    "שרת דואר",
    "Ünïcödé é̂́",
    "x",
    LONG_WORD,
]


def drawn(app: Flask, path: str = "/badge.svg", status: int = 200) -> ElementTree.Element:
    """A badge's drawing, which is well-formed XML."""
    response = visitor(app).get(f"/status{path}")
    assert response.status_code == status
    assert response.mimetype == "image/svg+xml"
    return ElementTree.fromstring(response.data)


def words(badge: ElementTree.Element) -> list[str]:
    """The texts that are drawn."""
    return ["".join(text.itertext()) for text in badge.iter(f"{SVG}text")]


def data(app: Flask, path: str = "/badge.json") -> dict[str, Any]:
    """A badge's data, as shields.io wants them."""
    found: dict[str, Any] = json.loads(visitor(app).get(f"/status{path}").data)
    jsonschema.Draft202012Validator(SHIELDS).validate(found)
    return found


@pytest.mark.parametrize(
    ("name", "word", "color"),
    [
        ("calm", "Operational", "brightgreen"),
        ("memory", "Under maintenance", "blue"),
        ("outage", "Offline", "red"),
        ("many", "Partly offline", "orange"),
        ("overdue", "Incident open", "yellow"),
        ("all unknown", "Unknown", "lightgrey"),
        ("withheld", "Unknown", "lightgrey"),
        ("empty", "Unknown", "lightgrey"),
        ("not monitored", "Not monitored", "lightgrey"),
        ("nothing listed", "Not monitored", "lightgrey"),
    ],
)
def test_the_badge_says_what_the_page_says(name: str, word: str, color: str, tmp_path: Path) -> None:
    """The page's own word, in the drawing and in the data."""
    app = sample_app(SAMPLES[name], tmp_path)
    assert words(drawn(app)) == ["Network Status", word]
    found = data(app)
    assert (found["label"], found["message"], found["color"]) == ("Network Status", word, color)
    assert found["cacheSeconds"] == 300


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_green_that_is_not_known_to_be_well(name: str, tmp_path: Path) -> None:
    """Green is what monitoring has seen at work; the colour of what is not known cannot be changed."""
    shown = SAMPLES[name]
    app = sample_app(shown, tmp_path)
    is_well = shown.overall.state is State.OPERATIONAL and shown.monitored
    badges = [("", is_well)] + [
        (f"/components/{r.component.slug}", r.state is r.seen is State.OPERATIONAL) for r in shown.rows[:8]
    ]
    for path, well in badges:
        fills = {e.get("fill") for e in drawn(app, f"{path}/badge.svg").iter()}
        found = data(app, f"{path}/badge.json")
        assert bool(fills & GREENS) == well
        assert (found["color"] in GREENS) == well
        assert found["isError"] == (found["color"] == "lightgrey")


def test_the_greens_would_be_found(tmp_path: Path) -> None:
    """The samples hold badges that are green, and some that are not."""
    fills = {e.get("fill") for e in drawn(sample_app(board(), tmp_path)).iter()}
    assert fills & GREENS
    assert {SAMPLES[name].overall.state for name in SAMPLES} >= {State.OPERATIONAL, State.UNKNOWN}


def test_each_component_has_a_badge(tmp_path: Path) -> None:
    """With its own name and state, whatever the state of all."""
    app = sample_app(SAMPLES["outage"], tmp_path)
    assert words(drawn(app, "/components/srv3/badge.svg")) == ["Srv3", "Offline"]
    assert words(drawn(app, "/components/srv9/badge.svg")) == ["Srv9", "Operational"]
    assert data(app, "/components/srv3/badge.json")["color"] == "red"
    unwatched = data(app, "/components/account-management/badge.json")
    assert unwatched["message"] == "No problem reported (not monitored)"
    assert visitor(app).get("/status/components/none/badge.svg").status_code == 404
    assert visitor(app).get("/status/components/none/badge.json").json == {
        "error": {"status": 404, "message": visitor(app).get("/status/x.json").json["error"]["message"]}
    }


def test_the_badge_tells_everybody_the_same(tmp_path: Path) -> None:
    """Who cannot see it hears the sentence and the time of the facts; a shape stands for the colour."""
    app = sample_app(SAMPLES["outage"], tmp_path)
    badge = drawn(app)
    sentence = "Network Status: Srv3 is offline; 1 other has problems. As of 17:51 EDT, Thu 4 Sep 2008."
    assert badge.get("role") == "img"
    assert badge.get("aria-label") == badge.findtext(f"{SVG}title") == sentence
    component = drawn(app, "/components/srv3/badge.svg").get("aria-label")
    assert component == "Srv3: Offline since 17:20 EDT. As of 17:51 EDT, Thu 4 Sep 2008."
    assert drawn(app, "/components/account-management/badge.svg").get("aria-label") == (
        "Account management: No problem reported (not monitored). "
        "What our staff has written, as of 17:52 EDT, Thu 4 Sep 2008."
    )
    shapes = set()
    for state in State:
        described = badge_svg(Badge(name="x", face=state_face(state), description="x"))
        shapes.add(ElementTree.fromstring(described).findall(f"{SVG}path")[2].get("d"))
    assert len(shapes) == len(State)


def test_the_age_of_the_facts_is_told(tmp_path: Path) -> None:
    """Silent monitoring, and staff's word alone, are called that."""
    said = {
        name: drawn(sample_app(SAMPLES[name], tmp_path)).get("aria-label")
        for name in ("all unknown", "not monitored")
    }
    assert said == {
        "all unknown": "Network Status: Status unknown since 17:20 EDT. "
        "No current facts from our monitoring since 17:20 EDT.",
        "not monitored": "Network Status: Not monitored: No problems reported. "
        "What our staff has written, as of 17:52 EDT, Thu 4 Sep 2008.",
    }


def test_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    """No font, style, script or reference: the badge can stand under any policy, and on a page of others."""
    text = visitor(sample_app(SAMPLES["hostile"], tmp_path)).get("/status/badge.svg").text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    for word in ("<style", "style=", "<script", "href", "url(", " id=", "@import", "<!"):
        assert word not in text


def test_what_people_wrote_is_text(tmp_path: Path) -> None:
    """A name brings no markup into the drawing."""
    shown = board(rows=(row("x"),))
    object.__setattr__(shown.rows[0].component, "name", HOSTILE)
    badge = drawn(sample_app(shown, tmp_path), "/components/x/badge.svg")
    assert words(badge)[0] == HOSTILE[:LONGEST]
    assert (badge.get("aria-label") or "").startswith(HOSTILE)
    assert {e.tag.removeprefix(SVG) for e in badge.iter()} == {"svg", "title", "path", "g", "text"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("state", State)
def test_every_text_is_inside_its_part(name: str, state: State) -> None:
    """Whatever the font does, the words are held to the room that was made for them."""
    badge = ElementTree.fromstring(badge_svg(Badge(name=name, face=state_face(state), description=name)))
    width = float(badge.get("width", ""))
    first, second = [
        (float(text.get("x", "")), float(text.get("textLength", ""))) for text in badge.iter(f"{SVG}text")
    ]
    ends = [(middle - length / 2, middle + length / 2) for middle, length in (first, second)]
    assert 5 < ends[0][0] < ends[0][1] < ends[1][0] < ends[1][1] < width - 5
    assert badge.get("viewBox") == f"0 0 {width:g} 20"


@pytest.mark.parametrize(
    ("text", "drawn_as"),
    [
        ("short", "short"),
        ("  two\n lines ", "two lines"),
        ("a" * LONGEST, "a" * LONGEST),
        ("a" * (LONGEST + 1), "a" * (LONGEST - 1) + "…"),
        ("a" * (LONGEST - 2) + "é̂" + "b" * 9, "a" * (LONGEST - 2) + "…"),
        ("a" * (LONGEST - 2) + " word", "a" * (LONGEST - 2) + "…"),
        ("👩‍💻" * 20, "👩‍💻" * 15 + "…"),
        ("", ""),
    ],
)
def test_a_long_text_is_shortened(text: str, drawn_as: str) -> None:
    """At its end, with a mark for it, and never in the middle of a letter."""
    assert shortened(text) == drawn_as


def test_a_fault_is_drawn_as_unknown(tmp_path: Path) -> None:
    """When the page has a fault the badge says that nothing is known; it is no broken image."""
    station = SampleStation(shown=SAMPLES["calm"])
    app = sample_app(SAMPLES["calm"], tmp_path, station=station)
    station.edition = None  # type: ignore[method-assign, assignment]
    badge = drawn(app, status=503)
    assert words(badge) == ["Network Status", "Unknown"]
    assert "we do not know" in (badge.get("aria-label") or "")
    assert visitor(app).get("/status/badge.json").status_code == 503


def test_a_badge_is_kept_no_longer_than_the_page(tmp_path: Path) -> None:
    """It changes with the page, and browsers ask whether it has."""
    client = visitor(sample_app(SAMPLES["calm"], tmp_path))
    for path in ("/status/badge.svg", "/status/badge.json", "/status/components/srv3/badge.svg"):
        answer, page = client.get(path), client.get("/status/")
        assert answer.headers["Cache-Control"] == page.headers["Cache-Control"]
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


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


@pytest.mark.system("chromium")
def test_widths_are_nearly_those_of_a_font(browser: Any) -> None:
    """No word looks squeezed or stretched: a browser would give each about the room that it has."""
    measure = """
      const context = document.createElement("canvas").getContext("2d");
      context.font = "11px Verdana, Geneva, 'DejaVu Sans', sans-serif";
      return arguments[0].map((text) => context.measureText(text).width);
    """
    texts = [*NAMES, *(state_face(state).word for state in State)]
    for text, width in zip(texts, browser.execute_script(measure, texts), strict=True):
        assert 0.8 < text_width(text) / width < 1.25, (text, width)


@pytest.mark.system("chromium")
def test_a_browser_draws_the_badge(browser: Any, tmp_path: Path) -> None:
    """As an image of its own size, which is how pages elsewhere show it."""
    badge = badge_svg(Badge(name="Srv3", face=state_face(State.MAJOR_OUTAGE), description="Srv3: Offline"))
    (tmp_path / "badge.svg").write_text(badge)
    (tmp_path / "page.html").write_text("<!doctype html><img src='badge.svg' alt='Network Status'>")
    browser.get(f"file://{tmp_path}/page.html")
    size = browser.execute_script("const i = document.images[0]; return [i.naturalWidth, i.naturalHeight]")
    assert size == [int(ElementTree.fromstring(badge).get("width", "")), 20]
