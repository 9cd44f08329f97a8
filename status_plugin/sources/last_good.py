"""What was read last, and how long it may stand in for what cannot be read now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

KEPT_FOR = timedelta(hours=1)
"""How long the last good reading of a file stands in for one that fails."""

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class LastGood(Generic[_T]):
    """The last good reading of a file, None if there was none, and since when the file fails."""

    value: _T | None = None
    failing_since: datetime | None = None

    def failing(self, now: datetime) -> LastGood[_T]:
        """What is left when the file cannot be read at `now`."""
        return LastGood(value=self.value, failing_since=self.failing_since or now)

    def at(self, now: datetime) -> _T | None:
        """What counts at `now`."""
        return self.value if self.ends is None or now < self.ends else None

    @property
    def ends(self) -> datetime | None:
        """When it stops to count, None while the file can be read."""
        return self.failing_since + KEPT_FOR if self.failing_since else None
