"""What is known of monitoring as JSON text, for a cache that is shared and may be anybody's.

The records' own types say how they are written and what is accepted back. Text of another version,
or that does not fit the records, is no error but nothing known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

from status_plugin.core.monitoring.looks import Row
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Reading
from status_plugin.sources.record_text import plain_of, record_of, shape_of

VERSION = 1
"""Raised whenever a field keeps its name and its type and changes its meaning."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What all workers share: the last good readings by source, and the memory.

    `asked_at` is when the sources were asked last, `answered_at` tells for each when it last did,
    `row` which looks came without a break and are in the journal.
    """

    readings: Mapping[str, Reading] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    asked_at: datetime | None = None
    answered_at: Mapping[str, datetime] = field(default_factory=dict)
    row: Row | None = None

    @property
    def is_unheard(self) -> bool:
        """Whether no source answered when they were last asked."""
        return self.asked_at is not None and self.asked_at not in self.answered_at.values()


def snapshot_text(snapshot: Snapshot) -> str:
    """The snapshot as JSON text."""
    return json.dumps({"version": FORMAT, "snapshot": plain_of(snapshot)}, separators=(",", ":"))


def read_snapshot(text: str) -> Snapshot | None:
    """The snapshot that was written, None if the text is anything else."""
    try:
        whole = json.loads(text)
        if whole["version"] != FORMAT:
            return None
        snapshot: Snapshot = record_of(whole["snapshot"], Snapshot)
        return snapshot
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


FORMAT = f"{VERSION}.{crc32(shape_of(Snapshot).encode()):08x}"
"""The version of the text: another one for other records, without anybody having to think of it."""
