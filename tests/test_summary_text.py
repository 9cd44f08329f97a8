"""Monitoring as JSON text: it comes back as it was, and whatever else is in a cache is nothing."""

from __future__ import annotations

import json
from dataclasses import make_dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_plugin.core.monitoring.looks import Row
from status_plugin.core.monitoring.memory import Known, Memory
from status_plugin.core.monitoring.sightings import Sighting, SightingKind, Step
from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.record_text import shape_of
from status_plugin.sources.summary_text import FORMAT, Snapshot, read_snapshot, snapshot_text

MOMENTS = st.builds(
    lambda microseconds, zone: (
        datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    ).astimezone(zone),
    st.integers(min_value=0, max_value=10**17),
    st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))]),
)
OBSERVATIONS = st.builds(
    Observation,
    state=st.sampled_from(State),
    fresh_until=MOMENTS,
    since=st.none() | MOMENTS,
    downtime_since=st.none() | MOMENTS,
    unreachable=st.booleans(),
)
SEEN = st.builds(
    Seen, host=st.none() | OBSERVATIONS, checks=st.dictionaries(st.text(), OBSERVATIONS, max_size=3)
)
READINGS = st.builds(
    Reading,
    written_at=MOMENTS,
    fresh_until=MOMENTS,
    components=st.dictionaries(st.text(), SEEN, max_size=3),
)
SIGHTINGS = st.builds(
    Sighting,
    component=st.text(),
    kind=st.sampled_from(SightingKind),
    began=MOMENTS,
    state=st.sampled_from(State),
    event=st.text(),
    steps=st.lists(st.builds(Step, state=st.sampled_from(State), since=MOMENTS), max_size=3).map(tuple),
    last_seen=MOMENTS,
    ended=st.none() | MOMENTS,
    lost=st.booleans(),
)
KNOWN = st.builds(Known, state=st.sampled_from(State), since=MOMENTS)
KEYS = st.tuples(st.text()) | st.tuples(st.text(), st.text())
MEMORIES = st.builds(
    Memory,
    known=st.dictionaries(KEYS, KNOWN, max_size=3),
    sightings=st.lists(SIGHTINGS, max_size=3).map(tuple),
)
SNAPSHOTS = st.builds(
    Snapshot,
    readings=st.dictionaries(st.text(), READINGS, max_size=2),
    memory=MEMORIES,
    asked_at=st.none() | MOMENTS,
    answered_at=st.dictionaries(st.text(), MOMENTS, max_size=2),
    row=st.none()
    | st.builds(Row, first=MOMENTS, last=MOMENTS, before=st.none() | MOMENTS, tail=st.none() | MOMENTS),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
FINE = Observation(state=State.OPERATIONAL, fresh_until=NOW)
SAMPLE = Snapshot(
    readings={
        "nagios": Reading(written_at=NOW, fresh_until=NOW, components={"srv3": Seen(checks={"Web": FINE})})
    },
    memory=Memory(known={("srv3", "Web"): Known(state=State.OPERATIONAL, since=NOW)}),
    asked_at=NOW,
)


@given(SNAPSHOTS)
def test_what_was_written_is_read(snapshot: Snapshot) -> None:
    """Every reading and every memory comes back as it was."""
    assert read_snapshot(snapshot_text(snapshot)) == snapshot


def test_text_is_plain_json() -> None:
    """Whatever a cache does with text, it can do with this."""
    text = snapshot_text(SAMPLE)
    assert text.isascii()
    assert json.loads(text)["version"] == FORMAT


def test_other_version_is_nothing_known() -> None:
    """After an update what another version has left in the cache is passed over."""
    whole = json.loads(snapshot_text(SAMPLE))
    assert read_snapshot(json.dumps(whole)) == SAMPLE
    assert read_snapshot(json.dumps(whole | {"version": FORMAT + "0"})) is None


@given(st.text() | JSON.map(json.dumps))
def test_foreign_text_is_nothing_known(text: str) -> None:
    """A cache that is shared with others may hold anything."""
    assert read_snapshot(text) is None


def test_other_records_are_another_version() -> None:
    """Nobody has to think of the version when a record changes: two that differ never share a name."""
    kinds = [Snapshot, Memory, Reading, Observation, Known, State, SightingKind]
    shapes = [shape_of(kind) for kind in kinds]
    assert len(set(shapes)) == len(shapes)
    assert all(shape in shape_of(Snapshot) for shape in shapes)
    fewer = make_dataclass("Known", [("state", State)])
    assert shape_of(fewer) != shape_of(Known)
    other = make_dataclass("Known", [("state", State), ("since", str)])
    assert shape_of(other) != shape_of(Known)


@given(JSON)
def test_foreign_value_is_nothing_known(value: Any) -> None:
    """Not even under our own version is anything taken for a snapshot that is none."""
    assert read_snapshot(json.dumps({"version": FORMAT, "snapshot": value})) is None


@given(st.data())
def test_text_that_was_cut_is_nothing_known(data: st.DataObject) -> None:
    """A part of the text is no snapshot."""
    text = snapshot_text(SAMPLE)
    assert read_snapshot(text[: data.draw(st.integers(0, len(text) - 1))]) is None


def test_deeply_nested_text_is_nothing_known() -> None:
    """Text that would exhaust the parser is no snapshot either."""
    assert read_snapshot("[" * 100_000) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"operational"', '"fine"'),
        ('"operational"', "null"),
        ('"2026-11-20T18:00:00+00:00"', '"2026-11-20T18:00:00"'),
        ('"2026-11-20T18:00:00+00:00"', '"yesterday"'),
        ('"2026-11-20T18:00:00+00:00"', "1795197600"),
        ('"unreachable":false', '"unreachable":0'),
        ('"unreachable":false', '"unreachable":false,"private":"x"'),
        (',"unreachable":false', ""),
        ('[["srv3","Web"]', '["srv3"'),
        ('["srv3","Web"]', '["srv3",1]'),
        ('"sightings":[]', '"sightings":{}'),
    ],
)
def test_wrong_field_is_nothing_known(old: str, new: str) -> None:
    """One field of another kind makes the whole unusable, rather than half right."""
    text = snapshot_text(SAMPLE)
    assert old in text
    assert read_snapshot(text.replace(old, new, 1)) is None
