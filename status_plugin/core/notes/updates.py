"""Update lines in a note's body: `Update @ 5:33pm Eastern [identified]: what we know`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import pairwise

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.edit import Edit
from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.update_details import FIELD, Details, DetailsReader, Spot
from status_plugin.core.notes.update_lines import UpdateLine, read_update_line, update_column
from status_plugin.core.notes.verbatim import begins_in_code_span, closer_of, find_verbatim
from status_plugin.core.problems import Doubt, Problem, UnreadableError
from status_plugin.core.times.moments import CLOCK_TOLERANCE, Lean, Moment, Neighbour, place
from status_plugin.core.times.time_parts import TimeParts, read_time_parts
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase, State, shared_states


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One dated word to visitors.

    `at` is when it was said, `since` when it became true, if earlier. `impact` is the new impact
    for everything affected, `affects` the new state of single components by slug. `anchor` is the
    update's id inside its note, by its time. `text` is Markdown; `line` counts from 1 in the file.

    `number` is the update's place among the update lines of its note, from the oldest end: the first
    that was written is 1. Lines that cannot be read are counted, so that it stays the same when a time
    or a text is corrected and when an update is added. `edit` is known of those alone that were changed
    after they were public, where the folder's history can be read.
    """

    at: Moment
    anchor: str
    text: str
    line: int
    number: int = 0
    phase: Phase | None = None
    since: Moment | None = None
    next_update: Moment | None = None
    impact: State | None = None
    affects: Mapping[str, State] = field(default_factory=dict)
    edit: Edit | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A note's text before the first update, its updates oldest first, and what is wrong in them."""

    text: str
    updates: tuple[Update, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_body(
    body: str,
    *,
    path: str,
    first_line: int,
    phases: type[IncidentPhase] | type[MaintenancePhase],
    start: Moment | None,
    zone: tzinfo,
    inventory: Inventory | None,
    read_at: datetime,
) -> Body:
    """Divides the text after a note's front matter into its description and its updates.

    `first_line` is the line of the file at which `body` begins, `start` the start of the incident or
    window, beside which the first update is read, and `read_at` the clock.
    """
    lines = [line.removesuffix("\r") for line in body.split("\n")]
    findings = Findings(path)
    reader = _HeadReader(
        lines=lines,
        first_line=first_line,
        findings=findings,
        details=DetailsReader(findings, phases=phases, inventory=inventory, read_at=read_at),
        start=Neighbour.of(start, _START_LEANS[phases]) if start else None,
        zone=zone,
        read_at=read_at,
    )
    heads = reader.read()
    return Body(
        text=_without_blank_edges(lines[: heads[0].index] if heads else lines),
        updates=_updates(heads, lines, len(reader.seen)),
        problems=tuple(findings.problems),
    )


_START_LEANS = {IncidentPhase: Lean.ONWARD, MaintenancePhase: Lean.NEAREST}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """The first line of an update, at an index of the body's lines; `from_top` counts such lines."""

    index: int
    from_top: int
    spot: Spot
    pieces: UpdateLine
    parts: TimeParts
    at: Moment
    details: Details


@dataclass(frozen=True, kw_only=True, slots=True)
class _HeadReader:
    """Finds the update lines of a body; each is read beside the one above it.

    `seen` are the indexes of those so far, with those that cannot be read for what is wrong with them.
    """

    lines: Sequence[str]
    first_line: int
    findings: Findings
    details: DetailsReader
    start: Neighbour | None
    zone: tzinfo
    read_at: datetime
    seen: list[int] = field(default_factory=list)

    def read(self) -> list[_Head]:
        """The update lines in the order of the file."""
        heads: list[_Head] = []
        verbatim = find_verbatim(self.lines)
        for unclosed in verbatim.unclosed:
            message = f"'{unclosed.opener}' is not closed."
            hint = f"Write '{closer_of(unclosed.opener)}' where it ends."
            self.findings.error("unclosed-block", message, hint, at=self._spot(unclosed.index, 1))
        for index, inside in enumerate(verbatim.inside):
            head = None if inside else self._head(index, heads[-1] if heads else None)
            if head:
                heads.append(head)
            else:
                self._warn_of_disguise(index, inside=inside)
        self._warn_of_disorder(heads)
        return heads

    def _warn_of_disguise(self, index: int, *, inside: bool) -> None:
        """Says so when what looks like an update is none only because it is indented or quoted."""
        line = self.lines[index]
        if inside and line[:1] in (" ", "\t"):
            rule, message = "update-in-code", "is indented, so it is shown as code."
            hint = "Take the blanks before 'Update' away."
        elif not inside and line.lstrip(" ").startswith(">"):
            rule, message = "update-in-quote", "is quoted, so it is shown as text."
            hint = "Take the '>' before 'Update' away if it is one."
        else:
            return
        plain = line.lstrip("> \t")
        try:
            is_update = read_update_line(plain) is not None
        except UnreadableError:
            return
        if is_update:
            if inside:
                # A quotation is text for good; what is indented will soon be mended.
                self.seen.append(index)
            spot = self._spot(index, len(line) - len(plain) + 1)
            self.findings.warning(
                rule, f"This looks like an update, but {message}", hint, at=spot, field=FIELD
            )

    def _head(self, index: int, above: _Head | None) -> _Head | None:
        pieces = None
        try:
            pieces = read_update_line(self.lines[index])
            if not pieces:
                return None
            if begins_in_code_span(self.lines, index, since=above.index + 1 if above else 0):
                message = "This update stands inside code that begins with '`' in a line above."
                raise UnreadableError("update-in-code", message, "Close the code with '`' before it.")
            parts = read_time_parts(pieces.when)
            beside = Neighbour.of(above.at, Lean.ONWARD) if above else self.start
            at, doubts = place(parts, zone=self.zone, beside=beside)
        except UnreadableError as error:
            column = pieces.when_column if pieces else update_column(self.lines[index])
            self.findings.unreadable(error, at=self._spot(index, column), field=FIELD)
            self.seen.append(index)
            return None
        spot = self._spot(index, pieces.when_column)
        self._report(at, (*pieces.doubts, *doubts), spot)
        details = self.details.read(pieces.details, at=at, line=spot.line, column=pieces.details_column)
        self.seen.append(index)
        return _Head(
            index=index,
            from_top=len(self.seen),
            spot=spot,
            pieces=pieces,
            parts=parts,
            at=at,
            details=details,
        )

    def _report(self, at: Moment, doubts: Iterable[Doubt], spot: Spot) -> None:
        for doubt in doubts:
            self.findings.doubt(doubt, at=spot, field=FIELD)
        if at.at > self.read_at + CLOCK_TOLERANCE:
            message = f"'{at.written}' lies ahead of the clock."
            hint = "Check date, am or pm, and zone."
            self.findings.error("ahead-of-clock", message, hint, at=spot, field=FIELD)

    def _warn_of_disorder(self, heads: Sequence[_Head]) -> None:
        if _is_newest_first(heads):
            return
        late = next((head for above, head in pairwise(heads) if head.at.at < above.at.at), None)
        if late:
            message = "This update is earlier than the one above it; visitors get them by time."
            hint = "Check date and time, or move it."
            self.findings.warning("out-of-order", message, hint, at=late.spot, field=FIELD)

    def _spot(self, index: int, column: int) -> Spot:
        return Spot(line=self.first_line + index, column=column)


def _is_newest_first(heads: Sequence[_Head]) -> bool:
    times = [head.at.at for head in heads]
    is_dated = all(head.parts.day for head in heads)
    return is_dated and times != sorted(times) and times == sorted(times, reverse=True)


def _updates(heads: Sequence[_Head], lines: Sequence[str], written: int) -> tuple[Update, ...]:
    ends = [*(head.index for head in heads[1:]), len(lines)]
    texts = {
        head.index: _text(head, lines[head.index + 1 : end]) for head, end in zip(heads, ends, strict=False)
    }
    # Of two updates of the same minute, the one that was written later comes later.
    is_newest_first = _is_newest_first(heads)
    as_written = reversed(heads) if is_newest_first else heads
    anchors: Counter[str] = Counter()
    updates = []
    for head in sorted(as_written, key=lambda head: head.at.at):
        anchor = f"update-{head.at.at:%Y%m%dT%H%M%SZ}"
        anchors[anchor] += 1
        suffix = f"-{anchors[anchor]}" if anchors[anchor] > 1 else ""
        number = written + 1 - head.from_top if is_newest_first else head.from_top
        updates.append(_update(head, text=texts[head.index], anchor=anchor + suffix, number=number))
    return tuple(updates)


def _update(head: _Head, *, text: str, anchor: str, number: int) -> Update:
    return Update(
        at=head.at,
        anchor=anchor,
        text=text,
        line=head.spot.line,
        number=number,
        phase=head.details.phase,
        since=head.details.since,
        next_update=head.details.next_update,
        impact=head.details.impact,
        affects=shared_states(head.details.affects),
    )


def _text(head: _Head, following: Sequence[str]) -> str:
    if head.pieces.is_item:
        following = _out_of_list(following)
    return _without_blank_edges([head.pieces.text, *following])


def _out_of_list(lines: Sequence[str]) -> list[str]:
    """The lines that continue a list item, as text of their own."""
    expanded = [_expand_indent(line) for line in lines]
    end = next((index for index, line in enumerate(expanded) if line[:1].strip()), len(expanded))
    indents = [len(line) - len(line.lstrip(" ")) for line in expanded[:end] if line.strip()]
    indent = min([4, *indents])
    return [line[indent:] for line in expanded[:end]] + list(lines[end:])


def _expand_indent(line: str) -> str:
    text = line.lstrip(" \t")
    return line[: len(line) - len(text)].expandtabs(4) + text


def _without_blank_edges(lines: Sequence[str]) -> str:
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]).rstrip() if filled else ""
