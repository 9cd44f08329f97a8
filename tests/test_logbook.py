"""The journal's lines and what they say over time: nothing is known that nobody saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.monitoring.journal import Check, Line, Told, line_text, read_line
from status_plugin.core.monitoring.logbook import Logbook
from status_plugin.core.monitoring.looks import HEARTBEAT, Look, Row, compacted, latest, lines_for, look_at
from status_plugin.core.monitoring.memory import Memory, remember
from status_plugin.core.monitoring.recollection import recollected
from status_plugin.core.monitoring.word import CheckRow, HostRow, Word
from status_plugin.core.words import State

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LIMIT = timedelta(seconds=90)
UP, SLOW, PARTIAL, DOWN = (
    State.OPERATIONAL,
    State.DEGRADED_PERFORMANCE,
    State.PARTIAL_OUTAGE,
    State.MAJOR_OUTAGE,
)
UNKNOWN = State.UNKNOWN

times = st.integers(0, 10**6).map(lambda seconds: NOON + timedelta(seconds=seconds))
slugs = st.sampled_from(["srv1", "srv2"]) | st.text()
tellings = st.builds(
    Told,
    state=st.sampled_from(State),
    since=times,
    trouble_since=st.none() | times,
    known_until=st.none() | times,
    unreachable=st.booleans(),
    host=st.none() | st.builds(Check, state=st.sampled_from(State), since=st.none() | times),
    checks=st.dictionaries(
        st.text(), st.builds(Check, state=st.sampled_from(State), since=st.none() | times), max_size=2
    ),
)


def at(clock: str) -> datetime:
    """A time of the day."""
    hour, minute, second = (int(part) for part in f"{clock}:00".split(":")[:3])
    return NOON.replace(hour=hour, minute=minute, second=second)


class Watcher:
    """Looks at one component again and again, and keeps a journal of it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.row: Row | None = None
        self.memory = Memory()
        self.answered_at: datetime | None = None

    def look(
        self, clock: str, state: State, since: str = "", *, answers: bool = True, **word: object
    ) -> None:
        """One look."""
        now = at(clock)
        self.answered_at = now if answers else self.answered_at
        seen = Word(state=state, since=at(since) if since else None, facts_at=now)
        seen = replace(seen, **word)  # type: ignore[arg-type]
        words = {"srv1": seen}
        answered = {"nagios": self.answered_at} if self.answered_at else {}
        look = look_at(words, {"nagios": ["srv1"]}, answered, self.row, LIMIT, now)
        self.row = look.row
        self.memory = remember(self.memory, words, now)
        self.lines += lines_for(logbook(self.lines), look)
        self.row = replace(self.row, tail=self.lines[-1].at)

    def looks(self, begin: str, end: str, state: State, since: str = "", **word: object) -> None:
        """A look each minute, the last one at the end."""
        now = at(begin)
        while now <= at(end):
            self.look(f"{now:%H:%M:%S}", state, since, **word)  # type: ignore[arg-type]
            now += timedelta(minutes=1)

    @property
    def spans(self) -> list[str]:
        """What is known, as `12:00:00-12:30:00 operational`."""
        return spans(self.lines)


def logbook(lines: list[Line]) -> Logbook:
    """The logbook of some lines, each of them written and read."""
    found = Logbook()
    for line in lines:
        again = read_line(line_text(line))
        assert again == line
        found.add(again)
    return found


def spans(lines: list[Line]) -> list[str]:
    """What lines say of srv1, neighbours of one state as one."""
    told: list[list[str]] = []
    for span in logbook(lines).record("srv1", NOON - timedelta(days=9), NOON + timedelta(days=9)).spans:
        begin, end = f"{span.begin:%H:%M:%S}", f"{span.end:%H:%M:%S}"
        if told and told[-1][1] == begin and told[-1][2] == span.state.value:
            told[-1][1] = end
        else:
            told.append([begin, end, span.state.value])
    return [f"{begin}-{end} {state}" for begin, end, state in told]


@pytest.fixture
def watcher() -> Watcher:
    """A watcher with an empty journal."""
    return Watcher()


