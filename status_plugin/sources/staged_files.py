"""The content folder as the next commit would have it: git's index, not the files beside it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from status_plugin.sources.commits import CommitError, CommitHistory
from status_plugin.sources.git import GitFailedError, git

_LIST = ("ls-files", "-z", "--cached")
_AT_ONCE = 500  # names in one command


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedFiles:
    """A folder in the index of its repository; `index` is the index's file, None for the usual one."""

    history: CommitHistory
    index: Path | None = None

    @classmethod
    def of(cls, folder: Path) -> StagedFiles:
        """What is staged of a folder; raises CommitError where it lies in no repository.

        git gives its hooks an index of their own in `git commit --all` and `git commit FILE`.
        """
        history = CommitHistory.around(folder)
        told = os.environ.get("GIT_INDEX_FILE")
        index = Path(told).absolute() if told else None
        its_own = Path(git(folder, "rev-parse", "--absolute-git-dir"))
        is_ours = index is not None and os.path.realpath(index.parent) == os.path.realpath(its_own)
        return cls(history=history, index=index if is_ours else None)

    def changed(self) -> frozenset[str]:
        """The paths in the folder that differ from the last commit, deleted ones included."""
        words = (
            "diff",
            "--cached",
            "--name-only",
            "--no-renames",
            "--no-ext-diff",
            "-z",
            "--",
            *self._inside,
        )
        return frozenset(self._in_folder(path) for path in self._git(*words).split("\0") if path)

    def write(self, target: Path) -> None:
        """Write the folder's files to a new folder, as they are staged; raises CommitError."""
        target.mkdir()
        listed = [path for path in self._git(*_LIST, "--", *self._inside).split("\0") if path]
        whole = target.with_name(f"{target.name}-whole")
        self._checkout(listed, whole)
        written = whole / self.history.inside
        if written.is_dir():
            target.rmdir()
            written.rename(target)

    def restore(self, target: Path, paths: Collection[str]) -> None:
        """Have these files of a written folder as the last commit has them, if it has; raises CommitError."""
        for path in paths:
            (target / path).unlink(missing_ok=True)
        try:
            tree = self.history.tree("HEAD")
        except CommitError:
            return  # the first commit is still to come
        if not tree:
            return
        with tempfile.TemporaryDirectory(prefix="status-") as temporary:
            theirs = replace(self, index=Path(temporary, "index"))
            theirs._git("read-tree", tree)
            known = [path for path in theirs._git(*_LIST).split("\0") if path in paths]
            theirs._checkout(known, target)

    def _checkout(self, paths: Sequence[str], target: Path) -> None:
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            self._git("checkout-index", "--force", f"--prefix={target}/", "--", *some)

    @property
    def _inside(self) -> tuple[str, ...]:
        return (f":(top,literal){self.history.inside}",) if self.history.inside else ()

    def _in_folder(self, path: str) -> str:
        return path.removeprefix(f"{self.history.inside}/") if self.history.inside else path

    def _git(self, *words: str) -> str:
        environment = {"GIT_INDEX_FILE": str(self.index)} if self.index else {}
        try:
            return git(self.history.top, *words, environment=environment)
        except GitFailedError as error:
            raise CommitError(f"What is staged cannot be read: {error}") from None
