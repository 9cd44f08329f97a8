"""The programs that the bench loads, serves and compares with, and how they come to this machine."""

from __future__ import annotations

from tests.system_parts import PARTS, Part, install, install_command

PROGRAMS = {
    "wrk": Part(programs=("wrk", "taskset"), packages=("wrk", "util-linux")),
    "nginx": PARTS["nginx"],
    "hugo": Part(programs=("hugo",), packages=("hugo",)),
    "redis": PARTS["redis"],
    "git": PARTS["git"],
}


def fetch(names: list[str]) -> None:
    """Install those that are missing, if that is allowed."""
    PARTS.update(PROGRAMS)
    missing = [name for name in names if not PROGRAMS[name].is_here]
    if missing:
        install(missing)


def are_here(*names: str, what: str) -> bool:
    """Whether all of these are here; if not, says what is left out, and how they would come."""
    missing = [name for name in names if not PROGRAMS[name].is_here]
    if missing:
        PARTS.update(PROGRAMS)
        print(f"Left out, for want of {' and '.join(missing)}: {what}. {' '.join(install_command(missing))}")
    return not missing
