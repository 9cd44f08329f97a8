"""`nagios+http://` reads the CGI of a Nagios, and means the same as its status file does."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from faulty_server import FaultyServer, Reply, Request
from nagios_captures import (
    CAPTURED,
    FOLDER,
    GOLDEN,
    MAX_AGE,
    MONITOR_MAP,
    observations,
    read_capture,
    words,
)
from nagios_web import PATH, CapturedWeb

from status_plugin.core.monitoring.summary import Observation, Reading
from status_plugin.core.words import State
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    MonitorSettingError,
    Source,
    SourceError,
    SourceTerms,
    nagios_cgi,
    open_sources,
)

TERMS = SourceTerms(max_age=MAX_AGE)
SITUATIONS = [name for name in GOLDEN if (FOLDER / f"{name}.hostlist.json").exists()]


def open_at(url: str, monitor_map: dict[str, Any] | None = None) -> Source:
    """The source that asks the CGI at an address."""
    return open_sources(f"nagios+{url}", read_monitor_map(monitor_map or MONITOR_MAP), TERMS)["nagios"]


def read_from(web: CapturedWeb, now: datetime, monitor_map: dict[str, Any] | None = None) -> Reading:
    """What a Nagios says that answers so."""
    with FaultyServer(web) as server:
        return open_at(server.url(PATH), monitor_map).read(now)


@contextmanager
def asking_for_lists() -> Iterator[None]:
    """Let every host be one of too many to ask for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nagios_cgi, "MOST_ASKED_SINGLY", 0)
        yield


@pytest.fixture(params=["by name", "lists"])
def _both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ask for each host by its name, and for all that Nagios has."""
    if request.param == "lists":
        with asking_for_lists():
            yield
    else:
        yield


def test_every_capture_is_read() -> None:
    """No captured situation of a Nagios is left out."""
    captures = {path.name.partition(".")[0] for path in FOLDER.glob("*.hostlist.json")}
    no_reading = {"15-enumerate", "15-no-authorisation", "16-truncated", "17-empty", "18-stopped"}
    assert captures == set(SITUATIONS) | no_reading
    assert len(SITUATIONS) == 14


@pytest.mark.usefixtures("_both_ways")
@pytest.mark.parametrize("name", SITUATIONS)
def test_captured_situation_means_what_the_file_means(name: str) -> None:
    """A site that changes from the file to the CGI sees no difference, in states, times or freshness."""
    reading = read_from(CapturedWeb(name), CAPTURED[name])
    seen, from_file = observations(reading), read_capture(name)
    assert {what: text for what, o in seen.items() if (text := words(o)) != "operational"} == GOLDEN[name]
    assert abs(reading.written_at - from_file.written_at) <= timedelta(seconds=1)
    for what, observation in observations(from_file).items():
        assert seen[what].since == observation.since, what
        assert seen[what].downtime_since == observation.downtime_since, what
        assert abs(seen[what].fresh_until - observation.fresh_until) <= timedelta(seconds=1), what


class TestQuestions:
    """What is asked of Nagios' web interface."""

    @staticmethod
    def asked(monitor_map: dict[str, Any], name: str = "02-all-ok") -> list[str]:
        """The questions of one reading."""
        with FaultyServer(CapturedWeb(name)) as server:
            open_at(server.url(f"{PATH}statusjson.cgi"), monitor_map).read(CAPTURED[name])
            assert server.connections == 1
        return [request.target.removeprefix(PATH) for request in server.requests]

    def test_only_what_the_map_names_is_asked_for(self) -> None:
        """Neither the list of all hosts nor anything of another host is fetched."""
        assert self.asked({"srv3": MONITOR_MAP["srv3"], "x": {"nagios": {"host": "ns3"}}}) == [
            "statusjson.cgi?query=programstatus",
            "statusjson.cgi?query=host&hostname=srv3",
            "statusjson.cgi?query=servicelist&details=true&hostname=srv3",
            "statusjson.cgi?query=host&hostname=ns3",
        ]

    def test_many_hosts_are_asked_for_at_once(self) -> None:
        """A map of many hosts costs Nagios no more than two long answers."""
        with asking_for_lists():
            questions = self.asked(MONITOR_MAP)
        assert questions == [
            "statusjson.cgi?query=programstatus",
            "statusjson.cgi?query=hostlist&details=true",
            "statusjson.cgi?query=servicelist&details=true",
        ]

    def test_two_components_on_one_host_ask_once(self) -> None:
        """A host that stands behind two names is asked for once."""
        both = {"a": MONITOR_MAP["srv3"], "b": MONITOR_MAP["srv3"]}
        assert len(self.asked(both)) == 3

    def test_downtimes_are_asked_for_when_there_are_some(self) -> None:
        """One question more tells when they began."""
        questions = self.asked({"srv4": MONITOR_MAP["srv4"]}, "06-downtime")
        assert questions[3:] == ["statusjson.cgi?query=downtimelist&details=true&ineffect=yes"]


