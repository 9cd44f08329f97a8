"""The content folder is read whole, read again only where it changed, and no fault of a file stops it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from status_plugin.core.board.cards import cards_of
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.sources import content as content_module
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.content_files import read_file
from status_plugin.sources.listing import is_note_path, list_folder

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
COMPONENTS = "- name: Srv3\n  checks: [Web]\n- name: Srv9\n"
HOUR = timedelta(hours=1)


def incident(title: str = "Srv9 is down", head: str = "", affects: str = "srv9") -> str:
    return (
        f"---\ntitle: {title}\nstarted: 2026-11-20 6:00pm Eastern\nimpact: major\n"
        f"affects: [{affects}]\n{head}---\nBody.\n"
    )


def window(title: str = "New memory") -> str:
    return f"---\ntitle: {title}\nstarts: 2026-12-04 4pm EST\nduration: 2h\naffects: srv9\n---\nBody.\n"


class Folder:
    """A content folder whose files have the times that a test gives them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.source = ContentFolder(root, zone=ZONE)
        self._age = 0

    def write(self, path: str, text: str | bytes) -> None:
        """Writes a file, long enough ago for its stamp to be trusted."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self._age += 1
        os.utime(file, (LONG_AGO + self._age, LONG_AGO + self._age))

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def read(self, after: timedelta = timedelta()) -> Content:
        return self.source.read(NOW + after)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "content")
    made.write("components.yml", COMPONENTS)
    made.write("incidents/2026-11-20-srv9.md", incident())
    made.write("maintenance/2026/memory.md", window())
    return made


def titles(content: Content) -> list[str]:
    return [note.title for note in (*content.incidents, *content.windows)]


def told(content: Content) -> list[str]:
    return [f"{problem.place} {problem.rule}" for problem in content.problems]


def test_everything_is_read(folder: Folder) -> None:
    """Components, incidents and windows, in folders of any depth, with paths inside the folder."""
    content = folder.read()
    assert content.inventory is not None
    assert list(content.inventory.by_slug) == ["srv3", "srv9"]
    assert [(type(n), n.slug, n.path) for n in (*content.incidents, *content.windows)] == [
        (Incident, "2026-11-20-srv9", "incidents/2026-11-20-srv9.md"),
        (Maintenance, "memory", "maintenance/2026/memory.md"),
    ]
    assert (content.problems, content.withheld, content.read_at) == ((), 0, NOW)
    assert content.version


def test_it_is_known_since_when_something_cannot_be_shown(folder: Folder) -> None:
    """From the first moment without it until all is there again, whatever else breaks meanwhile."""
    assert folder.read().gaps_since is None
    folder.write("incidents/broken.md", "no note")
    assert folder.read(timedelta(minutes=1)).gaps_since == NOW + timedelta(minutes=1)
    folder.write("components.yml", "[[[")
    assert folder.read(timedelta(minutes=2)).gaps_since == NOW + timedelta(minutes=1)
    folder.remove("incidents/broken.md")
    assert folder.read(timedelta(minutes=3)).gaps_since is None, "the last list stands for an hour"
    assert folder.read(timedelta(minutes=62)).gaps_since == NOW + timedelta(minutes=62)
    folder.write("components.yml", COMPONENTS)
    assert folder.read(timedelta(minutes=63)).gaps_since is None


def test_the_folders_of_notes_may_be_missing(tmp_path: Path) -> None:
    """A new site has nothing to tell yet, and git keeps no empty folders."""
    folder = Folder(tmp_path)
    folder.write("components.yml", COMPONENTS)
    content = folder.read()
    assert (titles(content), content.problems, content.withheld) == ([], (), 0)


def test_an_unchanged_folder_gives_the_same_object(folder: Folder) -> None:
    """Nothing is read again, and who compares by identity sees that nothing changed."""
    first = folder.read()
    assert folder.read(timedelta(seconds=5)) is first
    assert folder.read(timedelta(days=5)) is first


def test_only_changed_files_are_opened(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at ten thousand notes opens the one that changed."""
    opened: list[str] = []

    def spy(root: Path, path: str, stamp: object) -> object:
        opened.append(path)
        return read_file(root, path, stamp)  # type: ignore[arg-type]

    monkeypatch.setattr(content_module, "read_file", spy)
    folder.source.read(datetime.now(UTC) + timedelta(seconds=10))
    assert len(opened) == 3
    folder.write("incidents/2026-11-20-srv9.md", incident("Srv9 is back"))
    content = folder.source.read(datetime.now(UTC) + timedelta(seconds=20))
    assert opened[3:] == ["incidents/2026-11-20-srv9.md"]
    assert "Srv9 is back" in titles(content)


