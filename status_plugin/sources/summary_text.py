"""What is known of monitoring as JSON text, for a cache that is shared and may be anybody's.

The records' own types say how they are written and what is accepted back. Text of another version,
or that does not fit the records, is no error but nothing known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zlib import crc32

from status_plugin.core.monitoring.looks import Row
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Reading

VERSION = 1
"""Raised whenever a field keeps its name and its type and changes its meaning."""

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What all workers share: the last good readings by source, and the memory.

    `asked_at` is when the sources were asked last, `answered_at` tells for each when it last did,
    `row` which looks came without a break and are in the journal.
    """

    readings: Mapping[str, Reading] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    asked_at: datetime | None = None
    answered_at: Mapping[str, datetime] = field(default_factory=dict)
    row: Row | None = None

    @property
    def is_unheard(self) -> bool:
        """Whether no source answered when they were last asked."""
        return self.asked_at is not None and self.asked_at not in self.answered_at.values()


def snapshot_text(snapshot: Snapshot) -> str:
    """The snapshot as JSON text."""
    return json.dumps({"version": FORMAT, "snapshot": _plain(snapshot)}, separators=(",", ":"))


def read_snapshot(text: str) -> Snapshot | None:
    """The snapshot that was written, None if the text is anything else."""
    try:
        whole = json.loads(text)
        if whole["version"] != FORMAT:
            return None
        snapshot: Snapshot = _record(whole["snapshot"], Snapshot)
        return snapshot
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _shape(kind: Any) -> str:
    """What a record is made of, down to the last word that it may hold."""
    if isinstance(kind, type) and is_dataclass(kind):
        parts = [f"{name}:{_shape(inner)}" for name, inner in _field_types(kind).items()]
        return f"{kind.__name__}({','.join(parts)})"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(member.value) for member in kind)
    inner = ",".join(_shape(argument) for argument in get_args(kind))
    return f"{getattr(get_origin(kind) or kind, '__name__', kind)}[{inner}]"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(inner)] for key, inner in value.items()]
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value


def _typed(value: Any, kind: Any) -> Any:
    """The value as one of `kind`; raises ValueError or TypeError when it is none."""
    if is_dataclass(kind):
        return _record(value, kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None else _typed(value, next(k for k in arguments if k is not type(None)))
    if origin is tuple:
        return tuple(_typed(inner, arguments[0]) for inner in _checked(value, list))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        pairs = [_checked(pair, list) for pair in _checked(value, list)]
        return {_typed(key, arguments[0]): _typed(inner, arguments[1]) for key, inner in pairs}
    if kind is datetime:
        return _moment(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return _checked(value, kind)


def _record(value: Any, kind: Any) -> Any:
    types = _field_types(kind)
    if _checked(value, dict).keys() != types.keys():
        raise ValueError("other fields")
    return kind(**{name: _typed(value[name], types[name]) for name in types})


@cache
def _field_types(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {part.name: hints[part.name] for part in fields(kind)}


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_checked(value, str))
    if moment.tzinfo is None or not 1970 <= moment.year < 9000:
        raise ValueError("no zone, or too far away to count from")
    return moment


def _checked(value: Any, kind: type[_Kind]) -> _Kind:
    if not isinstance(value, kind):
        raise TypeError("another type")
    return value


FORMAT = f"{VERSION}.{crc32(_shape(Snapshot).encode()):08x}"
"""The version of the text: another one for other records, without anybody having to think of it."""
