"""Monitoring's word: what all sources together say of each component at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from status_plugin.core.monitoring.summary import Observation, Summary
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.words import State, worst

DOWNTIME_LIMIT = timedelta(hours=24)
"""A downtime that lasts longer in the monitor was forgotten there and hides nothing more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRow:
    """One public check of a component, as monitoring sees it."""

    name: str
    state: State
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRow:
    """The server itself, apart from its checks, as monitoring sees it."""

    state: State
    since: datetime | None = None


_SHOWN_BY = {
    State.DEGRADED_PERFORMANCE: (State.DEGRADED_PERFORMANCE,),
    # A check that is down is itself offline, and makes the whole partly so.
    State.PARTIAL_OUTAGE: (State.PARTIAL_OUTAGE, State.MAJOR_OUTAGE),
}


def failing_checks(state: State, checks: Sequence[CheckRow]) -> tuple[str, ...]:
    """The labels of the checks that make a component slow or partly offline; none when all of them do."""
    labels = checks_behind(state, {check.name: check.state for check in checks})
    return labels if len(labels) < len(checks) else ()


def checks_behind(state: State, checks: Mapping[str, State]) -> tuple[str, ...]:
    """The labels of all checks that make a component slow or partly offline."""
    return tuple(name for name, seen in checks.items() if seen in _SHOWN_BY.get(state, ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """What monitoring says of one component.

    `host` is None where nobody told of the server itself. `since` is when the state began and
    `trouble_since` when the first of any trouble did, each None when no source tells. `facts_at` is
    the time of the newest facts behind the word, None if there never were any; for a word that went
    stale it is when they were last good. `turns_at` is when the word would change by the clock alone.
    """

    state: State
    host: HostRow | None = None
    checks: tuple[CheckRow, ...] = ()
    since: datetime | None = None
    trouble_since: datetime | None = None
    facts_at: datetime | None = None
    unreachable: bool = False
    turns_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The time of the oldest fresh source in use, None without one, and when that changes by itself."""

    at: datetime | None = None
    turns_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fact:
    """One observation as it counts at a moment."""

    state: State
    since: datetime | None
    facts_at: datetime | None
    in_downtime: bool = False
    unreachable: bool = False
    turns_at: datetime | None = None


_NEVER_SEEN = _Fact(state=State.UNKNOWN, since=None, facts_at=None)


def monitoring_words(summary: Summary, inventory: Inventory, now: datetime) -> dict[str, Word]:
    """The word on every component that is to be watched, by slug; none at all where nothing watches.

    Its checks in components.yml promise that a component is watched: one that no source is asked
    about is unknown.
    """
    if not summary.coverage:
        return {}
    return {
        component.slug: _word(component, summary, now)
        for component in inventory.components
        if component.is_monitored
    }


def facts_in_use(summary: Summary, now: datetime) -> Facts:
    """The age of what is known at `now`."""
    asked = [source for source, slugs in summary.coverage.items() if slugs]
    readings = [summary.readings[source] for source in asked if source in summary.readings]
    fresh = [reading for reading in readings if now <= reading.fresh_until]
    return Facts(
        at=min((reading.written_at for reading in fresh), default=None),
        turns_at=min((reading.fresh_until + timedelta.resolution for reading in fresh), default=None),
    )


def _word(component: Component, summary: Summary, now: datetime) -> Word:
    labels = component.checks or ()
    sources = [source for source, slugs in summary.coverage.items() if component.slug in slugs]
    hosts = [fact for source in sources for fact in _host_facts(summary, source, component.slug, now)]
    if component.checks_in_doubt or not (hosts or labels):
        hosts.append(_NEVER_SEEN)
    checks = {label: _merged(_check_facts(summary, sources, component.slug, label, now)) for label in labels}
    state = _component_state(hosts, list(checks.values()))
    facts = [*hosts, *checks.values()]
    return Word(
        state=state,
        host=_host_row(hosts),
        checks=tuple(
            CheckRow(name=label, state=fact.state, since=fact.since) for label, fact in checks.items()
        ),
        since=_since(state, hosts, list(checks.values())),
        trouble_since=_first(fact for fact in facts if _shows_trouble(fact)),
        facts_at=max((fact.facts_at for fact in facts if fact.facts_at), default=None),
        unreachable=state is State.UNKNOWN and any(fact.unreachable for fact in facts),
        turns_at=min((fact.turns_at for fact in facts if fact.turns_at), default=None),
    )


def _host_row(hosts: Sequence[_Fact]) -> HostRow | None:
    """The server as all its sources see it: the worst of them."""
    if not hosts:
        return None
    worst_of = max(hosts, key=lambda host: host.state.rank)
    return HostRow(state=worst_of.state, since=worst_of.since)


def _host_facts(summary: Summary, source: str, slug: str, now: datetime) -> Iterator[_Fact]:
    """The host as one source sees it; a source that watches only checks has nothing to say of it."""
    reading = summary.readings.get(source)
    seen = reading.components.get(slug) if reading else None
    if reading is not None and seen is not None and seen.host is not None:
        yield _fact(seen.host, reading.written_at, reading.fresh_until, now)
    elif seen is None or not summary.coverage[source][slug]:
        yield _NEVER_SEEN


def _check_facts(
    summary: Summary, sources: Sequence[str], slug: str, label: str, now: datetime
) -> list[_Fact]:
    facts = []
    for source in sources:
        if label not in summary.coverage[source][slug]:
            continue
        reading = summary.readings.get(source)
        seen = reading.components.get(slug) if reading else None
        observation = seen.checks.get(label) if seen else None
        if reading is None or observation is None:
            facts.append(_NEVER_SEEN)
        else:
            facts.append(_fact(observation, reading.written_at, reading.fresh_until, now))
    return facts or [_NEVER_SEEN]


def _fact(
    observation: Observation, written_at: datetime, source_fresh_until: datetime, now: datetime
) -> _Fact:
    fresh_until = min(observation.fresh_until, source_fresh_until)
    if now > fresh_until:
        return _Fact(state=State.UNKNOWN, since=fresh_until, facts_at=min(written_at, fresh_until))
    turns_at = fresh_until + timedelta.resolution
    downtime_ends = observation.downtime_since + DOWNTIME_LIMIT if observation.downtime_since else None
    in_downtime = downtime_ends is not None and now < downtime_ends
    return _Fact(
        state=observation.state,
        since=observation.downtime_since if in_downtime else observation.since,
        facts_at=written_at,
        in_downtime=in_downtime,
        unreachable=observation.unreachable,
        turns_at=min(turns_at, downtime_ends) if downtime_ends and in_downtime else turns_at,
    )


def _merged(facts: Sequence[_Fact]) -> _Fact:
    """One check as all its sources see it: the worst of them, a planned downtime before a fault."""
    planned = [fact for fact in facts if fact.in_downtime]
    return max(planned or facts, key=lambda fact: fact.state.rank)


def _component_state(hosts: Sequence[_Fact], checks: Sequence[_Fact]) -> State:
    if any(host.in_downtime for host in hosts):
        return State.UNDER_MAINTENANCE
    down = [check.state is State.MAJOR_OUTAGE and not check.in_downtime for check in checks]
    if any(host.state is State.MAJOR_OUTAGE for host in hosts) or (down and all(down)):
        return State.MAJOR_OUTAGE
    if any(down):
        return State.PARTIAL_OUTAGE
    states = [State.UNDER_MAINTENANCE if fact.in_downtime else fact.state for fact in (*hosts, *checks)]
    return worst(states)


def _shows_trouble(fact: _Fact) -> bool:
    return fact.state.is_trouble and not fact.in_downtime


def _since(state: State, hosts: Sequence[_Fact], checks: Sequence[_Fact]) -> datetime | None:
    """When the word became so, as far as the sources tell.

    Most states began with the first fact that shows them. All was well only with the last one, and
    without a host that is down the whole was offline only with the last check.
    """
    facts = [*hosts, *checks]
    if state is State.OPERATIONAL:
        return _last(facts)
    if state is State.UNDER_MAINTENANCE:
        return _first(fact for fact in facts if fact.in_downtime)
    if state is State.MAJOR_OUTAGE:
        down = [host for host in hosts if host.state is state]
        return _first(down) if down else _last(checks)
    # A check that is down is itself offline, and makes the whole partly so.
    shown = State.MAJOR_OUTAGE if state is State.PARTIAL_OUTAGE else state
    return _first(fact for fact in facts if fact.state in (state, shown) and not fact.in_downtime)


def _first(facts: Iterable[_Fact]) -> datetime | None:
    """The earliest of the times that are known."""
    return min((fact.since for fact in facts if fact.since), default=None)


def _last(facts: Sequence[_Fact]) -> datetime | None:
    """The latest of the times if all are known."""
    times = [fact.since for fact in facts if fact.since]
    return max(times) if times and len(times) == len(facts) else None
