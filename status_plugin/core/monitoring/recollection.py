"""What the journal gives back to a memory that was lost: since when all is so, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence

from status_plugin.core.monitoring.journal import Line, Told
from status_plugin.core.monitoring.memory import Memory, remember
from status_plugin.core.monitoring.sightings import KEPT_FOR


def recollected(lines: Sequence[Line]) -> Memory:
    """The memory after the looks that the lines tell of."""
    memory = Memory()
    told: dict[str, Told] = {}
    for line in lines:
        if line.after is None:
            told = {}
        told |= {slug: seen for slug, seen in line.seen.items() if seen}
        told = {slug: seen for slug, seen in told.items() if line.seen.get(slug, seen)}
        is_news = bool(line.seen) and line.at >= lines[-1].at - KEPT_FOR
        # The last line counts even if it has no news: all was still so then.
        if is_news or line is lines[-1]:
            words = {slug: seen.word(line.at) for slug, seen in told.items()}
            memory = remember(memory, words, line.at)
    return memory
