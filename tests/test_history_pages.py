"""The track record on a component's page: all of it in words, and a bar that needs no colours."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.core.history import days
from status_plugin.core.history import history as history_of_core
from status_plugin.core.history.days import Day
from status_plugin.core.history.history import DAYS, UPTIME_RULE, History
from status_plugin.core.monitoring.journal import Told
from status_plugin.core.monitoring.looks import Look, Row
from status_plugin.core.words import State
from status_plugin.sources.journal import Journal
from status_plugin.web.day_bar import day_bar
from status_plugin.web.day_words import day_face, day_rows, percent, trouble_text, uptime_texts

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)


def day(back: int = 0, state: State | None = State.OPERATIONAL, **values: Any) -> Day:
    """A day so many days ago, well and wholly known unless told otherwise."""
    known = {"up": DAY} if state is State.OPERATIONAL else {"no_data": DAY} if state is None else {}
    return Day(date=TODAY - timedelta(days=back), state=state, **(known | values))


@pytest.mark.parametrize(
    ("part", "text"),
    [(1.0, "100%"), (0.99999999, "99.99%"), (0.9999, "99.99%"), (0.5, "50.00%"), (0.0, "0.00%")],
)
def test_a_percentage_is_never_nicer_than_the_truth(part: float, text: str) -> None:
    """A hundred percent is said only if nothing ever failed."""
    assert percent(part) == text


@pytest.mark.parametrize(
    ("told", "word", "tone"),
    [
        (day(), "Operational", "operational"),
        (day(state=None), "No data", "quiet"),
        (day(up=2 * HOUR, no_data=22 * HOUR), "No data", "quiet"),
        (day(up=22 * HOUR, no_data=2 * HOUR), "Operational", "operational"),
        (day(state=State.MAJOR_OUTAGE, no_data=23 * HOUR), "Offline", "major_outage"),
        (day(state=State.DEGRADED_PERFORMANCE), "Slow", "degraded_performance"),
        (day(state=State.UNDER_MAINTENANCE), "Under maintenance", "under_maintenance"),
    ],
)
def test_a_day_of_which_little_is_known_is_no_good_one(told: Day, word: str, tone: str) -> None:
    """Trouble shows however little else is known; well is only what was mostly seen."""
    face = day_face(told)
    assert (face.word, face.tone) == (word, tone)


UNWRITTEN = "Seen by our monitoring, no note written"


def test_days_on_which_nothing_happened_are_one_row() -> None:
    """The table is as long as there is something to tell, newest first, and leaves out no day."""
    days = [
        day(6, None),
        day(5, None),
        day(4),
        day(3, up=23 * HOUR, no_data=HOUR),
        day(2, State.MAJOR_OUTAGE, trouble=90 * timedelta(minutes=1), is_unwritten=True),
        day(1, State.DEGRADED_PERFORMANCE, is_vague=True),
        day(0),
    ]
    found = [(row.when, row.face.word, row.facts, row.seen) for row in day_rows(days)]
    assert found == [
        ("Fri 20 Nov 2026", "Operational", (), ""),
        ("Thu 19 Nov 2026", "Slow", ("times only vaguely known",), ""),
        (
            "Wed 18 Nov 2026",
            "Offline",
            ("trouble for 1 h 30 min",),
            "Seen by our monitoring, no note written",
        ),
        ("Mon 16 Nov 2026 to Tue 17 Nov 2026 (2 days)", "Operational", ("no data for 1 h",), ""),
        ("Sat 14 Nov 2026 to Sun 15 Nov 2026 (2 days)", "No data", (), ""),
    ]


def history(known: int, **values: Any) -> History:
    """A history of so many days of which something is known."""
    days = tuple(day(back, None if back >= known else State.OPERATIONAL) for back in range(DAYS - 1, -1, -1))
    since = datetime(2026, 11, 20, 3, 0, tzinfo=UTC) - timedelta(days=known - 1)
    return replace(History(days=days, counted_since=since), **values)


@pytest.mark.parametrize(
    ("known", "texts"),
    [
        (200, ["100% up in the last 30 days", "100% up in the last 90 days"]),
        (40, ["100% up in the last 30 days", "100% up since Mon 12 Oct 2026"]),
        (12, ["100% up since Mon 9 Nov 2026"]),
    ],
)
def test_uptime_says_of_which_time(known: int, texts: list[str]) -> None:
    """A period that was not watched from its beginning is not claimed."""
    assert list(uptime_texts(history(known))) == texts


def test_uptime_says_what_is_missing() -> None:
    """How long nothing was known of stands beside the number."""
    full = history(200)
    part = replace(full, days=(*full.days[:-1], day(up=20 * HOUR, no_data=4 * HOUR)))
    assert next(uptime_texts(part)) == "100% up in the last 30 days (4 h of it without data)"


def test_no_uptime_out_of_nothing() -> None:
    """What was never watched has none."""
    assert list(uptime_texts(History(days=history(0).days))) == []


def test_every_state_has_a_shape_of_its_own() -> None:
    """The bar can be read in black and white: no two states are drawn alike."""
    states = [None, *(state for state in State if state is not State.UNKNOWN)]
    drawn = {state: re.sub(r"M\d+ ", "", _path(day(state=state))) for state in states}
    assert len(set(drawn.values())) == len(states)


def test_a_good_day_is_as_tall_as_it_is_known() -> None:
    """Gaps in what is known show, too."""
    assert _path(day()) != _path(day(up=13 * HOUR, no_data=11 * HOUR))


def _path(told: Day) -> str:
    (found,) = re.findall(r' d="(.*?)"', day_bar([told], ""))
    return str(found)


def test_what_a_bar_shows_is_said_in_a_line() -> None:
    """Who cannot see the bar reads how many days had trouble, and of how many nothing is known."""
    days = [day(2, None), day(1, State.MAJOR_OUTAGE), day()]
    assert trouble_text(days) == "1 day with trouble, 1 day without data"
    assert trouble_text([day(1), day()]) == "No day with known trouble"
    assert trouble_text([day(1, None), day(state=None)]) == "No data"


def test_a_day_with_news_can_be_pointed_at() -> None:
    """A column leads to its day and says what it was; the keyboard passes it by, for the list has it, too."""
    bar = day_bar([day(1), day(state=State.PARTIAL_OUTAGE, trouble=HOUR)], "/status/components/srv3/")
    assert 'aria-hidden="true"' in bar
    assert re.findall(r'<a href="(.*?)" tabindex="-1"><title>(.*?)</title>', bar) == [
        ("/status/components/srv3/#day-20261120", "Fri 20 Nov 2026: Partly offline; trouble for 1 h")
    ]


def text_of(site: Site, slug: str) -> str:
    """The words of a component's page."""
    return words_at(site, f"components/{slug}/")


