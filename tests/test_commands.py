"""`flask status ...`, as a person at a terminal sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import redirect
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.staff.cli import commands
from status_plugin.staff.watch import watch

HOME = Path(__file__).parent.parent
OVER = INCIDENT.replace("2026", "2025").replace(
    "[identified; next update 7:30pm]: Half of the memory is gone.",
    "[resolved]: Half of its memory had failed.",
)
MAP = {"srv3": {"nagios": {"host": "db7.internal.example", "checks": {"Web": "HTTP on VLAN 12"}}}}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site; commands are given in its folder."""
    monkeypatch.chdir(tmp_path)
    return mounted_site(tmp_path, components="- name: Srv3\n- name: Accounts\n")


def run(site: Site, *words: str) -> Result:
    """What a command prints."""
    return site.app.test_cli_runner().invoke(args=["status", *words])


def test_check_finds_nothing(site: Site) -> None:
    """Without problems `check` says so and exits with 0."""
    site.note("incidents/down.md", OVER)
    result = run(site, "check")
    assert result.output == "No problems found.\n"
    assert result.exit_code == 0


def test_check_names_the_place(site: Site) -> None:
    """An error is told with file, line, column, field, what to write instead, and exit code 1."""
    text = OVER.replace("affects: [srv3]", "affects: [srv4]")
    site.note("incidents/down.md", text)
    result = run(site, "check")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "content/incidents/down.md:5:11: error: affects: 'srv4' is not in components.yml. "
        "Did you mean 'Srv3'? [unknown-component]",
        "1 error and 0 warnings in 1 file.",
    ]


def test_a_doubt_is_no_failure(site: Site) -> None:
    """A warning alone leaves the exit code at 0."""
    site.note("incidents/down.md", OVER.replace("impact: major\n", ""))
    result = run(site, "check")
    assert ": warning: impact:" in result.output
    assert "0 errors and 1 warning in 1 file." in result.output
    assert result.exit_code == 0


def test_check_for_github(site: Site) -> None:
    """GitHub shows each problem at its line; nothing that is written can break out of the command."""
    site.note("incidents/a,b.md", OVER.replace("[srv3]", '["sr%v\\n9"]'))
    result = run(site, "check", "--format", "github")
    line = next(line for line in result.output.splitlines() if "unknown-component" in line)
    assert line.startswith("::error file=content/incidents/a%2Cb.md,line=5,col=11,title=unknown-component::")
    assert "sr%25v" in line


def test_check_for_programs(site: Site) -> None:
    """JSON has every part of a problem by name."""
    site.note("incidents/down.md", INCIDENT.replace("impact", "impakt"))
    found = json.loads(run(site, "check", "--format", "json").output)
    assert {
        "rule", "severity", "path", "line", "column", "field", "message", "hint"
    } == set(found[0])  # fmt: skip
    assert any(problem["line"] == 4 and "impact" in problem["hint"] for problem in found)


def test_check_finds_private_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host or check of the monitoring in a note is found; its place is told and not its name."""
    monkeypatch.chdir(tmp_path)
    site = mounted_site(tmp_path, STATUS_MONITOR="nagios:/nonexistent/status.dat", STATUS_MONITOR_MAP=MAP)
    site.note(
        "incidents/down.md",
        INCIDENT.replace("2026", "2025").replace(
            "Nothing of Srv3 answers.",
            "DB7.internal.example is gone, says http on vlan 12. Not xdb7.internal.example.",
        ),
    )
    result = run(site, "check")
    leaks = [line for line in result.output.splitlines() if "[private-name]" in line]
    assert [line.split(": ")[0] for line in leaks] == [
        "content/incidents/down.md:7:1",
        "content/incidents/down.md:7:36",
    ]
    assert "internal" not in result.output.lower()
    assert "vlan" not in result.output.lower()
    assert result.exit_code == 1


def test_check_finds_what_nothing_watches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that the map forgets is told; it is no error: where notes are checked there may be no map."""
    monkeypatch.chdir(tmp_path)
    site = mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP={})
    result = run(site, "check")
    assert result.exit_code == 0
    assert "warning: No open source is told to watch 'srv3'" in result.output


