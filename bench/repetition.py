"""Something that happens again and again beside what is measured."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def repeating(act: Callable[[], object], every: float) -> Iterator[None]:
    """Do something every so many seconds, in a thread of its own, for as long as the context is open."""
    done = threading.Event()

    def act_until_done() -> None:
        while not done.wait(every):
            act()

    thread = threading.Thread(target=act_until_done)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
