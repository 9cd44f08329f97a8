"""The words of an entry that visitors can read, and so can search for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from status_plugin.core.board.items import AlertItem, IncidentItem, WindowItem
from status_plugin.core.notes.markdown import render, words_of
from status_plugin.core.notes.updates import Update
from status_plugin.core.search.query import folded_texts

# Where these are, what is read may be something else than what is written: comments, links, entities,
# a word half of which is printed bold, and numbers of lists, which count for themselves.
_SIGNS = "<&[`~\\"
_HALF_A_WORD = re.compile(r"[^\s!-/:-@[-`{-~][*_]+[^\s!-/:-@[-`{-~]")
_NUMBERED = re.compile(r"^[\s>*+-]*\d+[.)]\s", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A part of an entry in plain words: what it is about, or one of its updates."""

    words: str
    update: Update | None = None


def passages(item: IncidentItem | WindowItem | AlertItem) -> Iterator[Passage]:
    """What is public of an entry beside its title: what it is about, then its updates, newest first."""
    if isinstance(item, AlertItem):
        return
    if item.note.text:
        yield Passage(words=plain_words(item.note.text))
    for shown in item.updates:
        yield Passage(words=plain_words(shown.update.text), update=shown.update)


def folded_entry(item: IncidentItem | WindowItem | AlertItem) -> str:
    """Title and passages of an entry, ready to be searched."""
    return folded_texts([item.title, *(passage.words for passage in passages(item))])


def plain_words(text: str) -> str:
    """What is read of a text in Markdown; to make HTML of every note first would take minutes."""
    return words_of(render(text)) if _is_marked_up(text) else text


def _is_marked_up(text: str) -> bool:
    if any(sign in text for sign in _SIGNS):
        return True
    if ("*" in text or "_" in text) and _HALF_A_WORD.search(text):
        return True
    return _NUMBERED.search(text) is not None
