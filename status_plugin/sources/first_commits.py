"""When git first had the files of a folder: since then others may have read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from status_plugin.sources.git import GitFailedError, GitMissingError, git

_TIMES = {"written": "%aI", "committed": "%cI"}


def first_commits(folder: Path, time: Literal["written", "committed"]) -> Mapping[str, datetime] | None:
    """The time of the first commit of each file by its path in the folder, renamed ones included.

    A commit that was moved or brought over was `written` before it was `committed`. None where the
    folder is in no repository, or nobody can tell: a shallow clone has no beginning.
    """
    try:
        if git(folder, "rev-parse", "--is-shallow-repository") == "true":
            return None
        told = git(
            folder, "log", "-z", f"--format=%x01{_TIMES[time]}", "--name-status", "-M", "--diff-filter=AR",
            "--relative", "HEAD", "--", ".",
        )  # fmt: skip
    except (GitFailedError, GitMissingError):
        return None
    found: dict[str, datetime] = {}
    now_called: dict[str, str] = {}
    # Newest first: what a file is called now is known before what it was called.
    for commit in told.split("\x01")[1:]:
        moment, *words = (word.strip("\n") for word in commit.split("\0"))
        at = datetime.fromisoformat(moment)
        rest = iter(filter(None, words))
        for kind in rest:
            path = next(rest, "")
            if kind.startswith("R"):
                now_called[path] = now_called.pop(later := next(rest, ""), later)
            else:
                found[now_called.get(path, path)] = at
    return found
