"""Which commit a checkout is at, told by git's own files and without git."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from status_plugin.sources.git_lock import git_folder


@dataclass(frozen=True, kw_only=True, slots=True)
class GitHead:
    """What changes when the checkout around a folder gets another commit; to be compared, not read.

    `is_shallow` says that the repository does not hold its whole history.
    """

    head: str
    commit: str
    refs: tuple[int, ...]
    is_shallow: bool

    @classmethod
    def of(cls, folder: Path) -> GitHead | None:
        """The head of the checkout around a folder, None where there is none; opens three small files."""
        git = git_folder(Path(os.path.realpath(folder)))
        if git is None:
            return None
        # A linked worktree has its own head, and shares the rest.
        shared = git / (_read(git / "commondir") or ".")
        head = _read(git / "HEAD")
        commit = _read(shared / head.removeprefix("ref: ")) if head.startswith("ref: ") else head
        packed = () if commit else _stamp(shared / "packed-refs") + _stamp(shared / "reftable/tables.list")
        own = () if commit else _stamp(git / "reftable/tables.list")
        return cls(head=head, commit=commit, refs=packed + own, is_shallow=(shared / "shallow").is_file())


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except OSError:
        return ""


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
