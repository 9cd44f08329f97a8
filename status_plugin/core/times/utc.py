"""Times of records in UTC: the only zone in which they may be subtracted and compared.

Two times of one zone are subtracted and compared as their clocks show them, which is wrong by an hour
in the nights in which the clocks change.
"""

from __future__ import annotations

from datetime import UTC, datetime


def keep_in_utc(record: object, *names: str) -> None:
    """Turn these times of a frozen record into UTC; those that are None stay. ValueError without a zone."""
    for name in names:
        at: datetime | None = getattr(record, name)
        if at is None:
            continue
        if at.tzinfo is None:
            raise ValueError(f"{name} is a time without a zone")
        object.__setattr__(record, name, at.astimezone(UTC))
