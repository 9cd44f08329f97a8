"""Names in the map that a monitor's lists leave out: which of them are asked for alone in one reading."""

from __future__ import annotations

from itertools import islice

from status_plugin.sources.monitors.status_dat import Key

MOST_ASKED_AGAIN = 3
"""How many names that were not there are asked for again in one reading."""


class UnlistedNames:
    """Takes turns, so that many names that are nowhere cost their own state and never the whole reading."""

    def __init__(self) -> None:
        self._there: set[Key] = set()
        # Those that were asked for longest ago come first.
        self._nowhere: dict[Key, None] = {}
        self._again: set[Key] = set()

    def begin(self) -> None:
        """Begin a reading."""
        self._again = set(islice(self._nowhere, MOST_ASKED_AGAIN))

    def is_nowhere(self, key: Key) -> bool:
        """Whether the monitor did not have it when it was asked for last."""
        return key in self._nowhere

    def has_its_turn(self, key: Key, *, in_haste: bool) -> bool:
        """Whether it is asked for now; what was there before always is, and `in_haste` nothing else."""
        if key in self._there:
            return True
        return not in_haste and (key not in self._nowhere or key in self._again)

    def note(self, key: Key, *, is_there: bool) -> None:
        """Take note of the answer."""
        self._nowhere.pop(key, None)
        self._there.discard(key)
        if is_there:
            self._there.add(key)
        else:
            self._nowhere[key] = None
