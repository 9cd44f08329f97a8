"""A file that one process at a time writes anew, while any number read the one that is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # on systems without it whoever is last has written the file
    fcntl = None  # type: ignore[assignment]


@contextmanager
def file_turn(path: Path, mode: int) -> Iterator[IO[bytes] | None]:
    """A new file that takes the place of the one at the path when it is whole; None while another is made.

    Nobody but its owner gets to it before; raises OSError.
    """
    aside = path.with_name(f"{path.name}.new")
    descriptor = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        if not _is_mine(descriptor, aside):
            yield None
            return
        os.fchmod(descriptor, mode)
        os.ftruncate(descriptor, 0)
        yield file
        file.flush()
        aside.replace(path)


def _is_mine(descriptor: int, path: Path) -> bool:
    """Whether no other process writes the file, nor has put it into its place meanwhile."""
    if fcntl:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
