"""`livestatus:` reads the Livestatus of every monitor that has one alike, and believes no half answers."""

from __future__ import annotations

import copy
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from faulty_server import FaultyServer
from icinga2_captures import CapturedApi
from livestatus_captures import (
    CAPTURED,
    GOLDEN,
    ICINGA,
    NAEMON,
    CapturedLivestatus,
    Row,
    Tables,
    captured_livestatus,
    tables,
)
from livestatus_server import AWAITED_IN_VAIN, FAULTS, LivestatusServer, livestatus_at_a_path
from nagios_captures import EVERYTHING, MAX_AGE, observations, words
from nagios_captures import MONITOR_MAP as NAGIOS_MAP

from status_plugin.core.monitoring.summary import Observation, Reading
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    MonitorSettingError,
    Source,
    SourceError,
    SourceTerms,
    livestatus_client,
    open_sources,
)

MONITOR_MAP = {slug: {"livestatus": kinds["nagios"]} for slug, kinds in NAGIOS_MAP.items()}
TERMS = SourceTerms(max_age=MAX_AGE)
SHORT = SourceTerms(timeout=timedelta(seconds=0.3))
WELL, TROUBLE, PLANNED = f"{NAEMON}02-all-ok", f"{NAEMON}03-problems", f"{NAEMON}04-acknowledged-downtime"


def open_at(setting: str, monitor_map: dict[str, Any] | None = None, terms: SourceTerms = TERMS) -> Source:
    """The source that asks there."""
    return open_sources(setting, read_monitor_map(monitor_map or MONITOR_MAP), terms)["livestatus"]


def read_tables(told: Tables, now: datetime, **options: Any) -> Reading:
    """What a Livestatus with these tables says."""
    with LivestatusServer(CapturedLivestatus(tables=told)) as server:
        return open_at(server.setting, **options).read(now)


def read_capture(name: str, **options: Any) -> Reading:
    """What a captured situation says at its time."""
    return read_tables(tables(name), CAPTURED[name], **options)


def edited(name: str, check: str, /, **columns: Any) -> dict[str, list[Row]]:
    """A situation with some columns of one host, "host/service" or table changed."""
    told = copy.deepcopy(dict(tables(name)))
    host, _, service = check.partition("/")
    rows = told["services"] if service else told["hosts"] if host not in told else told[host]
    chosen = [
        row
        for row in rows
        if host in told
        or (row.get("host_name", row.get("name")) == host and row.get("description", "") == service)
    ]
    assert chosen
    for row in chosen:
        assert columns.keys() <= row.keys()
        row.update(columns)
    return told


def seen_in(told: Tables, name: str) -> dict[str, Observation]:
    """What changed tables say at the time of a situation."""
    return observations(read_tables(told, CAPTURED[name]))


def row_of(name: str, host: str, service: str = "") -> Row:
    """The row of a host or a service."""
    rows = tables(name)["services" if service else "hosts"]
    (row,) = (
        row
        for row in rows
        if (row.get("host_name") or row["name"]) == host and row.get("description", "") == service
    )
    return row


def test_every_capture_has_its_expectation() -> None:
    """No captured situation is left out."""
    assert CAPTURED.keys() - GOLDEN.keys() == {f"{ICINGA}10-killed-stale"}


@pytest.mark.parametrize("name", GOLDEN)
def test_captured_situation_is_read_by_the_public_scale(name: str) -> None:
    """Each situation that a real monitor was in means what the public scale says."""
    with livestatus_at_a_path(captured_livestatus(name)) as server:
        reading = open_at(server.setting).read(CAPTURED[name])
    seen = observations(reading)
    assert seen.keys() == EVERYTHING
    said = {what: words(observation) for what, observation in seen.items()}
    assert {what: text for what, text in said.items() if text != "operational"} == GOLDEN[name]
    assert reading.written_at == CAPTURED[name]
    assert all(observation.fresh_until > CAPTURED[name] for observation in seen.values())


