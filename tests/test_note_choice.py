"""Which note staff mean by a part of its name."""

from __future__ import annotations

import pytest

from status_plugin.staff.note_choice import NoteChoiceError, chosen_slug

SLUGS = ["2008-09-03-srv3-memory", "2008-08-25-srv3-crash", "2008-10-15-our-own-site", "srv3"]


@pytest.mark.parametrize(
    ("part", "open_slugs", "meant"),
    [
        ("own-site", [], "2008-10-15-our-own-site"),
        ("Own Site", [], "2008-10-15-our-own-site"),
        ("2008-08-25-srv3-crash.md", [], "2008-08-25-srv3-crash"),
        ("srv3", ["2008-09-03-srv3-memory"], "srv3"),
        ("2008", ["2008-09-03-srv3-memory"], "2008-09-03-srv3-memory"),
        (None, ["2008-10-15-our-own-site"], "2008-10-15-our-own-site"),
    ],
)
def test_what_is_meant(part: str | None, open_slugs: list[str], meant: str) -> None:
    """A whole name, a part that one name has, the open one of several, or the only open one."""
    assert chosen_slug(part, SLUGS, open_slugs) == meant


@pytest.mark.parametrize(
    ("part", "open_slugs", "said"),
    [
        (None, [], "nothing is open"),
        (None, SLUGS[:2], "more than one is open: 2008-09-03-srv3-memory, 2008-08-25-srv3-crash."),
        ("2008-0", [], "'2008-0' is in more than one name: 2008-09-03-srv3-memory, 2008-08-25-srv3-crash."),
        ("srv3-memry", [], "Did you mean"),
        ("", [], "No note has '' in its name."),
    ],
)
def test_doubts_are_asked_about(part: str | None, open_slugs: list[str], said: str) -> None:
    """Where two could be meant, or none, nothing is guessed, and what there is is named."""
    with pytest.raises(NoteChoiceError, match="note") as caught:
        chosen_slug(part, SLUGS, open_slugs)
    assert said in str(caught.value)
