"""A glance at a folder of thousands of files: whether it looks as it did, for the price of a few calls."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from status_plugin.sources.listing import Listing, Stamp, settled, stamp_of_folder

_SHARE = 75
"""A look at every file is followed by a rest of this many times the processor time that it took."""

_CHEAP = 0.02
"""Seconds of processor time up to which a look at every file needs no rest: some thousands of files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """What there is to compare with after a look at every file.

    A new file, one that is gone and one that was put in another's place change their folder. A text
    that was changed in its place does not: it is found at the end of the rest, after which every file
    is looked at. `rests_until` is on the monotonic clock, in seconds.
    """

    folders: Mapping[str, Stamp | None] = field(default_factory=dict)
    rests_until: float = 0.0

    @classmethod
    def after(cls, listing: Listing, took: float, now: datetime) -> Glance:
        """What a look at every file leaves, which took some seconds of processor time."""
        rest = took * _SHARE if took > _CHEAP else 0.0
        folders = {path: settled(stamp, now) for path, stamp in listing.folders.items()}
        return cls(folders=folders, rests_until=time.monotonic() + rest)

    def suffices(self, root: Path) -> bool:
        """Whether nothing says that any file has changed, so that not every file need be looked at."""
        if time.monotonic() >= self.rests_until:
            return False
        return all(
            stamp is not None and stamp_of_folder(root / path) == stamp
            for path, stamp in self.folders.items()
        )
