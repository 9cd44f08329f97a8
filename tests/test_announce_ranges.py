"""Which commits `flask status announce` can compare, and what it says of those that it cannot."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from mounted_site import mounted_site
from notes_repository import IDENTIFIED, INCIDENT, RESOLVED, NotesRepository, notes_repository
from receivers import WebServer

from status_plugin.staff.announcing.batch import EMPTY_TREE

pytestmark = pytest.mark.system("git")

ZEROS = "0" * 40
NOTHING_NEW = "Nobody has anything new to hear.\n"


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server."""
    with WebServer() as server:
        yield server


@pytest.fixture
def notes(tmp_path: Path, web: WebServer) -> NotesRepository:
    """A site of which one address is told everything."""
    notes = notes_repository(tmp_path / "site")
    notes.follow(web.address("all"))
    return notes


@pytest.mark.parametrize("words", ["HEAD", "HEAD~1", "HEAD...HEAD", "..HEAD", "HEAD..", "a b", ""])
def test_what_is_no_range_is_told_with_an_example(notes: NotesRepository, words: str) -> None:
    """Exit code 2, as for any word that a command cannot use."""
    result = notes.announce(words)
    assert result.exit_code == 2
    assert f"'{words}' is no range of commits. Write OLD..NEW, such as HEAD~1..HEAD." in result.output


def test_nothing_to_do_is_a_mistake(notes: NotesRepository) -> None:
    """Without a range and without --due there is nothing to announce."""
    result = notes.announce()
    assert result.exit_code == 2
    assert "Name a range of commits, such as HEAD~1..HEAD, or say --due." in result.output


@pytest.mark.parametrize(
    "words", ["nowhere..HEAD", "HEAD..nowhere", f"{'ab' * 20}..HEAD", "--output=x..HEAD"]
)
def test_a_commit_that_is_not_there_is_named(notes: NotesRepository, words: str) -> None:
    """Whether it was never there or was lost by a forced push: a sentence, and exit code 1."""
    result = notes.announce("--", words)
    missing = next(name for name in words.split("..") if name != "HEAD")
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: There is no commit '{missing}' in the repository")
    assert "Fetch it first" in result.output


def test_a_folder_in_no_repository_is_named(tmp_path: Path) -> None:
    """Without git's history nobody knows what changed."""
    site = mounted_site(tmp_path, STATUS_SITE_URL="https://www.example.com", STATUS_ANNOUNCE="announce.cfg")
    notes = NotesRepository(site=site, top=tmp_path)
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: The content folder {tmp_path}/content is in no git repository")


