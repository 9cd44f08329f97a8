"""`icinga2:` reads the API of an Icinga 2 as the public scale means it, and asks for nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from faulty_server import FaultyServer, Reply
from icinga2_captures import CAPTURED, FOLDER, GOLDEN, WRONG_USER, CapturedApi, attributes
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
    open_sources,
)

MONITOR_MAP = {slug: {"icinga2": kinds["nagios"]} for slug, kinds in NAGIOS_MAP.items()}
TERMS = SourceTerms(max_age=MAX_AGE)
TROUBLE = "03-srv3-down-warning-critical"

Change = Callable[[str, dict[str, Any]], None]


def open_at(url: str, monitor_map: dict[str, Any] | None = None) -> Source:
    """The source that asks the API at an address."""
    return open_sources(f"icinga2+{url}", read_monitor_map(monitor_map or MONITOR_MAP), TERMS)["icinga2"]


def read_from(api: CapturedApi, *, later: timedelta = timedelta(), **options: Any) -> Reading:
    """What an Icinga says that answers so, at the time of the capture or later."""
    with FaultyServer(api) as server:
        return open_at(server.url(), **options).read(CAPTURED[api.name] + later)


def seen_in(name: str, change: Change) -> dict[str, Observation]:
    """What a situation says after a change."""
    return observations(read_from(CapturedApi(name, change=change)))


def edited(name: str, **fields: Any) -> Change:
    """Changes attributes of the host, service or part of Icinga with this full name."""

    def change(kind: str, found: dict[str, Any]) -> None:
        if kind == name:
            found = found.get("icingaapplication", {}).get("app", found)
        if name in (kind, found.get("__name")):
            assert fields.keys() <= found.keys()
            found |= fields

    return change


def both(*changes: Change) -> Change:
    """Makes several changes."""

    def change(kind: str, found: dict[str, Any]) -> None:
        for one in changes:
            one(kind, found)

    return change


def captured(name: str, kind: str, full_name: str, attribute: str) -> Any:
    """An attribute as it was captured."""
    (found,) = (found for found in attributes(name, kind) if found["__name"] == full_name)
    return found[attribute]


def test_every_capture_has_its_expectation() -> None:
    """No captured situation is left out."""
    assert {path.name.partition(".")[0] for path in FOLDER.glob("0[1-8]-*.hosts.json")} == GOLDEN.keys()


@pytest.mark.parametrize("name", GOLDEN)
def test_captured_situation_is_read_by_the_public_scale(name: str) -> None:
    """Each situation that a real Icinga was in means what the public scale says."""
    seen = observations(read_from(CapturedApi(name)))
    assert seen.keys() == EVERYTHING
    said = {what: words(observation) for what, observation in seen.items()}
    assert {what: text for what, text in said.items() if text != "operational"} == GOLDEN[name]


@pytest.mark.parametrize("name", GOLDEN)
def test_captured_situation_is_fresh_when_it_was_captured(name: str) -> None:
    """What is said is as of Icinga's own time, and speaks of now."""
    reading = read_from(CapturedApi(name))
    assert timedelta() <= CAPTURED[name] - reading.written_at < timedelta(seconds=3)
    assert reading.fresh_until == reading.written_at + MAX_AGE
    assert all(seen.fresh_until > CAPTURED[name] for seen in observations(reading).values())


def test_since_is_when_the_failure_was_confirmed() -> None:
    """The page can say since when a server is down."""
    seen = observations(read_from(CapturedApi(TROUBLE)))
    for what, kind, name in (("srv3", "hosts", "srv3"), ("srv3/Web", "services", "srv3!HTTP")):
        confirmed = captured(TROUBLE, kind, name, "last_hard_state_change")
        assert seen[what].since == datetime.fromtimestamp(confirmed, UTC)


