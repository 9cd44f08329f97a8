"""What the README shows works as it stands there."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest

from status_plugin.sources.content import ContentFolder

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shown(beginning: str) -> str:
    """The indented block of the README that begins so."""
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", README, re.MULTILINE)
    return next(text for block in blocks if (text := dedent(block).strip() + "\n").startswith(beginning))


def test_the_example_note_can_be_read(tmp_path: Path) -> None:
    """The note has nothing to complain about and ends with its last update."""
    (tmp_path / "incidents").mkdir()
    shutil.copy(ROOT / "content" / "components.yml", tmp_path)
    (tmp_path / "incidents" / "example.md").write_text(shown("---"), encoding="utf-8")
    folder = ContentFolder(tmp_path, zone=ZoneInfo("America/New_York"))
    content = folder.read(datetime(2026, 11, 22, tzinfo=UTC))
    assert [str(problem) for problem in content.problems] == []
    assert [update.phase for update in content.incidents[0].updates] == ["identified", "resolved"]


def test_the_example_site_has_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines that mount the page make a site that shows it."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    (tmp_path / "example_site.py").write_text(shown("from flask"), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    page = importlib.import_module("example_site").app.test_client().get("/status/")
    assert page.status_code == 200
    assert "Past Alerts" in page.text


COMMANDS = re.findall(r"^ +(\.venv/bin/flask .*)$", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_work(command: str) -> None:
    """Each command of Flask that it shows can be typed as it stands there, after the first `make`."""
    _, *arguments = shlex.split(command)
    flask = Path(sys.executable).parent / "flask"
    done = subprocess.run([flask, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_it_shows_how_to_check_and_to_preview() -> None:
    """No command of the plugin stands there without what has to be typed before it."""
    assert len(COMMANDS) == 3
    assert not re.search(r"`flask ", README)


def test_what_it_points_to_is_there() -> None:
    """Every file that the README links to is in the repository, and every command that it names."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert "website.py" in links
    assert [link for link in links if not (ROOT / link).is_file()] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^ +make ([a-z-]+)", README, re.MULTILINE))
    assert targets >= {"run", "test"}
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
