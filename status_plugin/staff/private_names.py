"""Names of the private monitoring that have slipped into the public folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import Problem
from status_plugin.sources.monitor_map import MonitorMap

_ORDINARY_WORD = re.compile(r"[^\W\d_]+")
_SUFFIXES = (".md", ".yml", ".yaml")


def private_name_problems(folder: Path, monitor_map: MonitorMap, inventory: Inventory) -> Iterator[Problem]:
    """A problem for each place in the folder that names a host or check of the monitoring.

    The place is told, never the name: the report may be public too. A name that is public by the
    inventory is none, and a check called by an ordinary word ("HTTP") is not looked for.
    """
    names = private_names(monitor_map) - _public_names(inventory)
    if not names:
        return
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.-])(?:{words})(?![\w-]|\.\w)", re.IGNORECASE)
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file()):
        for number, line in enumerate(_lines(path), start=1):
            for found in pattern.finditer(line):
                yield Problem(
                    rule="private-name",
                    path=path.relative_to(folder).as_posix(),
                    line=number,
                    column=found.start() + 1,
                    message="This names a host or check of the monitoring, which is private.",
                    hint="Write the public name from components.yml.",
                )


def private_names(monitor_map: MonitorMap) -> set[str]:
    """Host names and tell-tale check names of the map, in small letters."""
    texts = {
        text
        for kinds in monitor_map.by_slug.values()
        for entry in kinds.values()
        for text in entry.private_texts()
    }
    names = {host.casefold() for text in texts for host in _host_names(text)}
    return {name for name in names if not _ORDINARY_WORD.fullmatch(name)}


def _host_names(text: str) -> Iterator[str]:
    """The text itself, or the host of an address."""
    if "://" not in text:
        yield text.strip()
        return
    try:
        host = urlsplit(text).hostname
    except ValueError:
        return
    if host and host not in ("localhost", "127.0.0.1", "::1"):
        yield host


def _public_names(inventory: Inventory) -> set[str]:
    names = {component.slug for component in inventory.components}
    names |= {component.name for component in inventory.components}
    names |= {component.group for component in inventory.components}
    names |= {label for component in inventory.components for label in component.checks or ()}
    return {name.casefold() for name in names}


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