@pytest.mark.usefixtures("_both_ways")
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("16-truncated", "is not complete, or Nagios is restarting"),
        ("17-empty", "finds no status file that it can read"),
        ("18-stopped", "stopped or restarting"),
    ],
)
def test_broken_status_file_is_no_reading(name: str, complaint: str) -> None:
    """What the CGI makes of half a file, an empty one or none says nothing."""
    with pytest.raises(SourceError, match=complaint):
        read_from(CapturedWeb(name), CAPTURED[name])


def test_user_who_may_not_see_the_hosts() -> None:
    """An empty list of hosts is no Nagios without hosts, and the log says what to configure."""
    with asking_for_lists(), pytest.raises(SourceError, match="authorized_for_all_hosts"):
        read_from(CapturedWeb("15-no-authorisation"), CAPTURED["16-truncated"])


def test_user_whose_list_of_services_is_empty() -> None:
    """A service that the list leaves out is asked for by its name, which the CGI answers."""
    web = CapturedWeb("03-srv3-down")
    whole = CapturedWeb("03-srv3-down")

    def answer(request: Request) -> Reply:
        return (web if request.query["query"] == "servicelist" else whole)(request)

    web.lists["servicelist"] = {"data": {"servicelist": {}}}
    with FaultyServer(answer) as server:
        reading = open_at(server.url(PATH)).read(CAPTURED["03-srv3-down"])
    assert {
        what: text for what, o in observations(reading).items() if (text := words(o)) != "operational"
    } == (GOLDEN["03-srv3-down"])


@pytest.mark.parametrize(
    "body",
    [
        (FOLDER / "15-bad-query.head.txt").read_bytes() + b"}}}",
        (FOLDER / "15-unknown-host.service.json").read_bytes(),
        (FOLDER / "15-enumerate-short.servicelist.json").read_bytes(),
        b'{"result": {"type_code": 0}, "data": {}}',
        b'{"result": {"type_code": "0"}, "data": {}}',
        b'{"result": {}, "data": {"programstatus": {}}}',
    ],
)
def test_answer_to_another_question_is_no_reading(body: bytes) -> None:
    """An error, a short form or a part of an answer is not believed in any part."""
    with FaultyServer(lambda request: Reply(body=body)) as server, pytest.raises(SourceError):
        open_at(server.url(PATH)).read(CAPTURED["02-all-ok"])


@pytest.mark.usefixtures("_both_ways")
def test_words_instead_of_numbers_are_no_reading() -> None:
    """The form with words in it, which nobody asks for, is not half understood."""
    web = CapturedWeb("02-all-ok")
    web.lists["hostlist"] = json.loads((FOLDER / "15-enumerate.hostlist.json").read_text())
    with pytest.raises(SourceError, match="has not the form"):
        read_from(web, CAPTURED["02-all-ok"])


