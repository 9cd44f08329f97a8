"""docs/desk.md shows what the commands do: the round trip is made as it stands there."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from flask.cli import FlaskGroup
from mounted_site import Site, mounted_site
from notes_repository import COMPONENTS

from status_plugin.staff.cli import commands

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PROMPT = "flask --app website status "
COMMANDS = [line for _, text in BLOCKS for line in text.splitlines() if line.startswith(PROMPT)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site; commands are given in its folder."""
    monkeypatch.chdir(tmp_path)
    return mounted_site(tmp_path, components=COMPONENTS, STATUS_SITE_URL="https://www.example.com")


def at(site: Site, clock: str, command: str) -> str:
    """What a command of the page says at a time of that evening."""
    site.clock.now = datetime.fromisoformat(f"2026-11-20T{clock}").replace(
        tzinfo=ZoneInfo("America/New_York")
    )
    result = site.app.test_cli_runner().invoke(args=["status", *shlex.split(command.removeprefix(PROMPT))])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_round_trip(site: Site) -> None:
    """The commands say what the page shows, and leave the file that it shows."""
    begin = next(command for command in COMMANDS if "--started" in command)
    _, second, third, last = COMMANDS[(first := COMMANDS.index(begin)) : first + 4]
    shown = next(text for _, text in BLOCKS if text.startswith("Srv3 is not responding: began"))
    assert at(site, "18:45", begin) == shown
    for clock, command in (("19:10", second), ("19:30", third), ("20:05", last)):
        at(site, clock, command)
    (path,) = (site.folder / "incidents").iterdir()
    assert path.read_text(encoding="utf-8") == next(text for form, text in BLOCKS if form == "markdown")


def test_the_first_commands(site: Site) -> None:
    """Those at the top work in their order."""
    for minute, command in enumerate(COMMANDS[:4]):
        at(site, f"18:{minute:02}", command)


def test_every_command_and_option_is_there() -> None:
    """What a command knows stands on the page, and nothing that none knows."""
    names = ("new", "update", "resolve", "cancel", "list")
    found: set[str] = set()
    for name in names:
        assert f"`{name}" in PAGE
        command = commands.commands[name]
        singles = command.commands.values() if isinstance(command, click.Group) else [command]
        found |= {option for single in singles for param in single.params for option in param.opts}
    options = {option for option in found if option.startswith("--")}
    assert {option for option in options if option not in PAGE} == set()
    assert set(re.findall(r"--[a-z][a-z-]*", PAGE)) - options == {"--app", "--write"}


def test_the_lines_for_shells() -> None:
    """Each of them names the program's own variable, and a form that click writes."""
    assert isinstance(FlaskGroup(), click.Group)
    for shell in ("bash", "zsh", "fish"):
        assert f"_FLASK_COMPLETE={shell}_source flask" in PAGE
