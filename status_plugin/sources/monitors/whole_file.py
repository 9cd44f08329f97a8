"""A file that another program writes, read as it is at one moment or not at all."""

from __future__ import annotations

import os
import stat

from status_plugin.sources.monitors import SourceError


def read_whole_file(path: str, *, called: str, missing: str, max_bytes: int) -> bytes:
    """The bytes of a file that nobody wrote to meanwhile; raises SourceError.

    `called` is what the error calls the file, and `missing` the whole error when there is none.
    """
    reason = ""
    try:
        # A pipe would otherwise be waited for until somebody writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise SourceError(f"What stands in the place of {called} is not a file", path)
            data = file.read(max_bytes + 1)
            after = os.fstat(descriptor)
    except OSError as error:
        reason, detail = _reason(error, called, missing), f"{path}: {error}"
    if reason:
        raise SourceError(reason, detail)
    if len(data) > max_bytes:
        raise SourceError(f"{called} is too large to be one", f"{path}: {after.st_size} bytes")
    if (before.st_size, before.st_mtime_ns) != (len(data), after.st_mtime_ns):
        raise SourceError(f"{called} was written to while it was read", path)
    return data


def _reason(error: OSError, called: str, missing: str) -> str:
    if isinstance(error, FileNotFoundError):
        return missing
    if isinstance(error, IsADirectoryError):
        return f"What stands in the place of {called} is not a file"
    if isinstance(error, PermissionError):
        return f"{called} may not be read by this user: it must be in the groups of file and folder"
    return f"{called} cannot be read"
