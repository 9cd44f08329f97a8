"""Front matter that is not YAML as a whole, read field by field.

A colon in an unquoted title is YAML's error for everything around it. Here it costs that field at most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Text, read_yaml, repeated_key
from status_plugin.core.notes.guards import mentions_guard
from status_plugin.core.problems import Problem

_KEY_LINE = re.compile(r"""["']?([A-Za-z_][\w -]{0,60}?|<<)["']?[ \t]*:(.*)""")
_CLOSING = {'"': '"', "'": "'", "[": "]", "{": "}"}
_BELONGS_ABOVE = re.compile(r"[ \t\]}#]|- |-?$")


def recover(
    block: str, error: BrokenYamlError, *, path: str, first_line: int
) -> tuple[dict[str, Field], tuple[Problem, ...]]:
    """The fields, by name, of a block in which `error` stands, and a problem for each that is not YAML.

    Raises BrokenYamlError when a line belongs to no field, or when what cannot be read may be meant to
    keep the note from the public.
    """
    fields: dict[str, Field] = {}
    problems: list[Problem] = []
    for chunk in _chunks(block, error, first_line):
        field, found = _read_chunk(chunk, path)
        problems += found
        if field and field.name in fields:
            problems.append(repeated_key(field, fields[field.name], path=path))
        if field:
            fields[field.name] = field
    return fields, tuple(problems)


@dataclass(kw_only=True, slots=True)
class _Chunk:
    """A line that begins with a key, and the lines that belong to it."""

    key: str
    rest: str
    line: int
    lines: list[str]

    @property
    def is_one_line(self) -> bool:
        return not any(below.strip() and not below.startswith("#") for below in self.lines[1:])


def _chunks(block: str, error: BrokenYamlError, first_line: int) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    for number, line in enumerate(block.split("\n"), start=first_line):
        match = _KEY_LINE.fullmatch(line)
        if match:
            chunks.append(_Chunk(key=match[1], rest=match[2].lstrip(), line=number, lines=[line]))
        elif _BELONGS_ABOVE.match(line) and chunks:
            chunks[-1].lines.append(line)
        elif line.strip() and not line.startswith("#"):
            raise error
    return chunks


def _read_chunk(chunk: _Chunk, path: str) -> tuple[Field | None, tuple[Problem, ...]]:
    text = "\n".join(chunk.lines)
    try:
        value, problems = read_yaml(text, path=path, first_line=chunk.line)
    except BrokenYamlError as own_error:
        own = own_error
    else:
        if isinstance(value, Fields):
            return value.fields[0], problems
        message = f"There is no blank between '{chunk.key}:' and its value."
        own = BrokenYamlError(
            message, f"Write '{chunk.key}: ' and then the value.", line=chunk.line, column=1
        )
    if mentions_guard(text):
        raise own
    return _read_as_text(chunk, own, path)


def _read_as_text(
    chunk: _Chunk, error: BrokenYamlError, path: str
) -> tuple[Field | None, tuple[Problem, ...]]:
    field = None
    hint = error.hint
    if chunk.is_one_line:
        column = len(chunk.lines[0]) - len(chunk.rest) + 1
        text = Text(text=_bare(chunk.rest.rstrip()), line=chunk.line, column=column)
        field = Field(key=chunk.key, value=text, line=chunk.line, column=1)
        hint = f"Write: {chunk.key}: {_quoted(text.text)}"
    problem = Problem(
        rule="unquoted-text" if field else error.rule,
        path=path,
        line=error.line,
        column=error.column,
        field=chunk.key,
        message=error.message,
        hint=hint,
    )
    return field, (problem,)


def _bare(text: str) -> str:
    """A text without the quotes or brackets around it, of which the closing one may be missing."""
    opening, inner = text[:1], text[1:]
    closing = _CLOSING.get(opening)
    if closing is None or (closing in inner and not inner.endswith(closing)):
        return text
    inner = inner.removesuffix(closing)
    # The outer ones of "Srv3" and "Srv9" do not belong together; those of 'Srv3's memory' do.
    within = inner.count(opening)
    belong_together = within == 0 or (opening == closing and within % 2 == 1)
    return inner if belong_together else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
