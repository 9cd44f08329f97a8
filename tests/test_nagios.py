"""`nagios:` reads real status files as the public scale means them, and believes nothing else."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nagios_captures import (
    CAPTURED,
    EVERYTHING,
    FOLDER,
    GOLDEN,
    LABELS,
    MAX_AGE,
    NO_READING,
    capture,
    edited,
    observations,
    read_capture,
    replaced,
    source_of,
    words,
)

from status_plugin.core.monitoring.summary import Observation, Reading
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    MonitorSettingError,
    SourceError,
    SourceTerms,
    nagios_file,
    open_sources,
    whole_file,
)


def read_bytes(folder: Path, data: bytes, now: datetime) -> Reading:
    """What these bytes say at `now`."""
    path = folder / "status.dat"
    path.write_bytes(data)
    return source_of(path).read(now)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes, datetime], dict[str, Observation]]:
    """Reads bytes as a status file."""
    return lambda data, now: observations(read_bytes(tmp_path, data, now))


def test_every_capture_has_its_expectation() -> None:
    """No captured situation is left out of the tests."""
    captures = {path.name.removesuffix(".status.dat") for path in FOLDER.glob("*.status.dat")}
    assert captures == GOLDEN.keys() | NO_READING


@pytest.mark.parametrize("name", GOLDEN)
def test_captured_situation_is_read_by_the_public_scale(name: str) -> None:
    """Each situation that a real monitor was in means what the public scale says."""
    seen = observations(read_capture(name))
    assert seen.keys() == EVERYTHING
    said = {what: words(observation) for what, observation in seen.items()}
    assert {what: text for what, text in said.items() if text != "operational"} == GOLDEN[name]


@pytest.mark.parametrize("name", GOLDEN)
def test_captured_situation_is_fresh_when_it_was_captured(name: str) -> None:
    """At the time of its capture, even half a minute old, each reading speaks of now."""
    reading = read_capture(name)
    assert timedelta() <= CAPTURED[name] - reading.written_at < timedelta(seconds=40)
    assert reading.fresh_until == reading.written_at + MAX_AGE
    assert all(seen.fresh_until > CAPTURED[name] for seen in observations(reading).values())


def test_since_is_when_the_failure_was_confirmed() -> None:
    """The page can say since when a server is down."""
    seen = observations(read_capture("03-srv3-down"))
    assert seen["srv3"].since == datetime.fromtimestamp(1795340783, UTC)
    assert seen["srv3/Web"].since == datetime.fromtimestamp(1795340782, UTC)


def test_flapping_has_no_beginning() -> None:
    """The times of a state that jumps say nothing about when the trouble began."""
    assert observations(read_capture("07-flapping"))["ns3"].since is None


def test_downtime_begins_when_it_took_effect() -> None:
    """A downtime is counted from its start, a host's one for its checks as well."""
    seen = observations(read_capture("06-downtime"))
    start = datetime.fromtimestamp(1795340806, UTC)
    assert {seen[name].downtime_since for name in ("srv4", "srv4/Web", "ns3/Names")} == {start}


def test_downtime_of_a_host_counts_for_its_checks(read: Callable[..., dict[str, Observation]]) -> None:
    """Nagios does not mark the services of a host in downtime; they are in downtime all the same."""
    data = capture("06-downtime")
    for service in ("HTTP", "MySQL"):
        data = edited(data, f"srv4/{service}", scheduled_downtime_depth=0)
    data = data.replace(b"servicedowntime {\n\thost_name=srv4\n", b"servicedowntime {\n\thost_name=other\n")
    assert words(read(data, CAPTURED["06-downtime"])["srv4/Web"]) == "major_outage in downtime"


def test_triggered_flexible_downtime_counts_from_its_trigger(
    read: Callable[..., dict[str, Observation]],
) -> None:
    """A flexible downtime begins with the problem, not with its window."""
    data = capture("06-downtime")
    start, end = (data.index(mark) for mark in (b"hostdowntime {\n\thost_name=srv2\n", b"flexible: starts"))
    block = data[start:end].replace(b"is_in_effect=0", b"is_in_effect=1")
    block = block.replace(b"flex_downtime_start=0", b"flex_downtime_start=1795340809")
    seen = read(data[:start] + block + data[end:], CAPTURED["06-downtime"])
    assert seen["srv2"].downtime_since == datetime.fromtimestamp(1795340809, UTC)


