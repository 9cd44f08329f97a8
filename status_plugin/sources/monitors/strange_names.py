"""Lines of the monitor map that name what the monitor does not have."""

from __future__ import annotations

import logging
from collections.abc import Iterable

log = logging.getLogger(__name__)


class StrangeNames:
    """Logs each line once for as long as the monitor does not know what it names."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._reported: frozenset[str] = frozenset()

    def report(self, places: Iterable[str]) -> None:
        """Take note of the `Entry.place` of everything that is not there at this reading."""
        missing = frozenset(places)
        for place in sorted(missing - self._reported):
            log.warning("%s: %s knows nothing of this name, so its state is unknown.", place, self._system)
        self._reported = missing
