"""The text of an issue of cState, taken apart into what was said when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from status_plugin.core.notes.verbatim import find_verbatim
from status_plugin.staff.importing.cstate.stamps import Place, Stamp, cut_at_stamps, stamps_in, without_stamps
from status_plugin.staff.importing.phase_labels import split_label

_RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}| {0,3}(?:\*[ \t]*){3,}| {0,3}(?:_[ \t]*){3,}")
_ITEM = re.compile(r"\A[-*+][ \t]+")
_HEADING = re.compile(r"#{1,6}[ \t].+|(\*\*|__)[^\n]+\1:?")
_MARKS_ALONE = re.compile(r"[\s*_>-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """What was said at one time.

    `text` is without its label, `labelled` with it. `stamp` is the time as written, None without one.
    `line` is that of the file.
    """

    line: int
    text: str
    labelled: str
    label: str = ""
    stamp: str | None = None
    stamp_line: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A text in its parts, in the order of the file; `text` is what belongs to no passage.

    `strays` are lines of stamps in the middle of a sentence, with what they say; they stay where they are.
    `leftover` is the line of the first text below a passage that nothing dates, 0 if there is none.
    """

    text: str
    passages: tuple[Passage, ...]
    strays: tuple[tuple[int, str], ...]
    leftover: int


