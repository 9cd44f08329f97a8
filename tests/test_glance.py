"""A large folder is not looked at file by file each second, and yet what is published is seen at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_content_folder import COMPONENTS, LONG_AGO, Folder, incident, titles

from status_plugin.sources import content as content_module
from status_plugin.sources import glance
from status_plugin.sources.listing import Listing, list_folder

LATER = timedelta(days=3650)


class LargeFolder(Folder):
    """A folder that is taken for a large one; `looks` counts how often every file was looked at."""

    looks = 0

    def settle(self) -> None:
        """Give every folder a time long ago, as if nobody had been here for a while."""
        for folder, _, _ in os.walk(self.root):
            os.utime(folder, (LONG_AGO, LONG_AGO))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LargeFolder:
    """A folder whose look at every file is so dear that it rests for minutes afterwards."""
    made = LargeFolder(tmp_path / "content")
    made.write("components.yml", COMPONENTS)
    made.write("incidents/2026/one.md", incident("One"))
    made.write("incidents/2026/two.md", incident("Two"))
    made.settle()

    def counted(root: Path) -> Listing:
        made.looks += 1
        return list_folder(root)

    monkeypatch.setattr(content_module, "list_folder", counted)
    monkeypatch.setattr(glance, "_CHEAP", -1.0)
    monkeypatch.setattr(glance, "_SHARE", 1e9)
    # The kernel's own time of a change cannot be set, and all of this was made just now.
    made.read(LATER)
    assert (made.looks, titles(made.read(LATER))) == (1, ["One", "Two"])
    return made


def test_nothing_new_costs_no_look_at_every_file(folder: LargeFolder) -> None:
    """The folders' own times tell that no file has come, gone or been replaced."""
    before = folder.read(LATER)
    assert all(folder.read(LATER + timedelta(seconds=second)) is before for second in range(1, 20))
    assert folder.looks == 1


def _added(folder: LargeFolder) -> None:
    folder.write("incidents/2026/three.md", incident("Three"))


def _removed(folder: LargeFolder) -> None:
    folder.remove("incidents/2026/two.md")


def _replaced(folder: LargeFolder) -> None:
    other = folder.root.parent / "new.md"
    other.write_text(incident("Another"), encoding="utf-8")
    other.replace(folder.root / "incidents/2026/two.md")


def _added_in_a_new_folder(folder: LargeFolder) -> None:
    folder.write("incidents/2027/three.md", incident("Three"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_added, ["One", "Three", "Two"]),
        (_removed, ["One"]),
        (_replaced, ["One", "Another"]),
        (_added_in_a_new_folder, ["One", "Two", "Three"]),
    ],
)
def test_what_git_or_an_editor_puts_there_is_seen_at_once(
    folder: LargeFolder, change: Callable[[LargeFolder], None], expected: list[str]
) -> None:
    """A commit, a new note, or a file put in another's place does not wait for the rest to end."""
    change(folder)
    assert titles(folder.read(LATER)) == expected


def test_a_text_changed_in_its_place_is_found_after_the_rest(
    folder: LargeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not change its folder, so it takes until every file is looked at again."""
    folder.write("incidents/2026/two.md", incident("Two, in other words"))
    assert titles(folder.read(LATER)) == ["One", "Two"]
    monkeypatch.setattr(glance.time, "monotonic", lambda: float("inf"))
    assert titles(folder.read(LATER)) == ["One", "Two, in other words"]


def test_a_small_folder_never_rests(tmp_path: Path) -> None:
    """Where a look at every file costs next to nothing, every change is found at once."""
    small = Folder(tmp_path / "content")
    small.write("components.yml", COMPONENTS)
    small.write("incidents/one.md", incident("One"))
    small.read()
    small.write("incidents/one.md", incident("One, in other words"))
    assert titles(small.read()) == ["One, in other words"]


def test_a_folder_changed_just_now_is_not_trusted(folder: LargeFolder) -> None:
    """Two changes within one tick of the clock leave one and the same time."""
    listing = list_folder(folder.root)
    changed = max(stamp[1] for stamp in listing.folders.values() if stamp) / 1e9
    soon, late = (datetime.fromtimestamp(changed + after, UTC) for after in (1, 10))
    assert not glance.Glance.after(listing, 1.0, soon).suffices(folder.root)
    assert glance.Glance.after(listing, 1.0, late).suffices(folder.root)
