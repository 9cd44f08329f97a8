"""What each commit did to the files of notes, read from the git repository around the content folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from status_plugin.sources.git import git
from status_plugin.sources.listing import NOTE_FOLDERS, is_note_path

FIRST = datetime.min.replace(tzinfo=UTC)
"""Before any commit."""

_PLAIN_FILES = ("100644", "100755")
_HEAD = "\x01"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileChange:
    """What a commit did to the file at `path`, inside the content folder.

    `blob` is git's name for its new text, None when the file went. `before` is the path that it had
    until then, if it had another.
    """

    path: str
    blob: str | None
    before: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteCommit:
    """A commit on the line that the checkout is at; `parent` is the one before it, None for the first.

    `at` is when it was made, or when an earlier one that touched notes was, if that is later: clocks
    may be wrong.
    """

    name: str
    parent: str | None
    at: datetime
    changes: tuple[FileChange, ...]


def note_commits(folder: Path, since: str | None = None, not_before: datetime = FIRST) -> list[NoteCommit]:
    """The commits up to the present one, oldest first: all that touch notes, or every one after `since`.

    A merge counts as one commit, by what it brought to the line that it was made on: what was on
    another branch before was not public. One call of git, which raises as `git` does; where `since` is
    not on that line the first commit has another parent.
    """
    told = git(
        folder,
        *("-c", "log.showRoot=true", "log", "--first-parent", "-m", "--raw", "-z", "--find-renames"),
        *("--no-abbrev", "--relative", "--no-color", "--no-show-signature", "--no-ext-diff"),
        "--format=%x01%H %ct %P",
        *(("--sparse", f"{since}..HEAD") if since else ("HEAD",)),
        *("--", *NOTE_FOLDERS),
    )
    commits: list[NoteCommit] = []
    latest = not_before
    for name, seconds, parent, changes in reversed(list(_told_commits(told))):
        at = max(latest, datetime.fromtimestamp(seconds, UTC))
        latest = at if changes else latest
        commits.append(NoteCommit(name=name, parent=parent, at=at, changes=changes))
    return commits


def _told_commits(told: str) -> Iterator[tuple[str, int, str | None, tuple[FileChange, ...]]]:
    """Name, time, parent and changes of each commit, in git's order."""
    for block in f"\0{told}".split(f"\0{_HEAD}")[1:]:
        head, *fields = block.split("\0")
        name, seconds, *parents = head.split()
        yield name, int(seconds), parents[0] if parents else None, tuple(_changes(iter(fields)))


def _changes(fields: Iterator[str]) -> Iterator[FileChange]:
    """The changes of files of notes; git tells of each file how it is and was, and one path or two."""
    for field in fields:
        told = field.lstrip("\n:").split(" ")
        if len(told) != 5:
            continue
        _, mode, _, blob, status = told
        path, before = next(fields), None
        if status.startswith("R"):
            path, before = next(fields), path
        is_note = is_note_path(path) and mode in _PLAIN_FILES
        if before is not None and is_note_path(before) and not is_note:
            yield FileChange(path=before, blob=None)
        elif is_note:
            yield FileChange(path=path, blob=blob, before=before)
        elif is_note_path(path):
            yield FileChange(path=path, blob=None)
