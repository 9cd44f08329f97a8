"""`/board.json`: the board for programs, exactly as its schema says."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from board_samples import NOW, OPEN_INCIDENT, SAMPLES, alert, board, exact, incident, update, vague, window
from sample_site import SampleStation, sample_app, visitor

SCHEMA = json.loads(files("status_plugin").joinpath("schema", "board.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())

ENTRY_KEYS = [
    "kind", "slug", "title", "phase", "impact", "affects", "started", "ended", "url", "next_update",
    "edited", "updates",
]  # fmt: skip
WINDOW_KEYS = ["starts", "ends", "began", "expected_downtime", "emergency", "announced"]


def fetch(shown: Any, root: Path) -> dict[str, Any]:
    """What a program gets."""
    response = visitor(sample_app(shown, root)).get("/status/board.json")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    value: dict[str, Any] = json.loads(response.text)
    return value


def test_the_schema_is_a_schema() -> None:
    """Programs can rely on the schema itself."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_allows_nothing_that_it_does_not_name() -> None:
    """Every object with fixed keys is closed and requires all of them."""

    def objects(part: Any) -> Any:
        if isinstance(part, dict) and "properties" in part:
            yield part
        if isinstance(part, dict | list):
            for value in part.values() if isinstance(part, dict) else part:
                yield from objects(value)

    found = list(objects(SCHEMA))
    assert len(found) == 10
    assert all(part["additionalProperties"] is False for part in found)
    assert all(part["required"] == list(part["properties"]) for part in found)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_board_follows_the_schema(name: str, tmp_path: Path) -> None:
    """Whatever the state of the world, the format is the same."""
    VALIDATOR.validate(fetch(SAMPLES[name], tmp_path))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value.update(more=1),
        lambda value: value.pop("problems"),
        lambda value: value["overall"].update(state="fine"),
        lambda value: value["current"][0].update(started="2008-09-04T17:20:00"),
        lambda value: value["current"][0].update(kind="maintenance"),
        lambda value: value["current"][0]["updates"][0].pop("text"),
    ],
)
def test_the_schema_finds_what_is_wrong(spoil: Any, tmp_path: Path) -> None:
    """The schema would notice if the format changed."""
    value = fetch(SAMPLES["outage"], tmp_path)
    spoiled = copy.deepcopy(value)
    spoil(spoiled)
    assert VALIDATOR.is_valid(value)
    assert not VALIDATOR.is_valid(spoiled)


def test_the_keys_and_their_order(tmp_path: Path) -> None:
    """People read it too: the keys come in the documented order."""
    value = fetch(
        replace(SAMPLES["memory"], current=(*SAMPLES["memory"].current, OPEN_INCIDENT, alert())), tmp_path
    )
    assert list(value) == [
        "generated_at", "facts_at", "valid_until", "problems", "overall", "components",
        "current", "scheduled", "past",
    ]  # fmt: skip
    assert list(value["overall"]) == ["state", "text"]
    assert list(value["components"][0]) == ["slug", "name", "group", "state", "since", "basis", "checks"]
    assert list(value["components"][0]["checks"][0]) == ["name", "state", "since"]
    in_window, in_incident, in_alert = value["current"]
    assert list(in_window) == ENTRY_KEYS + WINDOW_KEYS
    assert list(in_incident) == list(in_alert) == ENTRY_KEYS
    assert list(in_incident["updates"][0]) == ["id", "at", "since", "phase", "html", "text", "edited"]


def test_times_are_in_the_sites_zone(tmp_path: Path) -> None:
    """Times carry the site's offset and whole seconds."""
    shown = board(current=(OPEN_INCIDENT,))
    value = fetch(replace(shown, now=NOW + timedelta(microseconds=123)), tmp_path)
    assert value["generated_at"] == "2008-09-04T17:52:00-04:00"
    assert value["facts_at"] == "2008-09-04T17:51:29-04:00"
    assert value["current"][0]["next_update"] == {"at": "2008-09-04T18:30:00-04:00", "overdue": False}


