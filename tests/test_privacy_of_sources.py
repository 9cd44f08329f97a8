"""Nothing of the raw monitoring data leaves a source: no reading, text, journal, log or error has it."""

from __future__ import annotations

import json
import logging
import re
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import livestatus_server
import pytest
from faulty_server import Answerer, Fault, FaultyServer, Reply, Request, body, raw
from http_source_cases import HTTP_SOURCES, LABEL, HttpSource, Situation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from livestatus_captures import CapturedLivestatus, Tables, tables_of_now
from livestatus_server import Fault as LivestatusFault
from livestatus_server import answer_of, livestatus_at_a_path
from loopback_server import LoopbackServer, say
from nagios_captures import CAPTURED, CHECKS, LABELS, capture

from status_plugin.core.monitoring.journal import line_text
from status_plugin.core.monitoring.logbook import Logbook
from status_plugin.core.monitoring.looks import lines_for, look_at
from status_plugin.core.monitoring.summary import Reading, Summary
from status_plugin.core.monitoring.word import monitoring_words
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import MonitorMap, public_part, read_monitor_map
from status_plugin.sources.monitors import Source, SourceError, SourceTerms, kind_of, open_sources, probe
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
HTTP_TERMS = SourceTerms()


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


def told_by(
    kind: str, source: Source, monitor_map: MonitorMap, now: datetime, inventory: Inventory = INVENTORY
) -> str:
    """All that anybody could get to see of what a source says."""
    coverage = monitor_map.coverage(inventory, [kind])
    with everything_logged() as told:
        try:
            reading = public_part(source.read(now), coverage[kind])
            assert reading.components.keys() == coverage[kind].keys()
            told += [repr(reading), snapshot_text(Snapshot(readings={kind: reading}, asked_at=now))]
            told.append(journal_text(Summary(coverage=coverage, readings={kind: reading}), inventory, now))
        except SourceError as error:
            told += [str(error), repr(error), "".join(traceback.format_exception(error))]
    told += [repr(source), repr(monitor_map), repr(coverage)]
    told += [f"{problem}{problem!r}" for problem in monitor_map.problems(inventory, [kind])]
    return "\n".join(told)


def journal_text(summary: Summary, inventory: Inventory, now: datetime) -> str:
    """What the journal is told."""
    words = monitoring_words(summary, inventory, now)
    look = look_at(words, summary.coverage, dict.fromkeys(summary.readings, now), None, timedelta(), now)
    lines = [line_text(line) for line in lines_for(Logbook(), look)]
    assert inventory.components[0].slug in lines[0]
    return "\n".join(lines)


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


ONE_COMPONENT = Inventory(components=(Component(slug="srv3", name="Public", checks=(LABEL,)),))


def planted_in_json(value: object, source: HttpSource, marker: str) -> object:
    """JSON whose private names begin with a marker, whose texts are one, and which has it in new members."""
    if isinstance(value, str):
        names = f"(?<![\\w-])({re.escape(source.host)}|{re.escape(source.check)})(?![\\w-])"
        return re.sub(names, rf"{marker}\1", value)
    if isinstance(value, dict):
        found = {
            planted_in_json(key, source, marker): marker
            if key in source.texts
            else planted_in_json(inner, source, marker)
            for key, inner in value.items()
        }
        return found | {marker: marker} if source.texts & value.keys() else found
    if isinstance(value, list):
        return [planted_in_json(inner, source, marker) for inner in value]
    return value


def marked(source: HttpSource, situation: Situation, marker: str) -> Answerer:
    """A server of that source in which everything private is marked."""

    def answer(request: Request) -> Reply:
        query = {name: value.replace(marker, "") for name, value in request.query.items()}
        body = request.body.replace(marker.encode(), b"")
        reply = source.answer(
            replace(request, path=request.path.removeprefix(f"/{marker}"), query=query, body=body), situation
        )
        said = json.dumps(planted_in_json(json.loads(reply.body or b"null"), source, marker))
        return replace(reply, body=said.encode(), headers={**reply.headers, "X-Marked": marker})

    return answer


