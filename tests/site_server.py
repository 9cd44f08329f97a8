"""A site behind a real gunicorn with several workers, its visitors, and the monitor that is asked."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self

from cache_servers import PATIENCE, eventually
from loopback_server import LoopbackServer

ROOT = Path(__file__).resolve().parent.parent

SECONDS = {
    "sources.summary_cache.GRACE": 0.1,
    "sources.summary_cache.AROUND": 0.4,
    "sources.shared_cache.PAUSE": 0.3,
    "sources.summary_cache.EARLY": 0.2,
    "web.renewals.RENEWED_EVERY": 0.1,
}
"""Shorter than ours, so that a test need not wait for the death of a worker to be noticed."""

TTL = 0.5
TIMEOUT = 0.1
"""In seconds: how often these sites ask, and how long they wait for an answer."""

MAP = {"srv3": {"asked": {"checks": {"Web": "web"}}}}


class Monitor:
    """A monitor that says `state`, or hangs; `questions` tells which process asked, and when."""

    def __init__(self) -> None:
        self.state = "operational"
        self.questions: list[tuple[int, float]] = []
        self.hanging: set[int] = set()
        self._may_answer = threading.Event()
        self._may_answer.set()
        self._server = LoopbackServer(self._talk)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on()
        self._server.__exit__(None, None, None)

    @property
    def name(self) -> str:
        """As in STATUS_MONITOR."""
        return f"asked:{self._server.host}:{self._server.port}"

    def hang(self) -> None:
        """Take questions, and answer none."""
        self._may_answer.clear()

    def go_on(self) -> None:
        """Answer all that was asked meanwhile, and all that follows."""
        self._may_answer.set()

    def asked_by(self, since: int = 0) -> set[int]:
        """The processes that have asked since a number of questions."""
        return {process for process, _ in self.questions[since:]}

    def next_question(self, seconds: float = PATIENCE) -> tuple[int, float]:
        """Who asks next, and when."""
        number = len(self.questions)
        eventually(lambda: len(self.questions) > number, "nobody asks", seconds)
        return self.questions[number]

    def _talk(self, line: Any) -> None:
        process = int(line.recv(100))
        self.questions.append((process, time.monotonic()))
        self.hanging.add(process)
        self._may_answer.wait(120)
        self.hanging.discard(process)
        line.sendall(f"{self.state}\n".encode())


@dataclass
class Answer:
    """What one visitor got."""

    worker: int
    state: str
    seconds: float


class Program:
    """A program that serves or watches the site; what it says is kept."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("w") as written:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT
            )

    @property
    def said(self) -> str:
        """Everything so far."""
        return self._log.read_text(errors="replace")

    def says(self, words: str, times: int = 1) -> None:
        """Wait until it has said something so often."""
        eventually(lambda: self.said.count(words) >= times, f"no {words!r} in\n{self.said}")

    def end(self) -> None:
        """End it, and all that it has started."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Site:
    """A folder with a site, and what serves it."""

    folder: Path
    settings: dict[str, Any]
    port: int = 0
    programs: list[Program] = field(default_factory=list)

    @property
    def server(self) -> Program:
        """The gunicorn."""
        return self.programs[0]

    def serve(self, workers: int, *, preload: bool) -> None:
        """Start a gunicorn, and wait until it has its workers; `preload` forks them from a ready site."""
        gunicorn = ["-m", "gunicorn", "--bind", "127.0.0.1:0", "--worker-class", "gthread", "--threads", "4"]
        # Workers that are killed do not say good-bye: without keep-alive no visitor is left behind on one.
        options = ["--keep-alive", "0", "--workers", str(workers), "--graceful-timeout", "1"]
        options += ["--preload"] if preload else []
        self._start([*gunicorn, *options, "asked_site:app"], "gunicorn.log")
        self.server.says("Listening at")
        self.port = int(re.findall(r"Listening at: http://127.0.0.1:(\d+)", self.server.said)[0])
        self.server.says("Booting worker", workers)

    def watch(self) -> Program:
        """Start a `flask status watch`."""
        return self._start(["-m", "flask", "--app", "asked_site:app", "status", "watch"], "watch.log")

    def visit(self, timeout: float = PATIENCE) -> Answer:
        """What one visitor gets; raises OSError when a worker dies under him."""
        begun = time.monotonic()
        line = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            line.request("GET", "/status/board.json")
            answer = line.getresponse()
            body = answer.read()
        except HTTPException:
            raise ConnectionResetError from None
        finally:
            line.close()
        assert answer.status == 200, f"{answer.status}: {body[:500]!r}\n{self.server.said}"
        state = json.loads(body)["overall"]["state"]
        return Answer(int(answer.headers["X-Worker"]), state, time.monotonic() - begun)

    def visit_every_worker(self, workers: int, state: str) -> list[Answer]:
        """Visit until each of so many workers has shown this state; all that was seen on the way."""
        seen: list[Answer] = []

        def all_show_it() -> bool:
            # Who comes alone always meets the same worker.
            with ThreadPoolExecutor(4 * workers) as visitors:
                seen.extend(visitors.map(lambda _: self.visit(), range(4 * workers)))
            latest = {answer.worker: answer.state for answer in seen}
            return len(latest) >= workers and set(latest.values()) == {state}

        eventually(all_show_it, f"not all say {state}: {seen[-20:]}\n{self.server.said}")
        return seen

    def end(self) -> None:
        """End all programs, the watch first."""
        for program in reversed(self.programs):
            program.end()

    def _start(self, arguments: list[str], log: str) -> Program:
        told = {"folder": str(self.folder), "settings": self.settings, "seconds": SECONDS}
        path = os.pathsep.join([str(ROOT / "tests"), str(ROOT)])
        environment = os.environ | {"ASKED_SITE": json.dumps(told), "PYTHONPATH": path}
        program = Program([sys.executable, *arguments], environment, self.folder / log)
        self.programs.append(program)
        return program


class Visitors:
    """People who visit the site one after the other, several at a time."""

    def __init__(self, site: Site, people: int = 3) -> None:
        self.answers: list[Answer] = []
        self.faults: list[BaseException] = []
        self.lost = 0
        self._site = site
        self._gone = threading.Event()
        self._people = [threading.Thread(target=self._come, daemon=True) for _ in range(people)]

    def __enter__(self) -> Self:
        for person in self._people:
            person.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.set()
        for person in self._people:
            person.join()

    def see(self, state: str) -> None:
        """Wait until the next dozen of answers are all in this state."""
        begun = len(self.answers)

        def agree() -> bool:
            latest = self.answers[begun:][-12:]
            return len(latest) == 12 and {answer.state for answer in latest} == {state}

        eventually(agree, f"they do not see {state}: {self.answers[-12:]} {self._site.server.said}")

    def _come(self) -> None:
        while not self._gone.wait(0.01):
            try:
                self.answers.append(self._site.visit())
            except OSError:
                self.lost += 1
            except BaseException as fault:
                self.faults.append(fault)


@contextmanager
def site_of(folder: Path, monitor: Monitor, cache: Mapping[str, Any], **settings: Any) -> Iterator[Site]:
    """A site with this cache that nothing serves yet; all its programs end with it."""
    usual = {
        "STATUS_MONITOR": monitor.name,
        "STATUS_MONITOR_MAP": MAP,
        "STATUS_MONITOR_TTL": TTL,
        "STATUS_MONITOR_TIMEOUT": TIMEOUT,
        "STATUS_CACHE": dict(cache),
    }
    site = Site(folder, usual | settings)
    try:
        yield site
    finally:
        site.end()


@contextmanager
def served(
    folder: Path,
    monitor: Monitor,
    cache: Mapping[str, Any],
    *,
    workers: int = 3,
    preload: bool = True,
    **settings: Any,
) -> Iterator[Site]:
    """A site with this cache behind so many workers."""
    with site_of(folder, monitor, cache, **settings) as site:
        site.serve(workers, preload=preload)
        yield site
