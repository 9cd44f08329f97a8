"""`flask status announce` with failing services and killed runs: nothing twice, nothing lost unsaid."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from loopback_server import free_port
from notes_repository import IDENTIFIED, INCIDENT, WINDOW, NotesRepository, notes_repository
from receivers import MailServer, WebServer

pytestmark = pytest.mark.system("git")

Start = Callable[..., subprocess.Popen[str]]

TITLE = "Investigating: Srv3 is not responding"
PROGRAM = """\
from flask import Flask
from status_plugin import StatusPlugin
app = Flask(__name__)
app.config.update(STATUS_TIMEZONE="America/New_York", STATUS_MONITOR=[], STATUS_SITE_URL="https://www.example.com",
                  STATUS_ANNOUNCE="announce.cfg")
StatusPlugin(app)
"""


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server."""
    with WebServer() as server:
        yield server


@pytest.fixture
def notes(tmp_path: Path) -> NotesRepository:
    """A site that nobody follows yet, with an incident in its last commit."""
    notes = notes_repository(tmp_path / "site")
    notes.commit({"incidents/srv3.md": INCIDENT})
    return notes


def test_a_recipient_that_fails_is_told_by_the_next_run(notes: NotesRepository, web: WebServer) -> None:
    """A refusal costs the others nothing, is made up for by any later run, and nobody hears twice."""
    notes.follow(f"{web.address('a')}\n{web.address('b')}\n{web.address('c')}\n")
    web.answers["/b"] = 503
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"Told JSON no. 1 (everything): {TITLE}",
        f"Not told JSON no. 2 (everything): {TITLE}. It answered 503. The next run tries again.",
        f"Told JSON no. 3 (everything): {TITLE}",
    ]
    web.answers.clear()
    web.heard.clear()
    assert notes.announce("HEAD..HEAD").output == f"Told JSON no. 2 (everything): {TITLE}\n"
    assert [path for path, _ in web.heard] == ["/b"]
    assert notes.announce("HEAD~1..HEAD").exit_code == 0
    assert [path for path, _ in web.heard] == ["/b"]


def test_who_was_down_hears_it_in_one_message_and_in_order(notes: NotesRepository, web: WebServer) -> None:
    """What came meanwhile is told together, as it stands now; what was deleted is told to nobody."""
    notes.follow(f"{web.address('a')}\n")
    web.answers["/a"] = 500
    notes.commit({"maintenance/mem.md": WINDOW})
    for words in ("HEAD~2..HEAD~1", "HEAD~1..HEAD"):
        assert notes.announce(words).exit_code == 1
    notes.commit({"incidents/srv3.md": INCIDENT + IDENTIFIED, "maintenance/mem.md": None})
    web.answers.clear()
    web.heard.clear()
    assert notes.announce("HEAD~1..HEAD").exit_code == 0
    ((_, body),) = web.heard
    assert body["title"] == "Identified: Srv3 is not responding"
    assert "do not answer" in body["message"]
    assert "Half of its memory" in body["message"]


def test_after_a_day_it_is_given_up(notes: NotesRepository, web: WebServer) -> None:
    """Nobody hears of an outage a day late; staff are told that somebody never heard."""
    notes.follow(f"{web.address('a')}\n")
    web.answers["/a"] = 500
    assert notes.announce("HEAD~1..HEAD").exit_code == 1
    notes.site.clock.move(24 * 3600 + 60)
    web.answers.clear()
    web.heard.clear()
    result = notes.announce("HEAD..HEAD")
    assert (
        result.output == "JSON no. 1 (everything) could not be told for a day; what is older is given up.\n"
    )
    assert (result.exit_code, web.heard) == (1, [])
    assert notes.announce("HEAD..HEAD").exit_code == 0


def test_a_recipient_that_fails_for_long_is_asked_once_an_hour(
    notes: NotesRepository, web: WebServer
) -> None:
    """A timer of a minute does not knock on a door that stays shut a thousand times a day."""
    notes.follow(f"{web.address('a')}\n")
    web.answers["/a"] = 500
    notes.announce("HEAD~1..HEAD")
    for _ in range(30):
        notes.announce("--due")
        notes.site.clock.move(60)
    assert len(web.heard) == 10
    notes.site.clock.move(3600)
    notes.announce("--due")
    assert len(web.heard) == 11


