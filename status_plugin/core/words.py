"""The words of the page: component states and the phases of incidents and maintenance windows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType


class State(StrEnum):
    """What a component can be, declared from best to worst."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    UNKNOWN = "unknown"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"

    @property
    def rank(self) -> int:
        """Place on the scale, 0 for the best."""
        return _RANKS[self]

    @property
    def is_trouble(self) -> bool:
        """Whether visitors notice: slow, partly or wholly offline."""
        return self.rank >= State.DEGRADED_PERFORMANCE.rank


_RANKS = {state: rank for rank, state in enumerate(State)}


class IncidentPhase(StrEnum):
    """Where an incident stands."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"

    @property
    def is_ended(self) -> bool:
        """Whether the incident is over."""
        return self in (IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM)


class MaintenancePhase(StrEnum):
    """Where a maintenance window stands."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


Phase = IncidentPhase | MaintenancePhase

_STAFF_WORDS = {
    "operational": State.OPERATIONAL,
    "ok": State.OPERATIONAL,
    "up": State.OPERATIONAL,
    "online": State.OPERATIONAL,
    "none": State.OPERATIONAL,
    "maintenance": State.UNDER_MAINTENANCE,
    "degraded": State.DEGRADED_PERFORMANCE,
    "slow": State.DEGRADED_PERFORMANCE,
    "minor": State.DEGRADED_PERFORMANCE,
    "partial": State.PARTIAL_OUTAGE,
    "partly offline": State.PARTIAL_OUTAGE,
    "major": State.MAJOR_OUTAGE,
    "critical": State.MAJOR_OUTAGE,
    "offline": State.MAJOR_OUTAGE,
    "down": State.MAJOR_OUTAGE,
}

STATE_WORDS = tuple(_STAFF_WORDS) + tuple(State)
"""Every word that staff may write for a state, for suggestions."""


def worst(states: Iterable[State]) -> State:
    """The worst of some states; operational when there are none."""
    return max(states, key=lambda state: state.rank, default=State.OPERATIONAL)


def shared_states(states: Mapping[str, State]) -> Mapping[str, State]:
    """The states of components by slug, in one mapping for all notes that say the same of them."""
    return _shared(tuple(states.items()))


# Of thousands of notes most say one of a few things, and a mapping of its own is a third of a note's size.
@lru_cache(maxsize=4096)
def _shared(states: tuple[tuple[str, State], ...]) -> Mapping[str, State]:
    return MappingProxyType(dict(states))


def read_state(text: str) -> State | None:
    """The state that a word written by staff means, or None when it means none."""
    word = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    try:
        return State(word.replace(" ", "_"))
    except ValueError:
        return _STAFF_WORDS.get(word)
