"""`zabbix:` says what triggers judge of items, for as long as there are new values."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from faulty_server import FaultyServer, Reply, Request, json_reply
from nagios_captures import observations, words
from zabbix_captures import CAPTURED, FOLDER, HOSTS, MONITOR_MAP, PASSWORD, SESSION, USER, CapturedZabbix

from status_plugin.core.monitoring.summary import Observation, Reading
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    MonitorSettingError,
    Source,
    SourceError,
    SourceTerms,
    open_sources,
)

MAX_AGE = timedelta(seconds=300)
TERMS = SourceTerms(max_age=MAX_AGE)
NAME = "03-problems"
NOW = CAPTURED[NAME]

PROBLEMS = {"srv2/Web": "degraded_performance", "srv3": "major_outage", "srv4/Web": "major_outage"}
PLANNED = PROBLEMS | {"srv3": "major_outage in downtime", "srv3/Web": "operational in downtime"}
GOLDEN: dict[str, dict[str, str]] = {
    "02-all-ok": {},
    "03-problems": PROBLEMS,
    "04-acknowledged-maintenance": PLANNED,
    "05-disabled-host": PLANNED | {"ns4": "unknown", "ns4/Web": "unknown"},
    "06-server-dead": PLANNED | {"ns4": "unknown", "ns4/Web": "unknown"},
}
NO_READING = {"01-no-data-yet"}
EVERYTHING = {name for host in HOSTS for name in (host, f"{host}/Web")}


def open_at(
    server: FaultyServer, watched: dict[str, Any] | None = None, user: str = f"{USER}:{PASSWORD}"
) -> Source:
    """The source at this server."""
    name = f"zabbix+{server.url('/zabbix/', user=user)}"
    return open_sources(name, read_monitor_map(watched or MONITOR_MAP), TERMS)["zabbix"]


def read_from(
    answer: Callable[[Request], Reply], now: datetime = NOW, watched: dict[str, Any] | None = None
) -> Reading:
    """One reading of what answers so."""
    with FaultyServer(answer) as server:
        return open_at(server, watched).read(now)


def said(reading: Reading) -> dict[str, str]:
    """Everything that a reading says, in words."""
    return {what: words(seen) for what, seen in observations(reading).items()}


def one(**entry: Any) -> dict[str, Any]:
    """A map of one component."""
    return {"srv1": {"zabbix": {"host": "srv1", "checks": {"Web": "web.time"}} | entry}}


def test_every_capture_is_a_case() -> None:
    """No captured situation is left out."""
    captures = {path.name.partition(".")[0] for path in FOLDER.glob("*.host.get.json")}
    assert captures == GOLDEN.keys() | NO_READING


@pytest.mark.parametrize("name", GOLDEN)
def test_situation(name: str) -> None:
    """Each captured situation says what it should, as of the newest value."""
    web = CapturedZabbix(name)
    reading = read_from(web, CAPTURED[name])
    assert said(reading) == dict.fromkeys(EVERYTHING, "operational") | GOLDEN[name]
    newest = max(int(item["lastclock"]) for item in web.items)
    assert reading.written_at.timestamp() == newest
    assert reading.fresh_until == reading.written_at + MAX_AGE


def test_zabbix_without_values_knows_nothing() -> None:
    """Before the first value every trigger is well, and none of them is believed."""
    web = CapturedZabbix("01-no-data-yet")
    assert {trigger["value"] for trigger in web.triggers} == {"0"}
    with pytest.raises(SourceError, match="no value of anything"):
        read_from(web, CAPTURED["01-no-data-yet"])


def test_item_without_a_value_is_unknown() -> None:
    """One that was never measured is not well because others are."""
    web = CapturedZabbix(NAME)
    web.item("srv1", "web.time")["lastclock"] = "0"
    assert said(read_from(web))["srv1/Web"] == "unknown"


def test_dead_server_leaves_nothing_fresh() -> None:
    """The API goes on when the server is dead; what it says counts for five minutes after the last value."""
    web = CapturedZabbix("06-server-dead")
    newest = max(int(item["lastclock"]) for item in web.items)
    reading = read_from(web, CAPTURED["06-server-dead"])
    assert CAPTURED["06-server-dead"].timestamp() - newest > 150
    assert reading.fresh_until.timestamp() == newest + MAX_AGE.total_seconds()


def test_times() -> None:
    """Trouble has its beginning, work too, and what has been well for ever has none."""
    seen = observations(
        read_from(CapturedZabbix("04-acknowledged-maintenance"), CAPTURED["04-acknowledged-maintenance"])
    )
    since, planned = seen["srv2/Web"].since, seen["srv3"].downtime_since
    assert since is not None
    assert planned is not None
    assert (since.timestamp(), planned.timestamp()) == (1795340282, 1795340220)
    assert seen["srv1"].since is None


@pytest.mark.parametrize(
    ("priority", "expected"),
    [
        ("0", "degraded_performance"),
        ("1", "operational"),
        ("2", "degraded_performance"),
        ("3", "major_outage"),
        ("4", "major_outage"),
        ("5", "major_outage"),
    ],
)
def test_severity(priority: str, expected: str) -> None:
    """Each severity has its word."""
    web = CapturedZabbix("02-all-ok")
    web.trigger("web on Srv1 is down").update(value="1", priority=priority)
    assert said(read_from(web, CAPTURED["02-all-ok"]))["srv1/Web"] == expected


@pytest.mark.parametrize(
    ("description", "fields", "expected"),
    [
        ("web on Srv1 is down", {"state": "1"}, "unknown"),
        ("web on Srv1 is down", {"state": "1", "value": "1"}, "unknown"),
        ("no data from Srv1", {"value": "1"}, "unknown"),
    ],
)
def test_trigger_that_knows_nothing(description: str, fields: dict[str, str], expected: str) -> None:
    """One that cannot be evaluated, or that says that no data come, knows neither good nor bad."""
    web = CapturedZabbix("02-all-ok")
    web.trigger(description).update(fields)
    found = said(read_from(web, CAPTURED["02-all-ok"]))
    assert found["srv1/Web" if "web" in description else "srv1"] == expected


def test_worst_trigger_counts() -> None:
    """Of all that judge an item the worst is shown, and trouble before what is not known."""
    web = CapturedZabbix("02-all-ok")
    web.trigger("web on Srv1 is slow").update(value="1", lastchange="1795340200")
    web.trigger("web on Srv1 is down").update(value="1", state="1")
    seen = observations(read_from(web, CAPTURED["02-all-ok"]))["srv1/Web"]
    assert words(seen) == "degraded_performance"
    assert seen.since is not None
    assert seen.since.timestamp() == 1795340200


@pytest.mark.parametrize(
    ("fields", "expected"), [({"state": "1"}, "unknown"), ({"state": "0"}, "operational")]
)
def test_item_that_is_not_supported(fields: dict[str, str], expected: str) -> None:
    """What Zabbix cannot measure is unknown, whatever its triggers said last."""
    web = CapturedZabbix("02-all-ok")
    web.item("srv1", "web.time").update(fields)
    assert said(read_from(web, CAPTURED["02-all-ok"]))["srv1/Web"] == expected


def test_what_is_missing_is_unknown(caplog: pytest.LogCaptureFixture) -> None:
    """The log says once where in the map it stands, what is missing, and no name."""
    web = CapturedZabbix("02-all-ok")
    web.triggers = [trigger for trigger in web.triggers if "srv2" not in trigger["description"].casefold()]
    watched = {
        "a": {"zabbix": {"host": "SRV1", "checks": {"Web": "web.time"}}},
        "b": {"zabbix": {"host": "srv2", "checks": {"Web": "web.time"}}},
        "c": {"zabbix": {"host": "srv3", "checks": {"Web": "web.tim"}}},
        "d": {"zabbix": {"host": "srv4", "ping": "icmpping"}},
    }
    with FaultyServer(web) as server:
        source = open_at(server, watched)
        for _ in range(3):
            found = said(source.read(CAPTURED["02-all-ok"]))
    assert found == {"a/Web": "unknown", "b/Web": "unknown", "c/Web": "unknown", "d": "operational"}
    place, ending = "STATUS_MONITOR_MAP, entry", ", so its state is unknown."
    assert [record.getMessage() for record in caplog.records] == [
        f"{place} 1: Zabbix does not monitor this host, or hides it{ending}",
        f"{place} 2: Zabbix has no trigger that judges this item{ending}",
        f"{place} 3: Zabbix has no item with this key{ending}",
    ]


def test_user_who_may_see_nothing() -> None:
    """It is not taken for a Zabbix from which everything is gone."""
    web = CapturedZabbix("02-all-ok")
    web.hosts = []
    with pytest.raises(SourceError, match="shows this user none of the hosts"):
        read_from(web, CAPTURED["02-all-ok"])


class TestFreshness:
    """A judgement is as old as the value that it judges."""

    NAME = "02-all-ok"
    NOW = CAPTURED[NAME]

    def seen(self, **fields: str) -> Observation:
        """What is said of a check whose item is like this."""
        web = CapturedZabbix(self.NAME)
        web.item("srv1", "web.time").update(fields)
        return observations(read_from(web, self.NOW, one()))["srv1/Web"]

    @pytest.mark.parametrize(
        ("delay", "holds"),
        [
            ("60", timedelta(seconds=360)),
            ("30s", timedelta(seconds=330)),
            ("1m", timedelta(seconds=360)),
            ("5m", timedelta(minutes=15)),
            ("1h;wd1-5h9-18", timedelta(hours=3)),
            ("1d", timedelta(days=3)),
            ("0", timedelta(hours=1)),
            ("0;wd1-5h9", timedelta(hours=1)),
            ("{$INTERVAL}", timedelta(hours=1)),
        ],
    )
    def test_interval(self, delay: str, holds: timedelta) -> None:
        """A value counts until the next is late, and for an hour where nobody knows when it comes."""
        newest = CapturedZabbix(self.NAME).item("srv1", "web.time")["lastclock"]
        seen = self.seen(delay=delay)
        assert seen.fresh_until.timestamp() == int(newest) + holds.total_seconds()

    @pytest.mark.parametrize(
        ("delay", "steps", "holds"),
        [
            ("1m", [("20", "10m")], timedelta(minutes=30)),
            ("1h", [("5", "x"), ("20", "10m")], timedelta(hours=3)),
            ("1m", [("19", "")], timedelta(hours=1)),
            ("1m", [("20", "{$QUIET}")], timedelta(hours=1)),
            ("0", [("20", "6h")], timedelta(hours=1)),
        ],
    )
    def test_value_that_changes_nothing_is_left_out(
        self, delay: str, steps: list[tuple[str, str]], holds: timedelta
    ) -> None:
        """An item that drops what is like the last value is not late before it would have to repeat it."""
        web = CapturedZabbix(self.NAME)
        item = web.item("srv1", "web.time")
        item.update(delay=delay, preprocessing=[{"type": kind, "params": text} for kind, text in steps])
        seen = observations(read_from(web, self.NOW, one()))["srv1/Web"]
        assert seen.fresh_until.timestamp() == int(item["lastclock"]) + holds.total_seconds()

    @pytest.mark.parametrize(
        ("delay", "holds"),
        [
            ("0", timedelta(minutes=5)),
            ("1m", timedelta(minutes=5)),
            ("150s", timedelta(minutes=5)),
            ("5m", timedelta(minutes=10)),
            ("1h", timedelta(minutes=65)),
        ],
    )
    def test_everything_comes_seldom(self, delay: str, holds: timedelta) -> None:
        """Nothing flickers between two values, however seldom they come; a dead server is seen at last."""
        web = self.slow(delay)
        newest = self.NOW - timedelta(seconds=10)
        for late in (timedelta(), timedelta(hours=2)):
            reading = read_from(web, self.NOW + late)
            assert reading.written_at <= self.NOW + late
        assert reading.fresh_until == newest + holds

    def test_most_frequent_value_counts(self) -> None:
        """That one item comes seldom hides no dead server; that one is dead alone makes nothing older."""
        web, later = self.slow("1h"), self.NOW + timedelta(hours=2)
        newest = self.NOW - timedelta(seconds=10)
        web.item("srv2", "icmpping")["delay"] = "1m"
        assert read_from(web, later).fresh_until == newest + MAX_AGE
        web.item("srv2", "icmpping")["lastclock"] = str(int(self.NOW.timestamp()) - 5000)
        assert read_from(web, later).fresh_until == newest + timedelta(hours=1) + MAX_AGE

    def test_heartbeat_of_the_server(self) -> None:
        """Who may see that the server measures itself knows whether it lives, however old all else is."""
        web = self.slow("0", age=3000)
        assert self.NOW - read_from(web, self.NOW).written_at == timedelta(seconds=3000)
        beat = self.NOW - timedelta(seconds=20)
        web.add_heartbeat(beat)
        reading = read_from(web, self.NOW)
        assert (reading.written_at, reading.fresh_until) == (beat, beat + MAX_AGE)
        assert said(reading) == dict.fromkeys(EVERYTHING, "operational")

    def slow(self, delay: str, age: int = 10) -> CapturedZabbix:
        """A Zabbix that measures everything so seldom, and last so many seconds ago."""
        web = CapturedZabbix(self.NAME)
        for item in web.items:
            item.update(delay=delay, lastclock=str(int(self.NOW.timestamp()) - age))
        return web

    def test_fresh_for(self) -> None:
        """The map may say how long a value counts that somebody sends."""
        reading = read_from(CapturedZabbix(self.NAME), self.NOW, one(fresh_for="2h"))
        seen = observations(reading)["srv1/Web"]
        assert seen.fresh_until > self.NOW + timedelta(hours=1.9)

    def test_value_from_the_future_is_not_believed(self) -> None:
        """One sender whose clock is wrong makes itself unknown, and nothing else old or new."""
        web = CapturedZabbix(self.NAME)
        web.item("srv1", "web.time")["lastclock"] = str(int(self.NOW.timestamp()) + 100_000)
        reading = read_from(web, self.NOW)
        assert said(reading) == dict.fromkeys(EVERYTHING, "operational") | {"srv1/Web": "unknown"}
        assert reading.written_at < self.NOW

    def test_maintenance_without_data(self) -> None:
        """A host that is not measured while it is worked on is under maintenance for all that."""
        web = CapturedZabbix(self.NAME)
        web.host("srv1").update(maintenance_status="1", maintenance_from=str(int(self.NOW.timestamp()) - 900))
        web.item("srv1", "web.time").update(lastclock=str(int(self.NOW.timestamp()) - 900), delay="1m")
        seen = observations(read_from(web, self.NOW))["srv1/Web"]
        assert words(seen) == "unknown in downtime"
        assert seen.fresh_until > self.NOW

    def test_clock_that_is_ahead_gains_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        """Every time is brought back by as much as Zabbix' clock is ahead."""
        web, ahead = CapturedZabbix(self.NAME), timedelta(seconds=200)

        def answer(request: Request) -> Reply:
            return Reply(body=web(request).body, headers={"Date": f"{self.NOW:%a, %d %b %Y %H:%M:%S} GMT"})

        in_time = read_from(answer, self.NOW)
        early = read_from(answer, self.NOW - ahead)
        assert early.fresh_until == in_time.fresh_until - ahead
        assert "The clock of Zabbix is 200 seconds ahead" in caplog.text


