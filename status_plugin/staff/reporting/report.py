"""The report as a value: what each incident, window and component was in a period, for all renderings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from status_plugin.core.board.items import Life
from status_plugin.core.times.moments import Moment
from status_plugin.core.times.spans import Span
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State


class Witness(StrEnum):
    """Who tells a time: git by a commit, the note's own words, its `announced:` or `started:`, monitoring."""

    GIT = "git"
    NOTE = "note"
    ANNOUNCED = "announced"
    START = "start"
    MONITORING = "monitoring"


@dataclass(frozen=True, kw_only=True, slots=True)
class Timed:
    """A time and who tells it; `is_about` where it was written vaguely."""

    at: datetime
    by: Witness
    is_about: bool = False


class Outcome(StrEnum):
    """What became of a promised next update."""

    KEPT = "kept"
    LATE = "late"
    NEVER = "never"
    PENDING = "pending"


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A promised next update; `late` is by how much it missed its time, or has missed it so far."""

    due: Moment
    outcome: Outcome
    late: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldUpdate:
    """One update: when visitors could read it, how long after the word before it, and what it promised."""

    anchor: str
    told: Timed
    gap: timedelta | None = None
    promise: Promise | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """How long clients waited for the first word, after something was detected and after it began.

    Where `is_without_word` nothing was written while it lasted, and they waited to its end.
    """

    after_detection: timedelta
    after_start: timedelta | None
    is_about: bool = False
    is_without_word: bool = False


class Debt(StrEnum):
    """Whether a post-mortem is there, is owed, or should have been there by now; NONE if nobody owes one."""

    NONE = "none"
    WRITTEN = "written"
    OWED = "owed"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True, slots=True)
class PostMortem:
    """What is known of an incident's post-mortem."""

    debt: Debt
    due: Moment | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentAccount:
    """How one incident was told. Lengths are None where they cannot be known.

    `lasted` counts to now while it is open. `seen_ended` is when monitoring saw the last of its trouble
    end, None while it sees any or if it never saw it; `called_over_after` is by how much later (below
    zero: earlier) the note says so. `contradictions` are those of now.
    """

    slug: str
    title: str
    phase: IncidentPhase
    impact: State
    components: tuple[str, ...]
    began: Moment | None
    ended: Moment | None
    post_mortem: PostMortem
    detected: Timed | None = None
    first_word: Timed | None = None
    wait: Wait | None = None
    updates: tuple[ToldUpdate, ...] = ()
    longest_silence: timedelta | None = None
    lasted: timedelta | None = None
    seen_ended: datetime | None = None
    called_over_after: timedelta | None = None
    contradictions: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return not self.phase.is_ended

    @property
    def promises(self) -> tuple[Promise, ...]:
        """All promised updates, in the order in which they were promised."""
        return tuple(update.promise for update in self.updates if update.promise)

    def promises_that(self, *outcomes: Outcome) -> int:
        """How many promises came to one of these ends."""
        return sum(promise.outcome in outcomes for promise in self.promises)

    @property
    def worst_lateness(self) -> timedelta:
        """By how much the worst of its promises was missed, zero if none was."""
        return max((promise.late for promise in self.promises), default=timedelta())


@dataclass(frozen=True, kw_only=True, slots=True)
class Downtime:
    """How long monitoring saw the worst of a window's components offline; at least, unless `is_whole`."""

    length: timedelta
    is_whole: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowAccount:
    """How one maintenance window was announced and kept. Lengths are None where they cannot be known.

    `notice` is how long before its start it was announced, below zero if afterwards; `is_short` if that
    is less than the site promises. `overran` is by how much it ended late, so far if it goes on.
    """

    slug: str
    title: str
    life: Life
    phase: MaintenancePhase
    components: tuple[str, ...]
    is_emergency: bool
    starts: Moment | None
    ends: Moment | None
    began: Moment | None
    ended: Moment | None
    announced: Timed | None = None
    notice: timedelta | None = None
    is_short: bool = False
    overran: timedelta | None = None
    expected: Span | None = None
    downtime: Downtime | None = None
    contradictions: tuple[str, ...] = ()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.life is Life.CANCELLED

    @property
    def is_longer_than_expected(self) -> bool:
        """Whether monitoring saw more downtime than was announced."""
        limit = self.expected.longest if self.expected else None
        return limit is not None and self.downtime is not None and self.downtime.length > limit


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentAccount:
    """One component's time in the period, by the rule that its page prints.

    `uptime` is a part of 1, None where no time counts. What nothing watches is known by notes alone.
    """

    slug: str
    name: str
    uptime: float | None
    down: timedelta
    trouble: timedelta
    no_data: timedelta
    is_watched: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Unwritten:
    """Something that monitoring saw and no note tells of; `ended` is None while it goes on."""

    event: str
    components: tuple[str, ...]
    worst: State
    began: datetime
    ended: datetime | None
    lasted: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """A sentence on a note, by its slug, and monitoring that differ now."""

    slug: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything about a period, from `begin` to before `end`, as known at `now`; lists are oldest first.

    `debts` are incidents that owe a post-mortem: those of the period, and of any time those that have
    named a day for it. `contradictions` are all that there are now, of notes of any time. `undated`
    counts notes that tell no time, `withheld` those that cannot be read: neither are in any list.
    `seen_from` is the first look at monitoring that the journal tells of.
    """

    now: datetime
    begin: datetime
    end: datetime
    zone: tzinfo
    incidents: tuple[IncidentAccount, ...] = ()
    windows: tuple[WindowAccount, ...] = ()
    components: tuple[ComponentAccount, ...] = ()
    unwritten: tuple[Unwritten, ...] = ()
    debts: tuple[IncidentAccount, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    undated: int = 0
    withheld: int = 0
    has_journal: bool = False
    seen_from: datetime | None = None
    has_git: bool = False
    notice_period: timedelta | None = None
