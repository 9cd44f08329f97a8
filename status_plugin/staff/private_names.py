"""Names of the private monitoring that have slipped into the public folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import Problem
from status_plugin.sources.private_names import PrivateNames

_SUFFIXES = (".md", ".yml", ".yaml")


def private_name_problems(folder: Path, private: PrivateNames, inventory: Inventory) -> Iterator[Problem]:
    """A problem for each place in the folder that names a host or check of the monitoring.

    The place is told, never the name: the report may be public too.
    """
    in_text, in_path = private.in_text(inventory), private.in_path(inventory)
    if in_text is None or in_path is None:
        return
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file()):
        shown = path.relative_to(folder).as_posix()
        if in_path.search(shown):
            yield _problem(shown, "This file's name has a host or check of the monitoring in it", 1)
        for number, line in enumerate(_lines(path), start=1):
            for found in in_text.finditer(line):
                said = "This names a host or check of the monitoring"
                yield _problem(shown, said, number, found.start() + 1)


def _problem(path: str, said: str, line: int, column: int | None = None) -> Problem:
    return Problem(
        rule="private-name",
        path=path,
        line=line,
        column=column,
        message=f"{said}, which is private.",
        hint="Write the public name from components.yml.",
    )


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
