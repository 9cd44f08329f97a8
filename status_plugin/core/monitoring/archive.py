"""Everything that monitoring ever saw, from the journal: the page remembers a month, a report a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from status_plugin.core.monitoring.journal import Line, Told
from status_plugin.core.monitoring.sightings import Sighting, SightingKind, sightings_after
from status_plugin.core.words import State

_JOINED_FOR = timedelta(days=1)
"""How long after its end a sighting may still lend its event's name to another: more than enough."""


def all_sightings(lines: Sequence[Line]) -> tuple[Sighting, ...]:
    """Everything that was seen by the lines' own account, however long ago, oldest first.

    What was going on when its component was watched no longer ends there.
    """
    found: dict[tuple[str, SightingKind, datetime], Sighting] = {}
    recent: tuple[Sighting, ...] = ()
    told: Mapping[str, Told] = {}
    for line in lines:
        told = _told_after(told, line)
        open_on = {sighting.component for sighting in recent if sighting.ended is None}
        words = {
            slug: seen.word(line.at) for slug, seen in told.items() if slug in open_on or not _is_well(seen)
        }
        before, recent = recent, sightings_after(recent, words, line.at)
        found |= {_key(sighting): sighting for sighting in recent}
        for sighting in before:
            if sighting.ended is None and sighting.component not in told:
                last = max(sighting.last_seen, line.after or sighting.last_seen)
                found[_key(sighting)] = replace(sighting, ended=last, lost=False)
        limit = line.at - _JOINED_FOR
        recent = tuple(one for one in recent if one.ended is None or one.ended >= limit)
    return tuple(sorted(found.values(), key=lambda sighting: (sighting.began, sighting.component)))


def _told_after(told: Mapping[str, Told], line: Line) -> Mapping[str, Told]:
    """All that monitoring said when the line was written."""
    if line.is_heartbeat:
        return told
    before = told if line.after is not None else {}
    return {slug: seen for slug, seen in {**before, **line.seen}.items() if seen}


def _is_well(seen: Told) -> bool:
    """Whether there is nothing to be seen on a component, so that most of a year is passed over."""
    return seen.state is State.OPERATIONAL and not seen.unreachable


def _key(sighting: Sighting) -> tuple[str, SightingKind, datetime]:
    return sighting.component, sighting.kind, sighting.began
