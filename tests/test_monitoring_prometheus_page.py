"""docs/monitoring-prometheus.md: every address and every entry of the map that it shows can be opened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import SourceTerms, open_sources
from status_plugin.sources.monitors.alert_matchers import read_matchers
from status_plugin.sources.monitors.alertmanager import WATCHDOG
from status_plugin.sources.monitors.prometheus import PATIENCE
from status_plugin.sources.monitors.zabbix_objects import HEARTBEAT

PAGE = (Path(__file__).parent.parent / "docs" / "monitoring-prometheus.md").read_text(encoding="utf-8")
ADDRESSES = re.findall(r'`STATUS_MONITOR = "(.+?)"`', PAGE)
ENTRIES = re.findall(r"```yaml\n(srv3:.*?)```", PAGE, re.DOTALL)
RULES = re.findall(r"```yaml\n(groups:.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_shown_can_be_opened(entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody copies it, and only names are to be changed."""
    [address] = [address for address in ADDRESSES if f"\n  {address.partition('+')[0]}:" in entry]
    for name in re.findall(r"\$\{(\w+)\}", address):
        monkeypatch.setenv(name, "secret")
    kind = address.partition("+")[0]
    monitor_map = read_monitor_map(yaml.safe_load(entry))
    assert list(monitor_map.entries(kind)) == ["srv3"]
    assert list(open_sources(address, monitor_map, SourceTerms())) == [kind]


def test_what_is_said_is_what_is_done() -> None:
    """The numbers, the name of the watchdog and the key of Zabbix' own heartbeat."""
    assert len(ADDRESSES) == 3
    assert len(ENTRIES) == 4
    assert f"counts for {PATIENCE.seconds // 60} minutes" in PAGE
    assert f"`{WATCHDOG}`" in PAGE
    assert f"`{HEARTBEAT}`" in PAGE


def test_watchdog_that_is_shown_is_the_one_that_is_looked_for() -> None:
    """Who copies the rule needs nothing more in the map."""
    (rules,) = (yaml.safe_load(text) for text in RULES)
    (rule,) = rules["groups"][0]["rules"]
    assert f'alertname="{rule["alert"]}"' == WATCHDOG
    assert read_matchers(WATCHDOG).fit({"alertname": rule["alert"], **rule["labels"]})
