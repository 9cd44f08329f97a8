"""What there is to say of one entry, before it is put into words for an ear, a ticket or a short message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, Life, WindowItem
from status_plugin.core.board.wording import names_text, predicate
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import State
from status_plugin.web.faces import is_over, remarks, standing

UNFINISHED = "Part of this note cannot be read at the moment."


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One entry as its note, the clock and monitoring make it.

    `state` says what is affected and how, without a stop; `doubts` are sentences on what differs, is not
    known or cannot be read; `word` is the newest update, or the description as long as there is none,
    as plain text, and `word_at` when it was said. `address` is where more is told.
    """

    item: Item
    state: str
    standing: str
    doubts: tuple[str, ...]
    word: str
    word_at: Moment | None
    address: str

    @property
    def is_over(self) -> bool:
        """Whether the entry tells of the past."""
        return is_over(self.item)


def account_of(item: Item, board: Board, plain: Callable[[str], str], address: str) -> Account:
    """What there is to say; `plain` turns a note's Markdown into words."""
    word, word_at = "", None
    if item.updates:
        newest = item.updates[0].update
        word, word_at = newest.text, newest.at
    elif isinstance(item, IncidentItem | WindowItem):
        word = item.note.text
    return Account(
        item=item,
        state=state_text(item, board, names_text),
        standing=standing(item),
        doubts=tuple(_doubts(item, board)),
        word=" ".join(plain(word).split()),
        word_at=word_at,
        address=address,
    )


def state_text(item: Item, board: Board, named: Callable[[list[str]], str]) -> str:
    """What is affected and how: "Srv3 is offline and ns3 is slow"; the title where nothing is named.

    `named` puts names in a row.
    """
    if isinstance(item, AlertItem) or not item.affects:
        return item.title
    names = {row.component.slug: row.component.name for row in board.rows}
    by_state: dict[State, list[str]] = {}
    for slug, state in item.affects.items():
        by_state.setdefault(state, []).append(names.get(slug, slug))
    ordered = sorted(by_state.items(), key=lambda entry: entry[0].rank, reverse=True)
    return " and ".join(
        f"{named(some)} {_verb(item, plural=len(some) > 1)} {predicate(state)}" for state, some in ordered
    )


def _verb(item: Item, *, plural: bool) -> str:
    if isinstance(item, WindowItem):
        if item.life is Life.SCHEDULED:
            return "will be"
        if item.life is Life.CANCELLED:
            return "was not to be" if not plural else "were not to be"
    if is_over(item):
        return "were" if plural else "was"
    return "are" if plural else "is"


def _doubts(item: Item, board: Board) -> Iterator[str]:
    yield from remarks(item)
    unseen = [
        row.component.name
        for row in board.rows
        if row.component.slug in item.affects and row.seen is State.UNKNOWN
    ]
    if unseen and not (isinstance(item, WindowItem) and item.life is Life.SCHEDULED):
        verb = "is" if len(unseen) == 1 else "are"
        yield f"Our monitoring cannot tell at present how {names_text(unseen)} {verb}."
    if isinstance(item, IncidentItem | WindowItem) and (item.note.incomplete or item.note.kept_since):
        yield UNFINISHED
