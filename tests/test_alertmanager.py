"""`alertmanager:` says what fires, and that all is well only while its watchdog fires."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from faulty_server import FaultyServer, Reply, Request, json_reply
from nagios_captures import observations, words
from prometheus_captures import (
    ALERTS,
    CAPTURED,
    FOLDER,
    HOSTS,
    ONE_MINUTE,
    CapturedAlertmanager,
    watchdog_alert,
)

from status_plugin.core.monitoring.summary import Reading
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    MonitorSettingError,
    Source,
    SourceError,
    SourceTerms,
    open_sources,
)
from status_plugin.sources.monitors.alert_matchers import read_matchers

MAX_AGE = timedelta(seconds=300)
TERMS = SourceTerms(max_age=MAX_AGE)

DEAD = CAPTURED["08-prometheus-dead.after-270s"]
TAKEN = CAPTURED | {
    "08-prometheus-dead.before": DEAD - timedelta(seconds=270),
    "08-prometheus-dead.after-20s": DEAD - timedelta(seconds=250),
}
SRV3 = {"srv3": "major_outage", "srv3/Web": "major_outage"}
GOLDEN: dict[str, dict[str, str]] = {
    "01-all-up": {},
    "02-pending": {},
    "03-firing": SRV3 | {"srv2/Web": "degraded_performance"},
    "04-silenced": SRV3 | {"srv2/Web": "degraded_performance"},
    "05-recovered": {},
    "06-exporter-gone": {},
    "08-prometheus-dead.before": SRV3,
    "08-prometheus-dead.after-20s": SRV3,
    "08-prometheus-dead.after-270s": {},
}
EVERYTHING = {name for host in HOSTS for name in (host, f"{host}/Web")}


def open_at(server: FaultyServer, watched: dict[str, Any] | None = None, query: str = "") -> Source:
    """The source at this server."""
    name = f"alertmanager+{server.url('/' + query)}"
    return open_sources(name, read_monitor_map(watched or ALERTS), TERMS)["alertmanager"]


def read_from(
    answer: Callable[[Request], Reply], now: datetime, watched: dict[str, Any] | None = None, query: str = ""
) -> Reading:
    """One reading of what answers so."""
    with FaultyServer(answer) as server:
        return open_at(server, watched, query).read(now)


def situation(name: str, *, watchdog: bool = True) -> CapturedAlertmanager:
    """A captured situation."""
    return CapturedAlertmanager(name, TAKEN[name], watchdog=watchdog)


def said(reading: Reading) -> dict[str, str]:
    """Everything that a reading says, in words."""
    return {what: words(seen) for what, seen in observations(reading).items()}


def test_every_capture_is_a_case() -> None:
    """No captured situation is left out."""
    captures = {path.name.removesuffix(".alertmanager-alerts.json") for path in FOLDER.glob("*-alerts.json")}
    assert captures == GOLDEN.keys()


@pytest.mark.parametrize("name", GOLDEN)
def test_situation_with_a_watchdog(name: str) -> None:
    """Each captured situation says what it should, as of when Alertmanager was last told of anything."""
    reading = read_from(situation(name), TAKEN[name])
    assert said(reading) == dict.fromkeys(EVERYTHING, "operational") | GOLDEN[name]
    assert reading.written_at >= TAKEN[name] - ONE_MINUTE
    assert reading.fresh_until == reading.written_at + MAX_AGE


@pytest.mark.parametrize("name", GOLDEN)
def test_situation_without_a_watchdog(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """What fires is believed; of all else nothing is known, and never that it is well."""
    if not GOLDEN[name]:
        with pytest.raises(SourceError, match="watchdog does not fire"):
            read_from(situation(name, watchdog=False), TAKEN[name])
        return
    reading = read_from(situation(name, watchdog=False), TAKEN[name])
    assert said(reading) == dict.fromkeys(EVERYTHING, "unknown") | GOLDEN[name]
    (record,) = caplog.records
    assert record.getMessage() == (
        "STATUS_MONITOR_MAP, entry 1: Alertmanager's watchdog does not fire, so its state is unknown."
    )


def test_dead_prometheus_leaves_nothing_fresh() -> None:
    """Five minutes after Alertmanager was last told of anything, neither trouble nor its absence counts."""
    name = "08-prometheus-dead.after-20s"
    web = situation(name, watchdog=False)
    web.alerts.append(watchdog_alert(TAKEN[name] - timedelta(seconds=20)))
    reading = read_from(web, TAKEN[name])
    assert said(reading) == dict.fromkeys(EVERYTHING, "operational") | GOLDEN[name]
    last_told = max(datetime.fromisoformat(alert["updatedAt"]) for alert in web.alerts)
    assert reading.written_at == last_told
    assert max(seen.fresh_until for seen in observations(reading).values()) == last_told + MAX_AGE


def test_trouble_has_the_time_at_which_it_began() -> None:
    """An alert tells since when it fires."""
    seen = observations(read_from(situation("03-firing"), TAKEN["03-firing"]))
    assert f"{seen['srv3'].since:%H:%M:%S}" == "09:11:44"
    assert seen["srv1"].since is None


def test_oldest_watchdog_counts() -> None:
    """Of two that tell Alertmanager something, one that is dead is not covered up by the other."""
    web = situation("01-all-up")
    web.alerts.append(watchdog_alert(web.now - 4 * ONE_MINUTE, prometheus="b"))
    seen = observations(read_from(web, web.now))
    assert {observation.fresh_until for observation in seen.values()} == {web.now - 4 * ONE_MINUTE + MAX_AGE}


def test_watchdog_of_the_map() -> None:
    """A component's alerts come from somewhere that has a watchdog of its own."""
    web = situation("01-all-up", watchdog=False)
    web.alerts.append(watchdog_alert(web.now, prometheus="a"))
    watched = {
        "srv1": {"alertmanager": {"host": 'a="b"', "watchdog": 'alertname="Watchdog",prometheus="a"'}},
        "srv2": {"alertmanager": {"host": 'a="b"', "watchdog": 'alertname="Watchdog",prometheus="b"'}},
    }
    assert said(read_from(web, web.now, watched)) == {"srv1": "operational", "srv2": "unknown"}