class TestLogin:
    """Who may ask."""

    NOW = CAPTURED["02-all-ok"]

    def test_login_is_remembered(self) -> None:
        """A session is used again; nobody logs in twice a minute."""
        web = CapturedZabbix("02-all-ok")
        with FaultyServer(web) as server:
            source = open_at(server)
            for _ in range(2):
                source.read(self.NOW)
        questions = ["host.get", "item.get", "trigger.get", "item.get"]
        assert web.asked == ["apiinfo.version", "user.login", *questions, *questions]

    def test_session_that_has_ended_is_begun_anew(self) -> None:
        """Within the same reading."""
        web = CapturedZabbix("02-all-ok")
        with FaultyServer(web) as server:
            source = open_at(server)
            source.read(self.NOW)
            web.session = "another"
            web.asked.clear()
            assert said(source.read(self.NOW)) == dict.fromkeys(EVERYTHING, "operational")
        assert web.asked[:3] == ["host.get", "apiinfo.version", "user.login"]

    @pytest.mark.parametrize("version", ["6.0.14", "6.4.0", "7.0.1", "7.2.0", "7.4.3"])
    @pytest.mark.parametrize("user", [f"{USER}:{PASSWORD}", f":{SESSION}"])
    def test_version_decides_how_the_session_is_told(self, version: str, user: str) -> None:
        """In the question, or in a header; a token needs no login."""
        web = CapturedZabbix("02-all-ok", version=version)
        with FaultyServer(web) as server:
            open_at(server, user=user).read(self.NOW)
            assert not web.refused
            assert ("user.login" in web.asked) is (not user.startswith(":"))
            in_question = ["auth" in json.loads(request.body) for request in server.requests]
            assert any(in_question) is (version == "6.0.14")
            assert not [r for r in server.requests if r.headers.get("authorization", "").startswith("Basic")]

    def test_upgrade_to_a_version_that_wants_it_otherwise(self) -> None:
        """A site need not be restarted when Zabbix is."""
        web = CapturedZabbix("02-all-ok")
        with FaultyServer(web) as server:
            source = open_at(server)
            source.read(self.NOW)
            web.version = "7.4.0"
            assert said(source.read(self.NOW)) == dict.fromkeys(EVERYTHING, "operational")

    @pytest.mark.parametrize(
        ("user", "complaint"),
        [
            (f"{USER}:wrong", "refuses the user or the password"),
            (":wrong", "refuses the token or the session"),
        ],
    )
    def test_wrong_password(self, user: str, complaint: str, caplog: pytest.LogCaptureFixture) -> None:
        """The log says what is refused, and nothing of what was said."""
        caplog.set_level(logging.DEBUG)
        web = CapturedZabbix("02-all-ok")
        with FaultyServer(web) as server, pytest.raises(SourceError, match=complaint) as failure:
            open_at(server, user=user).read(self.NOW)
        assert "wrong" not in f"{failure.value}{failure.value!r}"
        assert "wrong" not in caplog.text
        assert len(web.asked) <= 3, "it is not tried again and again"

    def test_password_with_odd_letters(self) -> None:
        """It is taken as it is."""
        asked = []

        def answer(request: Request) -> Reply:
            asked.append(json.loads(request.body))
            return json_reply({"jsonrpc": "2.0", "result": "6.0.1", "id": 1})

        with FaultyServer(answer) as server, pytest.raises(SourceError):
            open_at(server, user=f"u:{quote('p@:/?#%', safe='')}").read(self.NOW)
        assert asked[1]["params"] == {"username": "u", "password": "p@:/?#%"}


