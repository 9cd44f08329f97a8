"""What the report says of one incident, window, component or trouble: cells of a table, and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from status_plugin.core.board.wording import STATE_NAMES, predicate
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import State
from status_plugin.staff.reporting.moments import is_day
from status_plugin.staff.reporting.report import (
    ComponentAccount,
    Debt,
    IncidentAccount,
    Outcome,
    Timed,
    Unwritten,
    Wait,
    WindowAccount,
    Witness,
)
from status_plugin.web.day_words import percent
from status_plugin.web.faces import life_name
from status_plugin.web.times import NOT_KNOWN, Times, duration_text

INCIDENT_COLUMNS = ("Began", "First word after", "Silence", "Lasted", "Promises kept")
WINDOW_COLUMNS = ("Starts", "Announced before", "Ended late by", "Downtime", "Expected")
COMPONENT_COLUMNS = ("Component", "Uptime", "Offline", "Slow or worse", "Without data")

_BY = {
    Witness.GIT: "by its commit",
    Witness.NOTE: "by the note's own time",
    Witness.ANNOUNCED: "by the note's announced:",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A title, the cells of its row, and sentences that the cells do not tell."""

    title: str
    cells: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountWriter:
    """Writes accounts; `names` turns components' slugs into their names."""

    times: Times
    names: Callable[[Sequence[str]], Sequence[str]]

    def incident(self, one: IncidentAccount) -> Account:
        """How an incident was told."""
        settled = len(one.promises) - one.promises_that(Outcome.PENDING)
        kept = f"{one.promises_that(Outcome.KEPT)} of {settled}" if settled else "none due"
        wait = one.wait
        return Account(
            title=f"{one.title} ({one.slug})",
            cells=(
                self._clock(one.began),
                _wait(wait),
                _length(one.longest_silence),
                _length(one.lasted, is_about=not _are_exact(one.began, one.ended)),
                kept,
            ),
            remarks=tuple(self._incident_remarks(one)),
        )

    def window(self, one: WindowAccount) -> Account:
        """How a window was announced and kept."""
        return Account(
            title=f"{one.title} ({one.slug})",
            cells=(
                self._clock(one.starts),
                _ahead(one.notice, one.announced),
                self._lateness(one),
                self._downtime(one),
                self._expected(one),
            ),
            remarks=tuple(self._window_remarks(one)),
        )

    def component(self, one: ComponentAccount) -> Account:
        """How long a component was up and down."""
        unknown = "no data" if one.is_watched else "not watched"
        uptime = unknown if one.uptime is None else percent(one.uptime)
        missing = _none_or(one.no_data) if one.is_watched else ""
        return Account(title="", cells=(one.name, uptime, _none_or(one.down), _none_or(one.trouble), missing))

    def unwritten(self, one: Unwritten) -> str:
        """What monitoring saw and nobody wrote about."""
        names = self._names(one.components)
        began = self.times.full(one.began)
        what = "not reached" if one.worst is State.UNKNOWN else predicate(one.worst)
        going_on = "" if one.ended else ", and it goes on"
        return f"{names}: {what} from {began}, {duration_text(one.lasted)}{going_on} ({one.event})"

    def due(self, one: IncidentAccount) -> str:
        """Whose post-mortem is owed, and since when if it is."""
        due = one.post_mortem.due
        when = f"due {self.times.text(due)}" if due else "no day named (postmortem_due)"
        overdue = ", overdue" if one.post_mortem.debt is Debt.OVERDUE else ""
        return f"{one.title} ({one.slug}): {when}{overdue}"

    def _incident_remarks(self, one: IncidentAccount) -> Iterator[str]:
        names = self._names(one.components)
        so_far = ", still open" if one.is_open else ""
        yield f"{STATE_NAMES[one.impact]}: {names}{so_far}."
        yield self._first_word(one)
        for promise in one.promises:
            if promise.outcome is Outcome.LATE:
                late = duration_text(promise.late)
                yield f"The update promised for {self.times.text(promise.due)} came {late} late."
            elif promise.outcome is Outcome.NEVER:
                yield f"The update promised for {self.times.text(promise.due)} never came."
        if one.called_over_after:
            length = duration_text(abs(one.called_over_after))
            side = "after" if one.called_over_after > timedelta() else "before"
            yield f"The note ends it {length} {side} monitoring saw it end."

    def _first_word(self, one: IncidentAccount) -> str:
        wait, detected = one.wait, one.detected
        if one.first_word is None or wait is None or detected is None:
            return "When the first word was told, or when it began, is not known."
        told = self._told(one.first_word)
        if wait.is_without_word:
            return f"Nothing was written while it lasted; the first word came {told}."
        if detected.by is not Witness.MONITORING:
            return f"First word {told}, counted from its beginning."
        seen = f"monitoring saw it ({self._timed(detected)})"
        after_start = _length(wait.after_start, is_about=not _are_exact(one.began))
        began = f", {after_start} after it began" if wait.after_start else ""
        if not wait.after_detection:
            return f"First word {told}, no later than {seen}{began}."
        return f"First word {told}, {_length(wait.after_detection)} after {seen}{began}."

    def _lateness(self, one: WindowAccount) -> str:
        if one.is_cancelled:
            return "cancelled"
        return "in time" if one.overran == timedelta() else _length(one.overran)

    def _downtime(self, one: WindowAccount) -> str:
        if one.downtime is None:
            return "" if one.is_cancelled else NOT_KNOWN
        return _length(one.downtime.length)

    def _expected(self, one: WindowAccount) -> str:
        if one.expected is None:
            return "not told"
        longest = one.expected.longest
        return "no limit told" if longest is None else f"up to {_none_or(longest)}" if longest else "none"

    def _window_remarks(self, one: WindowAccount) -> Iterator[str]:
        names = self._names(one.components)
        emergency = "Emergency. " if one.is_emergency else ""
        yield f"{emergency}{life_name(one.life, one.phase)}: {names}."
        if one.announced:
            yield f"Announced {self._told(one.announced)}."
        if one.expected and one.expected.longest is None:
            yield f"Expected downtime: {one.expected.written}."
        if one.downtime and not one.downtime.is_whole:
            yield "Monitoring was not heard all the time: the downtime may have been longer."
        if one.is_short:
            yield "That is shorter than the notice that you promise."
        if one.is_longer_than_expected:
            yield "That was more downtime than announced."

    def _names(self, slugs: Sequence[str]) -> str:
        return ", ".join(self.names(slugs)) or "no component named"

    def _told(self, timed: Timed) -> str:
        return f"{self._timed(timed)} ({_BY[timed.by]})"

    def _timed(self, timed: Timed) -> str:
        return f"{'about ' if timed.is_about else ''}{self.times.full(timed.at)}"

    def _clock(self, moment: Moment | None) -> str:
        if moment is None:
            return NOT_KNOWN
        local = moment.at.astimezone(self.times.zone)
        day = self.times.day(moment.at).partition(" ")[2]
        if is_day(moment):
            return day
        return f"{'' if moment.exact else 'about '}{day}, {local:%H:%M}"


def _wait(wait: Wait | None) -> str:
    if wait is None:
        return NOT_KNOWN
    return _length(wait.after_detection, is_about=wait.is_about) if wait.after_detection else "at once"


def _length(length: timedelta | None, *, is_about: bool = False) -> str:
    if length is None:
        return NOT_KNOWN
    return f"{'about ' if is_about else ''}{_none_or(length)}"


def _none_or(length: timedelta) -> str:
    return ("under 1 min" if length < timedelta(minutes=1) else duration_text(length)) if length else "none"


def _ahead(notice: timedelta | None, announced: Timed | None) -> str:
    if notice is None or announced is None:
        return NOT_KNOWN
    about = "about " if announced.is_about else ""
    return about + duration_text(notice) if notice > timedelta() else "after its start"


def _are_exact(*moments: Moment | None) -> bool:
    return all(moment is None or moment.exact for moment in moments)
