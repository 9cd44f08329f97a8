"""Records as JSON values, and back: their own types say how they are written and what is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_Kind = TypeVar("_Kind")


def shape_of(kind: Any) -> str:
    """What a record is made of, down to the last word that it may hold."""
    if isinstance(kind, type) and is_dataclass(kind):
        parts = [f"{name}:{shape_of(inner)}" for name, inner in _field_types(kind).items()]
        return f"{kind.__name__}({','.join(parts)})"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(member.value) for member in kind)
    inner = ",".join(shape_of(argument) for argument in get_args(kind))
    return f"{getattr(get_origin(kind) or kind, '__name__', kind)}[{inner}]"


def plain_of(value: Any) -> Any:
    """A value, or a record with all that is in it, as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {part.name: plain_of(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return [[plain_of(key), plain_of(inner)] for key, inner in value.items()]
    if isinstance(value, tuple):
        return [plain_of(inner) for inner in value]
    return value


def _typed(value: Any, kind: Any) -> Any:
    """The value as one of `kind`; raises ValueError or TypeError when it is none."""
    if is_dataclass(kind):
        return record_of(value, kind)
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


def record_of(value: Any, kind: Any) -> Any:
    """The record of a kind that was written; raises ValueError or TypeError where it is none."""
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
