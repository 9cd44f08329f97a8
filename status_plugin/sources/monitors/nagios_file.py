"""The status file of a Nagios that writes it where this machine can read it."""

from __future__ import annotations

import os
import stat

from status_plugin.sources.monitors import SourceError
from status_plugin.sources.monitors.status_dat import StatusData, Wanted, read_status_data

MAX_BYTES = 128 * 1024 * 1024
"""The largest status file that is read; 12,000 services are 17 MB."""

NO_FILE = "What stands in the place of Nagios' status file is not a file"


class StatusFile:
    """Reads a status.dat; it need not be there yet."""

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self, wanted: Wanted) -> StatusData:
        """What it says of the hosts that are wanted; raises SourceError when it is away or broken."""
        return read_status_data(_bytes_of(self._path), wanted)


def _bytes_of(path: str) -> bytes:
    try:
        # A pipe would otherwise be waited for until somebody writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise SourceError(NO_FILE, path)
            data = file.read(MAX_BYTES + 1)
            after = os.fstat(descriptor)
    except OSError as error:
        raise SourceError(_reason(error), f"{path}: {error}") from None
    if len(data) > MAX_BYTES:
        raise SourceError("Nagios' status file is too large to be one", f"{path}: {after.st_size} bytes")
    if (before.st_size, before.st_mtime_ns) != (len(data), after.st_mtime_ns):
        raise SourceError("Nagios' status file was written to while it was read", path)
    return data


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no Nagios status file: Nagios is stopped or restarting, or it is elsewhere"
    if isinstance(error, IsADirectoryError):
        return NO_FILE
    if isinstance(error, PermissionError):
        return "Nagios' status file may not be read by this user: it must be in the groups of file and folder"
    return "Nagios' status file cannot be read"