def test_killed_nagios_goes_stale() -> None:
    """What a killed Nagios has left behind counts for the time that is allowed, and then no more."""
    last = MAX_AGE - timedelta(seconds=31)
    now = CAPTURED["14-killed-stale"]
    assert read_capture("14-killed-stale", later=last).fresh_until == now + last
    assert read_capture("14-killed-stale", later=MAX_AGE).fresh_until < now + MAX_AGE


@pytest.mark.parametrize("name", sorted(NO_READING))
def test_broken_file_is_no_reading(name: str) -> None:
    """Half a file and an empty one say nothing."""
    with pytest.raises(SourceError, match=r"empty|not complete"):
        source_of(FOLDER / f"{name}.status.dat").read(CAPTURED[name])


def test_file_cut_anywhere_is_no_reading_or_the_whole_one(tmp_path: Path) -> None:
    """Wherever a file breaks off, nothing is read out of it that the whole file does not say."""
    path = tmp_path / "status.dat"
    path.write_bytes(capture("06-downtime"))
    source, now = source_of(path), CAPTURED["06-downtime"]
    whole = source.read(now)
    complete = []
    for length in range(path.stat().st_size - 1, -1, -1):
        os.truncate(path, length)
        try:
            assert source.read(now) == whole, f"cut to {length} bytes"
            complete.append(length)
        except SourceError:
            continue
    # The last three downtimes are private or not in effect: without them nothing is missing.
    assert 0 < len(complete) < 10


@pytest.mark.parametrize("name", ["02-all-ok", "icinga2-05-downtime"])
def test_file_cut_between_blocks_is_no_reading_or_the_whole_one(tmp_path: Path, name: str) -> None:
    """Even where every block is whole it shows that something is missing, also without any contacts."""
    data, now = capture(name), CAPTURED[name]
    whole = read_bytes(tmp_path, data, now)
    end = 0
    while (end := data.find(b"\n\t}\n", end) + 4) > 3:
        for rest in (b"", b"\n"):
            try:
                assert read_bytes(tmp_path, data[:end] + rest, now) == whole
            except SourceError:
                continue