def change(web: CapturedWeb, check: str, **fields: Any) -> None:
    """Let one host or "host/service" of a captured situation be otherwise; None takes a field away."""
    host, _, service = check.partition("/")
    status = (
        web.lists["servicelist"]["data"]["servicelist"][host][service]
        if service
        else web.lists["hostlist"]["data"]["hostlist"][host]
    )
    status |= fields
    for name in (name for name, value in fields.items() if value is None):
        del status[name]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": 4}, "major_outage"),
        ({"status": 8}, "unknown unreachable"),
        ({"status": 1, "has_been_checked": False}, "unknown"),
        ({"status": 16}, "unknown"),
        ({"status": 0}, "unknown"),
        ({"status": 3}, "unknown"),
        ({"checks_enabled": False}, "unknown"),
        ({"status": 4, "state_type": 0, "last_hard_state_change": 1795340777000}, "operational"),
        ({"status": 4, "state_type": 0, "last_time_up": 0}, "unknown"),
        ({"status": 2, "state_type": 0, "last_hard_state": 1}, "major_outage"),
        ({"status": 4, "is_flapping": True}, "degraded_performance"),
        ({"status": 4, "problem_has_been_acknowledged": True}, "major_outage"),
    ],
)
def test_state_of_a_host(fields: dict[str, Any], expected: str) -> None:
    """Bits are read as bits, and what is none of them is unknown."""
    web = CapturedWeb("02-all-ok")
    change(web, "srv1", **fields)
    assert words(observations(read_from(web, CAPTURED["02-all-ok"]))["srv1"]) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [(2, "operational"), (4, "degraded_performance"), (16, "major_outage"), (8, "unknown"), (32, "unknown")],
)
def test_state_of_a_service(status: int, expected: str) -> None:
    """A service's bits are others than a host's."""
    web = CapturedWeb("02-all-ok")
    change(web, "srv1/HTTP", status=status)
    assert words(observations(read_from(web, CAPTURED["02-all-ok"]))["srv1/Web"]) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "up"},
        {"status": True},
        {"status": None},
        {"has_been_checked": None},
        {"state_type": "hard"},
        {"last_check": "2026-11-22T12:00:00"},
        {"next_check": None},
        {"checks_enabled": "yes"},
        {"scheduled_downtime_depth": "1"},
    ],
)
def test_field_of_another_kind_is_no_reading(fields: dict[str, Any]) -> None:
    """What is missing or written otherwise is not guessed."""
    web = CapturedWeb("02-all-ok")
    change(web, "srv1", **fields)
    with pytest.raises(SourceError, match="has not the form"):
        read_from(web, CAPTURED["02-all-ok"])


def test_names_match_whole_and_exactly(caplog: pytest.LogCaptureFixture) -> None:
    """A name that Nagios does not know is unknown, and the log says where it stands but not the name."""
    watched = {
        "srv1": {"nagios": {"host": "SRV1"}},
        "srv2": {"nagios": {"host": "srv2", "checks": {"Web": "HTTP", "Mail": "private-smtp"}}},
    }
    with FaultyServer(CapturedWeb("02-all-ok")) as server:
        source = open_at(server.url(PATH), watched)
        for _ in range(3):
            seen = observations(source.read(CAPTURED["02-all-ok"]))
    assert {what: words(observation) for what, observation in seen.items()} == {
        "srv1": "unknown",
        "srv2": "operational",
        "srv2/Web": "operational",
        "srv2/Mail": "unknown",
    }
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert [message.partition(": ")[0] for message in messages] == [
        "STATUS_MONITOR_MAP, entry 1",
        "STATUS_MONITOR_MAP, entry 2",
    ]
    assert "private" not in caplog.text


