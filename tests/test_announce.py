"""`flask status announce`, with real git, a real mail server and a real web server: each thing once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from notes_repository import IDENTIFIED, INCIDENT, RESOLVED, WINDOW, NotesRepository, notes_repository
from receivers import SECRET, MailServer, WebServer

pytestmark = pytest.mark.system("git")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server."""
    with MailServer() as server:
        yield server


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server."""
    with WebServer() as server:
        yield server


@pytest.fixture
def notes(tmp_path: Path, mail: MailServer, web: WebServer) -> NotesRepository:
    """A site that mail for Srv3 and for Srv9, and an address for everything, are told of."""
    notes = notes_repository(tmp_path / "site", STATUS_COPY_URL="https://status.example.net/")
    notes.follow(f"srv3={mail.address('srv3')}\nsrv9={mail.address('srv9')}\n{web.address('everything')}\n")
    return notes


def test_the_clients_on_srv3_hear_of_srv3(notes: NotesRepository, mail: MailServer, web: WebServer) -> None:
    """An incident is told to those who follow what it touches and to those who follow everything, once."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Told E-Mail no. 1 (srv3): Investigating: Srv3 is not responding",
        "Told JSON no. 3 (everything): Investigating: Srv3 is not responding",
    ]
    assert mail.to == ["srv3@example.com"]
    assert web.titles("everything") == mail.subjects == ["Investigating: Srv3 is not responding"]
    again = notes.announce("HEAD~1..HEAD")
    assert (again.exit_code, again.output) == (0, "Nobody has anything new to hear.\n")
    assert len(mail.messages) == len(web.heard) == 1


def test_a_whole_life_is_told_word_by_word(notes: NotesRepository, web: WebServer) -> None:
    """Each commit tells what it adds, and nothing of it comes up again."""
    story = INCIDENT
    for more in ("", IDENTIFIED, RESOLVED):
        story += more
        notes.commit({"incidents/srv3.md": story})
        assert notes.announce("HEAD~1..HEAD").exit_code == 0
    notes.commit(
        {"incidents/srv3.md": story.replace("not responding", "not answering").replace("6:40", "6:41")}
    )
    assert notes.announce("HEAD~1..HEAD").output == "Nobody has anything new to hear.\n"
    assert notes.announce("HEAD~4..HEAD").output == "Nobody has anything new to hear.\n"
    assert web.titles("everything") == [
        "Investigating: Srv3 is not responding",
        "Identified: Srv3 is not responding",
        "Resolved: Srv3 is not responding",
    ]
    first, second, third = (body["message"] for _, body in web.heard)
    assert "do not answer" in first
    assert "Half of its memory" not in first + third
    assert "Next update: Fri 20 Nov 2026, 19:30 EST" in second
    assert "Ended: Fri 20 Nov 2026, 18:42 EST" in third
    assert [body["type"] for _, body in web.heard] == ["failure", "failure", "success"]


def test_what_comes_at_once_is_one_message(notes: NotesRepository, web: WebServer) -> None:
    """News of one note in one range is one message, the oldest word first."""
    notes.commit({"incidents/srv3.md": INCIDENT + IDENTIFIED + RESOLVED, "maintenance/mem.md": WINDOW})
    notes.announce("HEAD~1..HEAD")
    assert web.titles("everything") == [
        "Planned maintenance: More memory for Srv9",
        "Resolved: Srv3 is not responding",
    ]
    text = web.heard[1][1]["message"]
    assert text.index("do not answer") < text.index("Half of its memory") < text.index("memory is back")


def test_a_window_is_announced_moved_and_called_off(notes: NotesRepository, mail: MailServer) -> None:
    """The clients on Srv9 hear of each, and of a move what it was before."""
    moved = WINDOW.replace("2026-12-04", "2026-12-05")
    back = WINDOW + "\nUpdate @ 2026-11-20 6:44pm Eastern [cancelled]: Not needed any more.\n"
    for text in (WINDOW, moved, WINDOW, moved, back):
        notes.commit({"maintenance/mem.md": text})
        assert notes.announce("HEAD~1..HEAD").exit_code == 0
    title = ": More memory for Srv9"
    assert mail.subjects == [
        f"{word}{title}" for word in ("Planned maintenance", "Moved", "Moved", "Moved", "Cancelled")
    ]
    text = mail.messages[1].get_body(("plain",))
    assert text is not None
    said = text.get_content()
    assert "Window: Sat 5 Dec 2026, 16:00 to 18:00 EST" in said
    assert "Planned before: Fri 4 Dec 2026, 16:00 to 18:00 EST" in said
    assert set(mail.to) == {"srv9@example.com"}


