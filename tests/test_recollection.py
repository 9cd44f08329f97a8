"""What a journal gives back after a restart is what looking at all of it again would, for much less work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.monitoring.journal import Check, Line, Told
from status_plugin.core.monitoring.memory import Memory, remember
from status_plugin.core.monitoring.recollection import recollected
from status_plugin.core.monitoring.sightings import KEPT_FOR, SightingKind
from status_plugin.core.words import State

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UP, DOWN = State.OPERATIONAL, State.MAJOR_OUTAGE
SLUGS = ("srv1", "srv2", "srv3")


def looked_at_again(lines: Sequence[Line]) -> Memory:
    """The plain way: after each line all that is known is looked at once more."""
    memory = Memory()
    told: dict[str, Told] = {}
    for line in lines:
        if line.after is None:
            told = {}
        told |= {slug: seen for slug, seen in line.seen.items() if seen}
        told = {slug: seen for slug, seen in told.items() if line.seen.get(slug, seen)}
        if line.at >= lines[-1].at - KEPT_FOR:
            memory = remember(memory, {slug: seen.word(line.at) for slug, seen in told.items()}, line.at)
    return memory


tellings = st.builds(
    lambda web, host, unreachable: (web, host, unreachable),
    st.sampled_from([UP, UP, DOWN, State.DEGRADED_PERFORMANCE, State.UNKNOWN]),
    st.none() | st.sampled_from([UP, DOWN, State.UNKNOWN]),
    st.booleans(),
)
changes = st.lists(
    st.tuples(
        st.integers(1, 600) | st.just(12 * 24 * 3600),
        st.dictionaries(st.sampled_from(SLUGS), st.none() | tellings, max_size=3),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=25,
)


def journal_of(
    found: list[tuple[int, dict[str, tuple[State, State | None, bool] | None], bool]],
) -> list[Line]:
    """Lines: seconds since the one before, what is told, and whether looks had stopped before."""
    lines: list[Line] = []
    now = NOON
    for seconds, told, begins_anew in found:
        now += timedelta(seconds=seconds)
        seen = {slug: parts and telling(parts, now) for slug, parts in told.items()}
        after = lines[-1].at if lines and not begins_anew else None
        lines.append(Line(at=now, after=after, seen=seen))
    return lines


def telling(parts: tuple[State, State | None, bool], now: datetime) -> Told:
    """A component with one check, whose state is that of check and server together."""
    web, host, unreachable = parts
    state = max((s for s in (web, host) if s), key=lambda s: s.rank)
    since = now - timedelta(seconds=5)
    return Told(
        state=state,
        since=since,
        unreachable=unreachable and state is State.UNKNOWN,
        host=Check(state=host, since=since) if host else None,
        checks={"Web": Check(state=web, since=since)},
    )


@settings(max_examples=400, deadline=None)
@given(changes)
def test_nothing_is_remembered_otherwise(
    found: list[tuple[int, dict[str, tuple[State, State | None, bool] | None], bool]],
) -> None:
    """Taking in only what each line tells gives the very memory that looking at everything gives."""
    lines = journal_of(found)
    assert recollected(lines) == looked_at_again(lines)


def test_a_storm_is_remembered_like_any_other() -> None:
    """However many troubles there were, those that are kept are the same, under the same names."""
    lines = []
    for number in range(1500):
        slug, state = SLUGS[number % 3], DOWN if number % 2 else UP
        now = NOON + timedelta(seconds=97 * number)
        after = lines[-1].at if lines else None
        lines.append(Line(at=now, after=after, seen={slug: telling((state, None, False), now)}))
    found = recollected(lines)
    assert found == looked_at_again(lines)
    assert len(found.sightings) > 190
    assert {sighting.kind for sighting in found.sightings} == {SightingKind.TROUBLE}


def test_what_did_not_change_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With fifty components a change of one is as much work as with a single one."""
    made = 0
    word = Told.word

    def counted(told: Told, at: datetime) -> object:
        nonlocal made
        made += 1
        return word(told, at)

    monkeypatch.setattr(Told, "word", counted)
    everything = {f"srv{n}": telling((UP, UP, False), NOON) for n in range(50)}
    lines = [Line(at=NOON, seen=everything)]
    for number in range(1000):
        now = NOON + timedelta(minutes=number + 1)
        told = telling((DOWN if number % 2 else UP, UP, False), now)
        lines.append(Line(at=now, after=lines[-1].at, seen={f"srv{number % 50}": told}))
    recollected(lines)
    assert 1000 < made < 2200
