"""The page under load while notes and monitoring change, beside the same at rest."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.repetition import repeating
from bench.servers import Load, Server, gunicorn
from bench.serving import CONNECTIONS
from bench.sites import RENDERED

EVERY = 2.0
"""Seconds between two changes, as the issue asks for."""

ROUNDS = 5
SECONDS = 6
_SETTLED_AFTER = 3
"""Seconds after which the last change is on the page: both are looked at by then."""


class Unrest:
    """Changes the newest note's text and what monitoring says, in turns."""

    def __init__(self, folder: Path) -> None:
        self._said = folder / "said.json"
        self._note = max((folder / "content" / "incidents").glob("*.md"))
        self._text = self._note.read_text(encoding="utf-8")
        self.changes = 0

    def say(self) -> None:
        """Have monitoring see something else."""
        self.changes += 1
        state = "degraded_performance" if self.changes % 4 < 2 else "operational"
        told = {
            "written_at": datetime.now(UTC).isoformat(),
            "components": {"srv1": {"state": state, "checks": {"web": {"state": state}}}},
        }
        self._replace(self._said, json.dumps(told))

    def write(self) -> None:
        """Change the note."""
        self.changes += 1
        self._replace(self._note, f"{self._text}\nChanged {self.changes} times.\n")

    def going_on(self) -> AbstractContextManager[None]:
        """A change of the one or the other each second, so that each changes every two seconds."""
        return repeating(lambda: (self.say if self.changes % 2 else self.write)(), EVERY / 2)

    @staticmethod
    def _replace(file: Path, text: str) -> None:
        new = file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(file)


@dataclass(frozen=True, kw_only=True)
class Restless:
    """What was borne while things changed and at rest, and how often the page was rendered for a change."""

    loads: Sequence[tuple[Load, Load]]
    renderings: Sequence[float]


def restless_page(folder: Path) -> Restless:
    """The page through Flask on gunicorn."""
    settings = {
        "STATUS_MONITOR": f"json:{folder}/said.json",
        "STATUS_MONITOR_MAP": {"srv1": {"json": {"host": "srv1", "checks": {"Web": "web"}}}},
        # Whatever is heard is a change, if only of the time at which it was heard.
        "STATUS_MONITOR_TTL": EVERY,
    }
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    unrest = Unrest(folder)
    unrest.say()
    with gunicorn(folder, "watched") as server:
        server.answer()
        server.load(CONNECTIONS, 2)
        loads, renderings = zip(*(_round(server, unrest) for _ in range(ROUNDS)), strict=True)
    (folder / "settings.json").unlink()
    return Restless(loads=loads, renderings=renderings)


def _round(server: Server, unrest: Unrest) -> tuple[tuple[Load, Load], float]:
    calm = server.load(CONNECTIONS, SECONDS)
    changes, rendered = unrest.changes, server.number(RENDERED)
    with unrest.going_on():
        restless = server.load(CONNECTIONS, SECONDS)
    time.sleep(_SETTLED_AFTER)
    server.answer()
    return (restless, calm), (server.number(RENDERED) - rendered) / (unrest.changes - changes)
