"""Real servers on one core, and wrk on the other, which loads them."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.sites import ADDRESS

_STARTS_WITHIN = 60
_SERVER_CORE, _LOAD_CORE = "0", "1"
_BIN = Path(sys.executable).parent

_NGINX = """\
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type text/html; gzip_static on; keepalive_requests 1000000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}/static; }}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What wrk saw: answers, answers a second, and how long the slowest in a hundred took, in seconds."""

    answers: int
    rate: float
    p99: float


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that runs, and what is asked of it beside the page."""

    port: int
    headers: Sequence[str] = ()

    def load(self, connections: int, seconds: float, script: Path | None = None) -> Load:
        """Ask for the page as fast as it is answered; RuntimeError if any answer is bad.

        A script for wrk says what is asked for instead.
        """
        told = [option for header in ("Accept-Encoding: gzip", *self.headers) for option in ("-H", header)]
        told += ["-s", str(script)] if script else []
        command = [
            "taskset",
            "-c",
            _LOAD_CORE,
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds:.0f}s",
            "--latency",
            "--timeout=30s",
        ]
        address = f"http://127.0.0.1:{self.port}{ADDRESS}"
        said = subprocess.run([*command, *told, address], capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise RuntimeError(said)
        asked = re.search(r"(\d+) requests in", said)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
        p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
        if asked is None or rate is None or p99 is None:
            raise RuntimeError(said)
        seconds_in = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
        return Load(answers=int(asked[1]), rate=float(rate[1]), p99=float(p99[1]) * seconds_in[p99[2]])

    def answer(self, address: str = ADDRESS, encoding: str = "gzip") -> tuple[int, str, bytes]:
        """Status, ETag and body of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        told = dict(header.split(": ", 1) for header in (f"Accept-Encoding: {encoding}", *self.headers))
        connection.request("GET", address, headers=told)
        found = connection.getresponse()
        return found.status, found.headers.get("ETag", ""), found.read()

    def number(self, address: str) -> int:
        """A number that the site tells at an address."""
        return int(self.answer(address)[2])


@contextmanager
def gunicorn(folder: Path, site: str) -> Iterator[Server]:
    """A worker with four threads."""
    port = free_port()
    options = ["--workers=1", "--worker-class=gthread", "--threads=4", "--log-level=error", "--keep-alive=60"]
    with running([str(_BIN / "gunicorn"), *options, f"--bind=127.0.0.1:{port}", _call(site)], folder, port):
        yield Server(port=port)


@contextmanager
def granian(folder: Path, site: str) -> Iterator[Server]:
    """A worker with one thread for Python."""
    port = free_port()
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--no-access-log"]
    factory = [] if site == "raw" else ["--factory"]
    told = ["--log-level", "error", "--host", "127.0.0.1", "--port", str(port), f"bench.sites:{site}"]
    with running([str(_BIN / "granian"), *options, *factory, *told], folder, port):
        yield Server(port=port)


@contextmanager
def nginx(folder: Path) -> Iterator[Server]:
    """One worker that serves the page from a file that is compressed already."""
    port = free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port), encoding="utf-8")
    with running(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], folder, port):
        yield Server(port=port)


def _call(site: str) -> str:
    return f"bench.sites:{site}" if site == "raw" else f"bench.sites:{site}()"


@contextmanager
def running(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    """A program that listens at a port of loopback, on the servers' core."""
    environment = {**os.environ, "BENCH_FOLDER": str(folder), "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            ["taskset", "-c", _SERVER_CORE, *command], env=environment, stdout=log, stderr=log
        )
        try:
            _wait_for(process, port, folder)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError((folder / "server.log").read_text(errors="replace")[-2000:])


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
