"""Notes that staff write, in real repositories: one file is committed, races are run, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from mounted_site import mounted_site
from notes_repository import COMPONENTS

pytestmark = pytest.mark.system("git")

NEW = ("new", "incident", "Srv3 is down", "--affects", "srv3", "--impact", "major")
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """git knows who commits, and nobody's own settings count."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = Staff\nemail = staff@example.com\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


def git(folder: Path, *words: str) -> str:
    """What git says."""
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Colleague:
    """Somebody with a clone of the notes and the site in it."""

    def __init__(self, remote: Path, home: Path) -> None:
        git(home.parent, "clone", "--quiet", str(remote), str(home))
        self.home = home
        self.site = mounted_site(home, components=COMPONENTS)

    def run(self, *words: str) -> Result:
        """What a command says."""
        self.site.clock.move(60)
        return self.site.app.test_cli_runner().invoke(args=["status", *words], catch_exceptions=False)

    def git(self, *words: str) -> str:
        """What git says in the clone."""
        return git(self.home, *words)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository that everybody pushes to, with the list of components in it."""
    remote, first = tmp_path / "remote.git", tmp_path / "first"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), str(first))
    mounted_site(first, components=COMPONENTS)
    git(first, "add", "--all")
    git(first, "commit", "--quiet", "--message", "Components")
    git(first, "push", "--quiet", "origin", "HEAD:main")
    return remote


@pytest.fixture
def ann(remote: Path, tmp_path: Path) -> Colleague:
    """One of the staff."""
    return Colleague(remote, tmp_path / "ann")


@pytest.fixture
def bob(remote: Path, tmp_path: Path) -> Colleague:
    """Another one."""
    return Colleague(remote, tmp_path / "bob")


def test_one_file_is_committed_and_nothing_else(ann: Colleague) -> None:
    """What others have staged or left half done stays as it is, and is in no commit of ours."""
    (ann.home / "staged.txt").write_text("staged")
    ann.git("add", "staged.txt")
    (ann.site.folder / "components.yml").write_text(f"{COMPONENTS}- name: half done\n")
    before = ann.git("status", "--porcelain")
    result = ann.run(*NEW, "--commit")
    assert result.exit_code == 0, result.output
    assert ann.git("status", "--porcelain") == before
    assert ann.git("show", "--name-only", "--format=%s", "HEAD").split("\n\n") == [
        "New incident: Srv3 is down",
        "content/incidents/2026-11-20-srv3-is-down.md",
    ]
    assert f"Committed as {ann.git('rev-parse', '--short', 'HEAD')}." in result.output
    assert ann.run("update", "The memory is faulty.", "--phase", "identified", "--commit").exit_code == 0
    assert ann.git("log", "-1", "--format=%s") == "Identified: Srv3 is down"
    assert ann.git("status", "--porcelain") == before


def test_without_commit_git_is_left_alone(ann: Colleague) -> None:
    """The file is written, and that is all."""
    assert ann.run(*NEW).exit_code == 0
    assert (
        ann.git("status", "--porcelain", "--untracked-files=all")
        == "?? content/incidents/2026-11-20-srv3-is-down.md"
    )


CHECKED_SITE = """\
from pathlib import Path
from mounted_site import mounted_site
from notes_repository import COMPONENTS
MAP = {"srv3": {"probe": {"checks": {"Web": "https://db7.internal.example/"}}}}
components = COMPONENTS.replace("Srv3", "Srv3\\n  checks: [Web]", 1)
app = mounted_site(Path(__file__).parent, components=components, real_time=True,
    STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP).app