@given(
    st.builds(Line, at=times, seen=st.dictionaries(slugs, st.none() | tellings, max_size=3))
    | times.map(lambda at: Line(at=at + timedelta(minutes=9), after=at, still=at + timedelta(minutes=5)))
)
def test_a_line_is_read_as_it_was_written(line: Line) -> None:
    """What is written comes back the same, whatever names and labels people use; and it is one line."""
    text = line_text(line)
    assert read_line(text) == line
    assert len(text.splitlines()) == 1


@given(st.text() | st.binary().map(lambda found: found.decode("latin-1")))
def test_garbage_is_no_line(text: str) -> None:
    """A line that cannot be read is no line, and no error."""
    assert read_line(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "null",
        '{"at":"2026-11-20T12:00:00"}',
        '{"at":"2026-11-20T12:00:00Z","after":"2026-11-20T13:00:00Z"}',
        '{"at":"2026-11-20T12:00:00Z","still":"2026-11-20T11:00:00Z"}',
        '{"at":"2026-11-20T12:00:00Z","seen":{"srv1":{"state":"fine","since":"2026-11-20T12:00:00Z"}}}',
        '{"at":"2026-11-20T12:00:00Z","seen":{"srv1":{"state":"operational"}}}',
        '{"at":"2026-11-20T12:00:00Z","seen":["srv1"]}',
        '{"at":"2026-11-20T12:00:00Z","host":"db7.internal.example"}',
        '{"at":"2026-11-20T12:00:00Z"',
    ],
)
def test_what_looks_like_a_line_and_is_none(text: str) -> None:
    """Half a line, a wrong word or a key that means nothing costs the line."""
    assert read_line('{"at":"2026-11-20T12:00:00Z"}') is not None
    assert read_line(text) is None


def test_quiet_looks_leave_a_line_in_five_minutes(watcher: Watcher) -> None:
    """A year in which nothing happens is told by heartbeats, and all of it is known."""
    watcher.looks("12:00", "13:00", UP, "09:00")
    assert len(watcher.lines) == 1 + timedelta(hours=1) // HEARTBEAT
    assert watcher.spans == ["12:00:00-13:00:00 operational"]


def test_no_looks_no_data(watcher: Watcher) -> None:
    """Time between looks further apart than the limit is nothing that anybody knows of."""
    watcher.looks("12:00", "12:07", UP, "09:00")
    watcher.looks("12:30", "12:40", UP, "09:00")
    assert watcher.spans == ["12:00:00-12:07:00 operational", "12:30:00-12:40:00 operational"]


def test_looks_just_close_enough(watcher: Watcher) -> None:
    """Three times the time to live is still without a break, a second more is not."""
    for clock in ("12:00:00", "12:01:30", "12:03:00", "12:04:31"):
        watcher.look(clock, UP)
    watcher.looks("12:05", "12:10", UP)
    assert watcher.spans == ["12:00:00-12:03:00 operational", "12:04:31-12:10:00 operational"]


def test_trouble_begins_and_ends_when_monitoring_says(watcher: Watcher) -> None:
    """A look learns later what was so earlier; trouble lasts from its beginning to its end."""
    watcher.looks("12:00", "12:10", UP, "09:00")
    watcher.looks("12:11", "12:20", DOWN, "12:10:20")
    watcher.looks("12:21", "12:30", UP, "12:20:40")
    assert watcher.spans == [
        "12:00:00-12:10:20 operational",
        "12:10:20-12:20:40 major_outage",
        "12:20:40-12:26:00 operational",
    ]


def test_an_end_is_never_before_the_last_look_that_saw_trouble(watcher: Watcher) -> None:
    """A source that dates recovery too early does not take back what was seen."""
    watcher.looks("12:00", "12:07", DOWN, "12:00")
    watcher.look("12:08", UP, "12:03")
    assert watcher.spans[0] == "12:00:00-12:07:00 major_outage"


