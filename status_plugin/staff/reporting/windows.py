"""How one maintenance window was announced and kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from status_plugin.core.board.items import Life, WindowItem
from status_plugin.core.board.windows import end_of
from status_plugin.core.history.instants import seen_in
from status_plugin.core.monitoring.logbook import Logbook
from status_plugin.core.words import State
from status_plugin.staff.reporting.evidence import Evidence
from status_plugin.staff.reporting.moments import is_day
from status_plugin.staff.reporting.publications import first_told_at
from status_plugin.staff.reporting.report import Downtime, Timed, WindowAccount, Witness

_NO_GAP = timedelta(minutes=1)
"""How much of a window may be without data for its downtime to be known whole."""


def window_account(item: WindowItem, evidence: Evidence, notice_period: timedelta | None) -> WindowAccount:
    """The account of a window as it stands now; `notice_period` is how long ahead the site promises it."""
    announced = first_told_at(item.note, evidence.commits)
    if announced is not None and announced.by is Witness.NOTE:
        # The text of a window may have been there long before its first update.
        announced = None
    notice = _notice(item, announced)
    is_held = not item.note.emergency and item.life is not Life.CANCELLED
    return WindowAccount(
        slug=item.slug,
        title=item.title,
        life=item.life,
        phase=item.phase,
        components=tuple(item.note.affects),
        is_emergency=item.note.emergency,
        starts=item.note.starts,
        ends=item.note.ends,
        began=item.began,
        ended=item.ended,
        announced=announced,
        notice=notice,
        is_short=is_held and notice_period is not None and notice is not None and notice < notice_period,
        overran=_overran(item, evidence.now),
        expected=item.note.expected_downtime,
        downtime=_downtime(item, evidence),
        contradictions=evidence.contradictions(item),
    )


def _notice(item: WindowItem, announced: Timed | None) -> timedelta | None:
    starts = item.note.starts
    if announced is None or starts is None or is_day(starts):
        return None
    return starts.at - announced.at


def _overran(item: WindowItem, now: datetime) -> timedelta | None:
    """By how much it ended late, zero if in time; None if nobody confirmed its end."""
    ends = item.note.ends
    if ends is None or is_day(ends) or item.life is Life.CANCELLED:
        return None
    if item.life is Life.OVERRUNNING:
        return now - ends.at
    if item.ended is None or is_day(item.ended):
        return None
    return max(item.ended.at - ends.at, timedelta())


def _downtime(item: WindowItem, evidence: Evidence) -> Downtime | None:
    """What monitoring saw during the work, or during the window as long as nobody told of the work."""
    begun, over = item.began or item.note.starts, item.ended.at if item.ended else end_of(item.note)
    if evidence.logbook is None or begun is None or over is None or item.life is Life.CANCELLED:
        return None
    begin, end = begun.at, min(over, evidence.now)
    known = list(_seen_downtimes(item.note.affects, evidence.logbook, begin, end))
    if not known:
        return None
    return Downtime(
        length=max(downtime.length for downtime in known),
        is_whole=len(known) == len(item.note.affects) and all(downtime.is_whole for downtime in known),
    )


def _seen_downtimes(
    slugs: Iterable[str], logbook: Logbook, begin: datetime, end: datetime
) -> Iterable[Downtime]:
    for slug in slugs:
        seen = seen_in(logbook.record(slug, begin, end).spans)
        if seen:
            offline = [part for part in seen if part.state.rank >= State.PARTIAL_OUTAGE.rank]
            known = sum((part.end - part.begin for part in seen), timedelta())
            yield Downtime(
                length=sum((part.end - part.begin for part in offline), timedelta()),
                is_whole=end - begin - known <= _NO_GAP,
            )
