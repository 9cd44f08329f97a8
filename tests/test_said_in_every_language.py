"""No page, in no state, says a word that cannot be translated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from board_cases import Case, load_cases
from board_samples import SAMPLES
from flask.testing import FlaskClient
from marked_language import CODE, untranslated, write_marked
from mounted_site import mounted_site
from sample_site import SampleStation, WatchedHistories, sample_app, visitor
from werkzeug.exceptions import Gone

from status_plugin.core.board.board import Board
from status_plugin.core.sayings import DayText, Joined, Saying
from status_plugin.core.times.moments import Moment
from status_plugin.staff.exporting.moved_page import moved_page
from status_plugin.web.blueprint import render
from status_plugin.web.error_pages import fault, http_error
from status_plugin.web.languages import open_languages
from status_plugin.web.state import current_language

CASES = load_cases()
PAGES = ("", "incidents/", "maintenance/", "embed/", "subscribe/", "nowhere")
MACHINES = ("board.json", "feed.json", "badge.json", "api/v2/summary.json", "api/v2/incidents.json")


Shows = Callable[[Board], FlaskClient]


@pytest.fixture(scope="module")
def shows(tmp_path_factory: pytest.TempPathFactory) -> Shows:
    """A visitor of a site in the made-up language alone, which shows the board that it is given."""
    folder = tmp_path_factory.mktemp("site")
    write_marked(folder / "translations")
    app = sample_app(SAMPLES["calm"], folder, histories=WatchedHistories())
    state = app.extensions["status_plugin"]
    state.languages = open_languages(CODE, (), folder / "translations")

    def show(board: Board) -> FlaskClient:
        state.station = SampleStation(shown=board)
        return visitor(app)

    return show


def written(board: Board) -> set[str]:
    """Whatever people have written on a board: it stays in their language."""
    found: set[str] = set()
    for row in board.rows:
        parts = (row.component.name, row.component.description, row.component.group)
        found |= {*parts, *(check.name for check in row.checks)}
    for item in (*board.current, *board.scheduled, *board.past):
        found |= {item.slug, *item.affects}
        found |= set() if isinstance(item.title, Saying | Joined) else {item.title}
        found |= written_in(getattr(item, "note", None))
        moments = [getattr(item, name, None) for name in ("started", "ended", "began")]
        found |= {moment.written for moment in moments if isinstance(moment, Moment)}
    return found - {""}


def written_in(note: Any) -> set[str]:
    """What is told of a note as its writer put it: vague times, lengths, posts, and its text."""
    if note is None:
        return set()
    moments = [getattr(note, name, None) for name in ("started", "resolved", "starts", "ends", "announced")]
    moments += [note.postmortem_due, *(update.at for update in note.updates)]
    moments += [update.since for update in note.updates]
    found = {moment.written for moment in moments if moment}
    downtime = getattr(note, "expected_downtime", None)
    texts = {
        line for text in (note.text, *(update.text for update in note.updates)) for line in text.split("\n")
    }
    return found | texts | {post.title for post in note.posts} | ({downtime.written} if downtime else set())


def addresses(board: Board, *, every: bool = True) -> Iterator[str]:
    """Every page of a board, or those that change with each of its states."""
    yield from PAGES if every else PAGES[:1]
    for row in board.rows if every else ():
        yield f"components/{row.component.slug}/"
    for item in (*board.current, *board.scheduled, *board.past):
        if hasattr(item, "note"):
            yield f"{'incidents' if hasattr(item, 'impact') else 'maintenance'}/{item.slug}/"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_state_of_the_board_is_translated(case: Case, shows: Shows) -> None:
    """On every page at every golden moment each word that is not a person's own is a message."""
    for number, moment in enumerate(case.raw["expect"]):
        board = case.board(moment)
        client = shows(board)
        for address in addresses(board, every=number == 0):
            answer = client.get(f"/status/{address}")
            assert answer.status_code in (200, 404), address
            assert 'lang="qps"' in answer.text
            assert untranslated(answer.text, written(board) | {"localhost"}) == {}, (moment, address)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_programs_hear_the_same_words(case: Case, shows: Shows) -> None:
    """Feeds, badges, board and API say our own sentences in the site's language, and keep their keys."""
    moment = next(iter(case.raw["expect"]))
    board = case.board(moment)
    client = shows(board)
    names = written(board) | {"localhost", "All Systems Operational"}
    for address in MACHINES:
        for text in told(client.get(f"/status/{address}").json):
            assert untranslated(text, names) == {}, (address, text)
    for line in calendar_lines(client.get("/status/maintenance.ics").text):
        assert untranslated(line, names) == {}, line