def test_a_dry_run_says_all_and_does_nothing(
    notes: NotesRepository, mail: MailServer, web: WebServer
) -> None:
    """What would be sent to whom, by which tags, in words; afterwards everybody can still be told."""
    notes.commit({"incidents/srv3.md": INCIDENT, "maintenance/mem.md": WINDOW})
    result = notes.announce("HEAD~1..HEAD", "--dry-run")
    assert result.exit_code == 0
    assert result.output.splitlines()[:10] == [
        "2 messages to send.",
        "",
        "Planned maintenance: More memory for Srv9",
        "    News: announced",
        "    Tags: srv9",
        "    To: E-Mail no. 2 (srv9); JSON no. 3 (everything)",
        "",
        "        Srv9 gets more memory.",
        "",
        "        Window: Fri 4 Dec 2026, 16:00 to 18:00 EST",
    ]
    assert "Investigating: Srv3 is not responding\n    News: opened\n    Tags: srv3\n" in result.output
    assert SECRET not in result.output
    assert (mail.messages, web.heard) == ([], [])
    assert not list((notes.top / "instance").glob("announced*"))
    assert notes.announce("HEAD~1..HEAD").output.count("Told ") == 4
    assert notes.announce("HEAD~1..HEAD", "--dry-run").output == "Nobody has anything new to hear.\n"


def test_a_dry_run_needs_nobody_to_tell(tmp_path: Path) -> None:
    """A check of a proposed change can show what it would announce, and knows no password."""
    notes = notes_repository(tmp_path / "site", STATUS_ANNOUNCE=None)
    notes.commit({"incidents/srv3.md": INCIDENT.replace("[srv3]", "[]"), "maintenance/mem.md": WINDOW})
    result = notes.announce("HEAD~1..HEAD", "--dry-run")
    assert result.exit_code == 0
    assert (
        "Planned maintenance: More memory for Srv9\n    News: announced\n    Tags: srv9\n\n" in result.output
    )
    assert "    Tags: none, so it is for those who follow everything\n" in result.output
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert result.output.startswith("Error: STATUS_ANNOUNCE is not set, so nobody can be told.")


def test_a_tag_that_is_no_component_is_noticed(notes: NotesRepository, web: WebServer) -> None:
    """In a dry run, since the file may serve other programs as well."""
    notes.follow(f"srv33={web.address('a')}\n")
    notes.commit({"incidents/srv3.md": INCIDENT})
    result = notes.announce("HEAD~1..HEAD", "--dry-run")
    assert result.output.splitlines() == [
        "Nobody has anything new to hear.",
        "JSON no. 1 (srv33) follows 'srv33', and no component in components.yml is called so.",
    ]


def test_without_the_sites_address_nothing_is_sent(tmp_path: Path) -> None:
    """A message without a link would be half a message."""
    notes = notes_repository(tmp_path / "site", STATUS_SITE_URL="")
    result = notes.announce("HEAD~1..HEAD")
    assert (result.exit_code, result.output) == (
        1,
        "Error: STATUS_SITE_URL is not set, so no link could be made. Example: "
        "STATUS_SITE_URL = 'https://www.example.com'\n",
    )


def test_a_broken_line_costs_nobody_else_a_message(notes: NotesRepository, web: WebServer) -> None:
    """The others are told; that somebody is not is said every time, with exit code 1."""
    notes.follow(f"{web.address('a')}\nsrv3=jsno://user:{SECRET}@host\n")
    notes.commit({"incidents/srv3.md": INCIDENT})
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert result.output.splitlines()[0].startswith("STATUS_ANNOUNCE: Apprise cannot use line 2 of '")
    assert web.titles("a") == ["Investigating: Srv3 is not responding"]


def test_who_follows_a_component_that_is_added_later_hears_of_it(
    notes: NotesRepository, mail: MailServer, web: WebServer
) -> None:
    """The clients on Srv9 are told when an incident turns out to be theirs as well, and only they."""
    notes.commit({"incidents/srv3.md": INCIDENT + IDENTIFIED})
    notes.announce("HEAD~1..HEAD")
    notes.commit({"incidents/srv3.md": INCIDENT.replace("[srv3]", "[srv3, srv9]") + IDENTIFIED})
    assert notes.announce("HEAD~1..HEAD").output.splitlines() == [
        "Told E-Mail no. 2 (srv9): Identified: Srv3 is not responding"
    ]
    assert mail.to == ["srv3@example.com", "srv9@example.com"]


def test_whoever_may_not_write_is_told_so(notes: NotesRepository, web: WebServer) -> None:
    """Without a memory nothing is sent: it would be sent again and again."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    (notes.top / "instance" / "announced.sqlite3").write_text(
        "no database at all, but a text", encoding="utf-8"
    )
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert result.output.startswith("Error: STATUS_ANNOUNCED: the file")
    assert "file is not a database" in result.output
    assert web.heard == []


def test_what_was_announced_is_for_its_owner_alone(notes: NotesRepository) -> None:
    """The file that remembers can be read by nobody else."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    notes.announce("HEAD~1..HEAD")
    assert (notes.top / "instance" / "announced.sqlite3").stat().st_mode & 0o777 == 0o600
