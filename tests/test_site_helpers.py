"""What the site's own templates may call: the notice, the link, the link to an incident, the style sheet."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from board_samples import (
    HOSTILE,
    MEMORY_WINDOW,
    NOW,
    OPEN_INCIDENT,
    PAST,
    SAMPLES,
    alert,
    board,
    hosting_rows,
    incident,
    row,
    window,
)
from flask import Flask, render_template_string
from sample_site import SampleStation, sample_app

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import Life
from status_plugin.core.words import State

LINK_ALONE = '<a class="status-link" href="/status/">Network Status</a>'


def say(shown: Board | None, root: Path, template: str, *, station: Any = None) -> str:
    """What a page of the site shows for an expression."""
    given = station or SampleStation(shown=shown or SAMPLES["calm"])
    if shown is None:
        given.peek = lambda: None
    return said(sample_app(SAMPLES["calm"], root, station=given), template)


def said(app: Flask, template: str) -> str:
    """What an expression gives in a template of this application."""
    with app.test_request_context("/"):
        return render_template_string("{{ " + template + " }}")


def parsed(html: str) -> Element:
    """The fragment's elements, well-formed."""
    fragment: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    return fragment


def words(html: str) -> str:
    """The words of a fragment."""
    return " ".join("".join(parsed(html).itertext()).split())


def unknown_for(minutes: float) -> Board:
    """A board on which something has been unknown for a while."""
    return board(
        State.UNKNOWN,
        "Status of Srv3 unknown",
        rows=hosting_rows(State.UNKNOWN),
        unknown_since=NOW - timedelta(minutes=minutes),
        in_doubt_since=NOW - timedelta(minutes=minutes),
    )


def withheld_for(minutes: float) -> Board:
    """A board on which a note could not be shown for a while."""
    text = "1 note cannot be shown at the moment"
    return board(State.UNKNOWN, text, gaps=(text,), in_doubt_since=NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "shown",
    [
        board(),
        board(scheduled=(window(),), past=PAST),
        board(State.DEGRADED_PERFORMANCE, "ns3 is slow", current=(alert(impact=State.DEGRADED_PERFORMANCE),)),
        withheld_for(14.9),
        unknown_for(0),
        unknown_for(14.9),
        SAMPLES["not monitored"],
        None,
    ],
)
def test_there_is_no_notice_while_there_is_no_news(shown: Board | None, tmp_path: Path) -> None:
    """The front page is not bothered with what is planned, past, slight, or perhaps about to pass."""
    assert say(shown, tmp_path, "status_notice()") == ""


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (board(State.MAJOR_OUTAGE, "Srv3 is offline"), "Srv3 is offline"),
        (board(State.PARTIAL_OUTAGE, "Srv3 is partly offline"), "Srv3 is partly offline"),
        (board(State.DEGRADED_PERFORMANCE, "Srv3 is slow", current=(OPEN_INCIDENT,)), "Srv3 is slow"),
        (SAMPLES["memory"], "Srv3 is under maintenance"),
        (board(State.UNDER_MAINTENANCE, "Work", current=(window(life=Life.OVERRUNNING),)), "Work"),
        (unknown_for(15), "Status of Srv3 unknown"),
        (withheld_for(15), "1 note cannot be shown at the moment"),
    ],
)
def test_the_notice_tells_the_news(shown: Board, text: str, tmp_path: Path) -> None:
    """Partial and major trouble, open incidents, work under way, and what has long been unknown."""
    html = say(shown, tmp_path, "status_notice()")
    assert words(html) == f"{text} Details on Network Status"
    (notice,) = parsed(html)
    assert notice.get("role") == "status"
    assert notice.find(".//{*}svg") is not None


def test_the_notice_leads_to_what_it_is_about(tmp_path: Path) -> None:
    """With one note the notice leads to it, with more or none to the page."""
    one = board(State.MAJOR_OUTAGE, "x", current=(OPEN_INCIDENT, alert()))
    two = replace(one, current=(OPEN_INCIDENT, MEMORY_WINDOW))
    none = replace(one, current=(alert(),))
    addresses = [
        parsed(say(shown, tmp_path, "status_notice()")).find(".//a").get("href")  # type: ignore[union-attr]
        for shown in (one, two, none)
    ]
    assert addresses == ["/status/incidents/2008-09-04-srv3/", "/status/", "/status/"]


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        (SAMPLES["calm"], "Operational"),
        (SAMPLES["memory"], "Under maintenance"),
        (SAMPLES["outage"], "Offline"),
        (SAMPLES["all unknown"], "Unknown"),
        (SAMPLES["not monitored"], "Not monitored"),
        (SAMPLES["overdue"], "Incident open"),
        # One that touches nothing in the table, beside lesser trouble in it.
        (board(State.MAJOR_OUTAGE, rows=hosting_rows(State.DEGRADED_PERFORMANCE)), "Incident open"),
    ],
)
def test_the_link_shows_the_state_at_a_glance(shown: Board, word: str, tmp_path: Path) -> None:
    """A shape for the eye, a word for the ear, one link for all."""
    html = say(shown, tmp_path, "status_link()")
    assert words(html) == f"Network Status: {word}"
    (link,) = parsed(html)
    assert (link.tag, link.get("href")) == ("a", "/status/")
    assert link.find(".//{*}svg") is not None


