"""`flask status draft`: what monitoring saw becomes a note that our own reader reads without a word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.core.board.alerts import covers, uncovered_events
from status_plugin.core.board.incidents import incident_item
from status_plugin.core.monitoring.memory import Memory, remember
from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.monitoring.word import CheckRow, Word
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.markdown import render, words_of
from status_plugin.core.notes.note import Incident
from status_plugin.core.notes.reader import read_note
from status_plugin.core.times.moments import read_moment
from status_plugin.core.times.writing import written
from status_plugin.core.words import IncidentPhase, State
from status_plugin.staff.draft_text import draft_text

NOW = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
EASTERN = ZoneInfo("America/New_York")
UP, SLOW, PARTIAL, DOWN = (
    State.OPERATIONAL,
    State.DEGRADED_PERFORMANCE,
    State.PARTIAL_OUTAGE,
    State.MAJOR_OUTAGE,
)

moments = st.timedeltas(timedelta(), timedelta(days=17000)).map(
    lambda passed: datetime(1990, 1, 1, tzinfo=UTC) + passed
)


@settings(max_examples=120, deadline=None)
@given(moments, st.sampled_from(sorted(available_timezones())))
def test_a_written_time_is_read_as_it_was_meant(at: datetime, zone: str) -> None:
    """In every zone, in the doubled hour, too, a time that we write comes back the same to the second."""
    moment, doubts = read_moment(written(at, ZoneInfo(zone)), zone=EASTERN)
    assert moment.at.astimezone(UTC) == at.replace(microsecond=0)
    assert moment.exact
    assert not [doubt for doubt in doubts if doubt.rule != "no-am-pm"]


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        (datetime(2008, 9, 4, 21, 33, tzinfo=UTC), "America/New_York", "2008-09-04 5:33pm EDT"),
        (datetime(2008, 9, 4, 4, 0, 5, tzinfo=UTC), "America/New_York", "2008-09-04 12:00:05am EDT"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "America/New_York", "2026-11-01 1:30am EST"),
        (datetime(2008, 9, 4, 21, 33, tzinfo=UTC), "Asia/Kathmandu", "2008-09-05 3:18am +0545"),
    ],
)
def test_times_are_written_as_staff_write_them(at: datetime, zone: str, text: str) -> None:
    """The house's style where the zone has a name that everybody knows."""
    assert written(at, ZoneInfo(zone)) == text


# The list of components holds no control characters: reading it has replaced them.
names = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
)
looks = st.lists(
    st.tuples(
        st.integers(1, 900),
        st.tuples(*[st.sampled_from([UP, SLOW, PARTIAL, DOWN, State.UNKNOWN]) for _ in range(3)]),
    ),
    min_size=1,
    max_size=12,
)
SLUGS = ("srv1", "srv-2", "7")


def story(found: list[tuple[int, tuple[State, ...]]]) -> tuple[Memory, datetime]:
    """What is remembered of some looks, each so many seconds after the one before."""
    memory, now = Memory(), NOW - timedelta(days=1)
    for seconds, states in found:
        now += timedelta(seconds=seconds, microseconds=seconds * 997)
        memory = remember(memory, _words(states, now), now)
    return memory, now


def _words(states: tuple[State, ...], now: datetime) -> Mapping[str, Word]:
    return {
        slug: Word(state=state, facts_at=now, unreachable=state is State.UNKNOWN)
        for slug, state in zip(SLUGS, states, strict=True)
    }


def read_back(text: str, inventory: Inventory, now: datetime) -> Incident:
    """The note that our reader reads, which must find nothing to say about it."""
    reading = read_note(
        text, path="incidents/x.md", kind=Incident, zone=EASTERN, inventory=inventory, read_at=now
    )
    assert [str(problem) for problem in reading.problems] == []
    assert isinstance(reading.note, Incident)
    return reading.note