class TestDowntimes:
    """Planned work, as Icinga has it."""

    NAME = "05-downtime"
    BEGAN = datetime.fromtimestamp(1795340812.235203, UTC)

    def test_it_begins_when_it_took_effect(self) -> None:
        """A downtime is counted from its beginning, so that one which is forgotten can end after a day."""
        seen = observations(read_from(CapturedApi(self.NAME)))
        planned = {what: o.downtime_since for what, o in seen.items() if o.downtime_since}
        assert planned.keys() == {"srv4", "srv4/Web", "srv4/Database"}
        assert all(abs(since - self.BEGAN) < timedelta(seconds=1) for since in planned.values())

    def test_that_of_a_host_counts_for_its_checks(self) -> None:
        """A downtime that was set for the host alone covers its services all the same."""

        def of_the_host_alone(kind: str, found: dict[str, Any]) -> None:
            if kind == "services":
                found["downtime_depth"] = 0
            if kind == "downtimes" and found["service_name"]:
                found["host_name"] = "somewhere"

        seen = seen_in(self.NAME, of_the_host_alone)
        assert words(seen["srv4/Web"]) == "major_outage in downtime"
        assert seen["srv4/Web"].downtime_since == self.BEGAN

    def test_flexible_one_counts_from_its_trigger(self) -> None:
        """A flexible downtime begins with the problem, not with its window."""

        def triggered(kind: str, found: dict[str, Any]) -> None:
            if kind == "hosts" and found["name"] == "srv2":
                found["downtime_depth"] = 1
            if kind == "downtimes" and found["host_name"] == "srv2":
                assert not found["fixed"]
                found["trigger_time"] = 1795340815.5

        assert seen_in(self.NAME, triggered)["srv2"].downtime_since == datetime.fromtimestamp(
            1795340815.5, UTC
        )

    def test_those_that_are_not_in_effect_do_not_count(self) -> None:
        """An older flexible one that waits, or one of tomorrow, does not tell when this one began."""

        def one_more_begins(kind: str, found: dict[str, Any]) -> None:
            if kind == "hosts" and found["name"] in ("srv1", "srv2"):
                found["downtime_depth"] = 1

        seen = seen_in(self.NAME, one_more_begins)
        # Nothing that is listed tells, so they are counted from when they were first seen.
        for what in ("srv1", "srv2"):
            since = seen[what].downtime_since
            assert since is not None
            assert CAPTURED[self.NAME] - since < timedelta(seconds=3)

    def test_beginning_that_is_not_told_is_when_it_was_first_seen(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Without permission for downtimes planned work still counts, for a day; the log says it once."""
        passed = [0]

        def goes_on(kind: str, found: dict[str, Any]) -> None:
            if kind == "CIB":
                found["uptime"] += passed[-1]

        api = CapturedApi(self.NAME, hidden=frozenset({"downtimes"}), change=goes_on)
        now = CAPTURED[self.NAME]
        with FaultyServer(api) as server:
            source = open_at(server.url())
            readings = [source.read(now)]
            passed.append(40)
            readings.append(source.read(now + timedelta(seconds=40)))
        assert readings[1].written_at - readings[0].written_at > timedelta(seconds=30)
        first, second = map(observations, readings)
        assert words(first["srv4"]) == "major_outage in downtime"
        assert first["srv4"].downtime_since == second["srv4"].downtime_since
        (said,) = [record.getMessage() for record in caplog.records if "permission" in record.getMessage()]
        assert "objects/query/Downtime" in said


class TestQuestions:
    """What is asked of Icinga."""

    def asked(self, monitor_map: dict[str, Any], name: str = "02-all-ok", **options: Any) -> list[Any]:
        """The questions of one reading."""
        api = CapturedApi(name, **options)
        with FaultyServer(api) as server:
            open_at(server.url(), monitor_map).read(CAPTURED[name])
            assert server.connections == 1
            assert {request.headers["x-http-method-override"] for request in server.requests} == {"GET"}
        return api.asked

    def test_only_what_the_map_names_is_asked_for(self) -> None:
        """Neither other hosts nor other services of the same host ever leave Icinga."""
        asked = self.asked({"srv3": {"icinga2": {"host": "srv3", "checks": {"Web": "HTTP"}}}})
        assert [path for path, _ in asked] == [
            "/v1/objects/hosts",
            "/v1/objects/services",
            "/v1/status/CIB",
            "/v1/status/IcingaApplication",
        ]
        hosts, services = asked[0][1], asked[1][1]
        assert (hosts["filter"], hosts["filter_vars"]) == ("host.name in names", {"names": ["srv3"]})
        assert services["filter"] == "service.__name in names"
        assert services["filter_vars"] == {"names": ["srv3!HTTP"]}

    def test_no_text_is_asked_for(self) -> None:
        """What plugins print, commands, notes, addresses and variables stay where they are."""
        whole = attributes("02-all-ok", "services")[0]
        private = {name for name, value in whole.items() if isinstance(value, str | dict | list)}
        assert {"check_command", "last_check_result", "notes", "display_name"} <= private
        for _, question in self.asked(MONITOR_MAP)[:2]:
            assert private & set(question["attrs"]) <= {"name", "host_name"}

    def test_names_are_values_and_not_part_of_the_filter(self) -> None:
        """Whatever stands in a name of the map, the question stays what it is."""
        trap = '"] || true || host.name in ["'
        asked = self.asked({"srv3": {"icinga2": {"host": trap, "checks": {"Web": trap}}}})
        assert [question["filter"] for _, question in asked[:2]] == [
            "host.name in names",
            "service.__name in names",
        ]
        assert asked[0][1]["filter_vars"] == {"names": [trap]}

    def test_downtimes_are_asked_for_where_there_are_some(self) -> None:
        """One question more tells when they began, of the hosts that have some."""
        path, question = self.asked(MONITOR_MAP, "05-downtime")[-1]
        assert path == "/v1/objects/downtimes"
        assert question["filter_vars"] == {"names": ["srv4"]}
        assert not {"author", "comment"} & set(question["attrs"])

    def test_results_are_asked_for_where_no_check_is_made(self) -> None:
        """A result, which has a command and texts in it, is fetched only where nothing else tells."""
        off = edited("srv3!HTTP", enable_active_checks=False)
        path, question = self.asked(MONITOR_MAP, "02-all-ok", change=off)[-1]
        assert path == "/v1/objects/services"
        assert question["filter_vars"] == {"names": ["srv3!HTTP"]}
        assert question["attrs"] == ["host_name", "name", "last_check_result"]


def test_names_match_whole_and_exactly() -> None:
    """A longer name, or another case, is another host."""
    hosts = {"a": "srv1", "b": "SRV1", "c": "srv", "d": "srv10", "e": "core-gw"}
    watched = {slug: {"icinga2": {"host": host}} for slug, host in hosts.items()}
    seen = observations(read_from(CapturedApi("02-all-ok"), monitor_map=watched))
    assert [slug for slug in hosts if seen[slug].state is State.OPERATIONAL] == ["a"]


def test_line_of_the_map_that_icinga_does_not_know_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    """A name that is misspelt, or that the user may not see, is unknown, and the log says where."""
    watched = {
        "srv1": {"icinga2": {"host": "srv1", "checks": {"Web": "HTTP", "Mail": "private-smtp"}}},
        "srv2": {"icinga2": {"host": "private-host", "checks": {"Web": "HTTP"}}},
    }
    with FaultyServer(CapturedApi("02-all-ok")) as server:
        source = open_at(server.url(), watched)
        seen, again = (observations(source.read(CAPTURED["02-all-ok"])) for _ in range(2))
    assert {what: words(observation) for what, observation in seen.items()} == {
        "srv1": "operational",
        "srv1/Web": "operational",
        "srv1/Mail": "unknown",
        "srv2": "unknown",
        "srv2/Web": "unknown",
    }
    assert seen == again
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert [message.split(": ")[0] for message in messages] == [
        "STATUS_MONITOR_MAP, entry 1",
        "STATUS_MONITOR_MAP, entry 2",
    ]
    assert all("Icinga 2 knows nothing of this name" in message for message in messages)


class TestUnconfirmed:
    """What Icinga has not confirmed."""

    def test_what_was_never_checked_is_unknown(self) -> None:
        """Icinga calls a host "down" before its first check; that is no outage."""
        assert captured("01-pending", "hosts", "srv3", "state") == 1
        seen = observations(read_from(CapturedApi("01-pending")))
        assert words(seen["srv3"]) == "unknown"

    def test_last_confirmed_state_stands(self) -> None:
        """While Icinga counts attempts the last confirmed state is shown."""
        assert captured("08-soft-unknown", "hosts", "srv3", "state") == 1
        seen = seen_in("08-soft-unknown", edited("srv2!MySQL", last_hard_state=1))
        assert seen["srv3"].state is State.OPERATIONAL
        assert seen["srv2/Database"].state is State.DEGRADED_PERFORMANCE

    def test_what_was_never_confirmed_is_unknown(self) -> None:
        """A new host that has only failed so far is not down yet, though Icinga's last hard state says so."""
        soft = {"state": 1, "state_type": 0, "last_hard_state": 1, "last_hard_state_change": 0}
        assert words(seen_in("02-all-ok", edited("srv3", **soft))["srv3"]) == "unknown"

    @pytest.mark.parametrize("state", [4, -1, 99])
    def test_state_that_does_not_exist_is_unknown(self, state: int) -> None:
        """A number outside Icinga's own is not taken for the nearest."""
        assert words(seen_in("02-all-ok", edited("srv3!HTTP", state=state))["srv3/Web"]) == "unknown"


class TestReachability:
    """What Icinga cannot reach."""

    def test_service_behind_a_host_that_is_down(self) -> None:
        """To Icinga it is unreachable, but nothing is wrong except its own host: it is offline."""
        assert captured(TROUBLE, "services", "srv3!HTTP", "last_reachable") is False
        assert words(observations(read_from(CapturedApi(TROUBLE)))["srv3/Web"]) == "major_outage"

    def test_service_behind_something_else_that_is_down(self) -> None:
        """With its host up, a service that is out of reach and fails is unknown; one that works, works."""
        seen = seen_in(TROUBLE, edited("mail1!SMTP", last_reachable=False))
        assert words(seen["mail1/Mail"]) == "unknown unreachable"
        seen = seen_in(TROUBLE, edited("mail1!IMAP", last_reachable=False))
        assert words(seen["mail1/Mailboxes"]) == "operational"

    def test_host_that_is_up_behind_something_that_is_down(self) -> None:
        """What answers works, whatever Icinga thinks of the way."""
        assert words(seen_in("02-all-ok", edited("srv3", last_reachable=False))["srv3"]) == "operational"


class TestSwitchedOff:
    """Checks that nobody makes any more."""

    @pytest.mark.parametrize("kind", ["host", "service"])
    def test_all_checks_of_a_kind(self, kind: str) -> None:
        """With all checks of a kind switched off everything of that kind is unknown at once."""
        seen = seen_in(TROUBLE, edited("IcingaApplication", **{f"enable_{kind}_checks": False}))
        unknown = {name for name in seen if seen[name].state is State.UNKNOWN}
        assert unknown == {name for name in EVERYTHING if ("/" in name) == (kind == "service")}

    def test_checks_of_one_object(self) -> None:
        """With its checks switched off one service is unknown, the others are as before."""
        seen = seen_in(TROUBLE, edited("srv3!HTTP", enable_active_checks=False))
        assert seen["srv3/Web"].state is State.UNKNOWN
        assert seen["srv3/Database"].state is State.MAJOR_OUTAGE

    def test_result_that_was_handed_in(self) -> None:
        """A service that lives by results from outside counts for `fresh_for` after the last one."""
        from_outside = edited(
            "srv3!HTTP", enable_active_checks=False, last_check_result={"active": False, "output": "private"}
        )
        seen = seen_in(TROUBLE, from_outside)["srv3/Web"]
        assert seen.state is State.MAJOR_OUTAGE
        handed_in = captured(TROUBLE, "services", "srv3!HTTP", "last_check")
        assert seen.fresh_until == datetime.fromtimestamp(handed_in, UTC) + timedelta(hours=1)
        not_accepted = edited("srv3!HTTP", enable_passive_checks=False)
        assert seen_in(TROUBLE, both(from_outside, not_accepted))["srv3/Web"].state is State.UNKNOWN

    def test_nothing_was_ever_handed_in(self) -> None:
        """Without any result there is nothing to count."""
        never = edited("srv3!HTTP", enable_active_checks=False, last_check_result=None, last_check=-1)
        assert words(seen_in(TROUBLE, never)["srv3/Web"]) == "unknown"


class TestFreshness:
    """Until when a result says something about now."""

    NOW = CAPTURED["02-all-ok"]

    def fresh_for(self, **fields: float) -> timedelta:
        """For how long after the capture an observation counts."""
        seen = seen_in("02-all-ok", edited("srv1!HTTP", **fields))
        return seen["srv1/Web"].fresh_until - self.NOW

    def test_a_check_may_be_late(self) -> None:
        """A check every ten minutes counts until two more intervals after the next one."""
        last = self.NOW.timestamp() - 60
        fresh = self.fresh_for(last_check=last, next_check=last + 600, check_interval=600)
        assert fresh == timedelta(seconds=-60 + 3 * 600)

    def test_daily_check_is_believed(self) -> None:
        """A check that is made once a day counts for days."""
        last, day = self.NOW.timestamp() - 60, 24 * 3600
        fresh = self.fresh_for(last_check=last, next_check=last + day, check_interval=day)
        assert timedelta(days=2) < fresh <= timedelta(days=3)

    def test_check_that_is_pushed_on_goes_stale(self) -> None:
        """Icinga moves the next check on while it makes none; the last one grows old nevertheless."""
        now = self.NOW.timestamp()
        assert self.fresh_for(last_check=now - 4 * 3600, next_check=now + 60) < timedelta()

    def test_other_node_may_make_the_checks(self) -> None:
        """Of two Icingas that share the work each tells of all; what counts is when there was a result."""
        assert words(seen_in("02-all-ok", edited("srv1!HTTP", paused=True))["srv1/Web"]) == "operational"


class TestClocks:
    """An Icinga whose clock is not ours."""

    def read_at(self, offset: timedelta) -> Reading:
        """What it says when its clock is ahead of ours by this."""
        return read_from(CapturedApi(TROUBLE), later=-offset)

    def test_answer_takes_its_time(self) -> None:
        """A second more or less on the way changes nothing in what began when."""
        sinces = {
            self.read_at(timedelta(seconds=seconds)).components["srv3"].checks["Web"].since
            for seconds in (-2, 0, 1, 5)
        }
        assert len(sinces) == 1

    def test_clock_that_is_ahead(self, caplog: pytest.LogCaptureFixture) -> None:
        """Its times are brought back, so that nothing of it counts longer than what is of now."""
        right, ahead = self.read_at(timedelta()), self.read_at(timedelta(seconds=200))
        now = CAPTURED[TROUBLE] - timedelta(seconds=200)
        assert ahead.written_at == now
        difference = observations(right)["srv3"].fresh_until - observations(ahead)["srv3"].fresh_until
        assert abs(difference - timedelta(seconds=200)) < timedelta(seconds=2)
        assert "The clock of Icinga 2 is 199 seconds ahead of this machine's" in caplog.text

    def test_clock_that_is_far_ahead_is_not_believed(self) -> None:
        """Nobody knows what such a monitor's times mean."""
        with pytest.raises(SourceError, match="from the future"):
            self.read_at(MAX_AGE + timedelta(seconds=5))

    def test_answer_that_somebody_kept(self) -> None:
        """What a proxy repeats for hours is as old as it is."""
        reading = self.read_at(-timedelta(hours=2))
        assert reading.fresh_until < CAPTURED[TROUBLE] + timedelta(hours=2)

    def test_time_that_is_not_told(self, caplog: pytest.LogCaptureFixture) -> None:
        """Without permission for Icinga's status the newest of its checks tells of a clock ahead."""
        api = CapturedApi(TROUBLE, hidden=frozenset({"status"}))
        assert words(observations(read_from(api))["srv3"]) == "major_outage"
        ahead = read_from(api, later=-timedelta(seconds=200))
        assert ahead.written_at == CAPTURED[TROUBLE] - timedelta(seconds=200)
        since = observations(ahead)["srv3"].since
        assert since is not None
        assert since < ahead.written_at
        assert "status/query" in caplog.text


class TestRefusals:
    """Answers that are no data."""

    def test_user_who_may_see_nothing(self) -> None:
        """The log says which permissions are missing."""
        with pytest.raises(SourceError, match="objects/query/Host and objects/query/Service"):
            read_from(CapturedApi("02-all-ok", hidden=frozenset({"objects"})))

    def test_user_who_may_not_see_services(self) -> None:
        """Services that nobody may see are not taken for services that there are not."""
        with pytest.raises(SourceError, match="objects/query/Service"):
            read_from(CapturedApi("02-all-ok", hidden=frozenset({"services"})))

    def test_wrong_password(self) -> None:
        """Icinga's own words are not needed to say what is wrong."""
        answers = FaultyServer(lambda request: Reply(status=401, body=WRONG_USER))
        with answers as server, pytest.raises(SourceError, match="refuses the user or the password"):
            open_at(server.url()).read(CAPTURED["02-all-ok"])

    @pytest.mark.parametrize("missing", ["last_check", "state", "state_type", "flapping", "next_check"])
    def test_attribute_that_is_missing(self, missing: str) -> None:
        """An answer without what was asked for is none."""
        with pytest.raises(SourceError, match="not the form"):
            read_from(CapturedApi("02-all-ok", change=edited("srv1!HTTP", **{missing: None})))


class TestAddress:
    """Where Icinga is."""

    @pytest.mark.parametrize("path", ["/", "/v1", "/v1/", ""])
    def test_version_may_be_there_or_not(self, path: str) -> None:
        """The address may end where the API begins, or at its version."""
        api = CapturedApi("02-all-ok")
        with FaultyServer(api) as server:
            open_at(server.url(path)).read(CAPTURED["02-all-ok"])
        assert api.asked[0][0] == "/v1/objects/hosts"

    def test_api_behind_a_path(self) -> None:
        """A proxy may have the API below a path of its own."""
        with FaultyServer(lambda request: Reply(status=500)) as server:
            with pytest.raises(SourceError):
                open_at(server.url("/icinga/api/v1")).read(CAPTURED["02-all-ok"])
            assert server.requests[0].path == "/icinga/api/v1/objects/hosts"

    @pytest.mark.parametrize("name", ["icinga2:", "icinga2:/path", "icinga2:host:5665", "icinga2+tcp://host"])
    def test_address_that_is_none_is_refused(self, name: str) -> None:
        """What cannot be an address stops the start with an example."""
        with pytest.raises(MonitorSettingError, match=r"icinga2\+https://"):
            open_sources(name, read_monitor_map(None), TERMS)

    def test_options_are_refused(self) -> None:
        """There is nothing to set behind a question mark."""
        with pytest.raises(MonitorSettingError, match="does not know"):
            open_at("http://localhost:5665/?verify=0")

    def test_entry_without_a_host_is_refused(self) -> None:
        """A mistake in the map is named with its place and its remedy."""
        with pytest.raises(MonitorMapError, match="entry 1: 'host' is missing"):
            open_at("http://localhost:5665", {"srv1": {"icinga2": {"checks": {"Web": "HTTP"}}}})
