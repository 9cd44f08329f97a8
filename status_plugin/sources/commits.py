"""The content folder as it was at a commit, read from the git repository that it lies in."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from status_plugin.core.notes.content import Content
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.git import GitFailedError, git


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
            told = git(folder, "rev-parse", "--show-toplevel", "--show-prefix")
        except GitFailedError as error:
            raise CommitError(
                f"The content folder {folder} is in no git repository that can be read here: {error}"
            ) from None
        top, _, inside = told.partition("\n")
        return cls(top=Path(top), inside=inside.strip("/\n"))

    def tree(self, name: str) -> str:
        """The folder's tree at a commit, by git's name for it; empty when there was no such folder."""
        try:
            tree = git(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{tree}}")
        except GitFailedError:
            raise CommitError(
                f"There is no commit '{name}' in the repository of the content folder ({self.top}). "
                "Fetch it first; if it was there once, a forced push or a shallow clone has lost it."
            ) from None
        if not self.inside:
            return tree
        try:
            return git(self.top, "rev-parse", "--verify", "--quiet", f"{tree}:{self.inside}")
        except GitFailedError:
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
                    git(self.top, "read-tree", tree, environment=index)
                    git(self.top, "checkout-index", "--all", f"--prefix={files}/", environment=index)
                except GitFailedError as error:
                    raise CommitError(f"The notes of a commit cannot be read: {error}") from None
            return ContentFolder(files, zone=zone).read(now)
