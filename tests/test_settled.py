"""Notes that are long over are worked out once, and the board is the same as if it looked at each again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from test_board_properties import INVENTORY, RULES, START, remembered, worlds

from status_plugin.core.board.board import board_of
from status_plugin.core.board.cards import Filed, card_of, cards_of, touched
from status_plugin.core.board.incidents import incident_item
from status_plugin.core.board.order import began, ended
from status_plugin.core.board.settled import Settled, settled
from status_plugin.core.board.standing import standing
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import State
from status_plugin.web.newest_first import Notes

DAYS = timedelta(days=2)


def moment(hours: float) -> Moment:
    """A time some hours after the beginning of everything here."""
    return Moment(at=START + timedelta(hours=hours), written="some time")


def incident(slug: str, *, began: float, ended: float | None) -> Incident:
    """An incident of one component."""
    return Incident(
        slug=slug,
        path=f"incidents/{slug}.md",
        title="Something broke",
        affects={"srv1": State.MAJOR_OUTAGE},
        started=moment(began),
        resolved=None if ended is None else moment(ended),
    )


OVER = incident("over", began=0, ended=1)
OPEN = incident("open", began=0, ended=None)
CONTENT = Content(inventory=INVENTORY, incidents=(OVER, OPEN), read_at=START + timedelta(hours=2))


@settings(max_examples=300, deadline=None)
@given(worlds, st.floats(0, 4), st.floats(0, 4))
def test_the_board_is_the_same(world: Any, first: float, second: float) -> None:
    """Whatever is settled, the board of that moment and of each later one stays what it would be."""
    content, summary, looks, now = world
    early = now + first * DAYS
    late = early + second * DAYS
    memory = remembered(summary, [look for look in [*looks, now] if look <= now])
    parts = settled(content, memory, early)
    for at in (early, late):
        whole = standing(content, summary, memory, at, RULES.zone)
        quick = standing(content, summary, memory, at, RULES.zone, parts)
        assert parts.holds(memory, at)
        assert board_of(quick, content, RULES) == board_of(whole, content, RULES)
        for opened, known, every in (
            (quick.incidents, parts.incidents, whole.incidents),
            (quick.windows, parts.windows, whole.windows),
        ):
            found = Notes(opened, known)
            assert list(found.items()) == list(Notes(every).items())


def test_what_is_long_over_is_settled() -> None:
    """Of two notes the one that ended days ago is not looked at again, the open one is."""
    parts = settled(CONTENT, Memory(), START + DAYS)
    assert [*parts.incidents] == ["over"]
    assert [note.slug for note in parts.open_incidents] == ["open"]
    stand = standing(CONTENT, Summary(), Memory(), START + DAYS, RULES.zone, parts)
    assert [item.slug for item in stand.incidents] == ["open"]


def test_what_has_just_ended_is_not_settled() -> None:
    """Monitoring may still have a word on it."""
    assert not settled(CONTENT, Memory(), START + timedelta(hours=3)).incidents


def test_what_is_settled_is_not_read_for_a_board() -> None:
    """Its card says where it stands; it is read when somebody wants to see it."""
    read: list[str] = []

    class Watched:
        """A note that tells when it is read."""

        def read(self) -> Incident:
            """The note."""
            read.append("over")
            return OVER

    content = replace(CONTENT, incidents=Filed([card_of(OVER, Watched()), card_of(OPEN)]))
    parts = settled(content, Memory(), START + DAYS)
    stand = standing(content, Summary(), Memory(), START + DAYS, RULES.zone, parts)
    assert [item.slug for item in board_of(stand, content, replace(RULES, past_count=0)).current] == ["open"]
    assert (read, "over" in parts.incidents) == ([], True)
    assert board_of(stand, content, RULES).past == (parts.incidents["over"].item(),)
    assert read == ["over", "over"]


@settings(max_examples=300, deadline=None)
@given(worlds, st.floats(0, 20))
def test_a_card_tells_what_its_note_would(world: Any, late: float) -> None:
    """What is over for good by its card is what its note says then, at each moment after."""
    content, _, _, now = world
    at = now + late * DAYS
    for card, note in zip(cards_of(content.incidents), content.incidents, strict=True):
        if card.over_since and card.over_since < at:
            assert card.item() == incident_item(note, content.read_at, at)
            assert (card.began, card.ended) == (began(card.item()), ended(card.item()))
            assert touched(note) <= set(card.touched)


def test_a_clock_that_jumps_back_unsettles() -> None:
    """What was over before a time that is still to come may be going on."""
    parts = settled(CONTENT, Memory(), START + 10 * DAYS)
    earlier = START + timedelta(minutes=30)
    assert parts.incidents
    assert not parts.holds(Memory(), earlier)
    assert not settled(CONTENT, Memory(), earlier, parts).incidents


def test_without_parts_every_note_is_looked_at() -> None:
    """Who knows of nothing settled gets the whole."""
    assert Settled.none(CONTENT).open_incidents == CONTENT.incidents


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=25),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=25),
)
def test_the_order_is_that_of_all_sorted_anew(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    """Whatever comes, goes and changes, each list is ordered as if nothing had been known of it."""
    notes = {n: incident(f"n{n}", began=n % 7, ended=n % 7 + hours + 1) for n, hours in [*first, *second]}
    some = [card_of(notes[n]) for n in dict(first)]
    changed = [incident(f"n{n}", began=n % 7, ended=n % 7 + hours + 1) for n, hours in dict(second).items()]
    others = [card_of(note) for note in changed]
    kept = [card for card in some if card.slug not in {other.slug for other in others}]
    before = settled(replace(CONTENT, incidents=Filed(some)), Memory(), START + 5 * DAYS)
    content = replace(CONTENT, incidents=Filed([*kept, *others]))
    anew, again = (settled(content, Memory(), START + 5 * DAYS, known) for known in (None, before))
    assert again == anew
    assert list(again.incidents) == list(anew.incidents)
