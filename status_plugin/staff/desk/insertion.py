"""Where a new update goes in a note's file, whose own characters all stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from status_plugin.core.notes.frontmatter import read_front_matter
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Lean, Moment, Neighbour

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A place for an update: an index of the text, and what has to stand before and behind it.

    `above` is the time beside which an update there is read; `is_dated` says that it needs its day.
    """

    index: int
    before: str
    behind: str
    above: Neighbour | None
    line_end: str
    is_dated: bool = False

    def fill(self, text: str, update: str) -> str:
        """The text with an update in the gap."""
        lines = update.replace("\n", self.line_end)
        return f"{text[: self.index]}{self.before}{lines}{self.behind}{text[self.index :]}"


def gaps(text: str, note: Incident | Maintenance) -> list[Gap]:
    """Where an update may go, the likeliest first: where the newest one of the note stands."""
    return [*([_first_gap(text, note)] if _is_newest_first(note.updates) else []), _last_gap(text, note)]


def newest_written(note: Incident | Maintenance) -> Update | None:
    """The update that was written last, by its place in the file."""
    lines = sorted(note.updates, key=lambda update: update.line)
    return (lines[0] if _is_newest_first(note.updates) else lines[-1]) if lines else None


def _is_newest_first(updates: Sequence[Update]) -> bool:
    lines = [update.line for update in updates]
    return len(lines) > 1 and lines == sorted(lines, reverse=True)


def _first_gap(text: str, note: Incident | Maintenance) -> Gap:
    """Before the first update."""
    first = min(update.line for update in note.updates)
    lines = _LINE.findall(text)
    end = _line_end(text)
    gap_before = "" if first < 2 or not lines[first - 2].strip() else end
    return Gap(
        index=sum(map(len, lines[: first - 1])),
        before=gap_before,
        behind=end * 2,
        above=_beginning(note),
        line_end=end,
        # Only where every update has its day is the newest one first.
        is_dated=True,
    )


def _last_gap(text: str, note: Incident | Maintenance) -> Gap:
    """At the end of the file, which goes on ending as it did."""
    last = max(note.updates, key=lambda update: update.line, default=None)
    end = _line_end(text)
    is_ended = text.endswith(("\n", "\r"))
    is_body_empty = not read_front_matter(text, path=note.path).body.strip()
    lines = [line for line in _LINE.findall(text) if line]
    has_blank_line = is_ended and not lines[-1].strip()
    before = ("" if is_ended else end) + ("" if has_blank_line or is_body_empty else end)
    return Gap(
        index=len(text),
        before=before,
        behind=end if is_ended else "",
        above=Neighbour.of(last.at, Lean.ONWARD) if last else _beginning(note),
        line_end=end,
    )


def _beginning(note: Incident | Maintenance) -> Neighbour | None:
    start: Moment | None = note.started if isinstance(note, Incident) else note.starts
    if start is None:
        return None
    return Neighbour.of(start, Lean.ONWARD if isinstance(note, Incident) else Lean.NEAREST)


def _line_end(text: str) -> str:
    """The line end that the file uses last."""
    found = _LINE_END.findall(text)
    return found[-1] if found else "\n"
