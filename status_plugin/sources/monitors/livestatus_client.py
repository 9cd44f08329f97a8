"""Livestatus: questions to a monitor's socket, each answered whole, in time and in bounds, or not at all."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.connections import Place, connect, find_places_in_time
from status_plugin.sources.monitors.http_failures import AnswerTooLargeError, failure, own_words
from status_plugin.sources.monitors.json_answers import OTHER_FORM, JsonObject, read_json

EXAMPLE = "livestatus:/run/icinga2/cmd/livestatus"
TCP_EXAMPLE = "livestatus+tcp://monitor.example.net:6557"

USUAL_PORT = 6557

MAX_BYTES = 32 * 1024 * 1024
"""The largest answer that is read."""

# The operating system takes no longer path for a socket.
_LONGEST_PATH = 107

_PIECE = 64 * 1024

# With `ResponseHeader: fixed16` an answer begins with its status and the length of the rest.
_HEAD = re.compile(rb"(?P<status>\d{3}) +(?P<length>\d+)\n")
_HEAD_LENGTH = 16
_OK = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class LivestatusAddress:
    """A socket of this machine, or a port of another; nothing of it is public."""

    path: str = field(default="", repr=False)
    host: str = field(default="", repr=False)
    port: int = field(default=USUAL_PORT, repr=False)

    def places(self, deadline: float) -> list[Place]:
        """Where to connect; raises OSError."""
        if self.path:
            return [(socket.AF_UNIX, self.path)]
        return find_places_in_time(self.host, self.port, deadline)


def read_livestatus_address(name: str) -> LivestatusAddress:
    """The address in a source's full name; MonitorSettingError, with examples, if there is none."""
    kind, _, rest = name.strip().partition(":")
    if kind.casefold() == "livestatus" and rest.startswith("/") and not rest.startswith("//"):
        if len(rest.encode()) > _LONGEST_PATH or "\0" in rest:
            raise MonitorSettingError(
                f"The path of a socket may have {_LONGEST_PATH} bytes at most. A symbolic link to its folder "
                "makes it shorter."
            )
        return LivestatusAddress(path=rest)
    address = _tcp_address(rest) if kind.casefold() == "livestatus+tcp" else None
    if address is None:
        raise MonitorSettingError(
            f"'livestatus:' takes the absolute path of a socket, like '{EXAMPLE}', or a host and a port, "
            f"like '{TCP_EXAMPLE}'."
        )
    return address


def _tcp_address(rest: str) -> LivestatusAddress | None:
    try:
        parts = urlsplit(f"tcp:{rest}")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        return None
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if extra or not host or port == 0 or re.search(r"\s", host):
        return None
    return LivestatusAddress(host=host, port=port or USUAL_PORT)


class LivestatusConversation:
    """All questions of one reading: they share a limit of time, which begins now.

    Each has a connection of its own, which the answer ends.
    """

    def __init__(self, address: LivestatusAddress, terms: SourceTerms) -> None:
        self._address = address
        self._timeout = terms.timeout.total_seconds()
        self._ends = time.monotonic() + terms.total.total_seconds()

    def ask(self, table: str, columns: Sequence[str], conditions: Sequence[str] = ()) -> list[JsonObject]:
        """The rows of a table, by the names of the columns; raises SourceError.

        `conditions` are lines such as `Filter: name = srv3`, with no line break in any of them.
        """
        lines = [f"GET {table}", f"Columns: {' '.join(columns)}", *conditions, *_FORM]
        answer, complaint, about = b"", "", f"Livestatus, {table}"
        try:
            answer = self._exchange("\n".join([*lines, "", ""]).encode())
        except (OSError, AnswerTooLargeError) as error:
            complaint, about = _complaint(error), f"{about}: {own_words(error)}"
        # Out of the handler, so that no error that names the address is the new one's context.
        if complaint:
            raise SourceError(complaint, about)
        return _rows(_body(answer), columns)

    def _exchange(self, question: bytes) -> bytes:
        deadline = min(time.monotonic() + self._timeout, self._ends)
        with connect(self._address.places(deadline), deadline) as connection:
            connection.settimeout(_left(deadline))
            connection.sendall(question)
            connection.shutdown(socket.SHUT_WR)
            answer = bytearray()
            while True:
                connection.settimeout(_left(deadline))
                piece = connection.recv(_PIECE)
                answer += piece
                if len(answer) > MAX_BYTES:
                    raise AnswerTooLargeError
                if not piece:
                    return bytes(answer)


_FORM = ("OutputFormat: json", "ColumnHeaders: on", "ResponseHeader: fixed16")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _complaint(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no Livestatus socket: the monitor is stopped, or has none there"
    if isinstance(error, PermissionError):
        return "The Livestatus socket is not for this user, who must be in the groups of socket and folder"
    return failure(error)


def _body(answer: bytes) -> bytes:
    """What an answer says behind its head; raises SourceError unless it is whole and what was asked for."""
    head = _HEAD.fullmatch(answer[:_HEAD_LENGTH])
    if head is None:
        raise SourceError("The answer breaks off, or is not Livestatus")
    body = answer[_HEAD_LENGTH:]
    if int(head["length"]) != len(body):
        raise SourceError("The answer breaks off: it is shorter or longer than it says")
    status = int(head["status"])
    if status != _OK:
        raise SourceError(f"The monitor does not answer what it is asked over Livestatus (status {status})")
    return body


def _rows(body: bytes, columns: Sequence[str]) -> list[JsonObject]:
    rows = read_json(body)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise SourceError(OTHER_FORM)
    # Where there is nothing, some say not even the names of the columns.
    if rows and rows[0] != list(columns):
        raise SourceError(OTHER_FORM)
    if any(len(row) != len(columns) for row in rows):
        raise SourceError(OTHER_FORM)
    return [JsonObject(dict(zip(columns, row, strict=True))) for row in rows[1:]]
