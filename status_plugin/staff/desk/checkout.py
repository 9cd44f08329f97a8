"""The git checkout that the notes lie in: one file committed, whatever else lies about, and pushed."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from status_plugin.sources.git import GitFailedError, GitMissingError, git
from status_plugin.staff.desk.files import alone_with
from status_plugin.staff.desk.refusal import RefusedError

_ATTEMPTS = 6
_COMMIT_TAKES = 300.0
_PUSH_TAKES = 120.0

# What git says when somebody else was quicker; everything else is no race.
_OVERTAKEN = (
    "(fetch first)",
    "(non-fast-forward)",
    "cannot lock ref",
    "failed to update ref",
    "(stale info)",
)


# A clone may have left objects with its remote, which is at hand here.
_ALL_OBJECTS = {"GIT_NO_LAZY_FETCH": "0"}


class PublishError(Exception):
    """The note is written, and git did not do the rest; the message says what is so, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a branch is pushed: a remote, and the name of the branch there."""

    remote: str
    ref: str

    @property
    def name(self) -> str:
        """As git calls it, such as `origin/main`."""
        return f"{self.remote}/{self.ref.removeprefix('refs/heads/')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """A checkout in which a commit can be made; `folder` is that of the notes."""

    folder: Path
    top: Path
    branch: str

    @classmethod
    def around(cls, folder: Path) -> Checkout:
        """The checkout around a folder; raises RefusedError where no commit can be made."""
        try:
            top = Path(git(folder, "rev-parse", "--show-toplevel"))
        except GitFailedError as error:
            raise RefusedError(
                f"The content folder {folder} is in no git checkout, so nothing can be committed: {error} "
                "Leave --commit out, or make a repository of it with `git init`."
            ) from None
        branch = _answer(top, "symbolic-ref", "--quiet", "--short", "HEAD")
        if not branch:
            raise RefusedError(
                f"No branch is checked out in {top} (a rebase may be under way), and a commit would be lost. "
                "Check one out: git switch main"
            )
        for state in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"):
            if _answer(top, "rev-parse", "--verify", "--quiet", state):
                raise RefusedError(
                    f"git has not finished a merge, cherry-pick or revert in {top}. "
                    "Finish it or give it up (git merge --abort) before you commit a note."
                )
        for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            if not _answer(top, "var", who):
                raise RefusedError(
                    "git does not know who you are, so nothing can be committed. Tell it once: "
                    "git config --global user.name 'Your Name' and "
                    "git config --global user.email you@example.com"
                )
        return cls(folder=folder, top=top, branch=branch)

    def target(self) -> Target:
        """Where the branch is pushed; raises RefusedError when nowhere."""
        remote = _answer(self.top, "config", f"branch.{self.branch}.remote")
        ref = _answer(self.top, "config", f"branch.{self.branch}.merge")
        if remote and ref:
            return Target(remote=remote, ref=ref)
        remotes = _answer(self.top, "remote").splitlines()
        if not remotes:
            raise RefusedError(
                "The repository knows no other one to push to. Leave --push out, or name one: "
                "git remote add origin ADDRESS"
            )
        raise RefusedError(
            f"The branch '{self.branch}' has no upstream, so it is not clear where to push it. Say so once: "
            f"git push --set-upstream {remotes[0]} {self.branch}"
        )

    def must_take(self, path: Path) -> None:
        """Raises RefusedError if the repository ignores a file."""
        if _answer(self.top, "check-ignore", "--", str(path.resolve())):
            raise RefusedError(f"git is told to ignore {path}. Correct .gitignore, or leave --commit out.")

    def has_changes(self, path: Path) -> bool:
        """Whether a file that git knows holds something that is not committed."""
        words = ("status", "--porcelain", "--untracked-files=no", "--", str(path.resolve()))
        return bool(_answer(self.top, "--literal-pathspecs", *words))

    def commit(self, path: Path, message: str) -> str:
        """Commit this file alone, with the repository's hooks; its short name, or PublishError."""
        file = str(path.resolve())
        literal = ("--literal-pathspecs",)
        is_known = _succeeds(self.top, *literal, "ls-files", "--error-unmatch", "--", file)
        try:
            if not is_known:
                git(self.top, *literal, "add", "--intent-to-add", "--", file)
            words = ("commit", "--quiet", "--only", f"--message={message}", "--", file)
            git(self.top, *literal, *words, hooks=True, patience=_COMMIT_TAKES)
        except (GitFailedError, GitMissingError) as error:
            if not is_known:
                _succeeds(self.top, *literal, "rm", "--cached", "--quiet", "--", file)
            raise PublishError(
                f"The file is written and stays as it is, but it is not committed. git, or a hook of the "
                f"repository, says:\n{_indented(_said(error))}\nWhen that is mended: {self.by_hand(path)}"
            ) from None
        return git(self.top, "rev-parse", "--short", "HEAD")

    def by_hand(self, path: Path) -> str:
        """What to type in a shell to commit a file, from where one is."""
        file, top = path.resolve(), self.top.resolve()
        is_inside = Path.cwd().is_relative_to(top)
        git_here = "git" if is_inside else f"git -C {shlex.quote(str(top))}"
        name = shlex.quote(Path(os.path.relpath(file, None if is_inside else top)).as_posix())
        return f"{git_here} add {name} && {git_here} commit {name}"

    def push(self, target: Target) -> str:
        """Push the branch; where others were quicker, on top of theirs. What became of it, in words.

        The rebasing is done in a place of its own: what lies here uncommitted, staged or not, stays so.
        Raises PublishError.
        """
        repository = Path(git(self.top, "rev-parse", "--path-format=absolute", "--git-common-dir"))
        try:
            # Two of them in one repository would take refs and places from under each other.
            with alone_with(repository, patience=_PUSH_TAKES):
                return self._pushed(target)
        except RefusedError:
            raise PublishError(
                "Committed, but not pushed: somebody else is pushing from this checkout, and does not come "
                "to an end. Try: git push"
            ) from None
        except (GitFailedError, GitMissingError) as error:
            raise _not_pushed(target, error) from None

    def _pushed(self, target: Target) -> str:
        begun = tip = git(self.top, "rev-parse", "HEAD")
        for _ in range(_ATTEMPTS):
            try:
                words = ("push", "--quiet", target.remote, f"{tip}:{target.ref}")
                git(self.top, *words, hooks=True, patience=_PUSH_TAKES)
            except GitFailedError as error:
                if not any(sign in error.said for sign in _OVERTAKEN):
                    raise _not_pushed(target, error) from None
                tip = self._on_top_of_theirs(begun, target)
            else:
                return self._follow(begun, tip, target)
        raise PublishError(
            f"Committed, but not pushed: others pushed to {target.name} again and again. Try: git push"
        )

    def _on_top_of_theirs(self, tip: str, target: Target) -> str:
        """Our commits put on what others have pushed; nothing here changes."""
        # FETCH_HEAD and origin/main may be written by whoever else fetches here just now.
        fetched = f"refs/status-plugin/{os.getpid()}"
        try:
            refs = f"+{target.ref}:{fetched}"
            git(
                self.top,
                "fetch",
                "--quiet",
                "--no-tags",
                "--refmap=",
                target.remote,
                refs,
                patience=_PUSH_TAKES,
            )
            theirs = git(self.top, "rev-parse", fetched)
            git(self.top, "update-ref", "-d", fetched)
        except GitFailedError as error:
            raise _not_pushed(target, error) from None
        with tempfile.TemporaryDirectory(prefix="status-") as temporary:
            place = Path(temporary, "rebase")
            git(self.top, "worktree", "add", "--quiet", "--detach", str(place), tip, environment=_ALL_OBJECTS)
            try:
                words = ("-c", "rebase.updateRefs=false", "rebase", "--quiet", theirs)
                git(place, *words, environment=_ALL_OBJECTS)
                return git(place, "rev-parse", "HEAD")
            except GitFailedError as error:
                clash = _answer(place, "diff", "--name-only", "--diff-filter=U").splitlines()
                raise _clash(target, clash, error) from None
            finally:
                _succeeds(self.top, "worktree", "remove", "--force", str(place))

    def _follow(self, begun: str, tip: str, target: Target) -> str:
        """Bring the checkout to what was pushed, keeping everything that is not committed."""
        if tip == begun:
            return f"pushed to {target.name}"
        try:
            with alone_with(self.folder):
                is_still_there = git(self.top, "rev-parse", "HEAD") == begun
                if is_still_there and _succeeds(self.top, "checkout", "--quiet", "-B", self.branch, tip):
                    return f"pushed to {target.name}, on top of what others had pushed meanwhile"
        except RefusedError:
            pass  # somebody is writing here; what is pushed is pushed
        return (
            f"pushed to {target.name}, on top of what others had pushed meanwhile. Your checkout could not "
            "follow, because something else is changed in it; when that is committed: git pull --rebase"
        )


