"""How this machine gets a connection to another one in time, and what stands in the way if it gets none."""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Sequence
from enum import IntEnum, auto
from typing import Any

_SILENCE = frozenset({errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.EHOSTDOWN})
_REFUSALS = (ConnectionRefusedError, ConnectionResetError, ConnectionAbortedError)

Place = tuple[int, Any]
"""The address family, and the address as that family writes it."""


class Obstacle(IntEnum):
    """Why there is no connection, what says most first."""

    REFUSED = auto()  # The other side is there and refuses.
    SILENT = auto()  # No word from the other side, not even a refusal.
    NO_WAY = auto()  # This machine could not even ask: no route, no resources.


def obstacle(error: OSError) -> Obstacle:
    """What the error of a connection that was not made means."""
    if isinstance(error, _REFUSALS):
        return Obstacle.REFUSED
    if isinstance(error, TimeoutError) or error.errno in _SILENCE:
        return Obstacle.SILENT
    return Obstacle.NO_WAY


def find_places(host: str, port: int) -> list[Place]:
    """Where a host is; waits for the name service as long as that likes. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, place) for family, _, _, _, place in found]


def find_places_in_time(host: str, port: int, deadline: float) -> list[Place]:
    """Where a host is; TimeoutError when the name service has not said it by the monotonic `deadline`."""
    found: list[list[Place]] = []
    errors: list[OSError | UnicodeError] = []

    def find() -> None:
        try:
            found.append(find_places(host, port))
        except (OSError, UnicodeError) as error:
            errors.append(error)

    # Nothing can be done to a name service that hangs but to wait elsewhere.
    search = threading.Thread(target=find, name="status-name-service", daemon=True)
    search.start()
    search.join(max(0.0, deadline - time.monotonic()))
    if errors:
        raise errors[0]
    if not found:
        raise TimeoutError("name service")
    return found[0]


def connect(places: Sequence[Place], deadline: float) -> socket.socket:
    """A connection to the first place that takes one; raises what says most of why there is none."""
    errors: list[OSError] = []
    for number, (family, place) in enumerate(places):
        try:
            connection = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            errors.append(error)
            continue
        try:
            connection.settimeout(max(0.001, deadline - time.monotonic()) / (len(places) - number))
            connection.connect(place)
        except OSError as error:
            connection.close()
            errors.append(error)
        else:
            return connection
    raise min(errors, key=obstacle)
