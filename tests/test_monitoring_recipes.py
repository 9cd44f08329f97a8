"""The documentation has a recipe for every monitoring system that can be asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from system_parts import PARTS

from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import BUILT_IN, SourceTerms, open_sources

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
ALL = "\n".join(PAGES.values())


def maps() -> list[dict[str, dict[str, Any]]]:
    """Every piece of a monitor map that is shown."""
    shown = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", ALL, re.DOTALL)]
    return [
        {
            slug: entry
            for slug, entry in one.items()
            if isinstance(entry, dict) and entry.keys() & BUILT_IN.keys()
        }
        for one in shown
        if isinstance(one, dict)
    ]


@pytest.mark.parametrize("kind", BUILT_IN)
def test_every_system_has_its_recipe(kind: str) -> None:
    """It is named where people begin to read, and there is what to write into the map."""
    assert re.search(rf"`{kind}(\+https)?:", PAGES["monitoring.md"])
    found = [entry[kind] for one in maps() for entry in one.values() if kind in entry]
    assert found or re.search(rf"`{kind}:`( and `\w+:`)? takes?\b", ALL), "nobody says what the map takes"
    for entry in found:
        read_monitor_map({"srv3": {kind: entry}})


def test_from_one_system_to_another() -> None:
    """The entry that is shown for Nagios is one for Icinga 2 and Livestatus when its key is changed."""
    assert "(monitoring-icinga.md#changing-from-nagios-to-icinga)" in PAGES["monitoring.md"]
    shown = next(entry["nagios"] for one in maps() for entry in one.values() if "nagios" in entry)
    addresses = {
        "nagios": "nagios:/var/lib/nagios4/status.dat",
        "icinga2": "icinga2+https://status:secret@monitor.example.net:5665",
        "livestatus": "livestatus:/var/cache/naemon/live",
    }
    for kind, address in addresses.items():
        assert list(open_sources(address, read_monitor_map({"srv3": {kind: shown}}), SourceTerms())) == [kind]


def test_services_that_nobody_needs() -> None:
    """Those that can be switched off after an installation for the tests belong to what that installs."""
    (command,) = re.findall(r"systemctl disable --now ((?:.*\\\n)*.*)\n", PAGES["development.md"])
    packages = {package for part in PARTS.values() for package in part.packages}
    for service in command.replace("\\\n", " ").split():
        assert [package for package in packages if package.startswith(service)], service
