"""The times in a text of cState: `{{< track "2018-04-13 15:54:00" >}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from status_plugin.core.notes.verbatim import without_code_spans

_STAMP = re.compile(r"\{\{(?P<open>[<%])\s*track(?![\w-])(?P<words>.*?)/?\s*[>%]\}\}", re.ASCII)
_BEFORE_NOTHING = re.compile(r"[\s*_>+-]*")
_AFTER_NOTHING = re.compile(r"[\s*_.;,)]*")
_BLANKS = " \t\n\\"
_COMMENT = re.compile(r"<!--.*?-->")
_LEADS_ON = re.compile(r"[ \t]*(?::|[-–—]{1,2}(?=\s|$))[ \t]*")


class Place(Enum):
    """Where in a text a stamp stands."""

    START = auto()
    END = auto()
    WITHIN = auto()
    ALONE = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A stamp in a text: its argument, where it stands, and the text without it.

    `line` counts from 0 within the text.
    """

    written: str
    place: Place
    line: int
    before: str
    after: str

    @property
    def rest(self) -> str:
        """The text without the stamp, and without the dash that leads on from it."""
        if self.place is Place.START:
            after = self.after.lstrip(" \t")
            leading = _LEADS_ON.match(after)
            return after[leading.end() if leading else 0 :].lstrip("\n")
        if self.place is not Place.END:
            return ""
        marks, line_end, below = self.after.partition("\n")
        # A backslash at the end of a line breaks it, which has no sense at the end of a text.
        return f"{self.before.rstrip(_BLANKS)}{marks.strip(_BLANKS)}{line_end}{below}".rstrip(_BLANKS)


def stamps_in(lines: Sequence[str], inside: Sequence[bool]) -> list[Stamp]:
    """All stamps of a text that do not stand in code; `inside` tells, for each line, whether it is code."""
    found = []
    for number, line in enumerate(lines):
        if inside[number] or "track" not in line:
            continue
        for match in _STAMP.finditer(_shown(line)):
            before = "\n".join([*lines[:number], line[: match.start()]])
            after = "\n".join([line[match.end() :], *lines[number + 1 :]])
            written, place = _argument(line, match), _place(before, after)
            found.append(Stamp(written=written, place=place, line=number, before=before, after=after))
    return found


def without_stamps(lines: Sequence[str], inside: Sequence[bool]) -> str:
    """The text with the bare time for every stamp that does not stand in code."""
    shown = []
    for number, line in enumerate(lines):
        found = [] if inside[number] else list(_STAMP.finditer(_shown(line)))
        for match in reversed(found):
            before, after = line[: match.start()], line[match.end() :]
            # In Hugo's page a stamp is a line of its own: here it may not run into a word.
            left, right = (" " * (near.isalnum()) for near in (before[-1:], after[:1]))
            line = f"{before}{left}{_argument(line, match)}{right}{after}"
        shown.append(line)
    return "\n".join(shown)


def _shown(line: str) -> str:
    """The line with blanks for code and comments in it."""
    return _COMMENT.sub(lambda found: " " * len(found[0]), without_code_spans(line))


def _argument(line: str, match: re.Match[str]) -> str:
    return line[match.start("words") : match.end("words")].strip().strip("\"'`“”").strip()


def cut_at_stamps(lines: Sequence[str], inside: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The ranges of lines that have a stamp each, of a paragraph in which each ends, or begins, a line."""
    stamps = stamps_in(lines, inside)
    numbers = [stamp.line for stamp in stamps]
    cuts: list[int] = []
    if stamps and len(set(numbers)) == len(stamps):
        are_last = all(_AFTER_NOTHING.fullmatch(stamp.after.partition("\n")[0]) for stamp in stamps)
        are_first = all(_BEFORE_NOTHING.fullmatch(stamp.before.rpartition("\n")[2]) for stamp in stamps)
        if are_last and len(stamps) > 1:
            cuts = [number + 1 for number in numbers]
        elif are_first and not are_last:
            cuts = numbers
    edges = sorted({0, *cuts, len(lines)})
    yield from pairwise(edges)


def _place(before: str, after: str) -> Place:
    is_first = _BEFORE_NOTHING.fullmatch(before) is not None
    is_last = _AFTER_NOTHING.fullmatch(after.partition("\n")[0]) is not None
    if is_first and _AFTER_NOTHING.fullmatch(after):
        return Place.ALONE
    return Place.START if is_first else Place.END if is_last else Place.WITHIN
