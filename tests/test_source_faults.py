"""What visitors see of every fault that a monitor can have, and that the page recovers by itself.

With each fault the last word stands for as long as STATUS_MONITOR_MAX_AGE, trouble included; then the state
is unknown, never operational and never offline; and the first reading after the fault is right again.
"""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import livestatus_server
import pytest
from faulty_server import FAULTS, SOMEBODY_ELSE, FaultyServer
from http_source_cases import HTTP_SOURCES, LABEL, HttpSource, Situation, plain_json
from livestatus_captures import CapturedLivestatus, tables_of_now
from livestatus_server import LivestatusServer, livestatus_at_a_path
from loopback_server import CERTIFICATE
from mounted_site import Site, mounted_site
from watched_page import renew, status_file

from status_plugin.sources.monitors import whole_file

MAX_AGE = 300
COMPONENTS = f"- name: Srv3\n  checks: [{LABEL}]\n"

FaultOf = Callable[[FaultyServer, pytest.MonkeyPatch], AbstractContextManager[None]]


def switched_on(name: str) -> FaultOf:
    """A fault of the server's own."""

    @contextmanager
    def fault(server: FaultyServer, patch: pytest.MonkeyPatch) -> Iterator[None]:
        server.fault = FAULTS[name]
        yield
        server.fault = None

    return fault


@contextmanager
def refuses(server: FaultyServer, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens."""
    server.refuse()
    yield
    server.listen()


@contextmanager
def shows_another_certificate(server: FaultyServer, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody else answers."""
    server.present(SOMEBODY_ELSE)
    yield
    server.present(CERTIFICATE)


@contextmanager
def has_no_name(server: FaultyServer, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The name service knows nothing of the server."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with patch.context() as meanwhile:
        meanwhile.setattr(socket, "getaddrinfo", fail)
        yield


FAULTS_OF_HTTP: dict[str, FaultOf] = {
    **{name: switched_on(name) for name in FAULTS},
    "refuses": refuses,
    "shows another certificate": shows_another_certificate,
    "has no name": has_no_name,
}
AWAITED_IN_VAIN = {"hangs", "drips its body", "drips its head", "drips chunks without end"}


@dataclass(kw_only=True)
class Watched:
    """A site, the monitor that it asks, and what that has to tell."""

    site: Site
    situation: Situation
    server: FaultyServer


Mounted = Callable[[HttpSource, bool], Watched]


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mounted]:
    """Mounts a site for a source, patient or hasty, and keeps it for the next fault."""
    with ExitStack() as servers:

        def mount(source: HttpSource, is_hasty: bool) -> Watched:
            situation = Situation()
            answer = FaultyServer(lambda request: source.answer(request, situation), tls=True)
            server = servers.enter_context(answer)
            site = mounted_site(
                tmp_path_factory.mktemp("site"),
                components=COMPONENTS,
                STATUS_MONITOR=source.setting(server),
                STATUS_MONITOR_MAP={"srv3": source.entry()},
                STATUS_MONITOR_MAX_AGE=MAX_AGE,
                STATUS_MONITOR_TIMEOUT=0.3 if is_hasty else 5,
                STATUS_MONITOR_CA_FILE=CERTIFICATE,
            )
            situation.clock = site.clock
            return Watched(site=site, situation=situation, server=server)

        known = cache(mount)
        yield known


def renew_until(site: Site, state: str) -> dict[str, Any]:
    """The board once it says so; on a busy machine a hasty site may miss an answer."""
    for _ in range(20):
        board = renew(site)
        if board["overall"]["state"] == state:
            break
    assert board["overall"]["state"] == state
    return board


def survive(site: Site, say: Callable[[bool], None], fault: AbstractContextManager[None]) -> None:
    """Live through a fault; `say` lets the monitor say that all is well or that the check fails."""
    say(False)
    before = renew_until(site, "major_outage")
    with fault:
        board = renew(site)
        assert board["overall"] == before["overall"], "the last word stands"
        assert board["facts_at"] == before["facts_at"], "and is not made younger"
        site.clock.move(MAX_AGE - 60)
        assert site.board()["overall"] == before["overall"], "for five minutes"
        board = renew(site)
        assert board["overall"]["state"] == "unknown"
        assert board["overall"]["text"].startswith("Status unknown since ")
        assert [check["state"] for check in board["components"][0]["checks"]] == ["unknown"]
        assert board["facts_at"] is None
        assert site.client.get("/status/").status_code == 200
    say(True)
    assert renew_until(site, "operational")["overall"]["text"] == "All systems operational"


@pytest.mark.parametrize("fault", FAULTS_OF_HTTP)
@pytest.mark.parametrize("source", HTTP_SOURCES, ids=lambda source: source.kind)
def test_fault_of_a_monitor_that_is_asked_by_http(
    mounted: Mounted,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    source: HttpSource,
    fault: str,
) -> None:
    """The last word, then "unknown", then all as before; the log says it once and names nobody."""
    if fault in source.no_fault:
        pytest.skip(f"{source.kind} can live with that.")
    caplog.set_level(logging.INFO)
    watched = mounted(source, fault in AWAITED_IN_VAIN)
    survive(watched.site, watched.situation.say, FAULTS_OF_HTTP[fault](watched.server, monkeypatch))
    assert_told_once(caplog, source.kind)
    private = ("secret", "localhost", "127.0.0.1", str(watched.server.port), source.host, source.check)
    assert not [word for word in private if word in caplog.text]


def assert_told_once(caplog: pytest.LogCaptureFixture, kind: str) -> None:
    """The log says that the source cannot be read, and that it can be again."""
    told = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _ in told[-2:]] == ["WARNING", "INFO"]
    assert told[-2][1].startswith(f"Monitoring source {kind}: ")
    assert told[-1][1] == f"Monitoring source {kind} can be read again."
    assert len(told) == 2 or all("in the time" in text or "again" in text for _, text in told)


