"""The staff's desk at a real terminal: questions with choices, Tab, and a note on the page at once."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from flask.cli import FlaskGroup
from mounted_site import mounted_site
from notes_repository import COMPONENTS

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0
SITE = """\
from pathlib import Path
from flask import Flask
from status_plugin import StatusPlugin
app = Flask("desk_site", root_path=str(Path(__file__).parent))
app.config.from_mapping(STATUS_TIMEZONE="America/New_York", STATUS_MONITOR=[])
StatusPlugin(app)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a site in it."""
    (tmp_path / "desk_site.py").write_text(SITE)
    mounted_site(tmp_path, components=COMPONENTS)
    return tmp_path


def environment(**more: str) -> dict[str, str]:
    """What a program needs to find the site."""
    return os.environ | {"PYTHONPATH": str(ROOT), "FLASK_APP": "desk_site:app", "TERM": "dumb"} | more


def talk(home: Path, words: Sequence[str], answers: Sequence[tuple[str, str]]) -> str:
    """What stands on the terminal after a command, with an answer typed behind each question."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "flask", "status", *words]
    process = subprocess.Popen(
        command, cwd=home, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said, asked_from = "", 0
    try:
        for question, reply in answers:
            deadline = time.monotonic() + PATIENCE
            while question not in said[asked_from:]:
                assert time.monotonic() < deadline, f"no {question!r} in\n{said}"
                said += _read(ours)
            asked_from = len(said)
            os.write(ours, f"{reply}\n".encode())
        while more := _read(ours, to_the_end=True):
            said += more
    finally:
        os.close(ours)
        process.wait(PATIENCE)
    return said.replace("\r\n", "\n")


def _read(terminal: int, *, to_the_end: bool = False) -> str:
    """What comes next, "" for nothing within a while, or for the end."""
    if not select.select([terminal], [], [], PATIENCE if to_the_end else 0.2)[0]:
        return ""
    try:
        return os.read(terminal, 4096).decode()
    except OSError:
        return ""


def note(home: Path, kind: str) -> str:
    """The text of the only note of a kind."""
    (path,) = (home / "content" / kind).iterdir()
    return path.read_text()


def test_an_incident_by_questions(home: Path) -> None:
    """What is not understood is asked again; what has a default needs no more than the return key."""
    said = talk(
        home,
        ["new", "incident"],
        [
            ("Title", "Srv3 is slow"),
            ("Affects", "srv4"),
            ("Did you mean", "srv3, ns3: major"),
            ("Impact (degraded, partial, major) [major]", "degraded"),
            ("Began", "5:33"),
            ("Write '05:33', '5:33am' or '5:33pm'", "2 min ago"),
            ("What customers notice", ""),
            ("Next update ('-' for none) [in 30 min]", ""),
        ],
    )
    assert "next update promised for " in said
    text = note(home, "incidents")
    assert "title: Srv3 is slow\n" in text
    assert "impact: degraded\naffects: [srv3, {ns3: major}]\n" in text
    assert re.search(r"\[investigating; next update .*\]: We are looking into it\.\n$", text)
    said = talk(
        home,
        ["update"],
        [
            ("Phase (investigating, identified, monitoring, resolved, postmortem)", "identified"),
            ("Next update", "soonish"),
            ("is not understood as a time", "-"),
            ("What is new", "The memory is faulty."),
        ],
    )
    assert note(home, "incidents").endswith(" [identified]: The memory is faulty.\n")
    before = note(home, "incidents")
    back = ["update", "It is down again.", "--phase", "investigating"]
    said = talk(
        home, back, [("goes back from 'identified' to 'investigating'. Do it all the same? [y/N]", "n")]
    )
    assert "Nothing is written." in said
    assert note(home, "incidents") == before
    talk(home, ["resolve"], [("How it ended", "All of its memory is back.")])
    assert note(home, "incidents").endswith(" [resolved]: All of its memory is back.\n")


def test_a_window_by_questions(home: Path) -> None:
    """Planned and called off."""
    said = talk(
        home,
        ["new", "maintenance"],
        [
            ("Title", "More memory"),
            ("What customers notice", "Nothing answers."),
            ("Affects", "srv9"),
            ("Starts", "2 h ago"),
            ("has passed", "tomorrow 4pm"),
            ("How long [2h]", "1h"),
            ("Expected downtime", ""),
        ],
    )
    assert "(1 h); affects Srv9." in said
    talk(home, ["cancel"], [("Why", "")])
    text = note(home, "maintenance")
    assert "expected_downtime" not in text
    assert re.search(r"\nUpdate @ \d{4}-\d\d-\d\d .* \[cancelled\]: This work does not take place\.\n$", text)


def test_one_of_several_by_its_number(home: Path) -> None:
    """Where more than one is open they are shown, and one is chosen."""
    site = mounted_site(home, components=COMPONENTS, real_time=True)
    for name in ("one", "two"):
        started = "title: {}\nstarted: 2026-11-20 6pm EST\nimpact: major\naffects: [srv3]"
        site.note(f"incidents/{name}.md", f"---\n{started.format(name)}\n---\nDown.\n")
    said = talk(home, ["resolve", "All is well."], [("Which note", "2")])
    assert re.search(r"1\. one \(one\)\n +2\. two \(two\)", said)
    assert "[resolved]: All is well." in (home / "content" / "incidents" / "two.md").read_text()
    assert "resolved" not in (home / "content" / "incidents" / "one.md").read_text()


def flask(home: Path, *words: str) -> str:
    """What a command says that has no terminal."""
    command = [sys.executable, "-m", "flask", "status", *words]
    done = subprocess.run(
        command, cwd=home, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("status update ", ["2026-srv3-down", "2099-memory"]),
        ("status update srv", ["2026-srv3-down"]),
        ("status resolve old", ["old-one"]),
        ("status cancel ", ["2099-memory"]),
        ("status update --phase i", ["investigating", "identified", "in_progress"]),
        ("status update --affects n", ["ns3"]),
        ("status new incident X --affects srv3,n", ["srv3,ns3"]),
        ("status new incident X --impact ", ["degraded", "partial", "major"]),
        ("status new ", ["incident", "maintenance"]),
    ],
)
def test_tab_completes(home: Path, line: str, offered: list[str]) -> None:
    """Names of notes that are not over, of components, and the words for impacts and phases."""
    _notes_for_tab(home)
    app = mounted_site(home, components=COMPONENTS).app
    group = FlaskGroup(create_app=lambda: app)
    *words, typed = line.split(" ")
    found = ShellComplete(group, {}, "flask", "_FLASK_COMPLETE").get_completions(words, typed)
    assert [item.value for item in found] == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_ask_for_what_fits(home: Path, shell: str) -> None:
    """Each of the shells gets its answer, also for a site that is named before, and nothing else."""
    _notes_for_tab(home)
    told = {
        "_FLASK_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "flask --app desk_site:app status update ",
        "COMP_CWORD": "" if shell == "fish" else "5",
        "FLASK_APP": "",
    }
    program = Path(sys.executable).parent / "flask"
    done = subprocess.run([program], cwd=home, env=environment(**told), capture_output=True, text=True)
    assert done.stderr == ""
    titles = [] if shell == "bash" else ["X", "W"]
    words = {"plain", "2026-srv3-down", "2099-memory", *titles}
    assert set(re.split(r"[\n\t,]", done.stdout.strip())) == words


