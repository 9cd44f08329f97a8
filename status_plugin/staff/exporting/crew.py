"""Several processes that make the pages of a copy, each its share."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from status_plugin.staff.exporting.pages import CopiedPage
from status_plugin.staff.exporting.problem import ExportError, StoppedError
from status_plugin.staff.exporting.workshop import Made, Workshop

WORTH_IT = 200
"""From how many pages on another process saves more time than its start costs."""

_AT_A_TIME = 25

Job = tuple[CopiedPage, str]
"""A page and the digest of what it is made of."""


def processors() -> int:
    """How many processes can work at the same time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def make_pages(
    workshop: Workshop,
    jobs: Sequence[Job],
    processes: int,
    stop: threading.Event | None,
    progress: Callable[[int], None],
) -> list[Made]:
    """Make the pages; `progress` is told of every few more. Raises StoppedError when `stop` is set."""
    processes = min(processes, len(jobs) // WORTH_IT)
    # What is there stays: looking through ten thousand notes for garbage takes a quarter of the time.
    gc.freeze()
    try:
        return _made(workshop, jobs, processes, stop, progress)
    finally:
        gc.unfreeze()


def _made(
    workshop: Workshop,
    jobs: Sequence[Job],
    processes: int,
    stop: threading.Event | None,
    progress: Callable[[int], None],
) -> list[Made]:
    made: list[Made] = []

    def done(some: list[Made]) -> None:
        made.extend(some)
        progress(len(some))
        if stop is not None and stop.is_set():
            raise StoppedError

    if processes < 2 or not hasattr(os, "fork"):
        _work(workshop, jobs, done)
    else:
        _share_out(workshop, [jobs[number::processes] for number in range(processes)], done)
    return made


def _work(workshop: Workshop, jobs: Sequence[Job], done: Callable[[list[Made]], None]) -> None:
    for first in range(0, len(jobs), _AT_A_TIME):
        done([workshop.make(page, digest) for page, digest in jobs[first : first + _AT_A_TIME]])


def _share_out(
    workshop: Workshop, shares: Sequence[Sequence[Job]], done: Callable[[list[Made]], None]
) -> None:
    forking = multiprocessing.get_context("fork")
    pipes = [forking.Pipe(duplex=False) for _ in shares]
    ours = [end for end, _ in pipes]
    workers = [
        forking.Process(target=_worker, args=(workshop, share, end, ours), daemon=True)
        for share, (_, end) in zip(shares, pipes, strict=True)
    ]
    try:
        with warnings.catch_warnings():
            # Nothing that a thread of ours may hold is needed for making pages.
            warnings.simplefilter("ignore", DeprecationWarning)
            for worker in workers:
                worker.start()
        for _, end in pipes:
            end.close()
        _collect(ours, done)
    finally:
        for worker in workers:
            if worker.pid is not None:
                worker.kill()
                worker.join()
        for end in ours:
            end.close()


def _collect(ends: Sequence[Connection[Any, Any]], done: Callable[[list[Made]], None]) -> None:
    working = list(ends)
    while working:
        for ready in wait(working):
            end = cast("Connection[Any, Any]", ready)
            try:
                told = end.recv()
            except EOFError:
                raise ExportError("A process that made pages has ended. The copy is as it was.") from None
            if told is None:
                working.remove(end)
            elif isinstance(told, str):
                raise ExportError(told)
            else:
                done(told)


def _worker(
    workshop: Workshop,
    share: Sequence[Job],
    end: Connection[Any, Any],
    others: Sequence[Connection[Any, Any]],
) -> None:
    """Make a share; ends at once when nobody listens any more."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for other in others:
        other.close()
    workshop.let_go()
    try:
        _work(workshop, share, end.send)
        end.send(None)
    except BrokenPipeError:
        return
    except ExportError as error:
        end.send(f"{error}")
    except OSError as error:
        end.send(f"The copy cannot be written: {error.strerror}.")