def words_at(site: Site, path: str) -> str:
    """The words of a page under the prefix."""
    page = site.client.get(f"/status/{path}").get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def kept(path: Path, now: datetime, *states: State) -> None:
    """A journal of an hour of looks for each state, the last of them just now."""
    journal, row = Journal(path), None
    at = now - HOUR * len(states)
    for state in states:
        for _ in range(60):
            earlier, row = row, (row.after(at, DAY) if row else Row(first=at, last=at))
            told = {"srv3": Told(state=state, since=at)}
            row = journal.add(Look(told=told, row=row, limit=DAY, earlier=earlier))
            at += timedelta(minutes=1)


def test_the_page_tells_the_uptime_and_its_rule(tmp_path: Path) -> None:
    """From a journal: the number, since when, and what counts; and the days in words."""
    now = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
    kept(tmp_path / "journal", now, State.OPERATIONAL, State.MAJOR_OUTAGE, *[State.OPERATIONAL] * 8)
    site = mounted_site(tmp_path, STATUS_JOURNAL=str(tmp_path / "journal"))
    text = text_of(site, "srv3")
    assert " History " in text
    assert "since Fri 20 Nov 2026" in text
    assert "89.9" in text
    assert UPTIME_RULE in text
    assert "Fri 20 Nov 2026 Offline trouble for 1 h" in text
    assert UNWRITTEN in text
    assert "Sun 23 Aug 2026 to Thu 19 Nov 2026 (89 days) No data" in text


