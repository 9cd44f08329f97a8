"""YAML as fields: every scalar stays text, and every value knows its line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from status_plugin.core.notes.textfile import without_controls
from status_plugin.core.problems import Problem, UnreadableError

MAX_DEPTH = 8
"""How deep values may nest; the deepest that means anything is five."""

_Event = Any
"""One of the parser's events; the stubs do not say what it carries."""

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_EMPTY_WORDS = frozenset({"", "~", "null", "Null", "NULL"})

_UNCLOSED = "found unexpected end of stream"
_EXPLANATIONS = {
    _UNCLOSED: "a quote is not closed",
    "mapping values are not allowed in this context": "a text holds ': ', or a line is indented",
    "could not find expected ':'": "a line above is no 'key: value'",
    "did not find expected key": "something follows a closed quote or bracket, or is indented wrongly",
    "did not find expected ',' or ']'": "a '[' is not closed",
    "did not find expected ',' or '}'": "a '{' is not closed",
    "found character that cannot start any token": "a text begins with a character that means something",
    "did not find expected alphabetic or numeric character": "a text begins with '*' or '&'",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A scalar as written; an empty one, `~` and `null` are the empty text."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Items:
    """A list."""

    items: tuple[Value, ...]
    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One `key: value`; the place is the key's."""

    key: str
    value: Value
    line: int
    column: int

    @property
    def name(self) -> str:
        """The key without regard to case, with `_` for a hyphen or a blank."""
        return self.key.strip().casefold().replace("-", "_").replace(" ", "_")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """A mapping. Of a key written twice the last value counts, as everywhere in YAML."""

    fields: tuple[Field, ...]
    line: int
    column: int


Value = Text | Items | Fields


class BrokenYamlError(UnreadableError):
    """YAML that cannot be read, and where."""

    def __init__(
        self, message: str, hint: str, *, line: int, column: int, rule: str = "unreadable-yaml"
    ) -> None:
        super().__init__(rule, message, hint)
        self.line = line
        self.column = column


def read_yaml(text: str, *, path: str, first_line: int = 1) -> tuple[Value | None, tuple[Problem, ...]]:
    """The value that `text` holds, None if it holds none; raises BrokenYamlError.

    The problems are of keys written twice. Anchors, aliases and tags are refused, so that nothing
    can refer to itself, grow, or turn into anything but text.
    """
    builder = _Builder(text, path, first_line)
    return builder.build(), tuple(builder.problems)


def repeated_key(field: Field, first: Field, *, path: str) -> Problem:
    """The problem of a key that stands in `first` already."""
    return Problem(
        rule="duplicate-key",
        path=path,
        line=field.line,
        column=field.column,
        field=field.key,
        message=f"'{field.key}' is already in line {first.line}; the last one counts.",
        hint="Keep one of the two.",
    )


class _Builder:
    """Builds values from the parser's events, which never run ahead of what is asked for."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self._text = text
        self._path = path
        self._first_line = first_line
        self.problems: list[Problem] = []

    def build(self) -> Value | None:
        """The value of the only document."""
        # A no-break space is a blank to whoever typed it, and a letter to YAML.
        events = yaml.parse(self._text.replace("\xa0", " "), Loader=_LOADER)
        try:
            return self._document(events)
        except yaml.MarkedYAMLError as error:
            raise self._explained(error) from None
        except yaml.reader.ReaderError as error:
            line = self._text.count("\n", 0, error.position)
            raise self._broken(error.reason, line, 0) from None

    def _document(self, events: Iterator[_Event]) -> Value | None:
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        value = self._value(next(events), events, 0)
        next(events)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            mark = after.start_mark
            raise self._broken("a second YAML document begins here", mark.line, mark.column)
        return value

    def _value(self, event: _Event, events: Iterator[_Event], depth: int) -> Value:
        self._refuse_references(event, depth)
        line, column = event.start_mark.line + self._first_line, event.start_mark.column + 1
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._value(event, events, depth + 1))
            return Items(items=tuple(items), line=line, column=column)
        if isinstance(event, yaml.MappingStartEvent):
            return Fields(fields=self._fields(events, depth + 1), line=line, column=column)
        is_empty = event.implicit[0] and event.value in _EMPTY_WORDS
        return Text(text="" if is_empty else without_controls(event.value), line=line, column=column)

    def _refuse_references(self, event: _Event, depth: int) -> None:
        mark = event.start_mark
        if event.anchor is not None:
            raise self._broken("'&' and '*' mean anchors and aliases in YAML", mark.line, mark.column)
        if event.tag is not None:
            raise self._broken("'!' means a tag in YAML", mark.line, mark.column)
        if depth > MAX_DEPTH:
            raise self._broken("values nest too deeply", mark.line, mark.column)

    def _fields(self, events: Iterator[_Event], depth: int) -> tuple[Field, ...]:
        fields: dict[str, Field] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._value(event, events, depth)
            if not isinstance(key, Text):
                raise self._broken("a key must be a text", event.start_mark.line, event.start_mark.column)
            value = self._value(next(events), events, depth)
            field = Field(key=key.text, value=value, line=key.line, column=key.column)
            name = field.name
            if name in fields:
                self.problems.append(repeated_key(field, fields[name], path=self._path))
            fields[name] = field
        return tuple(fields.values())

    def _explained(self, error: yaml.MarkedYAMLError) -> BrokenYamlError:
        what = f"{error.problem or error.context}"
        mark = error.context_mark if what == _UNCLOSED else error.problem_mark
        if mark is None:
            return self._broken(what, 0, 0)
        if self._text[mark.index : mark.index + 1] == "\t":
            what = "a tab stands where only blanks may"
        return self._broken(_EXPLANATIONS.get(what, what), mark.line, mark.column)

    def _broken(self, what: str, line: int, column: int) -> BrokenYamlError:
        return BrokenYamlError(
            f"This is not readable YAML: {what}.",
            'Put a text with ": ", "#", quotes or a special first character in double quotes.',
            line=line + self._first_line,
            column=column + 1,
        )
