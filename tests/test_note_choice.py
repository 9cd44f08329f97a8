"""Which note staff mean by a part of its name, or by what it affects."""

from __future__ import annotations

import pytest

from status_plugin.core.board.items import Item
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.words import State
from status_plugin.staff.note_choice import NoteChoiceError, chosen_note

SLUGS = ["2008-09-03-srv3-memory", "2008-08-25-srv3-crash", "2008-10-15-our-own-site", "srv3"]
INVENTORY = Inventory(components=(Component(slug="website", name="Customer portal"),))


def chosen(part: str | None, open_slugs: list[str]) -> str:
    """The slug that is meant; of the notes our own site alone touches a component."""
    items = [
        Item(slug=slug, title="Down", affects={"website": State.MAJOR_OUTAGE} if "site" in slug else {})
        for slug in SLUGS
    ]
    return chosen_note(part, items, lambda item: item.slug in open_slugs, INVENTORY).slug


@pytest.mark.parametrize(
    ("part", "open_slugs", "meant"),
    [
        ("own-site", [], "2008-10-15-our-own-site"),
        ("Own Site", [], "2008-10-15-our-own-site"),
        ("customer portal", ["srv3"], "2008-10-15-our-own-site"),
        ("2008-08-25-srv3-crash.md", [], "2008-08-25-srv3-crash"),
        ("srv3", ["2008-09-03-srv3-memory"], "srv3"),
        ("2008", ["2008-09-03-srv3-memory"], "2008-09-03-srv3-memory"),
        (None, ["2008-10-15-our-own-site"], "2008-10-15-our-own-site"),
    ],
)
def test_what_is_meant(part: str | None, open_slugs: list[str], meant: str) -> None:
    """A whole name, a part of one, its component, the open one of several, or the only open one."""
    assert chosen(part, open_slugs) == meant


BOTH = "this may be any of them:\n    2008-09-03-srv3-memory: Down\n    2008-08-25-srv3-crash: Down"


@pytest.mark.parametrize(
    ("part", "open_slugs", "said"),
    [
        (None, [], "nothing is open"),
        (None, SLUGS[:2], BOTH),
        ("2008-0", [], BOTH),
        ("srv3-memry", [], "Did you mean 2008-09-03-srv3-memory?"),
        ("nothing like it", [], "`flask status list --all` shows what there is."),
        ("", [], "No note has '' in its name."),
    ],
)
def test_doubts_are_asked_about(part: str | None, open_slugs: list[str], said: str) -> None:
    """Where two could be meant, or none, nothing is guessed, and what there is is named."""
    with pytest.raises(NoteChoiceError, match="note") as caught:
        chosen(part, open_slugs)
    assert said in str(caught.value)
