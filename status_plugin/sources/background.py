"""Calls in threads of their own, for what may take longer than anybody can wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Background(Generic[_T]):
    """A call that goes on in a thread of its own, which does not keep the process from ending."""

    def __init__(self, call: Callable[[], _T], *, name: str) -> None:
        self._call = call
        self._outcome: Future[_T] = Future()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it still goes on; after a fork it does so in the parent alone."""
        return self._thread.is_alive() and not self._outcome.done()

    def result(self, seconds: float) -> _T:
        """What the call returned or raises; TimeoutError when it takes longer, and it goes on then."""
        return self._outcome.result(max(0.0, seconds))

    def _run(self) -> None:
        try:
            answer = self._call()
        except BaseException as error:
            self._outcome.set_exception(error)
        else:
            self._outcome.set_result(answer)
