"""The shape of each kind of value in JSON Schema; never stricter than the reader of notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from status_plugin.core.notes.guards import GUARDS
from status_plugin.core.notes.keys import Key, ValueKind
from status_plugin.core.words import STATE_WORDS, State, read_state

Shape = dict[str, Any]

SCALAR: Shape = {"type": ["string", "number", "boolean"]}
"""A text as people write it: to YAML `2008` is a number, and `no` may be a truth."""

_OR_EMPTY: Shape = {"type": ["string", "number", "boolean", "null"]}
_SLUG: Shape = {"type": "string", "pattern": r"^\s*[a-z0-9]+([-_][a-z0-9]+)*\s*$"}
_POST: Shape = {
    "type": "object",
    "properties": {
        "title": {**SCALAR, "description": "What the link says.", "examples": ["What happened to Srv3"]},
        "url": {
            "type": "string",
            "pattern": r"^\s*(/|[Hh][Tt][Tt][Pp][Ss]?://)",
            "description": "Where it leads: /blog/... on this site, https://... on another.",
            "examples": ["/blog/2026/11/srv3/"],
        },
    },
    "required": ["title", "url"],
    "additionalProperties": False,
}


def in_any_case(words: Iterable[str]) -> str:
    """A pattern for words however they are written: big or small, with hyphens, blanks or underscores."""
    return rf"^\s*({'|'.join(map(_in_any_case, words))})\s*$"


def shape_of(key: Key, names: Sequence[str], *, is_window: bool) -> Shape:
    """What a key's value may be; `names` are those of components and groups, for an editor to offer."""
    shape = _affects(names, is_window=is_window) if key.kind is ValueKind.AFFECTS else _SHAPES[key.kind]
    if key.required and key.kind is ValueKind.TEXT:
        shape = {**SCALAR, "pattern": r"\S"}
    if key.kind is ValueKind.DATED and not key.required and key.name not in GUARDS:
        shape = {**_DATED, "type": ["string", "null"]}
    examples: list[Any] = [True if example == "true" else example for example in key.examples]
    told = {"description": key.help, **({"examples": examples} if examples else {})}
    return {**told, **shape}


def _in_any_case(word: str) -> str:
    return "".join(
        f"[{char.upper()}{char}]" if char.isalpha() else r"[\s_-]+" if char in " _-" else re.escape(char)
        for char in word.lower()
    )


def _either(words: Iterable[Any], pattern: str) -> Shape:
    """Words that an editor offers, and whatever else means the same."""
    return {"anyOf": [{"enum": list(words)}, {"type": "string", "pattern": pattern}]}


_IMPACTS = [word for word in STATE_WORDS if read_state(word) is not State.UNDER_MAINTENANCE]
_IMPACT = _either(dict.fromkeys(str(word) for word in _IMPACTS), in_any_case(_IMPACTS))
_DATED: Shape = {"type": "string", "pattern": "[0-9]{4}"}

_SHAPES: dict[ValueKind, Shape] = {
    ValueKind.TEXT: _OR_EMPTY,
    ValueKind.DATED: _DATED,
    ValueKind.MOMENT: {"type": ["string", "null"]},
    ValueKind.SPAN: {"type": ["string", "number", "null"]},
    ValueKind.DURATION: {"type": ["string", "null"]},
    ValueKind.FLAG: _either(
        [True, False], in_any_case(["true", "yes", "on", "y", "false", "no", "off", "n"])
    ),
    ValueKind.STATE: {"anyOf": [*_IMPACT["anyOf"], {"type": "null"}]},
    ValueKind.POSTS: {"anyOf": [_POST, {"type": "array", "items": _POST}, {"type": "null"}]},
    ValueKind.WORDS: {"anyOf": [_OR_EMPTY, {"type": "array", "items": _OR_EMPTY}]},
    ValueKind.SLUG: {"anyOf": [_SLUG, {"type": "null"}]},
    ValueKind.SLUGS: {"anyOf": [_SLUG, {"type": "array", "items": _SLUG}, {"type": "null"}]},
    ValueKind.CHECKS: {"type": "array", "items": {**SCALAR, "pattern": r"\S"}},
}


def _affects(names: Sequence[str], *, is_window: bool) -> Shape:
    """A name is offered and no other refused: the reader knows more spellings than can be listed."""
    name: Shape = {"anyOf": [{"enum": list(names)}, SCALAR]}
    states: Shape = {
        "type": "object",
        "properties": dict.fromkeys(names, _IMPACT),
        "additionalProperties": _IMPACT,
    }
    one = [name] if is_window else [name, states]
    return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}}, {"type": "null"}]}
