"""`json:` takes states that any program can write, from a file or an address, for as long as it may."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from faulty_server import FaultyServer, Reply, json_reply
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nagios_captures import observations, words

from status_plugin.core.monitoring.summary import Reading
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import MonitorSettingError, Source, SourceError, SourceTerms, open_sources

NOW = datetime(2026, 11, 20, 23, 41, 32, tzinfo=UTC)
WRITTEN = "2026-11-20T18:41:02-05:00"
MAP = {
    "srv3": {"json": {"host": "db-7", "checks": {"Web": "web", "Mail": "mail"}}},
    "srv4": {"json": {"host": "db-8"}},
}
SAID = {
    "written_at": WRITTEN,
    "components": {
        "db-7": {
            "state": "operational",
            "checks": {
                "web": {"state": "major_outage", "since": "2026-11-20T23:12:00Z"},
                "mail": {"state": "degraded_performance", "since": None},
            },
        },
        "db-8": {"state": "unknown"},
        "private": {"state": "major_outage"},
    },
}
TERMS = SourceTerms(max_age=timedelta(seconds=300))
SCHEMA = json.loads(files("status_plugin").joinpath("schema", "monitor.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def open_at(path: object, monitor_map: dict[str, Any] = MAP) -> Source:
    """The source that reads there."""
    return open_sources(f"json:{path}", read_monitor_map(monitor_map), TERMS)["json"]


def read(folder: Path, said: Any, now: datetime = NOW, monitor_map: dict[str, Any] = MAP) -> Reading:
    """What a file says."""
    path = folder / "status.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return open_at(path, monitor_map).read(now)


def with_component(**fields: Any) -> dict[str, Any]:
    """The usual words, with other ones about the second component."""
    return SAID | {"components": {**SAID["components"], "db-8": fields}}  # type: ignore[dict-item]


def test_states_and_times(tmp_path: Path) -> None:
    """What the map names is read with its state and its beginning, as of the time of writing."""
    reading = read(tmp_path, SAID)
    written_at = datetime.fromisoformat(WRITTEN)
    assert (reading.written_at, reading.fresh_until) == (written_at, written_at + TERMS.max_age)
    seen = observations(reading)
    assert {what: words(observation) for what, observation in seen.items()} == {
        "srv3": "operational",
        "srv3/Web": "major_outage",
        "srv3/Mail": "degraded_performance",
        "srv4": "unknown",
    }
    assert seen["srv3/Web"].since == datetime(2026, 11, 20, 23, 12, tzinfo=UTC)
    assert seen["srv3/Mail"].since is None


@pytest.mark.parametrize("state", State)
def test_every_public_word(tmp_path: Path, state: State) -> None:
    """Each state that the page has can be said; planned work counts from its beginning."""
    since = "2026-11-20T20:00:00Z"
    seen = observations(read(tmp_path, with_component(state=state, since=since)))["srv4"]
    if state is State.UNDER_MAINTENANCE:
        assert words(seen) == "unknown in downtime"
        assert seen.downtime_since == datetime.fromisoformat(since)
    else:
        assert (seen.state, seen.since) == (state, datetime.fromisoformat(since))


def test_component_that_has_only_checks(tmp_path: Path) -> None:
    """A component without a state of its own is what its checks are."""
    said = {"written_at": WRITTEN, "components": {"db-7": {"checks": {"web": {"state": "operational"}}}}}
    seen = observations(read(tmp_path, said, monitor_map={"srv3": MAP["srv3"]}))
    assert {what: words(observation) for what, observation in seen.items()} == {
        "srv3/Web": "operational",
        "srv3/Mail": "unknown",
    }


def test_it_counts_for_as_long_as_it_says_and_no_longer_than_the_site_allows(tmp_path: Path) -> None:
    """A short time is heeded, a long one is cut."""
    for valid_for, seconds in ((20, 20), (0.5, 0.5), (86400, 300), (1e13, 300)):
        reading = read(tmp_path, SAID | {"valid_for": valid_for})
        assert reading.fresh_until - reading.written_at == timedelta(seconds=seconds)
        assert observations(reading)["srv3"].fresh_until == reading.fresh_until


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"written_at": None}, "does not say when it was written"),
        ({"written_at": "2026-11-20T18:41:02"}, "'written_at' in the JSON is no time with a zone, like"),
        ({"written_at": 1795340777}, "'written_at' in the JSON is no time with a zone"),
        ({"written_at": "just now, secret"}, "'written_at' in the JSON is no time with a zone"),
        ({"valid_for": 1e300}, "'valid_for' in the JSON is no number of seconds"),
        ({"valid_for": 0}, "'valid_for' in the JSON is no number of seconds"),
        ({"valid_for": "2min, secret"}, "'valid_for' in the JSON is no number of seconds"),
        ({"components": ["secret"]}, "has not the form"),
        ({"components": {"db-7": "secret", "db-8": {"state": "operational"}}}, "has not the form"),
        (with_component(state="ok, secret"), "entry 2: The JSON gives this no state .* operational, under_"),
        (with_component(state=0), "entry 2: The JSON gives this no state"),
        (
            with_component(state="under_maintenance"),
            "entry 2: .* 'under_maintenance' without a time in 'since'",
        ),
        (with_component(state="operational", since="secret"), "'since' in the JSON is no time with a zone"),
    ],
)
def test_what_is_not_in_the_form_is_no_reading(tmp_path: Path, change: Any, complaint: str) -> None:
    """The log says what is wrong and where the map speaks of it, and repeats nothing."""
    with pytest.raises(SourceError, match=complaint) as error:
        read(tmp_path, SAID | change)
    assert "secret" not in str(error.value)
    assert "db-" not in str(error.value)


def test_what_the_map_does_not_name_may_be_anything(tmp_path: Path) -> None:
    """A mistake in what is not shown costs nothing."""
    said = SAID | {"components": {**SAID["components"], "other": 7, "another": {"state": "?"}}, "more": []}  # type: ignore[dict-item]
    assert read(tmp_path, said) == read(tmp_path, SAID)


def test_name_that_is_not_there_is_unknown_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the line of the map, not the name."""
    (tmp_path / "monitor.yml").write_text(
        "srv3:\n  json:\n    host: db-7\n    checks:\n      Web: web\n      Mail: private-mail\n"
        "srv4:\n  json: {host: private-host}\n"
    )
    (tmp_path / "status.json").write_text(json.dumps(SAID))
    source = open_sources(f"json:{tmp_path}/status.json", read_monitor_map(tmp_path / "monitor.yml"), TERMS)[
        "json"
    ]
    for _ in range(3):
        seen = observations(source.read(NOW))
    assert [what for what in seen if seen[what].state is State.UNKNOWN] == ["srv3/Mail", "srv4"]
    messages = [record.getMessage() for record in caplog.records]
    assert [message.partition(": ")[0] for message in messages] == ["monitor.yml:6", "monitor.yml:8"]
    assert "private" not in caplog.text


