"""What was read of the notes is kept from one start to the next, and is never anything but what they say."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from status_plugin.core.notes.components import read_components
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.note_text import UnwritableError, note_of, packed_note
from status_plugin.core.notes.reader import read_note
from status_plugin.settings import SETTINGS, SettingError
from status_plugin.settings_reader import read_settings
from status_plugin.sources import content as content_module
from status_plugin.sources import index_keeping
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.content_files import FileText, NoteFile, note_file
from status_plugin.sources.index_keeping import MANY
from status_plugin.sources.reading_index import CANNOT_BE_WRITTEN, MODE, ReadingIndex
from status_plugin.sources.reading_terms import reading_terms

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
COMPONENTS = "- name: Srv3\n  checks: [Web]\n- name: Srv9\n"
INVENTORY = read_components(COMPONENTS, path="components.yml")[0]
SECRET = "never-to-be-told"

INCIDENT = (
    "---\ntitle: {title}\nstarted: 2026-11-10 6:00pm Eastern\nimpact: major\naffects: [srv9]\n{head}---\n"
    "Body.\n\nUpdate @ 7pm Eastern [resolved]: It is over.\n"
)


class Site:
    """A folder of notes that one worker after the other reads, each with the index at the same place."""

    def __init__(self, root: Path) -> None:
        self.root = root / "content"
        self.index = root / "instance" / "notes.index"
        self.opened: list[str] = []
        self.now = NOW
        self.write("components.yml", COMPONENTS)
        for number in range(5):
            self.write(f"incidents/n{number}.md", INCIDENT.format(title=f"Number {number}", head=""))

    def write(self, path: str, text: str, at: float = LONG_AGO) -> Path:
        """Writes a file as of long ago; `settle` makes that true of its entry in the folder, too."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (at, at))
        return file

    def worker(self, terms: str = "these", **more: Any) -> ContentFolder:
        """What a worker reads with, which has just started."""
        return ContentFolder(self.root, zone=ZONE, index=ReadingIndex(self.index, terms), **more)

    def start(self, terms: str = "these", **more: Any) -> Content:
        """What a worker reads that has just started; it ends when its index is written."""
        self.opened.clear()
        worker = self.worker(terms, **more)
        content = worker.read(self.now)
        finish(worker)
        return content

    def truth(self, **more: Any) -> Content:
        """What is read of the files alone."""
        return ContentFolder(self.root, zone=ZONE, **more).read(self.now)


def finish(worker: ContentFolder) -> None:
    """Waits for what the worker writes behind its readers' backs."""
    keeping = worker._keeping
    if keeping is not None and keeping._writing is not None:
        keeping._writing.result(20)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site of few notes that are worth an index; every file that is opened is written down."""
    monkeypatch.setattr(index_keeping, "MANY", 3)
    made = Site(tmp_path)
    read_file = content_module.read_file

    def watched(root: Path, path: str, stamp: Any) -> Any:
        made.opened.append(path)
        return read_file(root, path, stamp)

    monkeypatch.setattr(content_module, "read_file", watched)
    # The clock that tests are given lies in another time than the entries of files just made.
    made.now = datetime.now(UTC) + timedelta(seconds=10)
    return made


def titles(content: Content) -> list[str]:
    return [note.title for note in (*content.incidents, *content.windows)]


def same(one: Content, other: Content) -> bool:
    """Whether two readings say the same, whenever they were made."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("inventory", "aliases", "problems", "withheld", "withheld_at", "version")
    ) and all(list(getattr(one, name)) == list(getattr(other, name)) for name in ("incidents", "windows"))


def test_the_second_start_opens_no_note(site: Site) -> None:
    """All that it knows of the notes comes from the index, and is what they say."""
    first = site.start()
    assert len(site.opened) == 6
    second = site.start()
    assert site.opened == ["components.yml"]
    assert len(titles(second)) == 5
    assert same(first, second)
    assert same(second, site.truth())