"""


def test_a_hook_may_refuse(ann: Colleague) -> None:
    """`flask status check` as a hook keeps a leak out of git: it is told, and nothing staged is left.

    The words stay in the file, and the next commit takes them along and says so.
    """
    (ann.home / "desk_site.py").write_text(CHECKED_SITE)
    hook = ann.home / ".git" / "hooks" / "pre-commit"
    path = os.pathsep.join([str(ROOT / "tests"), str(ROOT)])
    hook.write_text(
        f"#!/bin/sh\nPYTHONPATH='{path}' exec '{sys.executable}' -m flask --app desk_site:app status check\n"
    )
    hook.chmod(0o755)
    assert ann.run(*NEW, "--commit").exit_code == 0
    head, before = ann.git("rev-parse", "HEAD"), ann.git("status", "--porcelain")
    leak = "It is db7.internal.example that is gone."
    new = ("new", "incident", "Srv3 is slow", leak, "--affects", "srv3", "--impact", "slow")
    result = ann.run(*new, "--push")
    assert result.exit_code == 1
    assert "private-name" in result.output
    assert "it is not committed" in result.output
    note = ann.site.folder / "incidents" / "2026-11-20-srv3-is-slow.md"
    assert leak in note.read_text()
    assert ann.git("rev-parse", "HEAD") == head
    lines = set(ann.git("status", "--porcelain").splitlines()) - set(before.splitlines())
    assert lines == {"?? content/incidents/2026-11-20-srv3-is-slow.md"}
    note.write_text(note.read_text().replace(leak, "Pages come slowly."))
    result = ann.run("update", "slow", "It is back.", "--commit")
    assert result.exit_code == 0, result.output
    note.write_text(f"{note.read_text()}\nBy hand.\n")
    result = ann.run("resolve", "slow", "All is well.", "--commit")
    assert "The commit also holds what was changed in this file before" in result.output


def test_pushed_notes_are_with_everybody(ann: Colleague, bob: Colleague) -> None:
    """`--push` commits and pushes."""
    result = ann.run(*NEW, "--push")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].endswith(", and pushed to origin/main.")
    bob.git("pull", "--quiet")
    assert "Srv3 is down" in bob.run("list").output


def test_who_pushes_later_does_so_on_top(ann: Colleague, bob: Colleague) -> None:
    """A lost race is run again after a rebase; what lies there uncommitted, staged or not, stays so."""
    (bob.home / "staged.txt").write_text("staged")
    bob.git("add", "staged.txt")
    (bob.home / "loose.txt").write_text("loose")
    before = bob.git("status", "--porcelain")
    assert ann.run(*NEW, "--push").exit_code == 0
    result = bob.run("new", "incident", "Srv9 is slow", "--affects", "srv9", "--impact", "degraded", "--push")
    assert result.exit_code == 0, result.output
    assert "on top of what others had pushed meanwhile" in result.output
    assert (
        bob.git("log", "--format=%s") == "New incident: Srv9 is slow\nNew incident: Srv3 is down\nComponents"
    )
    assert bob.git("rev-parse", "HEAD") == bob.git("rev-parse", "origin/main")
    assert bob.git("status", "--porcelain") == before
    assert len(list((bob.site.folder / "incidents").iterdir())) == 2
    assert bob.git("worktree", "list").count("\n") == 0


def test_a_checkout_that_cannot_follow_is_left(ann: Colleague, bob: Colleague) -> None:
    """What was pushed is there; one's own changes in a file that others changed are kept, and it says so."""
    (ann.site.folder / "components.yml").write_text(f"{COMPONENTS}- name: New\n")
    ann.git("commit", "--quiet", "--all", "--message", "Another component")
    ann.git("push", "--quiet")
    (bob.site.folder / "components.yml").write_text(f"{COMPONENTS}- name: Mine\n")
    result = bob.run(*NEW, "--push")
    assert result.exit_code == 0, result.output
    assert "could not follow" in result.output
    assert "name: Mine" in (bob.site.folder / "components.yml").read_text()
    ann.git("pull", "--quiet")
    assert (ann.site.folder / "incidents" / "2026-11-20-srv3-is-down.md").exists()


