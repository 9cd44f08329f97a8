"""The table of components: what each is now, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from status_plugin.core.components import Component
from status_plugin.core.words import State


class Basis(StrEnum):
    """Where a component's state comes from."""

    MONITORING = "monitoring"
    NOTES = "notes"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRow:
    """One public check of a component, as monitoring sees it."""

    name: str
    state: State
    since: datetime | None = None


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