def test_a_new_note_is_seen_and_a_deleted_one_gone_at_once(folder: Folder) -> None:
    """With a new version each time."""
    first = folder.read()
    folder.write("incidents/new.md", incident("Srv3 is slow"))
    second = folder.read()
    assert titles(second) == ["Srv9 is down", "Srv3 is slow", "New memory"]
    folder.remove("incidents/new.md")
    third = folder.read()
    assert titles(third) == titles(first)
    assert len({first.version, second.version}) == 2
    assert third.version == first.version


def test_the_version_is_that_of_the_words(folder: Folder, tmp_path: Path) -> None:
    """Two workers with the same files agree on it, however the files came to be."""
    other = Folder(tmp_path / "other")
    for path in ("maintenance/2026/memory.md", "incidents/2026-11-20-srv9.md", "components.yml"):
        other.write(path, (folder.root / path).read_text())
    assert other.read().version == folder.read().version
    other.write("incidents/2026-11-20-srv9.md", incident("Srv9 is dowm"))
    assert other.read().version != folder.read().version


def test_a_change_with_the_same_size_and_time_is_seen(folder: Folder) -> None:
    """Tools that preserve times, and edits within one tick of the clock, fool nobody."""
    folder.read()
    path = folder.root / "incidents/2026-11-20-srv9.md"
    before = path.stat()
    path.write_text(incident("Srv9 is back")[: before.st_size].ljust(before.st_size))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_mtime_ns, path.stat().st_size) == (before.st_mtime_ns, before.st_size)
    assert "Srv9 is back" in titles(folder.read())


@pytest.mark.parametrize("seconds", [0, 5])
def test_a_file_written_just_now_is_opened_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """It may have changed once more within one tick of the file system's clock; an older one may not."""
    now = datetime.now(UTC) + timedelta(seconds=seconds)
    folder.source.read(now)
    same_stamps = list_folder(folder.root)
    monkeypatch.setattr(content_module, "list_folder", lambda root: same_stamps)
    folder.write("incidents/2026-11-20-srv9.md", incident("Srv9 is back"))
    is_seen = "Srv9 is back" in titles(folder.source.read(now))
    assert is_seen == (seconds == 0)


def test_touching_a_file_changes_nothing(folder: Folder) -> None:
    """The same words in a new file are the same content."""
    first = folder.read()
    for path in ("components.yml", "incidents/2026-11-20-srv9.md"):
        folder.write(path, (folder.root / path).read_text())
    assert folder.read(timedelta(minutes=1)) is first


def test_a_broken_note_costs_itself_alone(folder: Folder) -> None:
    """It is withheld and named with its line."""
    folder.write("incidents/broken.md", "---\ntitle: x\nno closing fence\n")
    content = folder.read()
    assert titles(content) == ["Srv9 is down", "New memory"]
    assert (content.withheld, told(content)) == (1, ["incidents/broken.md:1:1 fence-missing"])


def test_a_draft_is_neither_shown_nor_a_problem(folder: Folder) -> None:
    """And does not take the address of a note that is shown."""
    folder.write("incidents/2020/2026-11-20-srv9.md", incident("Draft", head="draft: true\n"))
    content = folder.read()
    assert (titles(content), content.withheld, told(content)) == (["Srv9 is down", "New memory"], 0, [])


