"""What a process costs from its birth to its end, and what it leaves in a folder."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds by the clock on the wall, and of all processors."""

    wall: float
    processors: float


@dataclass(frozen=True, kw_only=True)
class Left:
    """How many files there are, and how many bytes in them."""

    files: int
    size: int


def cost_of(command: Sequence[str], env: Mapping[str, str] | None = None) -> Cost:
    """Run a command, with its children, to its end; RuntimeError if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"'{' '.join(command)}' failed.")
    return Cost(wall=took, processors=usage.ru_utime + usage.ru_stime)


def left_in(folder: Path) -> Left:
    """What is in a folder."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return Left(files=len(sizes), size=sum(sizes))
