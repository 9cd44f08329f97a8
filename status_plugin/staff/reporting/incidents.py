"""How one incident was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from status_plugin.core.board.items import IncidentItem
from status_plugin.core.monitoring.sightings import Sighting, SightingKind
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase, State
from status_plugin.staff.reporting.evidence import Evidence
from status_plugin.staff.reporting.moments import deadline_of, is_day
from status_plugin.staff.reporting.promises import longest_silence, told_updates
from status_plugin.staff.reporting.publications import first_told_at
from status_plugin.staff.reporting.report import Debt, IncidentAccount, PostMortem, Timed, Wait, Witness


def incident_account(item: IncidentItem, evidence: Evidence) -> IncidentAccount:
    """The account of an incident as it stands now."""
    seen = [one for one in evidence.covered_by(item) if one.kind is not SightingKind.DOWNTIME]
    first_word = first_told_at(item.note, evidence.commits)
    detected = _detected(item, seen)
    updates = told_updates(item, first_word, evidence.commits, evidence.now)
    seen_ended = _seen_ended(seen)
    return IncidentAccount(
        slug=item.slug,
        title=item.title,
        phase=item.phase,
        impact=item.impact,
        components=tuple(item.affects),
        began=item.started,
        ended=item.ended,
        detected=detected,
        first_word=first_word,
        wait=_wait(item, detected, first_word),
        updates=updates,
        longest_silence=longest_silence(item, first_word, updates, evidence.now),
        lasted=_lasted(item, evidence),
        seen_ended=seen_ended,
        called_over_after=_called_over_after(item.ended, seen_ended),
        contradictions=evidence.contradictions(item),
        post_mortem=post_mortem_of(item, evidence),
    )


def post_mortem_of(item: IncidentItem, evidence: Evidence) -> PostMortem:
    """Whether a post-mortem is owed: one with a date always, else one of every outage that is over."""
    due = item.note.postmortem_due
    phases = {shown.update.phase for shown in item.updates}
    if IncidentPhase.POSTMORTEM in phases or item.note.posts:
        return PostMortem(debt=Debt.WRITTEN, due=due)
    if due is not None:
        is_overdue = evidence.now > deadline_of(due)
        return PostMortem(debt=Debt.OVERDUE if is_overdue else Debt.OWED, due=due)
    is_owed = item.phase.is_ended and item.impact is State.MAJOR_OUTAGE
    return PostMortem(debt=Debt.OWED if is_owed else Debt.NONE)


def _detected(item: IncidentItem, seen: Sequence[Sighting]) -> Timed | None:
    if seen:
        return Timed(at=min(sighting.began for sighting in seen), by=Witness.MONITORING)
    return _start(item)


def _start(item: IncidentItem) -> Timed | None:
    if item.started is None or is_day(item.started):
        return None
    return Timed(at=item.started.at, by=Witness.START, is_about=not item.started.exact)


def _wait(item: IncidentItem, detected: Timed | None, first_word: Timed | None) -> Wait | None:
    """Whoever got no word while it lasted waited to its end, and no longer."""
    if detected is None or first_word is None:
        return None
    start = _start(item)
    until, is_about = first_word.at, first_word.is_about or detected.is_about
    over = item.ended
    is_without_word = over is not None and not is_day(over) and until > over.at
    if over is not None and is_without_word:
        until, is_about = over.at, not over.exact or detected.is_about
    return Wait(
        after_detection=max(until - detected.at, timedelta()),
        after_start=max(until - start.at, timedelta()) if start else None,
        is_about=is_about,
        is_without_word=is_without_word,
    )


def _lasted(item: IncidentItem, evidence: Evidence) -> timedelta | None:
    """From its beginning to its end, or to now; None where either is only a day, or both one vague time."""
    begun, over = item.started, item.ended
    if begun is None or is_day(begun):
        return None
    if not item.phase.is_ended:
        return max(evidence.now - begun.at, timedelta())
    if over is None or is_day(over) or (over.at == begun.at and not over.exact):
        return None
    return max(over.at - begun.at, timedelta())


def _seen_ended(seen: Sequence[Sighting]) -> datetime | None:
    ends = [sighting.ended for sighting in seen]
    return None if not ends or None in ends else max(end for end in ends if end)


def _called_over_after(ended: Moment | None, seen_ended: datetime | None) -> timedelta | None:
    if ended is None or not ended.exact or seen_ended is None:
        return None
    return ended.at - seen_ended