def test_what_nobody_knows_is_null(tmp_path: Path) -> None:
    """No time is invented, also not the midnight before a day that alone was written."""
    unknown = incident(started=None, ended=None)
    day_alone = incident("day", started=vague("September 4, 2008", "00:00"))
    about = incident("about", started=vague("about 5:20pm Eastern", "17:20"))
    value = fetch(board(current=(unknown, day_alone, about), facts_at=None), tmp_path)
    assert value["facts_at"] is None
    assert [entry["started"] for entry in value["current"]] == [None, None, "2008-09-04T17:20:00-04:00"]
    assert [entry["ended"] for entry in value["current"]] == [None, None, None]


def test_an_incident_is_told_whole(tmp_path: Path) -> None:
    """The newest update comes first, as HTML and as words, and the address is complete."""
    shown = incident(
        "srv3",
        started=exact("17:20"),
        updates=(update("17:45", "It is *bad*.", since=exact("17:40")), update("17:30", "We look.")),
    )
    (entry,) = fetch(board(current=(shown,)), tmp_path)["current"]
    assert entry["kind"] == "incident"
    assert entry["url"] == "http://localhost/status/incidents/srv3/"
    assert entry["affects"] == {"srv3": "major_outage"}
    first, second = entry["updates"]
    assert first == {
        "id": "update-20080904T214500Z",
        "at": "2008-09-04T17:45:00-04:00",
        "since": "2008-09-04T17:40:00-04:00",
        "phase": None,
        "html": "<p>It is <em>bad</em>.</p>",
        "text": "It is bad.",
        "edited": None,
    }
    assert second["text"] == "We look."


def test_a_window_is_told_whole(tmp_path: Path) -> None:
    """Plan and events are apart."""
    shown = window(began=exact("17:20"), emergency=True, announced=exact("08:00"))
    (entry,) = fetch(board(current=(shown,)), tmp_path)["current"]
    assert entry["kind"] == "maintenance"
    assert entry["url"] == "http://localhost/status/maintenance/2008-09-04-srv3-memory/"
    assert (entry["starts"], entry["ends"]) == ("2008-09-04T17:00:00-04:00", "2008-09-04T19:00:00-04:00")
    assert entry["began"] == entry["started"] == "2008-09-04T17:20:00-04:00"
    assert entry["ended"] is None
    assert entry["expected_downtime"] == "under 30 min"
    assert entry["emergency"] is True
    assert entry["announced"] == "2008-09-04T08:00:00-04:00"


def test_an_automatic_alert_is_told_whole(tmp_path: Path) -> None:
    """What nobody wrote about has its place on the page for an address."""
    (entry,) = fetch(board(current=(alert(),)), tmp_path)["current"]
    assert (entry["kind"], entry["phase"], entry["updates"], entry["next_update"]) == (
        "alert",
        None,
        [],
        None,
    )
    assert entry["url"] == "http://localhost/status/#auto-ns3-20080904T214800Z"


def test_a_fault_is_told_as_json(tmp_path: Path) -> None:
    """A program that asked for JSON gets JSON also when there is none."""
    app = sample_app(SAMPLES["calm"], tmp_path, station=object())
    response = visitor(app).get("/status/board.json")
    assert response.status_code == 503
    assert response.mimetype == "application/json"
    assert response.json is not None
    assert response.json["error"]["status"] == 503
    assert "do not know" in response.json["error"]["message"]


def test_an_address_without_a_file_is_told_as_json(tmp_path: Path) -> None:
    """A misspelt JSON address is answered in JSON."""
    response = visitor(sample_app(SAMPLES["calm"], tmp_path)).get("/status/boards.json")
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["error"]["status"] == 404


def test_the_moment_of_writing_alone_is_no_news(tmp_path: Path) -> None:
    """Who has the same news already is not sent it again."""
    shown = SAMPLES["calm"]
    station = SampleStation(shown=shown)
    client = visitor(sample_app(shown, tmp_path, station=station))
    before = client.get("/status/board.json").headers["ETag"]
    station.shown = replace(shown, now=shown.now + timedelta(seconds=20))
    assert client.get("/status/board.json").headers["ETag"] == before
    station.shown = replace(station.shown, problems=1)
    assert client.get("/status/board.json").headers["ETag"] != before
