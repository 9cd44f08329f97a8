"""Several workers behind a real gunicorn: who asks, who waits, and what visitors see when something dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cache_servers import KINDS, Files, Server, eventually, redis_server, shared_kind
from site_server import SECONDS, TIMEOUT, TTL, Monitor, Site, Visitors, served, site_of

BROKEN = "The shared cache does not work"
MENDED = "The shared cache works again"


LONGEST = 2 * TIMEOUT + 1 + SECONDS["sources.summary_cache.GRACE"] + SECONDS["sources.summary_cache.AROUND"]
"""Seconds that a turn lasts at the longest, with the settings of these sites."""


@pytest.fixture(scope="module", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """Three workers, never restarted, with every kind of cache that can be shared."""
    folder = tmp_path_factory.mktemp(request.param)
    with (
        shared_kind(request.param, folder) as cache,
        Monitor() as monitor,
        served(folder, monitor, cache.config) as site,
    ):
        yield Shared(cache, monitor, site)


@dataclass
class Shared:
    """A site, the cache of its workers, and what they ask."""

    cache: Files | Server
    monitor: Monitor
    site: Site

    @contextmanager
    def visited(self) -> Iterator[Visitors]:
        """All is well, and visitors come; at the end none of them has seen a fault."""
        self.monitor.state = "operational"
        self.monitor.go_on()
        with Visitors(self.site) as visitors:
            visitors.see("operational")
            yield visitors
        assert visitors.faults == []

    def asks_in(self, seconds: float) -> tuple[int, float]:
        """How often monitoring is asked in about so many seconds, and in how many that was."""
        before, begun = len(self.monitor.questions), time.monotonic()
        eventually(lambda: time.monotonic() > begun + seconds, "the clock stands still")
        return len(self.monitor.questions) - before, time.monotonic() - begun

    def new_words(self, words: str) -> Callable[[], int]:
        """How often the workers will have said something from now on."""
        before = self.site.server.said.count(words)
        return lambda: self.site.server.said.count(words) - before


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    """A monitor that answers at once."""
    with Monitor() as found:
        yield found


def test_all_workers_together_ask_once_in_a_ttl(shared: Shared) -> None:
    """However many workers and visitors, monitoring is asked once in a TTL, and all know what it said."""
    broken = shared.new_words(BROKEN)
    with shared.visited() as visitors:
        asked, seconds = shared.asks_in(2)
        assert 1 <= asked <= seconds / TTL + 1
        shared.monitor.state = "major_outage"
        visitors.see("major_outage")
        shared.site.visit_every_worker(3, "major_outage")
    assert broken() == 0


def test_a_worker_that_is_killed_while_it_asks(shared: Shared) -> None:
    """Visitors keep getting the last word, and another worker asks when the turn of the dead is over."""
    with shared.visited() as visitors:
        shared.monitor.hang()
        killed, _ = shared.monitor.next_question()
        os.kill(killed, signal.SIGKILL)
        died, before = time.monotonic(), len(visitors.answers)
        other, asked = shared.monitor.next_question()
        assert other != killed
        assert asked - died < 3 * (LONGEST + 1)
        during = visitors.answers[before:]
        assert len(during) > 20
        assert {answer.state for answer in during} == {"operational"}
        shared.monitor.state = "major_outage"
        shared.monitor.go_on()
        visitors.see("major_outage")
        shared.site.visit_every_worker(3, "major_outage")


@pytest.mark.parametrize("shared", KINDS[1:], indirect=True)
def test_a_cache_that_breaks_down_and_comes_back(shared: Shared) -> None:
    """Each worker asks for itself meanwhile and says so once; then they share again, by themselves."""
    broken, mended = shared.new_words(BROKEN), shared.new_words(MENDED)
    with shared.visited() as visitors:
        shared.cache.break_down()
        eventually(lambda: broken() == 3, "not all workers notice")
        shared.monitor.state = "major_outage"
        asked = len(shared.monitor.questions)
        visitors.see("major_outage")
        eventually(lambda: len(shared.monitor.asked_by(asked)) == 3, "not all workers ask for themselves")
        shared.cache.mend()
        eventually(lambda: mended() == 3, f"not all workers notice: {shared.site.server.said}")
        shared.monitor.state = "operational"
        visitors.see("operational")
        asked, seconds = shared.asks_in(2)
        assert asked <= seconds / TTL + 1
    assert (broken(), mended()) == (3, 3)
    assert "Traceback" not in shared.site.server.said


@pytest.mark.parametrize("shared", KINDS[1:], indirect=True)
def test_a_cache_that_hangs(shared: Shared) -> None:
    """While it takes connections and says nothing, visitors get their answers and monitoring is asked."""
    assert isinstance(shared.cache, Server)
    mended = shared.new_words(MENDED)
    with shared.visited() as visitors:
        shared.cache.hang()
        shared.monitor.state = "major_outage"
        visitors.see("major_outage")
        shared.site.visit_every_worker(3, "major_outage")
        assert shared.cache.is_hanging
        shared.cache.go_on()
        eventually(lambda: mended() == 3, f"not all workers notice: {shared.site.server.said}")


@pytest.mark.system("redis")
def test_a_cache_that_is_away_at_the_start(monitor: Monitor, tmp_path: Path) -> None:
    """The site starts without its Redis, shows what monitoring says, and finds Redis when it is there."""
    redis = redis_server(tmp_path)
    try:
        with served(tmp_path, monitor, redis.config) as site:
            assert {site.visit().state for _ in range(20)} == {"operational"}
            with Visitors(site) as visitors:
                site.server.says(BROKEN, 3)
                redis.start()
                site.server.says(MENDED, 3)
                visitors.see("operational")
            assert visitors.faults == []
            assert str(redis.config["CACHE_REDIS_URL"]) not in site.server.said
    finally:
        redis.break_down()


def test_a_monitor_that_hangs(monitor: Monitor, tmp_path: Path) -> None:
    """Nobody waits for it, not even the first visitor of each worker, while it certainly has not answered.

    Before there is any word the page says that it does not know; then the last word stands.
    """
    cache = Files(tmp_path / "cache").config
    monitor.hang()
    with served(tmp_path, monitor, cache, preload=False, STATUS_MONITOR_TIMEOUT=60) as site:
        assert site.visit().state == "unknown"
        site.visit_every_worker(3, "unknown")
        assert len(monitor.hanging) == len(monitor.questions) == 1
        monitor.go_on()
        site.visit_every_worker(3, "operational")
        monitor.hang()
        with Visitors(site) as visitors:
            eventually(lambda: monitor.hanging, "nobody asks")
            before = len(visitors.answers)
            eventually(lambda: len(visitors.answers) > before + 200, "visitors wait")
            assert monitor.hanging
        assert {answer.state for answer in visitors.answers} == {"operational"}
        assert visitors.faults == []


class TestWatch:
    """`flask status watch` in a process of its own."""

    def test_workers_never_ask(self, monitor: Monitor, tmp_path: Path) -> None:
        """While it runs it alone asks; when it is killed the workers do; when it is back it does again."""
        cache = Files(tmp_path / "cache").config
        with (
            served(tmp_path, monitor, cache, workers=2, STATUS_MONITOR_TTL=2) as site,
            Visitors(site, 1) as visitors,
        ):
            visitors.see("operational")
            watch = site.watch()
            eventually(lambda: watch.process.pid in monitor.asked_by(), "the watch does not ask")
            asked = len(monitor.questions)
            monitor.state = "major_outage"
            visitors.see("major_outage")
            watch.says("Srv3 is offline (monitoring answers)")
            eventually(lambda: len(monitor.questions) >= asked + 3, "the watch does not go on")
            assert monitor.asked_by(asked) == {watch.process.pid}
            os.kill(watch.process.pid, signal.SIGKILL)
            asked = len(monitor.questions)
            monitor.state = "operational"
            visitors.see("operational")
            assert watch.process.pid not in monitor.asked_by(asked)
            again = site.watch()
            eventually(lambda: again.process.pid in monitor.asked_by(), "the new watch does not ask")
            asked = len(monitor.questions)
            eventually(lambda: len(monitor.questions) >= asked + 3, "the new watch does not go on")
            assert monitor.asked_by(asked) == {again.process.pid}
            assert visitors.faults == []

    def test_it_outlives_a_monitor_that_hangs(self, monitor: Monitor, tmp_path: Path) -> None:
        """It goes on looking, says when nothing is known any more, and when it is again."""
        cache = Files(tmp_path / "cache").config
        with site_of(tmp_path, monitor, cache, STATUS_MONITOR_MAX_AGE=2) as site:
            watch = site.watch()
            watch.says("All monitored systems operational (monitoring answers)")
            monitor.hang()
            watch.says("Monitoring source asked: It does not answer; its last good word stands")
            watch.says("(no facts from monitoring)")
            monitor.go_on()
            watch.says("All monitored systems operational (monitoring answers)", 2)
            assert watch.process.poll() is None

    @pytest.mark.system("redis")
    def test_it_outlives_its_cache(self, monitor: Monitor, tmp_path: Path) -> None:
        """While Redis is away it says so, goes on looking, and shares again when Redis is back."""
        with (
            shared_kind("redis", tmp_path) as redis,
            served(tmp_path, monitor, redis.config, workers=2) as site,
        ):
            watch = site.watch()
            watch.says("All monitored systems operational (monitoring answers)")
            redis.break_down()
            watch.says(BROKEN)
            monitor.state = "major_outage"
            watch.says("Srv3 is offline (monitoring answers)")
            site.visit_every_worker(2, "major_outage")
            redis.mend()
            watch.says(MENDED)
            asked = len(monitor.questions)
            monitor.state = "operational"
            site.visit_every_worker(2, "operational")
            eventually(lambda: watch.process.pid in monitor.asked_by(asked), "the watch does not ask")
            assert watch.process.poll() is None