def test_a_note_explains_its_day(tmp_path: Path) -> None:
    """Without a journal there is what the notes say, with a link, and no uptime."""
    site = mounted_site(tmp_path)
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    page = site.client.get("/status/components/srv3/").get_data(as_text=True)
    history_part = page[page.index('id="status-history"') :]
    assert '<a href="/status/incidents/down/">Srv3 is not responding</a>' in history_part
    text = text_of(site, "srv3")
    assert "Fri 20 Nov 2026 Offline trouble for 45 min; no data for 18 h" in text
    assert "%" not in text.partition(" History ")[2]


def test_what_nobody_watches_has_no_uptime(tmp_path: Path) -> None:
    """A component that lives by notes is not called up because nobody wrote."""
    text = text_of(mounted_site(tmp_path), "accounts")
    assert "Uptime Not known: this is not watched by our monitoring." in text
    assert "(90 days) No data" in text


def test_the_page_has_the_history_of_every_component(tmp_path: Path) -> None:
    """Each with its uptime, its bar in words, and the newest days with their notes; and the rule."""
    now = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
    kept(tmp_path / "journal", now, State.OPERATIONAL, State.MAJOR_OUTAGE, *[State.OPERATIONAL] * 8)
    site = mounted_site(tmp_path, STATUS_JOURNAL=str(tmp_path / "journal"))
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    text = words_at(site, "").partition(" History ")[2]
    assert re.match(r"Srv3 8[0-9.]+% up since Fri 20 Nov 2026", text)
    assert "Srv3: 1 day with trouble, 89 days without data Fri 20 Nov 2026 Offline trouble for" in text
    assert f"Srv3 is not responding {UNWRITTEN} All days of Srv3" in text
    assert "Accounts Not monitored No data 90 days ago 30 days ago Today" in text
    assert UPTIME_RULE[1:] in text


def test_every_day_with_news_leads_somewhere(tmp_path: Path) -> None:
    """What a column of the page leads to is there, on the page of the component."""
    site = mounted_site(tmp_path)
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    (address,) = re.findall(r'<a href="(/status/components/srv3/#day-.*?)"', site.client.get("/status/").text)
    path, _, anchor = address.partition("#")
    assert f'<tr class="status-tone-major_outage" id="{anchor}">' in site.client.get(path).text


def test_the_days_that_are_over_are_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new edition counts today alone; a note about an earlier day, and midnight, count all days anew."""
    counted: list[date] = []

    def one_day(day: date, *values: Any) -> Day:
        counted.append(day)
        return days.one_day(day, *values)

    monkeypatch.setattr(history_of_core, "one_day", one_day)
    site = mounted_site(tmp_path, components="- name: Srv3\n")
    station = site.app.extensions["status_plugin"].station
    site.client.get("/status/")
    assert len(counted) == DAYS
    for seconds, note, expected in [
        (31, "started: 2026-11-20 6:00pm Eastern", 1),
        (31, "started: 2026-11-18 6:00pm Eastern", DAYS),
        (31, "started: 2026-11-18 6:00pm Eastern\ntags: [x]", DAYS),
        (6 * 60 * 60, "started: 2026-11-18 6:00pm Eastern\ntags: [x]", DAYS),
    ]:
        counted.clear()
        site.note("incidents/down.md", INCIDENT.replace("started: 2026-11-20 6:00pm Eastern", note))
        site.clock.move(seconds)
        # While another thread makes it, a visitor gets the one before.
        deadline = time.monotonic() + 10
        while station.edition().board.now != site.clock.now and time.monotonic() < deadline:
            time.sleep(0.001)
        site.client.get("/status/")
        assert len(counted) == expected, note


def test_a_history_is_made_once_for_an_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many visitors ask, it is made once, and anew when anything has changed."""
    site = mounted_site(tmp_path)
    state = site.app.extensions["status_plugin"]
    edition = state.station.edition()
    first = state.histories.of(edition, "srv3")
    assert state.histories.of(edition, "srv3") is first
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    later = state.histories.of(state.station.edition(), "srv3")
    assert first.days[-1].state is None
    assert later.days[-1].state is State.MAJOR_OUTAGE
