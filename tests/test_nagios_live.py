"""`nagios:` beside a real Nagios: what it says changes when the world does, and not before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nagios_daemon import NagiosDaemon, wait_until

from status_plugin.core.monitoring.summary import Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import Source, SourceError, SourceTerms, open_sources

pytestmark = pytest.mark.system("nagios")

HOSTS = {"srv3.dal.example.net": ["HTTP", "MySQL", "Slow to confirm"], "unchecked": ["HTTP"]}
OPTIONS = {
    "srv3.dal.example.net/Slow to confirm": "  max_check_attempts 4\n  retry_interval 3600\n",
    "unchecked": "  check_command null\n",
}
MAP = {
    "srv3": {
        "nagios": {
            "host": "srv3.dal.example.net",
            "checks": {"Web": "HTTP", "Database": "MySQL", "Mail": "Slow to confirm"},
        }
    },
    "srv4": {"nagios": {"host": "unchecked", "checks": {"Web": "HTTP"}}},
}
TERMS = SourceTerms(max_age=timedelta(seconds=4))
HOST = "srv3.dal.example.net"


@pytest.fixture(scope="module")
def nagios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NagiosDaemon]:
    """A Nagios in which everything has been checked once and is well."""
    daemon = NagiosDaemon(tmp_path_factory.mktemp("nagios"), HOSTS, OPTIONS)
    try:
        daemon.start()
        for check in (HOST, f"{HOST}/HTTP", f"{HOST}/MySQL", f"{HOST}/Slow to confirm", "unchecked/HTTP"):
            daemon.wait_for(check, has_been_checked=1, current_state=0, state_type=1)
        yield daemon
    finally:
        daemon.close()


@pytest.fixture(scope="module")
def source(nagios: NagiosDaemon) -> Source:
    """The source that reads its status file."""
    return open_sources(f"nagios:{nagios.status_file}", read_monitor_map(MAP), TERMS)["nagios"]


def read(source: Source) -> Reading:
    """What the source says now."""
    return source.read(datetime.now(UTC))


def srv3(source: Source) -> Seen:
    """What the source says of srv3 now."""
    return read(source).components["srv3"]


def wait_for_state(source: Source, check: str, state: State) -> None:
    """Return when the source says this of one of srv3's checks."""
    wait_until(
        lambda: srv3(source).checks[check].state is state, lambda: f"{check} is {srv3(source).checks[check]}"
    )


def test_healthy_nagios_is_operational_and_fresh(source: Source) -> None:
    """A Nagios that finds all well says so, as of a moment ago."""
    now = datetime.now(UTC)
    reading = source.read(now)
    seen = reading.components["srv3"]
    assert seen.host is not None
    assert {observation.state for observation in (seen.host, *seen.checks.values())} == {State.OPERATIONAL}
    assert all(observation.fresh_until > now for observation in (seen.host, *seen.checks.values()))
    assert now - reading.written_at < timedelta(seconds=4)


