"""What monitoring saw: how long it is kept, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from status_plugin.core.monitoring.memory import Memory, remember, remember_in_part
from status_plugin.core.monitoring.sightings import KEPT, KEPT_FOR
from status_plugin.core.monitoring.word import Word
from status_plugin.core.words import State

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UP, DOWN = State.OPERATIONAL, State.MAJOR_OUTAGE


def after(memory: Memory, minutes: float, state: State, since: float | None = None) -> Memory:
    """The memory after a look at Srv3, some minutes after noon."""
    now = NOON + timedelta(minutes=minutes)
    began = None if since is None else NOON + timedelta(minutes=since)
    return remember(memory, {"srv3": Word(state=state, since=began, facts_at=now)}, now)


def test_a_server_that_flaps_for_weeks_is_not_remembered_for_ever() -> None:
    """Of what is over the latest is kept, and all of what goes on: what workers share stays small."""
    memory = Memory()
    for turn in range(4 * KEPT):
        memory = after(memory, 5 * turn, DOWN if turn % 2 else UP)
    ended = [sighting for sighting in memory.sightings if sighting.ended is not None]
    assert len(ended) == KEPT
    assert [sighting.ended is None for sighting in memory.sightings][-1]
    assert ended == sorted(ended, key=lambda sighting: sighting.began)
    assert ended[0].began == NOON + timedelta(minutes=5) * (4 * KEPT - 1 - 2 * KEPT)
    assert len(memory.known) == 1


def test_what_is_over_for_long_is_forgotten() -> None:
    """An alert that nobody can see any more is not kept either."""
    memory = after(after(Memory(), 0, DOWN), 5, UP)
    assert len(memory.sightings) == 1
    days = KEPT_FOR / timedelta(minutes=1)
    assert len(after(memory, days, UP).sightings) == 1
    assert after(memory, days + 5, UP).sightings == ()


def test_trouble_is_never_over_before_it_was_seen_last() -> None:
    """Of two sources the one that saw no trouble says that all has been well for long."""
    memory = after(after(Memory(), 0, DOWN, since=-1), 4, DOWN, since=-1)
    [sighting] = after(memory, 5, UP, since=-60).sightings
    assert sighting.began == NOON - timedelta(minutes=1)
    assert sighting.ended == NOON + timedelta(minutes=4)


def test_a_mistake_in_the_list_of_components_forgets_no_outage() -> None:
    """What a list that is not whole does not name is kept as it was, and goes on when it is back."""
    now = NOON + timedelta(minutes=5)
    down = Word(state=DOWN, since=NOON, facts_at=now)
    both = remember(Memory(), {"srv3": down, "srv9": down}, now)
    later = now + timedelta(minutes=5)
    in_part = remember_in_part(both, {"srv3": Word(state=UP, since=later, facts_at=later)}, later)
    assert in_part.since(DOWN, "srv9") == NOON
    assert in_part.since(UP, "srv3") == later
    assert [(s.component, s.ended, s.lost) for s in in_part.sightings] == [
        ("srv3", later, False),
        ("srv9", None, True),
    ]
    again = remember(in_part, {"srv3": Word(state=UP), "srv9": down}, later + timedelta(minutes=5))
    assert [(s.component, s.began, s.lost) for s in again.sightings if s.ended is None] == [
        ("srv9", NOON, False)
    ]
