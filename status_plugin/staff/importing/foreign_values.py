"""What another system's YAML, TOML or JSON says, as fields with their lines."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Items, Text, Value, read_yaml
from status_plugin.core.notes.textfile import without_controls
from status_plugin.core.problems import UnreadableError


def read_values(text: str, form: str, *, first_line: int = 1) -> Fields | None:
    """What a text in the form "yaml", "toml" or "json" holds; raises UnreadableError."""
    try:
        if form == "yaml":
            value, _ = read_yaml(text, path="", first_line=first_line)
        elif form == "toml":
            value = _from_python(tomllib.loads(text), _Lines(text, first_line), first_line)
        else:
            value = _from_python(json.loads(text, strict=False), _Lines(text, first_line), first_line)
    except BrokenYamlError as error:
        raise UnreadableError("unreadable-yaml", f"{error.message} (line {error.line})", "") from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise UnreadableError(
            f"unreadable-{form}", f"This is no readable {form.upper()}: {error}.", ""
        ) from None
    return value if isinstance(value, Fields) else None


def by_name(value: Value | None) -> dict[str, Field]:
    """The fields of a mapping by their names without regard to case; none of anything else."""
    return {field.name: field for field in value.fields} if isinstance(value, Fields) else {}


def items_of(value: Value | None) -> tuple[Value, ...]:
    """The items of a list; of a text that is not empty, itself."""
    if isinstance(value, Items):
        return value.items
    return () if value is None or (isinstance(value, Text) and not value.text.strip()) else (value,)


def told(value: Value | None) -> str:
    """A value in one line: a text as it is, a list or mapping in brackets."""
    match value:
        case Text(text=text):
            return " ".join(text.split())
        case Items(items=items):
            return f"[{', '.join(map(told, items))}]"
        case Fields(fields=fields):
            return f"{{{', '.join(f'{field.key}: {told(field.value)}' for field in fields)}}}"
    return ""


def recover_toml(block: str, *, first_line: int) -> Iterator[Field]:
    """The fields of TOML that is broken somewhere; what cannot be read alone is taken as its bare text."""
    chunks: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(block.split("\n"), start=first_line):
        key = re.match(r"""["']?([A-Za-z_][\w-]*)["']?[ \t]*=""", line)
        if key:
            chunks.append((number, key[1], [line]))
        elif chunks:
            chunks[-1][2].append(line)
    for number, name, lines in chunks:
        text = "\n".join(lines)
        try:
            fields = read_values(text, "toml", first_line=number)
        except UnreadableError:
            bare = text.partition("=")[2].strip().strip("\"'")
            yield Field(key=name, value=Text(text=bare, line=number, column=1), line=number, column=1)
        else:
            yield from fields.fields if fields else ()


class _Lines:
    """Finds the line in which a key stands."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line

    def of(self, key: str, above: int) -> int:
        """The first line at or below `above` in which the key is given a value, else `above`."""
        pattern = re.compile(rf"""^[ \t{{,-]*["']?{re.escape(key)}["']?[ \t]*[:=]""", re.MULTILINE)
        for found in pattern.finditer(self._text):
            line = self._text.count("\n", 0, found.start()) + self._first_line
            if line >= above:
                return line
        return above


def _from_python(value: Any, lines: _Lines, line: int) -> Value:
    match value:
        case Mapping():
            fields = []
            for key, held in value.items():
                at = lines.of(str(key), line)
                fields.append(Field(key=str(key), value=_from_python(held, lines, at), line=at, column=1))
            return Fields(fields=tuple(fields), line=line, column=1)
        case list():
            return Items(items=tuple(_from_python(held, lines, line) for held in value), line=line, column=1)
    return Text(text=_scalar(value), line=line, column=1)


def _scalar(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return without_controls(str(value))
