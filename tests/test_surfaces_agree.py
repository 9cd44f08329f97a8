"""No surface contradicts another: all say what is open, what is worst and what is next."""

from __future__ import annotations

import html
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import icalendar
import pytest
from board_samples import SAMPLES
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from sample_site import sample_app, visitor
from test_board_properties import made, worlds

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, WindowItem
from status_plugin.core.words import State
from status_plugin.web.faces import overall_face
from status_plugin.web.site_helpers import is_news
from status_plugin.web.statuspage.ids import item_id

WORST_OF_BADGE = {"brightgreen": State.OPERATIONAL, "blue": State.UNDER_MAINTENANCE}
"""The colours that promise something; every other one says that there is trouble or doubt."""


def hold(shown: Board, root: Path) -> None:
    """Every surface over one board."""
    app = sample_app(shown, root)
    client = visitor(app)
    told: dict[str, Any] = client.get("/status/board.json").get_json()
    hold_pages(client, told)
    hold_api(client, told, shown)
    hold_feed(client, shown)
    hold_calendar(client, shown)
    hold_marks(app, client, shown)


def hold_pages(client: FlaskClient, told: dict[str, Any]) -> None:
    """The page has each entry of the board in its section, the frame what is open and the next window."""
    page, frame = text_of(client, "/status/"), text_of(client, "/status/embed/")
    for surface in (page, frame):
        assert surface.count(f'class="status-overall-text">{told["overall"]["text"]}<') == 1
    for name in ("current", "scheduled", "past"):
        start = page.index(f'id="status-{name}"')
        section = page[start : page.index("</section>", start)]
        places = [section.find(mark(item)) for item in told[name]]
        assert -1 not in places
        assert places == sorted(places)
    for item in (*told["current"], *told["scheduled"][:1]):
        assert mark(item) in frame
    for item in told["scheduled"][1:]:
        assert mark(item) not in frame


def mark(item: dict[str, Any]) -> str:
    """What shows that an entry is on a page: the link to it, or its own place."""
    address = item["url"].partition("//localhost")[2]
    return f'id="{item["slug"]}"' if item["kind"] == "alert" else f'href="{address}"'


def hold_api(client: FlaskClient, told: dict[str, Any], shown: Board) -> None:
    """Statuspage's answer has the same sentence, the same open entries and the same next window."""
    summary = client.get("/status/api/v2/summary.json").get_json()
    assert summary["status"]["description"].lower() == told["overall"]["text"].lower()
    open_items = [item for item in shown.current if isinstance(item, IncidentItem | AlertItem)]
    assert {entry["id"] for entry in summary["incidents"]} == {item_id(item) for item in open_items}
    windows = [item for item in shown.current if isinstance(item, WindowItem)]
    assert [entry["id"] for entry in summary["scheduled_maintenances"]] == [
        item_id(item) for item in (*windows, *shown.scheduled)
    ]


def hold_feed(client: FlaskClient, shown: Board) -> None:
    """Every open incident has an entry, unless the feed is full; nothing is told that is not on the board."""
    entries = client.get("/status/feed.json").get_json()["items"]
    links = {entry["url"].partition("#")[0] for entry in entries}
    known = {address(item) for item in notes(shown)}
    assert links <= known | {"http://localhost/status/"}
    if len(entries) < 30:
        for item in shown.current:
            if isinstance(item, IncidentItem):
                assert address(item) in links


def hold_calendar(client: FlaskClient, shown: Board) -> None:
    """Every window ahead that has a time is in the calendar, and none that was cancelled looks alive."""
    calendar = icalendar.Calendar.from_ical(client.get("/status/maintenance.ics").data)
    events = {str(event["URL"]): event for event in calendar.walk("VEVENT")}
    for item in (*shown.current, *shown.scheduled, *shown.past):
        if isinstance(item, WindowItem) and item.note.starts is not None:
            event = events[address(item)]
            is_cancelled = item.phase.value == "cancelled"
            assert (str(event.get("STATUS")) == "CANCELLED") == is_cancelled


def hold_marks(app: Flask, client: FlaskClient, shown: Board) -> None:
    """Badge, link and notice: the board's word, its sentence, and silence only when there is no news."""
    data = client.get("/status/badge.json").get_json()
    face = overall_face(shown)
    assert data["message"] == face.word
    promised = WORST_OF_BADGE.get(data["color"])
    assert promised in (None, shown.overall.state)
    assert face.word in client.get("/status/badge.svg").text
    with app.test_request_context():
        link = render_template_string("{{ status_link() }}")
        notice = html.unescape(render_template_string("{{ status_notice() }}"))
    assert f"status-tone-{face.tone}" in link
    assert face.word in html.unescape(link)
    assert (shown.overall.text in notice) == is_news(shown)
    assert bool(notice) == is_news(shown)


def text_of(client: FlaskClient, address: str) -> str:
    """A page with its characters written plainly."""
    return re.sub(r"\s+", " ", html.unescape(client.get(address).text))


def notes(shown: Board) -> list[IncidentItem | WindowItem]:
    """Every note on the board."""
    items = (*shown.current, *shown.scheduled, *shown.past)
    return [item for item in items if isinstance(item, IncidentItem | WindowItem)]


def address(item: IncidentItem | WindowItem) -> str:
    """A note's own page."""
    folder = "incidents" if isinstance(item, IncidentItem) else "maintenance"
    return f"http://localhost/status/{folder}/{quote(item.slug)}/"


# A board over so many surfaces takes too long to be made smaller when it fails.
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.reuse, Phase.generate],
)
@given(worlds)
def test_no_surface_contradicts_another(world: Any) -> None:
    """Page, frame, API, feed, calendar, badge, link and notice over boards that nobody thought of."""
    with tempfile.TemporaryDirectory() as root:
        hold(made(world), Path(root))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_boards_agree_with_themselves(name: str, tmp_path: Path) -> None:
    """The same over the boards that were built by hand, one for each thing a board can say."""
    hold(SAMPLES[name], tmp_path)
