"""Monitoring at hand: asked by one worker at a time, kept when it cannot be read."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cachelib import FileSystemCache, SimpleCache
from hypothesis import given
from hypothesis import strategies as st

from status_plugin.core.monitoring.memory import Known, Memory
from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.words import State
from status_plugin.sources import summary_cache, turn
from status_plugin.sources.monitors import SourceError, SourceTerms
from status_plugin.sources.shared_cache import SharedCache
from status_plugin.sources.summary_cache import ENTRY, TURN, SummaryCache
from status_plugin.sources.summary_text import Snapshot, read_snapshot, snapshot_text

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INVENTORY = Inventory(components=(Component(slug="srv3", name="Srv3", checks=("Web",)),))
COVERAGE = {"nagios": {"srv3": ("Web",)}}


@dataclass
class Told:
    """A source that says what the test tells it, or fails."""

    state: State = State.OPERATIONAL
    error: str = ""
    asked: list[datetime] = field(default_factory=list)

    def read(self, now: datetime) -> Reading:
        """What the test has told it."""
        self.asked.append(now)
        if self.error:
            raise SourceError(self.error, "host db7.internal.example refused")
        until = now + timedelta(minutes=5)
        web = Observation(state=self.state, fresh_until=until)
        return Reading(written_at=now, fresh_until=until, components={"srv3": Seen(checks={"Web": web})})


WEB = Observation(state=State.MAJOR_OUTAGE, fresh_until=NOON, since=NOON, downtime_since=NOON)
ENTRY_TEXT = snapshot_text(
    Snapshot(
        readings={
            "nagios": Reading(
                written_at=NOON, fresh_until=NOON, components={"srv3": Seen(host=WEB, checks={"Web": WEB})}
            )
        },
        memory=Memory(known={("srv3",): Known(state=State.MAJOR_OUTAGE, since=NOON)}),
        asked_at=NOON,
        answered_at={"nagios": NOON},
    )
)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> SimpleCache:
    """A cache that workers share; its clock shows the time of the last look."""
    monkeypatch.setattr("cachelib.simple.time", lambda: NOON.timestamp() + LOOKED[0])
    monkeypatch.setitem(globals(), "LOOKED", [0.0])
    monkeypatch.setattr(turn, "SETTLING", 0.0)
    return SimpleCache()


LOOKED = [0.0]
"""Seconds after noon of the last look."""


def worker(source: Told, backend: object) -> SummaryCache:
    """A worker with its own copy, over what all share."""
    shared = SharedCache(lambda: backend)  # type: ignore[arg-type,return-value]
    cache = SummaryCache({"nagios": source}, shared, ttl=timedelta(seconds=30), terms=SourceTerms())
    cache._turn._clock = lambda: LOOKED[0]
    return cache


def refresh(cache: SummaryCache, seconds: float, *, ahead: float = 0, early: bool = False) -> Reading | None:
    """What the worker knows after looking, some seconds after noon, by a clock that is `ahead`."""
    LOOKED[0] = seconds
    now = NOON + timedelta(seconds=seconds + ahead)
    snapshot = cache.refresh(INVENTORY, COVERAGE, now, early=early)
    return snapshot.readings.get("nagios")


def test_asked_again_only_after_the_ttl(backend: SimpleCache) -> None:
    """However often it is looked at, a source is asked once in a TTL."""
    source = Told()
    cache = worker(source, backend)
    for seconds in (0, 1, 29, 30, 59, 60):
        refresh(cache, seconds)
    assert [(asked - NOON).total_seconds() for asked in source.asked] == [0, 30, 60]


def test_asked_once_where_nothing_is_shared() -> None:
    """A site with one process needs no cache for that."""
    source = Told()
    cache = SummaryCache(
        {"nagios": source}, SharedCache(None), ttl=timedelta(seconds=30), terms=SourceTerms()
    )
    for seconds in (0, 1, 29, 30):
        refresh(cache, seconds)
    assert len(source.asked) == 2


def test_who_comes_early_comes_first(backend: SimpleCache) -> None:
    """A watch that looks early asks, so that visitors find what it heard and never have to."""
    theirs, its = Told(), Told()
    visitors, watch = worker(theirs, backend), worker(its, backend)
    for seconds in range(0, 200, 10):
        refresh(watch, seconds, early=True)
        refresh(visitors, seconds + 9)
    assert theirs.asked == []
    assert len(its.asked) == 10


def test_a_watch_that_comes_late_takes_over(backend: SimpleCache) -> None:
    """Workers that have asked until now leave that to a watch as soon as there is one."""
    theirs, its = Told(), Told()
    visitors, watch = worker(theirs, backend), worker(its, backend)
    for seconds in range(100):
        refresh(visitors, seconds)
    asked = len(theirs.asked)
    for seconds in range(100, 300, 2):
        refresh(watch, seconds, early=True)
        refresh(visitors, seconds + 1)
    assert len(theirs.asked) == asked
    assert 200 / 20 <= len(its.asked) <= 200 / 18


def test_one_of_two_watches_asks(backend: SimpleCache) -> None:
    """On two machines the watch runs twice, and monitoring is asked hardly more often than by one."""
    source = Told()
    first, second = worker(source, backend), worker(source, backend)
    for seconds in range(0, 300, 10):
        refresh(first, seconds, early=True)
        refresh(second, seconds + 5, early=True)
    assert 300 / 20 <= len(source.asked) <= 300 / 18


def test_workers_ask_once_between_them(tmp_path: Path) -> None:
    """What one worker has heard the others take over."""
    source, backend = Told(), FileSystemCache(str(tmp_path))
    workers = [worker(source, backend) for _ in range(4)]
    readings = [refresh(cache, seconds) for seconds, cache in enumerate(workers)]
    assert len(source.asked) == 1
    assert len({reading.written_at for reading in readings if reading}) == 1


def test_while_another_asks_the_old_word_stands(backend: SimpleCache) -> None:
    """A worker that finds another asking does not wait and does not ask."""
    source = Told()
    cache = worker(source, backend)
    before = refresh(cache, 0)
    backend.set(f"status_plugin.{TURN}", "asking somebody.1 7", timeout=60)
    assert refresh(cache, 40) is before
    assert len(source.asked) == 1


def test_a_failed_reading_changes_nothing(backend: SimpleCache, caplog: pytest.LogCaptureFixture) -> None:
    """The last good word stands; the failure is said once, without its private detail, and its end too."""
    source = Told()
    cache = worker(source, backend)
    before = refresh(cache, 0)
    assert not cache.at_hand.is_unheard
    source.error = "The file cannot be read."
    with caplog.at_level(logging.INFO):
        assert refresh(cache, 30) == before
        assert refresh(cache, 60) == before
        assert cache.at_hand.is_unheard
        source.error = ""
        after = refresh(cache, 90)
    assert not cache.at_hand.is_unheard
    assert after is not None
    assert after.written_at == NOON + timedelta(seconds=90)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "The file cannot be read" in caplog.text
    assert "db7" not in caplog.text


def test_what_is_not_public_any_more_is_not_shared(backend: SimpleCache) -> None:
    """A source that was opened before knows what components.yml has lost, and the cache does not."""
    cache = worker(Told(), backend)
    LOOKED[0] = 0
    cache.refresh(INVENTORY, COVERAGE, NOON)
    assert '"srv3"' in backend.get(f"status_plugin.{ENTRY}")
    LOOKED[0] = 60
    cache.refresh(Inventory(), {"nagios": {}}, NOON + timedelta(minutes=1))
    assert '"srv3"' not in backend.get(f"status_plugin.{ENTRY}")


def test_what_is_shared_is_text(tmp_path: Path) -> None:
    """The entry is JSON text that reads back as the same snapshot."""
    backend = FileSystemCache(str(tmp_path))
    cache = worker(Told(), backend)
    refresh(cache, 0)
    text = backend.get(f"status_plugin.{ENTRY}")
    assert isinstance(text, str)
    assert read_snapshot(text) == cache.at_hand


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": 1}',
        '{"version": "' + ENTRY.partition(".")[2] + '", "snapshot": {"readings": []}}',
        b"{}",
        {"version": 1},
        17,
        "[" * 100_000,
    ],
)
def test_garbage_is_ignored(backend: SimpleCache, garbage: object, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be understood is asked for anew, and replaced, and no reason to say anything."""
    source = Told()
    backend.set(f"status_plugin.{ENTRY}", garbage)
    assert refresh(worker(source, backend), 0) is not None
    assert refresh(worker(source, backend), 1) is not None
    assert len(source.asked) == 1
    assert caplog.records == []


