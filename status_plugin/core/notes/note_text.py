"""Notes as packed JSON, and back: the types of their fields say how each is written.

What is packed is for the same version of the program, which packed it: nothing in it is checked.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.problems import Problem
from status_plugin.core.words import shared_states

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


_BARE = -zlib.MAX_WBITS
"""Deflated without a head and a checksum, which for a few hundred bytes count."""


class UnwritableError(ValueError):
    """Something in a note has no form in JSON, such as a zone of the site's own making."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form:
    """How values of a type become JSON values, and back."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def packed_note(note: Incident | Maintenance) -> bytes:
    """The note in few bytes, about half of its text; UnwritableError if JSON cannot hold it."""
    is_incident = isinstance(note, Incident)
    written = _form(Incident if is_incident else Maintenance).write(note)
    return zlib.compress(_encode([is_incident, *written]).encode("utf-8", "surrogatepass"), wbits=_BARE)


def note_of(packed: bytes) -> Incident | Maintenance:
    """The note that was packed."""
    is_incident, *written = json.loads(zlib.decompress(packed, wbits=_BARE))
    note: Incident | Maintenance = _form(Incident if is_incident else Maintenance).read(written)
    return note


def problem_values(problem: Problem) -> Any:
    """A problem as a JSON value."""
    return _form(Problem).write(problem)


def problem_of(values: Any) -> Problem:
    """The problem that was written as a JSON value."""
    problem: Problem = _form(Problem).read(values)
    return problem


@cache
def _form(kind: Any) -> _Form:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _one_of(arguments)
    if origin is tuple:
        return _tuple_of(_form(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _states(_form(arguments[1]))
    if is_dataclass(kind):
        return _record(kind)
    if issubclass(kind, Enum):
        return _Form(write=attrgetter("value"), read={member.value: member for member in kind}.__getitem__)
    return _PLAIN[kind]


def _record(kind: Any) -> _Form:
    """A dataclass as the list of its values, in the order of its fields."""
    hints = get_type_hints(kind)
    names = [part.name for part in fields(kind)]
    forms = [_form(hints[name]) for name in names]
    writers, readers = [form.write for form in forms], [form.read for form in forms]
    values = attrgetter(*names)

    def write(value: Any) -> Any:
        return [write(inner) for write, inner in zip(writers, values(value), strict=True)]

    def read(written: Any) -> Any:
        return kind(**{name: read(inner) for name, read, inner in zip(names, readers, written, strict=True)})

    return _Form(write=write, read=read)


def _one_of(kinds: tuple[Any, ...]) -> _Form:
    """A value or None; of several kinds of word no two have a word in common."""
    forms = [_form(kind) for kind in kinds if kind is not NoneType]
    if len(forms) == 1:
        form = forms[0]
    else:
        words = {member.value: member for kind in kinds if kind is not NoneType for member in kind}
        form = _Form(write=attrgetter("value"), read=words.__getitem__)
    return _Form(
        write=lambda value: None if value is None else form.write(value),
        read=lambda written: None if written is None else form.read(written),
    )


def _tuple_of(form: _Form) -> _Form:
    return _Form(
        write=lambda value: [form.write(inner) for inner in value],
        read=lambda written: tuple([form.read(inner) for inner in written]),
    )


def _states(form: _Form) -> _Form:
    return _Form(
        write=lambda value: {key: form.write(inner) for key, inner in value.items()},
        read=lambda written: shared_states({key: form.read(inner) for key, inner in written.items()}),
    )


def _as_it_is(value: Any) -> Any:
    return value


def _zone_name(zone: tzinfo | None) -> Any:
    """A zone's name, or its distance from UTC in seconds."""
    if isinstance(zone, ZoneInfo) and zone.key is not None:
        return zone.key
    if type(zone) is timezone:
        return [zone.utcoffset(None).total_seconds(), zone.tzname(None)]
    raise UnwritableError(f"a zone of the kind {type(zone).__name__}")


def _zone(written: Any) -> tzinfo:
    return ZoneInfo(written) if isinstance(written, str) else _distance(*written)


@cache
def _distance(seconds: float, name: str) -> tzinfo:
    distance = timedelta(seconds=seconds)
    plain = timezone(distance)
    return plain if plain.tzname(None) == name else timezone(distance, name)


_PLAIN: Mapping[Any, _Form] = {
    str: _Form(write=_as_it_is, read=_as_it_is),
    int: _Form(write=_as_it_is, read=_as_it_is),
    bool: _Form(write=_as_it_is, read=_as_it_is),
    datetime: _Form(write=datetime.isoformat, read=datetime.fromisoformat),
    timedelta: _Form(
        write=lambda value: [value.days, value.seconds, value.microseconds],
        read=lambda written: timedelta(*written),
    ),
    tzinfo: _Form(write=_zone_name, read=_zone),
}
