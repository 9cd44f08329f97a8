"""The journal's file: several processes, torn lines, full disks, and a size that stays small."""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cache_servers import eventually
from mounted_site import Site, mounted_site

from status_plugin.core.monitoring.journal import SIGNATURE, Check, Told, read_line
from status_plugin.core.monitoring.looks import Look, Row
from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources import journal as journal_module
from status_plugin.sources import journal_file, summary_cache
from status_plugin.sources.background import Background
from status_plugin.sources.journal import Journal
from status_plugin.sources.journal_file import replace_file
from status_plugin.sources.monitors import SourceError

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVER = (NOON - timedelta(days=400), NOON + timedelta(days=400))
LIMIT = timedelta(seconds=90)
UP, DOWN = State.OPERATIONAL, State.MAJOR_OUTAGE


class Writer:
    """A process that looks once a minute."""

    def __init__(self, path: Path) -> None:
        self.journal = Journal(path)
        self.row: Row | None = None
        self.now = NOON

    def look(self, state: State = UP, minutes: float = 1, **others: State) -> None:
        """One look, and time passes."""
        earlier = self.row
        row = earlier.after(self.now, LIMIT) if earlier else Row(first=self.now, last=self.now)
        told = {
            slug: Told(state=state, since=self.now, checks={"Web": Check(state=state, since=self.now)})
            for slug, state in {"srv3": state, **others}.items()
        }
        self.row = self.journal.add(Look(told=told, row=row, limit=LIMIT, earlier=earlier))
        self.now += timedelta(minutes=minutes)

    def looks(self, count: int, state: State = UP) -> None:
        """Some looks."""
        for _ in range(count):
            self.look(state)


def known(journal: Journal, slug: str = "srv3") -> list[tuple[str, str, str]]:
    """What a journal knows of a component."""
    found = journal.record(slug, *EVER)
    return [(f"{span.begin:%H:%M}", f"{span.end:%H:%M}", span.state.value) for span in found.spans]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is to be."""
    return tmp_path / "journal"


@pytest.fixture
def writer(path: Path) -> Writer:
    """A process that keeps it."""
    return Writer(path)


def test_it_is_a_text_that_people_can_read(path: Path, writer: Writer) -> None:
    """A header with its version, then a JSON object a line: slugs, check labels, states and times."""
    writer.looks(6)
    writer.look(DOWN)
    header, *lines = path.read_text().splitlines()
    assert header == '{"journal":"status_plugin","version":1,"begun":"2026-11-20T12:00:00Z"}'
    assert header.startswith(SIGNATURE)
    up = {"state": "operational", "since": "2026-11-20T12:00:00Z"}
    down = {"state": "major_outage", "since": "2026-11-20T12:06:00Z"}
    assert [json.loads(line) for line in lines] == [
        {
            "at": "2026-11-20T12:00:00Z",
            "seen": {"srv3": up | {"checks": {"Web": ["operational", "2026-11-20T12:00:00Z"]}}},
        },
        {"at": "2026-11-20T12:05:00Z", "after": "2026-11-20T12:00:00Z"},
        {
            "at": "2026-11-20T12:06:00Z",
            "after": "2026-11-20T12:05:00Z",
            "seen": {"srv3": down | {"checks": {"Web": ["major_outage", "2026-11-20T12:06:00Z"]}}},
        },
    ]


def test_another_process_reads_what_is_added(path: Path, writer: Writer) -> None:
    """A web worker sees what the watch writes, without reading the whole again and again."""
    reader = Journal(path)
    assert known(reader) == []
    writer.looks(11)
    assert known(reader) == [("12:00", "12:10", "operational")]
    writer.look(DOWN)
    writer.looks(5, DOWN)
    assert known(reader) == [("12:00", "12:11", "operational"), ("12:11", "12:16", "major_outage")]


def test_processes_take_turns(path: Path) -> None:
    """Workers that do not share a cache write no line twice, and none over another's."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom test_journal import DOWN, UP, Writer\n"
        "writer = Writer(Path(sys.argv[1]))\n"
        "for turn in range(60):\n    writer.look(DOWN if turn % 7 == 3 else UP, minutes=1 / 60)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    workers = [subprocess.Popen(command, cwd=Path(__file__).parent) for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    lines = path.read_text().splitlines()
    assert all(read_line(line) for line in lines[1:])
    times = [read_line(line).at for line in lines[1:]]  # type: ignore[union-attr]
    assert times == sorted(set(times))
    assert len(known(Journal(path))) > 3


