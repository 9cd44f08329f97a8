"""Promises that Statuspage's API keeps over every board there can be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from board_samples import SAMPLES
from hypothesis import given, settings
from statuspage_answers import everything
from test_board_properties import made, worlds

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, WindowItem
from status_plugin.core.words import State
from status_plugin.web.statuspage.ids import component_id, item_id

SEVERITIES = ["none", "maintenance", "minor", "major", "critical"]
STATUSES = ["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"]


def ids(entries: list[dict[str, Any]]) -> list[str]:
    """The ids of some entries, in order."""
    return [entry["id"] for entry in entries]


def hold(shown: Board) -> None:
    """Every answer says what the board says, and no two answers differ."""
    values = everything(shown)
    hold_lists(values, shown)
    hold_components(values, shown)
    hold_indicator(values, shown)
    for entries in (values["incidents.json"]["incidents"], _maintenances(values)):
        for entry in entries:
            hold_entry(entry, values["components.json"]["components"])


def hold_lists(values: dict[str, Any], shown: Board) -> None:
    """What is open, what is under way and what is next is so in every answer."""
    summary, pages = values["summary.json"], [value["page"] for value in values.values()]
    assert all(page == pages[0] for page in pages)
    assert datetime.fromisoformat(pages[0]["updated_at"]) <= shown.now
    unresolved = values["incidents/unresolved.json"]["incidents"]
    active = values["scheduled-maintenances/active.json"]["scheduled_maintenances"]
    upcoming = values["scheduled-maintenances/upcoming.json"]["scheduled_maintenances"]
    assert summary["incidents"] == unresolved
    assert summary["scheduled_maintenances"] == [*active, *upcoming]
    assert summary["components"] == values["components.json"]["components"]
    assert summary["status"] == values["status.json"]["status"]
    open_items = [item for item in shown.current if isinstance(item, IncidentItem | AlertItem)]
    assert sorted(ids(unresolved)) == sorted(map(item_id, open_items))
    assert ids(active) == [item_id(item) for item in shown.current if isinstance(item, WindowItem)]
    assert ids(upcoming) == [item_id(item) for item in shown.scheduled]
    hold_history(values["incidents.json"]["incidents"], unresolved, shown.past, "created_at")
    hold_history(_maintenances(values), [*active, *upcoming], shown.past, "scheduled_for")


def hold_history(
    told: list[dict[str, Any]], going_on: list[dict[str, Any]], past: tuple[Item, ...], order: str
) -> None:
    """The list of everything holds what goes on, word for word, and what is past, newest first."""
    by_id = {entry["id"]: entry for entry in told}
    assert len(by_id) == len(told)
    assert [by_id[entry["id"]] for entry in going_on] == going_on
    is_maintenance = order == "scheduled_for"
    ended = {item_id(item) for item in past if isinstance(item, WindowItem) == is_maintenance}
    assert set(by_id) == ended | set(ids(going_on))
    assert all(by_id[one]["resolved_at"] is not None for one in ended)
    assert is_newest_first(entry[order] for entry in told)


def is_newest_first(times: Iterable[str]) -> bool:
    """Whether times run backwards; the texts alone do not tell in the night in which an hour comes twice."""
    return all(later >= earlier for later, earlier in pairwise(map(datetime.fromisoformat, times)))


def hold_components(values: dict[str, Any], shown: Board) -> None:
    """Every row is a component, none of them better than the board says, each in a listed group."""
    listed = {entry["id"]: entry for entry in values["components.json"]["components"]}
    for row in shown.rows:
        entry = listed[component_id(row.component.slug)]
        wanted = "degraded_performance" if row.state is State.UNKNOWN else row.state.value
        assert entry["status"] == wanted
        assert (entry["group_id"] is None) == (row.component.group == "")
    for entry in listed.values():
        if entry["group"]:
            members = [listed[member] for member in entry["components"]]
            assert all(member["group_id"] == entry["id"] for member in members)
            assert entry["status"] == max((m["status"] for m in members), key=STATUSES.index)
        else:
            assert entry["group_id"] is None or entry["id"] in listed[entry["group_id"]]["components"]
    assert len(listed) - sum(entry["group"] for entry in listed.values()) == len(shown.rows)


def hold_indicator(values: dict[str, Any], shown: Board) -> None:
    """What is worst on the board is the indicator: doubt is never green, work never hides an incident."""
    status = values["status.json"]["status"]
    severity = SEVERITIES.index(status["indicator"])
    assert (severity == 0) == (shown.overall.state is State.OPERATIONAL)
    assert status["description"].lower() == shown.overall.text.lower()
    for row in shown.rows:
        floor = {State.UNKNOWN: "minor", State.PARTIAL_OUTAGE: "major", State.MAJOR_OUTAGE: "critical"}
        assert severity >= SEVERITIES.index(floor.get(row.state, "none"))
    table = {row.component.slug for row in shown.rows}
    for item in shown.current:
        if isinstance(item, IncidentItem):
            assert severity >= SEVERITIES.index("minor")
            if shown.rows and not table & item.affects.keys():
                assert severity == 4 or item.impact is not State.MAJOR_OUTAGE


def hold_entry(entry: dict[str, Any], components: list[dict[str, Any]]) -> None:
    """An entry's last update is where it stands; its components are those of the page, as they are."""
    updates = entry["incident_updates"]
    assert updates[0]["status"] == entry["status"]
    assert updates[0]["created_at"] == entry["updated_at"]
    assert updates[-1]["created_at"] == entry["created_at"]
    assert is_newest_first(update["created_at"] for update in updates)
    assert all(update["incident_id"] == entry["id"] for update in updates)
    assert all(component in components for component in entry["components"])
    for update in updates:
        codes = [change["code"] for change in update["affected_components"] or []]
        assert codes == ids(entry["components"])
    for newer, older in pairwise(updates):
        for now, then in zip(
            newer["affected_components"] or [], older["affected_components"] or [], strict=True
        ):
            assert now["old_status"] == then["new_status"]


def _maintenances(values: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = values["scheduled-maintenances.json"]["scheduled_maintenances"]
    return found


@settings(max_examples=100, deadline=None)
@given(worlds)
def test_every_answer_agrees_with_every_board(world: Any) -> None:
    """The API, the schema and the board tell one story, whatever the notes, the monitoring and the clock."""
    hold(made(world))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_answer_agrees_with_the_sample_boards(name: str) -> None:
    """The same over boards that people know from the page's own tests."""
    hold(SAMPLES[name])
