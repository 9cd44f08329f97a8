"""Update lines in a note's body: `Update @ 5:33pm Eastern [identified]: what we know`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from status_plugin.core.components import Inventory
from status_plugin.core.moments import Moment
from status_plugin.core.problems import Problem
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One dated word to visitors.

    `at` is when it was said, `since` when it became true, if earlier. `impact` is the new impact
    for everything affected, `affects` the new state of single components by slug. `anchor` is the
    update's permanent id inside its note. `text` is Markdown; `line` counts from 1 in the file.
    """

    at: Moment
    anchor: str
    text: str
    line: int
    phase: Phase | None = None
    since: Moment | None = None
    next_update: Moment | None = None
    impact: State | None = None
    affects: Mapping[str, State] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A note's text before the first update, its updates oldest first, and what is wrong in them."""

    text: str
    updates: tuple[Update, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_body(
    body: str,
    *,
    path: str,
    first_line: int,
    phases: type[IncidentPhase] | type[MaintenancePhase],
    start: Moment | None,
    zone: tzinfo,
    inventory: Inventory | None,
    read_at: datetime,
) -> Body:
    """Divide the text after a note's front matter into its description and its updates."""
    return Body(text=body.strip())
