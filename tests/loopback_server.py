"""A server on loopback that does with each connection what a test says."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

CERTIFICATE = Path(__file__).parent / "tls" / "localhost.pem"

PRIVATE_AUTHORITY = Path(__file__).parent / "tls" / "private-authority.pem"
"""Another certificate, of an authority as monitors have one of their own, and that authority."""

Talk = Callable[[socket.socket], None]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def say(*words: bytes) -> Talk:
    """Say this at once and wait until the other side has gone."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"".join(words))
        while connection.recv(4096):
            pass

    return talk


class LoopbackServer:
    """Listens from the start, at a port or at a path; the last of several talks serves all that follow.

    `connections` counts them, `heard` is all that was said to it. `ended` is set at the end, so that a
    talk that waits can wait for that.
    """

    def __init__(
        self, *talks: Talk, tls: bool = False, host: str = "127.0.0.1", path: Path | None = None
    ) -> None:
        self._talks = talks
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._tls is not None:
            self._tls.load_cert_chain(CERTIFICATE)
        self.host, self.port, self.path = host, 0, path
        self.connections = 0
        self.heard = b""
        self.ended = threading.Event()
        self.listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        with suppress(OSError):
            # Closing alone wakes nobody who waits there, and who waits takes the next server's visitors.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def refuse(self) -> None:
        """Listen no more; what is left of it at a path is there still."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def listen(self) -> None:
        """Listen, again where it was."""
        if self.path is None:
            self._listener = socket.create_server((self.host, self.port))
            self.port = self._listener.getsockname()[1]
        else:
            self.path.unlink(missing_ok=True)
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(self.path))
            self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            talk = self._talks[min(self.connections, len(self._talks) - 1)]
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, talk), daemon=True).start()

    def _serve(self, connection: socket.socket, talk: Talk) -> None:
        try:
            with connection if self._tls is None else self._tls.wrap_socket(connection, True) as open_one:
                talk(_Overheard(open_one, self))  # type: ignore[arg-type]
        except OSError:
            # The other side has gone, which is its right.
            connection.close()


class _Overheard:
    """A connection that notes what is said to the server."""

    def __init__(self, connection: socket.socket, server: LoopbackServer) -> None:
        self._connection = connection
        self._server = server

    def sendall(self, data: bytes) -> None:
        self._connection.sendall(data)

    def recv(self, size: int) -> bytes:
        data = self._connection.recv(size)
        self._server.heard += data
        return data
