"""How a state looks to people: a word, and the tone that picks its shape and colour."""

from __future__ import annotations

from dataclasses import dataclass

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, Life, WindowItem
from status_plugin.core.board.rows import Basis, ComponentRow
from status_plugin.core.board.wording import STATE_NAMES
from status_plugin.core.sayings import saying
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase, State
from status_plugin.web.language import Language

QUIET = "quiet"
"""The tone of what nothing watches: neither good nor bad."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """A word for people, which is a saying, and a tone: the state's own name, or `quiet`."""

    word: str
    tone: str

    @property
    def is_calm(self) -> bool:
        """Whether nobody needs to look twice."""
        return self.tone in (State.OPERATIONAL, QUIET)


_FACES = {state: Face(word=name, tone=state.value) for state, name in STATE_NAMES.items()}

_PHASE_NAMES: dict[Phase, str] = {
    IncidentPhase.INVESTIGATING: saying("Investigating"),
    IncidentPhase.IDENTIFIED: saying("Identified"),
    IncidentPhase.MONITORING: saying("Monitoring"),
    IncidentPhase.RESOLVED: saying("Resolved"),
    IncidentPhase.POSTMORTEM: saying("Post-mortem"),
    MaintenancePhase.SCHEDULED: saying("Scheduled"),
    MaintenancePhase.IN_PROGRESS: saying("In progress"),
    MaintenancePhase.VERIFYING: saying("Verifying"),
    MaintenancePhase.COMPLETED: saying("Completed"),
    MaintenancePhase.CANCELLED: saying("Cancelled"),
}

_LIFE_NAMES = {
    Life.DUE: saying("Due, start not confirmed"),
    Life.OVERRUNNING: saying("Longer than planned"),
    Life.END_NOT_CONFIRMED: saying("End not confirmed"),
    Life.ENDED_NOT_CONFIRMED: saying("Ended as scheduled, not confirmed"),
}

_WAS = {
    State.OPERATIONAL: saying("Was working"),
    State.UNDER_MAINTENANCE: saying("Was under maintenance"),
    State.UNKNOWN: saying("Was in an unknown state"),
    State.DEGRADED_PERFORMANCE: saying("Was slow"),
    State.PARTIAL_OUTAGE: saying("Was partly offline"),
    State.MAJOR_OUTAGE: saying("Was offline"),
}


def state_face(state: State) -> Face:
    """A state that somebody vouches for."""
    return _FACES[state]


def spoken_face(face: Face, language: Language) -> Face:
    """The face with its word in a language."""
    return Face(word=language.spoken(face.word), tone=face.tone)


def item_face(item: Item) -> Face:
    """An entry's kind of news: planned work, or the worst that customers notice or noticed."""
    if isinstance(item, IncidentItem | AlertItem):
        return claim_face(item.impact, over=is_over(item))
    return Face(word=saying("Maintenance"), tone=State.UNDER_MAINTENANCE.value)


def claim_face(state: State, *, over: bool) -> Face:
    """A state that an entry claims; once the entry is over it only was so."""
    face = state_face(state)
    return Face(word=_WAS[state], tone=face.tone) if over else face


def is_over(item: Item) -> bool:
    """Whether the entry tells of the past."""
    if isinstance(item, IncidentItem):
        return item.phase.is_ended
    if isinstance(item, WindowItem):
        return item.life in (Life.ENDED_NOT_CONFIRMED, Life.COMPLETED, Life.CANCELLED)
    return isinstance(item, AlertItem) and item.ended is not None


def row_face(row: ComponentRow) -> Face:
    """A component's state; without monitoring, no news is no proof that all is well."""
    if row.seen is None and row.state is State.OPERATIONAL:
        return Face(word=saying("No problem reported (not monitored)"), tone=QUIET)
    return state_face(row.state)


def overall_face(board: Board) -> Face:
    """The overall state; when nothing is monitored it is never called operational."""
    state = board.overall.state
    if state is State.OPERATIONAL and not board.monitored:
        return Face(word=saying("Not monitored"), tone=QUIET)
    if state.is_trouble and all(row.state.rank < state.rank for row in board.rows):
        return Face(word=saying("Incident open"), tone=state.value)
    return state_face(state)


def phase_name(phase: Phase) -> str:
    """What people read for a phase."""
    return _PHASE_NAMES[phase]


def life_name(life: Life, phase: MaintenancePhase) -> str:
    """Where a window stands: its life where that says more than its phase."""
    return _LIFE_NAMES.get(life, _PHASE_NAMES[phase])


def standing(item: Item) -> str:
    """Where an entry stands: its phase, or what the clock makes of it, or that nobody wrote it."""
    if isinstance(item, IncidentItem):
        return _PHASE_NAMES[item.phase]
    if isinstance(item, WindowItem):
        return life_name(item.life, item.phase)
    if is_over(item):
        return saying("Seen by our monitoring, no note written")
    return saying("Seen by our monitoring")


def planned_word(item: WindowItem) -> str:
    """What kind of work a window is."""
    return saying("Emergency maintenance") if item.note.emergency else saying("Planned maintenance")


def remarks(item: Item) -> list[str]:
    """The entry's remarks that say more than its standing."""
    said = standing(item)
    return [remark for remark in item.remarks if remark.rstrip(".") != said]


def has_doubt(board: Board) -> bool:
    """Whether anything is unknown or cannot be shown, so that an empty list proves nothing."""
    states = [board.overall.state]
    for row in board.rows:
        states += [row.state, *(check.state for check in row.checks)]
    return bool(board.gaps) or State.UNKNOWN in states


def empty_word(board: Board) -> str:
    """What stands under a heading that has no entries."""
    return saying("None known") if has_doubt(board) else saying("None")


def basis_word(row: ComponentRow) -> str:
    """What stands in the table where a component's own state is told."""
    if row.seen is None:
        return saying("Staff reports only")
    return saying("Overall") if row.component.checks else saying("Reachability only")


def basis_text(row: ComponentRow) -> str:
    """Where the state comes from, as a sentence."""
    if row.seen is None:
        return saying("Not monitored: this is what our staff has written.")
    if row.component.checks:
        if row.basis is Basis.BOTH:
            return saying("Watched by our monitoring; our staff has written about it, too.")
        return saying("Watched by our monitoring.")
    if row.basis is Basis.BOTH:
        return saying(
            "Only its reachability is watched by our monitoring; our staff has written about it, too."
        )
    return saying("Only its reachability is watched by our monitoring.")