def test_file_that_is_left_behind_goes_stale(tmp_path: Path) -> None:
    """A script that has died is unknown soon, however good its last word was."""
    reading = read(tmp_path, SAID, now=NOW + timedelta(hours=1))
    assert reading.fresh_until < NOW + timedelta(hours=1)


def test_clock_of_the_writer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What is from the future counts no longer than what is from now, is told, and at last not believed."""
    early = NOW - timedelta(seconds=130)
    reading = read(tmp_path, SAID, now=early)
    assert (reading.written_at, reading.fresh_until) == (early, early + TERMS.max_age)
    since = observations(reading)["srv3/Web"].since
    assert since == datetime(2026, 11, 20, 23, 12, tzinfo=UTC) - timedelta(seconds=100)
    assert "The clock of the JSON source is 100 seconds ahead of this machine's." in caplog.text
    with pytest.raises(SourceError, match="from the future"):
        read(tmp_path, SAID, now=NOW - timedelta(seconds=340))


class TestFile:
    """What may stand in the place of the file."""

    def test_no_file(self, tmp_path: Path) -> None:
        """A file that is not there yet is told, without its path."""
        with pytest.raises(SourceError, match=r"^There is no JSON file$") as error:
            open_at(tmp_path / "status.json").read(NOW)
        assert str(tmp_path) in error.value.detail

    def test_folder_and_pipe(self, tmp_path: Path) -> None:
        """A folder is no file, and a pipe is not waited for."""
        os.mkfifo(tmp_path / "pipe")
        for path in (tmp_path, tmp_path / "pipe"):
            with pytest.raises(SourceError, match="not a file"):
                open_at(path).read(NOW)

    def test_file_cut_anywhere_is_no_reading_or_the_whole_one(self, tmp_path: Path) -> None:
        """Wherever a file breaks off, nothing is read out of it."""
        whole = json.dumps(SAID).encode()
        path = tmp_path / "status.json"
        source = open_at(path)
        for length in range(len(whole)):
            path.write_bytes(whole[:length])
            with pytest.raises(SourceError):
                source.read(NOW)


class TestAddress:
    """The same by HTTP."""

    @pytest.mark.parametrize("form", ["json:{}", "json+{}"])
    def test_address(self, form: str) -> None:
        """What is at an address is read as from a file; what stands behind the '?' belongs to it."""
        with FaultyServer(lambda request: json_reply(SAID)) as server:
            name = form.format(server.url("/status.json?key=1", user="me:secret"))
            reading = open_sources(name, read_monitor_map(MAP), TERMS)["json"].read(NOW)
        assert words(observations(reading)["srv3/Web"]) == "major_outage"
        assert [request.target for request in server.requests] == ["/status.json?key=1"]
        assert "authorization" in server.requests[0].headers

    def test_clock_of_the_server(self, caplog: pytest.LogCaptureFixture) -> None:
        """A server tells its own clock: where that is ahead nothing gains by it, and the log says so."""
        headers = {"Date": "Fri, 20 Nov 2026 23:43:12 GMT"}
        with FaultyServer(lambda request: Reply(body=json.dumps(SAID).encode(), headers=headers)) as server:
            reading = open_sources(f"json+{server.url()}", read_monitor_map(MAP), TERMS)["json"].read(NOW)
        assert reading.written_at == datetime.fromisoformat(WRITTEN) - timedelta(seconds=100)
        assert "The clock of the JSON source is 100 seconds ahead of this machine's." in caplog.text


@pytest.mark.parametrize("name", ["json:", "json:status.json", "json:~/status.json", "json:///status.json"])
def test_name_that_opens_nothing(name: str) -> None:
    """What is neither a path nor an address stops the start with an example."""
    with pytest.raises(MonitorSettingError, match=r"like 'json|such as 'json"):
        open_sources(name, read_monitor_map(None), TERMS)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"checks": {"Web": "web"}}, "'host' is missing"),
        ({"host": "a", "fresh_for": "1h"}, "Known are: host, checks"),
    ],
)
def test_entry_that_cannot_be_used(entry: dict[str, Any], complaint: str) -> None:
    """A mistake in the map is named with its place and its remedy."""
    with pytest.raises(MonitorMapError, match=f"STATUS_MONITOR_MAP, entry 1: .*{complaint}"):
        open_sources("json:/x", read_monitor_map({"srv3": {"json": entry}}), TERMS)


class TestSchema:
    """What is published of the form."""

    def test_it_is_a_schema(self) -> None:
        """Programs can rely on the schema itself, and it names every state there is."""
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        assert SCHEMA["$defs"]["state"]["enum"] == [state.value for state in State]
        assert VALIDATOR.is_valid(SAID)
        assert VALIDATOR.is_valid(with_component(state="under_maintenance", since=WRITTEN))

    @pytest.mark.parametrize(
        "said",
        [
            {"components": {}},
            SAID | {"valid_for": 0},
            SAID | {"valid_for": "2min"},
            SAID | {"valid_fro": 2},
            with_component(),
            with_component(sate="operational"),
            with_component(state="ok"),
            with_component(state="under_maintenance"),
            with_component(state="under_maintenance", since=None),
            with_component(checks={"web": "operational"}),
            with_component(checks={"web": {"since": WRITTEN}}),
            with_component(checks={"web": {"state": "under_maintenance"}}),
        ],
    )
    def test_it_finds_what_is_wrong(self, said: Any) -> None:
        """A script's author sees a mistake before the site does."""
        assert not VALIDATOR.is_valid(said)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
    @given(data=st.data())
    def test_what_follows_it_is_read(self, tmp_path: Path, data: st.DataObject) -> None:
        """Whatever the schema allows, the source reads."""
        moments = st.integers(946684800, 1795217000).map(
            lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat()
        )
        states = st.builds(
            dict,
            state=st.sampled_from(list(State)),
            since=moments | st.none(),
        ).filter(lambda said: said["since"] or said["state"] is not State.UNDER_MAINTENANCE)
        checks = st.dictionaries(st.sampled_from(["web", "mail", "other"]), states)
        component = st.one_of(
            states,
            st.builds(dict, checks=checks),
            st.tuples(states, checks).map(lambda pair: pair[0] | {"checks": pair[1]}),
        )
        said = {
            "written_at": data.draw(moments),
            "valid_for": data.draw(st.floats(0.001, 1e9) | st.integers(1, 10**9)),
            "components": data.draw(st.dictionaries(st.sampled_from(["db-7", "db-8", "x"]), component)),
        }
        VALIDATOR.validate(said)
        assert set(read(tmp_path, said).components) == {"srv3", "srv4"}
