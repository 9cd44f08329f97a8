"""Tells everybody what they have yet to hear, each thing once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from status_plugin.core.board.news import Kind, News
from status_plugin.staff.announcing.batch import Batch
from status_plugin.staff.announcing.catalogue import Catalogue
from status_plugin.staff.announcing.ledger import Debt, Ledger, Owed
from status_plugin.staff.announcing.recipients import Outcome, Recipient

_SETTLED = {Outcome.TOLD: Debt.TOLD, Outcome.NOT_TOLD: Debt.OWED, Outcome.IN_DOUBT: Debt.IN_DOUBT}


def debt(news: News) -> tuple[Owed, Debt]:
    """How news is noted: the times of a window are told by what announces it."""
    is_told = news.kind is Kind.PLANNED
    return Owed(name=news.name, value=news.value), Debt.TOLD if is_told else Debt.OWED


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """Owes news to those who follow it, and tells them what they are owed; `say` reports to staff.

    Whoever has `failed` is left alone until the next run, so that nobody hears of things out of turn.
    """

    recipients: Sequence[Recipient]
    ledger: Ledger
    now: datetime
    say: Callable[[str], None]
    failed: set[str] = field(default_factory=set)

    def owe(self, batch: Batch) -> None:
        """Note what is to be told to whom; whatever happens from now on, the next run can make up for it."""
        for recipient in self.recipients:
            mark = self.ledger.mark(recipient.address)
            since = self.ledger.meet(mark, self.now)
            news = (
                one
                for one in batch.news
                if recipient.is_told(one) and (one.at > since or not batch.by_the_clock)
            )
            self.ledger.owe(mark, map(debt, news), self.now)

    def messages(self, recipient: Recipient, catalogue: Catalogue) -> list[tuple[News, ...]]:
        """What this recipient has yet to hear and can be told now."""
        return catalogue.messages(self.ledger.owed(self.ledger.mark(recipient.address), self.now))

    def take_stock(self, *, again: bool) -> bool:
        """Look at what earlier runs have left behind; whether all is well with it.

        What may have arrived or may not is sent `again`, or else never.
        """
        names = {self.ledger.mark(recipient.address): recipient.name for recipient in self.recipients}
        doubtful, late = self.ledger.doubt(self.now), self.ledger.age(self.now)
        if again:
            self.ledger.tell_again(self.now)
            doubtful = []
        for mark in doubtful:
            self.say(
                f"A run was killed while it told {names.get(mark, 'somebody')}. Nobody knows whether that "
                "arrived, so it is not sent again; --again sends it."
            )
        for mark in late:
            self.say(f"{names.get(mark, 'Somebody')} could not be told for a day; what is older is given up.")
        return not doubtful and not late

    def tell(self, catalogue: Catalogue, stop: threading.Event) -> bool:
        """Tell everybody everything; whether nothing was left untold or in doubt."""
        is_well = True
        for recipient in self.recipients:
            for message in self.messages(recipient, catalogue):
                if recipient.address in self.failed:
                    break
                if stop.is_set():
                    self.say("Stopped. What is left is told by the next run.")
                    return False
                if self._send(recipient, message, catalogue) is not Outcome.TOLD:
                    self.failed.add(recipient.address)
                    is_well = False
        return is_well

    def _send(self, recipient: Recipient, message: Sequence[News], catalogue: Catalogue) -> Outcome:
        mark, names = self.ledger.mark(recipient.address), [news.name for news in message]
        announcement = catalogue.announcement(message)
        outcome, answer = recipient.send(
            announcement, lambda: self.ledger.settle(mark, names, Debt.LEAVING, self.now)
        )
        self.ledger.settle(mark, names, _SETTLED[outcome], self.now)
        if outcome is Outcome.TOLD:
            self.say(f"Told {recipient.name}: {announcement.title}")
        elif outcome is Outcome.NOT_TOLD:
            self.say(f"Not told {recipient.name}: {announcement.title}. {answer} The next run tries again.")
        else:
            self.say(
                f"Perhaps told {recipient.name}: {announcement.title}. {answer} Nobody knows whether it "
                "arrived, so it is not sent again; --again sends it."
            )
        return outcome
