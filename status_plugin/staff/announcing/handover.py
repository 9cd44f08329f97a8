"""The moment at which a message leaves this machine: until then nobody has it, from then on somebody may."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache


class Handover:
    """Calls `leaving` once, before the first byte of a message is given to a service.

    What `leaving` raises keeps the message here and is kept in `error`, since those who send take any
    error for a fault of the network.
    """

    def __init__(self, leaving: Callable[[], None]) -> None:
        self._leaving = leaving
        self.has_begun = False
        self.error: Exception | None = None

    def begin(self) -> None:
        """The message is about to leave."""
        if self.has_begun:
            return
        try:
            self._leaving()
        except Exception as error:
            self.error = error
            raise
        self.has_begun = True


_under_way: list[Handover] = []


@contextmanager
def handover(leaving: Callable[[], None]) -> Iterator[Handover]:
    """Watch over one message that is sent by HTTP or SMTP inside the block; one at a time in a process."""
    _listen()
    watched = Handover(leaving)
    _under_way.append(watched)
    try:
        yield watched
    finally:
        _under_way.remove(watched)


@cache
def _listen() -> None:
    """Python's own clients tell audit hooks before they send; a hook stays for as long as the process."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if not _under_way:
        return
    if event == "http.client.send" or (event == "smtplib.send" and _is_message(arguments[-1])):
        for watched in _under_way:
            watched.begin()


def _is_message(data: object) -> bool:
    """Whether the server is told that the message comes next; all before is about sender and recipient."""
    return isinstance(data, bytes) and data[:4].lower() == b"data"
