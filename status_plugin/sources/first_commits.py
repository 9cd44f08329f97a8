"""When git first had the files of a folder: since then others may have read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from status_plugin.sources.git import GitFailedError, GitMissingError, git


def first_committed(folder: Path) -> Mapping[str, datetime] | None:
    """The time of the first commit of each file by its path in the folder, renamed ones included.

    None where the folder is in no repository, or nobody can tell: a shallow clone has no beginning.
    """
    try:
        shallow = git(folder, "rev-parse", "--is-shallow-repository")
        if shallow == "true":
            return None
        told = git(
            folder, "log", "--reverse", "--format=%x01%ct", "--name-status", "-z", "-M", "--diff-filter=AR",
            "--relative", "HEAD", "--", ".",
        )  # fmt: skip
    except (GitFailedError, GitMissingError):
        return None
    first: dict[str, datetime] = {}
    for commit in told.split("\x01")[1:]:
        seconds, *words = commit.split("\0")
        at = datetime.fromtimestamp(int(seconds), UTC)
        words = [word.strip("\n") for word in words if word.strip("\n")]
        while words:
            kind = words.pop(0)
            path = words.pop(0)
            if kind.startswith("R"):
                path, at_first = words.pop(0), first.get(path, at)
                first[path] = at_first
            else:
                first.setdefault(path, at)
    return first
