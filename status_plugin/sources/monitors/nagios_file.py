"""The status file of a Nagios that writes it where this machine can read it."""

from __future__ import annotations

from datetime import datetime

from status_plugin.sources.monitors.status_dat import StatusData, Wanted, read_status_data
from status_plugin.sources.monitors.whole_file import read_whole_file

MAX_BYTES = 128 * 1024 * 1024
"""The largest status file that is read; 12,000 services are 17 MB."""

MISSING = "There is no Nagios status file: Nagios is stopped or restarting, or it is elsewhere"


class StatusFile:
    """Reads a status.dat; it need not be there yet."""

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self, wanted: Wanted, now: datetime) -> StatusData:
        """What it says of the hosts that are wanted; raises SourceError when it is away or broken."""
        data = read_whole_file(self._path, called="Nagios' status file", missing=MISSING, max_bytes=MAX_BYTES)
        return read_status_data(data, wanted)
