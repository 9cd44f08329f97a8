"""The page while monitoring hangs, Redis is dead and git pulls again and again, beside a healthy run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.hanging import Greeter
from bench.repetition import repeating
from bench.servers import Load, Server, free_port, gunicorn, running
from bench.serving import in_turns
from status_plugin.sources.git import git

_PULL_EVERY = 1.0
_NOBODY = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")


@dataclass(frozen=True, kw_only=True)
class Redis:
    """A Redis of the bench's own, and what ends it."""

    port: int
    end: ExitStack


class Site:
    """A site whose notes are a clone, with a monitoring and a Redis of its own."""

    def __init__(self, folder: Path, notes: Path) -> None:
        self._folder = folder
        self._origin = folder / "origin"
        folder.mkdir()
        git(folder, "init", "--quiet", "--initial-branch=main", str(self._origin))
        git(self._origin, "--work-tree", str(notes), "add", "--all")
        git(self._origin, *_NOBODY, "commit", "--quiet", "-m", "Notes")
        git(self._origin, "reset", "--quiet", "--hard")
        git(folder, "clone", "--quiet", str(self._origin), "content")
        self._greeter = Greeter()
        self._redis = Redis(port=free_port(), end=ExitStack())
        self._pulled = 0

    @contextmanager
    def served(self) -> Iterator[Server]:
        """Served by gunicorn, with everything in order."""
        with self._redis.end, ExitStack() as stack:
            command = ["redis-server", "--port", f"{self._redis.port}", "--bind", "127.0.0.1", "--save", ""]
            self._redis.end.enter_context(running(command, self._folder, self._redis.port))
            settings = {
                "STATUS_MONITOR_MAP": {"srv1": {"probe": {"checks": {"Mail": self._greeter.address}}}},
                "STATUS_MONITOR_TTL": 1,
                "STATUS_CACHE": {
                    "CACHE_TYPE": "RedisCache",
                    "CACHE_REDIS_URL": f"redis://127.0.0.1:{self._redis.port}/0",
                },
            }
            (self._folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
            server = stack.enter_context(gunicorn(self._folder, "ours"))
            if json.loads(server.answer("/status/board.json", "identity")[2])["facts_at"] is None:
                raise RuntimeError("the monitor was not heard")
            yield server

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Monitoring takes questions and says nothing, Redis is gone, and git pulls a change each second."""
        self._greeter.fall_silent()
        self._redis.end.close()
        with repeating(self._pull, _PULL_EVERY):
            yield
        if not self._pulled:
            raise RuntimeError("git never pulled anything")

    def _pull(self) -> None:
        note = max((self._origin / "incidents").glob("*.md"))
        with note.open("a", encoding="utf-8") as file:
            file.write(f"\nPulled {self._pulled} times.\n")
        git(self._origin, *_NOBODY, "commit", "--quiet", "--all", "-m", "One word more")
        git(self._folder / "content", "pull", "--quiet", "--ff-only")
        self._pulled += 1


def faults_beside_health(folder: Path) -> list[tuple[Load, Load]]:
    """What two sites with the same notes bear, one of them with everything broken around it."""
    ill, well = Site(folder / "ill", folder / "content"), Site(folder / "well", folder / "content")
    with ill.served() as ill_server, well.served() as well_server, ill.broken():
        return in_turns(ill_server, well_server)