def _notes_for_tab(home: Path) -> None:
    body = "impact: major\naffects: [srv3]\n---\nDown.\n"
    incidents, windows = home / "content" / "incidents", home / "content" / "maintenance"
    incidents.mkdir()
    windows.mkdir()
    (incidents / "2026-srv3-down.md").write_text(f"---\ntitle: X\nstarted: 2025-11-20 6pm EST\n{body}")
    over = "resolved: 2025-11-20 7pm EST\n"
    (incidents / "old-one.md").write_text(f"---\ntitle: Old\nstarted: 2025-11-20 6pm EST\n{over}{body}")
    window = "---\ntitle: W\nstarts: 2099-01-01 6pm EST\nends: 8pm EST\naffects: [srv9]\n---\nX.\n"
    (windows / "2099-memory.md").write_text(window)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of the page of a site that runs in a process of its own."""
    command = [sys.executable, "-m", "flask", "run", "--port", "0"]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=home, env=environment(), stdout=log, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r"Running on (http://\S+)", (home / "server.log").read_text())):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield f"{found[1]}/status/"
    finally:
        server.terminate()
        server.wait(10)


def page(address: str) -> str:
    """The page as a visitor gets it."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return str(answer.read().decode())


@pytest.mark.system("git")
def test_from_the_command_to_the_page(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One command writes, commits and pushes to a real remote, and visitors of the running site see it."""
    config = home.parent / "gitconfig"
    config.write_text("[user]\nname = Staff\nemail = staff@example.com\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    remote = home.parent / "remote.git"
    for words in (
        ["init", "--quiet", "--bare", str(remote)],
        ["init", "--quiet"],
        ["add", "content"],
        ["commit", "--quiet", "--message", "Components"],
        ["remote", "add", "origin", str(remote)],
        ["push", "--quiet", "--set-upstream", "origin", "main"],
    ):
        subprocess.run(["git", "-C", str(home), *words], check=True)
    with served(home) as address:
        assert "Srv3 is not responding" not in page(address)
        begun = time.monotonic()
        new = ["new", "incident", "Srv3 is not responding", "--affects", "srv3", "--impact", "major"]
        flask(home, *new, "--push")
        done = time.monotonic()
        while "Srv3 is not responding" not in page(address):
            assert time.monotonic() < done + PATIENCE
        print(f"command {done - begun:.2f} s, on the page after {time.monotonic() - begun:.2f} s")
    pushed = subprocess.run(
        ["git", "-C", str(remote), "log", "--format=%s", "main"], check=True, capture_output=True, text=True
    ).stdout
    assert pushed == "New incident: Srv3 is not responding\nComponents\n"