class TestSilences:
    """A silence is what the site says that it is."""

    NOW = TAKEN["04-silenced"]

    def test_silence_hides_nothing(self) -> None:
        """Unless the address says otherwise it only keeps somebody's telephone quiet."""
        assert said(read_from(situation("04-silenced"), self.NOW))["srv3"] == "major_outage"

    def test_silence_as_maintenance(self) -> None:
        """Where it is agreed a silenced alert is planned work, since the silence began."""
        with FaultyServer(situation("04-silenced")) as server:
            reading = open_at(server, query="?silenced=maintenance").read(self.NOW)
            assert [request.target for request in server.requests] == ["/api/v2/alerts", "/api/v2/silences"]
        expected = {"srv2/Web": "degraded_performance"} | dict.fromkeys(SRV3, "major_outage in downtime")
        assert said(reading) == dict.fromkeys(EVERYTHING, "operational") | expected
        began = observations(reading)["srv3"].downtime_since
        assert f"{began:%H:%M:%S}" == "09:11:54"

    def test_silences_are_not_asked_for_in_vain(self) -> None:
        """Without a silenced alert they are nobody's business."""
        with FaultyServer(situation("03-firing")) as server:
            open_at(server, query="?silenced=maintenance").read(TAKEN["03-firing"])
            assert [request.target for request in server.requests] == ["/api/v2/alerts"]

    def test_silence_that_has_ended_meanwhile(self) -> None:
        """An alert whose silence is not there is trouble."""
        web = situation("04-silenced")
        web.silences = []
        reading = read_from(web, self.NOW, query="?silenced=maintenance")
        assert said(reading)["srv3"] == "major_outage"

    def test_alert_beside_a_silenced_one_is_trouble(self) -> None:
        """One trouble that nobody has silenced is enough."""
        web = situation("04-silenced")
        slow = next(alert for alert in web.alerts if alert["labels"]["alertname"] == "WebsiteSlow")
        web.alerts.append(slow | {"labels": slow["labels"] | {"instance": "srv3"}})
        found = said(read_from(web, self.NOW, query="?silenced=maintenance"))
        assert found["srv3"] == "major_outage in downtime"
        assert found["srv3/Web"] == "major_outage"


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("critical", "major_outage"),
        ("page", "major_outage"),
        (None, "major_outage"),
        ("", "major_outage"),
        ("warning", "degraded_performance"),
        ("Warning", "degraded_performance"),
        ("info", "operational"),
        ("none", "operational"),
    ],
)
def test_severity(severity: str | None, expected: str) -> None:
    """What says nothing of how bad it is counts as bad."""
    web = situation("03-firing")
    for alert in web.alerts:
        if alert["labels"].get("instance") == "srv2":
            del alert["labels"]["severity"]
            alert["labels"] |= {} if severity is None else {"severity": severity}
    assert said(read_from(web, web.now))["srv2/Web"] == expected