def test_each_state_has_a_shape_of_its_own_in_the_link(tmp_path: Path) -> None:
    """Nobody has to tell the states apart by colour."""
    shapes = set()
    for state in State:
        shown = board(state, "x", rows=(row("x", state),))
        drawing = parsed(say(shown, tmp_path, "status_link()")).find(".//{*}path")
        assert drawing is not None
        shapes.add(drawing.get("d"))
    assert len(shapes) == len(State)


def test_before_anything_is_known_the_link_is_plain(tmp_path: Path) -> None:
    """Without a board at hand the link says nothing about the state."""
    assert say(None, tmp_path, "status_link()") == LINK_ALONE


def test_an_incident_is_linked_with_its_present_state(tmp_path: Path) -> None:
    """A blog post names an incident and shows how it stands; windows can be named as well."""
    told = say(SAMPLES["outage"], tmp_path, "status_incident('2008-09-04-srv3')")
    assert words(told) == "Srv3 is not responding (identified)"
    assert 'href="/status/incidents/2008-09-04-srv3/"' in told
    told = say(SAMPLES["memory"], tmp_path, "status_incident('2008-09-04-srv3-memory')")
    assert words(told) == "Memory replacement in Srv3 (verifying)"
    assert 'href="/status/maintenance/2008-09-04-srv3-memory/"' in told


def test_an_unknown_incident_is_its_slug_alone(tmp_path: Path) -> None:
    """A misspelt slug is plain text, whatever stands in it."""
    station = SampleStation(shown=SAMPLES["calm"])
    app = sample_app(SAMPLES["calm"], tmp_path, station=station)
    with app.test_request_context("/"):
        html = render_template_string("{{ status_incident(slug) }}", slug=HOSTILE)
    assert list(parsed(html)) == []
    assert "".join(parsed(html).itertext()) == HOSTILE


def test_the_styles_are_one_link(tmp_path: Path) -> None:
    """The site's layout needs one line for the looks of notice and link."""
    (link,) = parsed(say(SAMPLES["calm"], tmp_path, "status_styles()"))
    assert link.get("rel") == "stylesheet"
    assert (link.get("href") or "").startswith("/status/static/status.css?v=")


def test_what_people_wrote_is_text_in_the_helpers(tmp_path: Path) -> None:
    """Titles and sentences cannot bring markup into the site's pages."""
    shown = board(State.MAJOR_OUTAGE, HOSTILE, current=(incident("a", HOSTILE),))
    notice = say(shown, tmp_path, "status_notice()")
    link = say(shown, tmp_path, "status_incident('a')")
    for html in (notice, link):
        assert HOSTILE.split("<b")[0] in "".join(parsed(html).itertext())
        assert parsed(html).find(".//script") is None


def raising(error: Exception) -> Callable[..., Any]:
    """A function that fails."""

    def fail(*args: Any) -> Any:
        raise error

    return fail


def without_plugin(app: Flask) -> None:
    """The extension was never set up."""
    del app.extensions["status_plugin"]


def with_failing_station(app: Flask) -> None:
    """Every question to the station fails."""
    app.extensions["status_plugin"].station.peek = raising(OSError(5, "Input/output error"))
    app.extensions["status_plugin"].station.peek_note = raising(RecursionError())


def with_senseless_board(app: Flask) -> None:
    """The station gives out something that is no board."""
    app.extensions["status_plugin"].station.peek = object
    app.extensions["status_plugin"].station.peek_note = raising(KeyError("x"))


@pytest.mark.parametrize("spoil", [without_plugin, with_failing_station, with_senseless_board])
def test_no_fault_reaches_the_sites_pages(
    spoil: Callable[[Flask], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """On any fault: an empty notice, a plain link, a plain slug, and one line in the log for each."""
    app = sample_app(SAMPLES["outage"], tmp_path)
    assert said(app, "status_notice()") != ""
    assert said(app, "status_link()") != LINK_ALONE
    spoil(app)
    with caplog.at_level(logging.ERROR):
        assert said(app, "status_notice()") == ""
        assert said(app, "status_link()") == LINK_ALONE
        assert said(app, "status_incident('2008-09-04-srv3')") == "2008-09-04-srv3"
    assert [record.message.split("()")[0] for record in caplog.records] == [
        "status_notice",
        "status_link",
        "status_incident",
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_the_helpers_work_where_the_pages_are_not_mounted(tmp_path: Path) -> None:
    """Without addresses the link is words."""
    app = sample_app(SAMPLES["outage"], tmp_path)
    bare = Flask("bare", root_path=str(tmp_path))
    bare.jinja_env.globals.update(app.jinja_env.globals)
    assert said(bare, "status_link()") == '<span class="status-link">Network Status</span>'
    assert said(bare, "status_notice()") == said(bare, "status_styles()") == ""


def test_the_helpers_ask_only_what_is_in_memory(tmp_path: Path) -> None:
    """No question that could wait for the disk or for monitoring is ever asked, and no file is opened."""

    class MemoryAlone:
        """A station of which only the quick questions are allowed."""

        def __init__(self) -> None:
            self.asked: list[str] = []

        def peek(self) -> Board:
            self.asked.append("peek")
            return SAMPLES["outage"]

        def peek_note(self, slug: str) -> Any:
            self.asked.append("peek_note")
            return OPEN_INCIDENT

        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"the helpers asked for {name}")

    station = MemoryAlone()
    app = sample_app(SAMPLES["calm"], tmp_path, station=station)
    everything = "status_notice() ~ status_link() ~ status_incident('x') ~ status_styles()"
    html = said(app, everything)
    assert "Srv3 is offline" in html
    assert "identified" in html
    assert station.asked == ["peek", "peek", "peek_note"]
