"""Our words in Statuspage's enumerations, which know no doubt and no cancelled work."""

from __future__ import annotations

from status_plugin.core.board.board import Board
from status_plugin.core.board.overall import ALL_WELL
from status_plugin.core.words import MaintenancePhase, Phase, State

COMPONENT_STATUS = {state: state.value for state in State} | {State.UNKNOWN: "degraded_performance"}
"""A component's status by its state: what nobody knows is never called operational."""

IMPACT = {
    State.OPERATIONAL: "none",
    State.UNDER_MAINTENANCE: "none",
    State.UNKNOWN: "minor",
    State.DEGRADED_PERFORMANCE: "minor",
    State.PARTIAL_OUTAGE: "major",
    State.MAJOR_OUTAGE: "critical",
}
"""An incident's impact by the state that it claims."""

INDICATOR = IMPACT | {State.UNDER_MAINTENANCE: "maintenance"}
"""The indicator of the whole page by the board's overall state."""

MAINTENANCE = "maintenance"
"""The impact of every window."""


def phase_word(phase: Phase) -> str:
    """A phase; a window that was cancelled counts as completed, which its last update explains."""
    return (MaintenancePhase.COMPLETED if phase is MaintenancePhase.CANCELLED else phase).value


def description(board: Board) -> str:
    """The board's own line; when all is well in the very words that programs look for."""
    text = board.overall.text
    return "All Systems Operational" if text == ALL_WELL else text
