"""A maintenance window's life, by its note, the clock and monitoring together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from status_plugin.core.board.items import Life, WindowItem
from status_plugin.core.board.publication import next_update, shown_updates
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.sightings import Sighting, SightingKind
from status_plugin.core.monitoring.word import Word
from status_plugin.core.notes.note import Maintenance
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import MaintenancePhase, State

CONFIRMATION_WAIT = timedelta(minutes=60)
"""How long a window whose end nobody can confirm stays among the current alerts."""

LIMIT_WITHOUT_END = timedelta(hours=24)
"""A window that tells no end is not believed for longer, nor work that goes on after the end."""

RUNNING = (Life.DUE, Life.IN_PROGRESS)
UNCONFIRMED = (Life.END_NOT_CONFIRMED, Life.ENDED_NOT_CONFIRMED)
CURRENT = (Life.DUE, Life.IN_PROGRESS, Life.OVERRUNNING, Life.END_NOT_CONFIRMED)

AT_WORK = (MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING)

_PHASES = {
    Life.SCHEDULED: MaintenancePhase.SCHEDULED,
    Life.ENDED_NOT_CONFIRMED: MaintenancePhase.COMPLETED,
    Life.COMPLETED: MaintenancePhase.COMPLETED,
    Life.CANCELLED: MaintenancePhase.CANCELLED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Surveillance:
    """What monitoring contributes, by component slug: its words, and trouble that is not known to be over."""

    words: Mapping[str, Word] = field(default_factory=dict)
    trouble: Mapping[str, Sighting] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Mapping[str, Word], memory: Memory) -> Surveillance:
        """The words of now, and the open sightings of a memory that counts them."""
        return cls(
            words=words,
            trouble={
                sighting.component: sighting
                for sighting in memory.sightings
                if sighting.ended is None and sighting.kind is SightingKind.TROUBLE
            },
        )


def window_item(note: Maintenance, seen: Surveillance, read_at: datetime, now: datetime) -> WindowItem:
    """The window as it stands at `now`."""
    shown = shown_updates(note, read_at, now)
    told = [entry.update for entry in reversed(shown)]
    affects = still_affected(note, told)
    said = _said_phase(told)
    life = _life(note, said, _at_work_at(told), seen, now)
    verifying = said is MaintenancePhase.VERIFYING and life in CURRENT
    return WindowItem(
        slug=note.slug,
        title=note.title,
        affects=note.affects if life not in CURRENT else affects,
        updates=shown,
        next_update=next_update(shown, now) if life in (*CURRENT, Life.SCHEDULED) else None,
        note=note,
        phase=said if verifying else _PHASES.get(life, MaintenancePhase.IN_PROGRESS),
        life=life,
        began=_when(told, *AT_WORK),
        ended=_ended(told),
    )


def end_of(note: Maintenance) -> datetime | None:
    """When the window is over by its note; one that tells no end gets a limit, None without a start."""
    if note.ends is not None:
        return note.ends.at
    return note.starts.at + LIMIT_WITHOUT_END if note.starts is not None else None


def still_affected(note: Maintenance, told: list[Update]) -> dict[str, State]:
    """The components that the window still touches: an update may have given some back."""
    affects = dict(note.affects)
    for update in told:
        for slug, state in update.affects.items():
            if state is State.OPERATIONAL:
                affects.pop(slug, None)
            else:
                affects[slug] = State.UNDER_MAINTENANCE
    return affects


def outlasted_at(item: WindowItem, trouble_since: datetime) -> datetime | None:
    """When trouble seen since then lasts longer than the downtime that was announced, if one was."""
    expected = item.note.expected_downtime
    if expected is None or expected.longest is None:
        return None
    begun = item.began or item.note.starts
    counted_from = max(trouble_since, begun.at) if begun else trouble_since
    return counted_from + expected.longest


def is_outlasted(item: WindowItem, trouble: Sighting, now: datetime) -> bool:
    """Whether trouble that is seen lasts longer than was announced, whatever it changed into meanwhile."""
    limit = outlasted_at(item, trouble.began)
    return limit is not None and now >= limit and not trouble.lost


def window_turning_points(note: Maintenance) -> set[datetime]:
    """The moments at which the clock alone moves the window on."""
    points = {note.starts.at} if note.starts else set()
    if (end := end_of(note)) is not None:
        points |= {end, end + CONFIRMATION_WAIT}
        points |= {update.at.at + LIMIT_WITHOUT_END for update in note.updates if update.at.at >= end}
    return points


def _said_phase(told: list[Update]) -> MaintenancePhase:
    said = [update.phase for update in told if isinstance(update.phase, MaintenancePhase)]
    return said[-1] if said else MaintenancePhase.SCHEDULED


def _at_work_at(told: list[Update]) -> datetime | None:
    """When staff last said that the work goes on, None unless that is their latest word."""
    said = [update for update in told if isinstance(update.phase, MaintenancePhase)]
    return said[-1].at.at if said and said[-1].phase in AT_WORK else None


def _ended(told: list[Update]) -> Moment | None:
    """The end that staff have told, unless they have begun again since."""
    ended: Moment | None = None
    for update in told:
        if isinstance(update.phase, MaintenancePhase):
            over = update.phase in (MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED)
            ended = (ended or update.since or update.at) if over else None
    return ended


def _when(told: list[Update], *phases: MaintenancePhase) -> Moment | None:
    return next((update.since or update.at for update in told if update.phase in phases), None)


def _life(
    note: Maintenance,
    said: MaintenancePhase,
    at_work_at: datetime | None,
    seen: Surveillance,
    now: datetime,
) -> Life:
    if said is MaintenancePhase.CANCELLED:
        return Life.CANCELLED
    if said is MaintenancePhase.COMPLETED:
        return Life.COMPLETED
    end = end_of(note)
    if end is not None and now >= end:
        is_prolonged = at_work_at is not None and end <= at_work_at and now < at_work_at + LIMIT_WITHOUT_END
        return Life.OVERRUNNING if is_prolonged else _life_after(end, note, seen, now)
    if said in AT_WORK:
        return Life.IN_PROGRESS
    if note.starts is not None and now >= note.starts.at:
        return Life.DUE
    return Life.SCHEDULED


def _life_after(end: datetime, note: Maintenance, seen: Surveillance, now: datetime) -> Life:
    """After the written end, without a word of staff, monitoring tells: trouble from inside overruns it.

    Trouble that was seen before monitoring fell silent proves nothing of now: the wait begins with it.
    """
    trouble = [seen.trouble[slug] for slug in note.affects if slug in seen.trouble]
    inside = [sighting for sighting in trouble if sighting.began < end]
    if any(not sighting.lost for sighting in inside):
        return Life.OVERRUNNING
    known = bool(note.affects) and all(_is_confirmed(end, seen.words.get(slug)) for slug in note.affects)
    last_known = max([end, *(sighting.last_seen for sighting in inside)])
    if (known and not inside) or now >= last_known + CONFIRMATION_WAIT:
        return Life.ENDED_NOT_CONFIRMED
    return Life.END_NOT_CONFIRMED


def _is_confirmed(end: datetime, word: Word | None) -> bool:
    """Whether monitoring knows; silence that began after the end takes nothing back."""
    if word is None:
        return False
    return word.state is not State.UNKNOWN or (word.facts_at is not None and word.facts_at >= end)
