"""Stand-in servers for the demonstration: real listeners on loopback that anybody can stop.

Each listener is ruled by a small file in one folder. Deleting the file stops the listener, an empty
file of the same name starts it again, and the word `slow` in the file delays its answers.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseRequestHandler, StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"

DELAY = 3.0
"""Seconds by which a slow listener answers late."""

WATCH_INTERVAL = 0.1
"""Seconds between two looks at the files."""

STOP_INTERVAL = 0.02
"""Seconds that a listener may take to notice that it is to stop."""

ADDRESSES = "addresses.json"
"""The file that tells other processes where the listeners are, running or not."""

Addresses = Mapping[str, Mapping[str, str]]
"""Component slug -> public check label -> URL."""


class Listener(ThreadingTCPServer):
    """A TCP server on loopback; each connection waits `delay` seconds for its first answer."""

    allow_reuse_address = True
    daemon_threads = True
    delay = 0.0

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that leaves early is no news."""


class WebAnswer(BaseHTTPRequestHandler):
    """Answers every HTTP request with one line of text."""

    server: Listener

    def do_GET(self) -> None:
        """Say that the web server is there."""
        time.sleep(self.server.delay)
        body = b"A stand-in web server.\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        """The same without the text."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Stay silent: the checks would fill the terminal."""


class MailGreeting(StreamRequestHandler):
    """Greets as a mail server does and agrees to everything until QUIT."""

    server: Listener

    def handle(self) -> None:
        """Hold one conversation."""
        time.sleep(self.server.delay)
        self.wfile.write(b"220 standin ESMTP\r\n")
        for line in self.rfile:
            if line.strip().upper() == b"QUIT":
                self.wfile.write(b"221 goodbye\r\n")
                return
            self.wfile.write(b"250 agreed\r\n")


class DatabaseGreeting(StreamRequestHandler):
    """Sends a first packet such as MySQL's and waits for the client to leave."""

    server: Listener

    def handle(self) -> None:
        """Greet one client."""
        time.sleep(self.server.delay)
        words = b"\x0a5.0.51-standin\x00"
        self.wfile.write(len(words).to_bytes(3, "little") + b"\x00" + words)
        self.rfile.read()


class SilentService(StreamRequestHandler):
    """Accepts a connection and waits for the client to leave, as a name server does without a question."""

    def handle(self) -> None:
        """Wait for one client."""
        self.rfile.read()


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What one listener stands in for: a public check of a public component."""

    component: str
    check: str
    scheme: str
    answer: type[BaseRequestHandler]

    @property
    def file_name(self) -> str:
        """The name of the file that rules the listener."""
        return f"{self.component}-{self.check.lower()}"


SERVICES = (
    Service(component="srv3", check="Web", scheme="http", answer=WebAnswer),
    Service(component="srv3", check="Mail", scheme="smtp", answer=MailGreeting),
    Service(component="srv3", check="Database", scheme="tcp", answer=DatabaseGreeting),
    Service(component="ns3", check="DNS", scheme="tcp", answer=SilentService),
    Service(component="ns4", check="DNS", scheme="tcp", answer=SilentService),
)


class StandIn:
    """One listener and the file that rules it; it keeps its port when it is stopped and started."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.file = folder / service.file_name
        self._port = 0
        self._listener: Listener | None = None

    @property
    def address(self) -> str:
        """Where the listener is reached while it runs."""
        return f"{self.service.scheme}://{LOOPBACK}:{self._port}/"

    def start(self) -> None:
        """Listen, and write the port into the file."""
        self._listener = Listener((LOOPBACK, self._port), self.service.answer)
        self._port = self._listener.server_address[1]
        threading.Thread(target=self._listener.serve_forever, args=(STOP_INTERVAL,), daemon=True).start()
        self.file.write_text(f"{self._port}\n")

    def stop(self) -> None:
        """Close the listener: new connections are refused."""
        if self._listener is not None:
            self._listener.shutdown()
            self._listener.server_close()
            self._listener = None

    def obey(self) -> None:
        """Do what the file says now."""
        try:
            order = self.file.read_text().strip().lower()
            if self._listener is None:
                self.start()
        except FileNotFoundError:
            self.stop()
        except OSError:
            # Somebody holds the port for the moment; the next look tries again.
            return
        if self._listener is not None:
            self._listener.delay = DELAY if order == "slow" else 0.0


class StandIns:
    """All listeners together: started on entering, stopped and their files removed on leaving."""

    def __init__(self, folder: Path, *, also: Addresses | None = None) -> None:
        self._folder = folder
        self._also = also or {}
        self._all = tuple(StandIn(service, folder) for service in SERVICES)
        self._leaving = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        for stand_in in self._all:
            stand_in.start()
        (self._folder / ADDRESSES).write_text(json.dumps(self._addresses(), indent=2) + "\n")
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._watcher.join()
        (self._folder / ADDRESSES).unlink(missing_ok=True)
        for stand_in in self._all:
            stand_in.stop()
            stand_in.file.unlink(missing_ok=True)

    def _addresses(self) -> Addresses:
        found: dict[str, dict[str, str]] = {slug: dict(checks) for slug, checks in self._also.items()}
        for stand_in in self._all:
            service = stand_in.service
            found.setdefault(service.component, {})[service.check] = stand_in.address
        return found

    def _watch(self) -> None:
        while not self._leaving.wait(WATCH_INTERVAL):
            for stand_in in self._all:
                stand_in.obey()


def addresses(folder: Path) -> Addresses:
    """Where the listeners of the demonstration are reached; empty while none is running."""
    try:
        found: Addresses = json.loads((folder / ADDRESSES).read_text())
    except FileNotFoundError:
        return {}
    return found


def are_running(folder: Path) -> bool:
    """Whether a demonstration, of this or another process, has its listeners in that folder."""
    places = [urlsplit(url) for checks in addresses(folder).values() for url in checks.values()]
    return any(_answers(place.hostname or LOOPBACK, place.port or 0) for place in places)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