def marked_path(source: HttpSource, marker: str) -> HttpSource:
    """The source at an address whose path is marked too."""
    return replace(source, path=f"/{marker}{source.path}")


def with_status(status: int) -> Callable[[str], Fault]:
    """An error page that says too much."""
    return lambda marker: raw(
        f"HTTP/1.1 {status} {marker}\r\nLocation: http://{marker}.example/{marker}\r\n"
        f"WWW-Authenticate: Basic realm={marker}\r\n\r\n<h1>{marker}</h1>".encode()
    )


HTTP_DAMAGES: dict[str, Callable[[str], Fault | None]] = {
    "none": lambda marker: None,
    **{str(status): with_status(status) for status in (302, 401, 404, 500)},
    "half": lambda marker: body(lambda whole: whole[: len(whole) // 2]),
    "said twice": lambda marker: body(lambda whole: whole + whole),
    "page": lambda marker: body(lambda whole: b"<!DOCTYPE html>" + marker.encode()),
    "words": lambda marker: body(lambda whole: marker.encode()),
    "error in JSON": lambda marker: body(
        lambda whole: json.dumps({"error": marker, "result": {"type_code": 6, "message": marker}}).encode()
    ),
    "wrong kinds": lambda marker: body(lambda whole: whole.replace(b"true", f'"{marker}"'.encode())),
    "no numbers": lambda marker: body(
        lambda whole: re.sub(rb": [0-9.]+\b", b': "%b"' % marker.encode(), whole)
    ),
    "not HTTP": lambda marker: raw(marker.encode() + b"\r\n"),
    "broken head": lambda marker: raw(b"HTTP/1.1 200 OK\r\n%b\r\n\r\n{}" % marker.encode()),
    "strange compression": lambda marker: raw(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\n\r\n{}" % marker.encode()
    ),
    "broken chunks": lambda marker: raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%b\r\n" % marker.encode()
    ),
}


@pytest.mark.parametrize("source", HTTP_SOURCES, ids=lambda source: source.kind)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    marker=MARKERS,
    damage=st.sampled_from(sorted(HTTP_DAMAGES)),
    is_well=st.booleans(),
    is_gone=st.booleans(),
)
def test_nothing_private_leaves_a_source_that_asks_by_http(
    source: HttpSource, marker: str, damage: str, is_well: bool, is_gone: bool
) -> None:
    """Names, texts, address, user and password, the head of an answer and its body: none of it is told."""
    now = datetime.now(UTC)
    situation = Situation(clock=lambda: now, is_well=is_well)
    with FaultyServer(marked(source, situation, marker)) as server:
        server.fault = HTTP_DAMAGES[damage](marker)
        entry = source.entry(marker)
        gone = (
            {source.kind: {**entry[source.kind], "host": source.written.format(f"{marker}-gone")}}
            if is_gone
            else entry
        )
        hidden = {f"hidden-{marker}": entry}
        monitor_map = read_monitor_map({"srv3": gone, **hidden})
        name = marked_path(source, marker).setting(server, user=f"{marker}:{marker}")
        opened = open_sources(name, monitor_map, HTTP_TERMS)[source.kind]
        told = told_by(source.kind, opened, monitor_map, now, ONE_COMPONENT)
        assert marker in f"{server.requests}"
    assert marker not in told
    assert b64encode(f"{marker}:{marker}".encode()).decode() not in told
    assert str(server.port) not in told


@pytest.mark.parametrize("is_well", [True, False])
@pytest.mark.parametrize("source", HTTP_SOURCES, ids=lambda source: source.kind)
def test_marked_answers_are_understood(source: HttpSource, is_well: bool) -> None:
    """Answers in which everything is marked are answers: what is looked for could have been told."""
    now = datetime.now(UTC)
    situation = Situation(clock=lambda: now, is_well=is_well)
    with FaultyServer(marked(source, situation, "zzmarker")) as server:
        monitor_map = read_monitor_map({"srv3": source.entry("zzmarker")})
        name = marked_path(source, "zzmarker").setting(server)
        seen = open_sources(name, monitor_map, HTTP_TERMS)[source.kind].read(now).components["srv3"]
    assert seen.checks[LABEL].state is (State.OPERATIONAL if is_well else State.MAJOR_OUTAGE)