def test_preview_is_the_page_as_text(site: Site) -> None:
    """The three headings are there, with what stands under them."""
    site.note("incidents/down.md", INCIDENT)
    output = run(site, "preview", "--as-of", "2026-11-20 6:45pm Eastern").output
    lines = output.splitlines()
    assert lines[:2] == [
        "Network Status at Fri 20 Nov 2026, 18:45 EST",
        "OFFLINE: Srv3 is offline (no facts from monitoring)",
    ]
    current = lines.index("Current Alerts")
    assert lines[current + 1] == "  [Identified] Srv3 is not responding"
    assert "    Next update: Fri 20 Nov 2026, 19:30 EST" in lines
    assert lines[lines.index("Scheduled Maintenance Windows") + 1] == "  None"
    assert lines[lines.index("Past Alerts") + 1] == "  None"


def test_preview_looks_back(site: Site) -> None:
    """Before the first word there was none, and what came later is not shown."""
    site.note("incidents/down.md", INCIDENT)
    before = run(site, "preview", "--as-of", "2026-11-20 5:59pm Eastern").output
    assert "not responding" not in before
    between = run(site, "preview", "--as-of", "2026-11-20 6:30pm Eastern").output
    assert "[Investigating] Srv3 is not responding" in between
    assert "Half of the memory" not in between


def test_preview_as_a_file(site: Site, tmp_path: Path) -> None:
    """The page itself, as of that moment."""
    site.note("incidents/down.md", INCIDENT)
    result = run(site, "preview", "--as-of", "2026-11-20 6:45pm Eastern", "--html", "page.html")
    assert result.output == "Written: page.html\n"
    assert "Half of the memory is gone" in (tmp_path / "page.html").read_text()


def test_preview_tells_the_opening_words(site: Site) -> None:
    """What a note says before its first update is there, also when there is no update yet."""
    opening, _, _ = INCIDENT.partition("\nUpdate")
    site.note("incidents/down.md", opening + "\nWe look into it, *now*.\n")
    lines = run(site, "preview", "--as-of", "2026-11-20 6:45pm Eastern").output.splitlines()
    said = lines.index("    Nothing of Srv3 answers.")
    assert lines[said + 1] == "    We look into it, now."
    assert lines.index("  [Investigating] Srv3 is not responding") < said
    over = opening.replace("impact", "resolved: 2026-11-20 6:30pm Eastern\nimpact")
    site.note("incidents/down.md", over)
    output = run(site, "preview", "--as-of", "2026-11-20 6:45pm Eastern").output
    assert "[Resolved] Srv3 is not responding" in output
    assert "Nothing of Srv3" not in output, "the past is told by its titles, as on the page"


def failing(*_: object, **__: object) -> None:
    """What a broken page does."""
    raise RuntimeError("broken on purpose")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("missing/page.html", "Error: missing/page.html cannot be written: No such file or directory.\n"),
        ("content/components.yml/x", "Error: content/components.yml/x cannot be written: Not a directory.\n"),
    ],
)
def test_preview_into_no_file(site: Site, file: str, sentence: str) -> None:
    """A file that cannot be written is a sentence, not a traceback."""
    result = run(site, "preview", "--html", file)
    assert (result.exit_code, result.output) == (1, sentence)


