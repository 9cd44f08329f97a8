"""A visit while a question to monitoring hangs, beside a visit when none is due."""

from __future__ import annotations

import socket
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

from bench.fresh_site import site_in
from bench.notes import write_notes
from bench.page import Visitor
from bench.rounds import Comparison, compare
from status_plugin import StatusPlugin


class Greeter:
    """A server on loopback that greets as mail servers do, until it falls silent."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._silent = threading.Event()
        self._kept: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        """For the monitor map."""
        return f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"

    def fall_silent(self) -> None:
        """Take connections from now on and say nothing."""
        self._silent.set()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            self._kept.append(connection)
            if not self._silent.is_set():
                connection.sendall(b"220 ready\r\n")


def compare_hanging(notes: int) -> Comparison:
    """What one visit costs while monitoring hangs, with so many notes in the folder."""
    greeter = Greeter()
    with tempfile.TemporaryDirectory() as folder:
        write_notes(Path(folder) / "content", notes, newest=datetime.now(UTC))
        hanging, quiet = (_visitor(folder, greeter, ttl) for ttl in (0.01, 3600))
        greeter.fall_silent()
        return compare(hanging.visit, quiet.visit)


def _visitor(folder: str, greeter: Greeter, ttl: float) -> Visitor:
    site = site_in(folder, "hanging")
    site.config.from_mapping(
        STATUS_TIMEZONE="America/New_York",
        STATUS_MONITOR_MAP={"srv1": {"probe": {"checks": {"Mail": greeter.address}}}},
        STATUS_MONITOR_TTL=ttl,
        STATUS_MONITOR_TIMEOUT=600,
        STATUS_MONITOR_MAX_AGE=3600,
    )
    StatusPlugin(site)
    if site.test_client().get("/status/board.json").get_json()["facts_at"] is None:
        raise RuntimeError("the monitor was not heard")
    return Visitor(site)