def calendar_lines(text: str) -> list[str]:
    """What a calendar shows to people."""
    unfolded = text.replace("\r\n ", "").replace("\\n", " ").replace("\\", "")
    return re.findall(r"^(?:NAME|X-WR-CALNAME|SUMMARY|DESCRIPTION):(.*)$", unfolded, re.MULTILINE)


def told(value: Any, key: str = "") -> Iterator[str]:
    """The sentences in a JSON answer."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from told(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from told(inner, key)
    elif key in ("text", "title", "description", "message", "content_text", "content_html", "body", "name"):
        yield str(value or "")


@pytest.mark.parametrize("name", SAMPLES)
def test_hand_made_boards_show_no_more(name: str, shows: Shows) -> None:
    """States that no case reaches (edits, posts, withheld notes, faults) say nothing else either."""
    board = SAMPLES[name]
    client = shows(board)
    plain = written(board) | {"localhost", board.overall.text, *board.gaps}
    for item in (*board.current, *board.scheduled, *board.past):
        plain |= {*item.remarks, item.title}
    plain |= {remark for row in board.rows for remark in row.remarks}
    for address in addresses(board):
        assert untranslated(client.get(f"/status/{address}").text, plain, previews=False) == {}, address


def test_searches_and_lost_pages_are_translated(tmp_path: Path) -> None:
    """What a search finds or refuses, what is gone or not found, in the language that was asked for."""
    write_marked(tmp_path / "translations")
    site = mounted_site(tmp_path, STATUS_LANGUAGES=["en", CODE])
    site.note(
        "incidents/2026-11-20-a.md", "---\ntitle: Alpha\nstarted: 2026-11-20 6:00pm Eastern\n---\nBeta.\n"
    )
    queries = ("q=alpha", "q=zz+yy", "q=...", "component=nothing", "year=1999", "q=" + "x" * 300, "year=2026")
    for query in queries:
        page = site.client.get(f"/status/incidents/?{query}&lang={CODE}").text
        assert untranslated(page, NAMES | {"alpha", "zz yy", "x" * 200}) == {}, query
    page = site.client.get(f"/status/nothing?lang={CODE}").text
    assert untranslated(page, NAMES) == {}


def test_pages_of_last_resort_are_translated(shows: Shows) -> None:
    """What was taken away, a fault, the web server's page, a moved page, the notice and the link."""
    board = SAMPLES["memory"]
    app = shows(board).application
    plain = written(board) | {"localhost", board.overall.text, "present", "onward"}
    plain |= {remark for item in board.current for remark in item.remarks}
    with app.test_request_context("/status/incidents/x/"):
        gone = http_error(Gone()).get_data(as_text=True)
        broken = fault(ValueError()).get_data(as_text=True)
        down = render("status/error_page.html", style="", copy="/copy/")
        moved = moved_page("present", "onward", current_language()).decode()
        helpers = app.jinja_env.globals
        said = [gone, broken, down, moved, helpers["status_notice"](), helpers["status_link"]()]
    for text in said:
        assert "⟦" in text
        assert untranslated(text, plain) == {}


NAMES = {
    "Alpha",
    "Beta",
    "Srv3",
    "Account management",
    "Shared hosting",
    "Accounts",
    "English",
    "localhost",
    "...",
}


def test_the_measure_measures() -> None:
    """A word outside of marks is found, in text and in attributes; one inside is not."""
    html = (
        '<p>⟦as of ⟦Thu⟧ {x}⟧, 17:40 EDT</p><img alt="bare"><p>⟦a⟧ loose <b>end ⟦b</b> c⟧</p>'
        '<div class="status-prose">free</div>'
    )
    assert untranslated(html) == {"bare": ["bare"], "loose": ["loose"], "end": ["end"]}


def test_no_sentence_of_the_board_is_plain() -> None:
    """What the board says of itself is a saying in every golden case."""
    plain = set()
    for case in CASES:
        for moment in case.raw["expect"]:
            board = case.board(moment)
            texts = [board.overall.text, *board.gaps]
            texts += [remark for row in board.rows for remark in row.remarks]
            texts += [remark for item in (*board.current, *board.past) for remark in item.remarks]
            plain |= {text for text in texts if not isinstance(text, Saying | Joined | DayText)}
    assert plain == set()
    assert json.dumps(CASES[0].board(next(iter(CASES[0].raw["expect"]))).overall.text).startswith('"')
