"""docs/monitoring-icinga.md says what the code does; its user for the API is tried on a real Icinga."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from faulty_server import FaultyServer
from icinga2_captures import CAPTURED, CapturedApi
from nagios_captures import MONITOR_MAP, observations, read_capture, words
from test_documentation import PAGES, known_keys, part, snippets

from status_plugin.core.monitoring.word import DOWNTIME_LIMIT
from status_plugin.settings_reader import read_settings
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import SourceTerms, host_monitor, livestatus_client, open_sources

PAGE, MONITORING = PAGES["monitoring-icinga.md"], PAGES["monitoring.md"]
SOURCES = "".join(
    path.read_text(encoding="utf-8") for path in Path(host_monitor.__file__).parent.glob("*.py")
)


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the examples."""
    monkeypatch.setenv("ICINGA_PASSWORD", "hunter2")


def test_every_configuration_opens(tmp_path: Path) -> None:
    """The plugin accepts each example, and opens its source."""
    (tmp_path / "content").mkdir()
    examples = snippets(PAGE, "python")
    assert len(examples) == 2
    for text in examples:
        config: dict[str, Any] = {}
        exec(text, {}, config)
        settings = read_settings(config, tmp_path, tmp_path)
        assert open_sources(settings.monitor, read_monitor_map(None), SourceTerms())


def test_usual_sockets_are_addresses() -> None:
    """What the page and the messages show as an address is one."""
    sockets = re.findall(r"`(/[^`]+/(?:live|livestatus))` \|", PAGE)
    assert len(sockets) == 3
    for name in [f"livestatus:{socket}" for socket in sockets] + re.findall(
        r"`(livestatus\+tcp://.+?)`", PAGE
    ):
        livestatus_client.read_livestatus_address(name)
    assert livestatus_client.EXAMPLE in PAGE
    assert livestatus_client.TCP_EXAMPLE in PAGE


NAMES = {"nagios": "nagios:/status.dat", "icinga2": "icinga2+http://host", "livestatus": "livestatus:/live"}


def keys_of(kind: str) -> set[str]:
    """The keys that an entry of the map may have."""
    with pytest.raises(MonitorMapError) as failure:
        open_sources(NAMES[kind], read_monitor_map({"srv3": {kind: {"zzzz": "x"}}}), SourceTerms())
    return known_keys(str(failure.value))


@pytest.mark.parametrize("kind", ["icinga2", "livestatus"])
def test_map_is_the_same_as_that_of_nagios(kind: str) -> None:
    """The entries take the keys that Nagios' take, and the example is one."""
    assert "`icinga2:` and `livestatus:` take the same." in MONITORING
    assert keys_of(kind) == keys_of("nagios") == {"host", "checks", "fresh_for"}
    watched = yaml.safe_load(snippets(PAGE, "yaml")[0].replace("icinga2:", f"{kind}:"))
    assert open_sources(NAMES[kind], read_monitor_map(watched), SourceTerms())


def test_changing_from_nagios_is_one_setting_and_a_key() -> None:
    """Of the table's two columns only the setting and the key differ."""
    table = re.findall(r"^\| `(.+)` \| `(.+)` \|$", part(PAGE, "## Changing from Nagios"), re.MULTILINE)
    (before, after), (old, new) = table
    assert [setting.partition(" = ")[0] for setting in (before, after)] == ["STATUS_MONITOR"] * 2
    for setting, entry in ((before, old), (after, new)):
        name = setting.partition(" = ")[2].strip('"')
        open_sources(name, read_monitor_map(yaml.safe_load(entry)), SourceTerms())
    assert old.replace("nagios:", "icinga2:") == new


@pytest.mark.parametrize("situation", ["05-downtime", "06-unreachable"])
def test_page_says_the_same_of_the_same_situation(situation: str) -> None:
    """What an Icinga wrote for readers of Nagios, and what its API said at the same time."""
    watched = {slug: {"icinga2": kinds["nagios"]} for slug, kinds in MONITOR_MAP.items()}
    with FaultyServer(CapturedApi(situation)) as server:
        source = open_sources(f"icinga2+{server.url()}", read_monitor_map(watched), SourceTerms())["icinga2"]
        asked = observations(source.read(CAPTURED[situation]))
    read = observations(read_capture(f"icinga2-{situation}"))
    assert {what: words(seen) for what, seen in asked.items()} == {
        what: words(seen) for what, seen in read.items()
    }


@pytest.mark.parametrize("kind", ["hosts", "services", "downtimes", "status"])
def test_permissions(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """Without one of the first two nothing can be read; without the others the log says which."""
    table = dict(re.findall(r"^\| (`.+?`) \| (.+?) \|$", part(PAGE, "| permission |"), re.MULTILINE))
    assert table["`objects/query/Host`, `objects/query/Service`"] == "nothing can be read"
    missing = {"downtimes": "objects/query/Downtime", "status": "status/query"}
    assert {f"`{name}`" for name in missing.values()} <= table.keys()
    watched = read_monitor_map({"srv4": {"icinga2": {"host": "srv4", "checks": {"Web": "HTTP"}}}})
    with FaultyServer(CapturedApi("05-downtime", hidden=frozenset({kind}))) as server:
        source = open_sources(f"icinga2+{server.url()}", watched, SourceTerms())["icinga2"]
        if kind not in missing:
            with pytest.raises(Exception, match="objects/query/Host and objects/query/Service"):
                source.read(CAPTURED["05-downtime"])
        else:
            source.read(CAPTURED["05-downtime"])
            assert f"The user in Icinga 2 has not the permission {missing[kind]}" in caplog.text


def test_every_message_is_one_of_the_codes() -> None:
    """What the table promises to be in the log can be there."""
    messages = re.findall(r"^\| `(.+?)` \|", part(PAGE, "| the log says |"), re.MULTILINE)
    assert len(messages) == 9
    missing = [message for message in messages if message not in SOURCES]
    assert not missing


FIGURES: Mapping[str, tuple[object, object]] = {
    "107 bytes": (livestatus_client._LONGEST_PATH, 107),
    "the port being 6557 unless given": (livestatus_client.USUAL_PORT, 6557),
    "counts for 24 hours": (DOWNTIME_LIMIT, timedelta(hours=24)),
    "`fresh_for` (1 hour)": (host_monitor.PASSIVE_FRESH_FOR, timedelta(hours=1)),
}


@pytest.mark.parametrize("figure", FIGURES)
def test_figures(figure: str) -> None:
    """A figure on the page is the one that counts."""
    found, expected = FIGURES[figure]
    assert found == expected
    assert figure in PAGE