def test_flipped_check_is_seen_with_the_time_it_began(nagios: NagiosDaemon, source: Source) -> None:
    """A failure that Nagios has confirmed shows in the next reading, and so does the recovery."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    nagios.flip(f"{HOST}/HTTP", 2)
    wait_for_state(source, "Web", State.MAJOR_OUTAGE)
    seen = srv3(source)
    since = seen.checks["Web"].since
    assert since is not None
    assert before <= since <= datetime.now(UTC)
    assert seen.checks["Database"].state is State.OPERATIONAL
    nagios.flip(f"{HOST}/HTTP", 1)
    wait_for_state(source, "Web", State.DEGRADED_PERFORMANCE)
    nagios.flip(f"{HOST}/HTTP", 0)
    wait_for_state(source, "Web", State.OPERATIONAL)


def test_unconfirmed_failure_changes_nothing(nagios: NagiosDaemon, source: Source) -> None:
    """While Nagios still counts attempts the last confirmed state stands."""
    nagios.flip(f"{HOST}/Slow to confirm", 2)
    nagios.wait_for(f"{HOST}/Slow to confirm", current_state=2, state_type=0)
    assert srv3(source).checks["Mail"].state is State.OPERATIONAL
    nagios.flip(f"{HOST}/Slow to confirm", 0)


def test_acknowledged_failure_stays_a_failure(nagios: NagiosDaemon, source: Source) -> None:
    """That people are at it makes nothing well."""
    nagios.flip(f"{HOST}/MySQL", 2)
    wait_for_state(source, "Database", State.MAJOR_OUTAGE)
    nagios.command(f"ACKNOWLEDGE_SVC_PROBLEM;{HOST};MySQL;2;0;0;staff;on it")
    nagios.wait_for(f"{HOST}/MySQL", problem_has_been_acknowledged=1)
    assert srv3(source).checks["Database"].state is State.MAJOR_OUTAGE
    nagios.flip(f"{HOST}/MySQL", 0)
    wait_for_state(source, "Database", State.OPERATIONAL)


def test_downtime_in_effect_is_told_with_its_start(nagios: NagiosDaemon, source: Source) -> None:
    """A downtime counts for the host and all its checks, from its start until it is cancelled."""
    now = int(time.time())
    nagios.command(f"SCHEDULE_HOST_DOWNTIME;{HOST};{now};{now + 600};1;0;600;staff;new memory")
    nagios.wait_for(HOST, scheduled_downtime_depth=1)
    seen = srv3(source)
    assert seen.host is not None
    starts = {observation.downtime_since for observation in (seen.host, *seen.checks.values())}
    assert starts == {datetime.fromtimestamp(now, UTC)}
    nagios.command(f"DEL_DOWNTIME_BY_HOST_NAME;{HOST}")
    nagios.wait_for(HOST, scheduled_downtime_depth=0)
    assert srv3(source).checks["Web"].downtime_since is None


def test_host_without_a_check_of_its_own_follows_its_services(source: Source) -> None:
    """Nagios never checks such a host, and that says nothing bad about it."""
    seen = read(source).components["srv4"]
    assert seen.host is None
    assert seen.checks["Web"].state is State.OPERATIONAL


def test_what_never_worked_is_not_operational(tmp_path: Path) -> None:
    """Where no success was ever confirmed failures are unknown, though Nagios' last hard state is 0."""
    options = {"new": "  max_check_attempts 1000\n", "old/HTTP": "  max_check_attempts 1000\n"}
    daemon = NagiosDaemon(tmp_path / "a folder", {"new": [], "old": ["HTTP"]}, options)
    watched = {
        "srv8": {"nagios": {"host": "old", "checks": {"Web": "HTTP"}}},
        "srv9": {"nagios": {"host": "new"}},
    }
    source = open_sources(f"nagios:{daemon.status_file}", read_monitor_map(watched), TERMS)["nagios"]
    states = set()

    def both_have_failed_three_times() -> bool:
        seen = read(source).components
        states.update([seen["srv9"].host and seen["srv9"].host.state, seen["srv8"].checks["Web"].state])
        return all(int(daemon.field(check, "current_attempt")) >= 3 for check in options)

    try:
        daemon.configure()
        for check in options:
            daemon.flip(check, 2)
        daemon.start()
        wait_until(both_have_failed_three_times, lambda: daemon.field("new", "current_attempt"))
        assert {daemon.field(check, "last_hard_state") for check in options} == {"0"}
    finally:
        daemon.close()
    assert states == {State.UNKNOWN}


def test_stopped_killed_and_restarted(nagios: NagiosDaemon, source: Source) -> None:
    """A stop leaves no file, a crash leaves one that ages, and a restart is seen at once."""
    nagios.stop()
    with pytest.raises(SourceError, match="stopped"):
        read(source)
    nagios.start()
    nagios.wait_for(f"{HOST}/HTTP", has_been_checked=1)
    assert read(source).fresh_until > datetime.now(UTC)
    nagios.kill()
    assert nagios.status_file.exists()
    wait_until(lambda: read(source).fresh_until < datetime.now(UTC), lambda: "the reading stays fresh")
    nagios.start()
    wait_until(lambda: read(source).fresh_until > datetime.now(UTC), lambda: "the reading stays stale")
    wait_for_state(source, "Web", State.OPERATIONAL)
