"""Renewals: what brings the station up to date behind the visitors' backs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

RENEWED_EVERY = timedelta(seconds=1)
FIRST_SUMMARY_WAIT = timedelta(seconds=1)

LOOK_SOON = 0.002
"""Seconds after which is looked again whether what is at hand elsewhere has come."""

LOOK_AGAIN = 0.05
"""Seconds after which is looked again whether the first word has come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """A thread that brings everything up to date; `started` is on the monotonic clock, in seconds."""

    thread: threading.Thread
    asked_at: datetime
    started: float

    @property
    def waiting_left(self) -> float:
        """Seconds that somebody without any word may still wait for it; none below zero."""
        return self.started + FIRST_SUMMARY_WAIT.total_seconds() - time.monotonic()

    def is_recent(self, now: datetime) -> bool:
        """Whether it began so shortly before that another would find nothing new."""
        return self.asked_at <= now < self.asked_at + RENEWED_EVERY


class Renewals:
    """One renewal at a time: a thread that calls `renew`, and what those wait for who have no word.

    `has_word` tells whether there is something to show, or it is known that there will not be.
    """

    def __init__(self, renew: Callable[[], object], has_word: Callable[[], bool]) -> None:
        self._renew = renew
        self._has_word = has_word
        self._latest: Renewal | None = None
        self._starting = threading.Lock()

    def start(self, now: datetime) -> None:
        """Begin a renewal, unless there is one or has just been one; never waits."""
        with self._starting:
            latest = self._latest
            if latest is not None and (latest.thread.is_alive() or latest.is_recent(now)):
                return
            thread = threading.Thread(target=self._renew_quietly, name="status-renewal", daemon=True)
            self._latest = Renewal(thread=thread, asked_at=now, started=time.monotonic())
            thread.start()

    def wait_for_a_word(self) -> None:
        """Wait for the renewal, but not for one that has been at it for longer than anybody should wait."""
        latest = self._latest
        while latest is not None and latest.thread.is_alive() and not self._has_word():
            if latest.waiting_left <= 0:
                return
            latest.thread.join(min(LOOK_AGAIN, latest.waiting_left))

    def wait_until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until the renewal under way has brought something about, for so many seconds at the most."""
        latest, until = self._latest, time.monotonic() + seconds
        while latest is not None and latest.thread.is_alive() and not holds():
            if time.monotonic() >= until:
                return
            latest.thread.join(LOOK_SOON)

    def _renew_quietly(self) -> None:
        try:
            self._renew()
            latest = self._latest
            # Another worker may be asking at this moment: its word is soon to be had.
            while latest is not None and latest.waiting_left > 0 and not self._has_word():
                time.sleep(LOOK_AGAIN)
                self._renew()
        except Exception:
            log.exception("The status page could not be renewed; what is at hand stands until it ages.")