def test_worse_trouble_of_before_stands(watcher: Watcher) -> None:
    """When an outage gives way to older, lesser trouble it has still been an outage."""
    watcher.looks("12:00", "12:05", SLOW, "12:00")
    watcher.looks("12:06", "12:10", DOWN, "12:05:30")
    watcher.looks("12:11", "12:20", SLOW, "12:00")
    assert watcher.spans[:3] == [
        "12:00:00-12:05:30 degraded_performance",
        "12:05:30-12:10:00 major_outage",
        "12:10:00-12:16:00 degraded_performance",
    ]


def test_trouble_is_dated_back_over_a_gap(watcher: Watcher) -> None:
    """What monitoring knows to have lasted while nobody looked is known; that all was well is not."""
    watcher.looks("12:00", "12:05", UP, "09:00")
    watcher.looks("12:30", "12:32", DOWN, "12:15")
    watcher.looks("12:50", "12:52", UP, "12:40")
    assert watcher.spans == [
        "12:00:00-12:05:00 operational",
        "12:15:00-12:32:00 major_outage",
    ]
    watcher.looks("12:53", "12:58", UP, "12:40")
    assert watcher.spans[2:] == ["12:50:00-12:55:00 operational"]


def test_silence_begins_with_the_last_word(watcher: Watcher) -> None:
    """A word that went stale was last good when its source wrote it, not when the page gave it up."""
    watcher.looks("12:00", "12:04", UP, "09:00")
    watcher.looks("12:05", "12:08", UP, "09:00", facts_at=at("12:04"))
    watcher.looks("12:09", "12:20", UNKNOWN, "12:09", facts_at=at("12:04"))
    assert watcher.spans == ["12:00:00-12:04:00 operational", "12:04:00-12:19:00 unknown"]


def test_no_answer_no_data(watcher: Watcher) -> None:
    """While its sources do not answer a component is not known to be well, though its word is fresh."""
    watcher.looks("12:00", "12:10", UP, "09:00")
    watcher.looks("12:11", "12:13", UP, "09:00", answers=False)
    watcher.looks("12:14", "12:30", UP, "09:00")
    assert watcher.spans == [
        "12:00:00-12:10:00 operational",
        "12:10:00-12:13:00 unknown",
        "12:13:00-12:29:00 operational",
    ]


def test_a_component_that_is_no_longer_watched(watcher: Watcher) -> None:
    """Nothing is known of it from then on."""
    watcher.looks("12:00", "12:10", UP, "09:00")
    row = Row(first=NOON, last=at("12:11"), before=at("12:10"))
    watcher.lines += lines_for(logbook(watcher.lines), Look(told={}, row=row, limit=LIMIT))
    assert watcher.lines[-1].seen == {"srv1": None}
    assert watcher.spans == ["12:00:00-12:11:00 operational"]


@pytest.mark.parametrize("lost", range(1, 7))
def test_a_lost_line_is_a_gap(watcher: Watcher, lost: int) -> None:
    """Whichever line is destroyed, nothing else becomes known but what the others tell."""
    watcher.looks("12:00", "12:10", UP, "09:00")
    watcher.looks("12:11", "12:20", DOWN, "12:10:20")
    watcher.looks("12:21", "12:35", UP, "12:20:40")
    whole = watcher.spans
    assert len(watcher.lines) > 7
    found = logbook(watcher.lines[:lost] + watcher.lines[lost + 1 :])
    truth = logbook(watcher.lines)
    for minute in range(12 * 60, 12 * 60 + 35):
        moment = NOON.replace(hour=0) + timedelta(minutes=minute, seconds=30)
        second = timedelta(seconds=1)
        before = [span.state for span in truth.record("srv1", moment, moment + second).spans]
        after = [span.state for span in found.record("srv1", moment, moment + second).spans]
        assert after in ([], before)
    assert whole == watcher.spans


def test_after_a_lost_line_all_is_told_again(watcher: Watcher) -> None:
    """The journal mends itself: the next look tells of every component that is not known any more."""
    watcher.looks("12:00", "12:10", UP, "09:00")
    del watcher.lines[1]
    watcher.looks("12:11", "12:20", UP, "09:00")
    assert watcher.spans == ["12:10:00-12:16:00 operational"]


