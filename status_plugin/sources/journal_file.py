"""A journal's file: one process adds to it at a time, whole lines only, and any number read it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from status_plugin.core.monitoring.journal import SIGNATURE

try:
    import fcntl
except ImportError:  # on systems without it a single process may write
    fcntl = None  # type: ignore[assignment]

_SIGNATURE = SIGNATURE.encode()
_LONGEST_HEAD = 200


class ForeignFileError(OSError):
    """There is a file, and it is no journal of this version: nobody may touch it."""

    def __init__(self) -> None:
        super().__init__("it is no journal of this version; move it away, or name another file")


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalFile:
    """An open file. `head` is its first line, another one whenever it is written anew; None if empty."""

    descriptor: int
    head: bytes | None

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self.descriptor).st_size

    def read(self, offset: int) -> bytes:
        """The whole lines from an offset on; what nobody has finished writing is left out."""
        content = _bytes(self.descriptor, offset)
        return content[: content.rfind(b"\n") + 1]

    def append(self, lines: Sequence[str]) -> None:
        """Write lines at the end; raises OSError, and then some of it may be there."""
        size = self.size
        if self.head is None:
            os.ftruncate(self.descriptor, 0)
        # If a writer did not come to the end of its line, it ends here.
        elif _bytes(self.descriptor, size - 1) != b"\n":
            os.write(self.descriptor, b"\n")
        content = memoryview("".join(f"{line}\n" for line in lines).encode())
        while content:
            content = content[os.write(self.descriptor, content) :]


@contextmanager
def open_for_reading(path: Path) -> Iterator[JournalFile]:
    """The file as it is; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield JournalFile(descriptor=descriptor, head=_head(descriptor))
    finally:
        os.close(descriptor)


@contextmanager
def open_for_writing(path: Path) -> Iterator[JournalFile | None]:
    """The file for one writer alone, made if there is none; None while another process writes.

    Raises OSError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        is_ours = _lock(descriptor) and os.path.samestat(os.fstat(descriptor), path.stat())
        yield JournalFile(descriptor=descriptor, head=_head(descriptor)) if is_ours else None
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Put other content into the file's place at once; raises OSError, and then all is as it was."""
    aside = path.with_name(f"{path.name}.new")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _lock(descriptor: int) -> bool:
    """Whether no other process has the file; the lock ends with the process or with its closing."""
    if fcntl:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _bytes(descriptor: int, offset: int, count: int = -1) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        file.seek(offset)
        return file.read(count)


def _head(descriptor: int) -> bytes | None:
    """The first line; one that was never finished is none."""
    start = _bytes(descriptor, 0, _LONGEST_HEAD)
    head, end, _ = start.partition(b"\n")
    if head.startswith(_SIGNATURE) and end:
        return head
    if not end and (_SIGNATURE.startswith(head) or (head.startswith(_SIGNATURE) and len(start) < 100)):
        return None
    raise ForeignFileError
