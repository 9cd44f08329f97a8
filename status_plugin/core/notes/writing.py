"""A note's text, made of its parts so that the reader reads each of them back as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import yaml

from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Items, Text, Value, read_yaml
from status_plugin.core.notes.textfile import without_controls
from status_plugin.core.words import State

FieldValue = str | Sequence[str | Mapping[str, str]]
"""A text in one line, or a list of texts and of mappings of one text to another."""

STAFF_WORDS = {
    State.OPERATIONAL: "operational",
    State.UNDER_MAINTENANCE: "maintenance",
    State.UNKNOWN: "unknown",
    State.DEGRADED_PERFORMANCE: "degraded",
    State.PARTIAL_OUTAGE: "partial",
    State.MAJOR_OUTAGE: "major",
}
"""The word that staff write for each state."""

# Behind the colon of an update these would not begin what they begin in a line of their own.
_BEGINS_A_BLOCK = re.compile(r"[-*+](?:\s|$)|(?:[-*_][ \t]*){3}|[>#|<\s]|[0-9]{1,9}[.)]\s|```|~~~")

# PyYAML escapes what lies beyond 16 bits, which a person would simply write: emoji.
_ESCAPE = re.compile(r"\\\\|\\U([0-9A-F]{8})")


def note_text(
    fields: Mapping[str, FieldValue], *, body: str = "", updates: Sequence[str] = (), remark: str = ""
) -> str:
    """The text of a note with these fields in their order; `updates` are lines of `update_text`.

    `remark` is a comment in the front matter, without its '#'.
    """
    lines = ["---", *([f"# {remark}"] if remark else [])]
    lines += [field_line(key, value) for key, value in fields.items()]
    parts = [part for part in (body.strip("\n"), *updates) if part.strip()]
    return "\n".join([*lines, "---", "\n\n".join(parts)]).rstrip("\n") + "\n"


def field_line(key: str, value: FieldValue) -> str:
    """The line `key: value`, with quotes only where the reader would read something else without."""
    if isinstance(value, str):
        text = _one_line(value)
        return f"{key}: {text if _is_plain_line(text) else _quoted(text)}"
    return f"{key}: [{', '.join(map(_entry, value))}]"


def update_text(when: str, text: str, *, details: Sequence[str] = ()) -> str:
    """An update that says `text`, its Markdown; `details` is what stands in the brackets."""
    brackets = f" [{'; '.join(details)}]" if details else ""
    gap = "\n\n" if _BEGINS_A_BLOCK.match(text) else " "
    return f"Update @ {when}{brackets}:{gap}{text}"


def _one_line(text: str) -> str:
    return without_controls(" ".join(text.split()))


def _entry(entry: str | Mapping[str, str]) -> str:
    if isinstance(entry, str):
        return _in_brackets(entry)
    return f"{{{', '.join(f'{_in_brackets(key)}: {_in_brackets(value)}' for key, value in entry.items())}}}"


def _in_brackets(text: str) -> str:
    text = _one_line(text)
    return text if _is_plain_entry(text) else _quoted(text)


def _quoted(text: str) -> str:
    quoted = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=1_000_000).rstrip("\n")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[0], quoted)


def _is_plain_line(text: str) -> bool:
    match _read(f"x: {text}"):
        case Fields(fields=(Field(key="x", value=Text(text=found)),)):
            return found == text
    return False


def _is_plain_entry(text: str) -> bool:
    match _read(f"[{text}, {{{text}: {text}}}]"):
        case Items(items=(Text(text=item), Fields(fields=(Field(key=key, value=Text(text=value)),)))):
            return item == key == value == text
    return False


def _read(line: str) -> Value | None:
    try:
        return read_yaml(line, path="")[0]
    except BrokenYamlError:
        return None