def without(answer: Callable[[Request], Reply], member: str) -> Callable[[Request], Reply]:
    """The same answers in which a member has another name everywhere."""
    return lambda request: Reply(body=answer(request).body.replace(f'"{member}"'.encode(), b'"other"'))


@pytest.mark.parametrize(
    "member",
    [
        "result", "host", "hostid", "status", "maintenance_status", "itemid", "key_", "lastclock",
        "state", "delay", "priority", "value", "lastchange", "functions", "function",
    ],
)  # fmt: skip
def test_answer_of_another_form_is_no_reading(member: str) -> None:
    """What is missing is not guessed."""
    web = CapturedZabbix(NAME)
    for trigger in web.triggers:
        trigger["value"] = "1"
    with pytest.raises(SourceError):
        read_from(without(web, member))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("priority", "6"),
        ("value", "2"),
        ("value", 1),
        ("lastchange", "-1"),
        ("state", ""),
        ("lastchange", "²"),
    ],
)
def test_number_of_another_kind_is_no_reading(member: str, value: Any) -> None:
    """Numbers are texts of digits, and others than those that are known mean nothing."""
    web = CapturedZabbix(NAME)
    web.triggers[1][member] = value
    with pytest.raises(SourceError, match="form"):
        read_from(web)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"checks": {"Web": "x"}}, "'host' is missing"),
        ({"host": "srv1"}, "'ping' is missing. Write 'ping: icmpping'"),
        ({"host": "srv1", "checks": {"Web": "x"}, "pong": "y"}, "Did you mean 'ping'"),
    ],
)
def test_map_that_cannot_be_used(entry: dict[str, Any], complaint: str) -> None:
    """A mistake in the map stops the start and says what to write."""
    with pytest.raises(MonitorMapError) as failure:
        open_sources("zabbix+http://u:p@x/", read_monitor_map({"a": {"zabbix": entry}}), TERMS)
    assert complaint in str(failure.value)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("zabbix:", "takes an address such as 'zabbix"),
        ("zabbix+https://x/zabbix/", "tells nothing without a user and a password, or a token"),
        ("zabbix+https://user@x/zabbix/", "tells nothing without a user and a password, or a token"),
        ("zabbix+https://u:p@x/?a=b", "does not know"),
    ],
)
def test_address_that_cannot_be_used(name: str, complaint: str) -> None:
    """A mistake in the address stops the start with an example."""
    with pytest.raises(MonitorSettingError, match=complaint):
        open_sources(name, read_monitor_map(None), TERMS)


def test_address_may_name_the_program() -> None:
    """The whole address of the API is understood, too."""
    with FaultyServer(CapturedZabbix(NAME)) as server:
        name = f"zabbix+{server.url('/zabbix/api_jsonrpc.php', user=f'{USER}:{PASSWORD}')}"
        assert open_sources(name, read_monitor_map(MONITOR_MAP), TERMS)["zabbix"].read(NOW)
