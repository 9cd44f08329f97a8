"""Nothing of the raw monitoring data leaves a source: not in a reading, its text, a log or an error."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback_server import LoopbackServer, say
from nagios_captures import CAPTURED, CHECKS, LABELS, capture

from status_plugin.core.monitoring.summary import Reading
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import MonitorMap, public_part, read_monitor_map
from status_plugin.sources.monitors import Source, SourceError, SourceTerms, open_sources, probe
from status_plugin.sources.summary_text import Snapshot, snapshot_text

NAME = "06-downtime"
FIELD = re.compile(rb"^\t(\w+)=(.*)$", re.MULTILINE)
FIELDS = sorted({name.decode() for name, _ in FIELD.findall(capture(NAME))})

# Without these no host could be found any more; so the marker goes before what is there.
NAMES = {"host_name", "service_description"}
TEXTS = NAMES | {
    "author",
    "check_command",
    "check_period",
    "comment",
    "comment_data",
    "contact_name",
    "event_handler",
    "long_plugin_output",
    "notification_period",
    "performance_data",
    "plugin_output",
    "version",
}

MARKER = re.compile(r"zz[a-z0-9]{12}")
MARKERS = st.from_regex(MARKER, fullmatch=True)
INVENTORY = Inventory(
    components=tuple(
        Component(slug=f"public-{number}", name="Public", checks=tuple(LABELS[check] for check in checks))
        for number, checks in enumerate(CHECKS.values())
    )
)
TERMS = SourceTerms(timeout=timedelta(seconds=1))


def planted(fields: set[str], marker: str) -> bytes:
    """The status file with a marker in these fields, in custom variables, and in a comment line."""

    def plant(found: re.Match[bytes]) -> bytes:
        name, value = found.groups()
        if name.decode() not in fields:
            return found[0]
        return b"\t%s=%s%s" % (name, marker.encode(), value if name.decode() in NAMES else b"")

    data = FIELD.sub(plant, capture(NAME))
    data = data.replace(
        b"\n\tcheck_options=", b"\n\t_SNMP_%b=0;%b\n\tcheck_options=" % ((marker.encode(),) * 2)
    )
    return b"# " + marker.encode() + b"\n" + data


def monitor_map_of(marker: str) -> MonitorMap:
    """A map whose private side is all marked, with a check that is not public and a host that is gone."""
    watched: dict[str, object] = {
        f"public-{number}": {
            "nagios": {
                "host": f"{marker}{host}",
                "checks": {LABELS[check]: f"{marker}{check}" for check in checks},
            }
        }
        for number, (host, checks) in enumerate(CHECKS.items())
    }
    watched[f"hidden-{marker}"] = {"nagios": {"host": f"{marker}-gone", "checks": {marker: marker}}}
    return read_monitor_map(watched)


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """All that is logged at INFO or above, with the traces, wherever."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logging.Formatter().format(record) + repr(record.args))

    collector = Collector(logging.INFO)
    root = logging.getLogger()
    level = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(collector)
        root.setLevel(level)


def told_by(kind: str, source: Source, monitor_map: MonitorMap, now: datetime) -> str:
    """All that anybody could get to see of what a source says."""
    kinds = ["nagios", "probe"]
    coverage = monitor_map.coverage(INVENTORY, kinds)
    with everything_logged() as told:
        try:
            reading = public_part(source.read(now), coverage[kind])
            assert reading.components.keys() == coverage[kind].keys()
            told += [repr(reading), snapshot_text(Snapshot(readings={kind: reading}, asked_at=now))]
        except SourceError as error:
            told += [str(error), repr(error), "".join(traceback.format_exception(error))]
    told += [repr(source), repr(monitor_map), repr(coverage)]
    told += [f"{problem}{problem!r}" for problem in monitor_map.problems(INVENTORY, kinds)]
    return "\n".join(told)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "none": lambda data: data,
    "cut": lambda data: data[: len(data) // 2],
    "cut between blocks": lambda data: data[: data.rindex(b"\nhostdowntime {")],
    "block not closed": lambda data: data.replace(b"\n\t}\n", b"\n", 3),
    "from the future": lambda data: re.sub(rb"\tcreated=\d+", b"\tcreated=9999999999", data),
    "said twice": lambda data: data + data,
    "empty": lambda data: b"",
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    marker=MARKERS,
    others=st.sets(st.sampled_from(sorted(set(FIELDS) - TEXTS)), max_size=6),
    damage=st.sampled_from(sorted(DAMAGES)),
)
def test_nothing_private_leaves_nagios(tmp_path: Path, marker: str, others: set[str], damage: str) -> None:
    """Whatever stands in whichever field of a whole or a damaged file, none of it is told."""
    fields = TEXTS | others
    data = planted(fields, marker)
    marked = {name.decode() for name, value in FIELD.findall(data) if marker.encode() in value}
    assert marked >= fields
    (tmp_path / "status.dat").write_bytes(DAMAGES[damage](data))
    monitor_map = monitor_map_of(marker)
    source = open_sources(f"nagios:{tmp_path}/status.dat", monitor_map, TERMS)["nagios"]
    told = told_by("nagios", source, monitor_map, CAPTURED[NAME])
    assert marker not in told
    assert str(tmp_path) not in told


