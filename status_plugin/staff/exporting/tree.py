"""The folder of a copy: changed as a whole, by one export at a time, and never by half."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from status_plugin.staff.exporting.manifest import Manifest, manifest_value, read_manifest
from status_plugin.staff.exporting.problem import ExportError

STATE = ".status-export"
"""The folder in the copy that holds what exports remember, and what they are at."""

_MANIFEST = "manifest.json"
_PLAN = "plan.json"


class KnownManifest:
    """The manifest that this process has read or written, for as long as its file is the same.

    To read that of ten thousand pages takes a quarter of an export without much news.
    """

    def __init__(self) -> None:
        self._mark: tuple[int, int, int] | None = None
        self._manifest = Manifest()

    def keep(self, folder: Path, manifest: Manifest) -> None:
        """This is what the folder's file says now."""
        self._mark, self._manifest = _mark(folder), manifest

    def of(self, folder: Path) -> Manifest:
        """What the last export into the folder made; ExportError if that cannot be told."""
        mark = _mark(folder)
        if mark is None or mark != self._mark:
            self._mark, self._manifest = mark, _read_manifest(folder / STATE)
        return self._manifest


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """A locked folder: `manifest` tells what is in it of ours, `staged` is where new files are put.

    A first copy is staged beside the folder, as it will be, and takes its place. `lock` is the open
    folder that others find locked; in `known` the manifest is kept for the next export of this process.
    """

    lock: int
    folder: Path
    staged: Path
    manifest: Manifest
    is_first: bool
    known: KnownManifest

    def put_in_place(self, changed: Sequence[str], manifest: Manifest) -> tuple[str, ...]:
        """Make the staged files the copy's, in this order, and delete those that the manifest lacks.

        Returns what was deleted. Once this has begun it is completed, if need be by the next export.
        Raises ExportError, with nothing changed, if a file of somebody else is in the way.
        """
        gone = tuple(sorted(self.manifest.files.keys() - manifest.files.keys()))
        if self.is_first:
            _write_manifest(_open_state(self.staged), manifest)
            self.staged.rename(self.folder)
            self.known.keep(self.folder, manifest)
            return gone
        self._refuse_strangers(changed)
        if changed or gone or manifest != self.manifest:
            _write_manifest(_open_state(self.staged), manifest)
            plan = {"staged": self.staged.name, "place": list(changed), "remove": list(gone)}
            _write(self.folder / STATE / _PLAN, json.dumps(plan))
            _complete(self.folder)
        self.known.keep(self.folder, manifest)
        return gone

    def _refuse_strangers(self, changed: Sequence[str]) -> None:
        ours = self.manifest.files
        folders: set[str] = set()
        for path in changed:
            if path not in ours and os.path.lexists(self.folder / path):
                raise ExportError(_in_the_way(self.folder / path))
            folders.update(str(parent) for parent in Path(path).parents)
        for name in sorted(folders - {"."}):
            found = self.folder / name
            if os.path.lexists(found) and (found.is_symlink() or not found.is_dir()):
                raise ExportError(_in_the_way(found))


@contextmanager
def locked_tree(folder: Path, known: KnownManifest) -> Iterator[Tree]:
    """The folder, made if there is none, for one export; first completes one that was killed.

    Raises ExportError if another export is at it, or if it cannot be told what in it is ours.
    """
    folder = folder.resolve()
    try:
        lock = _lock(folder)
    except OSError as error:
        raise ExportError(f"{folder} cannot be used: {error.strerror}.") from None
    try:
        tree = _opened(folder, lock, known)
        try:
            yield tree
        finally:
            # What is planned is still to be put in place.
            if not (folder / STATE / _PLAN).exists():
                shutil.rmtree(tree.staged, ignore_errors=True)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise ExportError(f"The copy cannot be written: {place}{error.strerror}.") from None
    finally:
        os.close(lock)


def _lock(folder: Path) -> int:
    """A lock on the folder that is there; a first copy takes the place of the folder that was locked."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(lock), folder.stat()):
                return lock
        except BlockingIOError:
            os.close(lock)
            raise ExportError(f"Another export is writing {folder}. Try again when it is done.") from None
        except FileNotFoundError:
            pass
        os.close(lock)


def _opened(folder: Path, lock: int, known: KnownManifest) -> Tree:
    beside = f".{folder.name}{STATE}-"
    for left in folder.parent.glob(f"{beside}*"):
        shutil.rmtree(left, ignore_errors=True)
    token = secrets.token_hex(4)
    is_first = not any(folder.iterdir()) and _can_be_replaced(folder)
    if is_first:
        staged = folder.parent / f"{beside}{token}"
        staged.mkdir()
        shutil.copymode(folder, staged)
        return Tree(lock=lock, folder=folder, staged=staged, manifest=Manifest(), is_first=True, known=known)
    state = _open_state(folder)
    _complete(folder)
    for left in state.glob("staged-*"):
        shutil.rmtree(left, ignore_errors=True)
    staged = state / f"staged-{token}"
    staged.mkdir()
    manifest = known.of(folder)
    return Tree(lock=lock, folder=folder, staged=staged, manifest=manifest, is_first=False, known=known)


def _open_state(folder: Path) -> Path:
    state = folder / STATE
    state.mkdir(exist_ok=True)
    # What exports remember is nothing for a repository of pages.
    (state / ".gitignore").write_text("*\n", encoding="utf-8")
    return state


def _can_be_replaced(folder: Path) -> bool:
    return os.access(folder.parent, os.W_OK) and not folder.is_mount()


def _read_manifest(state: Path) -> Manifest:
    try:
        text = (state / _MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest()
    manifest = read_manifest(text)
    if manifest is None:
        raise ExportError(
            f"{state / _MANIFEST} cannot be read, so it is not known which files the last export made. "
            f"Export into an empty folder."
        )
    return manifest


def _complete(folder: Path) -> None:
    """Do what is left of the plan, if there is one; every step may have been done already."""
    state = folder / STATE
    try:
        plan = json.loads((state / _PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    staged = state / plan["staged"]
    for path in plan["place"]:
        with suppress(FileNotFoundError):
            _place(staged / path, folder / path)
    for path in plan["remove"]:
        _remove(folder, path)
    with suppress(FileNotFoundError):
        (staged / STATE / _MANIFEST).replace(state / _MANIFEST)
    (state / _PLAN).unlink()


def _place(source: Path, target: Path) -> None:
    if not target.parent.is_dir() and source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def _remove(folder: Path, path: str) -> None:
    (folder / path).unlink(missing_ok=True)
    for parent in Path(path).parents:
        try:
            # Where somebody else keeps something the folder stays.
            (folder / parent).rmdir()
        except OSError:
            return


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    _write(folder / _MANIFEST, json.dumps(manifest_value(manifest), separators=(",", ":")))


def _mark(folder: Path) -> tuple[int, int, int] | None:
    try:
        found = (folder / STATE / _MANIFEST).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _write(file: Path, text: str) -> None:
    """Write a file that is there as a whole or not at all."""
    new = file.with_suffix(".new")
    with new.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)


def _in_the_way(path: Path) -> str:
    return (
        f"{path} is in the way: no export made it, so none replaces it. "
        "Move it away, or export into a folder of its own. The copy is as it was."
    )
