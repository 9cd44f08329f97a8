"""The table of components: what each is now, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.windows import Surveillance, is_outlasted
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.sightings import Sighting
from status_plugin.core.monitoring.word import CheckRow, Word
from status_plugin.core.notes.components import Component
from status_plugin.core.sayings import saying
from status_plugin.core.words import IncidentPhase, State, worst

_SEEN_OTHERWISE = {
    State.OPERATIONAL: saying("Our monitoring sees it working."),
    State.UNDER_MAINTENANCE: saying("Our monitoring sees it under maintenance."),
    State.DEGRADED_PERFORMANCE: saying("Our monitoring sees it slow."),
    State.PARTIAL_OUTAGE: saying("Our monitoring sees it partly offline."),
    State.MAJOR_OUTAGE: saying("Our monitoring sees it offline."),
}


class Basis(StrEnum):
    """Where a component's state comes from."""

    MONITORING = "monitoring"
    NOTES = "notes"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentRow:
    """One component on the board.

    `seen` is monitoring's own word, None if nothing watches it. `remarks` are sentences for
    visitors that the state alone does not tell.
    """

    component: Component
    state: State
    basis: Basis
    since: datetime | None = None
    seen: State | None = None
    checks: tuple[CheckRow, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Contribution:
    """One reason for a component's state."""

    state: State
    since: datetime | None


def component_row(
    component: Component,
    seen: Surveillance,
    memory: Memory,
    incidents: Iterable[IncidentItem],
    windows: Iterable[WindowItem],
    now: datetime,
) -> ComponentRow:
    """The component as it stands at `now`: the worst of monitoring, claims and running windows.

    `incidents` are the open ones, `windows` the running ones; only those that touch the component
    count.
    """
    slug = component.slug
    word, trouble = seen.words.get(slug), seen.trouble.get(slug)
    touching = [item for item in windows if slug in item.affects]
    notes = [_claim(item, slug, word) for item in incidents if slug in item.affects]
    notes += [_Contribution(state=State.UNDER_MAINTENANCE, since=_window_began(item)) for item in touching]
    reasons = list(notes)
    if word is not None and not is_masked(trouble, touching, now):
        since = word.since or memory.since(word.state, slug)
        reasons.append(_Contribution(state=word.state, since=since))
    state = worst(reason.state for reason in reasons)
    times = [reason.since for reason in reasons if reason.state is state and reason.since]
    return ComponentRow(
        component=component,
        state=state,
        basis=Basis.NOTES if word is None else Basis.BOTH if notes else Basis.MONITORING,
        since=min(times, default=None),
        seen=word.state if word else None,
        checks=_check_rows(component.slug, word, memory),
        remarks=_remarks(state, word),
    )


def is_masked(trouble: Sighting | None, windows: Iterable[WindowItem], now: datetime) -> bool:
    """Whether trouble that is seen is what a running window announced, for no longer than announced."""
    if trouble is None or trouble.lost:
        return False
    return any(not is_outlasted(item, trouble, now) for item in windows)


def _claim(item: IncidentItem, slug: str, word: Word | None) -> _Contribution:
    claim = item.affects[slug]
    known = word is not None and word.state is not State.UNKNOWN
    if item.phase is IncidentPhase.MONITORING and word is not None and known:
        claim = min(claim, word.state, key=lambda state: state.rank)
    return _Contribution(state=claim, since=item.claimed_since.get(slug))


def _window_began(item: WindowItem) -> datetime | None:
    begun = item.began or item.note.starts
    return begun.at if begun else None


def _check_rows(slug: str, word: Word | None, memory: Memory) -> tuple[CheckRow, ...]:
    checks = word.checks if word else ()
    return tuple(
        replace(check, since=check.since or memory.since(check.state, slug, check.name)) for check in checks
    )


def _remarks(state: State, word: Word | None) -> tuple[str, ...]:
    """Notes and monitoring that differ are both told."""
    if word is None or word.state is state or word.state is State.UNKNOWN:
        return ()
    return (_SEEN_OTHERWISE[word.state],)
