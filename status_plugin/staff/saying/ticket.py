"""The reply for a ticket: facts, one a line, with the last word and where the next will be."""

from __future__ import annotations

from collections.abc import Iterator

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, WindowItem
from status_plugin.staff.saying.account import Account
from status_plugin.web.facts import INCOMPLETE, Facts
from status_plugin.web.times import Times


def ticket_lines(account: Account, board: Board, times: Times) -> Iterator[str]:
    """The lines of the reply, without a greeting."""
    item = account.item
    yield f"{account.state}." if isinstance(item, AlertItem) else f"{item.title}: {account.standing}."
    if account.state != item.title:
        yield f"{account.state}."
    yield from (line for line in _facts(account, board, times) if line != INCOMPLETE)
    yield from account.doubts
    if account.word:
        said = f" ({times.text(account.word_at)})" if account.word_at else ""
        yield f"The last word{said}: {account.word}" if said else account.word
    if item.next_update:
        at = times.text(item.next_update.at)
        yield (
            f"The next update was promised for {at} and is overdue."
            if item.next_update.overdue
            else (f"Next update: {at}")
        )
    yield f"This is what we know at {times.full(board.now)}. News will be here: {account.address}"


def _facts(account: Account, board: Board, times: Times) -> Iterator[str]:
    facts, item = Facts(times=times, rows=board.rows), account.item
    if isinstance(item, IncidentItem):
        yield from facts.incident_now(item)
    elif isinstance(item, WindowItem):
        yield from facts.window(item)
        if item.began:
            yield f"Began: {times.text(item.began)}"
        if item.ended:
            yield f"Ended: {times.text(item.ended)}"
    elif isinstance(item, AlertItem):
        yield from facts.alert(item, is_over=account.is_over)
