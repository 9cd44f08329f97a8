"""Whether git is changing files just now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

LOCK_IS_OLD_AFTER = 60
"""Seconds after which a lock is one that a crash left behind."""


def is_git_at_work(folder: Path, now: datetime) -> bool:
    """Whether the checkout around a folder has an index lock that is not old."""
    git = git_folder(folder)
    if git is None:
        return False
    try:
        locked_at = (git / "index.lock").stat().st_mtime
    except OSError:
        return False
    return abs(now.timestamp() - locked_at) <= LOCK_IS_OLD_AFTER


def git_folder(folder: Path) -> Path | None:
    """Where git keeps the index of the checkout around a folder, None where there is no checkout.

    Worktrees and submodules only have a file that tells.
    """
    for parent in (folder, *folder.parents):
        dot_git = parent / ".git"
        if dot_git.is_dir():
            return dot_git
        if dot_git.is_file():
            return _pointed_at(dot_git)
    return None


def _pointed_at(dot_git: Path) -> Path | None:
    try:
        key, _, target = dot_git.read_text(encoding="utf-8").partition(":")
    except (OSError, ValueError):
        return None
    return dot_git.parent / target.strip() if key == "gitdir" else None
