"""Which changes of a note are marked, and which nobody needs to know of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from status_plugin.core.notes.components import read_components
from status_plugin.core.notes.edit import EditKind
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.past import NotePast
from status_plugin.core.notes.reader import read_note

GOLDEN = Path(__file__).parent / "golden" / "edits"
FILES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.yml"))}
CASES = [
    pytest.param(file, change, id=f"{stem}: {name}")
    for stem, file in FILES.items()
    for name, change in file["changes"].items()
]
INVENTORY, _ = read_components("- name: Srv3\n- name: Srv9\n- name: ns3\n", path="components.yml")
PUBLISHED = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
LATER = PUBLISHED + timedelta(hours=1)


def read(file: dict[str, Any], text: str) -> Incident | Maintenance:
    """The note in a text."""
    kind = Incident if file["kind"] == "incidents" else Maintenance
    reading = read_note(
        text,
        path=f"{file['kind']}/note.md",
        kind=kind,
        zone=ZoneInfo("America/New_York"),
        inventory=INVENTORY,
        read_at=LATER,
    )
    assert reading.note is not None
    return reading.note


def marks(past: NotePast) -> dict[str, list[str]]:
    """The kinds of each mark, by the update's anchor or `note`."""
    found = {"note": past.edit} | {anchor: update.edit for anchor, update in past.updates.items()}
    return {name: [kind.value for kind in edit.kinds] for name, edit in found.items() if edit}


@pytest.mark.parametrize(("file", "change"), CASES)
def test_a_change_is_marked_by_what_visitors_could_see(file: dict[str, Any], change: dict[str, Any]) -> None:
    """The mark names the kinds of fact that differ, and stands where they do."""
    text = file["note"]
    changed = text.replace(change["from"], change["to"]) if "from" in change else text
    assert (changed != text) is ("from" in change), "the case changes the note"
    before = read(file, text)
    past = NotePast.of_new(before, PUBLISHED).then(before, read(file, changed), LATER)
    assert marks(past) == change["marks"]


@pytest.mark.parametrize(("file", "change"), CASES)
def test_ten_minutes_are_for_corrections(file: dict[str, Any], change: dict[str, Any]) -> None:
    """What is changed right after its publication is not marked, whatever it is; a second later it is."""
    before = read(file, file["note"])
    after = read(file, file["note"].replace(change.get("from", ""), change.get("to", "")))
    past = NotePast.of_new(before, PUBLISHED)
    in_time = PUBLISHED + timedelta(minutes=10)
    assert marks(past.then(before, after, in_time)) == {}
    assert bool(marks(past.then(before, after, in_time + timedelta(seconds=1)))) is bool(change["marks"])


def test_each_update_has_ten_minutes_of_its_own() -> None:
    """A new update of an old note may be corrected, and the old words around it may not."""
    file = FILES["incident"]
    texts = [file["note"]]
    texts.append(texts[0] + "\nUpdate @ 8pm: It is bakc.\n")
    texts.append(texts[1].replace("bakc", "back").replace("Mail is", "All is"))
    one, two, three = (read(file, text) for text in texts)
    past = NotePast.of_new(one, PUBLISHED).then(one, two, LATER)
    past = past.then(two, three, LATER + timedelta(minutes=5))
    assert marks(past) == {"update-20261121T002000Z": ["wording"]}
    assert past.updates["update-20261121T010000Z"].public_since == LATER
    assert past.updates["update-20261121T002000Z"].public_since == PUBLISHED


def test_a_mark_tells_the_last_time_and_everything() -> None:
    """Who changes words twice has changed both, and the reader learns when that was over."""
    file = FILES["incident"]
    texts = [file["note"], file["note"].replace("not responding", "slow")]
    texts.append(texts[1].replace("[srv3, srv9]", "[srv3]"))
    one, two, three = (read(file, text) for text in texts)
    past = NotePast.of_new(one, PUBLISHED).then(one, two, LATER).then(two, three, LATER + timedelta(hours=1))
    assert past.edit is not None
    assert past.edit.kinds == (EditKind.TITLE, EditKind.AFFECTED)
    assert past.edit.at == LATER + timedelta(hours=1)


def test_what_was_public_before_anybody_can_tell_is_marked() -> None:
    """Where the first publication is not known it was long ago."""
    file = FILES["incident"]
    one, two = read(file, file["note"]), read(file, file["note"].replace("is gone", "is lost"))
    past = NotePast.of_new(one, None).then(one, two, PUBLISHED)
    assert marks(past) == {"update-20261120T234000Z": ["wording"]}


QUIET = {
    "a comment in the head": lambda text: text.replace("impact:", "# nobody reads this\nimpact:", 1),
    "a comment behind a value": lambda text: text.replace("6:00pm Eastern\n", "6:00pm Eastern  # sure?\n", 1),
    "a comment in the text": lambda text: text.replace("Web,", "<!-- zz -->\nWeb,", 1),
    "blank lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "blanks at ends": lambda text: text.replace(".\n", ".  \n"),
    "more blanks": lambda text: text.replace("memory\n", "memory \n"),
    "one line": lambda text: text.replace("memory\nis", "memory is"),
    "CRLF": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "LF": lambda text: text.replace("\r\n", "\n"),
    "a list": lambda text: text.replace("\nUpdate @", "\n- Update @"),
    "quotation marks": lambda text: text.replace(
        "title: Srv3 is not responding", "title: 'Srv3 is not responding'"
    ),
    "the order of keys": lambda text: text.replace("tags: [memory]\n", "").replace(
        "---\n", "---\ntags: [memory]\n", 1
    ),
    "capital keys": lambda text: text.replace("started:", "Started:"),
    "a byte-order mark": lambda text: text if text.startswith("\ufeff") else "\ufeff" + text,
    "the end of the file": lambda text: text.rstrip() + "\n\n\n",
}


@given(st.lists(st.sampled_from(sorted(QUIET)), max_size=12))
def test_white_space_and_comments_never_make_a_mark(names: list[str]) -> None:
    """However often a note is tidied up, in whatever order, readers are not told of it."""
    file, text, at = FILES["incident"], FILES["incident"]["note"], PUBLISHED
    note = read(file, text)
    past = NotePast.of_new(note, at)
    for name in names:
        at += timedelta(days=1)
        text = QUIET[name](text)
        tidied = read(file, text)
        past, note = past.then(note, tidied, at), tidied
    assert marks(past) == {}
    spoilt = read(file, text.replace("is gone", "is lost"))
    assert marks(past.then(note, spoilt, at + timedelta(days=1))), "and a word makes one"
