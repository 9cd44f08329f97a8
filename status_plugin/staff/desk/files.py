"""Files of notes, written whole or not at all, by one person at a time."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from status_plugin.staff.desk.refusal import RefusedError

try:
    import fcntl
except ImportError:  # where there is no such lock, what changed meanwhile is found before it is written
    fcntl = None  # type: ignore[assignment]

PATIENCE = 60.0
"""Seconds for which another command at the desk is waited for."""

_PAUSE = 0.05


@contextmanager
def alone_with(folder: Path, patience: float | None = None) -> Iterator[None]:
    """No other command of the desk writes in this folder meanwhile; RefusedError when one does not end."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise RefusedError(f"The folder {folder} cannot be opened: {error.strerror}.") from None
    try:
        _lock(descriptor, PATIENCE if patience is None else patience)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise RefusedError(
                    "Somebody else is writing notes here at this moment, and does not come to an end. "
                    "Try again; nothing was written."
                ) from None
            time.sleep(_PAUSE)


def read_file(path: Path) -> bytes:
    """A file's bytes; raises RefusedError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}.") from None


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `before`, with the same rights; RefusedError if it is that no more."""
    path = path.resolve()
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        with _written_beside(path, after, mode) as temporary:
            if path.read_bytes() != before:
                raise RefusedError(
                    f"{path.name} was changed by somebody else at this very moment; nothing was written. "
                    "Look at it, and try again."
                )
            temporary.replace(path)
            _flush(path.parent)
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror}.") from None


def create_file(path: Path, data: bytes) -> None:
    """A new file; raises RefusedError if there is one already, or it cannot be written."""
    try:
        path.parent.mkdir(exist_ok=True)
        umask = os.umask(0)
        os.umask(umask)
        with _written_beside(path, data, 0o666 & ~umask) as temporary:
            # Unlike a renaming this fails where a file is.
            os.link(temporary, path)
            _flush(path.parent)
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror}.") from None


@contextmanager
def _written_beside(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """A hidden file in the same folder, which no reader of notes looks at; gone at the end."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
