"""The monitor map: what it allows, what it complains of, and that it keeps its secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mounted_site import mounted_site

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.problems import Severity
from status_plugin.core.words import State
from status_plugin.settings import SettingError
from status_plugin.sources.monitor_entry import Entry, MonitorMapError
from status_plugin.sources.monitor_map import MonitorMap, public_part, read_monitor_map

YAML = """\
# What stands behind the public names.
srv3:
  nagios: {host: srv3.dal.example.net, checks: {Web: HTTP, Mail: SMTP}}
  probe:
    checks:
      Web: "https://srv3.example.com/"
ns3:
  probe: {host: "tcp://ns3.example.com:53"}
"""

INVENTORY = Inventory(
    components=(
        Component(slug="srv3", name="Srv3", checks=("Mail", "Web", "Database")),
        Component(slug="ns3", name="ns3", checks=()),
        Component(slug="portal", name="Portal"),
    )
)


def entry(**fields: Any) -> Entry:
    """The entry of one source for one component."""
    return read_monitor_map({"srv3": {"nagios": fields}}).entries("nagios")["srv3"]


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    """The file in which a test writes its map."""
    return tmp_path / "monitor.yml"


def from_yaml(path: Path, text: str) -> MonitorMap:
    """The map that a file of this text holds."""
    path.write_text(text, encoding="utf-8")
    return read_monitor_map(path)


class TestReading:
    """A mapping or a YAML file becomes entries."""

    def test_file(self, map_file: Path) -> None:
        """Each source gets its own entries, by component."""
        monitor_map = from_yaml(map_file, YAML)
        nagios, probe = monitor_map.entries("nagios"), monitor_map.entries("probe")
        assert (nagios.keys(), probe.keys()) == ({"srv3"}, {"srv3", "ns3"})
        assert nagios["srv3"].text("host", "") == "srv3.dal.example.net"
        assert nagios["srv3"].checks("") == {"Web": "HTTP", "Mail": "SMTP"}
        assert probe["srv3"].labels == ("Web",)
        assert monitor_map.entries("prometheus") == {}

    def test_mapping_means_the_same_as_a_file(self, map_file: Path) -> None:
        """A map in the site's configuration is read like one in a file."""
        mapping = {
            "srv3": {
                "nagios": {"host": "srv3.dal.example.net", "checks": {"Web": "HTTP", "Mail": "SMTP"}},
                "probe": {"checks": {"Web": "https://srv3.example.com/"}},
            },
            "ns3": {"probe": {"host": "tcp://ns3.example.com:53"}},
        }
        coverage = read_monitor_map(mapping).coverage(INVENTORY, ["nagios", "probe"])
        assert coverage == from_yaml(map_file, YAML).coverage(INVENTORY, ["nagios", "probe"])

    @pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "~\n"])
    def test_empty_file_is_an_empty_map(self, map_file: Path, text: str) -> None:
        """A file that says nothing yet is no mistake."""
        assert from_yaml(map_file, text).by_slug == {}

    def test_no_map_is_an_empty_map(self) -> None:
        """Without a map nothing is watched."""
        assert read_monitor_map(None).by_slug == {}

    def test_byte_order_mark_and_windows_line_ends(self, map_file: Path) -> None:
        """A file saved by another editor is read all the same."""
        map_file.write_bytes(b"\xef\xbb\xbf" + YAML.replace("\n", "\r\n").encode())
        assert read_monitor_map(map_file).entries("nagios")["srv3"].labels == ("Web", "Mail")

    def test_words_that_yaml_would_change_stay_as_written(self, map_file: Path) -> None:
        """Names such as `no`, `0123` and `10:30` are texts."""
        read = from_yaml(map_file, "on: {nagios: {host: no, checks: {yes: 0123, 1.0: 10:30}}}\n")
        assert read.entries("nagios")["on"].text("host", "") == "no"
        assert read.entries("nagios")["on"].checks("") == {"yes": "0123", "1.0": "10:30"}


