"""The schemas of the folder's files, made from the table of keys that the reader goes by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os.path import relpath
from pathlib import PurePosixPath
from typing import Any

from status_plugin.core.notes.components import EVERYTHING, Inventory
from status_plugin.core.notes.keys import COMPONENT_KEYS, GROUP_KEYS, INCIDENT_KEYS, WINDOW_KEYS, Key
from status_plugin.staff.schema.shapes import Shape, shape_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FOLDER = PurePosixPath(".schema")
"""Where the schemas are kept in the folder of notes; nothing in it is a note."""

KINDS = ("incident", "maintenance", "components")


def schema(kind: str, inventory: Inventory) -> dict[str, Any]:
    """The schema of one of KINDS: of a note's front matter, or of components.yml."""
    return {"$schema": DIALECT, **_SCHEMAS[kind](_known_names(inventory))}


def schema_comment(kind: str, path: PurePosixPath) -> str:
    """The line that leads an editor from a file to its schema; `path` is relative to the folder of notes.

    In a note it stands below the first `---`.
    """
    return f"# yaml-language-server: $schema={relpath(FOLDER / f'{kind}.json', path.parent)}"


def _known_names(inventory: Inventory) -> list[str]:
    components = inventory.components
    found = [component.slug for component in components] + [component.name for component in components]
    found += [component.group for component in components if component.group]
    return [*dict.fromkeys(found), EVERYTHING]


def _incident(names: Sequence[str]) -> Shape:
    return {"title": "Incident", **_mapping(INCIDENT_KEYS, names, is_window=False)}


def _window(names: Sequence[str]) -> Shape:
    ends = [{"required": [name], "properties": {name: {"type": "string"}}} for name in ("ends", "duration")]
    return {"title": "Maintenance window", **_mapping(WINDOW_KEYS, names, is_window=True), "anyOf": ends}


def _components(names: Sequence[str]) -> Shape:
    component = _mapping(COMPONENT_KEYS, names, is_window=False)
    members = {"description": GROUP_KEYS[1].help, "type": "array", "items": {"$ref": "#/$defs/component"}}
    group = {
        "type": "object",
        "properties": {"group": shape_of(GROUP_KEYS[0], names, is_window=False), "components": members},
        "required": [key.name for key in GROUP_KEYS if key.required],
        "additionalProperties": False,
    }
    is_group = {"anyOf": [{"required": [key.name]} for key in GROUP_KEYS]}
    entry = {"if": is_group, "then": {"$ref": "#/$defs/group"}, "else": {"$ref": "#/$defs/component"}}
    return {
        "title": "Components",
        "type": "array",
        "minItems": 1,
        "items": entry,
        "$defs": {"component": component, "group": group},
    }


_SCHEMAS: dict[str, Callable[[Sequence[str]], Shape]] = {
    "incident": _incident,
    "maintenance": _window,
    "components": _components,
}


def _mapping(keys: tuple[Key, ...], names: Sequence[str], *, is_window: bool) -> Shape:
    """A mapping of these keys alone, in the spelling that the documentation has."""
    shapes = {key.name: shape_of(key, names, is_window=is_window) for key in keys}
    return {
        "type": "object",
        "properties": shapes,
        "required": [key.name for key in keys if key.required],
        "additionalProperties": False,
    }
