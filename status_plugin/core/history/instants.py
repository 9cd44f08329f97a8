"""What a component was at one instant, from monitoring and notes together, and how that counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from status_plugin.core.history.claims import Claim, Told, Work
from status_plugin.core.monitoring.logbook import Span
from status_plugin.core.words import State, worst


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A stretch in which monitoring saw one state; `trouble_since` is when the trouble in it began."""

    begin: datetime
    end: datetime
    state: State
    trouble_since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A stretch in which nothing changed.

    `state` is the worst that anybody told, None when nobody did; it `is_known` unless only vague
    words tell it. `is_trouble` and `is_down` are said of what is exactly known. `counts_up` and
    `counts_down` say on which side of the uptime it stands, if on any.
    """

    begin: datetime
    end: datetime
    state: State | None
    is_known: bool
    is_trouble: bool
    is_down: bool
    counts_up: bool


def seen_in(spans: Sequence[Span]) -> list[Seen]:
    """The spans in which monitoring said anything; trouble that goes on in another state is one trouble."""
    found: list[Seen] = []
    for span in spans:
        if span.state is State.UNKNOWN:
            continue
        last = found[-1] if found else None
        goes_on = last is not None and last.end == span.begin and last.state.is_trouble
        since = last.trouble_since if last is not None and goes_on else span.begin
        found.append(Seen(begin=span.begin, end=span.end, state=span.state, trouble_since=since))
    return found


def pieces(seen: Sequence[Seen], told: Told, begin: datetime, end: datetime) -> Iterator[Piece]:
    """The time from begin to end, piece by piece, without a gap."""
    edges = {begin, end}
    for part in (*seen, *told.parts):
        edges |= {part.begin, part.end}
    for work in told.works:
        edges |= {work.excuses_until(part.trouble_since) for part in seen if part.state.is_trouble}
    inside = sorted(edge for edge in edges if begin <= edge <= end)
    for start, until in pairwise(inside):
        found = next((part for part in seen if part.begin <= start < part.end), None)
        claims = [claim for claim in told.claims if claim.begin <= start < claim.end]
        works = [work for work in told.works if work.begin <= start < work.end]
        yield _piece(start, until, found, claims, works)


def _piece(
    begin: datetime, end: datetime, seen: Seen | None, claims: Sequence[Claim], works: Sequence[Work]
) -> Piece:
    is_excused = seen is not None and seen.state.is_trouble and _is_excused(begin, seen, works)
    exact = [_limited(claim, seen) for claim in claims if claim.is_exact]
    exact += [State.UNDER_MAINTENANCE for work in works if work.is_exact]
    if seen is not None:
        exact.append(State.UNDER_MAINTENANCE if is_excused else seen.state)
    vague = [_limited(claim, seen) for claim in claims if not claim.is_exact]
    vague += [State.UNDER_MAINTENANCE for work in works if not work.is_exact]
    known = worst(exact)
    is_down = _is_down(known)
    return Piece(
        begin=begin,
        end=end,
        state=worst([*exact, *vague]) if exact or vague else None,
        is_known=bool(exact),
        is_trouble=known.is_trouble,
        is_down=is_down,
        counts_up=seen is not None
        and not is_down
        and not (is_excused and _is_down(seen.state))
        and seen.state is not State.UNDER_MAINTENANCE,
    )


def _is_down(state: State) -> bool:
    return state.rank >= State.PARTIAL_OUTAGE.rank


def _is_excused(at: datetime, seen: Seen, works: Sequence[Work]) -> bool:
    return any(work.begin <= at < work.excuses_until(seen.trouble_since) for work in works)


def _limited(claim: Claim, seen: Seen | None) -> State:
    """While a fix is watched the claim is no more than monitoring sees."""
    if claim.is_watched and seen is not None:
        return min(claim.state, seen.state, key=lambda state: state.rank)
    return claim.state