@pytest.mark.parametrize(
    "broken",
    [
        "---\ntitle: half of the fil",
        "",
        "---\njust words here\n---\nBody.\n",
        b"---\ntitle: x\n---\n\xff\xfe\n",
        b"\0" * 300,
        "x" * 1_000_001,
    ],
    ids=["no fence", "empty", "no fields", "not UTF-8", "NUL", "too large"],
)
def test_a_file_that_breaks_keeps_its_last_reading_for_an_hour(folder: Folder, broken: str | bytes) -> None:
    """Marked with the time since when; after the hour it is withheld, and back when it is mended."""
    folder.read()
    folder.write("incidents/2026-11-20-srv9.md", broken)
    kept = folder.read(timedelta(minutes=10))
    assert titles(kept) == ["Srv9 is down", "New memory"]
    assert kept.incidents[0].kept_since == NOW + timedelta(minutes=10)
    assert kept.withheld == 0
    assert {problem.path for problem in kept.problems} == {"incidents/2026-11-20-srv9.md"}
    assert folder.read(timedelta(minutes=69, seconds=59)) is kept
    late = folder.read(timedelta(minutes=70))
    assert (titles(late), late.withheld) == (["New memory"], 1)
    assert len({kept.version, late.version}) == 2
    folder.write("incidents/2026-11-20-srv9.md", incident("Srv9 is back"))
    mended = folder.read(timedelta(minutes=71))
    assert titles(mended) == ["Srv9 is back", "New memory"]
    assert (mended.incidents[0].kept_since, mended.withheld, mended.problems) == (None, 0, ())


@pytest.mark.parametrize(
    "broken",
    [
        COMPONENTS.replace("name: Srv9", "title: Srv9"),
        COMPONENTS.replace("[Web]", "{Web: HTTP}"),
        COMPONENTS.replace("checks", "cheks"),
        COMPONENTS + "- name: srv3\n",
    ],
)
def test_a_list_with_a_mistake_does_not_replace_a_good_one(folder: Folder, broken: str) -> None:
    """For an hour the good list stands, marked; then what can be read of the other, known not to be whole."""
    good = folder.read()
    folder.write("components.yml", broken)
    kept = folder.read(timedelta(minutes=10))
    assert kept.inventory == good.inventory
    assert kept.inventory_kept_since == NOW + timedelta(minutes=10)
    assert kept.version != good.version
    assert {problem.path for problem in kept.problems} == {"components.yml"}
    assert folder.read(timedelta(minutes=69, seconds=59)) is kept
    late = folder.read(timedelta(minutes=70))
    assert late.inventory is not None
    assert "srv3" in late.inventory.by_slug
    assert (late.inventory.complete, late.inventory_kept_since) == (False, None)
    assert late.version != kept.version
    folder.write("components.yml", COMPONENTS)
    mended = folder.read(timedelta(minutes=71))
    assert (mended.inventory, mended.inventory_kept_since, mended.problems) == (good.inventory, None, ())


def test_a_first_list_with_a_mistake_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    """Where there is no earlier one nobody waits an hour."""
    folder = Folder(tmp_path)
    folder.write("components.yml", COMPONENTS + "- just words\n")
    content = folder.read()
    assert content.inventory is not None
    assert (list(content.inventory.by_slug), content.inventory.complete) == (["srv3", "srv9"], False)
    assert content.inventory_kept_since is None
    assert not content.is_list_whole


def test_the_hour_counts_from_the_first_failure(folder: Folder) -> None:
    """Breaking a file in new ways does not prolong it."""
    folder.read()
    folder.write("incidents/2026-11-20-srv9.md", "broken")
    folder.read(timedelta(minutes=1))
    folder.write("incidents/2026-11-20-srv9.md", "broken otherwise")
    assert folder.read(timedelta(minutes=60)).incidents[0].kept_since == NOW + timedelta(minutes=1)
    assert titles(folder.read(timedelta(minutes=61))) == ["New memory"]


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        (incident(head="draft: true\n"), 0),
        (incident(head="draft: maybe\n"), 1),
        (incident(head="drafts: true\n"), 1),
        (incident(head="anounced: 2027-01-01\n"), 1),
        (incident(head="redacted: soon\n"), 1),
        (incident(head=" draft: true\n"), 1),
        ("---\ntitle: x\ndraft: true\nno closing fence\n", 1),
    ],
)
def test_what_may_be_meant_to_hide_takes_effect_at_once(folder: Folder, text: str, withheld: int) -> None:
    """No last reading stands in for a note that somebody wants to take back."""
    assert titles(folder.read()) == ["Srv9 is down", "New memory"]
    folder.write("incidents/2026-11-20-srv9.md", text)
    content = folder.read()
    assert (titles(content), content.withheld) == (["New memory"], withheld)