@contextmanager
def its_socket_is_gone(server: LivestatusServer) -> Iterator[None]:
    """The monitor was stopped and has taken its socket away."""
    assert server.path is not None
    server.refuse()
    server.path.unlink()
    yield
    server.listen()


@contextmanager
def its_socket_is_left_behind(server: LivestatusServer) -> Iterator[None]:
    """The monitor has died."""
    server.refuse()
    yield
    server.listen()


def says_wrong(name: str) -> Callable[[LivestatusServer], AbstractContextManager[None]]:
    """A fault of what it says."""

    @contextmanager
    def fault(server: LivestatusServer) -> Iterator[None]:
        server.fault = livestatus_server.FAULTS[name]
        yield
        server.fault = None

    return fault


FAULTS_OF_LIVESTATUS: dict[str, Callable[[LivestatusServer], AbstractContextManager[None]]] = {
    **{name: says_wrong(name) for name in livestatus_server.FAULTS},
    "its socket is gone": its_socket_is_gone,
    "its socket is left behind": its_socket_is_left_behind,
}


@pytest.mark.parametrize("fault", FAULTS_OF_LIVESTATUS)
def test_fault_of_a_monitor_that_is_asked_over_livestatus(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    """The last word, then "unknown", then all as before; the log says it once and names nobody."""
    caplog.set_level(logging.INFO)
    situation = Situation()

    def answer(question: str) -> bytes:
        return CapturedLivestatus(tables=tables_of_now(situation.is_well, situation.now))(question)

    with livestatus_at_a_path(answer) as server:
        site = mounted_site(
            tmp_path,
            components=COMPONENTS,
            STATUS_MONITOR=server.setting,
            STATUS_MONITOR_MAP={"srv3": {"livestatus": {"host": "mail1", "checks": {LABEL: "SMTP"}}}},
            STATUS_MONITOR_MAX_AGE=MAX_AGE,
            STATUS_MONITOR_TIMEOUT=0.3 if fault in livestatus_server.AWAITED_IN_VAIN else 5,
        )
        situation.clock = site.clock
        survive(site, situation.say, FAULTS_OF_LIVESTATUS[fault](server))
        assert_told_once(caplog, "livestatus")
        private = (str(server.path), "mail1", "SMTP")
    assert not [word for word in private if word in caplog.text]


FileFault = Callable[[Path, pytest.MonkeyPatch], None]


def is_gone(path: Path, patch: pytest.MonkeyPatch) -> None:
    """The monitor was stopped and has removed it."""
    path.unlink()


def is_half(path: Path, patch: pytest.MonkeyPatch) -> None:
    """The disk is full, or somebody copies it."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def is_a_folder(path: Path, patch: pytest.MonkeyPatch) -> None:
    """Somebody has made a folder there."""
    path.unlink()
    path.mkdir()


def may_not_be_read(path: Path, patch: pytest.MonkeyPatch) -> None:
    """Its rights are others now."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    patch.setattr(whole_file.os, "open", refuse)


def is_written_to_meanwhile(path: Path, patch: pytest.MonkeyPatch) -> None:
    """It is not replaced but written anew in its place, while it is read."""
    really = os.fstat
    sizes: list[int] = []

    def look_and_write(descriptor: int) -> os.stat_result:
        found = really(descriptor)
        sizes.append(found.st_size)
        if len(sizes) % 2:
            with path.open("ab") as writer:
                writer.write(b"\n")
        return found

    patch.setattr(whole_file.os, "fstat", look_and_write)


FAULTS_OF_FILES: dict[str, FileFault] = {
    "is gone": is_gone,
    "is empty": lambda path, patch: path.write_bytes(b"") and None,
    "is half a file": is_half,
    "is garbage": lambda path, patch: path.write_bytes(bytes(range(256)) * 10) and None,
    "is a folder": is_a_folder,
    "may not be read": may_not_be_read,
    "is written to while it is read": is_written_to_meanwhile,
    "is left behind by a dead monitor": lambda path, patch: None,
}


FILE_SOURCES: dict[str, Callable[[Situation], bytes]] = {
    "nagios": status_file,
    "json": lambda situation: json.dumps(plain_json(situation)).encode(),
}


@pytest.mark.parametrize("fault", FAULTS_OF_FILES)
@pytest.mark.parametrize("kind", FILE_SOURCES)
def test_fault_of_a_monitor_that_writes_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str, fault: str
) -> None:
    """The last word, then "unknown", then all as before; the log says it once and does not name the file."""
    caplog.set_level(logging.INFO)
    path = tmp_path / "written-by-the-monitor"
    site = mounted_site(
        tmp_path,
        components=COMPONENTS,
        STATUS_MONITOR=f"{kind}:{path}",
        STATUS_MONITOR_MAP={"srv3": {kind: {"host": "mail1", "checks": {LABEL: "SMTP"}}}},
        STATUS_MONITOR_MAX_AGE=MAX_AGE,
    )
    situation = Situation()

    def say(is_well: bool) -> None:
        situation.say(is_well)
        situation.clock = lambda: site.clock() + timedelta(seconds=31)
        path.write_bytes(FILE_SOURCES[kind](situation))

    @contextmanager
    def broken() -> Iterator[None]:
        with monkeypatch.context() as meanwhile:
            FAULTS_OF_FILES[fault](path, meanwhile)
            yield
        if path.is_dir():
            path.rmdir()

    survive(site, say, broken())
    if fault == "is left behind by a dead monitor":
        assert not caplog.records
    else:
        assert_told_once(caplog, kind)
    assert path.name not in caplog.text
