"""`flask status check --staged`: the next commit is checked, whatever lies beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mounted_site import INCIDENT
from notes_repository import NotesRepository, notes_repository

from status_plugin.sources.first_commits import first_commits
from status_plugin.sources.git import git

pytestmark = pytest.mark.system("git")

OVER = INCIDENT.replace("2026", "2025").replace(
    "[identified; next update 7:30pm]: Half", "[resolved]: A fault: half"
)
BAD = OVER.replace("impact", "impakt")
HOOK = f"#!/bin/sh\nexec {sys.executable} -m status_plugin.staff.checking content --staged\n"


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NotesRepository:
    """A site whose notes are in its own repository; commands are given at its top."""
    monkeypatch.chdir(tmp_path)
    return notes_repository(tmp_path)


def staged(notes: NotesRepository) -> list[str]:
    """The problems of what is staged: rule and place."""
    result = notes.site.app.test_cli_runner().invoke(args=["status", "check", "--staged", "--format", "json"])
    assert result.exit_code in (0, 1), result.output
    found = json.loads(result.stdout)
    return [f"{problem['rule']} {problem['path']}:{problem['line']}" for problem in found]


def status(notes: NotesRepository, folder: Path | None = None) -> str:
    """What git says of the repository: what is staged, and what lies beside it."""
    return notes.git("status", "--porcelain", folder=folder) + notes.git("write-tree", folder=folder)


def test_the_index_is_checked(notes: NotesRepository) -> None:
    """What is staged counts, not what lies there: mistakes that are mended, made or new since then."""
    notes.commit({"incidents/old.md": BAD})
    notes.site.note("incidents/down.md", BAD)
    notes.git("add", ".")
    notes.site.note("incidents/down.md", OVER)
    notes.site.note("incidents/new.md", BAD)
    before = status(notes)
    assert staged(notes) == [
        "impact-missing content/incidents/down.md:1",
        "unknown-key content/incidents/down.md:4",
    ]
    assert status(notes) == before, "nothing is changed by looking"
    notes.git("add", "content/incidents/down.md")
    notes.site.note("incidents/down.md", BAD)
    assert staged(notes) == [], "what is wrong in the last commit, or beside it, is not this commit's"


def test_half_a_file_is_staged(notes: NotesRepository) -> None:
    """Of a file of which only a part is staged that part is checked."""
    notes.commit({"incidents/down.md": OVER})
    notes.site.note("incidents/down.md", OVER + "\nAt 10.1.2.3\n")
    notes.git("add", ".")
    notes.site.note("incidents/down.md", OVER + "\nAt 10.1.2.3\n\nUpdate at 6pm it is back\n")
    assert staged(notes) == ["ip-address content/incidents/down.md:11"]


def test_what_a_change_does_to_others(notes: NotesRepository) -> None:
    """A note or component that goes leaves links and names behind that lead nowhere."""
    link = OVER.replace("Nothing", "As [before](incident:old), nothing")
    notes.commit({"incidents/old.md": OVER, "incidents/down.md": link, "incidents/wrong.md": BAD})
    notes.git("rm", "--quiet", "content/incidents/old.md")
    assert staged(notes) == ["no-such-note content/incidents/down.md:7"]
    notes.git("reset", "--quiet", "--hard")
    notes.site.note("components.yml", "- name: Srv9\n- name: ns3\n")
    assert staged(notes) == []
    notes.git("add", ".")
    assert [line for line in staged(notes) if "unknown-component" in line] == [
        f"unknown-component content/incidents/{name}.md:5" for name in ("down", "old", "wrong")
    ]


def test_a_deleted_file_may_be_as_bad_as_it_was(notes: NotesRepository) -> None:
    """Who takes a bad note away is not held up by it."""
    notes.commit({"incidents/down.md": BAD})
    notes.git("rm", "--quiet", "content/incidents/down.md")
    assert staged(notes) == []


def test_the_first_commit(tmp_path: Path, notes: NotesRepository) -> None:
    """Where nothing is committed yet all that is staged is new."""
    notes.git("update-ref", "-d", "HEAD")
    notes.site.note("incidents/down.md", OVER + "\n10.1.2.3\n")
    notes.git("add", ".")
    assert staged(notes) == ["ip-address content/incidents/down.md:11"]


def test_odd_names(notes: NotesRepository) -> None:
    """Blanks, letters of any kind and a leading hyphen are names like others."""
    for name in ("Srv9 außer Betrieb", "-x", "a\\b"):
        notes.site.note(f"incidents/{name}.md", BAD)
    notes.git("add", ".")
    assert len([line for line in staged(notes) if line.startswith("unknown-key")]) == 3


def test_the_blog_of_the_same_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts that are staged are looked at as well."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "post.md").write_text("---\ntitle: x\n---\nNothing\n")
    notes = notes_repository(tmp_path, STATUS_BLOG="blog")
    post = "---\ntitle: x\ndate: 2025-11-20\nincidents: [gone]\n---\nText\n"
    (tmp_path / "blog" / "post.md").write_text(post)
    assert staged(notes) == []
    notes.git("add", ".")
    (tmp_path / "blog" / "post.md").unlink()
    assert [line for line in staged(notes) if "no-such-note" in line] == ["no-such-note blog/post.md:4"]


class TestHook:
    """As git's pre-commit hook."""

    @pytest.fixture
    def hooked(self, notes: NotesRepository) -> NotesRepository:
        """A repository with the hook."""
        notes.commit({"incidents/down.md": OVER, "incidents/other.md": OVER})
        hook = notes.top / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK)
        hook.chmod(0o755)
        return notes

    def commit(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """A commit as a person makes it."""
        names = {
            f"GIT_{who}_{what}": "x@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        path = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            ["git", "-C", str(folder), "commit", "--quiet", "-m", "x", *words],
            env=os.environ | names | {"PYTHONPATH": path, "GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            text=True,
        )

    def test_a_bad_commit_is_refused(self, hooked: NotesRepository) -> None:
        """It is told where, and no commit is made; a good one passes."""
        hooked.site.note("incidents/down.md", OVER + "\n10.1.2.3\n")
        hooked.git("add", ".")
        done = self.commit(hooked.top)
        assert done.returncode == 1
        assert "content/incidents/down.md:11:1: error: Here is an IP address." in done.stdout + done.stderr
        hooked.site.note("incidents/down.md", OVER + "\nText\n")
        hooked.git("add", ".")
        assert self.commit(hooked.top).returncode == 0

    @pytest.mark.parametrize("words", [["--all"], ["content/incidents/down.md"]])
    def test_an_index_of_its_own(self, hooked: NotesRepository, words: list[str]) -> None:
        """What `git commit --all` and `git commit FILE` would commit is in no usual index."""
        hooked.site.note("incidents/down.md", OVER + "\n10.1.2.3\n")
        assert self.commit(hooked.top, *words).returncode == 1
        hooked.site.note("incidents/down.md", OVER + "\nText\n")
        hooked.site.note("incidents/new.md", BAD)
        assert self.commit(hooked.top, *words).returncode == 0

    def test_in_a_linked_worktree(self, hooked: NotesRepository, tmp_path: Path) -> None:
        """The worktree's own index is checked, though git names the repository to the hook."""
        tree = tmp_path / "elsewhere"
        hooked.git("worktree", "add", "--quiet", "-b", "other", str(tree))
        (tree / "content" / "incidents" / "down.md").write_text(OVER + "\n10.1.2.3\n")
        hooked.git("add", ".", folder=tree)
        done = self.commit(tree)
        assert done.returncode == 1
        assert "content/incidents/down.md:11:1" in done.stdout + done.stderr
        (tree / "content" / "incidents" / "down.md").write_text(OVER + "\nText\n")
        assert self.commit(tree, "--all").returncode == 0

    def test_the_index_of_another_repository(
        self, hooked: NotesRepository, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A hook of the site's repository does not take its index for that of the notes."""
        hooked.site.note("incidents/down.md", OVER + "\n10.1.2.3\n")
        hooked.git("add", ".")
        monkeypatch.setenv("GIT_INDEX_FILE", str(hooked.top.parent / "site" / ".git" / "index"))
        assert staged(hooked) == ["ip-address content/incidents/down.md:11"]


def run(folder: Path, *words: Any, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command for notes without their site."""
    return subprocess.run(
        [sys.executable, "-m", "status_plugin.staff.checking", *map(str, words)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)} | variables,
        capture_output=True,
        text=True,
    )


def test_notes_without_their_site(notes: NotesRepository) -> None:
    """`status-check` needs a folder and no application; what a site sets it takes as options."""
    notes.site.note("incidents/down.md", OVER.replace("Nothing", "Gandalf says that db7.internal.example"))
    (notes.top / "names.txt").write_text("Gandalf\n")
    (notes.top / "map.yml").write_text("srv3: {nagios: {host: db7.internal.example}}\n")
    assert run(notes.top).stdout == "No problems found.\n"
    done = run(
        notes.top, "content", "--deny-list", "names.txt", "--monitor-map", "map.yml", "--format", "json"
    )
    assert [problem["rule"] for problem in json.loads(done.stdout)] == ["denied-name", "private-name"]
    assert done.returncode == 1
    for words, said in (
        (["nowhere"], "Directory 'nowhere' does not exist"),
        (["--deny-list", "nowhere"], "nobody looked for its names"),
        (["--monitor-map", "nowhere"], "the monitor map cannot be read"),
        (["--timezone", "America/New_Yrok"], "did you mean 'America/New_York'?"),
        (["--off", "no-cuase"], "Did you mean 'no-cause'?"),
    ):
        wrong = run(notes.top, *(["content"] if words[0] != "nowhere" else []), *words)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert said in wrong.stderr
        assert "Traceback" not in wrong.stderr


def test_no_repository(tmp_path: Path) -> None:
    """Without git nothing is staged, and that is no clean bill."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "components.yml").write_text("- name: Srv3\n")
    done = run(tmp_path, "--staged")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is in no git repository" in done.stderr


def test_first_commits(notes: NotesRepository, tmp_path: Path) -> None:
    """git tells since when others may have read a file, by whatever name; a shallow clone does not."""
    first = {"GIT_COMMITTER_DATE": "2025-11-01T10:00:00Z"}
    os.environ.update(first)
    try:
        notes.commit({"maintenance/a.md": OVER, "maintenance/b.md": OVER + "x"})
    finally:
        del os.environ["GIT_COMMITTER_DATE"]
    notes.git("mv", "content/maintenance/a.md", "content/maintenance/ü z.md")
    notes.commit()
    notes.commit({"maintenance/b.md": OVER + "y", "maintenance/c.md": "new"})
    known = first_commits(notes.site.folder, "committed")
    assert known is not None
    assert (
        f"{known['maintenance/ü z.md']:%F %T}"
        == f"{known['maintenance/b.md']:%F %T}"
        == "2025-11-01 10:00:00"
    )
    assert known["maintenance/c.md"] > known["maintenance/b.md"]
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{notes.top}", str(clone))
    assert first_commits(clone / "content", "committed") is None
    assert first_commits(Path("/"), "committed") is None
