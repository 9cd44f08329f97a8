"""`prometheus:` asks queries whose value is 1 or 0, and whatever else there is, is unknown."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from faulty_server import FaultyServer, Reply, Request, json_reply
from nagios_captures import observations, words
from prometheus_captures import CAPTURED, FOLDER, HOSTS, QUERIES, CapturedPrometheus, Sample

from status_plugin.core.monitoring.summary import Reading
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    MonitorSettingError,
    Source,
    SourceError,
    SourceTerms,
    open_sources,
    prometheus_queries,
)
from status_plugin.sources.monitors.prometheus import PATIENCE

MAX_AGE = timedelta(seconds=300)
TERMS = SourceTerms(max_age=MAX_AGE)
NOW = CAPTURED["01-all-up"]

SRV3 = {"srv3": "major_outage", "srv3/Web": "major_outage"}
GOLDEN: dict[str, dict[str, str]] = {
    "01-all-up": {},
    "02-pending": SRV3,
    "03-firing": SRV3 | {"srv2/Web": "degraded_performance"},
    "04-silenced": SRV3 | {"srv2/Web": "degraded_performance"},
    "05-recovered": {},
    "06-exporter-gone": {f"{host}/Web": "unknown" for host in HOSTS},
}
EVERYTHING = {name for host in HOSTS for name in (host, f"{host}/Web")}


def open_at(server: FaultyServer, watched: dict[str, Any] | None = None) -> Source:
    """The source at this server."""
    return open_sources(f"prometheus+{server.url()}", read_monitor_map(watched or QUERIES), TERMS)[
        "prometheus"
    ]


def read_from(
    answer: Callable[[Request], Reply], now: datetime = NOW, watched: dict[str, Any] | None = None
) -> Reading:
    """One reading of what answers so."""
    with FaultyServer(answer) as server:
        return open_at(server, watched).read(now)


def one(**entry: Any) -> dict[str, Any]:
    """A map of one component."""
    return {"srv3": {"prometheus": entry}}


def state_of(query: str, web: CapturedPrometheus | None = None) -> str:
    """What one check is said to be."""
    reading = read_from(web or CapturedPrometheus("01-all-up"), NOW, one(checks={"Web": query}))
    return observations(reading)["srv3/Web"].state.value


def test_every_capture_is_a_case() -> None:
    """No captured situation is left out."""
    assert {path.name.partition(".")[0] for path in FOLDER.glob("*.query-up.json")} == GOLDEN.keys()


@pytest.mark.parametrize("name", GOLDEN)
def test_situation(name: str) -> None:
    """Each captured situation says what it should, as of a moment ago."""
    reading = read_from(CapturedPrometheus(name), CAPTURED[name])
    expected = dict.fromkeys(EVERYTHING, "operational") | GOLDEN[name]
    assert {what: words(seen) for what, seen in observations(reading).items()} == expected
    assert CAPTURED[name] - reading.written_at < timedelta(seconds=3)
    assert reading.fresh_until == reading.written_at + MAX_AGE


@pytest.mark.parametrize(
    "query",
    [
        'up{instance="srv9"}',  # nothing of that name
        'up{job="node"}',  # ten values, of which nobody knows whether all are there
        "odd",  # neither 1 nor 0
        "nan",
        "infinite",
        "up{",  # refused
        "1",  # no vector, so refused
        "probe_success[10s]",
    ],
)
def test_what_is_not_one_or_zero_is_unknown(query: str, caplog: pytest.LogCaptureFixture) -> None:
    """The log says where in the map it stands, once, and does not repeat the query."""
    web = CapturedPrometheus("01-all-up")
    for name, value in {"odd": 2.0, "nan": float("nan"), "infinite": float("inf")}.items():
        web.samples.append(Sample(labels={"__name__": name}, value=value, measured=web.asked))
    with FaultyServer(web) as server:
        source = open_at(server, one(checks={"Web": query}))
        states = {observations(source.read(NOW))["srv3/Web"].state.value for _ in range(3)}
    assert states == {"unknown"}
    (record,) = caplog.records
    assert record.getMessage().startswith("STATUS_MONITOR_MAP, entry 1: Prometheus ")
    assert record.getMessage().endswith(", so its state is unknown.")
    assert query == "1" or query not in caplog.text


@pytest.mark.parametrize("name", ["07-matrix-not-vector", "07-scalar", "07-nan"])
def test_answer_to_something_else_is_no_reading(name: str) -> None:
    """What is said must be about what was asked."""
    with pytest.raises(SourceError, match=r"form|does not look at anything"):
        read_from(lambda _: Reply(body=(FOLDER / f"{name}.json").read_bytes()))


def test_no_result_is_no_reading() -> None:
    """A Prometheus that has no target at all knows nothing of anything."""
    with pytest.raises(SourceError, match="does not look at anything"):
        read_from(lambda _: Reply(body=(FOLDER / "07-no-such-host.json").read_bytes()))


def test_bad_query_harms_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many queries in one question the bad ones are found, and the others are answered."""
    web = CapturedPrometheus("03-firing")
    bad = {"prometheus": {"checks": {"Web": "up{"}}}
    watched = QUERIES | {"bad1": bad, "bad2": bad}
    seen = observations(read_from(web, CAPTURED["03-firing"], watched))
    assert {what: words(observation) for what, observation in seen.items()} == (
        dict.fromkeys(EVERYTHING, "operational")
        | GOLDEN["03-firing"]
        | {"bad1/Web": "unknown", "bad2/Web": "unknown"}
    )


