"""Real servers on loopback that take announcements: a mail server and a web server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from loopback_server import free_port

SECRET = "Schluessel-7f3a"
"""A password that nobody but the servers may see."""


@dataclass
class MailServer:
    """Keeps every message it takes; `refusal` is its answer to each instead.

    It knows nobody whose address has `refused` in it.
    """

    messages: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refusal: str = ""
    refused: str = ""
    port: int = 0

    async def handle_RCPT(  # noqa: N802, aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether it knows the one who is written to."""
        if self.refused and self.refused in address:
            return "550 nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.messages.append(found)
        self.to += envelope.rcpt_tos
        return "250 OK"

    def __enter__(self) -> Self:
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def address(self, to: str) -> str:
        """The recipient's address for Apprise; each name is a recipient of its own."""
        return f"mailto://127.0.0.1:{self.port}?from=status@example.com&to={to}@example.com&mode=insecure"

    @property
    def subjects(self) -> list[str]:
        """The subjects of all messages."""
        return [str(message["Subject"]) for message in self.messages]


@dataclass
class WebServer:
    """Keeps every request's JSON by path; `answers` tells its answer by path, 200 if it says nothing.

    While `gate` is closed it answers nobody; what it was told it has heard all the same. `on_hearing` is
    called before it answers.
    """

    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)
    on_hearing: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        self.gate.set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.heard.append((self.path, json.loads(body)))
                if server.on_hearing:
                    server.on_hearing()
                server.gate.wait(60)
                with suppress(OSError):
                    self.send_response(server.answers.get(self.path, 200))
                    self.end_headers()

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gate.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def address(self, path: str) -> str:
        """The recipient's address for Apprise, with a secret that nobody else may see."""
        return f"json://user:{SECRET}@127.0.0.1:{self.port}/{path}"

    def titles(self, path: str) -> list[str]:
        """What was sent to a path, by title."""
        return [body["title"] for its, body in self.heard if its == f"/{path}"]