def take_apart(body: str, *, first_line: int) -> Parts:
    """Divides the text below a front matter that ends above `first_line`."""
    lines = [_without_lone_break(line) for line in body.split("\n")]
    collector = _Collector()
    for block in _blocks(lines, first_line):
        collector.take(block)
    collector.finish()
    return Parts(
        text="\n\n".join(collector.text),
        passages=tuple(collector.passages),
        strays=tuple(collector.strays),
        leftover=collector.leftover,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """A paragraph, list or block of code; `stamp` is its only one, `strays` are those that date nothing."""

    line: int
    text: str
    is_rule: bool = False
    stamp: Stamp | None = None
    strays: tuple[tuple[int, str], ...] = ()


def _blocks(lines: Sequence[str], first_line: int) -> Iterator[_Block]:
    inside = find_verbatim(lines).inside
    start = 0
    for end in range(len(lines) + 1):
        is_end = end == len(lines) or (not lines[end].strip() and not inside[end])
        if is_end and end > start + 1 and _is_rule(lines[start], inside=inside[start]):
            yield _Block(line=first_line + start, text=lines[start], is_rule=True)
            start += 1
        if is_end and end > start:
            for first, last in cut_at_stamps(lines[start:end], inside[start:end]):
                part = slice(start + first, start + last)
                yield _block(lines[part], inside[part], first_line + start + first)
        if is_end:
            start = end + 1


def _is_rule(line: str, *, inside: bool) -> bool:
    return not inside and _RULE.fullmatch(line) is not None


def _without_lone_break(line: str) -> str:
    """A line that holds only the mark of a break is an empty one."""
    return "" if line.strip() == "\\" else line


def _block(lines: Sequence[str], inside: Sequence[bool], line: int) -> _Block:
    text = "\n".join(lines)
    if len(lines) == 1 and _is_rule(text, inside=inside[0]):
        return _Block(line=line, text=text, is_rule=True)
    stamps = stamps_in(lines, inside)
    if len(stamps) == 1:
        stamp = stamps[0]
        name = stamp.before.strip(" *_(")
        label = split_label(f"{name} - ") if stamp.place is Place.WITHIN else None
        if label is not None and not label.rest.strip():
            # The time stands between the label and the text.
            stamp = replace(stamp, place=Place.START, after=stamp.after.lstrip(" *_)"))
            return _Block(line=line, text=f"{name} - {stamp.rest}", stamp=stamp)
        if stamp.place is not Place.WITHIN:
            return _Block(line=line, text=stamp.rest, stamp=stamp)
    strays = tuple((line + stamp.line, stamp.written) for stamp in stamps)
    return _Block(line=line, text=without_stamps(lines, inside) if strays else text, strays=strays)


@dataclass(kw_only=True, slots=True)
class _Open:
    """A passage whose end has not been seen."""

    line: int
    text: str
    labelled: str
    label: str
    stamp: Stamp | None
    stamp_line: int
    more: list[str] = field(default_factory=list)

    def close(self) -> Passage:
        text = self.text.strip()
        is_item = _ITEM.match(text) and len(re.findall(r"(?m)^[-*+][ \t]", text)) == 1
        if is_item:
            text = _ITEM.sub("", text, count=1)
        rest = [part for part in self.more if part.strip()]
        labelled = _ITEM.sub("", self.labelled.strip(), count=1) if self.label else text
        return Passage(
            line=self.line,
            text="\n\n".join([part for part in (text, *rest) if part]),
            labelled="\n\n".join([part for part in (labelled, *rest) if part]),
            label=self.label,
            stamp=self.stamp.written if self.stamp else None,
            stamp_line=self.stamp_line,
        )


class _Collector:
    """Takes block after block and finds where a passage begins and ends."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.passages: list[Passage] = []
        self.strays: list[tuple[int, str]] = []
        self.leftover = 0
        self._open: _Open | None = None
        self._loose: list[_Block] = []

    def take(self, block: _Block) -> None:
        self.strays += block.strays
        label = split_label(block.text)
        place = block.stamp.place if block.stamp else None
        if block.is_rule:
            self._close()
            self._give_up_loose()
        elif place is Place.ALONE:
            self._take_lone_stamp(block)
        elif label or place is Place.START:
            self._close()
            self._give_up_loose()
            rest, name = (label.rest, label.label) if label else (block.text, "")
            self._begin(block, rest, name)
            if place is Place.END:
                self._close()
        elif place is Place.END:
            self._end(block)
        elif self._open:
            self._open.more.append(block.text)
        else:
            self._loose.append(block)

    def finish(self) -> None:
        """Says that there is no more."""
        self._close()
        self._give_up_loose()

    def _begin(self, block: _Block, text: str, label: str) -> None:
        self._open = _Open(
            line=block.line,
            text=text,
            labelled=block.text,
            label=label,
            stamp=block.stamp,
            stamp_line=block.line + (block.stamp.line if block.stamp else 0),
        )

    def _end(self, block: _Block) -> None:
        """Takes a paragraph that ends with a stamp."""
        if self._open and self._open.stamp is None:
            self._open.more.append(block.text)
            self._open.stamp = block.stamp
            self._open.stamp_line = block.line + (block.stamp.line if block.stamp else 0)
        else:
            self._close()
            self._begin_with_loose(block)
        self._close()

    def _begin_with_loose(self, block: _Block) -> None:
        """Opens a passage; what stands above it belongs to it unless it may be the description."""
        if not self.passages:
            # Of what stands above the first update only its heading belongs to it.
            heading = [part for part in self._loose[-1:] if _HEADING.fullmatch(part.text)]
            self._loose = self._loose[: len(self._loose) - len(heading)]
            self._give_up_loose()
            self._loose = heading
        if above := self._loose:
            self._loose = []
            self._begin(replace(block, line=above[0].line, text=above[0].text), above[0].text, "")
            if self._open:
                self._open.more = [*(part.text for part in above[1:]), block.text]
                self._open.stamp_line = block.line + (block.stamp.line if block.stamp else 0)
        else:
            self._begin(block, block.text, "")

    def _take_lone_stamp(self, block: _Block) -> None:
        if self._open and self._open.stamp is None:
            self._open.stamp, self._open.stamp_line = block.stamp, block.line
            self._close()
        elif self._loose and not self._open:
            last = self._loose.pop()
            if self.passages:
                self._loose.append(last)
                last = replace(last, text="")
            self._begin_with_loose(replace(block, line=last.line, text=last.text))
            self._close()
        else:
            self._close()
            self._begin(replace(block, text=""), "", "")

    def _close(self) -> None:
        if self._open:
            passage = self._open.close()
            if passage.stamp is not None or passage.text or passage.label:
                self.passages.append(passage)
            self._open = None

    def _give_up_loose(self) -> None:
        """What nothing dates is description."""
        if self._loose and self.passages and not self.leftover:
            self.leftover = self._loose[0].line
        self.text += [block.text for block in self._loose if not _MARKS_ALONE.fullmatch(block.text)]
        self._loose = []
