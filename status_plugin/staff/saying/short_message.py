"""One short message: the state always, and as much else as one message holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, Life, WindowItem
from status_plugin.staff.saying import gsm
from status_plugin.staff.saying.account import Account, state_text
from status_plugin.web.times import Times

ENOUGH = 20
"""A last word that would be cut shorter than this is left out."""

_DOTS = "..."

_AHEAD = 20
"""The weight from which on parts are about what is to come, and stand behind the last word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A part of the message, and how early it is given up: the highest first."""

    text: str
    weight: int


def short_message(account: Account, board: Board, times: Times) -> str:
    """The message; where it does not hold everything the least important goes, and the state never."""
    parts = list(_parts(account, board, times))
    kept = sorted(parts, key=lambda part: part.weight)
    while len(kept) > 1 and not gsm.fits(_joined(parts, kept)):
        kept.pop()
    if not gsm.fits(_joined(parts, kept)):
        return _shortened(account, board)
    facts = _joined(parts, [part for part in kept if part.weight < _AHEAD])
    more = _joined(parts, [part for part in kept if part.weight >= _AHEAD])
    return _with_word(facts, gsm.plain(account.word), more)


def _parts(account: Account, board: Board, times: Times) -> Iterator[_Part]:
    """In the order in which they are read."""
    item = account.item
    yield _Part(text=gsm.plain(_head(account, times)), weight=0)
    if item.next_update and item.next_update.overdue:
        at = times.text(item.next_update.at, short=True)
        yield _Part(text=gsm.plain(f"Update promised for {at} is overdue."), weight=1)
    for number, doubt in enumerate(reversed(account.doubts)):
        yield _Part(text=gsm.plain(doubt), weight=2 + number)
    if item.next_update and not item.next_update.overdue:
        yield _Part(
            text=gsm.plain(f"Next update {times.text(item.next_update.at, short=True)}."), weight=_AHEAD
        )
    yield _Part(text=gsm.plain(account.address), weight=_AHEAD + 1)


def _head(account: Account, times: Times) -> str:
    item = account.item
    if isinstance(item, WindowItem):
        when = times.span(item.note.starts, item.note.ends).striptags()
        if item.life in (Life.CANCELLED, Life.COMPLETED):
            return f"{account.standing}: {item.title}."
        return f"{account.standing}: {account.state}, {when}."
    if not isinstance(item, IncidentItem | AlertItem):
        return f"{account.state}."
    if account.is_over:
        ended = f" {times.text(item.ended, short=True)}" if item.ended else ""
        verb = "Over" if isinstance(item, AlertItem) else account.standing
        return f"{verb}{ended}: {account.state}."
    since = f" since {times.text(item.started, short=True)}" if item.started else ""
    return f"{_standing_of_title(account)}{account.state}{since}."


def _standing_of_title(account: Account) -> str:
    """Where it stands, before a title that says nothing of it; a sentence on what is affected does."""
    return "" if isinstance(account.item, AlertItem) or account.item.affects else f"{account.standing}: "


def _joined(parts: list[_Part], kept: list[_Part]) -> str:
    return " ".join(part.text for part in parts if part in kept)


def _with_word(facts: str, word: str, more: str) -> str:
    """The message with the last word behind the facts, cut at a word if need be."""
    ends = [len(word), *(end for end in range(len(word) - 1, ENOUGH - 1, -1) if word[end] == " ")]
    for end in ends:
        cut = word if end == len(word) else f"{word[:end].rstrip(' ,;:-')}{_DOTS}"
        said = " ".join(filter(None, (facts, cut, more)))
        if gsm.fits(said):
            return said
    return " ".join(filter(None, (facts, more)))


def _shortened(account: Account, board: Board) -> str:
    """The state alone, of names that are too long only the beginning."""
    if isinstance(account.item, AlertItem) or not account.item.affects:
        return _cut(gsm.plain(f"{_standing_of_title(account)}{account.state}"))
    said = ""
    for size in (40, 24, 12, 6):
        said = f"{gsm.plain(state_text(account.item, board, partial(_few, size)))}."
        if gsm.fits(said):
            return said
    return _cut(said)


def _few(size: int, names: list[str]) -> str:
    first = names[0] if len(names[0]) <= size else f"{names[0][:size].rstrip()}{_DOTS}"
    return f"{first} and {len(names) - 1} more" if len(names) > 1 else first


def _cut(text: str) -> str:
    while not gsm.fits(text):
        text = text[:-1] if " " not in text else text[: text.rindex(" ")]
    return text
