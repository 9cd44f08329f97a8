"""Which files the content folder holds, and a stamp of each that changes when the file does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from status_plugin.core.problems import Problem, Severity

COMPONENTS = "components.yml"
NOTE_FOLDERS = ("incidents", "maintenance")

Stamp = tuple[int, int, int, int]
"""Time of the last change of the text and of the entry in nanoseconds, size in bytes, and inode."""

# What was written this short a time ago, in nanoseconds, may change again without a new stamp.
_UNSETTLED = 2_000_000_000

_SUFFIX = ".md"
_MOVE = "Move the file itself into the folder."

# What editors, file managers and git leave beside a file.
_HIDDEN = (".", "#")
_LEFT_BEHIND = ("~", "#", ".swp", ".swo", ".swx", ".bak", ".orig", ".rej", ".tmp")


@dataclass(kw_only=True, slots=True)
class Listing:
    """What the folder holds, by path inside it; `root` is where it really is.

    A note's stamp is None when the file is there and cannot be looked at, that of the components when
    there are none. `folders` has the stamp of every folder that was listed, as it was before that.
    `lost` are the folders that cannot be listed, "" for the whole.
    """

    root: Path
    components: Stamp | None = None
    notes: dict[str, Stamp | None] = field(default_factory=dict)
    folders: dict[str, Stamp | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def is_lost(self, path: str) -> bool:
        """Whether the file may well be there, in a folder that cannot be listed."""
        return any(not folder or path.startswith(f"{folder}/") for folder in self.lost)


def list_folder(root: Path) -> Listing:
    """Looks at everything in the content folder without opening a file."""
    listing = Listing(root=Path(os.path.realpath(root)))
    for entry in _entries("", listing):
        if entry.name == COMPONENTS and _is_file_inside(entry.name, entry, listing):
            listing.components = stamp_of(entry)
        elif entry.name in NOTE_FOLDERS and entry.is_dir(follow_symlinks=False):
            _list_notes(entry.name, listing)
        elif entry.name in NOTE_FOLDERS:
            _lose_impostor(entry, listing)
        else:
            _wonder_at_the_top(entry, listing)
    return listing


def is_note_path(path: str) -> bool:
    """Whether a file at this path inside the folder is read as a note."""
    folder, *inner = path.split("/")
    name = inner[-1] if inner else ""
    return (
        folder in NOTE_FOLDERS
        and name.lower().endswith(_SUFFIX)
        and not _is_readme(name)
        and not any(part.startswith(_HIDDEN) or part.endswith(_LEFT_BEHIND) for part in inner)
    )


def shown_path(path: str) -> str:
    """A path as text that any file, page or log can hold, whatever its bytes are."""
    if path.isascii() and path.isprintable():
        return path
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _entries(folder: str, listing: Listing) -> Iterator[os.DirEntry[str]]:
    """What is in a folder, one by one: all entries of a large one at once would take megabytes."""
    listing.folders[folder] = stamp_of_folder(listing.root / folder)
    try:
        with os.scandir(listing.root / folder) as entries:
            for entry in entries:
                if not entry.name.startswith(_HIDDEN) and not entry.name.endswith(_LEFT_BEHIND):
                    yield entry
    except OSError as error:
        if not folder or not isinstance(error, FileNotFoundError):
            _lose(folder, error, listing)


def _lose(folder: str, error: OSError, listing: Listing) -> None:
    listing.lost.append(folder)
    message = f"The folder cannot be listed: {error.strerror}."
    hint = "Check that it is there and that the site may read it."
    _add(listing, "unreadable-folder", folder or ".", message, hint, Severity.ERROR)


def _lose_impostor(entry: os.DirEntry[str], listing: Listing) -> None:
    """Counts notes as lost when what should be their folder is a link or a file."""
    listing.lost.append(entry.name)
    message = "This is a file, not a folder, so no note can be read."
    if entry.is_symlink():
        message = "The folder is a link, which is not followed, so its notes cannot be read."
    hint = "Put a folder with the notes in its place."
    _add(listing, "unreadable-folder", entry.name, message, hint, Severity.ERROR)


def _list_notes(folder: str, listing: Listing) -> None:
    folders = [folder]
    while folders:
        folder = folders.pop()
        try:
            for entry in _entries(folder, listing):
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif not _is_readme(entry.name) and _is_file_inside(path, entry, listing):
                    _list_file(path, entry, listing)
        except OSError as error:
            _lose(folder, error, listing)


def _list_file(path: str, entry: os.DirEntry[str], listing: Listing) -> None:
    if entry.name.endswith(_SUFFIX) or entry.name.lower().endswith(_SUFFIX):
        listing.notes[path] = stamp_of(entry)
    else:
        message = "The file is not read, since its name does not end in .md."
        _add(listing, "not-a-note", path, message, "If it is a note, call it so that it does.")


def _is_readme(name: str) -> bool:
    return name[:1] in "rR" and name.lower().partition(".")[0] == "readme"


def _is_file_inside(path: str, entry: os.DirEntry[str], listing: Listing) -> bool:
    """Whether it is a file, or a link to one inside the folder; other links are reported."""
    if not entry.is_symlink():
        return entry.is_file(follow_symlinks=False)
    target = Path(os.path.realpath(entry.path))
    if target.is_relative_to(listing.root) and target.is_file():
        return True
    _add(listing, "link", path, "The link leads out of the content folder, so it is not followed.", _MOVE)
    return False


def stamp_of(entry: os.DirEntry[str]) -> Stamp | None:
    """A file's stamp, None when it cannot be looked at."""
    try:
        return _stamp(entry.stat())
    except OSError:
        return None


def stamp_of_folder(folder: Path) -> Stamp | None:
    """A folder's stamp, None when it cannot be looked at."""
    try:
        return _stamp(folder.stat())
    except OSError:
        return None


def settled(stamp: Stamp | None, now: datetime) -> Stamp | None:
    """The stamp, or None while there might still be a change under the same stamp."""
    if stamp is None or abs(now.timestamp() * 1e9 - max(stamp[:2])) < _UNSETTLED:
        return None
    return stamp


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _wonder_at_the_top(entry: os.DirEntry[str], listing: Listing) -> None:
    """Reports what is probably a note, or a folder of them, in the wrong place."""
    name = entry.name
    close = get_close_matches(name.lower(), NOTE_FOLDERS, n=1)
    if entry.is_dir() and close:
        message = "The notes in this folder are not read."
        _add(listing, "misplaced", name, message, f"Did you mean '{close[0]}'?", Severity.ERROR)
    elif name.lower().endswith(_SUFFIX) and not _is_readme(name):
        message = "The file is not read, since it is in no folder of notes."
        _add(listing, "misplaced", name, message, "Move it to incidents/ or maintenance/.", Severity.ERROR)


def _add(
    listing: Listing, rule: str, path: str, message: str, hint: str, severity: Severity = Severity.WARNING
) -> None:
    listing.problems.append(
        Problem(rule=rule, path=shown_path(path), line=1, message=message, hint=hint, severity=severity)
    )