class TestMistakes:
    """A map that cannot be used says where and what to write."""

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("- secret\n", "monitor.yml:1: A mapping is expected here. Write a component"),
            ("srv3:\n  secret\n", "monitor.yml:2: A mapping is expected here. Write the sources"),
            ("srv3:\n", "monitor.yml:1: A mapping is expected here. Write the sources"),
            ("srv3:\n  nagios: secret\n", "monitor.yml:2: A mapping is expected here. Write what"),
            (
                "srv3:\n  nagios:\n    host: secret\n    checks: [a]\n",
                "monitor.yml:4: 'checks' must be a mapping",
            ),
            ("srv3: {}\nns3: {}\nsrv3: {}\n", "monitor.yml:3: This key is written twice"),
            ("srv3: {\n\n", "monitor.yml:3:1: This is not readable YAML"),
            ("srv3:\n\tnagios: secret\n", "monitor.yml:2:1: This is not readable YAML"),
            ("srv3: &a {}\nns3: *a\n", "monitor.yml:1:7: This is not readable YAML"),
        ],
    )
    def test_place_and_remedy_are_named(self, map_file: Path, text: str, complaint: str) -> None:
        """The message begins with the place and tells what is expected, without what is there."""
        with pytest.raises(MonitorMapError) as failure:
            from_yaml(map_file, text)
        assert str(failure.value).startswith(complaint)
        assert "secret" not in str(failure.value)

    def test_missing_file(self, map_file: Path) -> None:
        """A path that leads nowhere is named, with what to set."""
        with pytest.raises(MonitorMapError, match="No such file") as failure:
            read_monitor_map(map_file)
        assert str(map_file) in str(failure.value)
        assert "Set STATUS_MONITOR_MAP to a YAML file" in str(failure.value)

    def test_other_encoding(self, map_file: Path) -> None:
        """A file that is not UTF-8 is not guessed at."""
        map_file.write_bytes("srv3: {nagios: {host: Büro}}".encode("latin-1"))
        with pytest.raises(MonitorMapError, match="not UTF-8"):
            read_monitor_map(map_file)

    def test_mapping_names_its_entry_by_number(self) -> None:
        """Where there are no lines the number of the entry tells the place."""
        with pytest.raises(MonitorMapError, match="STATUS_MONITOR_MAP, entry 2: A mapping"):
            read_monitor_map({"srv3": {}, "ns3": "secret"})

    def test_what_stops_the_start_names_the_setting_once(self, tmp_path: Path) -> None:
        """Before the file's name, or as the name of a mapping that is in no file."""
        (tmp_path / "monitor.yml").write_text("srv3: secret\n")
        for setting, beginning in (
            (str(tmp_path / "monitor.yml"), "STATUS_MONITOR_MAP: monitor.yml:1: A mapping"),
            ({"srv3": "secret"}, "STATUS_MONITOR_MAP, entry 1: A mapping"),
        ):
            with pytest.raises(SettingError, match=f"^{beginning}"):
                mounted_site(tmp_path, STATUS_MONITOR_MAP=setting)


