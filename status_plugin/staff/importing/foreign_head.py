"""Front matter as other systems write it: YAML, TOML or JSON, and the text below it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from status_plugin.core.notes.fields import Field
from status_plugin.core.notes.frontmatter import read_front_matter
from status_plugin.core.notes.textfile import normalize
from status_plugin.core.problems import Problem, Severity, UnreadableError
from status_plugin.staff.importing.foreign_values import by_name, read_values, recover_toml

_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(?P<block>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignHead:
    """The fields by name, None when there are none that can be read; then `body` is the whole text.

    `body_line` is the line of the file at which `body` begins.
    """

    fields: Mapping[str, Field] | None
    body: str
    body_line: int = 1
    problems: tuple[Problem, ...] = ()


def read_foreign_head(text: str, *, path: str) -> ForeignHead:
    """Splits a file into fields and body; what is wrong becomes a problem, never an exception."""
    plain, problems = normalize(text, path=path)
    if plain.lstrip().startswith("+++"):
        return _toml(plain, problems, path)
    if plain.lstrip().startswith("{") and not plain.lstrip().startswith(("{{<", "{{%")):
        return _json(plain, problems, path)
    head = read_front_matter(text, path=path)
    if head.fields is None:
        return ForeignHead(fields=None, body=plain, problems=head.problems)
    return ForeignHead(fields=head.fields, body=head.body, body_line=head.body_line, problems=head.problems)


def _toml(text: str, problems: tuple[Problem, ...], path: str) -> ForeignHead:
    found = _TOML.match(text)
    if found is None:
        return _unreadable(text, problems, path, "fence-missing", "The front matter (+++) is not closed.")
    first_line = text.count("\n", 0, found.start("block")) + 1
    try:
        fields = by_name(read_values(found["block"], "toml", first_line=first_line))
    except UnreadableError as error:
        problems = (*problems, _problem(path, error.rule, error.message, "It is read line by line."))
        recovered = recover_toml(found["block"], first_line=first_line)
        fields = {field.name: field for field in recovered}
    return ForeignHead(
        fields=fields,
        body=text[found.end() :],
        body_line=text.count("\n", 0, found.end()) + 1,
        problems=problems,
    )


def _json(text: str, problems: tuple[Problem, ...], path: str) -> ForeignHead:
    start = len(text) - len(text.lstrip())
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(text, start)
        fields = by_name(read_values(text[start:end], "json", first_line=text.count("\n", 0, start) + 1))
    except (json.JSONDecodeError, UnreadableError) as error:
        return _unreadable(text, problems, path, "unreadable-json", f"This is no readable JSON: {error}.")
    body = text[end:].removeprefix("\n")
    line = text.count("\n", 0, len(text) - len(body)) + 1
    return ForeignHead(fields=fields, body=body, body_line=line, problems=problems)


def _unreadable(text: str, problems: tuple[Problem, ...], path: str, rule: str, message: str) -> ForeignHead:
    problem = _problem(path, rule, message, "", Severity.ERROR)
    return ForeignHead(fields=None, body=text, problems=(*problems, problem))


def _problem(path: str, rule: str, message: str, hint: str, severity: Severity = Severity.WARNING) -> Problem:
    return Problem(rule=rule, path=path, message=message, hint=hint, severity=severity, line=1, column=1)