class TestClocks:
    """An Alertmanager whose clock is not ours."""

    @staticmethod
    def with_date(web: CapturedAlertmanager, ahead: timedelta) -> Callable[[Request], Reply]:
        """The situation on a machine whose clock is ahead of everything."""

        def answer(request: Request) -> Reply:
            date = (web.now + ahead).strftime("%a, %d %b %Y %H:%M:%S GMT")
            return Reply(body=web(request).body, headers={"Date": date})

        return answer

    def test_clock_that_is_ahead_gains_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        """Every time is brought back by as much."""
        web, ahead = situation("01-all-up"), timedelta(seconds=200)
        reading = read_from(self.with_date(web, timedelta()), web.now - ahead)
        assert reading.written_at == web.now - ONE_MINUTE - ahead
        assert "The clock of Alertmanager is 200 seconds ahead" in caplog.text

    def test_answer_that_is_repeated_grows_old(self) -> None:
        """What somebody in between repeats for ever is as old as it is."""
        web = situation("01-all-up")
        reading = read_from(self.with_date(web, timedelta(seconds=240)), web.now + timedelta(seconds=240))
        assert reading.fresh_until == web.now - ONE_MINUTE + MAX_AGE

    def test_clock_that_is_far_ahead_is_not_believed(self) -> None:
        """Otherwise what is repeated for ever would be new for ever."""
        web = situation("01-all-up")
        with pytest.raises(SourceError, match="from the future"):
            read_from(web, web.now - MAX_AGE - 2 * ONE_MINUTE)


@pytest.mark.parametrize(
    ("written", "labels", "fits"),
    [
        ('alertname="A"', {"alertname": "A"}, True),
        ('alertname="A"', {"alertname": "AB"}, False),
        ('alertname="A"', {"alertname": "a"}, False),
        ("alertname=A", {"alertname": "A"}, True),
        ('{alertname="A", job="x"}', {"alertname": "A", "job": "x", "y": "z"}, True),
        ('alertname="A",job="x",', {"alertname": "A", "job": "y"}, False),
        ('alertname=~"Web.*"', {"alertname": "WebDown"}, True),
        ('alertname=~"Web"', {"alertname": "WebDown"}, False),
        ('a=~"x|y"', {"a": "xy"}, False),
        ('a!="x"', {}, True),
        ('a!="x"', {"a": "x"}, False),
        ('a!~"x.*"', {"a": "xy"}, False),
        ('a=""', {}, True),
        (r'a="say \"x\", {y}\\n"', {"a": 'say "x", {y}\\n'}, True),
        (r'a="two\nlines"', {"a": "two\nlines"}, True),
        ('a="1.5"', {"a": "1x5"}, False),
    ],
)
def test_matchers(written: str, labels: dict[str, str], fits: bool) -> None:
    """They mean what they mean in Alertmanager."""
    assert read_matchers(written).fit(labels) is fits


@pytest.mark.parametrize(
    "written", ["", "{}", "A", '"A"', 'a="b', 'a=="b"', 'a="b" c="d"', 'a-b="c"', 'a=~"("', "a=", ',a="b"']
)
def test_matchers_that_mean_nothing(written: str) -> None:
    """They are an error, and are not repeated."""
    with pytest.raises(ValueError, match=r"Alerts are named by|no regular expression") as failure:
        read_matchers(written)
    assert len(written) < 4 or written not in str(failure.value)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({}, "'host' is missing. Write 'host: 'alertname="),
        ({"checks": {"Web": "secret"}}, "Alerts are named by labels"),
        ({"host": 'a=~"secret("'}, "no regular expression"),
        ({"host": 'a="b"', "watchdog": "secret"}, "Alerts are named by labels"),
        ({"host": 'a="b"', "slow": "secret"}, "Known are: host, checks, watchdog"),
    ],
)
def test_map_that_cannot_be_used(entry: dict[str, Any], complaint: str) -> None:
    """A mistake in the map stops the start, says what to write, and repeats nothing of it."""
    with pytest.raises(MonitorMapError) as failure:
        open_sources("alertmanager+http://x/", read_monitor_map({"a": {"alertmanager": entry}}), TERMS)
    assert complaint in str(failure.value)
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("alertmanager:", "takes an address such as 'alertmanager"),
        ("alertmanager+http://x/?silenced=yes", "is 'trouble' or 'maintenance'"),
        ("alertmanager+http://x/?silence=maintenance", "Did you mean 'silenced'"),
    ],
)
def test_address_that_cannot_be_used(name: str, complaint: str) -> None:
    """A mistake in the address stops the start with an example."""
    with pytest.raises(MonitorSettingError, match=complaint):
        open_sources(name, read_monitor_map(None), TERMS)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": None},
        {"labels": {"alertname": "HostDown", "instance": "srv3", "n": 1}},
        {"startsAt": None},
        {"startsAt": "yesterday"},
        {"updatedAt": "2026-11-22T09:11:44"},
        {"status": {}},
        {"status": {"silencedBy": [1]}},
    ],
)
def test_alert_of_another_form_is_no_reading(
    change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """What is missing or written otherwise is not guessed."""
    caplog.set_level(logging.INFO)
    web = situation("03-firing")
    web.alerts = [
        alert | change if alert["labels"].get("instance") == "srv3" else alert for alert in web.alerts
    ]
    with pytest.raises(SourceError, match="form"):
        read_from(web, web.now)
    with pytest.raises(SourceError, match="form"):
        read_from(lambda _: json_reply({"alerts": []}), web.now)
