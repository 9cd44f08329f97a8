"""The board against golden cases, and the promises that hold for every board there can be."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from board_cases import Case, described, load_cases

from status_plugin.core.board.board import Rules, board
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Observation, Reading, Seen, Summary
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase, State

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
MOMENTS = [(case, at) for case in load_cases() for at in case.raw["expect"]]


@pytest.mark.parametrize(
    ("case", "at"), MOMENTS, ids=lambda part: part.name if isinstance(part, Case) else part
)
def test_golden_moment(case: Case, at: str) -> None:
    """At each moment of a golden case the board says just what the case says."""
    found = described(case.board(at))
    expected = case.raw["expect"][at]
    assert {key: found[key] for key in expected} == expected


def _grids() -> list[tuple[str, str, str, str, str]]:
    rows: list[tuple[str, str, str, str, str]] = []
    text = (Path(__file__).parent / "golden" / "component_states.txt").read_text()
    for title, grid in re.findall(r"\[(.+?)\]\n(.+?)(?:\n\n|\Z)", text, flags=re.DOTALL):
        phase, window = title.split(", ")
        header, *lines = grid.splitlines()
        for line in lines:
            word, *states = line.split()
            rows += [
                (phase, window, word, claim, state)
                for claim, state in zip(header.split(), states, strict=True)
            ]
    return rows


GRIDS = _grids()


def test_every_combination_is_in_the_grids() -> None:
    """Seven words by four claims by two phases, with and without a window."""
    assert len(set(GRIDS)) == 7 * 4 * 2 * 2


@pytest.mark.parametrize(("phase", "window", "word", "claim", "state"), GRIDS)
def test_component_state(phase: str, window: str, word: str, claim: str, state: str) -> None:
    """The worst of monitoring, claims and windows, as the grids tell."""
    content = Content(
        inventory=_INVENTORY,
        incidents=(_incident(claim, phase),) if claim != "-" else (),
        windows=(_window(),) if window == "window" else (),
        read_at=NOW,
    )
    summary = _summary(word) if word != "-" else Summary()
    found = board(content, summary, Memory(), NOW, Rules(zone=UTC))
    assert found.rows[0].state == state
    if found.rows[0].state is not State.OPERATIONAL or content.incidents:
        assert found.overall.state is not State.OPERATIONAL


_INVENTORY = Inventory(components=(Component(slug="srv3", name="Srv3", checks=("Web", "Mail")),))


def _moment(minutes: int) -> Moment:
    return Moment(at=NOW + timedelta(minutes=minutes), written="")


def _incident(claim: str, phase: str) -> Incident:
    said = Update(at=_moment(-5), anchor="update-1", text="", line=9, phase=IncidentPhase(phase))
    return Incident(
        slug="down",
        path="incidents/down.md",
        title="Srv3 is down",
        started=_moment(-10),
        impact=State(claim),
        affects={"srv3": State(claim)},
        updates=(said,),
    )


def _window() -> Maintenance:
    return Maintenance(
        slug="work",
        path="maintenance/work.md",
        title="Work",
        starts=_moment(-30),
        ends=_moment(30),
        affects={"srv3": State.UNDER_MAINTENANCE},
    )


def _summary(word: str) -> Summary:
    def seen(state: State, *, downtime: bool = False) -> Observation:
        return Observation(
            state=state,
            fresh_until=NOW + timedelta(minutes=5),
            since=NOW - timedelta(minutes=7),
            downtime_since=NOW - timedelta(minutes=7) if downtime else None,
        )

    checks = {
        "operational": (State.OPERATIONAL, State.OPERATIONAL),
        "under_maintenance": (State.OPERATIONAL, State.OPERATIONAL),
        "unknown": (State.UNKNOWN, State.OPERATIONAL),
        "degraded_performance": (State.DEGRADED_PERFORMANCE, State.OPERATIONAL),
        "partial_outage": (State.MAJOR_OUTAGE, State.OPERATIONAL),
        "major_outage": (State.MAJOR_OUTAGE, State.MAJOR_OUTAGE),
    }[word]
    reading = Reading(
        written_at=NOW,
        fresh_until=NOW + timedelta(minutes=5),
        components={
            "srv3": Seen(
                host=seen(State.OPERATIONAL, downtime=word == "under_maintenance"),
                checks={label: seen(state) for label, state in zip(("Web", "Mail"), checks, strict=True)},
            )
        },
    )
    return Summary(coverage={"nagios": {"srv3": ("Web", "Mail")}}, readings={"nagios": reading})
