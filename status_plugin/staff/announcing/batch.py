"""What one run has to tell: the news of a range of commits, or what the clock and monitoring brought."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from status_plugin.core.board.board import board_of
from status_plugin.core.board.changes import Changes, changes, changes_by_the_clock
from status_plugin.core.board.news import News, alert_news
from status_plugin.core.board.standing import standing
from status_plugin.core.board.wording import count_text
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.content import Content
from status_plugin.settings import Settings
from status_plugin.sources.commits import CommitHistory
from status_plugin.sources.summary_text import Snapshot
from status_plugin.web.edition import Edition
from status_plugin.web.newest_first import Notes
from status_plugin.web.state import PluginState

_RANGE = re.compile(r"(?P<old>[^.]|[^.].*[^.])\.\.(?P<new>[^.].*)")
_NOTHING = re.compile(r"0{40}|0{64}")
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git's name for a tree with nothing in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """News of one edition, oldest first; `remarks` are sentences for staff.

    What came `by_the_clock` is told to nobody who was not yet among the recipients at that time.
    """

    edition: Edition
    news: tuple[News, ...]
    by_the_clock: bool
    remarks: tuple[str, ...] = ()


class RangeError(ValueError):
    """What was written is no range of commits; the message says what to write."""


def read_range(text: str) -> tuple[str, str]:
    """The two names in OLD..NEW; raises RangeError."""
    found = _RANGE.fullmatch(text)
    if not found:
        raise RangeError(f"'{text}' is no range of commits. Write OLD..NEW, such as HEAD~1..HEAD.")
    return found["old"], found["new"]


def nothing_to_compare(old: str, new: str) -> str:
    """Why a push that begins or deletes a branch has no news, as git tells its hooks; else empty."""
    if _NOTHING.fullmatch(new):
        return "The branch was deleted: there is nothing to tell."
    if _NOTHING.fullmatch(old):
        return (
            "There is nothing before this push, so that all of it would be new: nobody is told. "
            f"To tell what is open or ahead in it, name git's empty tree: {EMPTY_TREE}..{new}"
        )
    return ""


def batch_of_range(settings: Settings, old: str, new: str, now: datetime) -> Batch:
    """What readers of the old commit learn by the new one; raises CommitError."""
    zone = settings.timezone
    history = CommitHistory.around(settings.content)
    old_tree, new_tree = history.tree(old), history.tree(new)
    content = history.content(new_tree, zone, now)
    before = content if old_tree == new_tree else history.content(old_tree, zone, now)
    found = changes(before, content, now, zone)
    return Batch(
        edition=_edition(content, settings, now),
        news=found.news,
        by_the_clock=False,
        remarks=tuple(_remarks(found, content)),
    )


def batch_of_now(state: PluginState, now: datetime) -> Batch:
    """What nobody wrote: notes whose time has come, windows that begin and end, and automatic alerts."""
    edition = state.station.renew()
    items = [item for notes in edition.notes.values() for item in notes.values()]
    found = [*changes_by_the_clock(items, now, state.settings.timezone)]
    found += alert_news(edition.board.alerts, now)
    news = sorted((one for one in found if not one.is_history(now)), key=lambda one: one.order)
    return Batch(edition=edition, news=tuple(news), by_the_clock=True)


def _remarks(found: Changes, content: Content) -> Iterator[str]:
    """What staff should know, since readers are not told."""
    for old, new in found.renamed:
        slug = re.sub(r".*/|\.md$", "", old)
        yield f"{new} was {old}, whose address leads nowhere now: write aliases: [{slug}] in it."
    for path in found.gone:
        yield (
            f"{path} is no longer there. Readers are not told; to call it off, "
            "put it back with an update that says [cancelled] or [resolved]."
        )
    if content.withheld:
        yield (
            f"{count_text(content.withheld, 'note')} cannot be shown, so nothing is told of what is new "
            "there: flask status check says why."
        )


def _edition(content: Content, settings: Settings, now: datetime) -> Edition:
    """Everything as the notes alone make it: what they said is told, whatever monitoring sees meanwhile."""
    rules = settings.rules
    stand = standing(content, Summary(), Memory(), now, rules.zone)
    return Edition(
        board=board_of(stand, content, rules),
        content=content,
        snapshot=Snapshot(asked_at=now),
        notes={
            "incident": Notes(stand.incidents),
            "maintenance": Notes(stand.windows),
        },
    )
