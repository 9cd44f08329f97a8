"""What monitoring saw: stretches of trouble, of planned work and of not being reached, one component each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from status_plugin.core.monitoring.failing import Failing, failing_in
from status_plugin.core.monitoring.word import DOWNTIME_LIMIT, Word, checks_behind
from status_plugin.core.words import State, worst

SAME_EVENT = timedelta(minutes=2)
"""Components that go wrong within this time of the first are one event."""

KEPT_FOR = timedelta(days=30)
KEPT = 200


class SightingKind(StrEnum):
    """What monitoring saw on a component."""

    TROUBLE = "trouble"
    DOWNTIME = "downtime"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A state that was worse than all before it, and since when; `checks` are the labels behind it."""

    state: State
    since: datetime
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One stretch of time in which monitoring saw something on one component.

    `event` is the permanent name of what happened, the same for all components that it happened to.
    `state` is the latest word, `steps` how it came to the worst one. `last_seen` is the time of the
    newest facts that showed it. `ended` is None until fresh facts show that it has passed; `lost`
    says that it is still open only because nothing has been known since. `failing` is what failed
    and has not been seen well since.
    """

    event: str
    component: str
    kind: SightingKind
    began: datetime
    state: State
    steps: tuple[Step, ...]
    last_seen: datetime
    ended: datetime | None = None
    lost: bool = False
    failing: Failing = field(default_factory=Failing)

    @property
    def checks(self) -> tuple[str, ...]:
        """The labels of the checks behind its state, of its worst state when it is over."""
        return checks_behind(self.state, self.failing.checks) if self.ended is None else self.steps[-1].checks

    @property
    def worst(self) -> State:
        """The worst word in the stretch."""
        return worst(step.state for step in self.steps)

    @property
    def ends_at_last(self) -> datetime | None:
        """When an open stretch is over even if nobody says so; None when it never is."""
        return self.began + DOWNTIME_LIMIT if self.kind is SightingKind.DOWNTIME else None


def sightings_after(
    before: Sequence[Sighting], words: Mapping[str, Word], now: datetime
) -> tuple[Sighting, ...]:
    """The sightings after a look at monitoring, oldest first."""
    found = []
    for sighting in before:
        if sighting.ended is not None:
            found.append(sighting)
        elif (word := words.get(sighting.component)) is not None:
            found.append(sighting_after(sighting, word, now))
        # One that is open on a component no longer watched is forgotten.
    still_open = [sighting for sighting in found if sighting.ended is None]
    found += sightings_begun(words, still_open, found, now)
    return tuple(kept_sightings(found, now))


def sightings_begun(
    words: Mapping[str, Word], still_open: Iterable[Sighting], known: Iterable[Sighting], now: datetime
) -> list[Sighting]:
    """What the words show that is not open yet, each as part of an event that is known, or of its own."""
    is_open = {(sighting.component, sighting.kind) for sighting in still_open}
    fresh = [
        _begun(slug, kind, word, now)
        for slug, word in words.items()
        if (kind := _kind(word)) is not None and (slug, kind) not in is_open
    ]
    if not fresh:
        return []
    found = list(known)
    count = len(found)
    for sighting in sorted(fresh, key=_order):
        found.append(replace(sighting, event=_event(sighting, found)))
    return found[count:]


def _kind(word: Word) -> SightingKind | None:
    if word.state.is_trouble:
        return SightingKind.TROUBLE
    if word.state is State.UNDER_MAINTENANCE:
        return SightingKind.DOWNTIME
    return SightingKind.UNREACHABLE if word.unreachable else None


def _begun(slug: str, kind: SightingKind, word: Word, now: datetime) -> Sighting:
    seen = word.facts_at or now
    since = min(word.since or seen, now)
    return Sighting(
        event="",
        component=slug,
        kind=kind,
        began=min(word.trouble_since or since, since),
        state=word.state,
        steps=(Step(state=word.state, since=since, checks=_labels(word)),),
        last_seen=seen,
        failing=failing_in(word),
    )


def sighting_after(sighting: Sighting, word: Word, now: datetime) -> Sighting:
    """An open sighting after one more word: it goes on, ends, or stays open while nobody knows."""
    seen = word.facts_at or now
    limit = sighting.ends_at_last
    if limit is not None and now >= limit:
        return replace(sighting, ended=limit, lost=False)
    failing = sighting.failing.after(word)
    if _kind(word) is sighting.kind:
        return replace(
            sighting,
            state=word.state,
            steps=_steps(sighting, word, now),
            last_seen=max(seen, sighting.last_seen),
            lost=False,
            failing=failing,
        )
    if word.state is State.UNKNOWN and not _is_over(sighting, word):
        return replace(sighting, lost=True, failing=failing)
    since = _well_since(sighting, word) if word.state is State.UNKNOWN else word.since
    return replace(sighting, ended=max(since or seen, sighting.last_seen), lost=False)


def _steps(sighting: Sighting, word: Word, now: datetime) -> tuple[Step, ...]:
    """How it came to the worst after one more word of its kind."""
    steps, labels = sighting.steps, _labels(word)
    last = steps[-1]
    if word.state.rank > sighting.worst.rank:
        # A source that says when it got worse may mean a time before the last look.
        since = max([word.since or word.facts_at or now, *(step.since for step in steps)])
        return (*steps, Step(state=word.state, since=min(since, now), checks=labels))
    if word.state is last.state and not set(labels) <= set(last.checks):
        return (*steps[:-1], replace(last, checks=tuple(dict.fromkeys((*last.checks, *labels)))))
    return steps


def _labels(word: Word) -> tuple[str, ...]:
    return checks_behind(word.state, {check.name: check.state for check in word.checks})


def _is_over(sighting: Sighting, word: Word) -> bool:
    """Whether what was seen is well, though something else about the component is not known."""
    if sighting.kind is SightingKind.TROUBLE:
        return not sighting.failing.after(word)
    is_host_seen = word.host is not None and word.host.state is not State.UNKNOWN
    return sighting.kind is SightingKind.UNREACHABLE and is_host_seen


def _well_since(sighting: Sighting, word: Word) -> datetime | None:
    """When the last of what had failed was well again, as far as all of them tell."""
    failed = sighting.failing
    times = [check.since for check in word.checks if check.name in failed.checks]
    if word.host is not None and (failed.host or sighting.kind is SightingKind.UNREACHABLE):
        times.append(word.host.since)
    known = [time for time in times if time]
    return max(known) if known and len(known) == len(times) else None


def _event(fresh: Sighting, known: Sequence[Sighting]) -> str:
    """The event that a new sighting belongs to, or else the name of its own.

    The name is given once, when the first of it is seen: it stays while any of it goes on.
    """
    firsts: dict[str, Sighting] = {}
    joined = set()
    for sighting in known:
        if sighting.kind is not fresh.kind:
            continue
        first = firsts.get(sighting.event)
        if first is None or _order(sighting) < _order(first):
            firsts[sighting.event] = sighting
        if _is_unreachable_with(sighting, fresh):
            joined.add(sighting.event)
    joined |= {name for name, first in firsts.items() if abs(fresh.began - first.began) <= SAME_EVENT}
    if joined:
        return min(joined, key=lambda name: _order(firsts[name]))
    return f"auto-{fresh.component}-{fresh.began.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _is_unreachable_with(sighting: Sighting, fresh: Sighting) -> bool:
    """Whatever cannot be reached at one time is one event, whenever each part of it was lost."""
    if fresh.kind is not SightingKind.UNREACHABLE:
        return False
    return sighting.ended is None or sighting.ended >= fresh.began


def kept_sightings(sightings: Sequence[Sighting], now: datetime) -> list[Sighting]:
    """The events that go on, whole, and of what has ended the latest, oldest first: memory is no archive."""
    ordered = sorted(sightings, key=_order)
    going_on = {sighting.event for sighting in ordered if sighting.ended is None}
    recent = [s for s in ordered if s.ended is not None and now - s.ended < KEPT_FOR]
    kept = {id(s) for s in recent[-KEPT:]}
    return [s for s in ordered if s.event in going_on or id(s) in kept]


def _order(sighting: Sighting) -> tuple[datetime, str, SightingKind]:
    return sighting.began, sighting.component, sighting.kind
