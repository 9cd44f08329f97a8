"""Promises that hold for every board there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.board.board import Board, Rules, board
from status_plugin.core.board.items import AlertItem, IncidentItem, Life, WindowItem
from status_plugin.core.monitoring.memory import Memory, remember
from status_plugin.core.monitoring.summary import Observation, Reading, Seen, Summary
from status_plugin.core.monitoring.word import monitoring_words
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.times.spans import Span
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CLOCKS_GO_FORWARD = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
CLOCKS_GO_BACK = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
RULES = Rules(zone=NEW_YORK, past_count=100)
SLUGS = ("srv1", "srv2", "ns3")
INVENTORY = Inventory(
    components=(
        Component(slug="srv1", name="Srv1", checks=("Web", "Mail")),
        Component(slug="srv2", name="Srv2", checks=("Web",)),
        Component(slug="ns3", name="ns3", checks=()),
        Component(slug="portal", name="Portal"),
    )
)
COVERAGE = {
    "nagios": {"srv1": ("Web", "Mail"), "srv2": ("Web",), "ns3": ()},
    "probe": {"srv1": ("Web",)},
}

# Everything in one world happens within some hours of one of these.
middles = st.shared(st.sampled_from([START, CLOCKS_GO_FORWARD, CLOCKS_GO_BACK]), key="middle")
times = st.builds(lambda middle, steps: middle + timedelta(minutes=5 * steps), middles, st.integers(-40, 40))
local_times = times.map(lambda at: at.astimezone(NEW_YORK))
moments = st.builds(
    lambda at, exact: Moment(at=at, written=f"{at:%H:%M}", exact=exact), local_times, st.booleans()
)
states = st.sampled_from(list(State))
claims = st.dictionaries(st.sampled_from([*SLUGS, "portal"]), states, min_size=1, max_size=3)


def updates(phases: Any) -> Any:
    """A few updates in the order of time."""
    single = st.builds(
        Update,
        at=moments,
        anchor=st.just("update-x"),
        text=st.just("word"),
        line=st.just(1),
        phase=st.none() | st.sampled_from(list(phases)),
        since=st.none() | moments,
        next_update=st.none() | moments,
        impact=st.none() | states,
        affects=st.just({}) | claims,
    )
    return st.lists(single, max_size=4).map(_in_order)


def _in_order(found: list[Update]) -> tuple[Update, ...]:
    ordered = sorted(found, key=lambda update: update.at.at)
    return tuple(replace(update, number=number) for number, update in enumerate(ordered, start=1))


incidents = st.builds(
    Incident,
    slug=st.sampled_from(["a", "b", "c"]),
    path=st.just("incidents/x.md"),
    title=st.just("Something broke"),
    affects=claims,
    updates=updates(IncidentPhase),
    started=st.none() | moments,
    resolved=st.none() | moments,
    impact=states,
    announced=st.none() | moments,
)
windows = st.builds(
    Maintenance,
    slug=st.sampled_from(["a", "b", "c"]),
    path=st.just("maintenance/x.md"),
    title=st.just("Work"),
    affects=claims,
    updates=updates(MaintenancePhase),
    starts=st.none() | moments,
    ends=st.none() | moments,
    expected_downtime=st.none() | st.just(Span(written="20 min", longest=timedelta(minutes=20))),
    announced=st.none() | moments,
)
observations = st.builds(
    Observation,
    state=states,
    fresh_until=times,
    since=st.none() | times,
    downtime_since=st.none() | times,
    unreachable=st.booleans(),
)
readings = st.builds(
    Reading,
    written_at=times,
    fresh_until=times,
    components=st.dictionaries(
        st.sampled_from(SLUGS),
        st.builds(
            Seen,
            host=st.none() | observations,
            checks=st.dictionaries(st.sampled_from(["Web", "Mail", "Private"]), observations, max_size=3),
        ),
    ),
)
summaries = st.builds(
    Summary,
    coverage=st.just(COVERAGE),
    readings=st.dictionaries(st.sampled_from(["nagios", "probe"]), readings),
)
contents = st.builds(
    Content,
    inventory=st.just(INVENTORY) | st.none(),
    incidents=st.lists(incidents, max_size=3, unique_by=lambda note: note.slug).map(tuple),
    windows=st.lists(windows, max_size=3, unique_by=lambda note: note.slug).map(tuple),
    withheld=st.integers(0, 1),
    gaps_since=times,
    read_at=times,
)


def remembered(summary: Summary, looks: list[datetime]) -> Memory:
    """The memory after some looks at one summary."""
    memory = Memory()
    for look in sorted(looks):
        memory = remember(memory, monitoring_words(summary, INVENTORY, look), look)
    return memory


worlds = st.tuples(contents, summaries, st.lists(times, max_size=3), local_times)


def made(world: Any) -> Board:
    """The board of a world."""
    content, summary, looks, now = world
    return board(content, summary, remembered(summary, [look for look in looks if look <= now]), now, RULES)


@settings(max_examples=150, deadline=None)
@given(worlds)
def test_green_only_when_all_is_known_to_be_well(world: Any) -> None:
    """The overall line is operational only if every source sees everything well, now, and nothing is on."""
    content, summary, _, now = world
    shown = made(world)
    if shown.overall.state is not State.OPERATIONAL:
        return
    assert content.inventory is not None
    assert content.withheld == 0
    assert not shown.current
    for source, slugs in COVERAGE.items():
        reading = summary.readings[source]
        assert now <= reading.fresh_until
        for slug, labels in slugs.items():
            seen = reading.components[slug]
            hosts = [seen.host] if seen.host else []
            for observation in (*hosts, *(seen.checks[label] for label in labels)):
                assert observation.state is State.OPERATIONAL
                assert now <= observation.fresh_until


@settings(max_examples=150, deadline=None)
@given(worlds, st.floats(0, 1))
def test_valid_until_it_says(world: Any, part: float) -> None:
    """Until `valid_until` the clock alone changes nothing on the board."""
    content, summary, looks, now = world
    memory = remembered(summary, [look for look in [*looks, now] if look <= now])
    shown = board(content, summary, memory, now, RULES)
    later = shown.now + (shown.valid_until - shown.now) * part
    if later >= shown.valid_until:
        later = shown.valid_until - timedelta.resolution
    again = board(content, summary, memory, later, RULES)
    assert replace(again, now=shown.now) == shown


@settings(max_examples=100, deadline=None)
@given(worlds)
def test_whatever_is_unknown_is_so_since_some_time(world: Any) -> None:
    """Who waits for a quarter of an hour before saying that nothing is known must know since when."""
    content, summary, looks, now = world
    memory = remembered(summary, [look for look in [*looks, now] if look <= now])
    shown = board(content, summary, memory, now, RULES)
    if shown.overall.state is State.UNKNOWN:
        assert shown.in_doubt_since is not None


@settings(max_examples=100, deadline=None)
@given(worlds)
def test_every_public_note_is_in_one_place(world: Any) -> None:
    """A note is current, scheduled or past, and never two of them; an open incident is current."""
    shown = made(world)
    places = [*shown.current, *shown.scheduled, *shown.past]
    names = [(type(item), item.slug) for item in places]
    assert len(names) == len(set(names))
    for item in shown.current:
        if isinstance(item, IncidentItem):
            assert not item.phase.is_ended
    for item in shown.past:
        if isinstance(item, IncidentItem):
            assert item.phase.is_ended
        if isinstance(item, AlertItem):
            assert item.ended is not None
    content, _, _, now = world
    written = {(type(item.note), item.slug) for item in places if not isinstance(item, AlertItem)}
    notes = (*content.incidents, *content.windows)
    assert written == {(type(note), note.slug) for note in notes if has_come(note, content.read_at, now)}


def has_come(note: Incident | Maintenance, read_at: datetime, now: datetime) -> bool:
    """Whether visitors can know of a note: from its announcement, or, of an incident, its first word."""
    if note.announced is not None:
        return note.announced.at <= now
    if isinstance(note, Maintenance):
        return True
    first_words = [*([note.started] if note.started else []), *(update.at for update in note.updates)]
    return not first_words or min(read_at, *(moment.at for moment in first_words)) <= now


@settings(max_examples=100, deadline=None)
@given(worlds)
def test_trouble_is_never_hidden(world: Any) -> None:
    """Fresh trouble of a host shows on its component, unless a running window or a downtime covers it."""
    content, summary, _, now = world
    shown = made(world)
    rows = {row.component.slug: row for row in shown.rows}
    reading = summary.readings.get("nagios")
    if content.inventory is None or reading is None or now > reading.fresh_until:
        return
    for slug, seen in reading.components.items():
        host = seen.host
        if host and host.state is State.MAJOR_OUTAGE and now <= host.fresh_until and not host.downtime_since:
            allowed = {State.MAJOR_OUTAGE} | (
                {State.UNDER_MAINTENANCE} if in_downtime(summary, slug) else set()
            )
            assert rows[slug].seen in allowed
            assert rows[slug].state in allowed | (
                {State.UNDER_MAINTENANCE} if in_window(shown, slug) else set()
            )
            assert shown.overall.state is not State.OPERATIONAL


def in_downtime(summary: Summary, slug: str) -> bool:
    """Whether any source knows of planned work on a component."""
    seen = [found for reading in summary.readings.values() if (found := reading.components.get(slug))]
    observations = [o for found in seen for o in (found.host, *found.checks.values()) if o]
    return any(observation.downtime_since for observation in observations)


def in_window(shown: Board, slug: str) -> bool:
    """Whether work on a component is going on, or is to be, by a note."""
    return any(
        isinstance(item, WindowItem) and item.life in (Life.DUE, Life.IN_PROGRESS) and slug in item.affects
        for item in shown.current
    )


@settings(max_examples=100, deadline=None)
@given(summaries, st.lists(times, min_size=2, max_size=6))
def test_memory_settles(summary: Summary, looks: list[datetime]) -> None:
    """Looking twice at the same moment changes nothing that is remembered."""
    memory = remembered(summary, looks)
    last = max(looks)
    again = remember(memory, monitoring_words(summary, INVENTORY, last), last)
    assert again == memory


def test_the_green_board_exists() -> None:
    """The first promise is about something: a board that is green."""
    until = START + timedelta(minutes=5)
    well = Observation(state=State.OPERATIONAL, fresh_until=until)
    reading = Reading(
        written_at=START,
        fresh_until=until,
        components={
            "srv1": Seen(host=well, checks={"Web": well, "Mail": well}),
            "srv2": Seen(host=well, checks={"Web": well}),
            "ns3": Seen(host=well),
        },
    )
    summary = Summary(coverage=COVERAGE, readings={"nagios": reading, "probe": reading})
    shown = board(Content(inventory=INVENTORY, read_at=START), summary, Memory(), START, RULES)
    assert shown.overall.state is State.OPERATIONAL