@pytest.mark.parametrize("name", [name for name in GOLDEN if name.startswith(ICINGA)])
def test_icinga_says_the_same_over_livestatus_and_its_api(name: str) -> None:
    """A site that changes from one to the other sees the same states, and the same times to the second."""
    monitor_map = {slug: {"icinga2": kinds["nagios"]} for slug, kinds in NAGIOS_MAP.items()}
    with FaultyServer(CapturedApi(name.removeprefix(ICINGA))) as server:
        api = open_sources(f"icinga2+{server.url()}", read_monitor_map(monitor_map), TERMS)["icinga2"]
        from_api = observations(api.read(CAPTURED[name]))
    for what, seen in observations(read_capture(name)).items():
        assert words(seen) == words(from_api[what]), what
        for ours, theirs in (
            (seen.since, from_api[what].since),
            (seen.downtime_since, from_api[what].downtime_since),
        ):
            assert (ours is None) == (theirs is None), what
            assert ours is None or theirs is None or abs(ours - theirs) <= timedelta(seconds=1), what


def test_since_is_when_the_failure_was_confirmed() -> None:
    """The page can say since when a server is down."""
    since = observations(read_capture(TROUBLE))["srv3"].since
    assert since == datetime.fromtimestamp(row_of(TROUBLE, "srv3")["last_hard_state_change"], UTC)


class TestDowntimes:
    """Planned work."""

    BEGAN = datetime.fromtimestamp(1795339416, UTC)

    def test_it_begins_when_it_took_effect(self) -> None:
        """A host's downtime is counted from its beginning, and for its checks as well."""
        seen = observations(read_capture(PLANNED))
        planned = {what: o.downtime_since for what, o in seen.items() if o.downtime_since}
        assert planned == dict.fromkeys(["srv3", "srv3/Web", "srv3/Database"], self.BEGAN)

    @pytest.mark.parametrize(
        ("downtimes", "began"),
        [
            ([{"start_time": -50}, {"start_time": -90}], -90),
            ([{"start_time": -50}, {"start_time": +900}], -50),
            ([{"start_time": -50}, {"start_time": -900, "end_time": -60}], -50),
            ([{"start_time": -50}, {"start_time": -86400 * 3, "fixed": 0}], -50),
            ([{"start_time": -86400 * 3, "fixed": 0}], -9),
            ([{"start_time": -5, "fixed": 0}], -5),
            ([{"start_time": +1}], 0),
        ],
    )
    def test_of_several_the_one_in_effect_counts(self, downtimes: list[Row], began: int) -> None:
        """Not one of tomorrow, nor one that is over; a flexible one counts from the problem it waited for."""
        now = CAPTURED[PLANNED]
        told = edited(PLANNED, "srv3", last_hard_state_change=now.timestamp() - 9)
        usual = {"host_name": "srv3", "service_description": "", "fixed": 1, "end_time": 7200}
        told["downtimes"] = [usual | downtime for downtime in downtimes]
        for row in told["downtimes"]:
            row["start_time"] += now.timestamp()
            row["end_time"] += now.timestamp()
        since = seen_in(told, PLANNED)["srv3"].downtime_since
        assert since is not None
        assert (since - now).total_seconds() == pytest.approx(began)

    def test_downtime_that_is_not_listed_is_a_contradiction(self) -> None:
        """What ends between two questions is no reading; the next one will be."""
        told = dict(tables(PLANNED)) | {"downtimes": []}
        with pytest.raises(SourceError, match="does not list a planned downtime"):
            read_tables(told, CAPTURED[PLANNED])


