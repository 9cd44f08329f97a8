"""The page through real servers, beside the barest way to send the same bytes through the same server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.notes import write_notes
from bench.servers import Load, Server, granian, gunicorn, nginx
from bench.sites import ADDRESS

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 32
CROWD = 256


@contextmanager
def folder_of_notes(notes: int) -> Iterator[Path]:
    """A folder with so many notes."""
    with tempfile.TemporaryDirectory() as name:
        write_notes(Path(name) / "content", notes, newest=datetime.now(UTC))
        yield Path(name)


@contextmanager
def serving_folder(notes: int) -> Iterator[Path]:
    """A folder with so many notes and with the page that is made of them, as browsers get it."""
    with folder_of_notes(notes) as folder:
        with gunicorn(folder, "ours") as server:
            page = server.answer()[2]
        (folder / "page.gz").write_bytes(page)
        static = folder / "static" / ADDRESS.strip("/")
        static.mkdir(parents=True)
        (static / "index.html.gz").write_bytes(page)
        (static / "index.html").touch()
        folder.chmod(0o755)
        yield folder


def in_turns(ours: Server, other: Server, connections: int = CONNECTIONS) -> list[tuple[Load, Load]]:
    """What both bear, one after the other, each in front in every second round."""
    found = []
    for server in (ours, other):
        # A server listens before its worker can answer.
        server.answer()
        server.load(connections, 1)
    for number in range(ROUNDS):
        both = (ours, other) if number % 2 else (other, ours)
        loads = {id(server): server.load(connections, SECONDS) for server in both}
        found.append((loads[id(ours)], loads[id(other)]))
    return found


def page_through_flask(folder: Path) -> list[tuple[Load, Load]]:
    """Ours and the bare view, on gunicorn."""
    with gunicorn(folder, "ours") as ours, gunicorn(folder, "bare") as other:
        return in_turns(ours, other)


def crowd_through_flask(folder: Path) -> list[tuple[Load, Load]]:
    """The same with 256 connections."""
    with gunicorn(folder, "ours") as ours, gunicorn(folder, "bare") as other:
        return in_turns(ours, other, CROWD)


def unchanged_through_flask(folder: Path) -> list[tuple[Load, Load]]:
    """Answers of 304 and the bare view's 200."""
    with gunicorn(folder, "ours") as ours, gunicorn(folder, "bare") as other:
        knowing = replace(ours, headers=[f"If-None-Match: {ours.answer()[1]}"])
        if knowing.answer()[0] != 304:
            raise RuntimeError("a page that is known was sent again")
        return in_turns(knowing, other)


def fast_path(
    folder: Path, serve: Callable[[Path, str], AbstractContextManager[Server]]
) -> list[tuple[Load, Load]]:
    """The fast path and the bare callable on one kind of server."""
    with serve(folder, "ours_fast") as ours, serve(folder, "raw") as other:
        return in_turns(ours, other)


def fast_path_beside_files(folder: Path) -> list[tuple[Load, Load]]:
    """The fast path on granian, and nginx with the page as a file."""
    with granian(folder, "ours_fast") as ours, nginx(folder) as other:
        return in_turns(ours, other)