def _not_pushed(target: Target, error: GitFailedError | GitMissingError) -> PublishError:
    return PublishError(
        f"Committed, but not pushed to {target.name}. git says:\n{_indented(_said(error))}\n"
        "The commit is safe in your branch. When that is mended: git push"
    )


def _clash(target: Target, files: Sequence[str], error: GitFailedError) -> PublishError:
    if not files:
        return _not_pushed(target, error)
    return PublishError(
        f"Committed, but not pushed: somebody else has changed {', '.join(files)} on {target.name} "
        "meanwhile, at the same place. Nothing is lost, and nothing here was changed: your commit is in your "
        "branch. To join the two: git pull --rebase, keep both updates in the file, "
        f"git add {files[0]}, git rebase --continue, git push"
    )


def _answer(folder: Path, *words: str) -> str:
    """What git answers, "" where it refuses."""
    try:
        return git(folder, *words)
    except GitFailedError:
        return ""


def _succeeds(folder: Path, *words: str) -> bool:
    try:
        git(folder, *words)
    except GitFailedError:
        return False
    return True


def _said(error: GitFailedError | GitMissingError) -> str:
    return error.said if isinstance(error, GitFailedError) else f"{error}"


def _indented(said: str) -> str:
    return "\n".join(f"    {line}" for line in said.splitlines())
