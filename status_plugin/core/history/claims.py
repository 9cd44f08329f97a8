"""What the notes say of components over time: troubles that staff told of, and work that was announced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from status_plugin.core.board.cards import Card
from status_plugin.core.board.incidents import claims_of
from status_plugin.core.board.items import IncidentItem, Life, WindowItem
from status_plugin.core.board.windows import end_of, outlasted_at, still_affected
from status_plugin.core.notes.updates import Update
from status_plugin.core.words import IncidentPhase, State

VAGUE_BY = timedelta(days=1)
"""How far the truth may be from a time that is written vaguely."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A state that an incident tells of one component from `begin` to `end`, in UTC.

    `is_exact` is False where the note's beginning or end is written vaguely. While it `is_watched`
    the claim is no more than monitoring sees.
    """

    item: IncidentItem
    begin: datetime
    end: datetime
    state: State
    is_exact: bool
    is_watched: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A time in which an announced window was at work on one component, in UTC."""

    item: WindowItem
    begin: datetime
    end: datetime
    is_exact: bool

    def excuses_until(self, trouble_since: datetime) -> datetime:
        """Until when trouble that began then is what the window announced; never if its times are vague."""
        if not self.is_exact:
            return self.begin
        limit = outlasted_at(self.item, trouble_since)
        return self.end if limit is None else min(self.end, limit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """All that the notes say of one component."""

    claims: tuple[Claim, ...] = ()
    works: tuple[Work, ...] = ()

    @property
    def parts(self) -> tuple[Claim | Work, ...]:
        """Claims and works together."""
        return (*self.claims, *self.works)

    def between(self, begin: datetime, end: datetime) -> Told:
        """What of it touches a stretch of time."""
        return Told(
            claims=tuple(claim for claim in self.claims if claim.begin < end and begin < claim.end),
            works=tuple(work for work in self.works if work.begin < end and begin < work.end),
        )

    def before(self, end: datetime) -> Told:
        """What of it lies before a moment."""
        return Told(
            claims=tuple(replace(it, end=min(it.end, end)) for it in self.claims if it.begin < end),
            works=tuple(replace(it, end=min(it.end, end)) for it in self.works if it.begin < end),
        )


def told_by_notes(
    incidents: Iterable[IncidentItem], windows: Iterable[WindowItem], begin: datetime, now: datetime
) -> Mapping[str, Told]:
    """What the notes say of each component between `begin` and now, by slug."""
    claims: dict[str, list[Claim]] = {}
    works: dict[str, list[Work]] = {}
    for incident in incidents:
        if not is_over_before(begin, incident):
            for slug, claim in _claims(incident, now):
                claims.setdefault(slug, []).append(claim)
    for window in windows:
        if not is_over_before(begin, window):
            for slug, work in _works(window, now):
                works.setdefault(slug, []).append(work)
    return {
        slug: Told(claims=tuple(claims.get(slug, ())), works=tuple(works.get(slug, ())))
        for slug in claims.keys() | works.keys()
    }


def is_over_before(begin: datetime, note: IncidentItem | WindowItem | Card) -> bool:
    """Whether a note tells nothing of the time from `begin` on."""
    if isinstance(note, Card):
        return note.over_since is not None and note.over_since + VAGUE_BY < begin
    end = note.ended if isinstance(note, IncidentItem) else note.note.ends
    return end is not None and end.at + VAGUE_BY < begin


def _claims(item: IncidentItem, now: datetime) -> Iterator[tuple[str, Claim]]:
    """One claim for each stretch between two updates; while it was called over there is none."""
    if item.started is None:
        return
    told = [shown.update for shown in reversed(item.updates)]
    end = _utc(item.ended.at) if item.ended else now
    is_exact = item.started.exact and (item.ended is None or item.ended.exact)
    phase = IncidentPhase.INVESTIGATING
    for count, (begin, until) in enumerate(_stretches(_utc(item.started.at), told, end)):
        if count and isinstance(said := told[count - 1].phase, IncidentPhase):
            phase = said
        if phase.is_ended or begin >= until:
            continue
        for slug, state in claims_of(item.note, told[:count]).now.items():
            if state is not State.OPERATIONAL:
                yield (
                    slug,
                    Claim(
                        item=item,
                        begin=begin,
                        end=until,
                        state=state,
                        is_exact=is_exact,
                        is_watched=phase is IncidentPhase.MONITORING,
                    ),
                )


def _works(item: WindowItem, now: datetime) -> Iterator[tuple[str, Work]]:
    """One work for each stretch between two updates, for no longer than was announced."""
    begun = item.began or item.note.starts
    limit = end_of(item.note)
    if begun is None or item.life is Life.SCHEDULED:
        return
    ends = [_utc(end) for end in (limit, item.ended.at if item.ended else None, now) if end]
    begin = _utc(begun.at)
    if item.note.announced is not None:
        begin = max(begin, _utc(item.note.announced.at))
    is_exact = all(moment is None or moment.exact for moment in (begun, item.note.ends, item.ended))
    told = [shown.update for shown in reversed(item.updates)]
    for count, (start, until) in enumerate(_stretches(begin, told, min(ends))):
        if start < until:
            for slug in still_affected(item.note, told[:count]):
                yield slug, Work(item=item, begin=start, end=until, is_exact=is_exact)


def _stretches(begin: datetime, told: list[Update], end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time from begin to end, divided where each update became true: one stretch more than updates."""
    for update in told:
        became_true = update.since if update.since and update.since.exact else update.at
        until = min(max(begin, _utc(became_true.at)), end)
        yield begin, until
        begin = until
    yield begin, end


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
