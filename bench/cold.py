"""A start in a fresh process, beside a fresh process that only reads the bytes and the front matter.

`python -m bench.cold ours FOLDER` and `python -m bench.cold bare FOLDER` are those processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.rounds import Comparison

ROUNDS = 5

_INDEX = Path("instance", "status-notes.index")
_WAIT = 60.0


def compare_cold_start(notes: int) -> tuple[Comparison, Comparison]:
    """Processor seconds until the first page, or until everything is read: the first time, and after it."""
    from bench.notes import write_notes

    with tempfile.TemporaryDirectory() as folder:
        write_notes(Path(folder) / "content", notes, newest=datetime.now(UTC))
        first, again = [], []
        for _ in range(ROUNDS):
            Path(folder, _INDEX).unlink(missing_ok=True)
            bare = _cost("bare", folder)
            first.append((_cost("ours", folder), bare))
            again.append((_cost("ours", folder), _cost("bare", folder)))
    return _comparison(first), _comparison(again)


def _comparison(found: list[tuple[float, float]]) -> Comparison:
    return Comparison(ours=tuple(ours for ours, _ in found), bare=tuple(bare for _, bare in found))


def _cost(way: str, folder: str) -> float:
    """Processor seconds of a process from its birth to its end."""
    process = subprocess.Popen([sys.executable, "-m", "bench.cold", way, folder])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"The process that starts '{way}' failed.")
    return usage.ru_utime + usage.ru_stime


def _start(folder: str) -> None:
    from bench.fresh_site import site_in
    from status_plugin import StatusPlugin

    site = site_in(folder, "cold")
    site.config.from_mapping(STATUS_TIMEZONE="America/New_York")
    StatusPlugin(site)
    if site.test_client().get("/status/").status_code != 200:
        raise RuntimeError("there is no page")
    # Of the first start the index is a part, which is written behind the visitor's back.
    until = time.monotonic() + _WAIT
    while not Path(folder, _INDEX).exists():
        if time.monotonic() > until:
            raise RuntimeError("there is no index")
        time.sleep(0.1)


def _read(folder: str) -> None:
    from bench.reading import read_yaml_alone

    read_yaml_alone(Path(folder))


if __name__ == "__main__":
    {"ours": _start, "bare": _read}[sys.argv[1]](sys.argv[2])
