"""The report in a few numbers: how long clients waited, and which promises were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from status_plugin.staff.reporting.report import Debt, IncidentAccount, Outcome, Report, WindowAccount


@dataclass(frozen=True, kw_only=True, slots=True)
class Lengths:
    """Some lengths of time: the middle one, the longest, and the incident that it is of."""

    count: int
    median: timedelta
    worst: timedelta
    worst_of: IncidentAccount


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The figures of a report; None where nothing of the kind is known.

    `waits` are those after detection. `without_word` counts incidents that were over before a word was
    written, `unknown_waits` those of whose wait nobody can tell. `worst_late` is by how much a promise
    was missed at worst, of those that were followed by a word at all. `held` are the windows that count
    against the notice period: neither emergencies nor cancelled nor of unknown notice.
    """

    waits: Lengths | None
    without_word: int
    unknown_waits: int
    promised: int
    kept: int
    late: int
    never: int
    pending: int
    worst_late: timedelta
    silence: Lengths | None
    lasted: Lengths | None
    held: int
    short: int
    emergencies: int
    overran: int
    longer_than_expected: int
    owed: int
    overdue: int


def summary_of(report: Report) -> Summary:
    """The figures of a report."""
    incidents, windows = report.incidents, report.windows
    waits = [(one, one.wait.after_detection) for one in incidents if one.wait]
    promises = [promise for one in incidents for promise in one.promises]
    late = [promise.late for promise in promises if promise.outcome is Outcome.LATE]
    held = [window for window in windows if _is_held(window)]
    return Summary(
        waits=_lengths(waits),
        without_word=sum(one.wait is not None and one.wait.is_without_word for one in incidents),
        unknown_waits=len(incidents) - len(waits),
        promised=len(promises),
        kept=sum(promise.outcome is Outcome.KEPT for promise in promises),
        late=len(late),
        never=sum(promise.outcome is Outcome.NEVER for promise in promises),
        pending=sum(promise.outcome is Outcome.PENDING for promise in promises),
        worst_late=max(late, default=timedelta()),
        silence=_lengths((one, one.longest_silence) for one in incidents if one.longest_silence),
        lasted=_lengths((one, one.lasted) for one in incidents if one.lasted and not one.is_open),
        held=len(held),
        short=sum(window.is_short for window in held),
        emergencies=sum(window.is_emergency for window in windows),
        overran=sum(bool(window.overran) for window in windows),
        longer_than_expected=sum(window.is_longer_than_expected for window in windows),
        owed=len(report.debts),
        overdue=sum(one.post_mortem.debt is Debt.OVERDUE for one in report.debts),
    )


def _is_held(window: WindowAccount) -> bool:
    return not window.is_emergency and not window.is_cancelled and window.notice is not None


def _lengths(found: Iterable[tuple[IncidentAccount, timedelta]]) -> Lengths | None:
    pairs = list(found)
    if not pairs:
        return None
    worst_of, worst = max(pairs, key=lambda pair: pair[1])
    middle = timedelta(seconds=median(length.total_seconds() for _, length in pairs))
    return Lengths(count=len(pairs), median=middle, worst=worst, worst_of=worst_of)
