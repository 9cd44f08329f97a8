"""A monitor's times as ours: its clock need not be right for its word to be dated."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from status_plugin.sources.monitors import SourceError

log = logging.getLogger(__name__)

TOLERANCE = timedelta(seconds=60)
"""How far two clocks may be apart before anybody is told."""

SLACK = timedelta(seconds=10)
"""How far ahead of ours a clock may be and is taken for ours all the same.

An answer takes its time on the way, another one each time; corrected by that, nothing would ever have
begun at the same moment as a minute ago.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitorClock:
    """A monitor's epoch seconds as our time; where its clock is ahead, its times are brought back.

    `created` is when it wrote what it says, in its own time, and `ahead` how many seconds its clock
    is ahead of ours.
    """

    created: float
    ahead: float

    def at(self, seconds: float) -> datetime:
        """A time that may lie in the future."""
        return datetime.fromtimestamp(seconds - self.ahead, UTC)

    def past(self, seconds: float) -> datetime | None:
        """A time not after the writing, None for "never", which is 0 or less."""
        return self.at(min(seconds, self.created)) if seconds > 0 else None


def clock_at_least(now: datetime, times: Iterable[float]) -> float:
    """What a clock that nobody reads out says at least: our time, or the latest of its `times`."""
    return max([now.timestamp(), *times])


class ClockWatch:
    """Compares a monitor's clock with ours, and says once when they do not agree, and once when they do."""

    def __init__(self, system: str, max_age: timedelta) -> None:
        self._system = system
        self._max_age = max_age
        self._is_wrong = False
        self._written = 0.0
        self._apart = 0.0

    def read(self, now: datetime, *, written: float, says: float | None = None) -> MonitorClock:
        """The clock by which something was `written`; raises SourceError when it cannot be believed.

        `says` is what the monitor's clock said when it was asked, None if it tells only when it wrote:
        of a clock that is behind nothing can be known then. A clock that is behind makes its data older
        than they are, never younger: what is repeated by somebody in between looks just like that.
        """
        apart = (written if says is None else max(says, written)) - now.timestamp()
        if says is None:
            apart = max(0.0, apart, self._apart if written == self._written else 0.0)
            # Read again later the same writing looks as if the clock that wrote it were less ahead.
            self._written, self._apart = written, apart
        self.notice(timedelta(seconds=apart))
        ahead = apart if apart > SLACK.total_seconds() else 0.0
        if ahead > self._max_age.total_seconds():
            raise SourceError(
                f"What {self._system} says is from the future: its clock and this machine's do not agree"
            )
        return MonitorClock(created=min(written, now.timestamp() + ahead), ahead=ahead)

    def notice(self, apart: timedelta) -> None:
        """Take note of how far the monitor's clock is ahead of ours."""
        is_wrong = abs(apart) > TOLERANCE
        if is_wrong and not self._is_wrong:
            log.warning(
                "The clock of %s is %d seconds %s this machine's. Let NTP set both.",
                self._system,
                abs(apart).total_seconds(),
                "ahead of" if apart > timedelta() else "behind",
            )
        elif self._is_wrong and not is_wrong:
            log.info("The clocks of %s and of this machine agree again.", self._system)
        self._is_wrong = is_wrong