@settings(max_examples=120, deadline=None)
@given(looks, st.lists(names, min_size=3, max_size=3), st.integers(0, 900))
def test_a_draft_covers_what_was_seen(
    found: list[tuple[int, tuple[State, ...]]], called: list[str], later: int
) -> None:
    """Whatever happened, and whatever things are called: the note has no mistake, and covers all of it."""
    memory, now = story(found)
    components = (Component(slug=slug, name=name) for slug, name in zip(SLUGS, called, strict=True))
    inventory = Inventory(components=tuple(components))
    events = uncovered_events(memory.sightings, [], inventory)
    for seen in events.values():
        written_at = now + timedelta(seconds=later)
        note = read_back(draft_text(seen, inventory, EASTERN, written_at), inventory, written_at)
        item = incident_item(note, written_at, written_at + timedelta(seconds=1))
        assert all(covers(item, sighting) for sighting in seen)
        assert item.started is not None
        assert item.started.at == min(sighting.began for sighting in seen).replace(microsecond=0)
        is_open = any(sighting.ended is None for sighting in seen)
        assert item.phase.is_ended is not is_open


@pytest.mark.parametrize(
    "name", ["R&D", "*Srv* _3_", "<!-- Srv3", "[[incident:x]]", "a `b", r"back\slash", "<b>3"]
)
def test_a_name_is_no_markup(name: str) -> None:
    """Whatever a component is called is what visitors read."""
    memory, now = story([(1, (DOWN, UP, UP))])
    inventory = Inventory(components=(Component(slug="srv1", name=name),))
    note = read_back(draft_text(memory.sightings, inventory, EASTERN, now), inventory, now)
    assert words_of(render(note.updates[0].text)) == f"Our monitoring saw that {name} was offline."
    assert note.title == f"{name} is offline"


def test_the_checks_that_failed_are_named() -> None:
    """A draft says what of a component failed where not all of it did."""
    checks = (CheckRow(name="Web", state=UP), CheckRow(name="Mail <b>", state=DOWN))
    word = Word(state=State.PARTIAL_OUTAGE, facts_at=NOW, checks=checks)
    inventory = Inventory(components=(Component(slug="srv1", name="Srv1", checks=("Web", "Mail <b>")),))
    seen = remember(Memory(), {"srv1": word}, NOW).sightings
    note = read_back(draft_text(seen, inventory, EASTERN, NOW), inventory, NOW)
    text = words_of(render(note.updates[0].text))
    assert text == "Our monitoring saw that Srv1 was partly offline: Mail <b>."


def test_an_end_within_a_second_is_told_once() -> None:
    """What is over by a fraction of a second is not told as well again first and as over then."""
    memory, now = story([(1, (DOWN, UP, UP)), (61, (UP, UP, UP))])
    assert now.microsecond
    inventory = Inventory(components=(Component(slug="srv1", name="Srv1"),))
    note = read_back(draft_text(memory.sightings, inventory, EASTERN, now), inventory, now)
    assert [update.phase for update in note.updates] == [IncidentPhase.INVESTIGATING, IncidentPhase.RESOLVED]


MAP = {"srv3": {"probe": {"checks": {"Web": "https://db7.internal.example/"}}}}


class Monitor:
    """A monitor in the test's hands."""

    state = UP

    def read(self, now: datetime) -> Reading:
        """What it says now."""
        until = now + timedelta(minutes=5)
        web = Observation(state=self.state, fresh_until=until, since=None)
        return Reading(written_at=now, fresh_until=until, components={"srv3": Seen(checks={"Web": web})})


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """What the built-in checks of the site see."""
    found = Monitor()
    monkeypatch.setattr("status_plugin.sources.monitors.probe.open_source", lambda *_: found)
    return found