def test_the_clock_is_set_back(watcher: Watcher) -> None:
    """A clock that was wrong for a while does not leave the journal mute, nor two truths for one time."""
    watcher.looks("12:00", "12:10", UP, "09:00")
    watcher.look("20:00", DOWN, "19:59")
    watcher.looks("12:12", "12:20", UP, "12:12")
    assert watcher.spans == ["12:00:00-12:10:00 operational", "12:12:00-12:17:00 operational"]


def test_the_clock_is_set_back_and_somebody_is_gone() -> None:
    """What was said of times to come is taken back, also of those that are not watched any more."""
    told = Told(state=DOWN, since=at("11:00"))
    lines = [Line(at=at("12:00"), seen={"srv1": told, "srv2": told}), Line(at=at("20:00"), after=at("12:00"))]
    assert spans(lines) == ["11:00:00-20:00:00 major_outage"]
    lines.append(Line(at=at("12:10"), seen={"srv2": told}))
    assert spans(lines) == ["11:00:00-12:10:00 major_outage"]


def test_a_slower_look_says_nothing(watcher: Watcher) -> None:
    """What another worker has written of a later look stands."""
    watcher.looks("12:00", "12:10", UP, "09:00")
    told = {"srv1": Told(state=DOWN, since=at("12:09"))}
    late = Look(told=told, row=Row(first=NOON, last=at("12:09:50")), limit=LIMIT)
    assert not list(lines_for(logbook(watcher.lines), late))


states = st.sampled_from([UP, SLOW, PARTIAL, DOWN, UNKNOWN, State.UNDER_MAINTENANCE])
stories = st.lists(st.tuples(st.integers(10, 400), states, st.booleans()), min_size=1, max_size=30)


