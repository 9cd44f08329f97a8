"""Real caches that a test can stop, kill and start again, each as STATUS_CACHE describes it."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask
from loopback_server import free_port
from system_parts import SEARCH_PATH

from status_plugin.sources.cache_opening import cache_opener
from status_plugin.sources.shared_cache import CacheBackend

PATIENCE = 20.0
"""Seconds after which something that should happen has not."""

KINDS = [
    "files",
    pytest.param("redis", marks=pytest.mark.system("redis")),
    pytest.param("memcached", marks=pytest.mark.system("memcached")),
]
"""For parametrised tests: every kind of cache that can be shared."""


# Python 3.11 cannot make two applications at the same time in two threads.
_APP = Flask("opened")


class SharedKind(Protocol):
    """A cache that several processes can share, and what may happen to it."""

    @property
    def config(self) -> Mapping[str, Any]:
        """As in STATUS_CACHE."""

    def break_down(self) -> None:
        """Let it lose everything and work no more."""

    def mend(self) -> None:
        """Let it work again, empty."""


class Files:
    """FileSystemCache; broken, its folder is a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def config(self) -> Mapping[str, Any]:
        """As in STATUS_CACHE."""
        return {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(self.folder)}

    def break_down(self) -> None:
        """Put a file where its folder was."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.write_text("")

    def mend(self) -> None:
        """Take the file away."""
        self.folder.unlink()


class Server:
    """A cache server on a port of loopback."""

    def __init__(self, command: list[str], port: int, config: Mapping[str, Any]) -> None:
        self.config = config
        self._command = [shutil.which(command[0], path=SEARCH_PATH) or command[0], *command[1:]]
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        eventually(self._takes_connections, "the cache server does not start")

    def hang(self) -> None:
        """Let it take connections and say nothing."""
        self._signal(signal.SIGSTOP)
        eventually(lambda: self.is_hanging, "the cache server does not stop")

    def go_on(self) -> None:
        """Let it speak again."""
        self._signal(signal.SIGCONT)

    @property
    def is_hanging(self) -> bool:
        """Whether it cannot have answered anything just now."""
        assert self._process is not None
        stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "T"

    def break_down(self) -> None:
        """Kill it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def mend(self) -> None:
        """Start it anew."""
        self.start()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _takes_connections(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        except OSError:
            return False
        return True


@contextmanager
def shared_kind(kind: str, folder: Path) -> Iterator[Files | Server]:
    """A cache of this kind that works, with its files in the folder."""
    if kind == "files":
        yield Files(folder / "cache")
        return
    server = redis_server(folder) if kind == "redis" else memcached_server()
    server.start()
    try:
        yield server
    finally:
        server.break_down()


def redis_server(folder: Path) -> Server:
    """A Redis that is not started yet."""
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    address = f"redis://127.0.0.1:{port}/0"
    return Server(command, port, {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": address})


def memcached_server() -> Server:
    """A memcached that is not started yet."""
    port = free_port()
    command = ["memcached", "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-u", "nobody"]
    servers = [f"127.0.0.1:{port}"]
    return Server(command, port, {"CACHE_TYPE": "MemcachedCache", "CACHE_MEMCACHED_SERVERS": servers})


def opened(config: Mapping[str, Any]) -> CacheBackend:
    """The backend that a configuration describes, as one process has it."""
    return cache_opener(_APP, config)()


def eventually(holds: Callable[[], Any], otherwise: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds; fail with the words if it does not."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)
