"""When git first saw each file of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from status_plugin.sources.git import GitFailedError, GitMissingError, git

_FORMAT = "--format=%x01%aI"


def first_commits(folder: Path) -> Mapping[str, datetime]:
    """The author's time of the first commit of each file, by its path in the folder, under earlier names too.

    Empty where there is no git or no history.
    """
    try:
        told = git(
            folder, "log", "-z", _FORMAT, "--name-status", "-M", "--diff-filter=AR", "--relative", "--", "."
        )
    except (GitFailedError, GitMissingError):
        return {}
    found: dict[str, datetime] = {}
    now_called: dict[str, str] = {}
    at = datetime.min.replace(tzinfo=UTC)
    words = iter(told.split("\0"))
    # Newest first: what a file is called now is known before what it was called.
    for word in words:
        word = word.strip("\n")
        if word.startswith("\x01"):
            at = datetime.fromisoformat(word[1:].partition("\n")[0])
            word = word.partition("\n")[2]
        if word == "A":
            path = next(words, "")
            found[now_called.get(path, path)] = at
        elif word.startswith("R"):
            earlier, later = next(words, ""), next(words, "")
            now_called[earlier] = now_called.pop(later, later)
    return found
