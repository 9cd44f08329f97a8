"""What all workers share, through Flask-Caching; when that fails, each worker keeps its own."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

KEY = "status_plugin."

_OWN_MEMORY = ("SimpleCache", "NullCache")


class CacheBackend(Protocol):
    """The part of a Flask-Caching backend that is used here."""

    def get(self, key: str) -> Any:
        """The value under a key, None when there is none."""

    def set(self, key: str, value: Any, timeout: int | None = None) -> Any:
        """Keep a value for some seconds."""

    def add(self, key: str, value: Any, timeout: int | None = None) -> Any:
        """Keep a value unless there is one already; whether it was kept."""

    def delete(self, key: str) -> Any:
        """Forget a value."""


class SharedCache:
    """Texts under names, and locks that outlive nobody.

    A backend that raises is replaced by this process's own memory for as long as it does, with one
    warning when that begins and one when it ends.
    """

    def __init__(self, backend: CacheBackend) -> None:
        self._backend = backend
        self._own: dict[str, str] = {}
        self._failing = False
        self._guard = threading.Lock()

    @property
    def is_shared(self) -> bool:
        """Whether other processes see what is kept here."""
        return type(self._backend).__name__ not in _OWN_MEMORY

    def get(self, name: str) -> str | None:
        """The text under a name, None when there is none."""
        value = self._try(lambda: self._backend.get(KEY + name), lambda: self._own.get(name))
        return value if isinstance(value, str) else None

    def set(self, name: str, text: str, seconds: int) -> None:
        """Keep a text for some seconds."""
        self._own[name] = text
        self._try(lambda: self._backend.set(KEY + name, text, timeout=seconds), lambda: None)

    def lock(self, name: str, seconds: int) -> str | None:
        """Take a lock that ends by itself after some seconds: its key, or None when another holds it."""
        mine = secrets.token_hex(8)
        return self._try(lambda: self._lock(KEY + name, mine, seconds), lambda: mine)

    def unlock(self, name: str, mine: str) -> None:
        """Give a lock back, unless it has ended and is another's by now."""
        self._try(lambda: self._unlock(KEY + name, mine), lambda: None)

    def _lock(self, key: str, mine: str, seconds: int) -> str | None:
        if self._backend.add(key, mine, timeout=seconds):
            return mine
        if self._backend.get(key) is not None:
            return None
        # Some backends refuse to add over an entry that has expired but was not yet swept away.
        self._backend.set(key, mine, timeout=seconds)
        return mine if self._backend.get(key) == mine else None

    def _unlock(self, key: str, mine: str) -> None:
        if self._backend.get(key) == mine:
            self._backend.delete(key)

    def _try(self, ask: Callable[[], T], otherwise: Callable[[], T]) -> T:
        try:
            answer = ask()
        except Exception as error:  # a cache server can fail in any way its client library knows
            self._report(failing=True, reason=type(error).__name__)
            return otherwise()
        self._report(failing=False, reason="")
        return answer

    def _report(self, *, failing: bool, reason: str) -> None:
        with self._guard:
            if failing is self._failing:
                return
            self._failing = failing
        if failing:
            log.warning("The cache does not answer (%s); each worker keeps its own memory for now.", reason)
        else:
            log.warning("The cache answers again.")