def test_what_is_looked_for_would_be_found(tmp_path: Path) -> None:
    """A source that told what stands in the file would not pass."""
    (tmp_path / "status.dat").write_bytes(planted(TEXTS, "zzmarker"))

    class Careless:
        def read(self, now: datetime) -> Reading:
            logging.getLogger("careless").info("read", exc_info=ValueError("zzmarker in a trace"))
            raise SourceError("zzmarker in a message")

    told = told_by("nagios", Careless(), monitor_map_of("zzmarker"), CAPTURED[NAME])
    assert "zzmarker in a trace" in told
    assert "zzmarker in a message" in told


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(marker=MARKERS)
def test_nothing_private_leaves_a_probe(monkeypatch: pytest.MonkeyPatch, marker: str) -> None:
    """Neither where a probe asks nor what servers say is told."""
    monkeypatch.setattr(probe, "PAUSE", timedelta(milliseconds=1))
    said = marker.encode()
    redirect = b"HTTP/1.1 302 Found\r\nLocation: http://%b.example.com/%b\r\nX: %b\r\n\r\n" % (
        said,
        said,
        said,
    )
    with (
        LoopbackServer(say(b"220 " + said + b"\r\n")) as mail,
        LoopbackServer(say(b"554 " + said + b"\r\n")) as broken,
        LoopbackServer(say(redirect)) as web,
        LoopbackServer(say(said + b"\r\n")) as nonsense,
    ):
        checks = {
            "Web": f"http://127.0.0.1:{web.port}/{marker}?{marker}",
            "Database": f"http://127.0.0.1:{nonsense.port}/{marker}",
            "Shell": f"https://127.0.0.1:{broken.port}/{marker}",
            marker: f"tcp://127.0.0.1:{mail.port}",
        }
        hosts = {
            "host": f"smtp://127.0.0.1:{mail.port}",
            "checks": {"Web": f"smtp://127.0.0.1:{broken.port}"},
        }
        watched = {"public-0": {"probe": {"checks": checks}}, "public-1": {"probe": hosts}}
        monitor_map = read_monitor_map(watched)
        source = open_sources("probe:", monitor_map, TERMS)["probe"]
        told = told_by("probe", source, monitor_map, datetime.now(UTC))
    assert marker in f"{web.heard!r}"
    assert "public-1" in told
    assert marker not in told
    assert "127.0.0.1" not in told


MISTAKES = st.recursive(
    MARKERS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(MARKERS, inner, min_size=1, max_size=2),
    max_leaves=4,
)


@settings(deadline=None)
@given(
    marker=MARKERS,
    field=st.sampled_from(["host", "checks", "slow", "fresh_for", "timeout"]),
    kind=st.sampled_from(["nagios:/status.dat", "probe:"]),
    mistake=MISTAKES,
)
def test_error_about_the_map_repeats_nothing_of_it(
    marker: str, field: str, kind: str, mistake: object
) -> None:
    """Whatever is wrong in the map, the error names the place and what is expected."""
    entry = {"host": f"tcp://{marker}:1", marker: marker} | {field: mistake}
    with pytest.raises(MonitorMapError) as failure:
        open_sources(kind, read_monitor_map({marker: {kind.partition(":")[0]: entry}}), TERMS)
    assert str(failure.value).startswith("STATUS_MONITOR_MAP, entry 1: ")
    assert not MARKER.search("".join(traceback.format_exception(failure.value)))
