"""Nagios' status.dat: the blocks of wanted hosts and services, and whether the file is whole.

A block is a line `NAME {`, lines of a tab and `key=value`, and a line that is exactly a tab and `}`.
A value may hold anything but a line feed, so only whole lines count. The file is never decoded:
what nobody asked for is skipped as bytes.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from status_plugin.sources.monitors import SourceError

_BLOCK_END = b"\n\t}\n"
_HEADS = frozenset({b"info", b"programstatus"})
_OBJECTS = frozenset({b"hoststatus", b"servicestatus"})
_DOWNTIMES = frozenset({b"hostdowntime", b"servicedowntime"})

# No host or service stands behind the contacts.
_LATER = b"contactstatus"

Key = tuple[bytes, bytes]
"""The name of a host and of its service; the service is empty for the host itself."""

Wanted = Mapping[bytes, Collection[bytes]]
"""The names of hosts, each with those of its services."""

_Name = TypeVar("_Name", bytes, Key)

DAMAGED = "Nagios' status file is damaged or not complete"


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one block; of several fields of one name the first counts."""

    lines: bytes = field(repr=False)

    def text(self, name: bytes, default: bytes = b"") -> bytes:
        """A value as it stands there; the default when there is no such field."""
        mark = b"\n\t" + name + b"="
        start = self.lines.find(mark)
        if start < 0:
            return default
        start += len(mark)
        end = self.lines.find(b"\n", start)
        return self.lines[start:] if end < 0 else self.lines[start:end]

    def number(self, name: bytes, default: float = 0.0) -> float:
        """A number; the default when there is none, or nothing that a clock or a counter could say."""
        try:
            value = float(self.text(name))
        except ValueError:
            return default
        return value if abs(value) < 1e11 else default

    def whole(self, name: bytes) -> int | None:
        """A whole number, None when there is none."""
        value = self.number(name, 0.5)
        return int(value) if value.is_integer() else None

    def flag(self, name: bytes, default: bool = False) -> bool:
        """Whether a number is not 0."""
        return self.number(name, default) != 0


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusData:
    """What one whole status.dat says of the wanted hosts and services.

    `created`, `says`, what Nagios' own clock said when the data were told (None if nobody said), and
    the values of `downtimes`, when the earliest downtime in effect began, are epoch seconds.
    """

    created: float
    says: float | None = None
    program: Block
    objects: Mapping[Key, Block] = field(repr=False)
    downtimes: Mapping[Key, float] = field(repr=False)


def read_status_data(data: bytes, wanted: Wanted) -> StatusData:
    """Read the hosts that are `wanted`, each with its services; raises SourceError unless it is whole."""
    if not data.strip():
        raise SourceError("Nagios' status file is empty")
    if not (data.endswith(b"\n") and data.rstrip(b"\n").endswith(b"\n\t}")):
        raise SourceError(f"{DAMAGED}: it breaks off in the middle")
    heads: dict[bytes, Block] = {}
    objects: dict[Key, Block] = {}
    downtimes: dict[Key, float] = {}
    shows_its_end = False
    for kind, block in _blocks(data):
        shows_its_end = shows_its_end or kind == _LATER
        if kind in _HEADS:
            _put(heads, kind, block)
        elif kind in _OBJECTS or (kind in _DOWNTIMES and block.flag(b"is_in_effect")):
            key = _wanted_key(kind, block, wanted)
            if key is not None and kind in _OBJECTS:
                _put(objects, key, block)
            elif key is not None:
                downtimes[key] = min(downtimes.get(key, math.inf), _began(block))
    _check_whole(heads, objects, downtimes)
    if not shows_its_end:
        _check_complete(objects, wanted)
    return StatusData(
        created=heads[b"info"].number(b"created"),
        program=heads[b"programstatus"],
        objects=objects,
        downtimes=downtimes,
    )


def _blocks(data: bytes) -> Iterator[tuple[bytes, Block]]:
    start = 0
    while (end := data.find(_BLOCK_END, start)) >= 0:
        chunk = data[start:end].lstrip(b"\n")
        while chunk.startswith(b"#"):
            chunk = chunk.partition(b"\n")[2].lstrip(b"\n")
        header, line_feed, lines = chunk.partition(b"\n")
        lines = line_feed + lines
        kind = header.removesuffix(b" {")
        if kind == header or kind.startswith(b"\t") or lines.count(b"\n") != lines.count(b"\n\t"):
            raise SourceError(f"{DAMAGED}: it has lines outside any block")
        yield kind, Block(lines)
        start = end + len(_BLOCK_END)


def _wanted_key(kind: bytes, block: Block, wanted: Wanted) -> Key | None:
    host = block.text(b"host_name")
    if kind.startswith(b"host"):
        return (host, b"") if host in wanted else None
    service = block.text(b"service_description")
    return (host, service) if service in wanted.get(host, ()) else None


def _put(blocks: dict[_Name, Block], name: _Name, block: Block) -> None:
    if name in blocks:
        raise SourceError(f"{DAMAGED}: it says something twice")
    blocks[name] = block


def _began(downtime: Block) -> float:
    """When a downtime took effect: a flexible one does so only when there is a problem."""
    return downtime.number(b"flex_downtime_start") or downtime.number(b"start_time")


def _check_whole(
    heads: Mapping[bytes, Block], objects: Mapping[Key, Block], downtimes: Mapping[Key, float]
) -> None:
    if heads.keys() != _HEADS or heads[b"info"].number(b"created") <= 0:
        raise SourceError(f"{DAMAGED}: it does not say when it was written")
    # Downtimes stand last in the file: where they are cut off, nothing else shows it.
    check_downtimes(objects, downtimes)


def _check_complete(objects: Mapping[Key, Block], wanted: Wanted) -> None:
    """Raise SourceError for a name that is not there, of a file in which nothing stands behind all names."""
    keys = {(host, name) for host, services in wanted.items() for name in (b"", *services)}
    if not keys <= objects.keys():
        raise SourceError(
            "Nagios' status file lacks hosts or checks that the monitor map names: "
            "it is not complete, or the map does not spell them as Nagios does"
        )


def check_downtimes(objects: Mapping[Key, Block], downtimes: Mapping[Key, float]) -> None:
    """Raise SourceError when a downtime is in effect of which there is no beginning."""
    if has_lost_downtimes(objects, downtimes):
        raise SourceError(
            f"{DAMAGED}: a planned downtime is in effect that it does not list "
            "(if this lasts, Nagios has miscounted; restart it)"
        )


def has_lost_downtimes(objects: Mapping[Key, Block], downtimes: Mapping[Key, float]) -> bool:
    """Whether something is in a downtime that is not among the downtimes."""
    return any(
        block.number(b"scheduled_downtime_depth") > 0 and key not in downtimes
        for key, block in objects.items()
    )
