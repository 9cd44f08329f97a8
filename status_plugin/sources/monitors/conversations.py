"""One short conversation with one server: connect, hear whether it speaks as it should, say goodbye."""

from __future__ import annotations

import contextlib
import io
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from enum import IntEnum
from http.client import HTTPConnection, HTTPException
from typing import Any

from status_plugin.sources.monitors.addresses import Address
from status_plugin.sources.monitors.connections import Obstacle, Place, connect, find_places, obstacle

USER_AGENT = "status-plugin (network status probe)"
MOST_REDIRECTS = 5
LONGEST_LINE = 1024

# A server that turns us away works; one that has lost the page does not do what visitors came for.
_TURNED_AWAY = frozenset({401, 403, 429})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Outcome(IntEnum):
    """How a conversation went, best first."""

    ANSWERED = 0
    SLOW = 1
    FAILED = 2  # The other side refused, or said the wrong thing, or fell silent.
    SILENT = 3  # No word from the other side, not even a refusal.
    PREVENTED = 4  # This machine could not even ask: no route, no name service, no resources.


_WITHOUT_CONNECTION = {
    Obstacle.REFUSED: Outcome.FAILED,
    Obstacle.SILENT: Outcome.SILENT,
    Obstacle.NO_WAY: Outcome.PREVENTED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The outcome, and whether it shows that this machine's network reaches others."""

    outcome: Outcome
    heard_from_afar: bool = False


@dataclass(frozen=True, slots=True)
class _Greeting:
    """The beginnings of a server's first line, and how to take leave without an error in its log."""

    openings: tuple[bytes, ...]
    goodbye: bytes = b""


_GREETINGS = {
    "smtp": _Greeting((b"220",), b"QUIT\r\n"),
    "imap": _Greeting((b"* OK", b"* PREAUTH"), b"a LOGOUT\r\n"),
    "pop3": _Greeting((b"+OK",), b"QUIT\r\n"),
    "ftp": _Greeting((b"220",), b"QUIT\r\n"),
    "ssh": _Greeting((b"SSH-",)),
}


def converse(address: Address, *, timeout: float, slow: float, tls: ssl.SSLContext) -> Verdict:
    """Ask once; from the first packet to the last it takes `timeout` seconds at most.

    Only the search for the name's address comes on top, which the name service bounds; it is no
    part of what makes a server `slow` either.
    """
    try:
        places = find_places(address.host, address.port)
    except OSError:
        return Verdict(outcome=Outcome.PREVENTED)
    started = time.monotonic()
    try:
        connection = connect(places, started + timeout)
    except OSError as error:
        outcome = _outcome_without_connection(error)
        return Verdict(
            outcome=outcome, heard_from_afar=outcome is Outcome.FAILED and not _is_loopback(places[0])
        )
    heard_from_afar = not _is_loopback(places[0])
    try:
        with connection:
            heard_from_afar = not _is_this_machine(connection)
            _talk(address, connection, started + timeout, tls)
    except (OSError, HTTPException, ValueError):
        return Verdict(outcome=Outcome.FAILED, heard_from_afar=heard_from_afar)
    is_slow = time.monotonic() - started > slow
    return Verdict(outcome=Outcome.SLOW if is_slow else Outcome.ANSWERED, heard_from_afar=heard_from_afar)


def _outcome_without_connection(error: OSError) -> Outcome:
    return _WITHOUT_CONNECTION[obstacle(error)]


def _is_loopback(place: Place) -> bool:
    return ipaddress.ip_address(str(place[1][0]).partition("%")[0]).is_loopback


def _is_this_machine(connection: socket.socket) -> bool:
    """Whether the other side needs no network: it is reached at an address of our own.

    Raises OSError when it has closed the connection already.
    """
    peer = connection.getpeername()
    return bool(_is_loopback((connection.family, peer)) or peer[0] == connection.getsockname()[0])


def _talk(address: Address, connection: socket.socket, deadline: float, tls: ssl.SSLContext) -> None:
    """Have the whole conversation, redirects included; raises when it does not go as it should."""
    onward = _exchange(address, connection, deadline, tls)
    for _ in range(MOST_REDIRECTS):
        if onward is None:
            return
        connection = connect(find_places(onward.host, onward.port), deadline)
        onward = _exchange(onward, connection, deadline, tls)
    if onward is not None:
        raise OSError("too many redirects")


def _exchange(
    address: Address, connection: socket.socket, deadline: float, tls: ssl.SSLContext
) -> Address | None:
    """Ask on an open connection, which is closed then; where to ask next if the server says so."""
    with _Wire(connection, deadline) as wire:
        if address.is_encrypted:
            wire.encrypt(tls, address.host)
        if address.protocol == "http":
            return _ask_for_page(address, wire)
        _hear_greeting(address, wire)
    return None


def _ask_for_page(address: Address, wire: _Wire) -> Address | None:
    """Ask for the page, without its body; where to ask next if the server says so."""
    # Without a port, the end of an IPv6 address is taken for one.
    web = HTTPConnection(address.host, address.port)
    web.sock = wire
    headers = {"Host": address.authority, "User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
    web.request("GET", address.path, headers=headers)
    with web.getresponse() as answer:
        location = answer.getheader("Location")
        if answer.status in _REDIRECTS and location:
            return address.redirected(location)
        if answer.status >= 400 and answer.status not in _TURNED_AWAY:
            raise OSError("an error page")
    return None


def _hear_greeting(address: Address, wire: _Wire) -> None:
    greeting = _GREETINGS.get(address.protocol)
    if greeting is None:
        return
    with wire.makefile("rb") as incoming:
        if not incoming.readline(LONGEST_LINE).startswith(greeting.openings):
            raise OSError("another greeting")
    with contextlib.suppress(OSError):
        wire.sendall(greeting.goodbye)


class _Wire:
    """A connection on which all that is said must end by one deadline; what http.client takes for a socket.

    A socket's own timeout begins anew with each byte, so that a server that drips would never end.
    """

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def __enter__(self) -> _Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def encrypt(self, tls: ssl.SSLContext, host: str) -> None:
        self._limit()
        self._connection = tls.wrap_socket(self._connection, server_hostname=host)

    def sendall(self, data: bytes) -> None:
        self._limit()
        self._connection.sendall(data)

    def recv_into(self, buffer: Any) -> int:
        self._limit()
        return self._connection.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        self._connection.close()

    def _limit(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)


class _Incoming(io.RawIOBase):
    """What comes over a wire."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._wire.recv_into(buffer)
