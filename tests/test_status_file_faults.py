"""What visitors see of a status file that breaks off, is replaced, loses a host, or is of another time."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from http_source_cases import Situation
from mounted_site import Site, mounted_site
from nagios_captures import CAPTURED, capture, observations, source_of, words
from watched_page import renew, status_file

from status_plugin.sources.monitors import SourceError

MAX_AGE = 300


@dataclass
class Watched:
    """A page, and the status file that it looks at."""

    site: Site
    path: Path

    def write(self, *, is_well: bool, ahead: float = 0) -> None:
        """Let Nagios write at the time of the next look, by a clock that may be ahead of the site's."""
        situation = Situation(
            clock=lambda: self.site.clock() + timedelta(seconds=31 + ahead), is_well=is_well
        )
        new = self.path.with_name("new")
        new.write_bytes(status_file(situation))
        new.replace(self.path)

    def look(self) -> str:
        """The state of the one component after another look."""
        board = renew(self.site)
        assert self.site.client.get("/status/").status_code == 200
        return str(board["components"][0]["state"])


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """A page of one server whose mail is watched."""
    path = tmp_path / "status.dat"
    site = mounted_site(
        tmp_path,
        components="- name: Srv3\n  checks: [Mail]\n",
        STATUS_MONITOR=f"nagios:{path}",
        STATUS_MONITOR_MAP={"srv3": {"nagios": {"host": "mail1", "checks": {"Mail": "SMTP"}}}},
        STATUS_MONITOR_MAX_AGE=MAX_AGE,
    )
    return Watched(site, path)


def test_wherever_it_breaks_off_trouble_stays_trouble(watched: Watched) -> None:
    """No cut makes the page say that all is well: the last word stands, and then nothing is known."""
    for cut in (*range(1, 40), *range(60, 4000, 61), *range(4000, 44_000, 911)):
        watched.write(is_well=False)
        assert watched.look() == "major_outage"
        watched.write(is_well=False)
        os.truncate(watched.path, max(0, watched.path.stat().st_size - cut))
        assert watched.look() == "major_outage", cut
    watched.site.clock.move(MAX_AGE)
    assert watched.look() == "unknown"
    watched.write(is_well=True)
    assert watched.look() == "operational"


def test_every_cut_of_a_file_with_trouble_is_no_reading_or_the_whole_one(tmp_path: Path) -> None:
    """Byte for byte: out of a file that breaks off all is read that the whole file says, or nothing."""
    path, name = tmp_path / "status.dat", "05-acknowledged"
    path.write_bytes(capture(name))
    source = source_of(path)
    whole = source.read(CAPTURED[name])
    assert words(observations(whole)["srv3"]) == "major_outage"
    refused = 0
    for length in range(path.stat().st_size - 1, -1, -1):
        os.truncate(path, length)
        try:
            assert source.read(CAPTURED[name]) == whole, f"cut to {length} bytes"
        except SourceError:
            refused += 1
    assert refused > len(capture(name)) - 10


@contextmanager
def writing(*contents: bytes, path: Path, in_place: bool) -> Iterator[None]:
    """Somebody writes these again and again, each in the place of the other, as fast as that goes."""
    ended = threading.Event()
    new = path.with_name("new")

    def write() -> None:
        for content in itertools.cycle(contents):
            if ended.is_set():
                return
            (path if in_place else new).write_bytes(content)
            if not in_place:
                new.replace(path)

    path.write_bytes(contents[0])
    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


@pytest.mark.parametrize("in_place", [False, True], ids=["renamed", "written in its place"])
def test_replaced_while_it_is_read(tmp_path: Path, in_place: bool) -> None:
    """What is read is one file or the other, whole, however often they change places; never half of each."""
    path, now = tmp_path / "status.dat", CAPTURED["05-acknowledged"]
    names = ("03-srv3-down", "05-acknowledged")
    whole = []
    for name in names:
        path.write_bytes(capture(name))
        whole.append(source_of(path).read(now))
    assert whole[0] != whole[1]
    source, seen, refused = source_of(path), [], 0
    with writing(*(capture(name) for name in names), path=path, in_place=in_place):
        for _ in range(400):
            try:
                seen.append(whole.index(source.read(now)))
            except SourceError:
                refused += 1
            if set(seen) == {0, 1} and len(seen) > 20:
                break
    assert in_place or (set(seen) == {0, 1} and not refused)


def test_host_is_renamed(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    """A host that the file has no more is unknown at once, neither green nor offline; and is found again."""
    watched.write(is_well=True)
    assert watched.look() == "operational"
    watched.write(is_well=True)
    renamed = watched.path.read_bytes().replace(b"host_name=mail1\n", b"host_name=mail7\n")
    watched.path.write_bytes(renamed)
    assert watched.look() == "unknown"
    (record,) = caplog.records
    assert record.getMessage().startswith("STATUS_MONITOR_MAP, entry 1: Nagios knows nothing of this name")
    assert "mail" not in record.getMessage()
    watched.write(is_well=True)
    assert watched.look() == "operational"


def test_check_is_gone(watched: Watched) -> None:
    """The same for a service of a host that is there."""
    watched.write(is_well=True)
    gone = watched.path.read_bytes().replace(b"service_description=SMTP\n", b"service_description=LMTP\n")
    watched.path.write_bytes(gone)
    assert watched.look() == "unknown"
    watched.write(is_well=False)
    assert watched.look() == "major_outage"


@pytest.mark.parametrize("is_well", [True, False])
def test_clock_jumps_ahead(watched: Watched, is_well: bool) -> None:
    """What was written before is old then and says nothing; the first word after that is right."""
    watched.write(is_well=is_well)
    said = watched.look()
    assert said == ("operational" if is_well else "major_outage")
    watched.site.clock.move(7200)
    assert watched.look() == "unknown"
    watched.write(is_well=is_well)
    assert watched.look() == said


@pytest.mark.parametrize("is_well", [True, False])
def test_clock_is_set_back(watched: Watched, is_well: bool) -> None:
    """What seems to come from the future counts for as long as a word of now, and not until that future."""
    watched.write(is_well=is_well)
    said = watched.look()
    watched.site.clock.move(-7200)
    assert watched.look() == said
    watched.site.clock.move(MAX_AGE)
    assert watched.look() == "unknown"
    watched.write(is_well=is_well)
    assert watched.look() == said


def test_clock_of_nagios_is_ahead(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    """A little is brought back and told; much is not believed, so that a dead Nagios is never fresh."""
    watched.write(is_well=False, ahead=200)
    assert watched.look() == "major_outage"
    assert "The clock of Nagios is 199 seconds ahead" in caplog.text
    watched.site.clock.move(MAX_AGE - 40)
    assert watched.look() == "major_outage"
    assert watched.look() == "unknown"
    assert "agree again" not in caplog.text, "that nothing is written any more tells nothing of the clock"
    watched.write(is_well=True, ahead=86_400)
    assert watched.look() == "unknown"
    watched.write(is_well=True)
    assert watched.look() == "operational"
