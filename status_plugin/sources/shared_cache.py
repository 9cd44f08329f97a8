"""What all workers share, through Flask-Caching; when that fails, each worker goes on alone."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from cachelib import FileSystemCache

from status_plugin.sources.background import Background

log = logging.getLogger(__name__)

T = TypeVar("T")

KEY = "status_plugin."

PATIENCE = 1.0
"""Seconds that the cache may take for an answer."""

PAUSE = 5.0
"""Seconds for which a cache that failed is left alone."""

KEEPS_NOTHING = "it keeps nothing"
"""All that some client libraries let one know of a server that is away."""

_OWN_MEMORY = ("SimpleCache", "NullCache")


class CacheSettingError(ValueError):
    """A cache that can never work as it is configured; the message repeats no value."""


class CacheBackend(Protocol):
    """The part of a Flask-Caching backend that is used here."""

    def get(self, key: str) -> Any:
        """The value under a key, None when there is none."""

    def set(self, key: str, value: Any, timeout: int | None = None) -> Any:
        """Keep a value for some seconds; False when it was not kept."""

    def add(self, key: str, value: Any, timeout: int | None = None) -> Any:
        """Keep a value unless there is one already; whether it was kept."""


class CacheFaultError(Exception):
    """A cache that does not do what it should; the message is a clause that may be told."""


def is_shared(kind: str) -> bool:
    """Whether what a backend of this CACHE_TYPE keeps reaches other processes."""
    return kind.rpartition(".")[2] not in _OWN_MEMORY


class SharedCache:
    """Asks the cache that workers share, never for long, and knows when it does not work.

    While it does not, all that is asked of it is answered with None, at once but for one look now and
    then. One warning says when that begins and one when it ends. It belongs behind the visitors'
    backs: an answer may take PATIENCE seconds. Where `open_backend` is None each process has only its
    own memory, and every answer is None.
    """

    def __init__(
        self,
        open_backend: Callable[[], CacheBackend] | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_backend = open_backend
        self._clock = clock
        self._backend: CacheBackend | None = None
        self._opened_by: int | None = None
        self._call: Background[Any] | None = None
        self._away_until: float | None = None
        self._is_failing = False
        self._last: dict[str, str] = {}
        self._guard = threading.Lock()

    @property
    def is_shared(self) -> bool:
        """Whether other processes see what is kept here."""
        return self._open_backend is not None

    def open(self) -> None:
        """Open the backend; raises CacheSettingError, while one that is merely away is tried again later."""
        self.ask(lambda backend: None)

    def news(self, name: str) -> str | None:
        """The text under a name, None when there is none or it is the one that was there last."""

        def read(backend: CacheBackend) -> str | None:
            found = backend.get(KEY + name)
            return found if isinstance(found, str) and found != self._last.get(name) else None

        text = self.ask(read, proves=True)
        if text is not None:
            self._last[name] = text
        return text

    def keep(self, name: str, text: str, seconds: int) -> None:
        """Keep a text for some seconds, if the cache works."""

        def write(backend: CacheBackend) -> bool:
            if backend.set(KEY + name, text, timeout=seconds) is False:
                raise CacheFaultError(KEEPS_NOTHING)
            return True

        if self.ask(write, proves=True):
            self._last[name] = text

    def ask(self, question: Callable[[CacheBackend], T | None], *, proves: bool = False) -> T | None:
        """What the backend answers, None when it has no answer or does not work.

        `proves` says that any answer but None shows that the cache works again.
        """
        with self._guard:
            if self._open_backend is None or self._is_left_alone():
                return None
            open_backend = self._open_backend
            call = Background(lambda: question(self._opened(open_backend)), name="status-cache")
            self._call = call
            try:
                answer = call.result(PATIENCE)
            except CacheSettingError:
                raise
            except Exception as error:  # a cache can fail in any way its client library knows
                self._fails(_reason(error))
                return None
            if proves and answer is not None:
                self._works()
            return answer

    def _opened(self, open_backend: Callable[[], CacheBackend]) -> CacheBackend:
        """The backend of this process: a connection does not survive a fork, nor a failure."""
        backend = self._backend
        if backend is None or self._opened_by != os.getpid():
            backend = self._backend = open_backend()
            self._opened_by = os.getpid()
        _check_folder(backend)
        return backend

    def _is_left_alone(self) -> bool:
        if self._call is not None and self._call.is_running:
            return True
        return self._away_until is not None and self._clock() < self._away_until

    def _fails(self, reason: str) -> None:
        self._backend = None
        self._away_until = self._clock() + PAUSE
        if not self._is_failing:
            self._is_failing = True
            log.warning(
                "The shared cache does not work (%s); each worker asks monitoring for itself until it does.",
                reason,
            )

    def _works(self) -> None:
        self._away_until = None
        if self._is_failing:
            self._is_failing = False
            log.warning("The shared cache works again.")


def _check_folder(backend: CacheBackend) -> None:
    """Find out what FileSystemCache would tell nobody, or would put into the log again and again."""
    if isinstance(backend, FileSystemCache) and not os.access(backend._path, os.R_OK | os.W_OK | os.X_OK):
        raise CacheFaultError("its folder is not there, or cannot be written to")


def _reason(error: Exception) -> str:
    """What went wrong, in public: the message of a client library may name hosts and passwords."""
    if isinstance(error, CacheFaultError):
        return str(error)
    return "it does not answer in time" if isinstance(error, TimeoutError) else type(error).__name__
