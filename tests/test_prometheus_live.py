"""What visitors see while a real Prometheus, its exporter and its Alertmanager work, fail and come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from mounted_site import Site, mounted_site
from nagios_captures import observations, words
from nagios_daemon import wait_until
from prometheus_daemons import RULES, SITES, PrometheusDaemons

from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import SourceTerms, open_sources

pytestmark = pytest.mark.system("prometheus")

PAGE = (Path(__file__).parent.parent / "docs" / "monitoring-prometheus.md").read_text(encoding="utf-8")
COMPONENTS = "- name: Srv3\n  checks: [Web]\n- name: Srv4\n  checks: [Web]\n"
QUERIES = {
    name: {
        "prometheus": {
            "host": f'up{{job="node",instance="{name}"}}',
            "checks": {"Web": f'probe_success{{instance="{name}"}}'},
            "slow": {"Web": f'probe_duration_seconds{{instance="{name}"}} > bool 0.2'},
        }
    }
    for name in SITES
}
ALERTS = {
    name: {
        "alertmanager": {
            "host": f'alertname="HostDown",instance="{name}"',
            "checks": {"Web": f'alertname=~"Website.*",instance="{name}"'},
        }
    }
    for name in SITES
}


@pytest.fixture(scope="module")
def daemons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusDaemons]:
    """All of them, and all is well."""
    started = PrometheusDaemons(tmp_path_factory.mktemp("prometheus"))
    try:
        started.start()
        yield started
    finally:
        started.close()


def site_on(root: Path, setting: str, monitor_map: dict[str, Any]) -> Site:
    """A site that asks four times a second, and believes an answer for three seconds."""
    return mounted_site(
        root,
        components=COMPONENTS,
        real_time=True,
        STATUS_MONITOR=setting,
        STATUS_MONITOR_MAP=monitor_map,
        STATUS_MONITOR_TTL=0.25,
        STATUS_MONITOR_MAX_AGE=3,
    )


def seen_by(site: Site) -> dict[str, str]:
    """The state of every component."""
    return {row["slug"]: row["state"] for row in site.board()["components"]}


def until(site: Site, **expected: str) -> None:
    """Return when the page says this of some components, and that all is well with the others."""
    wanted = dict.fromkeys(SITES, "operational") | expected
    wait_until(lambda: seen_by(site) == wanted, lambda: f"{seen_by(site)}, not {wanted}")


def words_of(daemons: PrometheusDaemons, queries: dict[str, str]) -> dict[str, str]:
    """What the source says of some queries now."""
    watched = {label: {"prometheus": {"checks": {"Web": query}}} for label, query in queries.items()}
    name = f"prometheus+{daemons.url('prometheus')}"
    source = open_sources(name, read_monitor_map(watched), SourceTerms())["prometheus"]
    reading = source.read(datetime.now(UTC))
    assert datetime.now(UTC) - reading.written_at < timedelta(seconds=5)
    return {what.removesuffix("/Web"): words(seen) for what, seen in observations(reading).items()}


def test_page_follows_prometheus(tmp_path: Path, daemons: PrometheusDaemons) -> None:
    """Slow, offline, well again; an exporter, a target and Prometheus itself that are gone, and back."""
    site = site_on(tmp_path, f"prometheus+{daemons.url('prometheus')}", QUERIES)
    until(site)
    assert site.board()["overall"]["text"] == "All systems operational"
    daemons.states["srv3"] = "slow"
    until(site, srv3="degraded_performance")
    daemons.states["srv3"] = "down"
    until(site, srv3="major_outage")
    assert site.board()["overall"]["text"] == "Srv3 is offline"
    daemons.states["srv3"] = "up"
    until(site)
    daemons.kill("blackbox")
    until(site, srv3="unknown", srv4="unknown")
    daemons.run("blackbox")
    until(site)
    daemons.watch("srv3")
    until(site, srv4="unknown")

    daemons.states["srv3"] = "down"
    until(site, srv3="major_outage", srv4="unknown")
    killed = datetime.now(UTC)
    daemons.kill("prometheus")
    until(site, srv3="unknown", srv4="unknown")
    assert datetime.now(UTC) - killed > timedelta(seconds=1.5), "the last word stands for a while"
    daemons.states["srv3"] = "up"
    daemons.watch(*SITES)
    daemons.run("prometheus")
    until(site)


def test_queries_that_prometheus_refuses(daemons: PrometheusDaemons) -> None:
    """Among many that are fine the bad ones are found, by what a real Prometheus says to them."""
    fine = 'up{job="node",instance="srv3"}'
    good = {f"good{number}": f"{fine} * {number} / {number}" for number in range(1, 40)}
    bad = {
        "open": "up{",
        "closed": f"{fine})",
        "scalar": "1",
        "range": "up[5m]",
        "text": '"up"',
        "half": "up or",
        "nothing of that name": 'up{instance="srv9"}',
        "everything": '{__name__=~".+"}',
        "several": 'up{job="node"}',
        "neither": f"{fine} * 2",
        "not a number": f"{fine} * 0 / 0",
        "infinite": f"{fine} / 0",
    }
    assert words_of(daemons, good | bad) == dict.fromkeys(good, "operational") | dict.fromkeys(bad, "unknown")


def test_queries_that_calculate(daemons: PrometheusDaemons) -> None:
    """Several values can be put into one, and one that is missing can be missed."""
    both = 'up{job="node",instance=~"srv3|srv4"}'
    queries = {
        "worst": f"min({both})",
        "all there": f"min({both}) and count({both}) == 2",
        "one is missing": f"min({both}) and count({both}) == 3",
        "lately": 'max_over_time(probe_success{instance="srv3"}[1m])',
        "seldom": 'last_over_time(probe_success{instance="srv3"}[15m])',
    }
    assert words_of(daemons, queries) == {
        "worst": "operational",
        "all there": "operational",
        "one is missing": "unknown",
        "lately": "operational",
        "seldom": "operational",
    }


def test_page_follows_alertmanager(tmp_path: Path, daemons: PrometheusDaemons) -> None:
    """An alert, a silence, and nobody any more who tells Alertmanager anything; and back."""
    address = f"alertmanager+{daemons.url('alertmanager')}"
    (tmp_path / "planned").mkdir()
    site = site_on(tmp_path, address, ALERTS)
    planned = site_on(tmp_path / "planned", f"{address}?silenced=maintenance", ALERTS)
    until(site)
    daemons.states["srv3"] = "slow"
    until(site, srv3="degraded_performance")
    daemons.states["srv3"] = "down"
    until(site, srv3="major_outage")
    until(planned, srv3="major_outage")
    daemons.silence("srv3")
    until(planned, srv3="under_maintenance")
    until(site, srv3="major_outage")
    assert "ACME" not in site.client.get("/status/").get_data(as_text=True)
    daemons.kill("prometheus")
    until(site, srv3="unknown", srv4="unknown")
    daemons.states["srv3"] = "up"
    daemons.run("prometheus")
    until(site)


def test_a_watchdog_made_of_what_is_measured(tmp_path: Path, daemons: PrometheusDaemons) -> None:
    """When the exporter dies its alerts are over, as documented, and the check is unknown and not well."""
    [rule] = re.findall(r"^- (\{alert: WebsiteWatched, .*\})$", PAGE, re.MULTILINE)
    assert yaml.safe_load(rule) in yaml.safe_load(RULES)["groups"][0]["rules"]
    [entry] = re.findall(r"```yaml\n(srv3:\n  alertmanager:\n    watchdog:.*?)```", PAGE, re.DOTALL)
    entries = {**ALERTS, **yaml.safe_load(entry)}
    site = site_on(tmp_path, f"alertmanager+{daemons.url('alertmanager')}", entries)
    until(site)
    daemons.states["srv3"] = "down"
    until(site, srv3="major_outage")
    daemons.kill("blackbox")
    until(site, srv3="unknown")
    daemons.states["srv3"] = "up"
    daemons.run("blackbox")
    until(site)