class TestQuestions:
    """What is asked over Livestatus."""

    @staticmethod
    def asked(monitor_map: dict[str, Any], name: str = WELL) -> list[list[str]]:
        """The lines of each question of one reading."""
        with LivestatusServer(captured_livestatus(name)) as server:
            open_at(server.setting, monitor_map).read(CAPTURED[name])
        return [question.split("\n") for question in server.questions]

    def test_only_what_the_map_names_is_asked_for(self) -> None:
        """Neither other hosts nor other services of the same host are told."""
        entry = {"host": "mail1", "checks": {"Queue": "Mail queue", "Mail": "SMTP"}}
        status, hosts, services = self.asked({"mail1": {"livestatus": entry}})
        assert [lines[0] for lines in (status, hosts, services)] == [
            "GET status",
            "GET hosts",
            "GET services",
        ]
        assert [line for line in hosts if line.startswith(("Filter", "Or", "And"))] == [
            "Filter: name = mail1"
        ]
        conditions = [line for line in services if line.startswith(("Filter", "Or", "And"))]
        assert conditions[-1] == "Or: 2"
        assert sorted(zip(conditions[0:6:3], conditions[1:6:3], conditions[2:6:3], strict=True)) == [
            ("Filter: host_name = mail1", "Filter: description = Mail queue", "And: 2"),
            ("Filter: host_name = mail1", "Filter: description = SMTP", "And: 2"),
        ]

    def test_no_text_is_asked_for(self) -> None:
        """What plugins print, comments, addresses and commands stay where they are."""
        columns = {name for lines in self.asked(MONITOR_MAP, PLANNED) for name in lines[1].split(" ")[1:]}
        texts = {name for name, value in row_of(PLANNED, "mail1", "IMAP").items() if isinstance(value, str)}
        assert {"plugin_output", "check_command"} <= texts
        assert columns & (texts | {"author", "comment"}) == {"host_name", "description"}

    def test_downtimes_are_asked_for_where_there_are_some(self) -> None:
        """One question more, about the hosts that have some."""
        lines = self.asked(MONITOR_MAP, PLANNED)[-1]
        assert lines[0] == "GET downtimes"
        assert [line for line in lines if line.startswith("Filter")] == ["Filter: host_name = srv3"]

    @pytest.mark.parametrize("mark", ["\n", "\r", "\n\n", "\t", "\0"])
    @pytest.mark.parametrize("where", ["host", "check"])
    def test_name_cannot_be_another_line(self, mark: str, where: str) -> None:
        """A name with a line break would ask for something else; it stops the start, and is not repeated."""
        trap = f"srv1{mark}Filter: name ~ private"
        entry: dict[str, Any] = {"host": "srv1", "checks": {"Web": "HTTP"}}
        entry |= {"host": trap} if where == "host" else {"checks": {"Web": trap}}
        with pytest.raises(MonitorMapError, match="entry 1: A name has a line break") as failure:
            open_at("livestatus:/live", {"srv1": {"livestatus": entry}})
        assert "private" not in str(failure.value)

    @pytest.mark.parametrize("name", ["srv1 Or: 2", "= srv1", "srv1;", "~ .", "Büro 1", '"srv1"'])
    def test_name_is_only_ever_a_name(self, name: str) -> None:
        """Whatever else stands in a name, it finds nothing but a host that is called so."""
        watched = {"srv1": {"livestatus": {"host": name}}, "srv3": MONITOR_MAP["srv3"]}
        seen = observations(read_tables(tables(WELL), CAPTURED[WELL], monitor_map=watched))
        assert words(seen["srv1"]) == "unknown"
        assert words(seen["srv3"]) == "operational"
        told = edited(WELL, "srv1", name=name)
        seen = observations(read_tables(told, CAPTURED[WELL], monitor_map=watched))
        assert words(seen["srv1"]) == "operational"