def test_a_clash_loses_nothing(ann: Colleague, bob: Colleague) -> None:
    """Two words at one place: who is later keeps his commit and hears what to do; nothing is half done."""
    assert ann.run(*NEW, "--push").exit_code == 0
    bob.git("pull", "--quiet")
    assert ann.run("update", "Ann's word.", "--push").exit_code == 0
    before = bob.git("status", "--porcelain")
    result = bob.run("update", "Bob's word.", "--push")
    assert result.exit_code == 1
    assert (
        "somebody else has changed content/incidents/2026-11-20-srv3-is-down.md on origin/main"
        in result.output
    )
    assert "git pull --rebase" in result.output
    assert "Bob's word." in (bob.site.folder / "incidents" / "2026-11-20-srv3-is-down.md").read_text()
    assert bob.git("log", "-1", "--format=%s") == "Update: Srv3 is down"
    assert bob.git("status", "--porcelain") == before
    assert not (bob.home / ".git" / "rebase-merge").exists()
    assert bob.git("worktree", "list").count("\n") == 0


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (["checkout", "--quiet", "--detach"], "No branch is checked out"),
        (["branch", "--unset-upstream"], "git push --set-upstream origin main"),
        (["remote", "remove", "origin"], "knows no other one to push to"),
        (["update-ref", "MERGE_HEAD", "HEAD"], "git has not finished a merge"),
        (["update-ref", "REVERT_HEAD", "HEAD"], "git has not finished a merge"),
        (["config", "user.useConfigOnly", "true"], "git does not know who you are"),
    ],
)
def test_what_cannot_be_pushed_is_not_written(
    ann: Colleague, spoil: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing branch, upstream, remote or name, or half a merge, is told before anything is written."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    if spoil[0] != "config":
        ann.git("config", "user.name", "Ann")
        ann.git("config", "user.email", "ann@example.com")
    ann.git(*spoil)
    result = ann.run(*NEW, "--push")
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert not list((ann.site.folder).glob("incidents/*"))


LEAKS = {
    "ip-address": "The server is at 203.0.114.9 now.",
    "secret": "Log in with password=Xk29-vTq81_pz.",
    "private-name": "It is db7.internal.example that is gone.",
    "denied-name": "Gandalf is on it.",
}


@pytest.mark.parametrize("rule", LEAKS)
def test_a_leak_is_never_committed(ann: Colleague, tmp_path: Path, rule: str) -> None:
    """What the leak guard finds stays out of git, without any hook; the file stays, and more is told."""
    (tmp_path / "deny.txt").write_text("Gandalf\n")
    ann.site = mounted_site(
        ann.home,
        components=COMPONENTS.replace("Srv3", "Srv3\n  checks: [Web]", 1),
        STATUS_MONITOR="probe:",
        STATUS_MONITOR_MAP={"srv3": {"probe": {"checks": {"Web": "https://db7.internal.example/"}}}},
        STATUS_DENY_LIST=str(tmp_path / "deny.txt"),
    )
    head = ann.git("rev-parse", "HEAD")
    new = ("new", "incident", "Srv3 is slow", LEAKS[rule], "--affects", "srv3", "--impact", "slow")
    result = ann.run(*new, "--push")
    assert result.exit_code == 1
    assert f"[{rule}]" in result.output
    assert "Committed" not in result.output
    assert "it is not committed" in result.output
    assert ann.git("rev-parse", "HEAD") == head
    assert "?? content/incidents/" in ann.git("status", "--porcelain", "--untracked-files=all")
    note = ann.site.folder / "incidents" / "2026-11-20-srv3-is-slow.md"
    assert LEAKS[rule] in note.read_text()
    note.write_text(note.read_text().replace(LEAKS[rule], "Pages come slowly."))
    result = ann.run("update", "slow", "It is back.", "--push")
    assert result.exit_code == 0, result.output
    assert LEAKS[rule] not in ann.git("log", "--patch", "origin/main")
    assert "Pages come slowly." in ann.git("log", "--patch", "origin/main")


@pytest.mark.parametrize("place", ["the clone of ann", "."])
def test_what_is_to_be_typed_can_be_typed(
    remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """The command that is told works in a shell, in the clone and outside, with blanks in its path."""
    ann = Colleague(remote, tmp_path / "the clone of ann")
    monkeypatch.chdir(tmp_path / place)
    monkeypatch.setenv("GIT_EDITOR", "echo By hand >")
    leak = ("new", "incident", "Srv3 is slow", LEAKS["ip-address"], "--affects", "srv3", "--impact", "slow")
    told = ann.run(*leak, "--commit").output.partition("Then: ")[2].strip()
    assert told.startswith("git ")
    subprocess.run(told, shell=True, check=True, capture_output=True)
    assert ann.git("log", "-1", "--format=%s", "--name-only").splitlines() == [
        "By hand", "", "content/incidents/2026-11-20-srv3-is-slow.md",
    ]  # fmt: skip


def test_where_nobody_can_look_for_leaks_nothing_is_committed(ann: Colleague, tmp_path: Path) -> None:
    """A deny list that is not at hand keeps the note out of git, not off the page."""
    ann.site = mounted_site(ann.home, components=COMPONENTS, STATUS_DENY_LIST=str(tmp_path / "none.txt"))
    head = ann.git("rev-parse", "HEAD")
    result = ann.run(*NEW, "--push")
    assert result.exit_code == 1
    assert "The deny list" in result.output
    assert "it is not committed" in result.output
    assert ann.git("rev-parse", "HEAD") == head
    assert (ann.site.folder / "incidents" / "2026-11-20-srv3-is-down.md").exists()
    result = ann.run("update", "down", "We know why.")
    assert result.exit_code == 0
    assert "The deny list" in result.output


def test_no_repository_is_a_sentence(tmp_path: Path) -> None:
    """A folder that git knows nothing of can be written, and not committed."""
    (tmp_path / "plain").mkdir()
    site = mounted_site(tmp_path / "plain", components=COMPONENTS)
    result = site.app.test_cli_runner().invoke(args=["status", *NEW, "--commit"])
    assert result.exit_code == 1
    assert "is in no git checkout" in result.output
    assert not (site.folder / "incidents").exists()


def test_a_remote_that_says_no(ann: Colleague, remote: Path) -> None:
    """What the remote says is told; the commit is safe."""
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'main is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    result = ann.run(*NEW, "--push")
    assert result.exit_code == 1
    assert "main is protected" in result.output
    assert "The commit is safe in your branch" in result.output
    assert ann.git("log", "-1", "--format=%s") == "New incident: Srv3 is down"


# Nothing is written while others read it.
DESK_SITE = """\
from pathlib import Path
from flask import Flask
from status_plugin import StatusPlugin
app = Flask("desk_site", root_path=str(Path(__file__).parent))
app.config.from_mapping(STATUS_TIMEZONE="America/New_York", STATUS_MONITOR=[])
StatusPlugin(app)
"""


def all_at_once(commands: list[tuple[Colleague, tuple[str, ...]]]) -> None:
    """Run commands at terminals of their own, all of which must do what they are told."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "desk_site:app", "status", *words],
            cwd=who.home, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for who, words in commands
    ]  # fmt: skip
    said = [command.communicate(timeout=100)[0] for command in running]
    assert [command.returncode for command in running] == [0] * len(running), "\n".join(said)


def test_many_at_once_lose_no_word(ann: Colleague, bob: Colleague) -> None:
    """People on one machine write into one note, and clones race with new ones: every word arrives."""
    for who in (ann, bob):
        (who.home / "desk_site.py").write_text(DESK_SITE)
    assert ann.run(*NEW, "--push").exit_code == 0
    all_at_once([(ann, ("update", "srv3", f"Word {n}.", "--commit")) for n in range(4)])
    text = (ann.site.folder / "incidents" / "2026-11-20-srv3-is-down.md").read_text()
    assert all(f"Word {n}." in text for n in range(4))
    assert ann.git("log", "--format=%s").splitlines().count("Update: Srv3 is down") == 4
    titles = [(who, f"{name} no. {n}") for n in range(2) for name, who in (("Ann", ann), ("Bob", bob))]
    new = ("--affects", "srv9", "--impact", "partial", "--push")
    all_at_once([(who, ("new", "incident", title, *new)) for who, title in titles])
    bob.git("pull", "--quiet", "--rebase")
    subjects = bob.git("log", "origin/main", "--format=%s").splitlines()
    assert {f"New incident: {title}" for _, title in titles} <= set(subjects)