def test_downtime_that_is_not_listed_is_a_contradiction(tmp_path: Path) -> None:
    """A file that speaks of a downtime and does not list it has lost its end."""
    data = edited(capture("02-all-ok"), "srv1", scheduled_downtime_depth=1)
    with pytest.raises(SourceError, match="does not list"):
        read_bytes(tmp_path, data, CAPTURED["02-all-ok"])


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("\n\tcreated=1795340779\n", "\n\tcreated=soon\n", "when it was written"),
        ("\n\tcreated=1795340779\n", "\n\tcreated=\xff\n", "when it was written"),
        ("\nprogramstatus {\n", "\nprogram {\n", "when it was written"),
        ("\nhoststatus {\n\thost_name=srv2\n", "\nhoststatus {\n\thost_name=srv1\n", "twice"),
        ("\n\thost_name=srv1\n", "\nhost_name=srv1\n", "outside any block"),
        ("\n\nservicestatus {\n", "\n\nservicestatus\n", "outside any block"),
        ("\n\t}\n\nservicestatus {\n", "\n\nservicestatus {\n", "outside any block"),
    ],
)
def test_damaged_file_is_no_reading(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """A file that contradicts its own form is not believed in any part."""
    data = capture("02-all-ok")
    assert old.encode() in data
    damaged = data.replace(old.encode(), new.encode("latin-1"), 1)
    with pytest.raises(SourceError, match=complaint):
        read_bytes(tmp_path, damaged, CAPTURED["02-all-ok"])


TRAPS = [
    b"}",
    b"\t}",
    b"hoststatus {",
    b"current_state=0",
    b"x\\n\t}\\nhoststatus {\\n\thost_name=srv3\\n\tcurrent_state=0",
    b"\r\t}\r",
    b"\x0b\x0c\x1c\x85\xe2\x80\xa8\t}",
    b"\xff\xfe\x00",
    b"=",
    b"",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(output=st.one_of(st.sampled_from(TRAPS), st.binary().map(lambda data: data.replace(b"\n", b""))))
def test_values_cannot_deceive(tmp_path: Path, output: bytes) -> None:
    """Whatever a plugin prints, in whatever encoding, nothing else is read than without it."""
    data, now = capture("03-srv3-down"), CAPTURED["03-srv3-down"]
    for check in ("srv3", "srv3/HTTP", "core-gw1"):
        data = edited(data, check, plugin_output=output, long_plugin_output=output, performance_data=output)
    assert read_bytes(tmp_path, data, now) == read_capture("03-srv3-down")


def test_names_match_whole_and_exactly(tmp_path: Path) -> None:
    """A longer name, another case or another encoding is another host; blanks and letters are fine."""
    data = capture("02-all-ok").replace(b"host_name=ns3\n", b"host_name=ns30\n")
    data = data.replace(b"host_name=ns4\n", b"host_name=NS4\n")
    data = data.replace(b"host_name=srv1\n", "host_name=Büro 1\n".encode())
    data = data.replace(b"host_name=srv2\n", "host_name=Büro 2\n".encode("latin-1"))
    (tmp_path / "status.dat").write_bytes(data)
    hosts = {"a": "ns3", "b": "ns4", "c": "Büro 1", "d": "Büro 2"}
    watched = read_monitor_map({slug: {"nagios": {"host": host}} for slug, host in hosts.items()})
    seen = observations(source_of(tmp_path / "status.dat", watched).read(CAPTURED["02-all-ok"]))
    assert [slug for slug in hosts if seen[slug].state is State.OPERATIONAL] == ["c"]


def test_line_of_the_map_that_nagios_does_not_know_is_named_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A name that is misspelt makes an unknown state, and the log says where, without the name."""
    yaml = "srv1:\n  nagios:\n    host: srv1\n    checks:\n      Web: HTTP\n      Mail: private-smtp\n"
    (tmp_path / "monitor.yml").write_text(yaml + "srv2:\n  nagios: {host: private-host}\n")
    watched = read_monitor_map(tmp_path / "monitor.yml")
    source = source_of(FOLDER / "02-all-ok.status.dat", watched)
    for _ in range(3):
        seen = observations(source.read(CAPTURED["02-all-ok"]))
    assert {name: seen[name].state.value for name in seen} == {
        "srv1": "operational",
        "srv1/Web": "operational",
        "srv1/Mail": "unknown",
        "srv2": "unknown",
    }
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert [message.split(": ")[0] for message in messages] == ["monitor.yml:6", "monitor.yml:8"]
    assert "private" not in caplog.text


def test_what_is_missing_without_any_contacts_may_be_cut_off(tmp_path: Path) -> None:
    """Where the end of the file cannot be seen, a missing host is no reason to believe the rest."""
    data = capture("icinga2-05-downtime").replace(b"host_name=ns3\n", b"host_name=ns5\n")
    with pytest.raises(SourceError, match="not complete, or the map") as failure:
        read_bytes(tmp_path, data, CAPTURED["icinga2-05-downtime"])
    assert "ns3" not in str(failure.value)


class TestSoftStates:
    """Failures that Nagios has not confirmed."""

    NOW = CAPTURED["08-soft"]

    def test_last_confirmed_state_stands(self, read: Callable[..., dict[str, Observation]]) -> None:
        """Confirmed trouble stays trouble while Nagios counts attempts of something else."""
        data = edited(capture("08-soft"), "srv2/MySQL", current_state=1, last_hard_state=2)
        assert read(data, self.NOW)["srv2/Database"].state is State.MAJOR_OUTAGE

    @pytest.mark.parametrize("fields", [{"last_hard_state_change": 0}, {"last_time_ok": 1795340700}])
    def test_what_never_was_well_is_unknown(
        self, read: Callable[..., dict[str, Observation]], fields: dict[str, int]
    ) -> None:
        """Where no success was ever confirmed, the 0 that Nagios begins with means nothing."""
        data = capture("08-soft")
        assert read(data, self.NOW)["srv2/Database"].state is State.OPERATIONAL
        data = edited(data, "srv2/MySQL", **fields)
        assert read(data, self.NOW)["srv2/Database"].state is State.UNKNOWN


@pytest.mark.parametrize("state", ["4", "-1", "0.5", "", "ok", "9" * 30])
def test_state_that_does_not_exist_is_unknown(
    read: Callable[..., dict[str, Observation]], state: str
) -> None:
    """A number outside Nagios' own is not taken for the nearest."""
    data = edited(capture("02-all-ok"), "srv1", current_state=state)
    assert read(data, CAPTURED["02-all-ok"])["srv1"].state is State.UNKNOWN


def test_service_that_works_behind_an_unreachable_host_works(
    read: Callable[..., dict[str, Observation]],
) -> None:
    """An unreachable host makes its failures doubtful, not its successes."""
    data = edited(capture("09-unreachable"), "srv4/HTTP", current_state=0, last_hard_state=0)
    seen = read(data, CAPTURED["09-unreachable"])
    assert seen["srv4/Web"].state is State.OPERATIONAL
    assert words(seen["srv4/Database"]) == "unknown unreachable"


class TestHostWithoutCheck:
    """A host that Nagios never checks and supposes to be up."""

    NOW = CAPTURED["02-all-ok"]
    DATA = edited(capture("02-all-ok"), "srv1", check_command="", has_been_checked=0)

    def test_it_has_no_word_of_its_own(self, tmp_path: Path) -> None:
        """Its services speak for it."""
        seen = read_bytes(tmp_path, self.DATA, self.NOW).components["srv1"]
        assert seen.host is None
        assert seen.checks["Web"].state is State.OPERATIONAL

    def test_it_is_unknown_when_nothing_else_is_watched(self, tmp_path: Path) -> None:
        """Without services nobody has seen it."""
        (tmp_path / "status.dat").write_bytes(self.DATA)
        watched = read_monitor_map({"srv1": {"nagios": {"host": "srv1"}}})
        host = source_of(tmp_path / "status.dat", watched).read(self.NOW).components["srv1"].host
        assert host is not None
        assert host.state is State.UNKNOWN


class TestSwitchedOff:
    """Checks that nobody makes any more."""

    NOW = CAPTURED["03-srv3-down"]

    @pytest.mark.parametrize("kind", ["host", "service"])
    def test_all_checks_of_a_kind(self, read: Callable[..., dict[str, Observation]], kind: str) -> None:
        """With all checks of a kind switched off everything of that kind is unknown, whatever it was."""
        data = capture("03-srv3-down")
        data = replaced(data, f"active_{kind}_checks_enabled=1", f"active_{kind}_checks_enabled=0")
        seen = read(data, self.NOW)
        unknown = {name for name in seen if seen[name].state is State.UNKNOWN}
        assert unknown == {name for name in EVERYTHING if ("/" in name) == (kind == "service")}

    def test_checks_of_one_object(self, read: Callable[..., dict[str, Observation]]) -> None:
        """With its checks switched off one service is unknown, the others are as before."""
        seen = read(edited(capture("03-srv3-down"), "srv3/HTTP", active_checks_enabled=0), self.NOW)
        assert seen["srv3/Web"].state is State.UNKNOWN
        assert seen["srv3/Database"].state is State.MAJOR_OUTAGE

    @pytest.mark.parametrize("switch", ["passive_checks_enabled", "passive_service_checks_enabled"])
    def test_results_that_are_not_accepted(
        self, read: Callable[..., dict[str, Observation]], switch: str
    ) -> None:
        """A service that lives by results handed in is unknown once none are accepted."""
        data = edited(capture("03-srv3-down"), "srv3/HTTP", active_checks_enabled=0, check_type=1)
        assert read(data, self.NOW)["srv3/Web"].state is State.MAJOR_OUTAGE
        if switch == "passive_checks_enabled":
            data = edited(data, "srv3/HTTP", passive_checks_enabled=0)
        else:
            data = replaced(data, f"{switch}=1", f"{switch}=0")
        assert read(data, self.NOW)["srv3/Web"].state is State.UNKNOWN


class TestFreshness:
    """Until when a result says something about now."""

    NOW = CAPTURED["02-all-ok"]
    CREATED = 1795340779

    def fresh_for(self, folder: Path, check: str = "srv1/HTTP", **fields: object) -> timedelta:
        """For how long after the file's writing one observation counts."""
        data = edited(capture("02-all-ok"), check, **fields)
        host, _, service = check.partition("/")
        name = f"{host}/{LABELS[service]}" if service else host
        seen = observations(read_bytes(folder, data, self.NOW))[name]
        return seen.fresh_until - datetime.fromtimestamp(self.CREATED, UTC)

    @pytest.mark.parametrize(
        ("interval", "patience"),
        [(10, 300), (60, 300), (150, 300), (300, 600), (600, 1200), (1800, 3600)],
    )
    def test_a_check_may_be_late(self, tmp_path: Path, interval: int, patience: int) -> None:
        """An object counts until two more intervals after its next check, or five minutes if that is more."""
        last = self.CREATED - 7
        fresh = self.fresh_for(tmp_path, last_check=last, next_check=last + interval)
        assert fresh == timedelta(seconds=interval - 7 + patience)

    def test_daily_check_is_believed_when_it_is_configured(self, tmp_path: Path) -> None:
        """A check that is made once a day counts for days."""
        day = 24 * 3600
        times = {"last_check": self.CREATED, "next_check": self.CREATED + day}
        assert self.fresh_for(tmp_path, **times, check_interval=1440.0) == timedelta(days=3)

    def test_check_that_is_pushed_on_goes_stale(self, tmp_path: Path) -> None:
        """Nagios moves the next check on while it leaves it out; the last one grows old nevertheless."""
        hours_ago = {"last_check": self.CREATED - 4 * 3600, "next_check": self.CREATED + 600}
        assert self.fresh_for(tmp_path, **hours_ago, check_interval=10.0) < timedelta()

    @pytest.mark.parametrize("next_check", [0, -1, 1795340779 + 10**9, 10**30, "soon"])
    def test_strange_next_check_makes_nothing_fresh_for_long(
        self, tmp_path: Path, next_check: object
    ) -> None:
        """A next check that is missing or far away is not believed."""
        fresh = self.fresh_for(tmp_path, last_check=self.CREATED, next_check=next_check)
        assert timedelta(seconds=300) <= fresh <= timedelta(minutes=90)

    @pytest.mark.parametrize(("written", "minutes"), [(None, 60), ("90 min", 90), ("2h", 120)])
    def test_passive_result_counts_as_the_map_says(
        self, tmp_path: Path, written: str | None, minutes: int
    ) -> None:
        """A result that was handed in counts for an hour, or for as long as the map says."""
        data = edited(
            capture("02-all-ok"),
            "srv1",
            active_checks_enabled=0,
            check_type=1,
            last_check=self.CREATED - 600,
            next_check=0,
        )
        (tmp_path / "status.dat").write_bytes(data)
        entry = {"host": "srv1"} | ({"fresh_for": written} if written else {})
        source = source_of(tmp_path / "status.dat", read_monitor_map({"srv1": {"nagios": entry}}))
        fresh = observations(source.read(self.NOW))["srv1"].fresh_until
        assert fresh == datetime.fromtimestamp(self.CREATED - 600, UTC) + timedelta(minutes=minutes)

    def test_host_that_is_checked_on_demand_is_as_fresh_as_its_services(self, tmp_path: Path) -> None:
        """Nagios looks at such a host when a service changes: its word stands while they are checked."""
        week_ago = {"last_check": self.CREATED - 7 * 86400, "next_check": self.CREATED - 7 * 86400}
        assert self.fresh_for(tmp_path, "srv1", **week_ago) < timedelta()
        fresh = self.fresh_for(tmp_path, "srv1", **week_ago, should_be_scheduled=0, check_interval=0.0)
        assert fresh == max(
            self.fresh_for(tmp_path, f"srv1/{service}") for service in ("HTTP", "MySQL", "SSH")
        )

    def test_icinga_that_forgets_its_last_check_for_a_moment(self, tmp_path: Path) -> None:
        """`last_check=-1` on something that was checked does not make it stale."""
        fresh = self.fresh_for(tmp_path, last_check=-1, next_check=self.CREATED + 5)
        assert fresh == timedelta(seconds=305)


class TestStrangeClocks:
    """A monitor whose clock is not ours."""

    NAME = "03-srv3-down"
    CREATED = datetime.fromtimestamp(1795340785, UTC)

    def test_data_from_the_future_are_fresh_no_longer_than_data_of_now(self) -> None:
        """A clock that is ahead moves every time back, and gains nothing."""
        path = FOLDER / f"{self.NAME}.status.dat"
        in_time = source_of(path).read(self.CREATED)
        ahead = timedelta(seconds=200)
        early = source_of(path).read(self.CREATED - ahead)
        assert early.written_at == self.CREATED - ahead
        assert early.fresh_until == in_time.fresh_until - ahead
        on_time, too_early = observations(in_time), observations(early)
        for name, seen in too_early.items():
            assert seen.fresh_until == on_time[name].fresh_until - ahead
        since = on_time["srv3"].since
        assert since is not None
        assert too_early["srv3"].since == since - ahead

    def test_clock_that_is_far_ahead_is_not_believed(self) -> None:
        """Otherwise the file of a dead Nagios would be new for ever."""
        path = FOLDER / f"{self.NAME}.status.dat"
        with pytest.raises(SourceError, match="future"):
            source_of(path).read(self.CREATED - MAX_AGE - timedelta(seconds=1))

    def test_times_after_the_writing_are_taken_for_the_writing(
        self, read: Callable[..., dict[str, Observation]]
    ) -> None:
        """A result from the future is as fresh as one of now, and nothing began after now."""
        data = capture(self.NAME)
        before = read(data, CAPTURED[self.NAME])
        later = 1795340785 + 3000
        data = edited(data, "srv3", last_check=later, next_check=later + 2, last_hard_state_change=later)
        seen = read(data, CAPTURED[self.NAME])["srv3"]
        assert seen.since == self.CREATED
        assert seen.fresh_until < before["srv3"].fresh_until + timedelta(hours=2)


SMALL_FILE = """info {{
	created={created}
	}}

programstatus {{
	active_host_checks_enabled=1
	active_service_checks_enabled=1
	}}

hoststatus {{
	host_name=srv1
	check_command=ping
	check_interval={minutes}.000000
	has_been_checked=1
	should_be_scheduled=1
	current_state=0
	state_type=1
	last_check={last}
	next_check={next}
	active_checks_enabled=1
	scheduled_downtime_depth=0
	}}

contactstatus {{
	contact_name=ops
	}}

"""


def a_day_of_nagios(interval: int, latency: int, restart_at: int) -> Iterator[tuple[int, int, int]]:
    """Every 10 seconds of a day: the time, the last check and the next one as Nagios has them then.

    A check begins late by `latency` and takes 20 seconds, during which its last result stands. After
    the restart, which takes 40 seconds, the next check is put off by a whole interval.
    """
    start = 1795300000
    last, due = start - interval, start
    for now in range(start, start + 86400, 10):
        if start + restart_at <= now < start + restart_at + 40:
            due = now + 40 + interval
            continue
        if now >= due + latency + 20:
            last = due + latency
            due = last + interval
        yield now, last, due


@pytest.mark.parametrize("minutes", [5, 10])
@pytest.mark.parametrize("latency", [0, 95])
def test_stock_nagios_never_flickers(tmp_path: Path, minutes: int, latency: int) -> None:
    """A day of checks every 5 or 10 minutes, late ones and a restart: at no moment is a result stale."""
    path = tmp_path / "status.dat"
    source = source_of(path, read_monitor_map({"srv1": {"nagios": {"host": "srv1"}}}))
    until_next_reading = timedelta(seconds=60)
    for second, last, due in a_day_of_nagios(minutes * 60, latency, restart_at=40_000):
        if second % 30 == 0:
            path.write_text(SMALL_FILE.format(created=second, minutes=minutes, last=last, next=due))
            now = datetime.fromtimestamp(second + 9, UTC)
            reading = source.read(now)
            host = observations(reading)["srv1"]
            assert host.state is State.OPERATIONAL
            assert min(host.fresh_until, reading.fresh_until) > now + until_next_reading


class TestFiles:
    """What may stand in the place of the file."""

    NOW = CAPTURED["02-all-ok"]

    def test_no_file(self, tmp_path: Path) -> None:
        """A clean stop removes the file."""
        with pytest.raises(SourceError, match="stopped or restarting") as failure:
            source_of(tmp_path / "status.dat").read(self.NOW)
        assert str(tmp_path) not in str(failure.value)
        assert str(tmp_path) in failure.value.detail

    def test_folder_and_pipe(self, tmp_path: Path) -> None:
        """A folder is no file, and a pipe is not waited for."""
        (tmp_path / "folder").mkdir()
        os.mkfifo(tmp_path / "pipe")
        for name in ("folder", "pipe"):
            with pytest.raises(SourceError, match="not a file"):
                source_of(tmp_path / name).read(self.NOW)

    @pytest.mark.parametrize(
        ("error", "complaint"), [(PermissionError, "may not be read"), (OSError, "cannot be read")]
    )
    def test_file_that_cannot_be_read(
        self, monkeypatch: pytest.MonkeyPatch, error: type[OSError], complaint: str
    ) -> None:
        """Missing rights and a broken disk are told apart, without the path."""

        def refuse(path: str, flags: int) -> int:
            raise error(5, "no", path)

        monkeypatch.setattr(whole_file.os, "open", refuse)
        with pytest.raises(SourceError, match=complaint) as failure:
            source_of(FOLDER / "02-all-ok.status.dat").read(self.NOW)
        assert "02-all-ok" not in str(failure.value)

    def test_file_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file that is no status file by its size is not read into memory."""
        monkeypatch.setattr(nagios_file, "MAX_BYTES", 1000)
        with pytest.raises(SourceError, match="too large"):
            source_of(FOLDER / "02-all-ok.status.dat").read(self.NOW)

    def test_large_installation(self, tmp_path: Path) -> None:
        """Among thousands of services the few that are asked for are found."""
        data = capture("03-srv3-down")
        start, end = (data.index(mark) for mark in (b"servicestatus {", b"contactstatus {"))
        others = data[start:end].replace(b"\thost_name=", b"\thost_name=other-")
        whole = data[:end] + others * 200 + data[end:]
        assert whole.count(b"servicestatus {") > 4000
        assert read_bytes(tmp_path, whole, CAPTURED["03-srv3-down"]) == read_capture("03-srv3-down")


@pytest.mark.parametrize("name", ["nagios:", "nagios:var/status.dat", "nagios+/status.dat"])
def test_address_that_is_no_path_is_refused(name: str) -> None:
    """What cannot be a status file stops the start with an example."""
    with pytest.raises(MonitorSettingError, match="like 'nagios:/var"):
        open_sources(name, read_monitor_map(None), SourceTerms())


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"checks": {"Web": "HTTP"}}, "'host' is missing"),
        ({"host": ""}, "'host' must be a text"),
        ({"host": "srv1", "check": {"Web": "HTTP"}}, "Did you mean 'checks'?"),
        ({"host": "srv1", "checks": {"Web": ["HTTP"]}}, "A check must be a text"),
        ({"host": "srv1", "fresh_for": "soon"}, "'fresh_for' must be a length of time"),
        ({"host": "srv1", "fresh_for": "0s"}, "'fresh_for' must be a length of time"),
    ],
)
def test_entry_that_cannot_be_used_is_refused(entry: dict[str, object], complaint: str) -> None:
    """A mistake in the map is named with its place and its remedy."""
    with pytest.raises(MonitorMapError, match="STATUS_MONITOR_MAP, entry 1: ") as failure:
        open_sources("nagios:/status.dat", read_monitor_map({"srv1": {"nagios": entry}}), SourceTerms())
    assert complaint in str(failure.value)