class TestManyWrongNames:
    """A map with many names that Nagios does not have."""

    HOSTS = tuple(f"gone{number:02}" for number in range(35))
    WATCHED = MONITOR_MAP | {host: {"nagios": {"host": host, "checks": {"Web": "x"}}} for host in HOSTS}
    NOW = CAPTURED["02-all-ok"]

    def test_they_cost_their_own_state_and_never_the_reading(self, caplog: pytest.LogCaptureFixture) -> None:
        """A few are asked for in each reading, all of them in turn; what Nagios lists is known at once."""
        asked: list[list[str]] = []
        with FaultyServer(CapturedWeb("02-all-ok")) as server:
            source = open_at(server.url(PATH), self.WATCHED)
            for _ in range(8):
                server.requests.clear()
                seen = observations(source.read(self.NOW))
                asked.append([r.query["hostname"] for r in server.requests if "hostname" in r.query])
                unknown = {what for what, one in seen.items() if words(one) == "unknown"}
                assert unknown == {name for host in self.HOSTS for name in (host, f"{host}/Web")}
        assert asked[0] == list(self.HOSTS)
        assert [name for names in asked[1:] for name in names] == list(self.HOSTS[:21])
        assert len(caplog.records) == len(self.HOSTS), "each is told once"

    def test_one_that_is_there_after_all_is_found(self) -> None:
        """When Nagios has learnt the name it is asked for alone if it is not in the list, and then always."""
        web = CapturedWeb("02-all-ok")
        hosts = web.lists["hostlist"]["data"]["hostlist"]

        def answer(request: Request) -> Reply:
            name = request.query.get("hostname")
            if request.query["query"] == "host" and name == self.HOSTS[-1]:
                return Reply(body=json.dumps(web._told("host", hosts["srv1"])).encode())
            return web(request)

        with FaultyServer(web) as server:
            source = open_at(server.url(PATH), self.WATCHED)
            for _ in range(4):
                source.read(self.NOW)
            server.answer = answer
            found = [words(observations(source.read(self.NOW))[self.HOSTS[-1]]) for _ in range(13)]
        first = found.index("operational")
        assert first <= 11
        assert set(found[first:]) == {"operational"}

    def test_slow_nagios_is_read_all_the_same(self, caplog: pytest.LogCaptureFixture) -> None:
        """Names of which nobody knows yet that they are wrong get half of the time, and the rest later."""
        web = CapturedWeb("02-all-ok")
        terms = SourceTerms(max_age=MAX_AGE, timeout=timedelta(seconds=0.25))
        pace = 1.2 * terms.total.total_seconds() / len(self.HOSTS)

        def answer(request: Request) -> Reply:
            time.sleep(pace)
            return web(request)

        with FaultyServer(answer) as server:
            watched = read_monitor_map(self.WATCHED)
            source = open_sources(f"nagios+{server.url(PATH)}", watched, terms)["nagios"]
            for _ in range(5):
                seen = observations(source.read(self.NOW))
                assert words(seen["srv1"]) == "operational"
                assert words(seen[f"{self.HOSTS[-1]}/Web"]) == "unknown"
                if len(caplog.records) == len(self.HOSTS):
                    break
                assert caplog.records
        assert len(caplog.records) == len(self.HOSTS), "and then it is told"


@pytest.mark.usefixtures("_both_ways")
def test_name_that_the_cgi_cannot_write(caplog: pytest.LogCaptureFixture) -> None:
    """Where Nagios' machine lacks the locale, such a host and service is found by its name all the same."""
    web = CapturedWeb("06-downtime")
    host = web.lists["hostlist"]["data"]["hostlist"].pop("srv4")
    services = web.lists["servicelist"]["data"]["servicelist"].pop("srv4")
    downtimes = web.lists["downtimelist"]["data"]["downtimelist"]

    def answer(request: Request) -> Reply:
        query, names = request.query["query"], request.query
        if names.get("hostname") != "Büro 4":
            reply = web(request)
            return Reply(body=reply.body.replace(b'"srv4"', b'""'))
        if query == "host":
            return Reply(body=json.dumps(web._told("host", host | {"name": ""})).encode())
        if query == "service" and names["servicedescription"] == "Drücker":
            return Reply(body=json.dumps(web._told("service", services["HTTP"])).encode())
        if query == "downtimelist":
            kind = 1 if "servicedescription" in names else 2
            found = {
                number: downtime | {"host_name": "", "service_description": ""}
                for number, downtime in downtimes.items()
                if downtime["is_in_effect"] and downtime["type"] == kind
            }
            return Reply(body=json.dumps(web._told(query, found)).encode())
        return Reply(body=json.dumps(web._told("servicelist", {"(null)": {"(null)": {}}})).encode())

    watched = {"srv4": {"nagios": {"host": "Büro 4", "checks": {"Web": "Drücker"}}}}
    with FaultyServer(answer) as server:
        seen = observations(open_at(server.url(PATH), watched).read(CAPTURED["06-downtime"]))
    assert {words(observation) for observation in seen.values()} == {"major_outage in downtime"}
    assert not caplog.records


