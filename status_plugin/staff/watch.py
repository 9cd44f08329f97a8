"""`flask status watch`: asks monitoring without visitors, so that the page is never the first to wait."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from status_plugin.web.state import PluginState
from status_plugin.web.times import Times

log = logging.getLogger(__name__)


def watch(state: PluginState, every: timedelta, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Look again and again until `stop` is set, and say what is seen whenever it changes.

    A look that takes longer than `every` is followed by the next at once.
    """
    said = ""
    while not stop.is_set():
        next_look = time.monotonic() + every.total_seconds()
        line = _look(state)
        if line != said:
            said = line
            now = state.station.now()
            say(f"{Times(zone=state.settings.timezone, now=now).full(now)}  {line}")
        stop.wait(max(0.0, next_look - time.monotonic()))


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _look(state: PluginState) -> str:
    """What the page says now; a fault is said too, and the watch goes on."""
    try:
        board = state.station.renew(early=True).board
    except Exception as error:
        log.debug("The watch could not look.", exc_info=True)
        return f"The page could not be renewed ({type(error).__name__}); looking again."
    facts = "no facts from monitoring" if board.facts_at is None else "monitoring answers"
    return f"{board.overall.text} ({facts})"
