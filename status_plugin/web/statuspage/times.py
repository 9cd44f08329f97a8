"""Times as Statuspage writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

NOBODY_KNOWS = datetime.fromtimestamp(0, UTC)
"""What stands where programs must find a time and nobody knows one."""

Stamp = Callable[[datetime], str]


def stamp_in(zone: tzinfo) -> Stamp:
    """Writes times to the millisecond with the zone's offset."""

    def stamp(at: datetime) -> str:
        return (
            at.astimezone(UTC if at == NOBODY_KNOWS else zone)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z")
        )

    return stamp


def zone_name(zone: tzinfo) -> str:
    """The zone's IANA name; a zone without one is told as UTC, and its times carry their offset."""
    name = str(getattr(zone, "key", "UTC"))
    return "Etc/UTC" if name == "UTC" else name
