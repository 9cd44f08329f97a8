"""docs/edits.md says what the code does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import yaml
from test_documentation import part

from status_plugin.core.notes.edit import Edit, EditKind
from status_plugin.core.notes.past import CORRECTED_WITHIN
from status_plugin.sources.content_with_edits import AT_THE_START
from status_plugin.web.edited import edited_kinds

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "edits.md").read_text("utf-8")
WORDS = " ".join(PAGE.split())


def test_every_kind_is_explained_in_the_words_of_the_mark() -> None:
    """Who wonders what a mark means finds its very words, in the order in which they stand."""
    some = Edit.after(None, EditKind, datetime(2026, 11, 20, tzinfo=UTC))
    table = PAGE.partition("| the mark says |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| ([a-z][a-z ]+) \|", table, re.MULTILINE)
    assert ", ".join(told) == edited_kinds(some)


def test_the_figures() -> None:
    """The numbers on the page are those that count."""
    assert f"within {CORRECTED_WITHIN.seconds // 60} minutes of the publication" in WORDS
    assert f"waits for it for {AT_THE_START:.0f} seconds at most" in WORDS


def test_what_is_no_edit_is_tried() -> None:
    """Each change that is said to make no mark is a case that makes none."""
    changes = yaml.safe_load((ROOT / "tests/golden/edits/incident.yml").read_text("utf-8"))["changes"]
    quiet = {name for name, change in changes.items() if not change["marks"]}
    tried = {
        "A new update": "one more update",
        "`resolved:`": "that it is over",
        "comments": "a comment in the text",
        "blank lines": "blank lines",
        "the order of keys": "the order of keys",
        "quotation marks": "quotation marks",
        "another way to write the same time": "the same time in other words",
        "`tags`": "tags",
        "`aliases`": "an alias",
        "Posts": "a post",
    }
    told = part(PAGE, "## What is no edit")
    assert all(words in " ".join(told.split()) for words in tried)
    assert set(tried.values()) <= quiet
