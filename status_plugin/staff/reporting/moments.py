"""What a written time can be counted from, and up to."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from status_plugin.core.board.alerts import VAGUE
from status_plugin.core.times.moments import Moment

_EDGES = (time.min, time(23, 59, 59))
"""The times of day at which a day alone is put: a beginning to its first, an end to its last second."""


def is_day(moment: Moment) -> bool:
    """Whether only the day is known, so that no length can be counted from it."""
    return not moment.exact and moment.local.time() in _EDGES


def deadline_of(moment: Moment) -> datetime:
    """The last instant that a written time may mean: the end of a day, an hour after "about 6pm"."""
    if moment.exact:
        return moment.at
    if is_day(moment):
        tomorrow = moment.local.date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), tzinfo=moment.zone).astimezone(UTC)
    return moment.at + VAGUE