def test_machines_that_share_a_cache_and_no_disk(tmp_path: Path) -> None:
    """Each journal vouches only for the looks that it tells of, though the machines ask in turn."""
    here, there = Writer(tmp_path / "here"), Writer(tmp_path / "there")
    for minute in range(60):
        asking, other = (here, there) if minute // 10 % 2 == 0 else (there, here)
        asking.look(DOWN if 12 <= minute <= 15 else UP)
        other.row, other.now = asking.row, asking.now
    assert known(there.journal)[1] == ("12:12", "12:16", "major_outage")
    found = known(here.journal)
    assert found == [
        ("12:00", "12:05", "operational"),
        ("12:20", "12:25", "operational"),
        ("12:40", "12:45", "operational"),
    ]


def test_a_look_never_waits_for_a_writer_that_hangs(path: Path, writer: Writer) -> None:
    """A process that was stopped while it wrote holds nobody up; what it kept from writing comes later."""
    fcntl = pytest.importorskip("fcntl")
    writer.look()
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        writer.look(DOWN)
        assert len(path.read_text().splitlines()) == 2
    writer.look(DOWN)
    writer.looks(5, DOWN)
    assert known(writer.journal) == [("12:02", "12:07", "major_outage")]


def test_a_torn_end_costs_only_itself(path: Path, writer: Writer) -> None:
    """Wherever a crash tears the last line, what was before stands and the next look goes on."""
    writer.looks(7)
    writer.look(DOWN)
    whole = path.read_bytes()
    begin = whole[:-1].rfind(b"\n") + 1
    for end in range(begin, len(whole)):
        path.write_bytes(whole[:end])
        again = Writer(path)
        again.now = NOON + timedelta(minutes=7)
        assert known(again.journal) == [("12:00", "12:05", "operational")]
        again.looks(6, DOWN)
        found = known(Journal(path))
        # A line that lacks nothing but its end is whole when another one follows.
        assert found[0] == ("12:00", "12:05" if end < len(whole) - 1 else "12:07", "operational")
        assert found[1:] == [("12:07", "12:12", "major_outage")]


@pytest.mark.parametrize("size", [1, 20, 50, len(SIGNATURE), len(SIGNATURE) + 5])
def test_a_torn_beginning_is_no_beginning(path: Path, writer: Writer, size: int) -> None:
    """A disk that was full for the first line of all does not spoil the journal for good."""
    writer.look()
    path.write_bytes(path.read_bytes()[:size])
    again = Writer(path)
    again.looks(6)
    assert known(Journal(path)) == [("12:00", "12:05", "operational")]


def test_garbage_costs_only_itself(path: Path, writer: Writer) -> None:
    """Lines that mean nothing are passed over, whatever is in them."""
    writer.looks(11)
    header, *lines = path.read_bytes().splitlines()
    rubbish = [b"\xff\xfe\x00", b"{}", b"", b'{"at":"never"}', b"[" * 10000, header]
    mixed = [line for pair in zip(rubbish * 9, lines, strict=False) for line in pair]
    path.write_bytes(b"\n".join([header, *mixed, b""]))
    assert known(Journal(path)) == [("12:00", "12:10", "operational")]


