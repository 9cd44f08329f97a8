"""How the report's values are written for programs: times in the site's zone, lengths in seconds."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from status_plugin.core.times.moments import Moment
from status_plugin.staff.reporting.moments import is_day
from status_plugin.staff.reporting.report import Timed


def time_text(at: datetime | Moment | Timed | None, zone: tzinfo) -> str | None:
    """The time as programs read it; of a moment of which only the day is known, the day."""
    if at is None:
        return None
    if isinstance(at, Moment) and is_day(at):
        return f"{at.local:%Y-%m-%d}"
    plain = at if isinstance(at, datetime) else at.at
    return plain.astimezone(zone).isoformat(timespec="seconds")


def seconds(length: timedelta | None) -> int | None:
    """The length in whole seconds."""
    return None if length is None else round(length.total_seconds())


def is_about(*times: Moment | Timed | None) -> bool:
    """Whether any of the times was written vaguely."""
    return any(
        time is not None and (time.is_about if isinstance(time, Timed) else not time.exact) for time in times
    )
