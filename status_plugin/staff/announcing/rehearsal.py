"""`flask status announce --dry-run`: what would be told to whom, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from status_plugin.core.board.news import News
from status_plugin.core.board.wording import count_text
from status_plugin.core.notes.components import Inventory
from status_plugin.staff.announcing.catalogue import Catalogue
from status_plugin.staff.announcing.ledger import Debt
from status_plugin.staff.announcing.recipients import Recipient
from status_plugin.staff.announcing.telling import Teller, debt

NOTHING_NEW = "Nobody has anything new to hear."

_INDENT = "    "


def rehearse(teller: Teller, catalogue: Catalogue, news: Sequence[News]) -> Iterator[str]:
    """The lines; without recipients, what those would be told who follow everything."""
    told: dict[tuple[str, ...], tuple[tuple[News, ...], list[str]]] = {}
    for recipient in teller.recipients:
        for message in teller.messages(recipient, catalogue):
            names = tuple(one.name for one in message)
            told.setdefault(names, (message, []))[1].append(recipient.name)
    if not teller.recipients:
        everything = [owed for owed, state in map(debt, news) if state is Debt.OWED]
        told = {(message[0].name,): (message, []) for message in catalogue.messages(everything)}
    if not told:
        yield NOTHING_NEW
        return
    yield f"{count_text(len(told), 'message')} to send."
    for message, recipients in sorted(told.values(), key=lambda pair: pair[0][0].order):
        yield from _message(message, recipients, catalogue)


def strangers(recipients: Sequence[Recipient], inventory: Inventory) -> Iterator[str]:
    """The tags that are no component's, as sentences."""
    for recipient in recipients:
        for tag in sorted((recipient.tags or frozenset()) - inventory.by_slug.keys()):
            yield f"{recipient.name} follows '{tag}', and no component in components.yml is called so."


def _message(message: Sequence[News], recipients: Sequence[str], catalogue: Catalogue) -> Iterator[str]:
    announcement = catalogue.announcement(message)
    tags = sorted(frozenset().union(*(news.components for news in message)))
    yield ""
    yield announcement.title
    yield f"{_INDENT}News: {', '.join(_event(news) for news in message)}"
    yield f"{_INDENT}Tags: {', '.join(tags) or 'none, so it is for those who follow everything'}"
    if recipients:
        yield f"{_INDENT}To: {'; '.join(recipients)}"
    yield ""
    yield from textwrap.indent(announcement.text, _INDENT * 2).splitlines()


def _event(news: News) -> str:
    return f"{news.kind.value} (update {news.update.update.number})" if news.update else news.kind.value
