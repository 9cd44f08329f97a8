"""Whose turn it is to ask monitoring: one process's at a time, whatever becomes of its holder."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cache_servers import KINDS, Files, Server, eventually, opened, shared_kind
from cachelib import SimpleCache

from status_plugin.sources import turn
from status_plugin.sources.shared_cache import SharedCache
from status_plugin.sources.turn import Turn

KEY = "status_plugin.turn"


class Clock:
    """A clock in seconds that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Files | Server]:
    """Every kind of cache that can be shared."""
    with shared_kind(request.param, tmp_path) as found:
        yield found


def process(kind: Files | Server, *, longest: float = 60, rest: float = 30, clock: Any = None) -> Turn:
    """What one process knows of the turn."""
    options = {"clock": clock} if clock else {}
    return Turn(
        SharedCache(lambda: opened(kind.config)),
        "turn",
        longest=timedelta(seconds=longest),
        rest=timedelta(seconds=rest),
        **options,
    )


def test_one_at_a_time(kind: Files | Server) -> None:
    """While one process asks, no other does; when it has, not before it is time again."""
    one, other = process(kind), process(kind)
    assert one.take()
    assert not other.take()
    one.rest()
    assert not other.take()
    assert not other.take(), "however often it tries"


def test_of_many_at_the_same_moment_one(kind: Files | Server) -> None:
    """However close together they come, exactly one gets it: the first time, and after an end."""
    for number in range(4):
        # A file ends with a whole second of the clock: of a single second next to nothing may be left.
        processes = [process(kind, longest=2) for _ in range(8)]
        for each in processes:
            each._key = f"{KEY}.{number // 2}"
        if number % 2:
            # The first round's end is near: what a file says has ended must not be taken by two.
            eventually(lambda: opened(kind.config).get(f"{KEY}.{number // 2}") is None, "no end")  # noqa: B023
        start, got = threading.Barrier(len(processes)), []

        def take(each: Turn, start: threading.Barrier = start, got: list[bool] = got) -> None:
            start.wait()
            got.append(each.take())

        threads = [threading.Thread(target=take, args=(each,)) for each in processes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == [False] * 7 + [True]


def test_who_asked_last_may_ask_again(kind: Files | Server) -> None:
    """A turn rests with its holder, so that a watch that comes early keeps it for good."""
    watch, worker = process(kind), process(kind)
    for _ in range(3):
        assert watch.take()
        assert not worker.take()
        watch.rest()
        assert not worker.take()


def test_who_knows_nothing_does_not_wait_for_a_rest(kind: Files | Server) -> None:
    """A process without any word asks although another has just done so, but not while it does."""
    one, other = process(kind), process(kind)
    assert one.take()
    assert not other.take(urgent=True)
    one.rest()
    assert other.take(urgent=True)


def test_a_rest_ends(kind: Files | Server) -> None:
    """When the time of rest is over anybody may ask."""
    one, other = process(kind, rest=1), process(kind, rest=1)
    assert one.take()
    one.rest()
    eventually(other.take, "the rest does not end", seconds=10)


def test_a_holder_that_dies(kind: Files | Server) -> None:
    """It holds nobody up for longer than the longest turn."""
    one, other = process(kind, longest=1), process(kind, longest=1)
    assert one.take()
    assert not other.take()
    eventually(other.take, "the turn of the dead does not end", seconds=10)


@pytest.mark.parametrize(("state", "seconds"), [("asking", 60), ("resting", 30)])
def test_a_turn_that_the_cache_never_ends(kind: Files | Server, state: str, seconds: float) -> None:
    """Redis learns of the end a moment after the turn, and clocks run back: it ends all the same.

    Others see it stand still for its time, by their own clock.
    """
    opened(kind.config).set(KEY, f"{state} somebody.1 7", timeout=30 * 86400)
    clock = Clock()
    other = process(kind, clock=clock)
    assert not other.take()
    clock.now += seconds - 1
    assert not other.take()
    clock.now += 2
    assert other.take()


def test_turn_after_turn(kind: Files | Server) -> None:
    """Who sees one turn after the other, for however long, does not think that one stands still."""
    clock = Clock()
    other = process(kind, clock=clock)
    for number in range(4):
        opened(kind.config).set(KEY, f"asking somebody.1 {number}", timeout=30 * 86400)
        assert not other.take()
        clock.now += 50


@pytest.mark.parametrize("garbage", ["", "asking", "0", "lock", '{"a": 1}', "x" * 5000, {"a": 1}, 17])
def test_garbage_is_nobodys_turn(kind: Files | Server, garbage: Any) -> None:
    """What somebody else left under our name is taken over at once, by one."""
    opened(kind.config).set(KEY, garbage, timeout=3600)
    one, other = process(kind), process(kind)
    assert one.take()
    assert not other.take()


def test_one_that_took_too_long(kind: Files | Server) -> None:
    """A holder that slept through its time knows, and does not disturb the next with its rest."""
    clock = Clock()
    one, other = process(kind, clock=clock), process(kind)
    assert one.take()
    assert one.lasts
    clock.now += 61
    assert not one.lasts
    opened(kind.config).set(KEY, f"asking {other._me} 1", timeout=60)
    one.rest()
    assert opened(kind.config).get(KEY) == f"asking {other._me} 1"


def test_workers_of_one_parent_are_different(kind: Files | Server) -> None:
    """A server that loads the site before it forks its workers has as many turns as workers."""
    parent = process(kind)
    assert parent.take()
    child = os.fork()
    if child == 0:
        os._exit(0 if parent.take() is False else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_cache_that_forgets_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """Where memcached's clock is ahead of ours, what ends soon has ended: nothing can be shared."""
    backend = SimpleCache()
    backend.get = lambda key: None  # type: ignore[method-assign]
    alone = Turn(
        SharedCache(lambda: backend), "turn", longest=timedelta(seconds=9), rest=timedelta(seconds=9)
    )
    assert alone.take()
    assert "The shared cache does not work (it keeps nothing)" in caplog.text


def test_the_second_of_two_where_nothing_is_atomic(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that lets two add at the same moment has one that came last, and that one asks."""
    backend = SimpleCache()
    both = threading.Barrier(2)

    def add(key: str, value: str, timeout: int) -> bool:
        both.wait()
        return bool(backend.set(key, value, timeout))

    backend.add = add  # type: ignore[method-assign,assignment]
    monkeypatch.setattr(turn, "SETTLING", 0.2)
    got: list[bool] = []
    turns = [
        Turn(SharedCache(lambda: backend), "turn", longest=timedelta(seconds=9), rest=timedelta(seconds=9))
        for _ in range(2)
    ]
    threads = [threading.Thread(target=lambda each=each: got.append(each.take())) for each in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, True]
