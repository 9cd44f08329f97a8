"""A note's front matter as fields with their places, and the body below it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Value, read_yaml
from status_plugin.core.notes.guards import guard_meant, mentions_guard
from status_plugin.core.notes.recovery import recover
from status_plugin.core.notes.textfile import normalize
from status_plugin.core.problems import Problem

_MAX_LENGTH = 20_000
_FENCES = "Write a line of three hyphens (---) above the fields and another one below them."
_UPDATE = re.compile(
    r"^(?:[-*] )?\**(update\b[^:\n]{0,20}?(?:@|\bat\b)[^:\n]*)", re.IGNORECASE | re.MULTILINE
)
_COMMENT_IN_TEXT = re.compile(r"""([A-Za-z_][\w -]*):[ \t]+[^\s"'\[{|>#][^"'#]*[ \t](#[^\s#].*)""")


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontMatter:
    """The head of a note and its body; `fields` by name, None when they cannot be read.

    `body_line` is the line of the file at which `body` begins. `doubtful` says that something here
    may have been meant to keep the note, or a part of it, from the public.
    """

    fields: Mapping[str, Field] | None
    body: str = ""
    body_line: int = 1
    problems: tuple[Problem, ...] = ()
    doubtful: bool = False


def read_front_matter(text: str, *, path: str) -> FrontMatter:
    """Splits a note into fields and body; what is wrong becomes a problem, never an exception."""
    text, problems = normalize(text, path=path)
    handler = _FieldHandler(path=path, first_line=_leading_lines(text) + 1)
    try:
        frontmatter.parse(text, handler=handler)
    except BrokenYamlError as error:
        return _unreadable((*problems, _broken(error, path)), handler.head)
    if handler.body is None:
        return _unreadable((*problems, _without_fence(text, path)), text)
    problems = (*problems, *handler.problems)
    return FrontMatter(
        fields=handler.fields,
        body=handler.body,
        body_line=handler.body_line,
        problems=problems,
        doubtful=any(p.rule == "duplicate-key" and guard_meant(p.field or "") for p in problems),
    )


class _FieldHandler(YAMLHandler):
    """python-frontmatter's YAML format with fields for values; remembers where everything stood."""

    FM_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)

    def __init__(self, *, path: str, first_line: int) -> None:
        super().__init__()
        self._path = path
        self._first_line = first_line
        self.head = ""
        self.fields: dict[str, Field] = {}
        self.body: str | None = None
        self.body_line = 1
        self.problems: list[Problem] = []

    def split(self, text: str) -> tuple[str, str]:
        """The block between the fences and what follows; ValueError if a fence is missing."""
        # Without this a rule drawn between two paragraphs would pass for a fence.
        if not self.detect(text):
            raise ValueError("no opening fence")
        self.head, body = super().split(text)
        self.body = body.removeprefix("\n")
        self.body_line = self._first_line + self.head.count("\n") + 1
        return self.head, body

    def load(self, fm: str, **_: object) -> dict[str, Field]:
        """The fields by name; raises BrokenYamlError."""
        if update := _UPDATE.search(fm):
            raise self._open_above(update)
        if len(fm) > _MAX_LENGTH:
            message = f"The front matter has {len(fm)} characters; at most {_MAX_LENGTH} are read."
            raise BrokenYamlError(message, _FENCES, line=self._first_line, column=1)
        try:
            value, problems = read_yaml(fm, path=self._path, first_line=self._first_line)
        except BrokenYamlError as error:
            self.fields, problems = recover(fm, error, path=self._path, first_line=self._first_line)
        else:
            self.fields = _by_name(value)
        self.problems += [*problems, *self._comments_in_texts(fm)]
        return self.fields

    def _open_above(self, update: re.Match[str]) -> BrokenYamlError:
        return BrokenYamlError(
            f"'{update[1]}' is an update, and the front matter is still open.",
            _FENCES,
            rule="fence-missing",
            line=self._first_line + update.string.count("\n", 0, update.start()),
            column=1,
        )

    def _comments_in_texts(self, block: str) -> list[Problem]:
        if " #" not in block:
            return []
        found = ((n, _COMMENT_IN_TEXT.fullmatch(line)) for n, line in enumerate(block.split("\n")))
        return [
            Problem(
                rule="comment-in-text",
                path=self._path,
                line=self._first_line + number,
                column=match.start(2) + 1,
                field=match[1],
                message=f"'{match[2]}' is a comment to YAML, so it is not shown.",
                hint="Put the whole text in double quotes, or a blank after the '#'.",
            )
            for number, match in found
            if match
        ]


def _by_name(value: Value | None) -> dict[str, Field]:
    if value is None:
        return {}
    if not isinstance(value, Fields):
        raise BrokenYamlError(
            "The front matter holds no 'key: value' lines.",
            "Begin every line with a key: title: Srv3 is down",
            line=value.line,
            column=value.column,
        )
    return {field.name: field for field in value.fields}


def _unreadable(problems: tuple[Problem, ...], head: str) -> FrontMatter:
    return FrontMatter(fields=None, problems=problems, doubtful=mentions_guard(head))


def _leading_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def _broken(error: BrokenYamlError, path: str) -> Problem:
    return Problem(
        rule=error.rule,
        path=path,
        line=error.line,
        column=error.column,
        message=error.message,
        hint=error.hint,
    )


def _without_fence(text: str, path: str) -> Problem:
    line = _leading_lines(text) + 1
    is_open = _FieldHandler.FM_BOUNDARY.match(text.lstrip()) is not None
    found = "is not closed" if is_open else "does not begin in the first line"
    return Problem(
        rule="fence-missing",
        path=path,
        line=line if text.strip() else 1,
        column=1,
        message=f"The front matter {found}." if text.strip() else "The file is empty.",
        hint=_FENCES,
    )
