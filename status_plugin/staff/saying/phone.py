"""What to say on the phone: three short sentences, with times as words."""

from __future__ import annotations

import re

from status_plugin.core.board.items import AlertItem, IncidentItem, Life, WindowItem
from status_plugin.staff.saying.account import Account
from status_plugin.staff.saying.spoken_times import SpokenTimes, spoken

SPOKEN_WORDS = 25
"""How long the last word may be, in words: more than that nobody takes in by ear."""

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)")


def phone_lines(account: Account, times: SpokenTimes) -> list[str]:
    """The sentences: how it stands, what is in doubt or else was said last, and when there will be more."""
    return [line for line in (_state(account, times), _middle(account, times), _next(account, times)) if line]


def _state(account: Account, times: SpokenTimes) -> str:
    item, state = account.item, account.state
    if isinstance(item, WindowItem):
        return f"{item.title}: {_window(account, item, times)}."
    if not isinstance(item, IncidentItem | AlertItem):
        return f"{state}."
    began = f"It began {times.at(item.started)}" if item.started else "We do not know when it began"
    if not account.is_over:
        return f"{state}. {began}."
    return f"{state}. {began}, and it is over{f'; it ended {times.at(item.ended)}' if item.ended else ''}."


def _window(account: Account, item: WindowItem, times: SpokenTimes) -> str:
    starts, ends = item.note.starts, item.note.ends
    planned = times.span(starts, ends) if starts and ends else "for a time that we do not know"
    match item.life:
        case Life.CANCELLED:
            return "this work is cancelled"
        case Life.SCHEDULED:
            return f"this work is planned {planned}"
        case Life.COMPLETED:
            return f"this work is done{f'; it ended {times.at(item.ended)}' if item.ended else ''}"
        case Life.IN_PROGRESS:
            return f"this work is under way; it is planned {planned}"
        case _:
            return f"{account.standing[:1].lower()}{account.standing[1:]}; it was planned {planned}"


def _middle(account: Account, times: SpokenTimes) -> str:
    """What is in doubt goes before what was said."""
    if account.doubts:
        return spoken(account.doubts[-1])
    item = account.item
    if isinstance(item, WindowItem) and item.life is Life.SCHEDULED and item.note.expected_downtime:
        return f"The expected downtime is {spoken(item.note.expected_downtime.written)}."
    if not account.word:
        return ""
    return f"The last word of our staff is: {_first_sentence(account.word)}"


def _first_sentence(text: str) -> str:
    found = _SENTENCE.match(text)
    words = (found[0] if found else text).split()
    if len(words) <= SPOKEN_WORDS:
        return " ".join(words).rstrip(".") + "."
    return f"{' '.join(words[:SPOKEN_WORDS])} ... and more on our status page."


def _next(account: Account, times: SpokenTimes) -> str:
    promised = account.item.next_update
    if promised is None:
        return "" if account.is_over else "News will be on our status page."
    at = times.at(promised.at)
    if promised.overdue:
        return f"The next word was promised {at}, and is overdue."
    return f"The next word is promised {at}."
