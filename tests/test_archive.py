"""What the journal gives back of everything that was ever seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from report_cases import journal_lines

from status_plugin.core.monitoring.archive import all_sightings
from status_plugin.core.monitoring.journal import Line
from status_plugin.core.monitoring.recollection import recollected
from status_plugin.core.monitoring.sightings import KEPT_FOR, Sighting
from status_plugin.core.words import State

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    """A time before now."""
    return NOW - timedelta(days=days)


def lengths(found: tuple[Sighting, ...]) -> list[tuple[str, str, str | None]]:
    """Each sighting's component, beginning and end."""
    return [
        (one.component, f"{one.began:%m-%d %H}", f"{one.ended:%m-%d %H}" if one.ended else None)
        for one in found
    ]


def test_nothing_is_forgotten() -> None:
    """An outage that is older than the page's memory is told by the journal all the same."""
    changes = {
        days_ago(300): {"srv3": "operational"},
        days_ago(200): {"srv3": "major_outage"},
        days_ago(199): {"srv3": "operational"},
        days_ago(2): {"srv3": "major_outage"},
        days_ago(1): {"srv3": "operational"},
    }
    lines = journal_lines(changes, NOW)
    assert timedelta(days=199) > KEPT_FOR
    assert len(recollected(lines).sightings) == 1
    assert lengths(all_sightings(lines)) == [
        ("srv3", "05-04 18", "05-05 18"),
        ("srv3", "11-18 18", "11-19 18"),
    ]


def test_what_goes_on_goes_on() -> None:
    """Trouble that the last look saw has no end, and was seen by that look."""
    lines = journal_lines({days_ago(3): {"srv3": "operational"}, days_ago(1): {"srv3": "major_outage"}}, NOW)
    (found,) = all_sightings(lines)
    assert found.ended is None
    assert found.last_seen == NOW


def test_what_is_no_longer_watched_does_not_go_on_for_ever() -> None:
    """Trouble on a component that was taken out of the list ends with the last look at it."""
    lines = journal_lines({days_ago(3): {"srv3": "major_outage", "srv9": "operational"}}, days_ago(2))
    lines += [Line(at=days_ago(1), after=lines[-1].at, seen={"srv3": None}), Line(at=NOW, after=days_ago(1))]
    assert lengths(all_sightings(lines)) == [("srv3", "11-17 18", "11-18 18")]


def test_nothing_was_seen() -> None:
    """An empty journal tells nothing."""
    assert all_sightings([]) == ()


states = st.sampled_from(["-", *(state.value for state in State if state is not State.UNDER_MAINTENANCE)])
stories = st.lists(
    st.tuples(st.integers(1, 600), st.dictionaries(st.sampled_from(["srv3", "srv9"]), states, min_size=1)),
    min_size=1,
    max_size=20,
)


@settings(max_examples=100, deadline=None)
@given(stories)
def test_it_is_what_the_page_remembers(story: list[tuple[int, dict[str, str]]]) -> None:
    """Within the page's memory the journal tells of exactly what the page knew, under the same names."""
    at, changes = NOW, {}
    for minutes, states in story:
        at -= timedelta(minutes=minutes)
        changes[at] = states
    lines = journal_lines(changes, NOW)
    remembered = recollected(lines).sightings
    found = {(one.component, one.kind, one.began): one for one in all_sightings(lines)}
    for sighting in remembered:
        assert found[sighting.component, sighting.kind, sighting.began] == sighting
    assert len(found) == len({(one.component, one.kind, one.began) for one in remembered})
