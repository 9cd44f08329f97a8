"""What can go wrong when a web server is asked, in clauses that tell nothing of the server."""

from __future__ import annotations

import http.client
import socket
import ssl

from urllib3.exceptions import DecodeError, ReadTimeoutError

from status_plugin.sources.monitors.connections import Obstacle, obstacle


class AnswerTooLargeError(ValueError):
    """More bytes than anybody needs."""


class StrangeEncodingError(ValueError):
    """An answer that is compressed as nobody asked for."""


_REFUSALS = {
    401: "The server refuses the user or the password, or wants one (HTTP 401)",
    403: "The server does not let this user see what is asked for (HTTP 403)",
    404: "There is nothing at this address of the server (HTTP 404)",
    429: "The server has been asked too often (HTTP 429)",
}


def refusal(status: int) -> str:
    """What a status that nobody wants means."""
    if 300 <= status < 400:
        return f"The server redirects, which is not followed: write the address it leads to (HTTP {status})"
    if status >= 500:
        return f"The server has a fault, or what stands before it has (HTTP {status})"
    return _REFUSALS.get(status, f"The server does not answer what is asked (HTTP {status})")


_OBSTACLES = {
    Obstacle.REFUSED: "The server refuses or breaks the connection",
    Obstacle.SILENT: "The server cannot be reached",
    Obstacle.NO_WAY: "The server cannot be reached from this machine",
}

# The first that fits counts.
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (AnswerTooLargeError, "The answer is too large"),
    (StrangeEncodingError, "The answer is compressed in a way that was not asked for"),
    (TimeoutError, "The server did not answer in the time that STATUS_MONITOR_TIMEOUT allows"),
    (ReadTimeoutError, "The server did not answer in the time that STATUS_MONITOR_TIMEOUT allows"),
    (socket.gaierror, "The name service does not know the server, or does not answer"),
    (UnicodeError, "The name service does not know the server, or does not answer"),
    (
        ssl.SSLCertVerificationError,
        "The server's certificate is not one to trust (its authority belongs into STATUS_MONITOR_CA_FILE)",
    ),
    (ssl.SSLError, "The server does not speak TLS as it should"),
    (http.client.RemoteDisconnected, "The server breaks the connection without an answer"),
    (DecodeError, "The answer is damaged: it cannot be decompressed"),
)


def failure(error: Exception) -> str:
    """What an error of the network or of the client library means."""
    for kind, clause in _FAILURES:
        if isinstance(error, kind):
            return clause
    if isinstance(error, OSError):
        return _OBSTACLES[obstacle(error)]
    return "The answer breaks off, or is not HTTP"


def own_words(error: Exception) -> str:
    """The error in words of this machine's own; what a server has said may repeat a password."""
    verdict = getattr(error, "verify_message", None) or getattr(error, "strerror", None)
    return f"{type(error).__name__} {verdict or ''}".strip()
