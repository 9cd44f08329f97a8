"""An incident's words in the order in which visitors got them, and what became of each promised next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from status_plugin.core.board.items import IncidentItem
from status_plugin.core.notes.updates import Update
from status_plugin.core.words import IncidentPhase
from status_plugin.staff.reporting.moments import deadline_of, is_day
from status_plugin.staff.reporting.publications import Publications, told_at
from status_plugin.staff.reporting.report import Outcome, Promise, Timed, ToldUpdate


def told_updates(
    item: IncidentItem, first_word: Timed | None, publications: Publications, now: datetime
) -> tuple[ToldUpdate, ...]:
    """The updates, oldest first, each with the time since the word before it and its promise's end."""
    updates = [shown.update for shown in reversed(item.updates)]
    told = [told_at(item.note, update, publications) for update in updates]
    if first_word is not None:
        # Nobody could read an update before the note that it stands in.
        told = [timed if timed.at > first_word.at else first_word for timed in told]
    found = []
    before = first_word.at if first_word else None
    for place, (update, timed) in enumerate(zip(updates, told, strict=True)):
        gap = timed.at - before if before is not None and timed.at > before else None
        later = [other.at for other in told[place + 1 :]]
        found.append(
            ToldUpdate(anchor=update.anchor, told=timed, gap=gap, promise=_promise(update, later, item, now))
        )
        before = max(timed.at, before or timed.at)
    return tuple(found)


def longest_silence(
    item: IncidentItem, first_word: Timed | None, updates: Sequence[ToldUpdate], now: datetime
) -> timedelta | None:
    """The longest time without a word from the first one to the one that it is over, or to now.

    None where that is not known.
    """
    if first_word is None:
        return None
    over = _place_of_the_end(item)
    times = [first_word.at, *(told.told.at for told in updates[: None if over is None else over + 1])]
    if not item.phase.is_ended:
        times.append(now)
    elif over is None:
        if item.ended is None or is_day(item.ended):
            return None
        times = [at for at in times if at <= item.ended.at] + [item.ended.at]
    ordered = sorted(at for at in times if at >= first_word.at)
    return max((later - at for at, later in pairwise(ordered)), default=timedelta())


def _place_of_the_end(item: IncidentItem) -> int | None:
    """The place of the update that called it over for good, None if none did."""
    over = None
    for place, shown in enumerate(reversed(item.updates)):
        phase = shown.update.phase
        if isinstance(phase, IncidentPhase):
            over = (place if over is None else over) if phase.is_ended else None
    return over


def _promise(update: Update, later: Sequence[datetime], item: IncidentItem, now: datetime) -> Promise | None:
    """A promise is kept by any later word in time, or if it is all over by then."""
    if update.next_update is None:
        return None
    promise = Promise(due=update.next_update, outcome=Outcome.KEPT)
    deadline = deadline_of(update.next_update)
    kept_at = min(later, default=None)
    if kept_at is not None:
        if kept_at <= deadline:
            return promise
        return replace(promise, outcome=Outcome.LATE, late=kept_at - deadline)
    if item.ended is not None and item.ended.at <= deadline:
        return promise
    if now <= deadline:
        return replace(promise, outcome=Outcome.PENDING)
    until = item.ended.at if item.ended is not None else now
    return replace(promise, outcome=Outcome.NEVER, late=max(until - deadline, timedelta()))
