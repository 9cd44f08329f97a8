"""A monitor's Livestatus that answers as a test says, and has every fault that such things have."""

from __future__ import annotations

import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from faulty_server import DRIP, MEBIBYTE
from loopback_server import LoopbackServer

Answerer = Callable[[str], bytes]
"""Takes a question without the empty line that ends it; the answer with its head."""

Fault = Callable[[socket.socket, bytes], None]
"""Does its worst on a connection, given what the right answer would be."""


def answer_of(body: bytes, status: int = 200) -> bytes:
    """A body behind the head that `ResponseHeader: fixed16` asks for."""
    return b"%03d %11d\n" % (status, len(body)) + body


class LivestatusServer(LoopbackServer):
    """Answers every question on a connection of its own, until it has a fault."""

    def __init__(self, answer: Answerer, *, path: Path | None = None) -> None:
        self.answer = answer
        self.fault: Fault | None = None
        self.questions: list[str] = []
        super().__init__(self._talk, path=path)

    @property
    def setting(self) -> str:
        """The value of STATUS_MONITOR for it."""
        return f"livestatus:{self.path}" if self.path else f"livestatus+tcp://{self.host}:{self.port}"

    def _talk(self, connection: socket.socket) -> None:
        heard = b""
        while b"\n\n" not in heard:
            piece = connection.recv(65536)
            if not piece:
                return
            heard += piece
        question = heard.decode().removesuffix("\n\n")
        self.questions.append(question)
        answer = self.answer(question)
        if self.fault is None:
            connection.sendall(answer)
        else:
            self.fault(connection, answer)


@contextmanager
def livestatus_at_a_path(answer: Answerer, *, name: str = "live") -> Iterator[LivestatusServer]:
    """A server at a path that is short enough for a socket."""
    with (
        tempfile.TemporaryDirectory() as folder,
        LivestatusServer(answer, path=Path(folder) / name) as server,
    ):
        yield server


def says(data: bytes) -> Fault:
    """Say this instead of an answer."""
    return lambda connection, answer: connection.sendall(data)


def body(change: Callable[[bytes], bytes]) -> Fault:
    """Answer with another body, as if all were well."""
    return lambda connection, answer: connection.sendall(answer_of(change(answer[16:])))


def hang(connection: socket.socket, answer: bytes) -> None:
    """Say nothing at all."""
    while connection.recv(4096):
        pass
    time.sleep(5)


def drip(connection: socket.socket, answer: bytes) -> None:
    """Say the answer a byte at a time."""
    for number in range(len(answer)):
        connection.sendall(answer[number : number + 1])
        time.sleep(DRIP)


def stay(connection: socket.socket, answer: bytes) -> None:
    """Say all of it and do not hang up."""
    connection.sendall(answer)
    time.sleep(5)


def pour_without_end(connection: socket.socket, answer: bytes) -> None:
    """Say more and more, up to a gibibyte."""
    connection.sendall(b"200  1073741824\n[")
    for _ in range(1024):
        connection.sendall(b" " * MEBIBYTE)


FAULTS: dict[str, Fault] = {
    "hangs": hang,
    "drips": drip,
    "does not hang up": stay,
    "hangs up": says(b""),
    "breaks off in the head": lambda connection, answer: connection.sendall(answer[:10]),
    "breaks off": lambda connection, answer: connection.sendall(answer[: len(answer) // 2]),
    "says more than it promised": lambda connection, answer: connection.sendall(answer + b" "),
    "has no head": lambda connection, answer: connection.sendall(answer[16:]),
    "a line of text": says(b"Invalid request method\n"),
    "an answer that is none by its status": lambda connection, answer: connection.sendall(
        b"502" + answer[3:]
    ),
    "no such table": says(answer_of(b"Invalid GET request, no such table 'hosts'", 404)),
    "no such column": says(answer_of(b"Error: Column 'state' does not exist in table 'hosts'.", 452)),
    "empty columns": body(lambda whole: re.sub(rb",\d+", b',""', whole)),
    "other columns": body(lambda whole: whole.replace(b"state_type", b"statetype")),
    "half a list": body(lambda whole: whole[: len(whole) // 2]),
    "nothing": body(lambda whole: b""),
    "garbage": body(lambda whole: b"[[\xff\xfe\x00\x80" + bytes(range(256))),
    "UTF-16": body(lambda whole: whole.decode().encode("utf-16")),
    "an object": body(lambda whole: b'{"hosts": []}'),
    "no rows in its list": body(lambda whole: b"[1, 2]"),
    "a row that is too long": body(lambda whole: whole.replace(b"]]", b",7]]")),
    "deep nesting": body(lambda whole: b"[" * 100_000),
    "pours without end": pour_without_end,
    "not Livestatus": says(b"220 mail.example.net ESMTP\r\n"),
    "HTTP": says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
}
"""What it can do, each with the words for it."""

AWAITED_IN_VAIN = {"hangs", "drips", "does not hang up"}
"""Those that end only with the time that one has for them."""
