"""What visitors see while a real Zabbix judges what it is sent, is worked on, dies and comes back."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mounted_site import Site, mounted_site
from nagios_captures import observations, words
from nagios_daemon import wait_until
from zabbix_daemon import HEARTBEAT, TRAPPER, ZabbixDaemon

from status_plugin.core.monitoring.summary import Reading
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import SourceError, SourceTerms, open_sources

pytestmark = pytest.mark.system("zabbix")

HOSTS = ("srv3", "srv4")
COMPONENTS = "- name: Srv3\n  checks: [Web]\n- name: Srv4\n  checks: [Web]\n"
MONITOR_MAP = {
    host: {"zabbix": {"host": host, "ping": "icmpping", "checks": {"Web": "web.time"}}} for host in HOSTS
}


@pytest.fixture(scope="module")
def zabbix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZabbixDaemon]:
    """A Zabbix to which nobody has sent anything yet."""
    daemon = ZabbixDaemon(tmp_path_factory.mktemp("zabbix"), HOSTS)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.close()


@pytest.fixture(autouse=True)
def all_is_well(zabbix: ZabbixDaemon) -> None:
    """Every test begins so."""
    zabbix.send(srv3=1, srv4=1, srv3_web=0.1, srv4_web=0.1)


def site_on(root: Path, setting: str) -> Site:
    """A site that asks four times a second, and believes an answer for five seconds."""
    return mounted_site(
        root,
        components=COMPONENTS,
        real_time=True,
        STATUS_MONITOR=setting,
        STATUS_MONITOR_MAP=MONITOR_MAP,
        STATUS_MONITOR_TTL=0.25,
        STATUS_MONITOR_MAX_AGE=5,
    )


def seen_by(site: Site) -> dict[str, str]:
    """The state of every component."""
    return {row["slug"]: row["state"] for row in site.board()["components"]}


def until(site: Site, **expected: str) -> None:
    """Return when the page says this of some components, and that all is well with the others."""
    wanted = dict.fromkeys(HOSTS, "operational") | expected
    wait_until(lambda: seen_by(site) == wanted, lambda: f"{seen_by(site)}, not {wanted}")


def read_now(setting: str, monitor_map: dict[str, Any] = MONITOR_MAP) -> Reading:
    """One reading."""
    source = open_sources(setting, read_monitor_map(monitor_map), SourceTerms())["zabbix"]
    return source.read(datetime.now(UTC))


def test_page_follows_zabbix(tmp_path: Path, zabbix: ZabbixDaemon) -> None:
    """Slow, offline, acknowledged, planned; a server that dies leaves nothing fresh, and all comes back."""
    site = site_on(tmp_path, zabbix.setting())
    until(site)
    assert site.board()["overall"]["text"] == "All systems operational"
    zabbix.send(srv3_web=4.2)
    until(site, srv3="degraded_performance")
    zabbix.send(srv3=0)
    until(site, srv3="major_outage")
    assert site.board()["overall"]["text"] == "Srv3 is offline"
    acknowledge_everything(zabbix)
    plan_work_on(zabbix, "srv4")
    killed = time.monotonic()
    zabbix.kill()
    until(site, srv3="unknown", srv4="unknown")
    assert time.monotonic() - killed > 2, "the last word stands for a while"
    assert site.board()["facts_at"] is None

    zabbix.run()
    until(site, srv3="major_outage", srv4="under_maintenance")
    zabbix.send(srv3=1, srv3_web=0.1)
    until(site, srv4="under_maintenance")
    page = site.client.get("/status/").get_data(as_text=True)
    assert "Srv4" in page
    assert not [word for word in ("ACME", "rack", "icmpping", "web.time", "4711") if word in page]
    zabbix.call("maintenance.delete", *[m["maintenanceid"] for m in zabbix.call("maintenance.get")])
    zabbix.kill()
    zabbix.run()
    until(site)


def acknowledge_everything(zabbix: ZabbixDaemon) -> None:
    """Say that somebody is at it, with a private word."""
    events = [problem["eventid"] for problem in zabbix.call("problem.get", output=["eventid"])]
    assert events
    zabbix.call("event.acknowledge", eventids=events, action=6, message="ticket 4711, ACME")


def plan_work_on(zabbix: ZabbixDaemon, host: str) -> None:
    """Let a maintenance be in effect; Zabbix looks for that once a minute, and when it starts."""
    now = int(time.time())
    zabbix.call(
        "maintenance.create",
        name="new disks for ACME",
        active_since=now - 60,
        active_till=now + 3600,
        hosts=[{"hostid": zabbix.number(host)}],
        timeperiods=[{"timeperiod_type": 0, "start_date": now - 60, "period": 3600}],
    )


def test_who_may_ask(zabbix: ZabbixDaemon, caplog: pytest.LogCaptureFixture) -> None:
    """A user and a token may; a wrong password and a wrong token are refused in words that hold neither."""
    caplog.set_level(logging.INFO)
    for setting in (zabbix.setting(), zabbix.setting(f":{zabbix.make_token()}")):
        said = {what: words(seen) for what, seen in observations(read_now(setting)).items()}
        assert said == dict.fromkeys(("srv3", "srv3/Web", "srv4", "srv4/Web"), "operational")
    for user, complaint in (("status:wrong-4711", "refuses the user"), (":wrong-4711", "refuses the token")):
        with pytest.raises(SourceError, match=complaint) as failure:
            read_now(zabbix.setting(user))
        assert "4711" not in f"{failure.value}{failure.value!r}{caplog.text}"


def test_heartbeat_keeps_seldom_values(zabbix: ZabbixDaemon) -> None:
    """The server's own measuring is seen by who may read it; without that the newest value alone counts."""
    sent = datetime.now(UTC)
    wait_until(lambda: read_now(zabbix.setting()).written_at > sent + timedelta(seconds=2), lambda: "no beat")
    beats = {"hostid": zabbix.number(HEARTBEAT), "status": 1}
    zabbix.call("host.update", **beats)
    assert read_now(zabbix.setting()).written_at < sent + timedelta(seconds=2)
    zabbix.call("host.update", **(beats | {"status": 0}))


def test_item_that_leaves_out_what_is_the_same(zabbix: ZabbixDaemon) -> None:
    """A real Zabbix tells of the steps by which an item drops values, to somebody who may only read."""
    steps = [{"type": "20", "params": "10m", "error_handler": "0", "error_handler_params": ""}]
    zabbix.make_item("srv3", "quiet", type=TRAPPER, value_type=3, preprocessing=steps)
    zabbix.make_item("srv3", "busy", type=7, value_type=3, delay="1m", preprocessing=steps)
    [item] = zabbix.call("item.get", filter={"key_": "busy"}, selectPreprocessing=["type", "params"])
    assert item["preprocessing"] == [{"type": "20", "params": "10m"}]
    watched = {"a": {"zabbix": {"host": "srv3", "checks": {"Quiet": "quiet", "Busy": "busy"}}}}
    seen = observations(read_now(zabbix.setting(), watched))
    assert {words(one) for one in seen.values()} == {"unknown"}
