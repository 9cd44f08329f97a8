"""The content folder as it was at a commit, read from the git repository that it lies in."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from status_plugin.core.notes.content import Content
from status_plugin.sources.content import ContentFolder

_GIT_TAKES = 60
"""Seconds after which git is given up."""

# What git tells its hooks of their own repository, which need not be the folder's.
_OF_HOOKS = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
)


class CommitError(Exception):
    """A commit that cannot be read; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitHistory:
    """The repository around a content folder; `inside` is the folder's path in it, "" for its top."""

    top: Path
    inside: str

    @classmethod
    def around(cls, folder: Path) -> CommitHistory:
        """The repository that a folder lies in; raises CommitError where there is none."""
        try:
            told = _git(folder, "rev-parse", "--show-toplevel", "--show-prefix")
        except _GitFailedError as error:
            raise CommitError(
                f"The content folder {folder} is in no git repository that can be read here: {error}"
            ) from None
        top, _, inside = told.partition("\n")
        return cls(top=Path(top), inside=inside.strip("/\n"))

    def tree(self, name: str) -> str:
        """The folder's tree at a commit, by git's name for it; empty when there was no such folder."""
        try:
            tree = _git(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{tree}}")
        except _GitFailedError:
            raise CommitError(
                f"There is no commit '{name}' in the repository of the content folder ({self.top}). "
                "Fetch it first; if it was there once, a forced push or a shallow clone has lost it."
            ) from None
        if not self.inside:
            return tree
        try:
            return _git(self.top, "rev-parse", "--verify", "--quiet", f"{tree}:{self.inside}")
        except _GitFailedError:
            return ""

    def content(self, tree: str, zone: tzinfo, now: datetime) -> Content:
        """What the folder said with this tree, read as the page reads it; raises CommitError."""
        with tempfile.TemporaryDirectory(prefix="status-") as temporary:
            files = Path(temporary, "files")
            files.mkdir()
            if tree:
                # An index of our own: nothing in the repository or in its checkout is touched.
                index = {"GIT_INDEX_FILE": str(Path(temporary, "index"))}
                try:
                    _git(self.top, "read-tree", tree, more=index)
                    _git(self.top, "checkout-index", "--all", f"--prefix={files}/", more=index)
                except _GitFailedError as error:
                    raise CommitError(f"The notes of a commit cannot be read: {error}") from None
            return ContentFolder(files, zone=zone).read(now)


class _GitFailedError(Exception):
    """What git said."""


def _git(folder: Path, *words: str, more: dict[str, str] | None = None) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"} | (more or {})
    try:
        done = subprocess.run(  # noqa: S603, no shell reads these words
            ["git", "-c", f"core.hooksPath={os.devnull}", "-C", str(folder), *words],  # noqa: S607
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_TAKES,
            check=False,
        )
    except FileNotFoundError:
        raise CommitError("There is no program 'git' here. Install it, or correct PATH.") from None
    except subprocess.TimeoutExpired:
        raise CommitError(f"git did not answer within {_GIT_TAKES} seconds. Try again.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _GitFailedError(said[0] if said else f"git ended with {done.returncode}.")
    return os.fsdecode(done.stdout).rstrip("\n")
