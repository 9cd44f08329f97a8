"""Notes beside what is read from them: `tests/golden/notes/<kind>/<name>.md` and `.json`.

A new case is two files and no code. `python tests/golden_notes.py` writes the `.json` files anew; look at
what has changed before it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from status_plugin.core.notes.components import Inventory, read_components
from status_plugin.core.notes.note import Incident, Maintenance, Post
from status_plugin.core.notes.reader import NoteReading, read_note
from status_plugin.core.notes.textfile import decode
from status_plugin.core.notes.updates import Update
from status_plugin.core.problems import Problem
from status_plugin.core.times.moments import Moment
from status_plugin.core.times.spans import Span

FOLDER = Path(__file__).parent / "golden" / "notes"
KINDS: dict[str, type[Incident] | type[Maintenance]] = {"incidents": Incident, "maintenance": Maintenance}
ZONE = ZoneInfo("America/New_York")
READ_AT = datetime.fromisoformat("2026-11-21T12:00:00+00:00")


def inventory() -> Inventory:
    """The components that the golden notes know."""
    found, problems = read_components((FOLDER / "components.yml").read_text("utf-8"), path="components.yml")
    if found is None or problems:
        raise ValueError(f"The golden components.yml must be without fault: {problems}")
    return found


def golden_files() -> Iterator[Path]:
    """Every golden note."""
    for kind in KINDS:
        yield from sorted((FOLDER / kind).glob("*.md"))


def reading_of(path: Path) -> NoteReading:
    """What is read from a golden note."""
    name = path.relative_to(FOLDER).as_posix()
    text = decode(path.read_bytes(), path=name)
    if isinstance(text, Problem):
        return NoteReading(problems=(text,))
    kind = KINDS[path.parent.name]
    return read_note(text, path=name, kind=kind, zone=ZONE, inventory=inventory(), read_at=READ_AT)


def told(reading: NoteReading) -> dict[str, Any]:
    """The reading as JSON: what differs from an empty note, and a line for each problem."""
    lines = [
        f"{problem.line}:{problem.column} {problem.severity} {problem.rule} {problem.field or '-'}"
        for problem in reading.problems
    ]
    marks = {name: True for name in ("hidden", "doubtful") if getattr(reading, name)}
    return {"note": _note(reading.note), **marks, "problems": lines}


def _note(note: Incident | Maintenance | None) -> dict[str, Any] | None:
    if note is None:
        return None
    values = {spec.name: (spec, getattr(note, spec.name)) for spec in fields(note) if spec.name != "path"}
    return {
        name: _plain(value)
        for name, (spec, value) in values.items()
        if value != spec.default and not (spec.default_factory is not MISSING and not value)
    }


def _plain(value: Any) -> Any:
    match value:
        case Moment():
            exact = "" if value.exact else "about "
            return f"{exact}{value.local.isoformat()} ({value.written})"
        case Span():
            return f"{value.written} (at most {value.longest})"
        case Post():
            return f"{value.title} -> {value.url}"
        case Update():
            return f"{value.line}: {_plain(value.at)} {value.phase or '-'}: {value.text}"
        case tuple():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
    return value


def write_anew() -> None:
    """Writes what is read now beside every golden note."""
    for path in golden_files():
        expected = json.dumps(told(reading_of(path)), indent=1, ensure_ascii=False)
        path.with_suffix(".json").write_text(expected + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_anew()