def test_mail_that_is_refused_is_sent_again(notes: NotesRepository) -> None:
    """Neither an unknown address nor a server that takes no message now costs the message."""
    with MailServer() as mail:
        notes.follow(f"srv3={mail.address('srv3')}\n")
        mail.refused = "srv3"
        assert "cannot be reached, or does not answer" in notes.announce("HEAD~1..HEAD").output
        mail.refused, mail.refusal = "", "451 try later"
        assert "It answered 451. The next run tries again." in notes.announce("HEAD..HEAD").output
        mail.refusal = ""
        assert notes.announce("HEAD..HEAD").exit_code == 0
        assert mail.subjects == [TITLE]


def test_a_server_that_is_down_is_tried_again(notes: NotesRepository) -> None:
    """What never left this machine is owed."""
    notes.follow(f"json://127.0.0.1:{free_port()}/a\n")
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert "Not told JSON no. 1" in result.output
    assert "The next run tries again." in notes.announce("HEAD..HEAD").output


def test_without_an_answer_nothing_is_sent_twice(notes: NotesRepository, web: WebServer) -> None:
    """A message may have arrived although nobody said so: staff decide, and are told how."""
    notes.follow(f"{web.address('a')}?rto=0.3\n")
    web.gate.clear()
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert result.output == (
        f"Perhaps told JSON no. 1 (everything): {TITLE}. It cannot be reached, or does not answer. "
        "Nobody knows whether it arrived, so it is not sent again; --again sends it.\n"
    )
    web.gate.set()
    assert (notes.announce("HEAD~1..HEAD").exit_code, len(web.heard)) == (0, 1)
    assert notes.announce("HEAD~1..HEAD", "--again").exit_code == 0
    assert web.titles("a") == [TITLE, TITLE]
    assert (notes.announce("HEAD~1..HEAD", "--again").exit_code, len(web.heard)) == (0, 2)


def test_of_two_addresses_in_one_line_nobody_hears_twice(notes: NotesRepository) -> None:
    """When one of them is refused the other has been told, so that the line is not tried again."""
    with MailServer(refused="second") as mail:
        notes.follow(f"{mail.address('first@example.com,second')}\n")
        assert "Perhaps told E-Mail no. 1" in notes.announce("HEAD~1..HEAD").output
        mail.refused = ""
        assert notes.announce("HEAD..HEAD").exit_code == 0
        assert mail.to == ["first@example.com"]


def fresh_incident(name: str) -> str:
    """An incident that began a minute ago by the real clock."""
    began = datetime.now(ZoneInfo("America/New_York")) - timedelta(minutes=1)
    return INCIDENT.replace("2026-11-20 6:00pm Eastern", f"{began:%Y-%m-%d %H:%M}").replace(
        "Srv3 is", f"{name} is"
    )


