"""Lengths of time as people write them: `2h`, `15-20 min`, `under 30 min`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A length of time that somebody wrote; `longest` is None when the words give no limit."""

    written: str
    longest: timedelta | None