def test_only_what_has_changed_is_read(site: Site) -> None:
    """A note that was changed while no worker ran is seen, as are one that came and one that went."""
    site.start()
    site.write("incidents/n1.md", INCIDENT.format(title="Changed", head=""), LONG_AGO + 1)
    site.write("incidents/new.md", INCIDENT.format(title="New", head=""))
    (site.root / "incidents/n2.md").unlink()
    content = site.start()
    assert sorted(site.opened) == ["components.yml", "incidents/n1.md", "incidents/new.md"]
    assert titles(content) == ["Number 0", "Changed", "Number 3", "Number 4", "New"]
    assert same(content, site.truth())


def test_a_change_of_the_same_size_and_time_is_seen(site: Site) -> None:
    """Who sets a file's time back cannot hide that its entry in the folder has changed."""
    site.start()
    file = site.root / "incidents/n1.md"
    before = file.stat()
    file.write_text(file.read_text().replace("Number 1", "Numbre 1"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert "Numbre 1" in titles(site.start())


def test_a_file_that_was_just_written_is_read_again(site: Site) -> None:
    """Within the same tick of the file system's clock there may be a change that nothing else tells."""
    site.now = datetime.now(UTC)
    site.start()
    assert not site.index.exists()
    site.now += timedelta(seconds=10)
    site.write("incidents/n1.md", INCIDENT.format(title="Just now", head=""), site.now.timestamp())
    site.start()
    assert site.index.exists()
    site.start()
    assert site.opened == ["components.yml", "incidents/n1.md"]


def test_a_fresh_clone_of_the_same_notes_is_not_understood_anew(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files with other times and the same texts are opened, and what was read of them holds."""
    first = site.start()
    for file in site.root.rglob("*.md"):
        os.utime(file, (LONG_AGO + 50, LONG_AGO + 50))
    monkeypatch.setattr(content_module, "read_note", None)
    second = site.start()
    assert len(site.opened) == 6
    assert same(first, second)
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ("draft: true\n", 4),
        ("announced: 2040-01-01 8am Eastern\n", 5),
        ("redacted: true\n", 5),
        ("drafd: 1\n", 4),
    ],
)
def test_what_must_be_hidden_is_hidden_at_once(site: Site, head: str, left: int) -> None:
    """A guard that was put into a note while no worker ran counts at the start."""
    site.start()
    site.write("incidents/n1.md", INCIDENT.format(title=SECRET, head=head), LONG_AGO + 1)
    content = site.start()
    assert len(titles(content)) == left
    assert same(content, site.truth())
    # And again when that is what the index says.
    assert same(site.start(), content)


def unpacked(index: Path) -> tuple[dict[str, Any], list[Any], list[bytes]]:
    """An index as it can be read: its head, its table, and of each note what was packed."""
    head, written, notes = index.read_bytes().split(b"\n", 2)
    table, parts = json.loads(written), []
    for length in table[0]:
        parts.append(zlib.decompress(notes[:length], wbits=-15) if length else b"")
        notes = notes[length:]
    assert notes == b""
    return json.loads(head), table, parts


def repacked(index: Path, old: bytes, new: bytes) -> None:
    """Write something else into what the index says, with everything in it but its digest."""
    head, table, parts = unpacked(index)
    packed = [zlib.compress(part.replace(old, new), wbits=-15) if part else b"" for part in parts]
    table[0] = [len(part) for part in packed]
    index.write_bytes(b"\n".join([json.dumps(head).encode(), json.dumps(table).encode(), b"".join(packed)]))


def test_of_a_draft_nothing_is_kept(site: Site) -> None:
    """Its words are nobody's business; that it is one is known, so that it need not be opened."""
    site.write("incidents/n1.md", INCIDENT.format(title=SECRET, head="draft: true\n"))
    site.write("incidents/n2.md", INCIDENT.format(title="kept", head=""))
    site.start()
    _, table, parts = unpacked(site.index)
    kept = json.dumps(table) + b"".join(parts).decode()
    assert '"kept"' in kept
    assert SECRET not in kept
    assert "incidents/n1.md" in kept
    content = site.start()
    assert site.opened == ["components.yml"]
    assert (len(titles(content)), content.withheld) == (4, 0)


def test_what_is_taken_back_stays_until_the_index_is_written_again(site: Site) -> None:
    """A note that becomes a draft, or is deleted, is hidden at once; its words leave the index later."""
    site.write("incidents/n1.md", INCIDENT.format(title=SECRET, head=""))
    site.start()
    assert SECRET.encode() in b"".join(unpacked(site.index)[2])
    site.write("incidents/n1.md", INCIDENT.format(title=SECRET, head="draft: true\n"), LONG_AGO + 1)
    worker = site.worker()
    assert SECRET not in titles(worker.read(site.now))
    assert SECRET.encode() in b"".join(unpacked(site.index)[2])
    site.now += index_keeping.STALE_FOR
    worker.read(site.now)
    finish(worker)
    assert SECRET.encode() not in b"".join(unpacked(site.index)[2])


def test_drafts_are_read_of_the_files(site: Site, tmp_path: Path) -> None:
    """Staff's preview of drafts takes nothing from the index, which knows of none."""
    from status_plugin.sources.content_with_posts import open_content
    from status_plugin.sources.private_names import PrivateNames

    site.write("incidents/n1.md", INCIDENT.format(title=SECRET, head="draft: true\n"))
    made = read_settings({"STATUS_TIMEZONE": "America/New_York"}, tmp_path, tmp_path / "instance")
    seen = [
        SECRET in titles(open_content(made, PrivateNames(), drafts=drafts).read(site.now))
        for drafts in (False, True)
    ]
    assert seen == [False, True]


def test_a_note_that_cannot_be_read_is_not_taken_from_the_index(site: Site) -> None:
    """An earlier reading stands in for an hour as ever, and no restart makes it another."""
    site.start()
    site.write("incidents/n1.md", "no fence\n", LONG_AGO + 1)
    content = site.start()
    assert "Number 1" not in titles(content)
    assert content.withheld == 1
    assert same(content, site.truth())


def test_a_time_ahead_of_the_clock_is_looked_at_again(site: Site) -> None:
    """The error passes with the time, so that a reading that has it is not kept."""
    later = site.now + timedelta(hours=1)
    head = f"title: Ahead\nstarted: {later:%Y-%m-%d %H:%M} UTC\nimpact: major\naffects: srv9\n"
    site.write("incidents/ahead.md", f"---\n{head}---\nBody.\n")
    assert [problem.rule for problem in site.start().problems] == ["ahead-of-clock"]
    site.now = later + timedelta(minutes=1)
    content = site.start()
    assert site.opened == ["components.yml", "incidents/ahead.md"]
    assert not content.problems
    assert same(content, site.truth())


def test_other_components_make_all_be_read_again(site: Site) -> None:
    """What a name in a note stands for depends on the list."""
    site.write("components.yml", "- name: Srv3\n")
    first = site.start()
    assert {problem.rule for problem in first.problems} == {"unknown-component"}
    site.write("components.yml", COMPONENTS, LONG_AGO + 1)
    second = site.start()
    assert len(site.opened) == 6
    assert not second.problems
    assert same(second, site.truth())


def test_a_mistake_in_the_components_costs_no_start(site: Site) -> None:
    """What can be read of the list is what the notes are read with, in each start anew."""
    site.write("components.yml", COMPONENTS + "- name: a: b\n")
    broken = site.start()
    assert same(site.start(), broken)
    assert site.opened == ["components.yml"]
    assert same(broken, site.truth())


def test_a_comment_in_the_components_makes_another_index(site: Site) -> None:
    """No note is read again for it, neither by the worker that sees it nor by the next one."""
    worker = site.worker()
    worker.read(site.now)
    finish(worker)
    site.write("components.yml", "# more to come\n" + COMPONENTS, LONG_AGO + 1)
    site.opened.clear()
    site.now += timedelta(minutes=5)
    worker.read(site.now)
    finish(worker)
    assert site.opened == ["components.yml"]
    site.start()
    assert site.opened == ["components.yml"]


def test_an_earlier_list_that_stands_in_is_not_for_the_next_start(site: Site) -> None:
    """A worker that knows the list of before keeps nothing as if it were read with the one of now."""
    worker = site.worker()
    worker.read(site.now)
    finish(worker)
    written = site.index.read_bytes()
    site.write("components.yml", "components: [\n", LONG_AGO + 1)
    for number in range(5):
        site.write(f"incidents/n{number}.md", INCIDENT.format(title="Later", head=""), LONG_AGO + 2)
    site.now += timedelta(minutes=5)
    assert titles(worker.read(site.now)) == ["Later"] * 5
    finish(worker)
    assert site.index.read_bytes() == written
    assert same(site.start(), site.truth())


def test_another_program_reads_all_again(site: Site) -> None:
    """What another version understood is no reading of this one."""
    site.start("these")
    site.start("others")
    assert len(site.opened) == 6
    site.start("others")
    assert site.opened == ["components.yml"]


def test_the_terms_change_with_all_that_reading_depends_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder, the zone, a line of the program, the libraries and the rules of zones."""
    from status_plugin.sources import reading_terms as terms_module

    folder, other = tmp_path / "a", tmp_path / "b"
    seen = {reading_terms(folder, ZONE), reading_terms(other, ZONE), reading_terms(folder, UTC)}
    assert reading_terms(folder, ZONE) in seen
    assert len(seen) == 3
    monkeypatch.setattr("yaml.__version__", "0")
    seen.add(reading_terms(folder, ZONE))
    monkeypatch.setattr("status_plugin.__version__", "0")
    seen.add(reading_terms(folder, ZONE))
    (tmp_path / "zones").mkdir()
    monkeypatch.setattr(terms_module.zoneinfo, "TZPATH", (str(tmp_path / "zones"),))
    seen.add(reading_terms(folder, ZONE))
    os.utime(tmp_path / "zones", (LONG_AGO, LONG_AGO))
    seen.add(reading_terms(folder, ZONE))
    package = tmp_path / "package"
    (package / "core").mkdir(parents=True)
    (package / "sources").mkdir()
    monkeypatch.setattr("status_plugin.__file__", str(package / "__init__.py"))
    seen.add(reading_terms(folder, ZONE))
    (package / "core" / "rules.py").write_text("RULE = 1\n")
    seen.add(reading_terms(folder, ZONE))
    (package / "core" / "rules.py").write_text("RULE = 2\n")
    seen.add(reading_terms(folder, ZONE))
    assert len(seen) == 10


def _torn(index: Path) -> None:
    index.write_bytes(index.read_bytes()[:-40])


def _tampered(index: Path) -> None:
    repacked(index, b"Number 1", b"Number 7")


def _of_the_future(index: Path) -> None:
    head, rest = index.read_bytes().split(b"\n", 1)
    index.write_bytes(json.dumps({**json.loads(head), "format": 99}).encode() + b"\n" + rest)


def _foreign(index: Path) -> None:
    index.write_bytes(b"\x80\x04\x95 this is no index\n" * 9)


def _empty(index: Path) -> None:
    index.write_bytes(b"")


def _open_to_others(index: Path) -> None:
    _lying(index)
    index.chmod(0o644)


def _linked(index: Path) -> None:
    _lying(index)
    index.rename(index.with_name("elsewhere"))
    index.symlink_to("elsewhere")


def _pipe(index: Path) -> None:
    index.unlink()
    os.mkfifo(index)


def _deep(index: Path) -> None:
    index.write_bytes(b"[" * 200_000)


def _lying(index: Path) -> None:
    """A whole index that says something else than the notes."""
    from hashlib import blake2b

    repacked(index, b"Number 1", b"Number 7")
    head, rest = index.read_bytes().split(b"\n", 1)
    digest = blake2b(rest, digest_size=16).hexdigest()
    index.write_bytes(json.dumps({**json.loads(head), "digest": digest}).encode() + b"\n" + rest)


@pytest.mark.parametrize(
    "harm",
    [_torn, _tampered, _of_the_future, _foreign, _empty, _open_to_others, _linked, _pipe, _deep],
    ids=lambda harm: harm.__name__.strip("_"),
)
def test_an_index_that_is_not_whole_or_not_ours_is_as_none(
    site: Site, harm: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Everything is read again without a word, and the next start has a whole one."""
    truth = site.start()
    harm(site.index)
    with caplog.at_level(logging.INFO):
        assert same(site.start(), truth)
    assert len(site.opened) == 6
    assert not caplog.records
    site.start()
    assert site.opened == ["components.yml"]
    assert site.index.is_file()
    assert not site.index.is_symlink()


def test_a_harm_would_be_seen(site: Site) -> None:
    """The same lie in an index of our own is believed: it is the guards that keep the others out."""
    site.start()
    _lying(site.index)
    assert "Number 7" in titles(site.start())


def test_the_index_is_for_its_owner_alone(site: Site) -> None:
    """Notes that are not announced yet stand in it."""
    old = os.umask(0)
    try:
        site.start()
    finally:
        os.umask(old)
    assert site.index.stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_all_works_as_without(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says so once, without the path."""
    site.index.parent.parent.joinpath("instance").write_text("a file, where there should be a folder")
    worker = site.worker()
    with caplog.at_level(logging.INFO):
        assert len(titles(worker.read(site.now))) == 5
        finish(worker)
        for number in range(5):
            site.write(f"incidents/n{number}.md", INCIDENT.format(title="Again", head=""), LONG_AGO + 1)
        site.now += timedelta(minutes=5)
        assert titles(worker.read(site.now)) == ["Again"] * 5
        finish(worker)
    (record,) = caplog.records
    told = record.getMessage()
    assert told.startswith("The index of notes cannot be written (")
    assert str(site.index.parent) not in told


def test_a_site_of_few_notes_has_no_index(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read in a moment needs no file."""
    monkeypatch.setattr(index_keeping, "MANY", 6)
    site.start()
    assert not site.index.parent.exists()
    monkeypatch.setattr(index_keeping, "MANY", 5)
    site.start()
    assert site.index.exists()


def test_an_index_is_written_seldom(site: Site) -> None:
    """One changed note is no reason, unless the index has been out of date for an hour."""
    site.start()
    written = site.index.stat()
    worker = site.worker()
    worker.read(site.now)
    (site.root / "incidents/n1.md").unlink()
    for minutes in (1, 30, 59):
        worker.read(site.now + timedelta(minutes=minutes))
        finish(worker)
        assert os.path.samestat(site.index.stat(), written)
    assert b"Number 1" in b"".join(unpacked(site.index)[2])
    worker.read(site.now + timedelta(minutes=61))
    finish(worker)
    assert b"Number 1" not in b"".join(unpacked(site.index)[2])


def test_of_two_workers_one_writes(site: Site) -> None:
    """Who finds that another has just written leaves it at that."""
    first, second = site.worker(), site.worker()
    first.read(site.now)
    finish(first)
    written = site.index.stat()
    second._keeping._index._seen = None  # type: ignore[union-attr]
    second._keeping._index.keep("any", {})  # type: ignore[union-attr]
    assert os.path.samestat(site.index.stat(), written)


def test_while_another_writes_nobody_waits(site: Site) -> None:
    """A worker that died while it wrote holds nobody up either."""
    import fcntl

    aside = site.index.with_name(f"{site.index.name}.new")
    aside.parent.mkdir()
    with aside.open("wb") as file:
        file.write(b"half of a")
        fcntl.flock(file, fcntl.LOCK_EX)
        site.start()
        assert not site.index.exists()
    site.start()
    site.start()
    assert site.opened == ["components.yml"]
    assert not aside.exists()


_WORKER = """
import sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
from status_plugin.sources import index_keeping
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.index_keeping import MANY
from status_plugin.sources.reading_index import CANNOT_BE_WRITTEN, MODE, ReadingIndex

index_keeping.MANY = 3
root, index, number = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
for turn in range(12):
    folder = ContentFolder(root, zone=ZoneInfo("UTC"), index=ReadingIndex(index, f"{(number + turn) % 2}"))
    content = folder.read(datetime.now(UTC) + timedelta(seconds=10))
    assert sorted(note.title for note in content.incidents) == [f"Number {n}" for n in range(5)], content
    if folder._keeping._writing:
        folder._keeping._writing.result(20)
"""


def test_workers_that_start_at_once_do_each_other_no_harm(site: Site) -> None:
    """Old and new ones write over and over into the same place; each reads right, and a whole one is left."""
    command = [sys.executable, "-c", _WORKER, str(site.root), str(site.index)]
    workers = [subprocess.Popen([*command, str(number)], stderr=subprocess.PIPE) for number in range(4)]
    for worker in workers:
        _, complaint = worker.communicate(timeout=60)
        assert (worker.returncode, complaint) == (0, b"")
    head, _, parts = unpacked(site.index)
    assert head["terms"] in ("0", "1")
    assert len(parts) == 5


class _OwnZone(tzinfo):
    """A zone of the site's own making."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(hours=1)

    def dst(self, at: datetime | None) -> timedelta:
        return timedelta()

    def tzname(self, at: datetime | None) -> str:
        return "here"


def test_a_note_that_no_line_can_hold_is_kept_as_it_is(site: Site) -> None:
    """A zone of the site's own making has no name to be found by; such notes are read at each start."""
    text = INCIDENT.format(title="Own zone", head="").replace(" Eastern", "")
    path = "incidents/a.md"
    reading = read_note(text, path=path, kind=Incident, zone=_OwnZone(), inventory=INVENTORY, read_at=NOW)
    assert reading.note is not None
    with pytest.raises(UnwritableError):
        packed_note(reading.note)
    file = note_file(FileText(text=text, digest="d"), reading, None, (0, 0, 1, 1), NOW)
    assert file.card is not None
    assert file.card.note() is reading.note
    index = ReadingIndex(site.index, "these")
    index.keep("c", {path: file})
    assert site.index.exists()
    assert index.load("c") == {}


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=12)
TIMES = st.sampled_from(
    [
        "2026-11-20 6:00pm Eastern",
        "about 6pm",
        "2026-11-20",
        "2026-11-20 17:33 CDT",
        "Nov 20 2026 5:33 p.m. ET",
        "2026-11-20T17:33:00+05:45",
        "2026-11-20 17:33 Europe/Berlin",
        "2026-11-20 17:33 UTC+2",
        "2026-11-01 1:30am Eastern",
        "2026-03-08 2:30am EST",
        "2099-01-01 8:00am UTC",
        "tomorrow",
        "9/4",
        "",
    ]
)
ZONES = [ZONE, UTC, ZoneInfo("Asia/Kolkata"), timezone(timedelta(hours=2)), timezone(timedelta(0), "Z")]
MOMENTS = ["started", "resolved", "starts", "ends", "announced", "postmortem_due"]
AFFECTED = ["all", "srv9", "[srv9, {srv3: degraded}]", "[srv4]", "{a: b}", ""]
FLAGS = ["draft", "redacted", "emergency"]
LENGTHS = ["2h", "15-20 min", "long"]
FIELDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(MOMENTS), TIMES),
        st.tuples(st.just("title"), WORDS),
        st.tuples(st.just("impact"), st.sampled_from(["major", "partial", "slow", "dreadful", "[a]"])),
        st.tuples(st.just("affects"), st.sampled_from(AFFECTED)),
        st.tuples(st.sampled_from(FLAGS), st.sampled_from(["yes", "no", "", "perhaps"])),
        st.tuples(st.just("aliases"), st.sampled_from(["[old-name, older]", "one", "[Not This]"])),
        st.tuples(st.just("tags"), st.sampled_from(["[mail, web]", "a, b", "ünïcode"])),
        st.tuples(st.just("posts"), st.sampled_from(["[{title: It, url: /blog/it/}]", "[{title: x}]"])),
        st.tuples(st.sampled_from(["expected_downtime", "duration"]), st.sampled_from(LENGTHS)),
        st.tuples(st.just("unknown"), WORDS),
    ),
    max_size=7,
    unique_by=lambda field: field[0],
)
UPDATES = st.lists(
    st.tuples(
        TIMES,
        st.sampled_from(
            [
                "",
                "[identified]",
                "[resolved; since 5:30pm]",
                "[completed]",
                "[next update in 30 min]",
                "[impact partial; affects srv3: operational]",
                "[affects srv3: major, in_progress]",
                "[nonsense]",
            ]
        ),
        WORDS,
    ),
    max_size=4,
)


