"""Whatever is said of whatever note: every byte that was in its file still is, and it reads as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from golden_notes import KINDS, READ_AT, ZONE, golden_files, inventory
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State
from status_plugin.staff.desk.edit import Reader, with_update
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.desk.time_style import TimeStyle
from status_plugin.staff.desk.word import Word

READER = Reader(zone=ZONE, inventory=inventory(), now=READ_AT)
HOUSE = TimeStyle(zone_word="Eastern")
NOTES = {
    f"{path.parent.name}/{path.name}": path.read_bytes()
    for path in golden_files()
    if READER.read(
        path.read_bytes(), path=f"{path.parent.name}/{path.name}", kind=KINDS[path.parent.name]
    ).note
}

TEXTS = st.sampled_from(
    [
        "It is back.",
        "**Bold** and `code`.",
        "- one\n- two",
        "# Heading\n\nText",
        "---",
        "[link](/x/) first",
        "A: b; c, d [e]",
        "```\ncode\n```",
        "They saw:\n\n```\nUpdate @ 6:50pm: as it was.\n```",
        "Grüße, 10:30",
        "title: no",
        "> quoted",
        "1. one\n2. two",
        ": x",
    ]
)
MINUTES = st.integers(0, 60 * 24 * 3)


def moment(minutes: int) -> Moment:
    """So many minutes before the clock; below zero behind it."""
    return Moment(at=READ_AT - timedelta(minutes=minutes), written="", zone=ZONE)


words = st.fixed_dictionaries(
    {
        "at": MINUTES.map(moment),
        "text": TEXTS,
        "phase": st.none() | st.sampled_from(["first", "middle", "last"]),
        "since": st.none() | st.integers(1, 3000),
        "next_update": st.none() | st.integers(1, 3000),
        "impact": st.none() | st.sampled_from([State.MAJOR_OUTAGE, State.DEGRADED_PERFORMANCE]),
        "affects": st.sampled_from([{}, {"srv9": State.OPERATIONAL}, {"srv9": State.PARTIAL_OUTAGE}]),
    }
)


def word_of(said: dict[str, Any], kind: type[Incident] | type[Maintenance]) -> Word:
    """The word for a note of one kind."""
    phases = list(IncidentPhase if kind is Incident else MaintenancePhase)
    named = {"first": phases[0], "middle": phases[2], "last": phases[-1], None: None}
    at = said["at"].at
    since = said["since"] and replace(said["at"], at=at - timedelta(minutes=said["since"]))
    promised = said["next_update"] and replace(said["at"], at=at + timedelta(minutes=said["next_update"]))
    told = said | {"phase": named[said["phase"]], "since": since, "next_update": promised}
    return Word(**told)


def is_insertion(before: bytes, after: bytes) -> bool:
    """Whether `after` is `before` with something put in at one place."""
    ahead = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    rest = len(before) - ahead
    return len(after) > len(before) and (rest == 0 or after[-rest:] == before[ahead:])


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(NOTES)), st.lists(words, min_size=1, max_size=3))
def test_any_words_change_nothing_else(name: str, said: list[dict[str, Any]]) -> None:
    """Line ends, marks, comments, quotes and order stay to the byte, and what was read is read again."""
    kind, data = KINDS[name.partition("/")[0]], NOTES[name]
    for each in said:
        before = READER.read(data, path=name, kind=kind).note
        assert before is not None
        word = word_of(each, kind)
        try:
            after = with_update(data, before, word, HOUSE, READER)
        except RefusedError:
            assert any(word.at.at < update.at.at for update in before.updates)
            continue
        assert is_insertion(data, after)
        now = READER.read(after, path=name, kind=kind).note
        assert now is not None
        assert len(now.updates) == len(before.updates) + 1
        old = [replace(update, line=0) for update in before.updates]
        assert [update for update in (replace(u, line=0) for u in now.updates) if update in old] == old
        data = after


def test_all_notes_that_can_be_read_take_a_word() -> None:
    """There is no note in the collection that a person could read and a command could not add to."""
    assert len(NOTES) > 100
    for name, data in NOTES.items():
        kind = KINDS[name.partition("/")[0]]
        note = READER.read(data, path=name, kind=kind).note
        assert note is not None
        assert is_insertion(data, with_update(data, note, Word(at=moment(0), text="One."), HOUSE, READER))


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"\xef\xbb\xbf---\ntitle: X\nstarted: 2026-11-21 6am Eastern\n---\n", b"---\n%s\n"),
        (b"---\r\ntitle: X\r\nstarted: 2026-11-21 6am Eastern\r\n---\r\nText.\r\n", b"Text.\r\n\r\n%s\r\n"),
        (b"---\ntitle: X\nstarted: 2026-11-21 6am Eastern\n---\nText.", b"Text.\n\n%s"),
        (b"---\ntitle: X\nstarted: 2026-11-21 6am Eastern\n---\nText.\n\n", b"Text.\n\n%s\n"),
        (b"---\ntitle: X\nstarted: 2026-11-21 6am Eastern\n---\nOne.\r\nTwo.\n", b"One.\r\nTwo.\n\n%s\n"),
        (b"---\ntitle: X\nstarted: 2026-11-21 6am Eastern\n---", b"---\n%s"),
    ],
    ids=["mark", "crlf", "no-last-line-end", "blank-last-line", "mixed", "no-body"],
)
def test_the_file_goes_on_as_it_was(data: bytes, ending: bytes) -> None:
    """The new line ends as the last one does, with one blank line above it."""
    note = READER.read(data, path="incidents/x.md", kind=Incident).note
    assert note is not None
    after = with_update(data, note, Word(at=moment(0), text="One."), HOUSE, READER)
    assert after.startswith(data)
    assert after.endswith(ending % b"Update @ 7:00am Eastern: One.")


@pytest.mark.parametrize(
    "text", ["One.\n\nUpdate @ 6:50pm: Two.", "One.\n**Update at 6:50 p.m.:** Two.", "`open\n", "<!-- hidden"]
)
def test_no_text_passes_for_something_else(text: str) -> None:
    """A text that would be read as more than one update, or hide what follows it, is refused."""
    data = NOTES["incidents/plain.md"]
    note = READER.read(data, path="incidents/plain.md", kind=Incident).note
    assert note is not None
    word = Word(at=moment(0), text=text)
    try:
        after = with_update(data, note, word, HOUSE, READER)
    except RefusedError:
        return
    again = READER.read(after, path="incidents/plain.md", kind=Incident).note
    assert again is not None
    assert [update.text for update in again.updates] == [text.strip()]
