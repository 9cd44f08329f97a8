"""A note's text with one more update: written only if it reads as before, and as was asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import NoteReading, read_note
from status_plugin.core.notes.textfile import decode
from status_plugin.core.notes.update_lines import read_update_line
from status_plugin.core.notes.updates import Update
from status_plugin.core.problems import Problem, Severity, UnreadableError
from status_plugin.core.times.moments import Moment
from status_plugin.staff.desk.insertion import gaps, newest_written
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.desk.time_style import TimeStyle, style_of
from status_plugin.staff.desk.word import Word, word_text

_OTHER = (
    "With it the note would say something else than now, and not only what you want to add. "
    "Write the update into the file by hand."
)


_LATE = (
    "An update of an earlier time than one that is there would change the addresses of the others. "
    "Leave --when out, and tell with --since when it became true."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Reads notes as the page does at `now`."""

    zone: tzinfo
    inventory: Inventory | None
    now: datetime

    def read(self, data: bytes, *, path: str, kind: type[Incident] | type[Maintenance]) -> NoteReading:
        """What the page reads from a file."""
        text = decode(data, path=path)
        if isinstance(text, Problem):
            return NoteReading(problems=(text,))
        return read_note(
            text, path=path, kind=kind, zone=self.zone, inventory=self.inventory, read_at=self.now
        )


def with_update(data: bytes, note: Incident | Maintenance, word: Word, house: TimeStyle, by: Reader) -> bytes:
    """The file with the update in it; every byte that was there still is, in its order.

    `house` is the style of times for a note that shows none. Raises RefusedError.
    """
    kind = type(note)
    old = by.read(data, path=note.path, kind=kind)
    if old.note is None:
        raise RefusedError(_why_unreadable(old))
    text = data.decode("utf-8")
    style = note_style(old.note, house)
    is_late = any(word.at.at < update.at.at for update in old.note.updates)
    refusal = RefusedError(_LATE if is_late else _OTHER)
    for number, gap in enumerate(gaps(text, old.note)):
        try:
            update = word_text(word, style, zone=by.zone, above=gap.above, is_dated=gap.is_dated)
            written = gap.fill(text, update).encode("utf-8")
            _verify(old, old.note, by.read(written, path=note.path, kind=kind), word)
        except UnreadableError as error:
            raise RefusedError(f"{error}") from None
        except RefusedError as error:
            refusal = error if number == 0 and not is_late else refusal
            continue
        return written
    raise refusal


def note_style(note: Incident | Maintenance, house: TimeStyle) -> TimeStyle:
    """How times are written in a note: as in its newest update, else as where it begins."""
    newest = newest_written(note)
    beginning = note.started if isinstance(note, Incident) else note.starts
    for moment in (newest.at if newest else None, beginning):
        style = style_of(moment.written) if moment else None
        if style:
            return style
    return house


def _why_unreadable(reading: NoteReading) -> str:
    if reading.hidden:
        return (
            "The note is a draft. Take the line 'draft: true' out of it first, so that its words can be read."
        )
    problem = next(iter(reading.problems), None)
    return f"The note cannot be read as it stands: {problem} Mend that first, by hand."


def _verify(old: NoteReading, note: Incident | Maintenance, new: NoteReading, word: Word) -> None:
    """Raises RefusedError unless the new reading is the old one and exactly the update that is meant."""
    added = Counter(map(_without_place, new.problems)) - Counter(map(_without_place, old.problems))
    lost = set(Counter(map(_without_place, old.problems)) - Counter(map(_without_place, new.problems)))
    wrong = next((problem for problem in added if problem.severity is Severity.ERROR), None)
    if new.note is None or wrong:
        explain_lookalikes(word.text)
        why = wrong or next(iter(new.problems), None)
        raise RefusedError(
            f"It would not be read as you mean it: {why.message} {why.hint}" if why else _OTHER
        )
    # An incident that told no beginning has one with its first update.
    lost = {problem for problem in lost if problem.rule != "started-missing"}
    if lost or not _is_same_but_for(new.note, note, word):
        explain_lookalikes(word.text)
        raise RefusedError(_OTHER)


def explain_lookalikes(text: str) -> None:
    """Raises RefusedError if the text holds a line that passes for an update of its own."""
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            is_update = read_update_line(line) is not None
        except UnreadableError:
            is_update = True
        if is_update:
            raise RefusedError(
                f"Line {number} of the text looks like an update of its own: '{line.strip()[:60]}'. "
                "Write one update at a time, or begin that line with another word."
            )


def _is_same_but_for(new: Incident | Maintenance, old: Incident | Maintenance, word: Word) -> bool:
    if replace(new, updates=(), incomplete=False) != replace(old, updates=(), incomplete=False):
        return False
    before = [replace(update, line=0) for update in old.updates]
    after = [replace(update, line=0) for update in new.updates]
    return any(
        _says(update, word) and after[:index] + after[index + 1 :] == before
        for index, update in enumerate(after)
    )


def _says(update: Update, word: Word) -> bool:
    return (
        _is_same_time(update.at, word.at)
        and update.phase == word.phase
        and _is_same_time(update.since, word.since)
        and _is_same_time(update.next_update, word.next_update)
        and update.impact == word.impact
        and dict(update.affects) == dict(word.affects)
        and update.text == plain_text(word.text)
    )


def plain_text(text: str) -> str:
    """A text without blank lines at its edges, as the reader has it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]).strip() if filled else ""


def _is_same_time(one: Moment | None, other: Moment | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.at == other.at and one.exact == other.exact


def _without_place(problem: Problem) -> Problem:
    return replace(problem, line=None)