def test_all_refused_is_no_reading() -> None:
    """A Prometheus that refuses the plainest question says nothing of the queries of the map."""
    with pytest.raises(SourceError, match="does not answer what is asked"):
        read_from(lambda _: Reply(status=422, body=(FOLDER / "07-bad-query-400.json").read_bytes()))


def test_proxy_s_refusal_is_no_answer() -> None:
    """Only Prometheus itself can refuse a query; what stands before it can fail."""
    with pytest.raises(SourceError, match="web page"):
        read_from(lambda _: Reply(status=400, body=b"<h1>Bad Request</h1>"))
    with pytest.raises(SourceError, match="form"):
        read_from(lambda _: json_reply({"status": "fine"}))


def test_many_queries_are_few_questions() -> None:
    """Hundreds of checks fit into a reading, and no question is longer than web servers take."""
    web = CapturedPrometheus("01-all-up")
    watched = {
        f"c{number}": {"prometheus": {"checks": {"Web": f'up{{job="node",instance="srv{number % 4 + 1}"}}'}}}
        for number in range(200)
    }
    many = {
        f"c{number}": {
            "prometheus": {
                "checks": {"Web": f'up{{job="node",instance="a-host-with-a-long-name-{number}.example.net"}}'}
            }
        }
        for number in range(200)
    }
    with FaultyServer(web) as server:
        assert len(observations(open_at(server, watched).read(NOW))) == 200
        assert len(server.requests) == 2, "the same query is asked once"
        server.requests.clear()
        assert len(observations(open_at(server, many).read(NOW))) == 200
        assert len(server.requests) < 50
        longest = max(len(request.target) for request in server.requests)
        assert longest < 2 * prometheus_queries.LONGEST_QUESTION
        assert server.connections == 2


def test_comment_at_the_end_of_a_query() -> None:
    """A query may say what it is."""
    web = CapturedPrometheus("01-all-up")
    read_from(web, NOW, one(checks={"Web": "up # whether it is there"}))
    assert "count(\nup # whether it is there\n)" in web.questions[-1]


class TestFreshness:
    """A measurement is as old as it is, whatever the time of the question."""

    NAME = "03-firing"
    NOW = CAPTURED[NAME]

    def test_each_measurement_has_its_own_time(self) -> None:
        """A target that is no longer looked at grows old while all others are new."""
        web = CapturedPrometheus("01-all-up")
        old = timedelta(seconds=200)
        web.samples = [
            Sample(
                labels=sample.labels,
                value=sample.value,
                measured=sample.measured
                - (old.total_seconds() if sample.labels["instance"] == "srv1" else 0),
            )
            for sample in web.samples
        ]
        seen = observations(read_from(web))
        assert seen["srv1"].fresh_until < NOW + PATIENCE - old
        assert seen["srv2"].fresh_until > NOW + PATIENCE - timedelta(seconds=5)

    def test_prometheus_that_looks_at_nothing_grows_old(self) -> None:
        """One that answers and no longer measures is as old as its newest measurement."""
        web = CapturedPrometheus(self.NAME)
        web.asked += 250
        reading = read_from(web, self.NOW + timedelta(seconds=250))
        assert reading.fresh_until < self.NOW + MAX_AGE

    def test_slow_needs_both_measurements(self) -> None:
        """Of the two measurements behind a check the older one counts."""
        web = CapturedPrometheus("01-all-up")
        seen = observations(read_from(web))["srv1/Web"]
        assert seen.fresh_until <= NOW + PATIENCE
        assert words(seen) == "operational"

    def test_clock_that_is_ahead_gains_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        """Every time is brought back by as much as Prometheus' clock is ahead."""
        ahead = timedelta(seconds=200)
        reading = read_from(CapturedPrometheus(self.NAME), self.NOW - ahead)
        for seen in observations(reading).values():
            assert seen.fresh_until <= self.NOW - ahead + PATIENCE
        assert "The clock of Prometheus is 199 seconds ahead" in caplog.text

    def test_clock_that_is_far_ahead_is_not_believed(self) -> None:
        """Otherwise what is repeated for ever would be new for ever."""
        with pytest.raises(SourceError, match="from the future"):
            read_from(CapturedPrometheus(self.NAME), self.NOW - MAX_AGE - timedelta(seconds=5))