@st.composite
def notes(draw: st.DrawFn) -> str:
    """A note with anything in it that may be right or wrong."""
    fields = "".join(f"{name}: {value}\n" for name, value in draw(FIELDS))
    updates = "".join(f"\nUpdate @ {when} {what}: {text}\n" for when, what, text in draw(UPDATES))
    return f"---\n{fields}---\n{draw(WORDS)}\n{updates}"


@settings(max_examples=400, deadline=None)
@given(
    notes(),
    st.sampled_from([Incident, Maintenance]),
    st.sampled_from(ZONES),
    st.booleans(),
)
@example(INCIDENT.format(title="\udcff é 🙂", head="redacted: true\n"), Incident, ZONE, True)
def test_what_is_kept_of_a_file_is_what_was_read_of_it(
    tmp_path_factory: pytest.TempPathFactory, text: str, kind: Any, zone: Any, has_list: bool
) -> None:
    """Whatever stands in a note: the note, its problems, its card, whether it is a draft."""
    path = "incidents/a.md" if kind is Incident else "maintenance/a.md"
    inventory = INVENTORY if has_list else None
    reading = read_note(text, path=path, kind=kind, zone=zone, inventory=inventory, read_at=NOW)
    file = note_file(FileText(text=text, digest="d"), reading, None, (1, 2, 3, 4), NOW)
    if reading.note is not None:
        back = note_of(packed_note(reading.note))
        assert back == reading.note
        assert repr(back) == repr(reading.note)
    index = ReadingIndex(tmp_path_factory.mktemp("index") / "index", "these")
    other = NoteFile(stamp=(5, 6, 7, 8), digest="e", hidden=True)
    index.keep("c", {"first": other, path: file, "last": other})
    kept = index.load("c")
    is_lasting = not reading.is_ahead_of_clock and (reading.note is not None or reading.hidden)
    assert kept == {"first": other, **({path: file} if is_lasting else {}), "last": other}
    if reading.note is not None and is_lasting:
        card = kept[path].card
        assert card is not None
        assert card.note() == reading.note


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, "instance/status-notes.index"),
        ({"STATUS_INDEX": "else/where"}, "instance/else/where"),
        ({"STATUS_INDEX": "/var/cache/notes"}, "/var/cache/notes"),
        ({"STATUS_INDEX": ""}, None),
        ({"STATUS_INDEX": None}, None),
    ],
)
def test_the_setting_says_where(tmp_path: Path, config: dict[str, Any], expected: str | None) -> None:
    """In the instance folder unless told otherwise; empty for none."""
    (tmp_path / "content").mkdir()
    made = read_settings(config, tmp_path, tmp_path / "instance")
    assert made.index == (tmp_path / expected if expected else None)


def test_the_index_is_not_kept_among_the_notes(tmp_path: Path) -> None:
    """The folder may be public, and what is not announced yet stands in the index."""
    (tmp_path / "content").mkdir()
    with pytest.raises(SettingError, match=r"^STATUS_INDEX: the file lies in the content folder"):
        read_settings({"STATUS_INDEX": str(tmp_path / "content" / "x")}, tmp_path, tmp_path / "instance")


def test_the_documentation_tells_when_and_where() -> None:
    """docs/workers.md, "Starts": the file's name and mode, what it waits for, and the line in the log."""
    page = (Path(__file__).parent.parent / "docs" / "workers.md").read_text("utf-8")
    starts = page.partition("## Starts\n")[2].partition("\n## ")[0]
    default = next(setting.default for setting in SETTINGS if setting.name == "INDEX")
    draft = "of a draft nothing but its file's name"
    for told in (
        f"`{default}`",
        f"mode 0{MODE:o}",
        draft,
        f"when {MANY} notes are missing",
        "for an hour",
        "until it is written again",
    ):
        assert told in " ".join(starts.split())
    assert timedelta(hours=1) == index_keeping.STALE_FOR
    assert f"    {CANNOT_BE_WRITTEN % 'Permission denied'}\n" in starts