def test_redacted_and_announced_take_effect_at_once(folder: Folder) -> None:
    """They are read like any other field."""
    folder.read()
    folder.write("incidents/2026-11-20-srv9.md", incident(head="redacted: true\nannounced: 2027-01-01\n"))
    note = folder.read().incidents[0]
    assert note.redacted
    assert note.announced is not None


def test_a_file_that_cannot_be_opened_is_kept_like_a_broken_one(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permissions and disks fail too; the problem says what the system said."""
    first = folder.read()
    folder.write("incidents/2026-11-20-srv9.md", incident("Newer"))
    real = Path.open

    def refuse(self: Path, *arguments: str) -> object:
        if self.name == "2026-11-20-srv9.md":
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments)

    monkeypatch.setattr(Path, "open", refuse)
    kept = folder.read()
    assert titles(kept) == titles(first)
    assert kept.incidents[0].kept_since == NOW
    assert told(kept) == ["incidents/2026-11-20-srv9.md:1 unreadable-file"]
    assert "Permission denied" in kept.problems[0].message
    assert titles(folder.read(HOUR)) == ["New memory"]
    monkeypatch.undo()
    assert "Newer" in titles(folder.read(HOUR))


def test_a_note_that_vanishes_while_it_is_read_is_gone(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the folder and the look into the file."""
    listing = list_folder(folder.root)
    monkeypatch.setattr(content_module, "list_folder", lambda root: listing)
    folder.remove("incidents/2026-11-20-srv9.md")
    content = folder.read()
    assert (titles(content), content.withheld, content.problems) == (["New memory"], 0, ())


def test_a_lost_folder_keeps_its_notes_for_an_hour(folder: Folder) -> None:
    """An unmounted disk is no reason to say that all is well."""
    folder.read()
    away = folder.root.with_name("away")
    folder.root.rename(away)
    kept = folder.read(timedelta(minutes=5))
    assert titles(kept) == ["Srv9 is down", "New memory"]
    assert {note.kept_since for note in (*kept.incidents, *kept.windows)} == {NOW + timedelta(minutes=5)}
    assert kept.inventory is not None
    assert [problem.rule for problem in kept.problems] == ["unreadable-folder", "no-components"]
    late = folder.read(timedelta(minutes=65))
    assert (titles(late), late.withheld, late.inventory) == ([], 2, None)
    away.rename(folder.root)
    back = folder.read(timedelta(minutes=66))
    assert (titles(back), back.withheld) == (["Srv9 is down", "New memory"], 0)


def test_a_folder_that_never_was_is_a_problem(tmp_path: Path) -> None:
    """Nothing is known, so something is withheld, and all is not well."""
    content = ContentFolder(tmp_path / "nowhere", zone=ZONE).read(NOW)
    assert (content.inventory, content.withheld) == (None, 1)
    assert [problem.rule for problem in content.problems] == ["unreadable-folder", "no-components"]
    file = tmp_path / "file"
    file.write_text("x")
    assert ContentFolder(file, zone=ZONE).read(NOW).withheld == 1


def test_one_folder_of_notes_that_cannot_be_listed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its notes; those of the others are as they are."""
    folder.read()
    real = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "incidents":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    kept = folder.read()
    assert [note.kept_since for note in kept.incidents] == [NOW]
    assert [note.kept_since for note in kept.windows] == [None]
    assert told(kept) == ["incidents:1 unreadable-folder"]
    assert folder.read(HOUR).withheld == 1


def test_two_files_with_one_address(folder: Folder) -> None:
    """The first path is shown, the other withheld and named; incidents and maintenance do not collide."""
    folder.write("incidents/2025/2026-11-20-srv9.md", incident("Older path"))
    folder.write("incidents/2027/2026-11-20 SRV9.md", incident("Same address"))
    folder.write("maintenance/2026-11-20-srv9.md", window("Other kind"))
    content = folder.read()
    assert titles(content) == ["Older path", "Other kind", "New memory"]
    assert content.withheld == 2
    assert [place for place in told(content) if "duplicate" in place] == [
        "incidents/2026-11-20-srv9.md:1 duplicate-slug",
        "incidents/2027/2026-11-20 SRV9.md:1 duplicate-slug",
    ]
    assert "incidents/2025/2026-11-20-srv9.md" in content.problems[-1].message


def test_an_alias_that_is_taken_is_a_problem(folder: Folder) -> None:
    """Nobody's address leads to another note without a word; both notes are shown."""
    folder.write("incidents/b.md", incident("B", head="aliases: [2026-11-20-srv9, old]\n"))
    folder.write("incidents/c.md", incident("C", head="aliases: [old, c]\n"))
    content = folder.read()
    assert len(content.incidents) == 3
    assert told(content) == ["incidents/b.md:1 alias-taken", "incidents/c.md:1 alias-taken"]
    assert {note.slug: note.aliases for note in content.incidents if note.aliases} == {
        "b": ("old",),
        "c": ("c",),
    }


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.md",
        "x.md~",
        "#x.md#",
        ".#x.md",
        ".x.md.swp",
        "x.md.swp",
        "x.md.bak",
        "x.md.orig",
        "README.md",
    ],
)
def test_what_editors_leave_is_passed_over(folder: Folder, name: str) -> None:
    """Without a word."""
    first = folder.read()
    folder.write(f"incidents/{name}", "not a note")
    folder.write(f"{name}", "not a note")
    folder.write("incidents/.obsidian/x.md", "not a note")
    assert folder.read() is first