@given(st.data())
def test_a_damaged_entry_does_no_harm(data: st.DataObject) -> None:
    """Whatever becomes of a character of the text, it is another snapshot or none, and never a fault."""
    place = data.draw(st.integers(0, len(ENTRY_TEXT) - 1))
    other = data.draw(st.characters(codec="utf-8"))
    damaged = read_snapshot(ENTRY_TEXT[:place] + other + ENTRY_TEXT[place + 1 :])
    cache = SummaryCache(
        {}, SharedCache(None), ttl=timedelta(seconds=30), terms=SourceTerms(), snapshot=damaged
    )
    cache.refresh(INVENTORY, COVERAGE, NOON + timedelta(minutes=1))
    assert cache.at_hand.asked_at == NOON + timedelta(minutes=1)


def test_two_versions_live_side_by_side(backend: SimpleCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """While an upgrade goes on, old and new workers each share their own, and neither goes without."""
    old, new = Told(), Told()
    before = [worker(old, backend) for _ in range(2)]
    refresh(before[0], 0)
    monkeypatch.setattr(summary_cache, "ENTRY", "summary.2")
    monkeypatch.setattr(summary_cache, "TURN", "turn.2")
    after = [worker(new, backend) for _ in range(2)]
    assert [refresh(cache, 1) is not None for cache in after] == [True, True]
    monkeypatch.undo()
    monkeypatch.setattr("cachelib.simple.time", lambda: NOON.timestamp() + LOOKED[0])
    assert [refresh(cache, 2) is not None for cache in before] == [True, True]
    assert (len(old.asked), len(new.asked)) == (1, 1)


class TestClocks:
    """Clocks jump, and two machines never have the same."""

    def test_one_that_was_set_back(self, backend: SimpleCache) -> None:
        """A look that seems to come from the future does not stop the next one."""
        source = Told()
        cache = worker(source, backend)
        refresh(cache, 3600)
        refresh(cache, 0)
        assert len(source.asked) == 2

    def test_a_word_of_the_future_is_not_fresh_for_ever(self, backend: SimpleCache) -> None:
        """After a clock was set back, what was heard before counts as if it had been heard now."""
        source = Told()
        cache = worker(source, backend)
        refresh(cache, 3600)
        source.error = "It does not answer"
        kept = refresh(cache, 0)
        assert kept is not None
        assert kept.fresh_until == NOON + timedelta(minutes=5)

    def test_a_word_from_a_machine_ahead(self, backend: SimpleCache) -> None:
        """What a machine with a fast clock has heard is fresh here for no longer than our own word."""
        refresh(worker(Told(), backend), 0, ahead=3600)
        cache, source = worker(Told(), backend), Told()
        here = refresh(cache, 1)
        assert here is not None
        assert here.written_at == NOON + timedelta(seconds=1)
        assert here.fresh_until == NOON + timedelta(seconds=301)
        assert source.asked == []

    @pytest.mark.parametrize("ahead", [-7200, -40, -3, 3, 40, 7200])
    def test_two_machines_ask_as_often_as_one(self, backend: SimpleCache, ahead: float) -> None:
        """However different their clocks, monitoring is asked once in a TTL, and both know what was said."""
        source = Told()
        here, there = worker(source, backend), worker(source, backend)
        for seconds in range(240):
            refresh(here, seconds)
            refresh(there, seconds + 0.5, ahead=ahead)
            if seconds == 120:
                source.state = State.MAJOR_OUTAGE
        assert 7 <= len(source.asked) <= 8
        for cache in (here, there):
            web = cache.at_hand.readings["nagios"].components["srv3"].checks["Web"]
            assert web.state is State.MAJOR_OUTAGE

    @pytest.mark.parametrize("ahead", [-120, 40, 7200])
    def test_a_watch_with_another_clock(self, backend: SimpleCache, ahead: float) -> None:
        """What it hears reaches the workers, who soon leave the asking to it."""
        theirs, its = Told(), Told()
        visitors, watch = worker(theirs, backend), worker(its, backend)
        refresh(visitors, 0)
        for seconds in range(35, 600, 5):
            refresh(watch, seconds, ahead=ahead, early=True)
            its.state = State.MAJOR_OUTAGE
            refresh(visitors, seconds + 1)
        assert len([asked for asked in theirs.asked if asked > NOON + timedelta(minutes=1)]) == 0
        web = visitors.at_hand.readings["nagios"].components["srv3"].checks["Web"]
        assert web.state is State.MAJOR_OUTAGE
        assert visitors.at_hand.readings["nagios"].fresh_until >= NOON + timedelta(seconds=600)

    def test_a_watch_whose_clock_is_far_behind(
        self, backend: SimpleCache, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Nobody can tell how old its word is: it counts as old, and the log says why, once."""
        visitors, watch = worker(Told(), backend), worker(Told(), backend)
        refresh(visitors, 0)
        for seconds in range(35, 600, 5):
            refresh(watch, seconds, ahead=-7200, early=True)
            refresh(visitors, seconds + 1)
        assert visitors.at_hand.readings["nagios"].fresh_until < NOON
        assert [r.getMessage() for r in caplog.records if "The clock of another machine" in r.message] != []
        assert caplog.text.count("The clock of another machine") == 2, "each of the two says so"


def test_a_cache_that_came_back_with_an_old_word(backend: SimpleCache) -> None:
    """What a worker heard while the cache was away is not undone by what lies there since before."""
    source = Told()
    cache, other = worker(source, backend), worker(source, backend)
    refresh(other, 0)
    old = backend.get(f"status_plugin.{ENTRY}")
    refresh(cache, 30)
    source.state = State.MAJOR_OUTAGE
    heard = refresh(cache, 60)
    backend.set(f"status_plugin.{ENTRY}", old)
    backend.set(f"status_plugin.{TURN}", "asking other.1 7", timeout=60)
    assert refresh(cache, 91) is heard


def test_an_entry_that_was_lost(backend: SimpleCache) -> None:
    """A new worker asks at once when the cache has kept whose turn it was and lost what was heard."""
    source = Told()
    refresh(worker(source, backend), 0)
    backend.delete(f"status_plugin.{ENTRY}")
    assert refresh(worker(source, backend), 1) is not None
    assert len(source.asked) == 2


def test_a_worker_that_slept_keeps_its_old_word_to_itself(backend: SimpleCache) -> None:
    """One that was stopped in the middle of asking does not overwrite what others have heard since."""
    old, new = Told(), Told(state=State.MAJOR_OUTAGE)
    sleeper, other = worker(old, backend), worker(new, backend)
    answer = old.read

    def sleep(now: datetime) -> Reading:
        LOOKED[0] = 600
        refresh(other, 600)
        return answer(now)

    old.read = sleep  # type: ignore[method-assign]
    refresh(sleeper, 0)
    seen = refresh(worker(Told(), backend), 601)
    assert seen is not None
    assert seen.components["srv3"].checks["Web"].state is State.MAJOR_OUTAGE


def test_memory_goes_on_from_worker_to_worker(backend: SimpleCache) -> None:
    """Since when something is so does not begin anew in another worker."""
    source = Told(state=State.MAJOR_OUTAGE)
    refresh(worker(source, backend), 0)
    other = worker(source, backend)
    refresh(other, 31)
    memory: Memory = other.at_hand.memory
    assert memory.since(State.MAJOR_OUTAGE, "srv3") == NOON
    assert [sighting.began for sighting in memory.sightings] == [NOON]


def test_a_hundred_threads_ask_once(backend: SimpleCache) -> None:
    """All the visitors of a bad moment together ask monitoring once."""
    source = Told()
    cache = worker(source, backend)
    threads = [threading.Thread(target=refresh, args=(cache, 0)) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(source.asked) == 1
