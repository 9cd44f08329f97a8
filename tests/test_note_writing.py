"""A note's text made of its parts: our reader reads back every part, whatever it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.note import Incident
from status_plugin.core.notes.reader import read_note
from status_plugin.core.notes.writing import field_line, note_text, update_text
from status_plugin.core.words import State

EASTERN = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
INVENTORY = Inventory(components=(Component(slug="srv3", name="Srv3"), Component(slug="null", name="Null")))

titles = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)
pieces = st.lists(
    st.sampled_from([*"ab:#'\"[]{},&*!|>%@`-?~ \\\n\t", "\u2028", "no", "\U0001f525", "U0001F525"]),
    min_size=1,
    max_size=12,
)


def read(text: str) -> Incident:
    """The note, which must have nothing wrong with it."""
    reading = read_note(
        text, path="incidents/x.md", kind=Incident, zone=EASTERN, inventory=INVENTORY, read_at=NOW
    )
    assert [str(problem) for problem in reading.problems] == []
    assert isinstance(reading.note, Incident)
    return reading.note


@settings(max_examples=300, deadline=None)
@given(titles | pieces.map("".join))
def test_every_title_is_read_as_it_was_meant(title: str) -> None:
    """Whatever signs of YAML it holds, a title is one line of text and nothing else."""
    if not title.split():
        return
    fields = {"title": title, "started": "2026-11-20 6:00pm EST", "impact": "major", "tags": [title]}
    note = read(note_text(fields, body="Nothing answers."))
    assert note.title == " ".join(title.split())
    assert note.text == "Nothing answers."


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Srv3 is not responding", "title: Srv3 is not responding"),
        ("It's 2008, and no mail?", "title: It's 2008, and no mail?"),
        ("Srv3: mail is slow", 'title: "Srv3: mail is slow"'),
        ("Ticket #5", 'title: "Ticket #5"'),
        ("null", 'title: "null"'),
        ("Srv3: on fire \U0001f525", 'title: "Srv3: on fire \U0001f525"'),
        ('C:\\U0001F525 is "\U0001f525": full', 'title: "C:\\\\U0001F525 is \\"\U0001f525\\": full"'),
    ],
)
def test_quotes_stand_where_a_person_would_need_them(title: str, line: str) -> None:
    """A file that was made by a command looks as if it had been typed."""
    assert field_line("title", title) == line


def test_a_whole_note_is_laid_out_as_staff_do() -> None:
    """Fields in their order, the text below them, a blank line before each update."""
    text = note_text(
        {
            "title": "Srv3 is down",
            "started": "2026-11-20 6:00pm EST",
            "impact": "major",
            "affects": ["srv3", {"null": "degraded"}],
        },
        body="Nothing answers.\n",
        updates=[
            update_text("6:40pm", "The memory is faulty.", details=["identified", "next update 7pm"]),
            update_text("6:50pm", "- one\n- two"),
        ],
        remark="written by hand",
    )
    assert text == (
        "---\n# written by hand\ntitle: Srv3 is down\nstarted: 2026-11-20 6:00pm EST\nimpact: major\n"
        'affects: [srv3, {"null": degraded}]\n---\nNothing answers.\n\n'
        "Update @ 6:40pm [identified; next update 7pm]: The memory is faulty.\n\n"
        "Update @ 6:50pm:\n\n- one\n- two\n"
    )
    note = read(text)
    assert note.affects == {"srv3": State.MAJOR_OUTAGE, "null": State.DEGRADED_PERFORMANCE}
    assert [update.text for update in note.updates] == ["The memory is faulty.", "- one\n- two"]