def marked_tables(is_well: bool, now: datetime, marker: str) -> Tables:
    """What a monitor has to tell in which every text is marked, and names begin with the mark."""
    named = {"name", "host_name", "description", "service_description"}
    return {
        table: [
            {
                column: f"{marker}{value if column in named else ''}" if isinstance(value, str) else value
                for column, value in row.items()
            }
            for row in rows
        ]
        for table, rows in tables_of_now(is_well, now).items()
    }


def error_with_words(status: int) -> Callable[[str], LivestatusFault]:
    """An answer that is none and says too much."""
    return lambda marker: livestatus_server.says(answer_of(f"Error: {marker}\n{marker}".encode(), status))


LIVESTATUS_DAMAGES: dict[str, Callable[[str], LivestatusFault | None]] = {
    "none": lambda marker: None,
    **{str(status): error_with_words(status) for status in (400, 404, 452)},
    "half": lambda marker: livestatus_server.FAULTS["half a list"],
    "breaks off": lambda marker: livestatus_server.FAULTS["breaks off"],
    "words": lambda marker: livestatus_server.says(marker.encode() + b"\n"),
    "words in its list": lambda marker: livestatus_server.body(lambda whole: f'["{marker}"]'.encode()),
    "words for numbers": lambda marker: livestatus_server.body(
        lambda whole: re.sub(rb",[0-9.]+", b',"%b"' % marker.encode(), whole)
    ),
    "other columns": lambda marker: livestatus_server.body(
        lambda whole: whole.replace(b'"state"', b'"%b"' % marker.encode())
    ),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    marker=MARKERS,
    damage=st.sampled_from(sorted(LIVESTATUS_DAMAGES)),
    is_well=st.booleans(),
    is_gone=st.booleans(),
)
def test_nothing_private_leaves_livestatus(marker: str, damage: str, is_well: bool, is_gone: bool) -> None:
    """Names, texts, the socket's path and whatever is said instead of an answer: none of it is told."""
    now = datetime.now(UTC)
    told_there = CapturedLivestatus(tables=marked_tables(is_well, now, marker))
    with livestatus_at_a_path(told_there, name=marker) as server:
        server.fault = LIVESTATUS_DAMAGES[damage](marker)
        host = f"{marker}-gone" if is_gone else f"{marker}mail1"
        entry = {"livestatus": {"host": host, "checks": {LABEL: f"{marker}SMTP"}}}
        monitor_map = read_monitor_map({"srv3": entry, f"hidden-{marker}": entry})
        source = open_sources(server.setting, monitor_map, HTTP_TERMS)["livestatus"]
        told = told_by("livestatus", source, monitor_map, now, ONE_COMPONENT)
        assert damage != "none" or marker in f"{server.questions}"
    assert marker not in told
    if damage == "none" and not is_gone:
        assert ("operational" if is_well else "major_outage") in told


MISTAKES = st.recursive(
    MARKERS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(MARKERS, inner, min_size=1, max_size=2),
    max_leaves=4,
)


@settings(deadline=None)
@given(
    marker=MARKERS,
    field=st.sampled_from(["host", "checks", "slow", "fresh_for", "timeout"]),
    kind=st.sampled_from(
        ["nagios:/status.dat", "probe:", "json:/status.json", "livestatus:/live", "icinga2+https://host"]
    ),
    mistake=MISTAKES,
)
def test_error_about_the_map_repeats_nothing_of_it(
    marker: str, field: str, kind: str, mistake: object
) -> None:
    """Whatever is wrong in the map, the error names the place and what is expected."""
    entry = {"host": f"tcp://{marker}:1", marker: marker} | {field: mistake}
    with pytest.raises(MonitorMapError) as failure:
        open_sources(kind, read_monitor_map({marker: {kind_of(kind): entry}}), TERMS)
    assert str(failure.value).startswith("STATUS_MONITOR_MAP, entry 1: ")
    assert not MARKER.search("".join(traceback.format_exception(failure.value)))
