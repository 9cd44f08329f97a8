"""The passages of an issue in the order of time, each with the time it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.update_details import Spot
from status_plugin.core.words import IncidentPhase
from status_plugin.staff.importing.cstate.issue_times import IssueTimes
from status_plugin.staff.importing.cstate.passages import Passage
from status_plugin.staff.importing.foreign_site import Time, instant
from status_plugin.staff.importing.phase_labels import phase_of

_ORDER = list(IncidentPhase)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A passage with its time; `more` are passages that nobody has dated and that were said after it."""

    at: Time
    passage: Passage
    more: tuple[Passage, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chronology:
    """What was said, oldest first; `undated` has no place in time."""

    said: tuple[Said, ...]
    undated: tuple[Passage, ...]


def in_time(
    passages: Sequence[Passage],
    times: IssueTimes,
    findings: Findings,
    *,
    began: Time | None,
    ended: Time | None,
) -> Chronology:
    """The passages by time; one without gets that of the beginning or end, or joins the one before."""
    stamped = [_dated(one, times) for one in passages]
    if _is_newest_first(stamped, times, findings):
        stamped.reverse()
    said: list[Said] = []
    undated: list[Passage] = []
    for index, (passage, stamp) in enumerate(stamped):
        at = stamp or _guess(passage, findings, began if index == 0 else None, ended)
        phase = phase_of(passage.label, is_window=False)
        if at is not None:
            said.append(Said(at=at, passage=passage))
        elif said and phase is not IncidentPhase.POSTMORTEM:
            _doubt(findings, passage, "It is joined to the update before it.")
            last = said[-1]
            said[-1] = Said(at=last.at, passage=last.passage, more=(*last.more, passage))
        else:
            _doubt(findings, passage, "It stands above the updates.")
            undated.append(passage)
    ordered = sorted(said, key=lambda one: instant(one.at, times.zone))
    return Chronology(said=tuple(ordered), undated=tuple(undated))


def _dated(passage: Passage, times: IssueTimes) -> tuple[Passage, Time | None]:
    """The passage and its time; a stamp that cannot be read becomes a part of the text."""
    if passage.stamp is None:
        return passage, None
    at = times.of_stamp(passage.stamp, passage.stamp_line)
    if at is None and passage.stamp:
        written = f" ({passage.stamp})"
        passage = replace(passage, text=passage.text + written, labelled=passage.labelled + written)
    return passage, at


def _is_newest_first(
    stamped: Sequence[tuple[Passage, Time | None]], times: IssueTimes, findings: Findings
) -> bool:
    """Whether the file begins with what was said last, as cState's do unless something says otherwise."""
    dated = [(one, instant(at, times.zone)) for one, at in stamped if at is not None]
    late = [below for above, below in pairwise(dated) if above[1] < below[1]]
    early = [below for above, below in pairwise(dated) if above[1] > below[1]]
    if late and early:
        odd = min(late, early, key=len)[0][0]
        message = f"The time '{odd.stamp}' is out of the order in which the updates stand."
        made = "The times count: the updates are put into their order."
        findings.warning("out-of-order", message, made, at=_at(odd.stamp_line), field="track")
    if len(late) != len(early):
        return len(early) > len(late)
    ranks = [_ORDER.index(phase) for one, _ in stamped if (phase := _phase(one))]
    return not ranks or ranks[0] >= ranks[-1]


def _phase(passage: Passage) -> IncidentPhase | None:
    phase = phase_of(passage.label, is_window=False)
    return phase if isinstance(phase, IncidentPhase) else None


def _guess(passage: Passage, findings: Findings, began: Time | None, ended: Time | None) -> Time | None:
    """The time of a passage without one, as far as the issue's own times tell it."""
    phase = _phase(passage)
    if phase is IncidentPhase.RESOLVED and ended is not None:
        _doubt(findings, passage, "The time of 'resolvedWhen' is taken.")
        return ended
    if began is not None and phase is not IncidentPhase.POSTMORTEM and phase is not IncidentPhase.RESOLVED:
        _doubt(findings, passage, "It is the oldest, so the time of 'date' is taken.")
        return began
    return None


def _doubt(findings: Findings, passage: Passage, made: str) -> None:
    name = f"'{passage.label}'" if passage.label else "An update"
    message = f"{name} has no time that can be read."
    findings.warning("update-without-time", message, made, at=_at(passage.line), field="track")


def _at(line: int) -> Spot:
    return Spot(line=line, column=1)