def told_story(story: list[tuple[int, State, bool]]) -> tuple[Watcher, list[tuple[datetime, State]]]:
    """A watcher who has seen some steps: seconds since the look before, the state, whether it is dated."""
    watcher, now, found, since = Watcher(), NOON, [], NOON
    state: State | None = None
    for seconds, next_state, is_dated in story:
        now += timedelta(seconds=seconds)
        if next_state is not state:
            state, since = next_state, now - timedelta(seconds=seconds // 2 if state else 0)
        watcher.look(f"{now:%H:%M:%S}", state, f"{since:%H:%M:%S}" if is_dated else "")
        found.append((now, state))
    return watcher, found


@settings(max_examples=200, deadline=None)
@given(stories)
def test_nothing_is_known_that_nobody_saw(story: list[tuple[int, State, bool]]) -> None:
    """Between two close looks that agree it is as they say; between looks that are far apart never well."""
    watcher, looks = told_story(story)
    found = logbook(watcher.lines)
    for (before, state), (after, next_state) in pairwise(looks):
        said = {span.state for span in found.record("srv1", before, after).spans}
        if after - before > LIMIT:
            assert UP not in said
        elif after <= (found.last_at or NOON):
            assert said <= {state, next_state}
            if state is next_state:
                assert said == {state}


@settings(max_examples=100, deadline=None)
@given(stories)
def test_compaction_loses_nothing(story: list[tuple[int, State, bool]]) -> None:
    """The compacted journal says the very same, and compacting it again changes nothing."""
    watcher, _ = told_story(story)
    shorter = list(compacted(watcher.lines))
    assert len(shorter) <= len(watcher.lines)
    assert spans(shorter) == watcher.spans
    assert list(compacted(shorter)) == shorter
    assert recollected(shorter) == recollected(watcher.lines)


def test_a_quiet_year_is_compacted_to_two_lines(watcher: Watcher) -> None:
    """However long nothing happens, the beginning and the end are enough."""
    watcher.looks("12:00", "18:00", UP, "09:00")
    assert len(watcher.lines) > 50
    shorter = list(compacted(watcher.lines))
    assert len(shorter) == 2
    assert spans(shorter) == ["12:00:00-18:00:00 operational"]


@settings(max_examples=100, deadline=None)
@given(stories, st.integers(1, 20))
def test_the_latest_part_says_what_the_whole_says(story: list[tuple[int, State, bool]], count: int) -> None:
    """What is left of a journal that grew too large says of its own time just what the whole did."""
    watcher, _ = told_story(story)
    count = min(count, len(watcher.lines))
    part = logbook(latest(watcher.lines, count))
    whole = logbook(watcher.lines)
    begin = part.record("srv1", NOON, NOON).first_at
    assert begin is not None
    end = NOON + timedelta(days=1)
    undated = whole.record("srv1", begin, end).spans
    for span in part.record("srv1", begin, end).spans:
        covering = [w.state for w in undated if w.begin < span.end and span.begin < w.end]
        assert set(covering) == {span.state}


@settings(max_examples=200, deadline=None)
@given(stories)
def test_the_memory_comes_back(story: list[tuple[int, State, bool]]) -> None:
    """After a restart with nothing in the cache alerts have the names, times and states that they had."""
    watcher, looks = told_story(story)
    found = recollected(watcher.lines)
    state = looks[-1][1]

    def essence(memory: Memory) -> list[object]:
        return [(s.event, s.kind, s.began, s.state, s.steps, s.ended is None) for s in memory.sightings]

    gaps = any(after[0] - before[0] > LIMIT for before, after in pairwise(looks))
    if not gaps:
        assert essence(found) == essence(watcher.memory)
        assert found.known[("srv1",)].state is state
    else:
        still = [s.event for s in watcher.memory.sightings if s.ended is None]
        assert [s.event for s in found.sightings if s.ended is None] == still


def test_checks_come_back_with_their_age(watcher: Watcher) -> None:
    """Since when each check is as it is survives, too."""
    checks = (CheckRow(name="Web", state=DOWN, since=at("11:30")), CheckRow(name="Mail", state=UP))
    watcher.looks("12:00", "12:10", PARTIAL, "11:30", checks=checks)
    found = recollected(watcher.lines)
    assert found.since(DOWN, "srv1", "Web") == at("11:30")
    assert found.since(UP, "srv1", "Mail") == NOON
    assert found.since(PARTIAL, "srv1") == at("11:30")


def test_what_failed_comes_back(watcher: Watcher) -> None:
    """After a restart, too, a trouble is over when what failed is seen well, whatever else is unknown."""
    web, host = CheckRow(name="Web", state=UP), HostRow(state=UP)
    watcher.look("12:00", PARTIAL, host=host, checks=(web, CheckRow(name="Mail", state=DOWN)))
    after = {"checks": (CheckRow(name="Web", state=UNKNOWN), CheckRow(name="Mail", state=UP)), "host": host}
    found = remember(recollected(watcher.lines), {"srv1": Word(state=UNKNOWN, **after)}, at("12:01"))
    assert [sighting.ended for sighting in found.sightings] == [at("12:01")]


@pytest.mark.parametrize(
    ("told", "is_open"),
    [
        (
            '"state":"partial_outage","checks":{"Web":["operational",null],"Mail":["major_outage",null]}',
            False,
        ),
        ('"state":"major_outage","checks":{"Web":["operational",null],"Mail":["major_outage",null]}', True),
        ('"state":"degraded_performance","checks":{"Web":["operational",null]}', True),
    ],
    ids=["its checks explain it", "its server was down", "its server was slow"],
)
def test_lines_that_tell_nothing_of_the_server(told: str, *, is_open: bool) -> None:
    """A journal of before tells what failed as far as its checks do; what it does not tell is not well."""
    time = '"2026-11-20T12:00:00Z"'
    line = read_line(f'{{"at":{time},"seen":{{"srv1":{{"since":{time},{told}}}}}}}')
    assert line is not None
    memory = recollected([line])
    assert [sighting.ended for sighting in memory.sightings] == [None]
    checks = (CheckRow(name="Web", state=UNKNOWN), CheckRow(name="Mail", state=UP))
    after = remember(memory, {"srv1": Word(state=UNKNOWN, checks=checks)}, at("12:01"))
    assert [sighting.ended is None for sighting in after.sightings] == [is_open]