def test_a_note_under_a_wrong_name_is_a_problem(folder: Folder) -> None:
    """Nothing that staff wrote disappears quietly."""
    folder.write("incidents/srv3.txt", incident())
    folder.write("incidents/UPPER.MD", incident("Read all the same"))
    folder.write("srv3.md", incident())
    folder.write("incident/srv3.md", incident())
    content = folder.read()
    assert "Read all the same" in titles(content)
    assert sorted(told(content)) == [
        "incident:1 misplaced",
        "incidents/UPPER.MD:1:1 file-name",
        "incidents/srv3.txt:1 not-a-note",
        "srv3.md:1 misplaced",
    ]


def test_links_out_of_the_folder_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    """A note cannot show what lies elsewhere; a link to another note inside is a file like any."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(incident("Secret"))
    (folder.root / "incidents/a.md").symlink_to(outside / "secret.md")
    (folder.root / "incidents/b.md").symlink_to(folder.root / "incidents/2026-11-20-srv9.md")
    (folder.root / "incidents/c.md").symlink_to(folder.root / "nowhere.md")
    (folder.root / "incidents/d").symlink_to(outside, target_is_directory=True)
    (folder.root / "incidents/loop").symlink_to(folder.root / "incidents", target_is_directory=True)
    content = folder.read()
    assert [note.slug for note in content.incidents] == ["2026-11-20-srv9", "b"]
    assert sorted(told(content)) == [f"incidents/{name}:1 link" for name in ("a.md", "c.md", "d", "loop")]


def test_a_linked_folder_of_notes_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    """Nor are linked components."""
    (folder.root / "incidents").rename(tmp_path / "incidents")
    (folder.root / "incidents").symlink_to(tmp_path / "incidents", target_is_directory=True)
    (folder.root / "components.yml").rename(tmp_path / "components.yml")
    (folder.root / "components.yml").symlink_to(tmp_path / "components.yml")
    content = folder.read()
    assert (content.incidents, content.inventory, content.withheld) == ((), None, 1)
    assert sorted(told(content)) == [
        "components.yml:1 link",
        "components.yml:1 no-components",
        "incidents:1 unreadable-folder",
    ]


def test_a_file_in_the_place_of_a_folder_of_notes_is_an_error(folder: Folder, tmp_path: Path) -> None:
    """Nobody may take the silence of lost notes for calm."""
    (folder.root / "incidents").rename(tmp_path / "incidents")
    (folder.root / "incidents").write_text("gone")
    content = folder.read()
    assert (content.incidents, content.withheld) == ((), 1)
    assert told(content) == ["incidents:1 unreadable-folder"]


def test_the_folder_itself_may_be_a_link(folder: Folder, tmp_path: Path) -> None:
    """Deployments swap it; what counts is where it leads now."""
    (tmp_path / "current").symlink_to(folder.root, target_is_directory=True)
    source = ContentFolder(tmp_path / "current", zone=ZONE)
    first = source.read(NOW)
    assert len(first.incidents) == 1
    next_release = Folder(tmp_path / "next")
    next_release.write("components.yml", COMPONENTS)
    next_release.write("incidents/next.md", incident("Next"))
    (tmp_path / "new").symlink_to(next_release.root, target_is_directory=True)
    (tmp_path / "new").replace(tmp_path / "current")
    assert titles(source.read(NOW)) == ["Next"]


def test_what_is_no_file_is_passed_over(folder: Folder) -> None:
    """A pipe would make the reader wait for ever."""
    first = folder.read()
    os.mkfifo(folder.root / "incidents/pipe.md")
    (folder.root / "incidents/folder.md").mkdir()
    assert folder.read() is first


def test_a_name_of_any_bytes_can_be_shown(folder: Folder) -> None:
    """Paths go into pages and logs, so they are text without control characters."""
    name = os.fsdecode(b"st\xf6rung\n\x1b[1m.md")
    folder.write(f"incidents/{name}", incident("Odd"))
    folder.write(f"incidents/x{name}", "broken")
    content = folder.read()
    assert "Odd" in titles(content)
    for text in (*(note.path for note in content.incidents), *(str(problem) for problem in content.problems)):
        text.encode()
        assert text.isprintable()


def test_changed_components_have_the_notes_read_again(folder: Folder) -> None:
    """What a name stands for may have changed."""
    folder.write("incidents/srv5.md", incident(affects="srv5"))
    first = folder.read()
    assert told(first) == ["incidents/srv5.md:5:11 unknown-component"]
    assert first.incidents[1].incomplete
    folder.write("components.yml", COMPONENTS + "- name: Srv5\n")
    second = folder.read()
    assert (told(second), list(second.incidents[1].affects)) == ([], ["srv5"])
    folder.write("components.yml", COMPONENTS)
    assert told(folder.read()) == told(first)


def test_a_comment_in_the_components_changes_nothing(folder: Folder) -> None:
    """The notes stay as they were read."""
    first = folder.read()
    folder.write("components.yml", "# more to come\n" + COMPONENTS)
    second = folder.read()
    assert second.inventory == first.inventory
    assert cards_of(second.incidents)[0] is cards_of(first.incidents)[0]


@pytest.mark.parametrize("broken", ["- name: a: b\n", "", "components: []\n", b"\xff\xfe", None])
def test_components_that_break_are_kept_for_an_hour(folder: Folder, broken: str | bytes | None) -> None:
    """Then nothing is known to be public, and the notes say that details are missing."""
    first = folder.read()
    if broken is None:
        folder.remove("components.yml")
    else:
        folder.write("components.yml", broken)
    kept = folder.read(timedelta(minutes=1))
    assert kept.inventory == first.inventory
    assert kept.incidents == first.incidents
    assert [problem.path for problem in kept.problems] == ["components.yml"]
    assert folder.read(timedelta(minutes=60)) is kept
    late = folder.read(timedelta(minutes=61))
    assert late.inventory is None
    assert titles(late) == titles(first)
    assert all(note.incomplete and not note.affects for note in late.incidents)
    folder.write("components.yml", COMPONENTS)
    assert folder.read(timedelta(minutes=62)).incidents == first.incidents


def test_a_time_ahead_of_the_clock_is_forgiven_when_the_clock_has_come(folder: Folder) -> None:
    """Without a change of the file; nothing else depends on when a file was read."""
    ahead = incident().replace("2026-11-20 6:00pm Eastern", "2026-11-21T12:30:00Z")
    folder.write("incidents/2026-11-20-srv9.md", ahead)
    first = folder.read()
    assert told(first) == ["incidents/2026-11-20-srv9.md:3:10 ahead-of-clock"]
    assert titles(first) == ["Srv9 is down", "New memory"]
    assert folder.read(timedelta(minutes=27)) is first
    second = folder.read(timedelta(minutes=28))
    assert (second.problems, second.read_at) == ((), NOW + timedelta(minutes=28))


def lock_index(git: Path, at: datetime) -> Path:
    lock = git / "index.lock"
    lock.write_text("")
    os.utime(lock, (at.timestamp(), at.timestamp()))
    return lock


def make_checkout(root: Path) -> Path:
    git = root / ".git"
    git.mkdir()
    return git


def make_worktree(root: Path) -> Path:
    git = root.parent / "main-checkout" / ".git" / "worktrees" / "content"
    git.mkdir(parents=True)
    (root / ".git").write_text(f"gitdir: {os.path.relpath(git, root)}\n")
    return git


@pytest.mark.parametrize("make", [make_checkout, make_worktree])
@pytest.mark.parametrize("above", [False, True])
def test_while_git_is_at_work_the_last_reading_stands(
    folder: Folder, make: Callable[[Path], Path], above: bool
) -> None:
    """In a checkout, a worktree or a submodule, whether the folder is its root or lies in it."""
    git = make(folder.root.parent if above else folder.root)
    first = folder.read()
    lock = lock_index(git, NOW)
    folder.write("incidents/2026-11-20-srv9.md", "half of a fi")
    assert folder.read(timedelta(seconds=60)) is first
    lock.unlink()
    folder.write("incidents/2026-11-20-srv9.md", incident("Pulled"))
    assert "Pulled" in titles(folder.read(timedelta(seconds=61)))


def test_an_old_lock_is_one_that_a_crash_left(folder: Folder) -> None:
    """After a minute the folder is read all the same."""
    git = make_checkout(folder.root)
    first = folder.read()
    lock_index(git, NOW)
    folder.write("incidents/2026-11-20-srv9.md", incident("Newer"))
    assert folder.read(timedelta(seconds=60)) is first
    assert "Newer" in titles(folder.read(timedelta(seconds=61)))


def test_the_first_reading_does_not_wait_for_git(folder: Folder) -> None:
    """There is nothing that could stand instead."""
    lock_index(make_checkout(folder.root), NOW)
    assert len(folder.read().incidents) == 1


def test_a_reading_into_which_git_came_does_not_count(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock may appear while files are being read."""
    git = make_checkout(folder.root)
    first = folder.read()
    folder.write("incidents/2026-11-20-srv9.md", incident("Half of a pull"))

    def and_git_begins(root: Path, path: str, stamp: object) -> object:
        lock_index(git, NOW)
        return read_file(root, path, stamp)  # type: ignore[arg-type]

    monkeypatch.setattr(content_module, "read_file", and_git_begins)
    assert folder.read() is first
    monkeypatch.undo()
    assert "Half of a pull" in titles(folder.read(timedelta(minutes=2)))