class TestEntry:
    """What a source finds in its entry."""

    @pytest.mark.parametrize(
        ("written", "length"),
        [
            ("2s", timedelta(seconds=2)),
            ("0.5 s", timedelta(seconds=0.5)),
            ("250ms", timedelta(milliseconds=250)),
            ("90 min", timedelta(minutes=90)),
            ("5m", timedelta(minutes=5)),
            (" 1h ", timedelta(hours=1)),
            ("7d", timedelta(days=7)),
        ],
    )
    def test_lengths_of_time(self, written: str, length: timedelta) -> None:
        """Times are written with their unit."""
        assert entry(fresh_for=written).duration("fresh_for", timedelta()) == length

    @pytest.mark.parametrize(
        "written", ["", "5", "h", "-1s", "0s", "1 year", "32d", "9" * 400 + "s", "1e3s", "٣s", ["1h"], {}]
    )
    def test_what_is_no_length_of_time(self, written: object) -> None:
        """Anything else is an error with an example."""
        with pytest.raises(MonitorMapError, match="Write it like '2s' or '1h'"):
            entry(fresh_for=written).duration("fresh_for", timedelta())

    def test_field_that_is_not_there_has_its_default(self) -> None:
        """Nothing has to be written that is usual."""
        assert entry(host="a").duration("fresh_for", timedelta(hours=1)) == timedelta(hours=1)
        assert entry(host="a", checks=None).labels == ()

    def test_unknown_field_is_an_error_with_a_suggestion(self) -> None:
        """A misspelt field is not passed over; what was written may be private and is not repeated."""
        with pytest.raises(MonitorMapError, match="Did you mean 'fresh_for'") as failure:
            entry(host="a", fresch_for="1h").only("host", "checks", "fresh_for")
        assert "fresch_for" not in str(failure.value)
        with pytest.raises(MonitorMapError, match="Known are: host, checks"):
            entry(secret="a").only("host", "checks")

    def test_private_texts_are_all_that_must_stay_secret(self) -> None:
        """Whoever looks for leaks is told the names to look for."""
        found = entry(host="srv3.dal.example.net", checks={"Web": "HTTP on 443"}, fresh_for="1h")
        assert (found.private_host, found.private_checks) == ("srv3.dal.example.net", ("HTTP on 443",))
        assert (entry(checks=None).private_host, entry(checks=None).private_checks) == ("", ())

    def test_representation_shows_nothing(self, map_file: Path) -> None:
        """A map or an entry in a log or on an error page shows nothing of what is in it."""
        monitor_map = from_yaml(map_file, YAML)
        shown = repr(monitor_map) + repr(monitor_map.entries("nagios")["srv3"])
        assert "monitor.yml" in shown
        assert not [secret for secret in ("dal.example", "HTTP", "SMTP", "https") if secret in shown]


class TestCoverage:
    """A source counts only for what the map names and components.yml makes public."""

    def test_both_have_to_name_it(self, map_file: Path) -> None:
        """Labels come in the order of components.yml; without a label the host has to be named."""
        text = YAML + "hidden: {nagios: {host: a}}\nportal: {nagios: {host: b, checks: {Web: HTTP}}}\n"
        coverage = from_yaml(map_file, text).coverage(INVENTORY, ["nagios", "probe"])
        assert coverage == {"nagios": {"srv3": ("Mail", "Web")}, "probe": {"srv3": ("Web",), "ns3": ()}}

    def test_source_that_is_not_open_covers_nothing(self, map_file: Path) -> None:
        """The map may speak to sources that are not in use."""
        assert from_yaml(map_file, YAML).coverage(INVENTORY, ["probe"]).keys() == {"probe"}

    def test_nothing_public_is_not_covered(self) -> None:
        """A source that is told of private checks alone, and of no host, has nothing to say."""
        monitor_map = read_monitor_map({"srv3": {"probe": {"checks": {"Backup": "tcp://a:1"}}}})
        assert monitor_map.coverage(INVENTORY, ["probe"]) == {"probe": {}}


def test_public_part_of_a_reading() -> None:
    """Of a reading only named components and checks go on."""
    fine = Observation(state=State.OPERATIONAL, fresh_until=datetime(2026, 11, 20, tzinfo=UTC))
    seen = Seen(host=fine, checks={"Web": fine, "Backup": fine})
    reading = Reading(
        written_at=fine.fresh_until, fresh_until=fine.fresh_until, components={"srv3": seen, "hidden": seen}
    )
    part = public_part(reading, {"srv3": ("Web", "Mail"), "ns3": ()})
    assert part.components == {"srv3": Seen(host=fine, checks={"Web": fine})}
    assert (part.written_at, part.fresh_until) == (reading.written_at, reading.fresh_until)