def test_preview_of_a_page_with_a_fault(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The words for a fault are never written as the page."""
    monkeypatch.setattr("status_plugin.web.pages.render", failing)
    result = run(site, "preview", "--html", "page.html")
    assert result.exit_code == 1
    assert result.output == "Error: Nothing is written: the site answers 503 SERVICE UNAVAILABLE.\n"
    assert "broken on purpose" in caplog.text
    assert not (tmp_path / "page.html").exists()


def test_preview_of_a_page_behind_a_redirect(site: Site, tmp_path: Path) -> None:
    """Nor is the way to somewhere else."""
    site.app.before_request(lambda: redirect("https://www.example.com/login"))
    result = run(site, "preview", "--html", "page.html")
    assert result.exit_code == 1
    assert result.output == (
        "Error: Nothing is written: the site answers 302 FOUND and leads to https://www.example.com/login.\n"
    )
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("when", ["9/4", "yesterday", "2026-11-20 25:00", ""])
def test_preview_of_no_moment(site: Site, when: str) -> None:
    """A time that cannot be read is an error in a sentence, with what to write."""
    result = run(site, "preview", "--as-of", when)
    assert result.exit_code == 2
    assert "Invalid value for --as-of" in result.output
    assert "Traceback" not in result.output


def test_watch_needs_a_cache_that_is_shared(site: Site) -> None:
    """A watch whose word reaches nobody says so, and what to set."""
    result = run(site, "watch")
    assert result.exit_code == 1
    assert "STATUS_CACHE = {'CACHE_TYPE': 'FileSystemCache'" in result.output


def test_watch_once(site: Site) -> None:
    """One look prints the page."""
    assert "Current Alerts" in run(site, "watch", "--once").output


def test_watch_outlives_what_nobody_foresaw(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that fails in a strange way is told without what the error says, and is followed by the next."""
    state = site.app.extensions["status_plugin"]
    renew, stop = state.station.renew, threading.Event()
    said: list[str] = []
    faults = [ValueError("db7.internal.example"), MemoryError()]

    def look(**how: bool) -> Any:
        if faults:
            raise faults.pop(0)
        stop.set()
        return renew(**how)

    monkeypatch.setattr(state.station, "renew", look)
    watch(state, timedelta(), stop, said.append)
    assert [line.partition("  ")[2] for line in said[:2]] == [
        "The page could not be renewed (ValueError); looking again.",
        "The page could not be renewed (MemoryError); looking again.",
    ]
    assert "facts from monitoring" in said[2]


def test_watch_goes_on(tmp_path: Path) -> None:
    """The watch says what it sees when it changes, survives a broken note, and ends when it is asked to."""
    (tmp_path / "watched.py").write_text(
        "from pathlib import Path\n"
        "from mounted_site import mounted_site\n"
        "site = mounted_site(Path(__file__).parent, STATUS_MONITOR_TTL=0.2,\n"
        "    STATUS_CACHE={'CACHE_TYPE': 'FileSystemCache', 'CACHE_DIR': 'cache'})\n"
        "app = site.app\n"
        "import datetime\n"
        "site.clock.__class__.__call__ = lambda self: datetime.datetime.now(datetime.UTC)\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{HOME / 'tests'}{os.pathsep}{HOME}", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "flask", "--app", "watched:app", "status", "watch"]
    watch: subprocess.Popen[str] = subprocess.Popen(
        command, cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert watch.stdout is not None
        assert "No problems reported" in _line(watch, "reported")
        notes = tmp_path / "content" / "incidents"
        notes.mkdir()
        (notes / "broken.md").write_bytes(b"---\ntitle: [\n---\n")
        (notes / "down.md").write_text(INCIDENT.replace("Srv3 is not", "Srv3 is no longer"))
        _line(watch, "Srv3 is offline")
        assert list((tmp_path / "cache").iterdir())
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(10) == 0
    finally:
        watch.kill()
        watch.communicate()


def _line(process: Any, words: str) -> str:
    """The next line with these words, within a few seconds."""
    deadline = time.monotonic() + 20
    for line in process.stdout:
        if words in line:
            return str(line)
        assert time.monotonic() < deadline
    raise AssertionError(f"the watch ended without saying {words!r}")


def test_the_help_tells_every_command_in_a_chapter(site: Site) -> None:
    """Each command has one whole line among its like; what is done most often comes first."""
    told = run(site, "--help").output.partition("Write notes:\n")[2]
    lines = [line for line in told.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in lines][:3] == ["new", "update", "resolve"]
    assert sorted(line.split()[0] for line in lines) == sorted(commands.commands)
    assert [line for line in lines if line.endswith("...")] == []
