"""What is remembered of monitoring between two looks: since when, and what has passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from status_plugin.core.monitoring.sightings import Sighting, sightings_after
from status_plugin.core.monitoring.word import Word
from status_plugin.core.words import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A component's or check's last word and since when it has been so."""

    state: State
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """`known` is keyed by slug, or by slug and check label; `sightings` run oldest first."""

    known: Mapping[tuple[str, ...], Known] = field(default_factory=dict)
    sightings: tuple[Sighting, ...] = ()

    def since(self, state: State, *key: str) -> datetime | None:
        """Since when a component, or one check of it, has been in this state, if that is remembered."""
        known = self.known.get(key)
        return known.since if known and known.state is state else None


def remember(memory: Memory, words: Mapping[str, Word], now: datetime) -> Memory:
    """The memory after a look at monitoring; components no longer watched are forgotten."""
    return Memory(
        known=dict(known_after(memory.known, words, now)),
        sightings=sightings_after(memory.sightings, words, now),
    )


def remember_in_part(memory: Memory, words: Mapping[str, Word], now: datetime) -> Memory:
    """The memory after a look that may lack words on what is watched: of the others nothing is forgotten."""
    after = remember(memory, words, now)
    known = {key: known for key, known in memory.known.items() if key[0] not in words}
    others = [s for s in memory.sightings if s.ended is None and s.component not in words]
    sightings = [*after.sightings, *(replace(sighting, lost=True) for sighting in others)]
    return Memory(
        known=known | dict(after.known),
        sightings=tuple(sorted(sightings, key=lambda s: (s.began, s.component, s.kind))),
    )


def known_after(
    before: Mapping[tuple[str, ...], Known], words: Mapping[str, Word], now: datetime
) -> Iterator[tuple[tuple[str, ...], Known]]:
    """What is known after a look of the components that the words tell of."""
    for slug, word in words.items():
        rows: list[tuple[tuple[str, ...], State, datetime | None]] = [((slug,), word.state, word.since)]
        rows += [((slug, check.name), check.state, check.since) for check in word.checks]
        for key, state, since in rows:
            known = before.get(key)
            if known is not None and known.state is state:
                yield key, Known(state=state, since=since or known.since)
            else:
                yield key, Known(state=state, since=since or word.facts_at or now)
