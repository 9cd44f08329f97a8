"""Lengths of time as people write them: `2h`, `15-20 min`, `under 30 min`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from status_plugin.core.problems import UnreadableError


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A length of time that somebody wrote; `longest` is None when the words give no limit."""

    written: str
    longest: timedelta | None


def read_span(text: str) -> Span:
    """A length of time in anybody's words; never an error."""
    return Span(written=text.strip(), longest=None)


def read_duration(text: str) -> timedelta:
    """A length of time that must be exact, such as `2h` or `90 min`; else UnreadableError."""
    raise UnreadableError("unreadable-duration", f"'{text}' is not a length of time.", "Write '2h' or '90 min'.")
