"""Lines of Markdown that stand inside code or a comment, where words mean nothing to us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclosed:
    """Something that opens at a line (counted from 0) and is never closed; it hides nothing."""

    index: int
    opener: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Verbatim:
    """`inside` holds, for each line, whether it stands inside code or a comment."""

    inside: Sequence[bool]
    unclosed: tuple[Unclosed, ...] = ()


# A fence may open a list item, or the text behind a colon or dash.
_FENCE = re.compile(
    r"""(?: [ \t]* (?: (?:[-*+]|[0-9]{1,3}[.)]) [ \t]+ )* | .* [:–—-][*_]{0,3} [ \t]+ )
    (?P<fence> ```+(?=[^`]*$) | ~~~+(?=[^~]*$) )""",
    re.VERBOSE,
)
_MARKUP = re.compile(r"<!--|<pre\b")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_CLOSERS = {"<!--": "-->", "<pre": "</pre>"}
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*\S")
_LONGEST_SPAN = 50  # lines
_LONGEST_SEARCH = 20_000  # characters


def find_verbatim(lines: Sequence[str]) -> Verbatim:
    """Which lines stand inside fenced or indented code, `<pre>` or a comment."""
    inside = [False] * len(lines)
    unclosed: dict[str, Unclosed] = {}
    index = 0
    while index < len(lines):
        opener = _opener(lines[index])
        if not opener:
            inside[index] = _is_indented_code(lines, index, inside)
            index += 1
            continue
        # What was not closed after an earlier opener of its kind is not closed after this one.
        end = None if opener in unclosed else _closing_line(lines, index, opener)
        if end is None:
            unclosed.setdefault(opener, Unclosed(index=index, opener=opener))
            index += 1
            continue
        inside[index + 1 : end + 1] = [True] * (end - index)
        index = end + 1
    return Verbatim(inside=inside, unclosed=tuple(unclosed.values()))


def begins_in_code_span(lines: Sequence[str], index: int, *, since: int) -> bool:
    """Whether a line begins inside a code span that opened in an earlier line of its paragraph."""
    first, last = index, index
    while first > max(since, index - _LONGEST_SPAN) and lines[first - 1].strip():
        first -= 1
    while last < min(len(lines), index + _LONGEST_SPAN) and lines[last].strip():
        last += 1
    offset = sum(len(line) + 1 for line in lines[first:index])
    paragraph = "\n".join(lines[first:last])
    if len(paragraph) > _LONGEST_SEARCH:
        return False
    return any(span.start() < offset < span.end() for span in _CODE_SPAN.finditer(paragraph))


def without_code_spans(line: str) -> str:
    """The line with blanks for every code span in it."""
    return _CODE_SPAN.sub(lambda span: " " * len(span[0]), line) if len(line) <= _LONGEST_SEARCH else line


def closer_of(opener: str) -> str:
    """What closes an opener."""
    return _CLOSERS.get(opener, opener)


def _opener(line: str) -> str | None:
    if "```" in line or "~~~" in line:
        fence = _FENCE.match(line)
        if fence:
            return fence["fence"]
    if "<" not in line or len(line) > _LONGEST_SEARCH:
        return None
    plain = _CODE_SPAN.sub("", line).lower()
    found = list(_MARKUP.finditer(plain))
    if found and _CLOSERS[found[-1][0]] not in plain[found[-1].end() :]:
        return found[-1][0]
    return None


def _closing_line(lines: Sequence[str], opened: int, opener: str) -> int | None:
    for index in range(opened + 1, len(lines)):
        line = lines[index].strip()
        if opener in _CLOSERS and _CLOSERS[opener] in line.lower():
            return index
        if opener not in _CLOSERS and line.startswith(opener) and not line.strip(opener[0]):
            return index
    return None


def _is_indented_code(lines: Sequence[str], index: int, inside: Sequence[bool]) -> bool:
    if not _INDENTED.match(lines[index]):
        return False
    return index == 0 or not lines[index - 1].strip() or inside[index - 1]
