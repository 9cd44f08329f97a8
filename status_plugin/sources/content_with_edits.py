"""The content of the folder of notes, with the marks of edits and the addresses of notes that are gone."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import blake2b

from status_plugin.core.board.cards import Card, Filed, cards_of
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Address, Content
from status_plugin.core.notes.edit import Edit
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.past import NotePast
from status_plugin.sources.background import Background
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.kept_marks import KeptMarks
from status_plugin.sources.note_history import NoteHistory, NotePasts

AT_THE_START = 2.0
"""Seconds that the first reading waits for the history, so that a restart takes no mark off the page."""


class ContentWithEdits:
    """Joins what the folder says and what its history tells; may be read from several threads.

    Reading never raises, and but for the first time it never waits: what is new in the history is joined
    at one of the next readings. While a long history is read for the first time, what was `kept` of it
    stands in for it.
    """

    def __init__(self, folder: ContentFolder, history: NoteHistory, kept: KeptMarks | None = None) -> None:
        self._folder = folder
        self._history = history
        self._kept = kept
        self._stand_in: NotePasts | None = None
        self._is_long = False
        self._keeping: Background[None] | None = None
        self._lock = threading.Lock()
        self._inventory: Inventory | None = None
        self._made_of: tuple[Content, NotePasts] | None = None
        self._content: Content | None = None

    def read(self, now: datetime) -> Content:
        """The content, the very same object as long as folder and history say the same."""
        with self._lock:
            content = self._folder.read(now)
            pasts = self._pasts(content)
            made_of = self._made_of
            if made_of is None or made_of[0] is not content or made_of[1] is not pasts:
                self._made_of, self._content = (content, pasts), with_edits(content, pasts)
                self._leave_behind(self._content, pasts)
            return self._content or content

    def _pasts(self, content: Content) -> NotePasts:
        self._inventory = content.inventory or self._inventory
        if self._inventory is None:
            return NotePasts()
        pasts = self._history.at_hand(self._inventory)
        if self._made_of is None:
            self._history.wait(AT_THE_START)
            pasts = self._history.at_hand(self._inventory)
            self._is_long = self._history.is_being_begun
            self._stand_in = self._kept.pasts() if self._is_long and self._kept else None
        return self._stand_in if self._stand_in and self._history.is_being_begun else pasts

    def _leave_behind(self, content: Content, pasts: NotePasts) -> None:
        """Keep the marks of a history that takes long to read, for the next start; nobody waits for it."""
        is_read = self._is_long and not self._history.is_being_begun
        if self._kept and is_read and not (self._keeping and self._keeping.is_running):
            self._keeping = Background(partial(self._kept.keep, content, pasts), name="status-marks")


def with_edits(content: Content, pasts: NotePasts) -> Content:
    """The content with the marks of all notes that are not redacted, and with what became of addresses.

    An address that a note had under another name of its file leads to the note; one at which nothing is
    left is gone.
    """
    if not (pasts.showing or pasts.once_public):
        return content
    incidents, windows = cards_of(content.incidents), cards_of(content.windows)
    cards = [*incidents, *windows]
    taken = {(card.kind, card.slug) for card in cards} | content.aliases.keys()
    aliases = _former_addresses(cards, pasts, taken)
    there = taken | aliases.keys()
    gone = frozenset() if content.withheld_at is None else pasts.once_public - there - content.withheld_at
    marks = pasts.showing
    marked = replace(
        content,
        incidents=Filed(_with_marks(card, marks) for card in incidents),
        windows=Filed(_with_marks(card, marks) for card in windows),
        aliases={**content.aliases, **aliases},
        gone=gone,
    )
    told = sorted(_told(marked, cards, marks, aliases))
    mark = blake2b("".join(told).encode(errors="replace"), digest_size=8).hexdigest()
    return replace(marked, version=f"{content.version}-{mark}") if told else content


class _Marked:
    """A note with its marks, which are put to it when it is read."""

    __slots__ = ("_card", "_past")

    def __init__(self, card: Card, past: NotePast) -> None:
        self._card = card
        self._past = past

    def read(self) -> Incident | Maintenance:
        """The note."""
        note = self._card.note()
        edits = _edits(self._past)
        updates = tuple(replace(update, edit=edits.get(update.anchor)) for update in note.updates)
        return replace(note, edit=self._past.edit, updates=updates)


def _edits(past: NotePast) -> dict[str, Edit]:
    return {anchor: update.edit for anchor, update in past.updates.items() if update.edit}


def _with_marks(card: Card, marks: Mapping[str, NotePast]) -> Card:
    """The card of the note with its marks, if it has any."""
    past = marks.get(card.path)
    if past is None or card.redacted or not (past.edit or _edits(past)):
        return card
    return card._replace(source=_Marked(card, past))


def _former_addresses(cards: Iterable[Card], pasts: NotePasts, taken: Set[Address]) -> dict[Address, str]:
    """The present slug for each address that a note had before, unless it has become somebody else's."""
    found: dict[Address, str] = {}
    for card in cards:
        past = pasts.showing.get(card.path)
        for name in past.names if past and not card.redacted else ():
            if (card.kind, name) not in taken:
                found.setdefault((card.kind, name), card.slug)
    return found


def _told(
    content: Content, cards: Iterable[Card], marks: Mapping[str, NotePast], aliases: Mapping[Address, str]
) -> Iterator[str]:
    """A line for everything that the history has added."""
    for card in (card for card in cards if card.path in marks and not card.redacted):
        past = marks[card.path]
        if past.edit or _edits(past):
            yield f"{card.path}|{past.edit}|{sorted(_edits(past).items())}\n"
    yield from (f"{kind.__name__}|{name}|{slug}\n" for (kind, name), slug in aliases.items())
    yield from (f"{kind.__name__}|{name}\n" for kind, name in content.gone)