class TestSlow:
    """Whether something is slow is asked only of what is up."""

    UP, DOWN = 'up{job="node",instance="srv1"}', 'probe_success{instance="srv3"}'

    @pytest.mark.parametrize(
        ("query", "slow", "expected"),
        [
            (UP, 'probe_duration_seconds{instance="srv2"} > bool 1', "degraded_performance"),
            (UP, 'probe_duration_seconds{instance="srv1"} > bool 1', "operational"),
            (DOWN, 'probe_duration_seconds{instance="srv2"} > bool 1', "major_outage"),
            (DOWN, "up{", "major_outage"),
            (UP, "up{", "unknown"),
            (UP, 'probe_duration_seconds{instance="srv9"} > bool 1', "unknown"),
            (UP, 'probe_duration_seconds{instance="srv2"}', "unknown"),
        ],
    )
    def test_state(self, query: str, slow: str, expected: str, caplog: pytest.LogCaptureFixture) -> None:
        """Nothing is said to be fast of which nobody knows whether it is slow."""
        entry = one(checks={"Web": query}, slow={"Web": slow})
        reading = read_from(CapturedPrometheus("03-firing"), CAPTURED["03-firing"], entry)
        assert observations(reading)["srv3/Web"].state.value == expected
        told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        assert len(told) == (expected == "unknown")
        assert not told or "Asked whether it is slow, Prometheus " in told[0]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({}, "'host' is missing. Write 'host: 'up{"),
        ({"checks": {"Web": ""}}, "A check must be a text"),
        ({"query": "up"}, "Known are: host, checks, slow"),
        ({"checks": {"Web": "up"}, "slow": "2s"}, "'slow' must be a mapping"),
        ({"checks": {"Web": "up"}, "slow": {"Wep": "up"}}, "Did you mean 'Web'"),
    ],
)
def test_map_that_cannot_be_used(entry: dict[str, Any], complaint: str) -> None:
    """A mistake in the map stops the start and says what to write."""
    with pytest.raises(MonitorMapError) as failure:
        open_sources("prometheus+http://x/", read_monitor_map(one(**entry)), TERMS)
    assert complaint in str(failure.value)


def test_address_that_cannot_be_used() -> None:
    """A mistake in the address stops the start with an example."""
    for name, complaint in {
        "prometheus:": "takes an address such as 'prometheus",
        "prometheus+http://x/?query=up": "does not know",
    }.items():
        with pytest.raises(MonitorSettingError, match=complaint):
            open_sources(name, read_monitor_map(None), TERMS)


@pytest.mark.parametrize(
    "result",
    [
        [{"metric": {"q": "up"}, "value": [1, 1]}],
        [{"metric": {"q": "up"}, "value": [1, "many"]}],
        [{"metric": {"q": "up"}, "value": [1, "-1"]}],
        [{"metric": {"q": "up"}, "value": [1, "1e300"]}],
        [{"metric": {"q": "up"}, "value": ["1", "1"]}],
        [{"metric": {"q": "up"}}],
        [{"value": [1, "1"]}],
        {},
    ],
)
def test_answer_of_another_form_is_no_reading(result: Any) -> None:
    """What is missing or written otherwise is not guessed."""
    said = {"status": "success", "data": {"resultType": "vector", "result": result}}
    with pytest.raises(SourceError, match="form"):
        read_from(lambda _: json_reply(said))


def test_half_an_answer_is_no_reading() -> None:
    """A count without a value, or a value without a count, is not guessed."""
    web = CapturedPrometheus("01-all-up")

    def answer(request: Request) -> Reply:
        reply = web(request)
        said = json.loads(reply.body)
        said["data"]["result"] = [
            sample for sample in said["data"]["result"] if sample["metric"]["q"] != "v0"
        ]
        return json_reply(said)

    with pytest.raises(SourceError, match="form"):
        read_from(answer)