def test_downtime_that_is_not_listed_is_a_contradiction() -> None:
    """What is in a downtime of which nobody knows the beginning is not under maintenance for ever."""
    web = CapturedWeb("06-downtime")
    web.lists["downtimelist"]["data"]["downtimelist"] = {}
    with pytest.raises(SourceError, match="does not list"):
        read_from(web, CAPTURED["06-downtime"])


def test_downtime_that_ends_between_two_questions() -> None:
    """Where Nagios writes its file anew while it is asked, it is asked once more."""
    before, after = CapturedWeb("06-downtime"), CapturedWeb("02-all-ok")
    after.first["result"]["program_start"] = before.first["result"]["program_start"]
    asked: list[str] = []

    def answer(request: Request) -> Reply:
        asked.append(request.query["query"])
        return (before if len(asked) <= 3 else after)(request)

    with FaultyServer(answer) as server:
        source = open_at(server.url(PATH), {"srv4": MONITOR_MAP["srv4"]})
        seen = observations(source.read(CAPTURED["02-all-ok"]))
    assert {words(observation) for observation in seen.values()} == {"operational"}
    assert asked == ["programstatus", "host", "servicelist", "downtimelist"] + (
        ["downtimelist"] * 3 + ["programstatus", "host", "servicelist"]
    )


def test_answers_of_two_writings_are_as_old_as_the_older_one() -> None:
    """What Nagios has written meanwhile makes nothing younger that was told before."""
    before, after = CapturedWeb("02-all-ok"), CapturedWeb("02-all-ok")
    before.first["result"]["last_data_update"] -= 60_000
    asked: list[str] = []

    def answer(request: Request) -> Reply:
        asked.append(request.query["query"])
        return (before if len(asked) <= 2 else after)(request)

    with FaultyServer(answer) as server:
        source = open_at(server.url(PATH), {"srv4": MONITOR_MAP["srv4"]})
        found = source.read(CAPTURED["02-all-ok"])
    assert len(asked) > 2
    assert found.written_at.timestamp() == before.first["result"]["last_data_update"] / 1000


def test_escapes_that_json_does_not_have() -> None:
    """A bell in a plugin's output, which the CGI writes as no JSON, does not make the page blind."""
    web = CapturedWeb("03-srv3-down")

    def answer(request: Request) -> Reply:
        body = web(request).body.replace(b"Socket timeout", rb"\a\x1b \\a \"quoted\" \u00fc")
        return Reply(body=body)

    with FaultyServer(answer) as server:
        seen = observations(open_at(server.url(PATH)).read(CAPTURED["03-srv3-down"]))
    assert seen["srv3/Web"].state is State.MAJOR_OUTAGE