@pytest.mark.parametrize(
    "content",
    [
        b"127.0.0.1 - - [20/Nov/2026] GET / 200\n",
        b'{"journal":"status_plugin","version":2,"begun":"2026-11-20T12:00:00Z"}\n',
        b'{"journal":"another","version":1}\n',
        b"no line's end",
    ],
)
def test_a_file_that_is_none_of_ours_is_left_alone(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A setting that names the wrong file destroys nothing, and neither does going back to an old version."""
    path.write_bytes(content)
    writer = Writer(path)
    writer.looks(9)
    assert path.read_bytes() == content
    assert known(writer.journal) == []
    assert [record.getMessage() for record in caplog.records] == [
        f"STATUS_JOURNAL: {path} cannot be written (it is no journal of this version; move it away, or name "
        "another file). The page goes on without; of this time there will be no history."
    ]


def test_it_cannot_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder that is not there is one warning, and one word when it is; the time between is no data."""
    path = tmp_path / "gone" / "journal"
    writer = Writer(path)
    with caplog.at_level(logging.INFO):
        writer.looks(20)
        assert writer.journal.failing_since == NOON
        path.parent.mkdir()
        writer.looks(11)
    assert writer.journal.failing_since is None
    assert [record.getMessage() for record in caplog.records] == [
        f"STATUS_JOURNAL: {path} cannot be written (No such file or directory). The page goes on without; "
        "of this time there will be no history.",
        f"STATUS_JOURNAL: {path} can be written again.",
    ]
    assert known(writer.journal) == [("12:20", "12:30", "operational")]


@contextmanager
def full_at(size: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_disk_is_full(path: Path, writer: Writer, caplog: pytest.LogCaptureFixture) -> None:
    """What does not fit is lost and nothing else; with room again the journal goes on after half a line."""
    writer.looks(6)
    with full_at(path.stat().st_size + 30):
        writer.looks(10, DOWN)
    assert len(caplog.records) == 1
    assert not path.read_bytes().endswith(b"\n")
    writer.looks(6, UP)
    assert known(Journal(path)) == [("12:00", "12:05", "operational"), ("12:16", "12:21", "operational")]
    assert len(caplog.records) == 2


def test_it_is_compacted_by_itself(path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that says the same thing again and again is written anew, and its readers go on reading."""
    monkeypatch.setattr(journal_module, "COMPACTED_AFTER", 20)
    writer.journal = Journal(path)
    reader = Journal(path)
    mode = path.parent.stat().st_mode
    sizes = []
    for turn in range(600):
        writer.look(DOWN if turn == 50 else UP)
        sizes.append(path.stat().st_size)
        if turn == 3:
            path.chmod(0o640)
    assert max(sizes) < 4000
    assert known(reader) == known(Journal(path)) == known(writer.journal)
    assert known(reader) == [
        ("12:00", "12:50", "operational"),
        ("12:50", "12:51", "major_outage"),
        ("12:51", "21:56", "operational"),
    ]
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.parent.stat().st_mode == mode
    assert [file.name for file in path.parent.iterdir()] == ["journal"]


def test_it_is_compacted_while_others_write(path: Path) -> None:
    """Several processes add to it and write it anew again and again; no line is lost, torn or told twice."""
    code = (
        "import sys\nfrom datetime import timedelta\nfrom pathlib import Path\n"
        "from status_plugin.core.monitoring import looks\n"
        "from test_journal import DOWN, UP, Writer, journal_module\n"
        "looks.HEARTBEAT = timedelta()\njournal_module.COMPACTED_AFTER = 5\n"
        "writer = Writer(Path(sys.argv[1]))\n"
        "for turn in range(240):\n    writer.look(DOWN if 100 <= turn < 130 else UP, minutes=1 / 60)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    workers = [subprocess.Popen(command, cwd=Path(__file__).parent) for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0] * 4
    header, *lines = path.read_text().splitlines()
    assert header.startswith(SIGNATURE)
    assert not header.startswith(f'{SIGNATURE}"begun":"2026-11-20T12:00:0')
    assert 3 <= len(lines) < 20
    assert all(read_line(line) for line in lines)
    assert [state for _, _, state in known(Journal(path))] == ["operational", "major_outage", "operational"]
    ends = [(span.begin, span.end) for span in Journal(path).record("srv3", *EVER).spans]
    assert [end for _, end in ends[:-1]] == [begin for begin, _ in ends[1:]]
    assert ends[0][0] == NOON
    assert [path.name for path in path.parent.iterdir()] == ["journal"]


def test_a_file_that_was_written_anew_meanwhile_is_read_anew(path: Path, writer: Writer) -> None:
    """Also by who has not looked for so long that it is larger than before: the other lines are new ones."""
    writer.looks(20)
    reader = Journal(path)
    assert [state for *_, state in known(reader)] == ["operational"]
    size = path.stat().st_size
    writer.look(DOWN, minutes=1)
    lines = path.read_bytes().split(b"\n", 1)
    replace_file(path, SIGNATURE.encode() + b'"begun":"2026-11-20T12:21:00Z"}\n' + lines[1])
    for turn in range(9):
        writer.look(DOWN if turn % 2 else UP)
    path.write_bytes(path.read_bytes().replace(b"12:00:00", b"12:01:00"))
    assert path.stat().st_size > size
    assert known(reader) == known(Journal(path))
    assert known(reader)[0][0] == "12:01"


def test_a_line_never_goes_into_a_file_that_has_been_put_aside(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may write the file anew between its opening and its lock."""
    writer.looks(3)
    aside = path.with_name("aside")
    lock = journal_file._lock

    def written_anew(descriptor: int) -> bool:
        path.rename(aside)
        path.write_bytes(aside.read_bytes())
        return lock(descriptor)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(journal_file, "_lock", written_anew)
        before = path.read_bytes()
        writer.look(DOWN)
        assert writer.row is None, "it is as good as never made"
    assert (aside.read_bytes(), path.read_bytes()) == (before, before)
    writer.look(DOWN)
    assert b"major_outage" in path.read_bytes()


def test_compaction_that_fails_changes_nothing(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On a disk without room for a second file the first one goes on."""
    monkeypatch.setattr(journal_module, "COMPACTED_AFTER", 20)
    monkeypatch.setattr(journal_module, "replace_file", _no_room)
    writer.journal = Journal(path)
    writer.looks(300)
    assert known(Journal(path)) == [("12:00", "16:55", "operational")]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def _no_room(path: Path, content: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_it_never_grows_without_bound(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When all of it is news the older half goes, with a warning, and the rest is as true as before."""
    monkeypatch.setattr(journal_module, "LARGEST", 20_000)
    for turn in range(400):
        writer.look(DOWN if turn % 2 else UP)
        assert path.stat().st_size < 21_000
    assert "its older half goes" in caplog.text
    found = known(Journal(path))
    assert found[-1] == ("18:38", "18:39", "operational")
    assert found == known(writer.journal)
    assert {state for _, _, state in found} == {"operational", "major_outage"}


class Monitor:
    """A monitor in the test's hands."""

    def __init__(self) -> None:
        self.state = UP
        self.since: datetime | None = None
        self.fails = False

    def read(self, now: datetime) -> Reading:
        """What it says now."""
        if self.fails:
            raise SourceError("It does not answer", "db7.internal.example refused")
        until = now + timedelta(minutes=5)
        web = Observation(state=self.state, fresh_until=until, since=self.since)
        return Reading(written_at=now, fresh_until=until, components={"srv3": Seen(checks={"Web": web})})


MAP = {"srv3": {"probe": {"checks": {"Web": "https://db7.internal.example/"}}}}


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """What the built-in checks of a mounted site see."""
    found = Monitor()
    monkeypatch.setattr("status_plugin.sources.monitors.probe.open_source", lambda *_: found)
    return found


def site(root: Path, **settings: Any) -> Site:
    """A site that keeps a journal, started anew with an empty cache."""
    journal = str(root / "journal")
    return mounted_site(
        root, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP, STATUS_JOURNAL=journal, **settings
    )


def look(found: Site) -> dict[str, Any]:
    """The page after a look at monitoring."""
    found.app.extensions["status_plugin"].station.renew()
    return found.board()


def test_a_restart_forgets_nothing(tmp_path: Path, monitor: Monitor) -> None:
    """With an empty cache the journal gives back since when all is so, and the alert that is on."""
    before = site(tmp_path)
    look(before)
    before.clock.move(30)
    monitor.state = DOWN
    shown = look(before)
    alert = shown["current"][0]
    assert alert["slug"] == "auto-srv3-20261120T234530Z"

    after = site(tmp_path)
    after.clock.now = before.clock.now
    after.clock.move(600)
    found = look(after)
    assert found["current"][0]["slug"] == alert["slug"]
    assert found["current"][0]["started"] == alert["started"]
    assert found["components"][0]["since"] == shown["components"][0]["since"]


def test_a_restart_while_monitoring_is_away(tmp_path: Path, monitor: Monitor) -> None:
    """What was seen last is told even if monitoring does not answer any more."""
    before = site(tmp_path)
    monitor.state = DOWN
    look(before)
    monitor.fails = True
    after = site(tmp_path)
    after.clock.move(900)
    shown = look(after)
    assert shown["overall"]["state"] == "unknown"
    assert [item["slug"] for item in shown["current"]] == ["auto-srv3-20261120T234500Z"]


def test_no_visitor_waits_for_the_journal(
    tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that only takes over what another heard reads the journal behind everybody's back."""
    cache = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "cache")}
    look(site(tmp_path, STATUS_CACHE=cache))
    read = []
    monkeypatch.setattr(journal_module, "read_line", lambda text: read.append(text) or read_line(text))
    another = site(tmp_path, STATUS_CACHE=cache)
    look(another)
    eventually(lambda: len(read) > 1, "The journal is not read.")
    readers = [thread for thread in threading.enumerate() if thread.name == "status-journal-reading"]
    for reader in readers:
        reader.join(10)
    count = len(read)
    assert another.client.get("/status/components/srv3/").status_code == 200
    assert len(read) - count <= 1


def test_a_disk_that_hangs_costs_the_page_nothing(
    tmp_path: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A journal that cannot even be opened keeps nobody from what monitoring says; a pipe is such a one."""
    monkeypatch.setattr(summary_cache, "MEMORY_WAIT", 0.2)
    monkeypatch.setattr(summary_cache, "JOURNAL_WAIT", 0.2)
    os.mkfifo(tmp_path / "journal")
    found = site(tmp_path)
    renew = found.app.extensions["status_plugin"].station.renew
    try:
        for _ in range(3):
            found.clock.move(60)
            assert Background(renew, name="renewal").result(20).board.overall.state is UP
        assert caplog.text.count("The journal's disk does not answer") == 2
        names = [thread.name for thread in threading.enumerate()]
        assert names.count("status-journal") == 1, "and nothing piles up"
        assert names.count("status-journal-reading") == 1
    finally:
        os.close(os.open(tmp_path / "journal", os.O_RDWR | os.O_NONBLOCK))


def test_without_the_setting_nothing_is_written(tmp_path: Path, monitor: Monitor) -> None:
    """The journal is off unless a file is named."""
    found = mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP)
    look(found)
    assert {entry.name for entry in tmp_path.iterdir()} == {"content"}


def test_a_relative_path_is_one_in_the_instance_folder(tmp_path: Path, monitor: Monitor) -> None:
    """`journal` lies where the site keeps its own files."""
    (tmp_path / "instance").mkdir()
    found = mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP, STATUS_JOURNAL="journal")
    look(found)
    assert (tmp_path / "instance" / "journal").is_file()


def test_a_journal_that_cannot_be_written_never_breaks_the_page(tmp_path: Path, monitor: Monitor) -> None:
    """The page is served as if there were none."""
    found = mounted_site(
        tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP=MAP, STATUS_JOURNAL="/dev/null/journal"
    )
    assert look(found)["overall"]["state"] == "operational"
    assert found.client.get("/status/components/srv3/").status_code == 200


def test_nothing_private_is_in_it(tmp_path: Path, monitor: Monitor) -> None:
    """Not the host that stands behind the public name, and not why it did not answer."""
    found = site(tmp_path)
    look(found)
    monitor.fails = True
    for _ in range(9):
        found.clock.move(60)
        look(found)
    text = (tmp_path / "journal").read_text()
    assert "srv3" in text
    assert "unknown" in text
    assert "internal" not in text
    assert "refused" not in text
