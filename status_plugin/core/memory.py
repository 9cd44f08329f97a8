"""What is remembered of monitoring between two looks: since when, and what has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from status_plugin.core.words import State


class SightingKind(StrEnum):
    """What monitoring saw on a component."""

    TROUBLE = "trouble"
    DOWNTIME = "downtime"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One stretch of time in which monitoring saw something on one component.

    `state` is the latest word, `worst` the worst word in the stretch. `last_seen` is the time of
    the newest facts that showed it. `ended` is None until fresh facts show that it has passed.
    """

    component: str
    kind: SightingKind
    began: datetime
    state: State
    worst: State
    last_seen: datetime
    ended: datetime | None = None


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
