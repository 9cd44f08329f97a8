"""Lines of the monitor map that the monitor cannot do anything with."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

log = logging.getLogger(__name__)


class StrangeLines:
    """Logs what is wrong with each line once for as long as it is wrong."""

    def __init__(self) -> None:
        self._reported: Mapping[str, str] = {}

    def report(self, complaints: Mapping[str, str]) -> None:
        """Take note of what is wrong at this reading: a clause for each `Entry.place`."""
        for place, complaint in sorted(complaints.items()):
            if self._reported.get(place) != complaint:
                log.warning("%s: %s, so its state is unknown.", place, complaint)
        self._reported = dict(complaints)


class StrangeNames:
    """The same for lines that name what the monitor does not have."""

    def __init__(self, system: str) -> None:
        self._complaint = f"{system} knows nothing of this name"
        self._lines = StrangeLines()

    def report(self, places: Iterable[str]) -> None:
        """Take note of the `Entry.place` of everything that is not there at this reading."""
        self._lines.report(dict.fromkeys(places, self._complaint))
