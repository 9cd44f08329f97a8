"""Many entries that stay and a few that change are one order, without anybody walking over the many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta

import pytest
from board_samples import NOW, incident
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.board.cards import by_beginning
from status_plugin.core.board.items import IncidentItem
from status_plugin.core.times.moments import Moment
from status_plugin.web.archive import page_of
from status_plugin.web.archive_filter import years_of
from status_plugin.web.newest_first import Merged, NoteItem, Notes


def item(number: int, hours: int) -> IncidentItem:
    """An incident that began so many hours ago."""
    return incident(slug=f"n{number}", started=Moment(at=NOW - timedelta(hours=hours), written="then"))


hours = st.lists(st.integers(0, 40), max_size=12)


@settings(max_examples=200, deadline=None)
@given(hours, hours)
def test_it_is_the_order_of_all(many_hours: list[int], few_hours: list[int]) -> None:
    """By index from either end, in slices, forwards and backwards it is what sorting all would give."""
    several = [item(number, each) for number, each in enumerate([*many_hours, *few_hours])]
    many = sorted(several[: len(many_hours)], key=by_beginning, reverse=True)
    few = several[len(many_hours) :]
    expected = sorted(several, key=by_beginning, reverse=True)
    found = Merged(many, few)
    assert len(found) == len(expected)
    assert list(found) == expected
    assert list(reversed(found)) == expected[::-1]
    assert [found[at] for at in range(-len(expected), len(expected))] == [*expected, *expected]
    for part in (slice(2, 5), slice(-3, None), slice(None, None, -2), slice(30, 40)):
        assert found[part] == expected[part]
    for outside in (len(expected), -len(expected) - 1):
        with pytest.raises(IndexError):
            found[outside]


class Archive(Mapping[str, NoteItem]):
    """Settled notes over which nobody may walk."""

    def __init__(self, *items: NoteItem) -> None:
        self._items = {item.slug: item for item in items}

    def __getitem__(self, slug: str) -> NoteItem:
        return self._items[slug]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("somebody walks over the whole archive")

    def __len__(self) -> int:
        return len(self._items)


def test_nobody_walks_over_the_archive() -> None:
    """An edition, a page of its archive and the years to choose from need no look at thousands of notes."""
    settled = [item(number, number) for number in range(1, 3000)]
    notes = Notes([item(0, 1500)], Archive(*settled), settled)
    with pytest.raises(AssertionError, match="walks"):
        list(notes.settled)
    assert notes["n2"] is settled[1]
    assert notes["n0"] not in settled
    assert "n5000" not in notes
    assert len(notes) == 3000
    page = page_of(notes.newest, 75, 20)
    assert [entry.slug for entry in page.items[-2:]] == ["n1499", "n1500"]
    assert page_of(notes.newest, 76, 20).items[0].slug == "n0"
    assert page.pages == 150
    assert len(years_of(notes.newest, UTC)) == 1


def test_an_open_note_stands_before_a_settled_one() -> None:
    """A note that is no longer settled is shown as it is now."""
    now = item(1, 5)
    notes = Notes([now], {"n2": item(2, 3)})
    assert notes["n1"] is now
    assert list(notes) == ["n2", "n1"]
