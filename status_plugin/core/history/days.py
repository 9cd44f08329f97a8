"""The days of the history: where each begins and ends, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.history.claims import Told
from status_plugin.core.history.instants import Piece, Seen, pieces
from status_plugin.core.words import State, worst


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One component's day in the site's zone; a day of the clock change is longer or shorter.

    `state` is the worst that was known, None when nothing was. `trouble` is how long it was slow or
    worse, `no_data` how long nothing is known of, `up` and `down` what counts in the uptime. `notes`
    tell what happened. `is_vague` says that some of it is told in words too vague to be counted, and
    `is_unwritten` that monitoring saw trouble which no note tells of.
    """

    date: date
    state: State | None
    trouble: timedelta = timedelta()
    no_data: timedelta = timedelta()
    up: timedelta = timedelta()
    down: timedelta = timedelta()
    notes: tuple[IncidentItem | WindowItem, ...] = ()
    is_vague: bool = False
    is_unwritten: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """From when to when time counts in the uptime, in UTC."""

    begin: datetime
    end: datetime

    def part(self, piece: Piece) -> timedelta:
        """How much of a piece lies in it."""
        return max(timedelta(), min(piece.end, self.end) - max(piece.begin, self.begin))


def day_bounds(zone: tzinfo, begin: datetime, end: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    """Each day from that of `begin` to that of `end`, with what of it lies between them, in UTC."""
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    first, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield day, max(begin, midnight(day, zone)), min(midnight(day + timedelta(days=1), zone), end)


def one_day(
    day: date,
    seen: Sequence[Seen],
    told: Told,
    counted: Period,
    begin: datetime,
    end: datetime,
    awaited_from: datetime,
) -> Day:
    """The day from begin to end, of which `seen` and `told` hold what touches it.

    Only time in the period `counted` counts in the uptime. What monitoring saw from `awaited_from` on
    has not been told yet, and is no missing data.
    """
    found = list(pieces(seen, told, begin, end))
    states = [piece.state for piece in found if piece.state is not None]
    missing = (piece for piece in found if not piece.is_known and piece.begin < awaited_from)
    return Day(
        date=day,
        state=worst(states) if states else None,
        trouble=_total(piece.end - piece.begin for piece in found if piece.is_trouble),
        no_data=_total(piece.end - piece.begin for piece in missing),
        up=_total(counted.part(piece) for piece in found if piece.counts_up),
        down=_total(counted.part(piece) for piece in found if piece.is_down),
        notes=tuple({id(part.item): part.item for part in told.parts}.values()),
        is_vague=any(not part.is_exact for part in told.parts),
        is_unwritten=any(_is_unwritten(part, told) for part in seen if part.state.is_trouble),
    )


def _is_unwritten(trouble: Seen, told: Told) -> bool:
    return not told.between(trouble.begin, trouble.end).parts


@lru_cache(maxsize=512)
def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day of a zone begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _total(lengths: Iterable[timedelta]) -> timedelta:
    return sum(lengths, timedelta())