@pytest.mark.parametrize("text", ["gitdir: /nowhere/at/all", "nonsense", b"\xff\xff", ""])
def test_an_odd_git_file_is_no_lock(folder: Folder, text: str | bytes) -> None:
    """The folder is read as if there were no git."""
    folder.write(".git", text)
    folder.read()
    folder.write("incidents/2026-11-20-srv9.md", incident("Newer"))
    assert "Newer" in titles(folder.read())


def test_many_threads_read_one_folder(folder: Folder) -> None:
    """Each gets a whole reading, and all the same one."""
    found: list[Content] = []
    barrier = threading.Barrier(8)

    def read() -> None:
        barrier.wait(timeout=10)
        found.append(folder.read())

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(found) == 8
    assert len({id(content) for content in found}) == 1


def test_reading_grows_with_the_folder_and_not_faster(tmp_path: Path) -> None:
    """Ten times the notes take no more than about ten times as long."""
    times = []
    for count in (60, 600):
        folder = Folder(tmp_path / str(count))
        folder.write("components.yml", COMPONENTS)
        for number in range(count):
            folder.write(f"incidents/{number:05}.md", incident(f"Number {number}"))
        begun = os.times().user
        assert len(folder.read().incidents) == count
        times.append(os.times().user - begun)
    assert times[1] < 30 * max(times[0], 0.02)


def test_a_path_alone_tells_whether_a_file_is_a_note(tmp_path: Path) -> None:
    """What the history takes for a note is what the folder has as one."""
    paths = [
        f"{folder}/{name}"
        for folder in ("incidents", "maintenance", "incidents/2008", "incidents/.hidden", "incidents/old~")
        for name in (
            "a.md",
            "B.MD",
            "c.txt",
            ".d.md",
            "#e.md",
            "f.md~",
            "README.md",
            "readme.old.md",
            "g.md.bak",
        )
    ]
    for path in [*paths, "top.md", "drafts/h.md"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x", encoding="utf-8")
    found = list_folder(tmp_path).notes
    assert len(found) == 6
    assert {path for path in [*paths, "top.md", "drafts/h.md"] if is_note_path(path)} == set(found)
