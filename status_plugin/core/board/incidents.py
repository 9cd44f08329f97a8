"""Where an incident stands: the one place that decides whether it is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from status_plugin.core.board.items import IncidentItem
from status_plugin.core.board.publication import known_from, next_update, shown_updates
from status_plugin.core.notes.note import Incident
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase, State, shared_states, worst

_NO_CLAIMS: Mapping[str, datetime | None] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What staff say of each affected component now, at its worst so far, and since when."""

    now: Mapping[str, State]
    worst: Mapping[str, State]
    since: Mapping[str, datetime | None]


def incident_item(note: Incident, read_at: datetime, now: datetime) -> IncidentItem:
    """The incident as it stands at `now`."""
    shown = shown_updates(note, read_at, now)
    told = [entry.update for entry in reversed(shown)]
    phase, ended = _phase(note, told, read_at, now)
    claims = claims_of(note, told)
    started = note.started or (told[0].since or told[0].at if told else None)
    return IncidentItem(
        slug=note.slug,
        title=note.title,
        affects=shared_states(claims.worst if phase.is_ended else claims.now),
        updates=shown,
        next_update=None if phase.is_ended else next_update(shown, now),
        note=note,
        phase=phase,
        impact=_impact(note, told, claims, over=phase.is_ended),
        started=started,
        ended=ended,
        claimed_since=_NO_CLAIMS if phase.is_ended else claims.since,
    )


def claims_of(note: Incident, told: list[Update]) -> Claims:
    """The claims after the updates so far, oldest first."""
    begun = note.started.at if note.started else None
    current = dict(note.affects)
    highest = dict(note.affects)
    since: dict[str, datetime | None] = dict.fromkeys(current, begun)
    for update in told:
        for slug, state in claims_after(current, update).items():
            if current.get(slug) is not state:
                since[slug] = (update.since or update.at).at
            current[slug] = state
            highest[slug] = worst([highest.get(slug, State.OPERATIONAL), state])
    return Claims(now=current, worst=highest, since=since)


def claims_after(claims: Mapping[str, State], update: Update) -> dict[str, State]:
    """The claims once an update is told: its impact is meant for all that is still affected."""
    claimed = dict(claims)
    if update.impact is not None:
        claimed |= {slug: update.impact for slug, state in claims.items() if state is not State.OPERATIONAL}
    return claimed | dict(update.affects)


def _phase(
    note: Incident, told: list[Update], read_at: datetime, now: datetime
) -> tuple[IncidentPhase, Moment | None]:
    """The phase and, once it is over, the end; an open phase said after the end opens it again."""
    phase, ended = IncidentPhase.INVESTIGATING, None
    closes = note.resolved if note.resolved and known_from(note.resolved.at, read_at) <= now else None
    for update in told:
        if isinstance(update.phase, IncidentPhase):
            phase = update.phase
            ended = (ended or update.since or update.at) if phase.is_ended else None
    if closes is None:
        return phase, ended
    if phase.is_ended:
        return phase, closes
    reopened = any(update.at.at > closes.at and isinstance(update.phase, IncidentPhase) for update in told)
    return (phase, None) if reopened and closes.exact else (IncidentPhase.RESOLVED, closes)


def _impact(note: Incident, told: list[Update], claims: Claims, *, over: bool) -> State:
    """The worst claim: of now while it is open, of its whole life when it is over."""
    said = [note.impact, *(update.impact for update in told if update.impact)]
    states = list((claims.worst if over else claims.now).values())
    troubled = [state for state in states if state.is_trouble]
    if troubled:
        return worst(troubled)
    return worst(said) if over else said[-1]
