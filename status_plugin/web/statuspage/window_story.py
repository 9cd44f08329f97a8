"""A maintenance window as Statuspage tells one: staff's words, and what the clock has done between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from status_plugin.core.board.items import Life, WindowItem
from status_plugin.core.board.remarks import START_NOT_CONFIRMED
from status_plugin.core.board.windows import AT_WORK, end_of, still_affected
from status_plugin.core.notes.updates import Update
from status_plugin.core.sayings import message, saying
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import MaintenancePhase, State
from status_plugin.web.faces import is_over, phase_name
from status_plugin.web.statuspage.story import CLOSING, OPENING, Story, StoryUpdate, sentence
from status_plugin.web.statuspage.times import NOBODY_KNOWS
from status_plugin.web.statuspage.words import MAINTENANCE, phase_word
from status_plugin.web.times import NOT_KNOWN, vague_text

_PAST_ITS_END = (Life.OVERRUNNING, Life.END_NOT_CONFIRMED, Life.ENDED_NOT_CONFIRMED)


def window_story(item: WindowItem) -> Story:
    """A window; what starts and ends by the clock gets a word of its own."""
    begins, ends = plan(item)
    updates = _with_beginning(item, _told(item))
    if item.life in _PAST_ITS_END or updates[-1].status != phase_word(item.phase):
        updates.append(_end(item, max(ends, updates[-1].at)))
    over = (item.ended.at if item.ended else ends) if is_over(item) else None
    return Story(
        item=item,
        status=phase_word(item.phase),
        impact=MAINTENANCE,
        started=item.began.at if item.began else begins,
        updates=tuple(updates),
        resolved=over,
        scheduled=(begins, ends),
    )


def plan(item: WindowItem) -> tuple[datetime, datetime]:
    """From when until when; a window that tells no end is believed for as long as the board does."""
    times = (item.note.starts, item.began, item.note.ends)
    begins = next((moment.at for moment in times if moment), NOBODY_KNOWS)
    return begins, max(begins, end_of(item.note) or begins)


def _told(item: WindowItem) -> list[StoryUpdate]:
    """The note's own text and staff's updates, oldest first, each with the phase that holds after it."""
    told = [shown.update for shown in reversed(item.updates)]
    updates = [_opening(item, told)]
    phase = MaintenancePhase.SCHEDULED
    for count, update in enumerate(told, start=1):
        phase = _phase_after(phase, update, item.note.starts)
        affected = still_affected(item.note, told[:count]) if phase in AT_WORK else {}
        updates.append(_told_update(update, phase, affected))
    return updates


def _phase_after(phase: MaintenancePhase, update: Update, starts: Moment | None) -> MaintenancePhase:
    if isinstance(update.phase, MaintenancePhase):
        return update.phase
    due = starts is not None and update.at.at >= starts.at
    return MaintenancePhase.IN_PROGRESS if due and phase is MaintenancePhase.SCHEDULED else phase


def _told_update(update: Update, phase: MaintenancePhase, affected: Mapping[str, State]) -> StoryUpdate:
    said = sentence(phase_name(phase))
    # For the programs a cancelled window is a completed one: only its words can tell the difference.
    cancelled = update.phase is MaintenancePhase.CANCELLED
    return StoryUpdate(
        key=str(update.number),
        at=update.at.at,
        edited=update.edit.at if update.edit else None,
        status=phase_word(phase),
        before=said if cancelled else "",
        text=update.text,
        sentences=() if cancelled or update.text else (said,),
        claims=dict.fromkeys(affected, State.UNDER_MAINTENANCE),
    )


def _opening(item: WindowItem, told: Sequence[Update]) -> StoryUpdate:
    times = (item.note.announced, item.note.starts, *(update.at for update in told), item.note.ends)
    return StoryUpdate(
        key=OPENING,
        at=min((moment.at for moment in times if moment), default=NOBODY_KNOWS),
        edited=item.note.edit.at if item.note.edit else None,
        status=MaintenancePhase.SCHEDULED.value,
        text=item.note.text,
        sentences=tuple(_plan_sentences(item)),
    )


def _plan_sentences(item: WindowItem) -> list[str]:
    """What the planned times alone do not tell, or tell too exactly."""
    note = item.note
    sentences = [] if note.text else [sentence(item.title)]
    for pattern, moment in ((message("Begins: {time}."), note.starts), (message("Ends: {time}."), note.ends)):
        if moment is None:
            sentences.append(saying(pattern, time=NOT_KNOWN))
        elif not moment.exact:
            sentences.append(saying(pattern, time=vague_text(moment)))
    if note.expected_downtime:
        sentences.append(saying("Expected downtime: {length}.", length=note.expected_downtime.written))
    return sentences


def _with_beginning(item: WindowItem, updates: list[StoryUpdate]) -> list[StoryUpdate]:
    """The updates with the begin of the window among them, if the clock alone has begun it."""
    starts = item.note.starts
    if item.began or starts is None or item.life in (Life.SCHEDULED, Life.CANCELLED):
        return updates
    if item.ended and item.ended.at < starts.at:
        return updates
    before = [update for update in updates if update.at <= starts.at]
    after = [update for update in updates if update.at > starts.at]
    beginning = StoryUpdate(
        key=MaintenancePhase.IN_PROGRESS.value,
        at=starts.at,
        status=MaintenancePhase.IN_PROGRESS.value,
        sentences=(START_NOT_CONFIRMED,),
        claims=dict.fromkeys(still_affected(item.note, []), State.UNDER_MAINTENANCE),
    )
    return [*before, beginning, *after]


def _end(item: WindowItem, at: datetime) -> StoryUpdate:
    """What the clock and monitoring say once the planned end has passed."""
    over = is_over(item)
    return StoryUpdate(
        key=CLOSING,
        at=at,
        status=phase_word(item.phase),
        sentences=item.remarks or (sentence(phase_name(item.phase)),),
        claims={} if over else dict.fromkeys(item.affects, State.UNDER_MAINTENANCE),
    )