@pytest.fixture
def site(tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site; commands are given in its folder."""
    monkeypatch.chdir(tmp_path)
    return mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP, STATUS_JOURNAL="journal")


def look(site: Site, seconds: int = 60) -> dict[str, Any]:
    """The page after time has passed and monitoring was asked."""
    site.clock.move(seconds)
    site.app.extensions["status_plugin"].station.renew()
    return site.board()


def run(site: Site, *words: str) -> Result:
    """What a command prints."""
    return site.app.test_cli_runner().invoke(args=["status", "draft", *words])


def test_an_outage_that_goes_on(site: Site, monitor: Monitor) -> None:
    """The note says since when, what and how bad, and is ready to be told what customers notice."""
    look(site)
    monitor.state = DOWN
    look(site)
    result = run(site)
    assert result.exit_code == 0
    assert result.stdout == (
        "---\n"
        "title: Srv3 is offline\n"
        "started: 2026-11-20 6:47pm EST\n"
        "impact: major\n"
        "affects: [srv3]\n"
        "---\n"
        "Our monitoring has reported this. What it means for you is to follow.\n"
        "\n"
        "Update @ 2026-11-20 6:47pm EST [investigating]: Our monitoring saw that Srv3 was offline.\n"
    )


def test_an_outage_that_got_worse_and_passed(site: Site, monitor: Monitor) -> None:
    """Began, got worse, ended: each with its time, and the end when it was, not when it was written."""
    for state, minutes in ((UP, 1), (SLOW, 10), (DOWN, 20), (UP, 5)):
        monitor.state = state
        look(site, 60 * minutes)
    site.clock.move(600)
    result = run(site, "srv3")
    assert result.stdout.splitlines()[1:] == [
        "title: Srv3 was offline",
        "started: 2026-11-20 6:56pm EST",
        "impact: degraded",
        "affects: [srv3]",
        "---",
        "Our monitoring saw this. This note was written when it was over.",
        "",
        "Update @ 2026-11-20 6:56pm EST [investigating]: Our monitoring saw that Srv3 was slow.",
        "",
        "Update @ 2026-11-20 7:16pm EST [affects srv3: major]: Our monitoring saw that Srv3 was offline.",
        "",
        "Update @ 2026-11-20 7:31pm EST [resolved; since 2026-11-20 7:21pm EST]: Our monitoring sees no "
        "trouble any more.",
    ]


def test_written_it_takes_the_alert_over(site: Site, monitor: Monitor) -> None:
    """`--write` puts the note where it is public; the alert becomes its first line."""
    look(site)
    monitor.state = DOWN
    alert = look(site)["current"][0]["slug"]
    result = run(site, alert, "--write")
    assert result.output == (
        "Written: content/incidents/2026-11-20-srv3.md. It is public; say in it what customers notice.\n"
    )
    (item,) = look(site)["current"]
    assert (item["kind"], item["slug"]) == ("incident", "2026-11-20-srv3")
    assert run(site).exit_code == 1


def test_nothing_is_overwritten(site: Site, monitor: Monitor) -> None:
    """A second outage of the day gets a file of its own, and no name that was another note's."""
    text = INCIDENT.replace("6:00pm", "1:00am").replace("6:40pm", "1:10am")
    text = text.replace("identified; next update 7:30pm", "resolved")
    first = site.note("incidents/2026-11-20-srv3.md", text)
    before = first.read_text()
    monitor.state = DOWN
    look(site)
    site.note("incidents/x.md", text.replace("---\n", "---\naliases: [2026-11-20-srv3-2]\n", 1))
    look(site)
    assert "2026-11-20-srv3-3.md" in run(site, "--write").output
    assert first.read_text() == before


def test_there_is_nothing_to_draft(site: Site) -> None:
    """Said in a sentence, and the exit code is 1."""
    look(site)
    result = run(site)
    assert result.exit_code == 1
    assert result.output == "Error: There is nothing to draft: every outage that was seen has a note.\n"
    other = run(site, "accounts").output
    assert other == "Error: There is nothing to draft: no outage of 'accounts' lacks a note.\n"


def test_a_misspelt_name(site: Site, monitor: Monitor) -> None:
    """What was probably meant is said, with the alerts that there are."""
    monitor.state = DOWN
    alert = look(site)["current"][0]["slug"]
    assert run(site, "srv4").output == (
        "Error: 'srv4' is neither an alert nor a component. Did you mean 'Srv3'? "
        f"Alerts without a note: {alert}.\n"
    )


def test_the_others_are_named(site: Site, monitor: Monitor) -> None:
    """One draft at a time; what else lacks a note is said beside it, and not in it."""
    monitor.state = DOWN
    look(site)
    monitor.state = UP
    earlier = look(site, 300)["past"][0]["slug"]
    monitor.state = SLOW
    look(site, 300)
    result = run(site)
    assert "title: Srv3 is slow" in result.stdout
    assert result.stderr == f"Without a note are also: {earlier}\n"
    assert "title: Srv3 was offline" in run(site, earlier).stdout


def test_nothing_private_is_drafted(site: Site, monitor: Monitor) -> None:
    """The note names what is public by its public name."""
    monitor.state = DOWN
    look(site)
    result = run(site, "--write")
    text = next((site.folder / "incidents").iterdir()).read_text()
    assert "Srv3" in text
    assert "internal" not in text + result.output
