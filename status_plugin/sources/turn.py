"""Whose turn it is to ask monitoring: one process's at a time, of all that share a cache."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil

from cachelib import FileSystemCache

from status_plugin.sources.shared_cache import KEEPS_NOTHING, KEY, CacheBackend, CacheFaultError, SharedCache

try:
    import fcntl
except ImportError:  # there is none on Windows
    fcntl = None  # type: ignore[assignment]

ASKING, RESTING = "asking", "resting"

SETTLING = 0.05
"""Seconds after which it is clear who of several came last."""


class Turn:
    """The turn of this process, kept as a text in the cache: what its holder does, and who that is.

    A holder that dies or hangs holds nobody up for longer than `longest`: the text ends by itself
    there, and where it does not (no two clocks agree, and Redis is told the end a moment later than
    the text) others see it stand still for that long by their own clock. After asking, the turn rests
    with its holder until `rest` has passed since it was taken: until then nobody else need ask.
    `clock` tells seconds and never runs back.
    """

    def __init__(
        self,
        shared: SharedCache,
        name: str,
        *,
        longest: timedelta,
        rest: timedelta,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._key = KEY + name
        self._seconds = {ASKING: longest.total_seconds(), RESTING: rest.total_seconds()}
        self._clock = clock
        self._token = secrets.token_hex(8)
        self._taken = 0
        self._began = 0.0
        self._seen = ("", 0.0)

    def take(self, *, urgent: bool = False) -> bool:
        """Whether it is this process's turn now; who is `urgent` does not mind another's rest.

        A cache that does not work leaves each process to itself.
        """
        began = self._clock()
        self._taken += 1
        taken = self._shared.ask(lambda backend: self._take(backend, urgent=urgent))
        if taken is False:
            return False
        self._began = began
        return True

    @property
    def lasts(self) -> bool:
        """Whether it has not been given to another meanwhile, because it took too long."""
        return self._clock() < self._began + self._seconds[ASKING]

    def rest(self) -> None:
        """Stop asking, and let nobody else ask before it is time."""
        left = self._began + self._seconds[RESTING] - self._clock()
        self._shared.ask(lambda backend: self._rest(backend, max(1, ceil(left))))

    @property
    def _me(self) -> str:
        # Workers that were forked from one process have its token.
        return f"{self._token}.{os.getpid()}"

    def _text(self, state: str) -> str:
        # No two turns are alike, or one after the other would look like one that stands still.
        return f"{state} {self._me} {self._taken}"

    def _take(self, backend: CacheBackend, *, urgent: bool) -> bool:
        mine, seconds = self._text(ASKING), ceil(self._seconds[ASKING])
        with _one_at_a_time(backend) as alone:
            if not backend.add(self._key, mine, timeout=seconds):
                if self._is_anothers(backend.get(self._key), urgent=urgent):
                    return False
                backend.set(self._key, mine, timeout=seconds)
            if not alone:
                time.sleep(SETTLING)
            found = backend.get(self._key)
        if found is None:
            raise CacheFaultError(KEEPS_NOTHING)
        return bool(found == mine)

    def _rest(self, backend: CacheBackend, seconds: int) -> None:
        if backend.get(self._key) == self._text(ASKING):
            backend.set(self._key, self._text(RESTING), timeout=seconds)

    def _is_anothers(self, found: object, *, urgent: bool) -> bool:
        words = found.split() if isinstance(found, str) else []
        if len(words) != 3 or words[0] not in self._seconds or words[1] == self._me:
            return False
        if urgent and words[0] == RESTING:
            return False
        if self._seen[0] != found:
            self._seen = (str(found), self._clock())
        return self._clock() < self._seen[1] + self._seconds[words[0]]


@contextmanager
def _one_at_a_time(backend: CacheBackend) -> Iterator[bool]:
    """Let one process at a time through where a backend looks first and writes then; whether it did."""
    if fcntl is None or not isinstance(backend, FileSystemCache):
        yield False
        return
    folder = os.open(backend._path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield True
    finally:
        os.close(folder)