def test_line_of_the_map_that_nobody_knows_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    """A name that is misspelt makes an unknown state, and the log says where, without the name."""
    entry = {"host": "srv1", "checks": {"Web": "HTTP", "Mail": "private-smtp"}}
    with LivestatusServer(captured_livestatus(WELL)) as server:
        source = open_at(server.setting, {"srv1": {"livestatus": entry}})
        seen, again = (observations(source.read(CAPTURED[WELL])) for _ in range(2))
    assert seen == again
    assert words(seen["srv1/Web"]) == "operational"
    assert words(seen["srv1/Mail"]) == "unknown"
    (message,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert message.startswith("STATUS_MONITOR_MAP, entry 1: Livestatus knows nothing of this name")
    assert "private" not in caplog.text


class TestUnconfirmed:
    """What the monitor has not confirmed, or has no check for."""

    def test_what_was_never_checked_is_unknown(self) -> None:
        """Its state is 0, which means nothing yet."""
        told = edited(WELL, "srv3/HTTP", has_been_checked=0, state=0, last_check=0)
        assert words(seen_in(told, WELL)["srv3/Web"]) == "unknown"

    def test_new_host_that_has_only_failed_so_far_is_unknown(self) -> None:
        """Nagios says that it was up before, Icinga that it was down: nobody has confirmed either."""
        soft = {"state": 1, "state_type": 0, "last_hard_state_change": 0, "last_time_up": 0}
        for last in (0, 1):
            told = edited(WELL, "srv3", hard_state=last, **soft)
            assert words(seen_in(told, WELL)["srv3"]) == "unknown"

    def test_host_without_a_check_has_no_word_of_its_own(self) -> None:
        """Its services speak for it; without them it is unknown."""
        told = edited(WELL, "srv3", has_been_checked=0, state=0, check_command="")
        seen = read_tables(told, CAPTURED[WELL]).components["srv3"]
        assert seen.host is None
        assert seen.checks["Web"].state is State.OPERATIONAL
        alone = read_tables(told, CAPTURED[WELL], monitor_map={"srv3": {"livestatus": {"host": "srv3"}}})
        assert words(observations(alone)["srv3"]) == "unknown"

    def test_host_that_is_checked_on_demand_is_as_fresh_as_its_services(self) -> None:
        """Nagios looks at such a host when a service changes: its word stands while they are checked."""
        week_ago = CAPTURED[WELL].timestamp() - 7 * 86400
        told = edited(WELL, "srv3", check_interval=0.0, last_check=week_ago, next_check=0)
        seen = seen_in(told, WELL)
        assert seen["srv3"].fresh_until == max(
            seen[what].fresh_until for what in ("srv3/Web", "srv3/Database")
        )


class TestSwitchedOff:
    """Checks that nobody makes any more."""

    @pytest.mark.parametrize("kind", ["host", "service"])
    def test_all_checks_of_a_kind(self, kind: str) -> None:
        """With all checks of a kind switched off everything of that kind is unknown at once."""
        seen = seen_in(edited(WELL, "status", **{f"execute_{kind}_checks": 0}), WELL)
        unknown = {name for name in seen if seen[name].state is State.UNKNOWN}
        assert unknown == {name for name in EVERYTHING if ("/" in name) == (kind == "service")}

    def test_checks_of_one_object(self) -> None:
        """With its checks switched off one service is unknown."""
        told = edited(WELL, "srv3/HTTP", active_checks_enabled=0)
        assert words(seen_in(told, WELL)["srv3/Web"]) == "unknown"

    def test_results_that_are_handed_in(self) -> None:
        """As Checkmk has most of its services: they count for `fresh_for` after the last result."""
        last = CAPTURED[WELL].timestamp() - 600
        told = edited(WELL, "srv3/HTTP", active_checks_enabled=0, check_type=1, last_check=last, next_check=0)
        seen = seen_in(told, WELL)["srv3/Web"]
        assert words(seen) == "operational"
        assert seen.fresh_until == datetime.fromtimestamp(last, UTC) + timedelta(hours=1)


class TestClocks:
    """A monitor that does not tell the time."""

    AHEAD = timedelta(seconds=200)

    def test_clock_that_is_ahead_shows_in_its_checks(self, caplog: pytest.LogCaptureFixture) -> None:
        """Checks from the future give it away; nothing of it counts longer than what is of now."""
        now = CAPTURED[TROUBLE] - self.AHEAD
        right, ahead = read_capture(TROUBLE), read_tables(tables(TROUBLE), now)
        assert ahead.written_at == now
        difference = observations(right)["srv3"].fresh_until - observations(ahead)["srv3"].fresh_until
        assert abs(difference - self.AHEAD) < timedelta(seconds=5)
        assert "seconds ahead of this machine's" in caplog.text

    def test_restart_in_the_future_shows_it_too(self) -> None:
        """A monitor that has checked nothing yet still says when it was started."""
        told = edited(f"{ICINGA}01-pending", "status", program_start=CAPTURED[WELL].timestamp() + 400)
        with pytest.raises(SourceError, match="from the future"):
            read_tables(told, CAPTURED[WELL])

    def test_result_from_the_future_is_somebody_elses(self) -> None:
        """What is handed in with a wrong time makes only itself doubtful."""
        later = CAPTURED[WELL].timestamp() + 10**6
        told = edited(WELL, "srv3/HTTP", active_checks_enabled=0, check_type=1, last_check=later)
        seen = seen_in(told, WELL)
        assert seen["srv3/Web"].fresh_until <= CAPTURED[WELL] + timedelta(hours=1)
        assert seen["srv3/Database"].fresh_until < CAPTURED[WELL] + timedelta(minutes=10)


class TestFaults:
    """Answers that are none."""

    @pytest.mark.parametrize("fault", FAULTS)
    def test_half_an_answer_is_no_reading(self, fault: str) -> None:
        """Whatever comes instead of an answer, it ends in time, and nothing of it is believed or told."""
        terms = SHORT if fault in AWAITED_IN_VAIN else TERMS
        with livestatus_at_a_path(captured_livestatus(TROUBLE)) as server:
            source = open_at(server.setting, terms=terms)
            server.fault = FAULTS[fault]
            started = time.monotonic()
            with pytest.raises(SourceError) as failure:
                source.read(CAPTURED[TROUBLE])
            assert time.monotonic() - started < terms.total.total_seconds() + 1
            assert str(failure.value) != "This monitor failed in an unexpected way"
            assert failure.value.__context__ is None
            assert "srv3" not in f"{failure.value!r} {failure.value.detail}"
            server.fault = None
            assert (
                words(observations(open_at(server.setting).read(CAPTURED[TROUBLE]))["srv3"]) == "major_outage"
            )

    def test_answer_cut_anywhere_is_no_reading(self) -> None:
        """Wherever an answer breaks off, nothing is read out of it."""
        answers = captured_livestatus(TROUBLE)
        with LivestatusServer(answers) as server:
            source = open_at(server.setting, {"srv3": MONITOR_MAP["srv3"]})
            whole = source.read(CAPTURED[TROUBLE])
            longest = max(len(answers(question)) for question in server.questions)
            for length in range(0, longest, 3):
                server.answer = lambda question, length=length: answers(question)[:length]  # type: ignore[misc]
                with pytest.raises(SourceError):
                    source.read(CAPTURED[TROUBLE])
            server.answer = answers
            assert source.read(CAPTURED[TROUBLE]) == whole

    def test_size_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """More than anybody needs is not read into memory."""
        monkeypatch.setattr(livestatus_client, "MAX_BYTES", 1000)
        with pytest.raises(SourceError, match="too large"):
            read_capture(WELL)

    def test_all_questions_together_end_in_time(self) -> None:
        """A monitor that is just in time with each answer does not hold a reading for ever."""
        answers = captured_livestatus(PLANNED)

        def late(question: str) -> bytes:
            time.sleep(0.25)
            return answers(question)

        terms = SourceTerms(timeout=timedelta(seconds=0.4))
        with LivestatusServer(late) as server, pytest.MonkeyPatch.context() as patch:
            patch.setattr(SourceTerms, "total", property(lambda self: timedelta(seconds=0.6)))
            started = time.monotonic()
            with pytest.raises(SourceError, match="in the time"):
                open_at(server.setting, terms=terms).read(CAPTURED[PLANNED])
            assert time.monotonic() - started < 1.5


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """A socket that a dead monitor has left behind."""
    with LivestatusServer(captured_livestatus(WELL), path=path) as server:
        server.refuse()
        yield


@contextmanager
def something_else(path: Path) -> Iterator[None]:
    """A file in its place."""
    path.write_text("")
    yield


@contextmanager
def nothing(path: Path) -> Iterator[None]:
    """No socket at all."""
    yield


class TestSockets:
    """Where nobody answers."""

    @pytest.mark.parametrize(
        ("situation", "complaint"),
        [
            (nothing, "There is no Livestatus socket"),
            (refused, "refuses or breaks the connection"),
            (something_else, "refuses or breaks the connection"),
        ],
    )
    def test_nobody_at_the_path(
        self, situation: Callable[[Path], Any], complaint: str, short_folder: Path
    ) -> None:
        """A stopped monitor takes its socket away, a dead one leaves it behind: either is no reading."""
        path = short_folder / "live"
        with situation(path), pytest.raises(SourceError, match=complaint) as failure:
            open_at(f"livestatus:{path}").read(CAPTURED[WELL])
        assert str(path) not in f"{failure.value} {failure.value.detail}"

    def test_socket_for_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Missing rights are told apart."""

        def refuse(*_: object) -> socket.socket:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(livestatus_client, "connect", refuse)
        with pytest.raises(SourceError, match="not for this user"):
            open_at("livestatus:/live").read(CAPTURED[WELL])

    def test_host_without_a_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name that nobody knows is no reading."""

        def fail(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        with pytest.raises(SourceError, match="name service"):
            open_at("livestatus+tcp://monitor.example").read(CAPTURED[WELL])


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder in which a socket can be."""
    with livestatus_at_a_path(captured_livestatus(WELL)) as server:
        assert server.path is not None
        server.path.unlink()
        yield server.path.parent


@pytest.mark.parametrize(
    ("name", "host", "port"),
    [
        ("livestatus+tcp://monitor.example.net:6558", "monitor.example.net", 6558),
        ("livestatus+tcp://monitor.example.net", "monitor.example.net", 6557),
        ("livestatus+tcp://[::1]:6557/", "::1", 6557),
        ("LIVESTATUS+TCP://bücher.example", "xn--bcher-kva.example", 6557),
    ],
)
def test_address_of_a_port(name: str, host: str, port: int) -> None:
    """A host is enough; the usual port need not be written."""
    address = livestatus_client.read_livestatus_address(name)
    assert (address.path, address.host, address.port) == ("", host, port)
    assert host not in repr(address)


@pytest.mark.parametrize(
    "name",
    [
        "livestatus:",
        "livestatus:run/live",
        "livestatus://host:6557",
        "livestatus+tcp:/run/live",
        "livestatus+tcp://",
        "livestatus+tcp://host:port",
        "livestatus+tcp://host:0",
        "livestatus+tcp://host:99999",
        "livestatus+tcp://user:hunter2@host",
        "livestatus+tcp://host/path",
        "livestatus+tcp://host?tls=1",
        "livestatus+tcp://ho st",
        "livestatus+https://host",
    ],
)
def test_address_that_is_none_is_refused(name: str) -> None:
    """What cannot be a socket stops the start with examples, and is not repeated."""
    with pytest.raises(MonitorSettingError, match=r"'livestatus:/.*'livestatus\+tcp://") as failure:
        open_sources(name, read_monitor_map(None), TERMS)
    assert "hunter2" not in str(failure.value)


def test_path_that_is_too_long_is_refused() -> None:
    """The operating system would not take it; the message says what helps."""
    with pytest.raises(MonitorSettingError, match="107 bytes at most"):
        open_sources(f"livestatus:/{'x' * 120}", read_monitor_map(None), TERMS)
