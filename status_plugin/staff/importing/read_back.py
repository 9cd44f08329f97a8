"""An imported note as our own reader reads it, held against what it was made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import read_note
from status_plugin.core.problems import Problem, Severity
from status_plugin.staff.importing.foreign_site import ForeignNote, instant


def differences(
    note: ForeignNote,
    text: str,
    *,
    file: str,
    inventory: Inventory,
    site_zone: tzinfo,
    zone: tzinfo,
    now: datetime,
) -> Iterator[Problem]:
    """What is wrong with the text to our reader, and every update that it does not find, as errors."""
    reading = read_note(
        text,
        path=file,
        kind=Maintenance if note.is_window else Incident,
        zone=zone,
        inventory=inventory,
        read_at=now,
    )
    for problem in reading.problems:
        if problem.severity is Severity.ERROR:
            made = f"It is written all the same, in line {problem.line} of {file}: {problem.hint}"
            yield replace(problem, path=note.source, line=1, column=1, hint=made)
    if reading.hidden:
        return
    if reading.note is None:
        yield _error(note, "withheld", f"{file} cannot be shown.", "Correct what is named above.")
        return
    wanted = Counter((_second(instant(one.at, site_zone)), one.phase) for one in note.updates)
    found = Counter((update.at.at.astimezone(UTC), update.phase) for update in reading.note.updates)
    for at, phase in (wanted - found).elements():
        message = f"The update of {at.isoformat()} ({phase or 'no phase'}) is not read as one."
        yield _error(note, "update-lost", message, f"Its words are in {file}; put the line right.")


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _error(note: ForeignNote, rule: str, message: str, made: str) -> Problem:
    return Problem(
        rule=rule, path=note.source, message=message, hint=made, severity=Severity.ERROR, line=1, column=1
    )