class TestConfiguration:
    """What objectjson.cgi is asked for, and what it is good for."""

    NOW = CAPTURED["02-all-ok"]
    DAY = 86_400_000

    @staticmethod
    def read(web: CapturedWeb, configured: dict[str, Any] | None) -> tuple[dict[str, Observation], list[str]]:
        """Three readings of a Nagios whose configuration says this of every object, and what was asked."""

        def answer(request: Request) -> Reply:
            if not request.path.endswith("objectjson.cgi"):
                return web(request)
            if configured is None:
                return Reply(status=404)
            kind = request.query["query"]
            said = web._told(kind, configured)
            return Reply(body=json.dumps(said).replace('{"name": 1', '{"name": 1, "name": 1').encode())

        with FaultyServer(answer) as server:
            source = open_at(server.url(PATH), {"srv1": MONITOR_MAP["srv1"]})
            for _ in range(3):
                reading = source.read(TestConfiguration.NOW)
        return observations(reading), [r.target for r in server.requests if "objectjson" in r.path]

    def test_it_is_not_asked_for_without_need(self) -> None:
        """Where the status says enough no question is asked."""
        assert self.read(CapturedWeb("02-all-ok"), {"check_interval": 5.0})[1] == []

    def test_daily_check_is_believed_when_it_is_configured(self) -> None:
        """A check that is made once a day counts for days; it is asked once how it is configured."""
        web = CapturedWeb("02-all-ok")
        last = int(self.NOW.timestamp() * 1000)
        change(web, "srv1/HTTP", last_check=last, next_check=last + self.DAY)
        seen, questions = self.read(web, {"name": 1, "check_interval": 1440.0})
        assert seen["srv1/Web"].fresh_until >= self.NOW + timedelta(days=2.9)
        assert questions == [f"{PATH}objectjson.cgi?query=service&hostname=srv1&servicedescription=HTTP"]
        seen, _ = self.read(web, {"check_interval": 10.0})
        assert seen["srv1/Web"].fresh_until < self.NOW + timedelta(hours=2)

    def test_host_without_a_check_has_no_word_of_its_own(self) -> None:
        """Its services speak for it."""
        web = CapturedWeb("02-all-ok")
        change(web, "srv1", has_been_checked=False, status=1)
        seen, questions = self.read(web, {"check_command": "", "check_interval": 5.0})
        assert "srv1" not in seen
        assert words(seen["srv1/Web"]) == "operational"
        assert len(questions) == 1
        seen, _ = self.read(web, {"check_command": "ping", "check_interval": 5.0})
        assert words(seen["srv1"]) == "unknown"

    def test_it_takes_no_more_than_its_part_of_a_reading(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A Nagios with many hosts that were never checked is asked of some of them in each reading."""
        monkeypatch.setattr(nagios_cgi, "MOST_CONFIGURATIONS", 1)
        web = CapturedWeb("02-all-ok")
        last = int(self.NOW.timestamp() * 1000)
        for service in ("HTTP", "MySQL", "SSH"):
            change(web, f"srv1/{service}", last_check=last, next_check=last + self.DAY)
        seen, questions = self.read(web, {"check_interval": 1440.0})
        assert len(questions) == len(set(questions)) == 3
        for label in ("Web", "Database", "Shell"):
            assert seen[f"srv1/{label}"].fresh_until >= self.NOW + timedelta(days=2.9)

    def test_nagios_that_does_not_tell_it(self, caplog: pytest.LogCaptureFixture) -> None:
        """Without it less is known, and nothing fails."""
        web = CapturedWeb("02-all-ok")
        last = int(self.NOW.timestamp() * 1000)
        change(web, "srv1", has_been_checked=False, status=1)
        change(web, "srv1/HTTP", last_check=last, next_check=last + self.DAY)
        seen, questions = self.read(web, None)
        assert words(seen["srv1"]) == "unknown"
        assert words(seen["srv1/Web"]) == "operational"
        assert seen["srv1/Web"].fresh_until < self.NOW + timedelta(hours=2)
        assert len(questions) == 3, "once in each reading"
        assert not [record for record in caplog.records if record.levelno >= logging.INFO]

    def test_it_is_asked_for_again_after_a_restart(self) -> None:
        """Another configuration comes with a restart."""
        web = CapturedWeb("02-all-ok")
        change(web, "srv1", has_been_checked=False, status=1)
        said = [{"check_command": "ping"}, {"check_command": ""}]

        def answer(request: Request) -> Reply:
            if not request.path.endswith("objectjson.cgi"):
                return web(request)
            return Reply(body=json.dumps(web._told("host", said.pop(0))).encode())

        with FaultyServer(answer) as server:
            source = open_at(server.url(PATH), {"srv1": MONITOR_MAP["srv1"]})
            assert "srv1" in observations(source.read(self.NOW))
            web.first["result"]["program_start"] += 5000
            assert "srv1" not in observations(source.read(self.NOW))
        assert not said


class TestClocks:
    """A Nagios whose clock is not ours."""

    NAME = "03-srv3-down"
    NOW = CAPTURED[NAME]

    @staticmethod
    def web(*, updated: float = 0, says: float = 0) -> CapturedWeb:
        """The situation, with the file written and the clock set so many seconds later."""
        web = CapturedWeb(TestClocks.NAME)
        web.first["result"]["last_data_update"] += updated * 1000
        web.first["result"]["query_time"] += says * 1000
        return web

    def test_clock_that_is_ahead_gains_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        """Every time is brought back by as much as the clock is ahead, and the log says so once."""
        in_time = read_from(self.web(), self.NOW)
        ahead = timedelta(seconds=200)
        with FaultyServer(self.web()) as server:
            source = open_at(server.url(PATH))
            early = [source.read(self.NOW - ahead) for _ in range(3)][-1]
        assert early.written_at == in_time.written_at - ahead
        assert early.fresh_until == in_time.fresh_until - ahead
        for what, observation in observations(in_time).items():
            assert observations(early)[what].fresh_until == observation.fresh_until - ahead
        (record,) = caplog.records
        assert record.getMessage() == (
            "The clock of Nagios is 200 seconds ahead of this machine's. Let NTP set both."
        )

    def test_dead_nagios_with_a_fast_clock_goes_stale(self) -> None:
        """The file of a Nagios that is dead grows old by its machine's own clock."""
        dead = self.web(says=290)
        reading = read_from(dead, self.NOW)
        assert reading.written_at <= self.NOW - timedelta(seconds=285)

    def test_clock_that_is_far_ahead_is_not_believed(self) -> None:
        """Otherwise what is repeated for ever would be new for ever."""
        with pytest.raises(SourceError, match="from the future"):
            read_from(self.web(), self.NOW - MAX_AGE - timedelta(seconds=5))

    def test_clock_that_is_behind_makes_data_older(self, caplog: pytest.LogCaptureFixture) -> None:
        """An answer that somebody in between repeats looks like that, and grows old."""
        reading = read_from(self.web(), self.NOW + timedelta(seconds=400))
        assert reading.fresh_until < self.NOW + timedelta(seconds=400)
        assert "400 seconds behind this machine's" in caplog.text

    def test_small_differences_are_nobody_s_business(self, caplog: pytest.LogCaptureFixture) -> None:
        """Half a minute is not worth a word, and when the clocks agree again the log says that too."""
        caplog.set_level(logging.INFO)
        with FaultyServer(self.web()) as server:
            source = open_at(server.url(PATH))
            for seconds in (0, 30, -30):
                source.read(self.NOW + timedelta(seconds=seconds))
            assert not caplog.records
            for seconds in (90, 90, 10, 10):
                source.read(self.NOW + timedelta(seconds=seconds))
        assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
        assert "agree again" in caplog.text


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("nagios+https://", "takes an address such as 'nagios\\+https://status:"),
        ("nagios+ftp://host/", "takes an address such as"),
        ("nagios+https://host/?hostgroup=x", "option behind the '\\?' that this source does not know"),
    ],
)
def test_address_that_cannot_be_used(name: str, complaint: str) -> None:
    """A mistake in the address stops the start with an example."""
    with pytest.raises(MonitorSettingError, match=complaint):
        open_sources(name, read_monitor_map(None), TERMS)
