"""What it costs to find that nothing has changed in a folder of many notes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.notes import write_notes
from bench.reading import ZONE
from status_plugin.sources.content import ContentFolder

ROUNDS = 3
SECONDS = 30


def shares_of_a_core(notes: int) -> Sequence[float]:
    """Which share of a core a look every second takes, over some time and a few times over."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_notes(folder, notes, newest=datetime.now(UTC) - timedelta(days=1))
        content = ContentFolder(folder, zone=ZONE)
        first = content.read(datetime.now(UTC))
        # What was written just now is looked at again for two seconds.
        time.sleep(2)
        content.read(datetime.now(UTC))
        shares = [_share(content) for _ in range(ROUNDS)]
        if content.read(datetime.now(UTC)) is not first:
            raise RuntimeError("an unchanged folder was read anew")
        return shares


def _share(content: ContentFolder) -> float:
    began, cost = time.monotonic(), time.process_time()
    for second in range(1, SECONDS + 1):
        content.read(datetime.now(UTC))
        time.sleep(max(0.0, began + second - time.monotonic()))
    return (time.process_time() - cost) / (time.monotonic() - began)
