"""`nagios+http://` beside a real Nagios: its CGI and its status file say the same, whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from faulty_server import FAULTS, FaultyServer
from mounted_site import Site, mounted_site
from nagios_captures import observations, words
from nagios_daemon import NagiosDaemon, wait_until
from nagios_web import PATH, RealWeb

from status_plugin.core.monitoring.summary import Reading
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import Source, SourceError, SourceTerms, nagios_cgi, open_sources

pytestmark = pytest.mark.system("nagios")

HOST, OTHER, UNCHECKED = "srv3.dal.example.net", "Büro 1", "unchecked"
HOSTS = {HOST: ["HTTP", "Once a day"], OTHER: ["Drücker"], UNCHECKED: ["HTTP"], "private": ["PostgreSQL"]}
OPTIONS = {
    f"{HOST}/Once a day": "  check_interval 86400\n",
    UNCHECKED: "  check_command null\n",
}
MAP = {
    "srv3": {"nagios": {"host": HOST, "checks": {"Web": "HTTP", "Mail": "Once a day"}}},
    "srv4": {"nagios": {"host": UNCHECKED, "checks": {"Web": "HTTP"}}},
    "srv5": {"nagios": {"host": OTHER, "checks": {"Web": "Drücker"}}},
    "srv6": {"nagios": {"host": "nowhere"}},
    "srv7": {"nagios": {"host": HOST, "checks": {"Web": "nothing"}}},
}
COMPONENTS = "- name: Srv3\n  checks: [Web, Mail]\n"
TERMS = SourceTerms(max_age=timedelta(seconds=4))


@pytest.fixture(scope="module")
def nagios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NagiosDaemon]:
    """A Nagios that has found everything well."""
    daemon = NagiosDaemon(tmp_path_factory.mktemp("nagios"), HOSTS, OPTIONS)
    try:
        daemon.start()
        for host, services in HOSTS.items():
            for check in [host, *(f"{host}/{service}" for service in services)]:
                if check != UNCHECKED:
                    daemon.wait_for(check, has_been_checked=1, current_state=0, state_type=1)
        yield daemon
    finally:
        daemon.close()


@pytest.fixture(scope="module")
def server(nagios: NagiosDaemon) -> Iterator[FaultyServer]:
    """Its web interface."""
    with FaultyServer(RealWeb(nagios.home)) as running:
        yield running


def source_of(server: FaultyServer) -> Source:
    """The source that asks it."""
    name = f"nagios+{server.url(PATH, user='status:secret')}"
    return open_sources(name, read_monitor_map(MAP), TERMS)["nagios"]


def said_by(source: Source) -> dict[str, str]:
    """What a source says of everything now, in words with their times."""
    return told_in(source.read(datetime.now(UTC)))


def said_or_not(source: Source) -> dict[str, str]:
    """The same, and nothing in a moment at which Nagios cannot be read."""
    try:
        return said_by(source)
    except SourceError:
        return {}


def told_in(reading: Reading) -> dict[str, str]:
    """A reading in words."""
    return {
        what: f"{words(seen)} since {seen.since} planned {seen.downtime_since}"
        for what, seen in observations(reading).items()
    }


def until_both_say(server: FaultyServer, nagios: NagiosDaemon, what: str, text: str) -> None:
    """Return when the CGI says this of a host or check; the file must say the same of everything then."""
    cgi = source_of(server)
    file = open_sources(f"nagios:{nagios.status_file}", read_monitor_map(MAP), TERMS)["nagios"]
    wait_until(lambda: said_or_not(cgi).get(what, "").startswith(text), lambda: str(said_or_not(cgi)))
    wait_until(
        lambda: said_or_not(cgi) == said_or_not(file), lambda: f"{said_or_not(cgi)}\n{said_or_not(file)}"
    )


@pytest.mark.parametrize("most", [10, 0], ids=["by name", "lists"])
def test_cgi_and_file_say_the_same(
    monkeypatch: pytest.MonkeyPatch, server: FaultyServer, nagios: NagiosDaemon, most: int
) -> None:
    """Well, slow, offline, in downtime and well again: a site that changes over sees no difference."""
    monkeypatch.setattr(nagios_cgi, "MOST_ASKED_SINGLY", most)
    until_both_say(server, nagios, "srv3/Web", "operational")
    said = said_by(source_of(server))
    assert said["srv5"].startswith("operational"), "a name that is not in English letters is found"
    assert "srv4" not in said, "a host without a check has no word of its own"
    assert said["srv4/Web"].startswith("operational")
    assert said["srv6"].startswith("unknown")
    assert said["srv7/Web"].startswith("unknown")
    nagios.flip(f"{HOST}/HTTP", 1)
    until_both_say(server, nagios, "srv3/Web", "degraded_performance since 20")
    nagios.flip(f"{HOST}/HTTP", 2)
    nagios.flip(OTHER, 2)
    until_both_say(server, nagios, "srv3/Web", "major_outage since 20")
    until_both_say(server, nagios, "srv5", "major_outage since 20")
    now = int(time.time())
    for host in (HOST, OTHER):
        nagios.command(f"SCHEDULE_HOST_DOWNTIME;{host};{now};{now + 600};1;0;600;staff;new memory")
    until_both_say(server, nagios, "srv3", "operational in downtime")
    until_both_say(server, nagios, "srv5/Web", "operational in downtime")
    for host in (HOST, OTHER):
        nagios.command(f"DEL_DOWNTIME_BY_HOST_NAME;{host}")
    for check in (f"{HOST}/HTTP", OTHER):
        nagios.flip(check, 0)
    until_both_say(server, nagios, "srv3/Web", "operational since")
    until_both_say(server, nagios, "srv5", "operational since")


def test_daily_check_is_as_fresh_as_in_the_file(server: FaultyServer, nagios: NagiosDaemon) -> None:
    """What is checked once a day is believed for days, because its configuration says so."""
    reading = source_of(server).read(datetime.now(UTC))
    assert reading.components["srv3"].checks["Mail"].fresh_until > datetime.now(UTC) + timedelta(hours=20)


def test_user_without_authorisation(server: FaultyServer, nagios: NagiosDaemon) -> None:
    """What the CGI keeps from a user in its lists is never taken for a Nagios that has nothing."""
    web = RealWeb(nagios.home, user="nobody")
    with FaultyServer(web) as other:
        said = said_by(source_of(other))
        assert said["srv3/Web"].startswith("operational"), "this Nagios answers a question by name"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(nagios_cgi, "MOST_ASKED_SINGLY", 0)
            with pytest.raises(SourceError, match="authorized_for_all_hosts"):
                source_of(other).read(datetime.now(UTC))


def test_status_file_cut_anywhere(server: FaultyServer, nagios: NagiosDaemon, tmp_path: Path) -> None:
    """Wherever the file breaks off, the CGI's answer makes nothing well that is not."""
    nagios.flip(f"{HOST}/HTTP", 2)
    until_both_say(server, nagios, "srv3/Web", "major_outage")
    whole = nagios.status_file.read_bytes()
    home = tmp_path / "copy"
    home.mkdir()
    config = (
        (nagios.home / "nagios.cfg").read_text().replace(f"status_file={nagios.home}", f"status_file={home}")
    )
    (home / "nagios.cfg").write_text(config)
    ends = [whole.index(b"\n\t}\n", start) + 4 for start in range(0, len(whole) - 4, len(whole) // 25)]
    with FaultyServer(RealWeb(home)) as other:
        source = source_of(other)
        (home / "status.dat").write_bytes(whole)
        right = said_by(source)
        assert right["srv3/Web"].startswith("major_outage")
        for end in [end - back for end in ends for back in (0, 2, 30)]:
            (home / "status.dat").write_bytes(whole[:end])
            try:
                assert said_by(source) == right, end
            except SourceError:
                continue
    nagios.flip(f"{HOST}/HTTP", 0)
    until_both_say(server, nagios, "srv3/Web", "operational")


@pytest.fixture
def site(tmp_path: Path, server: FaultyServer) -> Site:
    """A site that asks twice a second and believes an answer for four."""
    return mounted_site(
        tmp_path,
        components=COMPONENTS,
        real_time=True,
        STATUS_MONITOR=f"nagios+{server.url(PATH, user='status:secret')}",
        STATUS_MONITOR_MAP={"srv3": MAP["srv3"]},
        STATUS_MONITOR_TTL=0.5,
        STATUS_MONITOR_MAX_AGE=4,
        STATUS_MONITOR_TIMEOUT=1,
    )


def until(site: Site, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The board once it says so."""
    wait_until(lambda: holds(site.board()), lambda: str(site.board()))
    return site.board()


def test_page_while_the_web_interface_fails(site: Site, server: FaultyServer, nagios: NagiosDaemon) -> None:
    """A fault makes the state unknown after a while, and when it has passed all is as before."""
    until(site, lambda board: board["overall"]["text"] == "All systems operational")
    server.fault = FAULTS["500"]
    board = until(site, lambda board: board["overall"]["state"] != "operational")
    assert board["overall"]["text"].startswith("Status unknown since ")
    server.fault = None
    until(site, lambda board: board["overall"]["text"] == "All systems operational")
    assert site.board()["past"] == []


def test_page_while_nagios_is_stopped_and_started(
    site: Site, server: FaultyServer, nagios: NagiosDaemon
) -> None:
    """A Nagios that is stopped or killed is unknown soon, and is itself again after its start."""
    for end in (nagios.stop, nagios.kill):
        until(site, lambda board: board["overall"]["state"] == "operational")
        end()
        board = until(site, lambda board: board["overall"]["state"] == "unknown")
        assert board["facts_at"] is None
        nagios.start()
    until(site, lambda board: board["overall"]["state"] == "operational")
