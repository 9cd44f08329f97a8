"""HTTP connections on which everything must be said by a deadline, from the search for the host on.

A socket's own limit of time begins anew with each byte, so that a server that drips would never end.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from functools import partial
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.response import assert_header_parsing

from status_plugin.sources.monitors.connections import connect, find_places_in_time


class _TimedStream(io.RawIOBase):
    """What comes over a socket until a deadline."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """An answer whose head and body have to come until a deadline."""

    def __init__(self, connection: socket.socket, *arguments: Any, deadline: float, **options: Any) -> None:
        super().__init__(connection, *arguments, **options)
        self.fp = io.BufferedReader(_TimedStream(self.fp.detach(), connection, deadline))

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        # Of headers like these the library would write a warning, with the address in it.
        assert_header_parsing(self.msg)


class TimedHttp(HTTPConnection):
    """A connection on which all that is said has to come until a deadline on the monotonic clock."""

    _deadline = 0.0

    def set_deadline(self, deadline: float) -> None:
        """Let the next question and its answer end at this moment."""
        in_time: Any = partial(_TimedResponse, deadline=deadline)
        self.response_class = in_time
        self.timeout = max(0.001, deadline - time.monotonic())
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        places = find_places_in_time(self.host, self.port, self._deadline)
        connection = connect(places, self._deadline)
        # As in the library: a question whose body follows its head is not held back for a while.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(max(0.001, self._deadline - time.monotonic()))
        return connection


class TimedHttps(TimedHttp, HTTPSConnection):
    """The same inside TLS."""
