"""Monitoring at hand: asked by one worker at a time, kept when it cannot be read."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cachelib import FileSystemCache, SimpleCache

from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.words import State
from status_plugin.sources.monitors import SourceError
from status_plugin.sources.shared_cache import SharedCache
from status_plugin.sources.summary_cache import ENTRY, SummaryCache
from status_plugin.sources.summary_text import read_snapshot

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


def worker(source: Told, backend: object) -> SummaryCache:
    """A worker with its own copy, over what all share."""
    shared = SharedCache(backend)  # type: ignore[arg-type]
    return SummaryCache({"nagios": source}, shared, ttl=timedelta(seconds=30), timeout=timedelta(seconds=5))


def refresh(cache: SummaryCache, seconds: int) -> Reading | None:
    """What the worker knows after looking, some seconds after noon."""
    snapshot = cache.refresh(INVENTORY, COVERAGE, NOON + timedelta(seconds=seconds))
    return snapshot.readings.get("nagios")


def test_asked_again_only_after_the_ttl() -> None:
    """However often it is looked at, a source is asked once in a TTL."""
    source = Told()
    cache = worker(source, SimpleCache())
    for seconds in (0, 1, 29, 30, 59, 60):
        refresh(cache, seconds)
    assert [(asked - NOON).total_seconds() for asked in source.asked] == [0, 30, 60]


def test_who_comes_early_comes_first() -> None:
    """A watch that looks early asks, so that visitors find what it heard and never have to."""
    source, backend = Told(), SimpleCache()
    visitors, watch = worker(source, backend), worker(source, backend)
    for seconds in range(0, 200, 10):
        watch.refresh(INVENTORY, COVERAGE, NOON + timedelta(seconds=seconds), early=True)
        asked = len(source.asked)
        refresh(visitors, seconds + 9)
        assert len(source.asked) == asked
    assert len(source.asked) == 10


def test_workers_ask_once_between_them(tmp_path: Path) -> None:
    """What one worker has heard the others take over."""
    source, backend = Told(), FileSystemCache(str(tmp_path))
    workers = [worker(source, backend) for _ in range(4)]
    readings = [refresh(cache, seconds) for seconds, cache in enumerate(workers)]
    assert len(source.asked) == 1
    assert len({reading.written_at for reading in readings if reading}) == 1


def test_while_another_asks_the_old_word_stands() -> None:
    """A worker that finds the lock taken does not wait and does not ask."""
    source, backend = Told(), SimpleCache()
    cache = worker(source, backend)
    before = refresh(cache, 0)
    assert SharedCache(backend).lock("summary.lock", 60) is not None
    assert refresh(cache, 40) is before
    assert len(source.asked) == 1


def test_a_failed_reading_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The last good word stands; the failure is said once, without its private detail, and its end too."""
    source = Told()
    cache = worker(source, SimpleCache())
    before = refresh(cache, 0)
    source.error = "The file cannot be read."
    with caplog.at_level(logging.INFO):
        assert refresh(cache, 30) == before
        assert refresh(cache, 60) == before
        source.error = ""
        after = refresh(cache, 90)
    assert after is not None
    assert after.written_at == NOON + timedelta(seconds=90)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "The file cannot be read" in caplog.text
    assert "db7" not in caplog.text


def test_what_is_shared_is_text(tmp_path: Path) -> None:
    """The entry is JSON text that reads back as the same snapshot."""
    backend = FileSystemCache(str(tmp_path))
    cache = worker(Told(), backend)
    refresh(cache, 0)
    text = backend.get(f"status_plugin.{ENTRY}")
    assert isinstance(text, str)
    assert read_snapshot(text) == cache.at_hand


def test_an_entry_of_another_version_is_ignored() -> None:
    """What cannot be understood is asked for anew."""
    source, backend = Told(), SimpleCache()
    backend.set(f"status_plugin.{ENTRY}", '{"version": 0, "snapshot": {}}')
    assert refresh(worker(source, backend), 0) is not None
    assert len(source.asked) == 1


def test_a_clock_that_was_set_back() -> None:
    """A look that seems to come from the future does not stop the next one."""
    source = Told()
    cache = worker(source, SimpleCache())
    refresh(cache, 3600)
    refresh(cache, 0)
    assert len(source.asked) == 2


def test_memory_goes_on_from_worker_to_worker() -> None:
    """Since when something is so does not begin anew in another worker."""
    source, backend = Told(state=State.MAJOR_OUTAGE), SimpleCache()
    refresh(worker(source, backend), 0)
    other = worker(source, backend)
    refresh(other, 31)
    memory: Memory = other.at_hand.memory
    assert memory.since(State.MAJOR_OUTAGE, "srv3") == NOON
    assert [sighting.began for sighting in memory.sightings] == [NOON]


def test_a_hundred_threads_ask_once() -> None:
    """All the visitors of a bad moment together ask monitoring once."""
    source, backend = Told(), SimpleCache()
    cache = worker(source, backend)
    threads = [threading.Thread(target=refresh, args=(cache, 0)) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(source.asked) == 1
