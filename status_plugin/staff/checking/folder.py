"""The folder of notes as the rules of the check see it: notes as they stand now, and their texts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.notes.frontmatter import read_front_matter
from status_plugin.core.notes.update_details import Spot
from status_plugin.core.notes.update_lines import read_update_line, update_column
from status_plugin.core.notes.updates import Update
from status_plugin.core.notes.verbatim import find_verbatim, without_code_spans
from status_plugin.core.problems import UnreadableError

_FENCE = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_NOT_BLANK = re.compile(r"[^\n]")
_WRAP = re.compile(r"(?<=[^\n])\n(?=[^\n])")


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """A file and its text, in which line feeds alone end a line; lines and columns count from 1."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")

    @cached_property
    def body_start(self) -> int:
        """The index behind the front matter; that of the end if the file has no other part."""
        opening = _FENCE.match(self.text.lstrip()) if self.path.endswith(".md") else None
        if opening is None:
            return 0 if self.path.endswith(".md") else len(self.text)
        blanks = len(self.text) - len(self.text.lstrip())
        closing = _FENCE.search(self.text, blanks + opening.end())
        return closing.end() if closing else len(self.text)

    @cached_property
    def prose(self) -> str:
        """What visitors read of the body, everything else as blanks; a paragraph is one line."""
        head, body = self.text[: self.body_start], self.text[self.body_start :]
        lines = _without_comments(body).split("\n")
        inside = find_verbatim(lines).inside
        plain = [_said(line, verbatim) for line, verbatim in zip(lines, inside, strict=True)]
        return _NOT_BLANK.sub(" ", head) + _WRAP.sub(" ", "\n".join(plain))

    def spot(self, index: int) -> Spot:
        """Where a character of the text stands."""
        line = bisect_right(self._starts, index) - 1
        return Spot(line=line + 1, column=index - self._starts[line] + 1)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


@dataclass(frozen=True, kw_only=True)
class CheckedIncident:
    """An incident as it stands now."""

    item: IncidentItem
    file: TextFile


@dataclass(frozen=True, kw_only=True)
class CheckedWindow:
    """A window as it stands now, without monitoring's word."""

    item: WindowItem
    file: TextFile


@dataclass(frozen=True, kw_only=True)
class Folder:
    """What the rules look at.

    `incidents` and `windows` are the notes to be looked at, drafts aside, `all_windows` those beside which
    they stand. `notice` is how long before its start a window is to be announced, zero if nobody
    cares; `first_committed` tells when git first had each path, None where there is no git.
    """

    now: datetime
    incidents: tuple[CheckedIncident, ...] = ()
    windows: tuple[CheckedWindow, ...] = ()
    all_windows: tuple[CheckedWindow, ...] = ()
    notice: timedelta = timedelta()
    first_committed: Callable[[], Mapping[str, datetime] | None] = field(default=lambda: None)

    @property
    def notes(self) -> Iterator[CheckedIncident | CheckedWindow]:
        """The notes of both kinds."""
        yield from self.incidents
        yield from self.windows


def field_spot(file: TextFile, *names: str) -> Spot:
    """Where the first of these fields that is there has its value; the first line if none is."""
    fields = read_front_matter(file.text, path=file.path).fields or {}
    for name in names:
        if name in fields:
            value = fields[name].value
            return Spot(line=value.line, column=value.column)
    return Spot(line=1, column=1)


def update_spot(file: TextFile, update: Update) -> Spot:
    """Where the line of an update begins."""
    # The file may have become shorter since the update was read.
    line = next(iter(file.lines[update.line - 1 : update.line]), "")
    return Spot(line=update.line, column=update_column(line))


def _said(line: str, verbatim: bool) -> str:
    """The line as words, without code and without the head of an update."""
    if verbatim:
        return " " * len(line)
    try:
        update = read_update_line(line)
    except UnreadableError:
        update = None
    head = max(0, line.rfind(update.text)) if update else 0
    return " " * head + without_code_spans(line[head:])


def _without_comments(text: str) -> str:
    """The text with blanks for its comments; one that is never closed hides nothing."""
    parts: list[str] = []
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start)) >= 0:
        parts += [text[end:start], _NOT_BLANK.sub(" ", text[start : close + 3])]
        end = close + 3
    return "".join([*parts, text[end:]])
