"""What is remembered of monitoring between two looks: since when, and what has passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from status_plugin.core.monitoring.word import Word
from status_plugin.core.words import State, worst

SIGHTINGS_KEPT_FOR = timedelta(days=30)
SIGHTINGS_KEPT = 200


class SightingKind(StrEnum):
    """What monitoring saw on a component."""

    TROUBLE = "trouble"
    DOWNTIME = "downtime"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One stretch of time in which monitoring saw something on one component.

    `state` is the latest word, `worst` the worst word in the stretch. `last_seen` is the time of
    the newest facts that showed it. `ended` is None until fresh facts show that it has passed;
    `lost` says that it is still open only because nothing has been known since.
    """

    component: str
    kind: SightingKind
    began: datetime
    state: State
    worst: State
    last_seen: datetime
    ended: datetime | None = None
    lost: bool = False


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
        known=dict(_known(memory, words, now)),
        sightings=tuple(_kept(_sightings(memory, words, now), now)),
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


def _known(
    memory: Memory, words: Mapping[str, Word], now: datetime
) -> Iterator[tuple[tuple[str, ...], Known]]:
    for slug, word in words.items():
        rows: list[tuple[tuple[str, ...], State, datetime | None]] = [((slug,), word.state, word.since)]
        rows += [((slug, check.name), check.state, check.since) for check in word.checks]
        for key, state, since in rows:
            before = memory.known.get(key)
            if before is not None and before.state is state:
                yield key, Known(state=state, since=since or before.since)
            else:
                yield key, Known(state=state, since=since or word.facts_at or now)


def _sightings(memory: Memory, words: Mapping[str, Word], now: datetime) -> Iterator[Sighting]:
    still_open: set[tuple[str, SightingKind]] = set()
    for sighting in memory.sightings:
        if sighting.ended is not None:
            yield sighting
        elif (word := words.get(sighting.component)) is not None:
            after = _after(sighting, word, now)
            if after.ended is None:
                still_open.add((after.component, after.kind))
            yield after
    for slug, word in words.items():
        kind = _kind(word)
        if kind is not None and (slug, kind) not in still_open:
            seen = word.facts_at or now
            yield Sighting(
                component=slug,
                kind=kind,
                began=min(word.since or seen, now),
                state=word.state,
                worst=word.state,
                last_seen=seen,
            )


def _kind(word: Word) -> SightingKind | None:
    if word.state.is_trouble:
        return SightingKind.TROUBLE
    if word.state is State.UNDER_MAINTENANCE:
        return SightingKind.DOWNTIME
    return SightingKind.UNREACHABLE if word.unreachable else None


def _after(sighting: Sighting, word: Word, now: datetime) -> Sighting:
    """An open sighting after one more word: it goes on, ends, or stays open while nobody knows."""
    seen = word.facts_at or now
    if _kind(word) is sighting.kind:
        return replace(
            sighting,
            state=word.state,
            worst=worst([sighting.worst, word.state]),
            last_seen=max(seen, sighting.last_seen),
            lost=False,
        )
    if word.state is State.UNKNOWN:
        return replace(sighting, lost=True)
    return replace(sighting, ended=max(word.since or seen, sighting.last_seen), lost=False)


def _kept(sightings: Iterator[Sighting], now: datetime) -> list[Sighting]:
    """All that are open, and of those that ended the latest: memory is no archive."""
    ordered = sorted(sightings, key=lambda s: (s.began, s.component, s.kind))
    recent = [s for s in ordered if s.ended is not None and now - s.ended < SIGHTINGS_KEPT_FOR]
    kept = {id(s) for s in recent[-SIGHTINGS_KEPT:]}
    return [s for s in ordered if s.ended is None or id(s) in kept]