def test_without_git_there_is_a_sentence(notes: NotesRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that only serves the page may have no git."""
    monkeypatch.setenv("PATH", "/nowhere")
    result = notes.announce("HEAD~1..HEAD")
    assert (result.exit_code, result.output) == (
        1,
        "Error: There is no program 'git' here. Install it, or correct PATH.\n",
    )


def test_the_first_push_tells_nobody(notes: NotesRepository, web: WebServer) -> None:
    """An archive of years is no news; what is open or ahead in it can be told on purpose."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    result = notes.announce(f"{ZEROS}..HEAD")
    assert result.exit_code == 0
    assert result.output.startswith("There is nothing before this push")
    assert f"{EMPTY_TREE}..HEAD" in result.output
    assert web.heard == []
    assert notes.announce(f"{EMPTY_TREE}..HEAD").exit_code == 0
    assert web.titles("all") == ["Investigating: Srv3 is not responding"]


def test_a_branch_that_was_deleted_has_no_news(notes: NotesRepository) -> None:
    """As git tells its hooks of it."""
    result = notes.announce(f"HEAD..{ZEROS}")
    assert (result.exit_code, result.output) == (0, "The branch was deleted: there is nothing to tell.\n")


def test_a_forced_push_tells_what_is_new_by_it(notes: NotesRepository, web: WebServer) -> None:
    """The commits that it replaces count as what readers know, though they lead nowhere any more."""
    old = notes.commit({"incidents/srv3.md": INCIDENT})
    notes.announce("HEAD~1..HEAD")
    notes.site.note("incidents/srv3.md", INCIDENT.replace("Web, mail", "Web and mail") + IDENTIFIED)
    notes.git("commit", "--quiet", "--amend", "--all", "--message", "Another")
    assert notes.announce(f"{old}..HEAD").exit_code == 0
    assert web.titles("all")[1:] == ["Identified: Srv3 is not responding"]
    assert "do not answer" not in web.heard[1][1]["message"]


def test_a_merge_tells_what_both_sides_added(notes: NotesRepository, web: WebServer) -> None:
    """Whatever way the notes came: what counts is how they were before, and how they are now."""
    base = notes.commit({"incidents/srv3.md": INCIDENT})
    notes.git("switch", "--quiet", "--create", "side")
    notes.commit({"incidents/ns3.md": INCIDENT.replace("Srv3", "ns3").replace("srv3", "ns3")})
    notes.git("switch", "--quiet", "main")
    notes.commit({"incidents/srv3.md": INCIDENT + IDENTIFIED})
    notes.git("merge", "--quiet", "--no-edit", "side")
    assert notes.announce(f"{base}..HEAD").exit_code == 0
    assert sorted(web.titles("all")) == [
        "Identified: Srv3 is not responding",
        "Investigating: ns3 is not responding",
    ]
    assert notes.announce("HEAD^1..HEAD").output == notes.announce("HEAD^2..HEAD").output == NOTHING_NEW


def test_a_new_name_of_a_file_is_no_news(notes: NotesRepository, web: WebServer) -> None:
    """With the old name in `aliases` all goes on; without it nobody hears it twice and staff are reminded."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    notes.announce("HEAD~1..HEAD")
    notes.commit({"incidents/srv3.md": None, "incidents/srv3-memory.md": INCIDENT})
    assert notes.announce("HEAD~1..HEAD").output.splitlines() == [
        "incidents/srv3-memory.md was incidents/srv3.md, whose address leads nowhere now: "
        "write aliases: [srv3] in it.",
        NOTHING_NEW.strip(),
    ]
    text = INCIDENT.replace("affects:", "aliases: [srv3]\naffects:") + IDENTIFIED
    notes.commit({"incidents/srv3-memory.md": text})
    assert notes.announce("HEAD~1..HEAD").exit_code == 0
    assert notes.announce("HEAD~3..HEAD").output == NOTHING_NEW
    assert web.titles("all")[1:] == ["Identified: Srv3 is not responding"]
    assert web.heard[1][1]["message"].count("/status/incidents/srv3-memory/") == 1


def test_what_cannot_be_read_or_is_gone_is_said_to_staff(notes: NotesRepository, web: WebServer) -> None:
    """Readers hear nothing of it, so somebody must know."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    notes.announce("HEAD~1..HEAD")
    broken = INCIDENT.replace("[srv3]\n---", "[srv3]")
    notes.commit({"incidents/srv3.md": None, "incidents/ns3.md": broken})
    result = notes.announce("HEAD~1..HEAD")
    assert result.output.splitlines() == [
        "incidents/srv3.md is no longer there. Readers are not told; to call it off, put it back with an "
        "update that says [cancelled] or [resolved].",
        "1 note cannot be shown, so nothing is told of what is new there: flask status check says why.",
        NOTHING_NEW.strip(),
    ]
    notes.commit({"incidents/srv3.md": INCIDENT + RESOLVED})
    notes.announce("HEAD~2..HEAD")
    assert web.titles("all")[1:] == ["Resolved: Srv3 is not responding"]


def test_the_folder_may_be_a_repository_of_its_own(tmp_path: Path, web: WebServer) -> None:
    """With the notes at its top, or in a linked worktree."""
    notes = notes_repository(tmp_path / "site")
    notes.follow(web.address("all"))
    own = NotesRepository(site=notes.site, top=notes.site.folder)
    own.git("init", "--quiet", "--initial-branch=main")
    own.commit()
    own.commit({"incidents/srv3.md": INCIDENT})
    assert notes.announce("HEAD~1..HEAD").exit_code == 0
    assert web.titles("all") == ["Investigating: Srv3 is not responding"]


def test_notes_that_lay_elsewhere_before_are_all_new(tmp_path: Path, web: WebServer) -> None:
    """A commit from before there was a folder of notes is a folder with nothing in it."""
    notes = notes_repository(tmp_path / "site")
    notes.follow(web.address("all"))
    (notes.site.folder / "components.yml").rename(tmp_path / "kept.yml")
    notes.git("rm", "-r", "--quiet", "--ignore-unmatch", "--cached", "content")
    notes.git("commit", "--quiet", "--message", "No folder")
    notes.site.folder.mkdir(exist_ok=True)
    (tmp_path / "kept.yml").rename(notes.site.folder / "components.yml")
    notes.commit({"incidents/srv3.md": INCIDENT})
    assert notes.announce("HEAD~1..HEAD").exit_code == 0
    assert web.titles("all") == ["Investigating: Srv3 is not responding"]


def test_a_hook_of_another_repository_reads_the_folders_own(
    notes: NotesRepository, web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git tells its hooks where their repository is, and that is not where the page reads."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    other = tmp_path / "other.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(other)], check=True)
    monkeypatch.setenv("GIT_DIR", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere"))
    assert notes.announce("HEAD~1..HEAD").exit_code == 0
    assert web.titles("all") == ["Investigating: Srv3 is not responding"]


def test_nothing_in_the_repository_or_its_checkout_is_touched(notes: NotesRepository) -> None:
    """Comparing changes no file, no index and no branch, and runs no hook."""
    notes.commit({"incidents/srv3.md": INCIDENT})
    notes.site.note("incidents/srv3.md", INCIDENT + IDENTIFIED)
    hook = notes.top / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ran\n", encoding="utf-8")
    hook.chmod(0o755)
    notes.git("read-tree", "HEAD")
    ran = notes.top / "ran"
    ran.unlink()
    before = {path: path.stat().st_mtime_ns for path in _files(notes)}
    assert notes.announce("HEAD~1..HEAD").exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in _files(notes)} == before


def _files(notes: NotesRepository) -> list[Path]:
    return [path for path in notes.top.rglob("*") if path.is_file() and "instance" not in path.parts]
