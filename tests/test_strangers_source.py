"""A source that somebody else has written: the example is a whole package, and docs/sources.md is right."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_documentation import PAGES, snippets
from test_packaging import NOT_SOURCE, built, python, run, wheel

from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import MonitorSettingError, Source, SourceError, SourceTerms

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "heartbeats"
PAGE = PAGES["sources.md"]
NOW = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)

# Fixtures of the packaging's test, which builds the wheel once for all.
__all__ = ["built", "python", "wheel"]

APP = """\
import json
from flask import Flask
from status_plugin import StatusPlugin

app = Flask(__name__)
app.config.update(STATUS_CONTENT="notes", STATUS_TIMEZONE="UTC", **json.load(open("settings.json")))
StatusPlugin(app)
"""
VISIT = """\
import json, sys
from app import app
visitor = app.test_client()
print(json.dumps({"board": visitor.get("/status/board.json").json, "page": visitor.get("/status/").text}))
"""


def shown() -> dict[str, Any]:
    """The configuration on the page."""
    config: dict[str, Any] = {}
    exec(snippets(PAGE, "python")[0], {}, config)
    return config


def test_example_is_a_package_of_its_own(python: Path, tmp_path: Path) -> None:
    """Built and installed beside the plugin, it feeds the page with the configuration that is shown."""
    source = tmp_path / "source"
    shutil.copytree(EXAMPLE, source, ignore=NOT_SOURCE)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", ".", cwd=source)
    (package,) = (source / "dist").glob("*.whl")
    install = ("-m", "pip", "--python", python, "install", "--no-index", "--no-deps")
    run(sys.executable, *install, package, cwd=tmp_path)

    beats, site = tmp_path / "beats", tmp_path / "site"
    beats.mkdir()
    (site / "notes").mkdir(parents=True)
    (site / "notes/components.yml").write_text("- name: Storage\n  checks: [Backups]\n")
    settings = shown()
    settings["STATUS_MONITOR"] = settings["STATUS_MONITOR"].replace("/run/heartbeats", str(beats))
    (site / "settings.json").write_text(json.dumps(settings))
    (site / "app.py").write_text(APP)
    (site / "visit.py").write_text(VISIT)
    said = []
    for age_in_hours in (1, 27):
        beat = time.time() - age_in_hours * 3600
        (beats / "nightly-backup").touch()
        os.utime(beats / "nightly-backup", (beat, beat))
        seen = json.loads(run(python, "visit.py", cwd=site))
        said.append(seen["board"]["overall"])
        assert "nightly-backup" not in f"{seen}"
    assert [overall["state"] for overall in said] == ["operational", "major_outage"]
    assert said[1]["text"] == "Storage is offline"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The example's module."""
    monkeypatch.syspath_prepend(EXAMPLE)
    return __import__("status_plugin_heartbeats")


def source_of(example: Any, folder: Path) -> Source:
    """The example's source, with the map that the page shows."""
    entries = read_monitor_map(shown()["STATUS_MONITOR_MAP"]).entries("heartbeats")
    found: Source = example.open_source(f"heartbeats:{folder}", entries, SourceTerms())
    return found


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(hours=1), State.OPERATIONAL),
        (timedelta(hours=27), State.MAJOR_OUTAGE),
        (timedelta(hours=-1), State.UNKNOWN),
        (None, State.UNKNOWN),
    ],
)
def test_what_the_example_says(example: Any, tmp_path: Path, age: timedelta | None, state: State) -> None:
    """A job that is late is down; one that was never heard of, or beats in the future, is unknown."""
    if age is not None:
        (tmp_path / "nightly-backup").touch()
        os.utime(tmp_path / "nightly-backup", ((NOW - age).timestamp(),) * 2)
    seen = source_of(example, tmp_path).read(NOW).components["storage"].checks["Backups"]
    assert seen.state is state


def test_example_keeps_the_rules(example: Any, tmp_path: Path) -> None:
    """It names no path when it fails, and a mistake in setting or map stops the start."""
    with pytest.raises(SourceError) as failure:
        source_of(example, tmp_path / "private").read(NOW)
    assert "private" not in str(failure.value)
    with pytest.raises(MonitorSettingError, match="absolute path"):
        example.open_source("heartbeats:beats", {}, SourceTerms())
    entries = read_monitor_map({"storage": {"heartbeats": {"late": "2h"}}}).entries("heartbeats")
    with pytest.raises(MonitorMapError, match="'checks' is missing"):
        example.open_source("heartbeats:/beats", entries, SourceTerms())


def test_page_shows_what_the_example_has() -> None:
    """The door is written as in the example, and all names on the page are there."""
    (door,) = snippets(PAGE, "toml")
    assert door in (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    tree = ast.parse((EXAMPLE / "status_plugin_heartbeats.py").read_text(encoding="utf-8"))
    opener = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "open_source")
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == [a.arg for a in opener.args.args]
    terms = re.findall(r"`(\w+)`", next(line for line in PAGE.splitlines() if line.startswith("| `terms`")))
    assert {name for name in dir(SourceTerms) if not name.startswith("_")} == set(terms[1:])
