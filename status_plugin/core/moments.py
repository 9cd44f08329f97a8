"""Times as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from status_plugin.core.problems import Doubt, UnreadableError


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A time that somebody wrote.

    `at` is aware, in the zone that was meant. `written` is the writer's own text. An inexact
    moment ("about 6pm", a date alone) is shown as written and never counted in uptime.
    """

    at: datetime
    written: str
    exact: bool = True


def read_moment(
    text: str, *, zone: tzinfo, previous: datetime | None = None, nearest_to: datetime | None = None
) -> tuple[Moment, tuple[Doubt, ...]]:
    """The time that a text means, with what is odd about it; else UnreadableError."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UnreadableError("unreadable-time", f"'{text}' is not a time.", "Write an ISO time.") from None
    return Moment(at=at if at.tzinfo else at.replace(tzinfo=zone), written=text.strip()), ()
