"""What monitoring systems answer in JSON, held to its form: nothing is guessed and nothing is repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from status_plugin.sources.monitors import SourceError

OTHER_FORM = "The answer has not the form that it should have"

_Kind = TypeVar("_Kind")

# Beyond this nothing is a time or a count, and a date cannot be made of it.
_LARGEST = 1e14


def read_json(body: bytes) -> Any:
    """The value that the bytes say in UTF-8; raises SourceError, which repeats nothing of them.

    What is no UTF-8 is replaced: a name that has it in it is not found then, and nothing else is lost.
    """
    if not body.strip():
        raise SourceError("The answer is empty")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise SourceError("The answer is a web page, not data: of a login, a proxy or another address")
    try:
        value = json.loads(
            body.decode("utf-8-sig", errors="replace"),
            strict=False,
            object_pairs_hook=_unambiguous,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError):
        # The error has the whole text in it, so that it must not be the new one's context.
        value = _NOT_JSON
    if value is _NOT_JSON:
        raise SourceError("The answer is not JSON, or breaks off")
    return value


_NOT_JSON = object()


def read_json_object(body: bytes) -> JsonObject:
    """The object that the bytes say; raises SourceError."""
    return JsonObject.of(read_json(body))


def read_json_list(body: bytes) -> list[JsonObject]:
    """The objects in the list that the bytes say; raises SourceError."""
    return JsonObject({"": read_json(body)}).list("")


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object of an answer; what is asked of it is there and of the right kind, or the answer is none."""

    members: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, value: Any) -> JsonObject:
        """The value as an object; raises SourceError if it is none."""
        if not isinstance(value, dict):
            raise SourceError(OTHER_FORM)
        return cls(value)

    def object(self, *path: str) -> JsonObject:
        """The object inside objects that has this path; raises SourceError if there is none."""
        found = self
        for name in path:
            found = JsonObject.of(found.members.get(name))
        return found

    def objects(self) -> Iterator[tuple[str, JsonObject]]:
        """Every member, all of which must be objects."""
        return ((name, JsonObject.of(value)) for name, value in self.members.items())

    def list(self, name: str) -> list[JsonObject]:
        """A list of objects; raises SourceError if there is none."""
        value = self.members.get(name)
        if not isinstance(value, list):
            raise SourceError(OTHER_FORM)
        return [JsonObject.of(inner) for inner in value]

    def text(self, name: str, default: str | None = None) -> str:
        """A text; for anything else the default, SourceError without one."""
        value = self.members.get(name)
        return value if isinstance(value, str) else _given(default)

    def number(self, name: str, default: float | None = None) -> float:
        """A number that a clock or a counter could say; for anything else the default, or SourceError."""
        value = self.members.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
            return _given(default)
        return float(value)

    def moment(self, name: str) -> float:
        """A time with a zone, such as `2026-11-22T09:11:44.521Z`, in epoch seconds; raises SourceError."""
        try:
            found = datetime.fromisoformat(self.text(name))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise SourceError(OTHER_FORM)
        return found.timestamp()

    def whole(self, name: str) -> int:
        """A whole number; raises SourceError if there is none."""
        value = self.number(name)
        if not value.is_integer():
            raise SourceError(OTHER_FORM)
        return int(value)

    def flag(self, name: str, default: bool | None = None) -> bool:
        """`true`, `false`, or a number that is 0 or not; for anything else the default, or SourceError."""
        value = self.members.get(name)
        return value if isinstance(value, bool) else self.number(name, default) != 0


def _given(default: _Kind | None) -> _Kind:
    if default is None:
        raise SourceError(OTHER_FORM)
    return default


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs) and any(members[name] != value for name, value in pairs):
        raise ValueError("something is said twice, and not the same")
    return members


def _no_number(_: str) -> Any:
    raise ValueError("not a number")