@pytest.fixture
def start(notes: NotesRepository) -> Iterator[Start]:
    """Starts the command as a program of its own, with the real clock."""
    (notes.top / "app.py").write_text(PROGRAM, encoding="utf-8")
    running: list[subprocess.Popen[str]] = []

    def started(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "flask", "--app", "app", "status", "announce", *words]
        running.append(
            subprocess.Popen(
                command, cwd=notes.top, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        )
        return running[-1]

    yield started
    for process in running:
        process.kill()
        process.communicate()


def test_killed_at_every_message_nothing_is_lost_or_sent_twice(
    notes: NotesRepository, web: WebServer, start: Start
) -> None:
    """SIGKILL while a service has the message and has not answered yet: the next run goes on behind it."""
    notes.follow(f"{web.address('a')}\n{web.address('b')}\n")
    notes.commit({f"incidents/new-{name}.md": fresh_incident(name) for name in ("Srv3", "Srv9")})
    running: list[subprocess.Popen[str]] = []
    web.on_hearing = lambda: running[-1].kill()
    web.gate.clear()
    outputs = []
    for _ in range(5):
        running.append(start("HEAD~1..HEAD"))
        outputs.append(running[-1].communicate(timeout=30)[0])
    assert [process.returncode for process in running] == [-signal.SIGKILL] * 4 + [1]
    titles = ["Investigating: Srv3 is not responding", "Investigating: Srv9 is not responding"]
    assert web.titles("a") == web.titles("b") == titles
    killed = (
        "A run was killed while it told JSON no. {} (everything). Nobody knows whether that arrived, so it"
    )
    assert [
        output.startswith(killed.format(no)) for no, output in zip((1, 1, 2, 2), outputs[1:], strict=True)
    ]
    web.gate.set()
    last = start("HEAD~1..HEAD")
    assert (last.communicate(timeout=30)[0], last.returncode) == ("Nobody has anything new to hear.\n", 0)
    assert len(web.heard) == 4


def test_killed_between_two_messages_only_what_is_missing_is_sent(
    notes: NotesRepository, web: WebServer, start: Start
) -> None:
    """What was answered is known to be told, and even another range tells the rest."""
    notes.follow("".join(f"{web.address(path)}\n" for path in "abcdef"))
    notes.commit({"incidents/new-Srv3.md": fresh_incident("Srv3")})
    first = start("HEAD~1..HEAD")
    assert first.stdout
    assert first.stdout.readline().startswith("Told JSON no. 1")
    first.kill()
    first.communicate(timeout=30)
    second = start("HEAD..HEAD")
    second.communicate(timeout=30)
    assert {path for path, _ in web.heard} == {f"/{path}" for path in "abcdef"}
    assert len(web.heard) == 6


def test_two_runs_at_once_tell_everything_once(notes: NotesRepository, web: WebServer, start: Start) -> None:
    """The second waits for the first, finds nothing left of their common range, and tells its own."""
    notes.follow(f"{web.address('a')}?rto=60\n{web.address('b')}?rto=60\n")
    notes.commit({"incidents/new-Srv3.md": fresh_incident("Srv3")})
    notes.commit({"incidents/new-Srv9.md": fresh_incident("Srv9")})
    web.gate.clear()
    first = start("HEAD~2..HEAD~1")
    wait_for(lambda: len(web.heard) == 1)
    second = start("HEAD~2..HEAD")
    wait_for(lambda: "incident/new-srv9" in noted(notes))
    assert second.poll() is None
    assert len(web.heard) == 1
    web.gate.set()
    assert first.communicate(timeout=30)[0].count("Told") == 2
    assert second.communicate(timeout=30)[0].count("Told") == 2
    titles = ["Investigating: Srv3 is not responding", "Investigating: Srv9 is not responding"]
    assert web.titles("a") == web.titles("b") == titles


def test_a_run_that_is_asked_to_stop_ends_after_the_message_under_way(
    notes: NotesRepository, web: WebServer, start: Start
) -> None:
    """A shutdown leaves nothing in doubt."""
    notes.follow(f"{web.address('a')}?rto=60\n{web.address('b')}?rto=60\n")
    notes.commit({"incidents/new-Srv3.md": fresh_incident("Srv3")})
    web.gate.clear()
    process = start("HEAD~1..HEAD")
    wait_for(lambda: len(web.heard) == 1)
    process.send_signal(signal.SIGTERM)
    web.gate.set()
    output = process.communicate(timeout=30)[0]
    assert output.splitlines()[1:] == ["Stopped. What is left is told by the next run."]
    assert process.returncode == 1
    start("HEAD..HEAD").communicate(timeout=30)
    assert [path for path, _ in web.heard] == ["/a", "/b"]


def noted(notes: NotesRepository) -> set[str]:
    """The names of all news that anybody is owed or was told."""
    with closing(sqlite3.connect(notes.top / "instance" / "announced.sqlite3")) as ledger:
        return {name for (name,) in ledger.execute("SELECT name FROM debts")}


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it is so, for at most half a minute."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