class TestProblems:
    """Where the map and components.yml do not fit together the site runs, and staff are told."""

    @staticmethod
    def told(monitor_map: MonitorMap, inventory: Inventory = INVENTORY) -> dict[tuple[str, int | None], str]:
        """The problems, by rule and line."""
        problems = monitor_map.problems(inventory, ["nagios", "probe"])
        costly = {problem.rule for problem in problems if problem.severity is Severity.ERROR}
        assert costly <= {"unknown-component"}
        assert {problem.path for problem in problems} <= {monitor_map.name}
        return {(p.rule, p.line): f"{p.message} {p.hint}" for p in problems}

    def test_map_that_fits(self, map_file: Path) -> None:
        """All that is public is watched: nothing to say."""
        text = YAML.replace("Mail: SMTP", "Mail: SMTP, Database: MySQL")
        assert self.told(from_yaml(map_file, text)) == {}

    def test_check_that_nothing_watches(self, map_file: Path) -> None:
        """A public check that the map forgets would stay unknown."""
        assert self.told(from_yaml(map_file, YAML)) == {
            ("unmapped-check", None): "No open source is told to watch 'Database' of 'srv3'. "
            "Its state is unknown until the map names it."
        }

    def test_component_that_nothing_watches(self) -> None:
        """So would a component."""
        told = self.told(read_monitor_map(None))
        assert told.keys() == {("unmapped-component", None)}
        assert "told to watch 'srv3', 'ns3': unknown to visitors." in told["unmapped-component", None]

    def test_a_name_that_is_none_is_an_error(self, map_file: Path) -> None:
        """The rest is doubt: what nothing watches is unknown to visitors, and its map may be elsewhere."""
        problems = from_yaml(map_file, YAML.replace("srv3:", "Srv3:")).problems(
            INVENTORY, ["nagios", "probe"]
        )
        assert [(problem.rule, problem.severity) for problem in problems] == [
            ("unknown-component", Severity.ERROR),
            ("unknown-component", Severity.ERROR),
            ("unmapped-component", Severity.WARNING),
        ]
        doubts = from_yaml(map_file, YAML).problems(INVENTORY, ["nagios", "probe"])
        assert [problem.severity for problem in doubts] == [Severity.WARNING]

    def test_without_any_source_nothing_is_missing(self) -> None:
        """A site that watches nothing on purpose needs no map."""
        assert read_monitor_map(None).problems(INVENTORY, []) == ()

    def test_unknown_component(self, map_file: Path) -> None:
        """A slug that is not public is not repeated, but what was probably meant is."""
        told = self.told(from_yaml(map_file, YAML + "srv03:\n  nagios: {host: a}\n"))
        assert told["unknown-component", 10] == (
            "This component is not in components.yml, so nothing of it is shown. Did you mean 'srv3'?"
        )

    def test_unknown_check(self, map_file: Path) -> None:
        """The same goes for the label of a check."""
        text = YAML.replace('Web: "https', 'Webb: "https').replace("SMTP}", "SMTP, Database: MySQL}")
        told = self.told(from_yaml(map_file, text))
        assert told == {
            ("unknown-check", 6): "This check of 'srv3' is not in components.yml, so it is not shown. "
            "Did you mean 'Web'?"
        }

    def test_component_that_is_not_monitored(self, map_file: Path) -> None:
        """A component without `checks` is not watched even if the map says how."""
        told = self.told(from_yaml(map_file, YAML + 'portal:\n  probe: {host: "tcp://a:1"}\n'))
        assert "Give 'portal' a list of checks there" in told["unmonitored-component", 10]

    def test_source_that_is_not_open(self, map_file: Path) -> None:
        """An entry for a source that is misspelt or not in use is told."""
        told = self.told(from_yaml(map_file, YAML.replace("nagios:", "nagois:")))
        assert told["unknown-monitor", 3] == (
            "No such source is open. Did you mean 'nagios'? Or open the source in STATUS_MONITOR."
        )
