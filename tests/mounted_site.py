"""A small site with the plugin mounted, its folder of notes and its clock in the test's hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from status_plugin import StatusPlugin

COMPONENTS = """\
- group: Shared hosting
  components:
    - name: Srv3
      checks: [Web]
    - name: Accounts
"""

INCIDENT = """\
---
title: Srv3 is not responding
started: 2026-11-20 6:00pm Eastern
impact: major
affects: [srv3]
---
Nothing of Srv3 answers.

Update @ 6:40pm Eastern [identified; next update 7:30pm]: Half of the memory is gone.
"""


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def move(self, seconds: float) -> None:
        """Let time pass, or run back."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Site:
    """The application and what a test changes about it."""

    folder: Path
    app: Flask
    clock: Clock
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def client(self) -> FlaskClient:
        """A visitor."""
        return self.app.test_client()

    def note(self, path: str, text: str) -> Path:
        """Write a file of the folder of notes."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def board(self) -> dict[str, Any]:
        """What /status/board.json says."""
        answer = self.client.get("/status/board.json")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json
        return found


def _real_clock() -> datetime:
    return datetime.now(UTC)


def mounted_site(
    root: Path, *, components: str = COMPONENTS, real_time: bool = False, **settings: Any
) -> Site:
    """A site in an empty folder; of the usual components one is watched and one is not."""
    clock = Clock()
    content = root / "content"
    content.mkdir(exist_ok=True)
    (content / "components.yml").write_text(components, encoding="utf-8")
    app = Flask("mounted_site", root_path=str(root), instance_path=str(root / "instance"))
    app.config.from_mapping({"STATUS_TIMEZONE": "America/New_York", "STATUS_MONITOR": []} | settings)
    app.add_url_rule("/", "home", lambda: "home")
    StatusPlugin(app, clock=_real_clock if real_time else clock)
    return Site(folder=content, app=app, clock=clock)
