"""What there is to learn of an item as it stands: each piece of news under a name that it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from status_plugin.core.board.cards import touched
from status_plugin.core.board.items import AlertItem, IncidentItem, Life, ShownUpdate, WindowItem
from status_plugin.core.board.messages import Message, alert_messages, messages_of
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase

NEWS_FOR = timedelta(hours=24)
"""What was said so long ago about something that has been over for as long is history, and no news."""

NoteItem = IncidentItem | WindowItem


class Kind(StrEnum):
    """What readers learn by a piece of news."""

    OPENED = "opened"
    ANNOUNCED = "announced"
    UPDATED = "updated"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"
    BEGUN = "begun"
    DONE = "done"
    SEEN = "seen"
    CLEARED = "cleared"


class Origin(StrEnum):
    """Where a piece of news comes from: a word, a window's times, a note's end, the clock, monitoring."""

    WORD = "word"
    PLAN = "plan"
    END = "end"
    CLOCK = "clock"
    MONITORING = "monitoring"


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """One thing that readers can learn, at the time at which it was said or became true.

    `name` is permanent, that of the feeds' message where there is one; `value` tells apart what may
    come up again under the same name, such as two moves of one window. `update` is the word that says
    it, if one does. `before` is the window as readers know it, where it was moved; `heard` are the
    components whose followers know of the note already, None when nobody does.
    """

    name: str
    kind: Kind
    origin: Origin
    item: NoteItem | AlertItem
    at: datetime
    value: str = ""
    update: ShownUpdate | None = None
    before: WindowItem | None = None
    heard: frozenset[str] | None = None

    @property
    def order(self) -> tuple[datetime, bool, int, str]:
        """Sorts news by time; of one minute the opening goes first, then the updates, then what follows."""
        number = self.update.update.number if self.update else 0
        return self.at.astimezone(UTC), self.origin is not Origin.WORD, number, self.name

    @property
    def components(self) -> frozenset[str]:
        """The components whose followers are told."""
        return frozenset(self.item.affects if isinstance(self.item, AlertItem) else touched(self.item.note))

    def is_history(self, now: datetime) -> bool:
        """Whether nobody needs to hear of it any more."""
        ended = _ended(self.item)
        return ended is not None and max(ended, self.at) < now - NEWS_FOR


def news_of(item: NoteItem, now: datetime, zone: tzinfo) -> Iterator[News]:
    """Everything there is to learn of a note as it stands."""
    messages = list(messages_of(item, now, zone))
    name, last = messages[0].name, messages[-1].at
    was_over = False
    for message in messages:
        phase = message.update.update.phase if message.update else None
        yield News(
            name=message.name,
            kind=_kind_of_word(message, phase, was_over=was_over),
            origin=Origin.WORD,
            item=item,
            at=message.at,
            update=message.update,
        )
        was_over = _is_end(phase) if phase else was_over
    kind = _kind_of_end(item)
    value = "open" if kind is Kind.REOPENED else "over"
    yield News(name=f"{name}/end", kind=kind, origin=Origin.END, item=item, at=last, value=value)
    if isinstance(item, WindowItem):
        yield from _window_news(item, name, last)


def alert_news(alerts: Iterable[AlertItem], now: datetime) -> Iterator[News]:
    """What monitoring has seen for long enough while nobody wrote about it, and what it sees no longer."""
    for message in alert_messages(alerts, now):
        kind = Kind.CLEARED if message.is_over else Kind.SEEN
        yield News(name=message.name, kind=kind, origin=Origin.MONITORING, item=message.item, at=message.at)


def _kind_of_word(message: Message, phase: Phase | None, *, was_over: bool) -> Kind:
    if message.update is None:
        return Kind.OPENED if isinstance(message.item, IncidentItem) else Kind.ANNOUNCED
    if phase is IncidentPhase.RESOLVED:
        return Kind.RESOLVED
    if phase is MaintenancePhase.CANCELLED:
        return Kind.CANCELLED
    if phase is MaintenancePhase.COMPLETED:
        return Kind.DONE
    if was_over and phase and not _is_end(phase):
        return Kind.REOPENED
    return Kind.BEGUN if phase is MaintenancePhase.IN_PROGRESS else Kind.UPDATED


def _is_end(phase: Phase) -> bool:
    if isinstance(phase, IncidentPhase):
        return phase.is_ended
    return phase in (MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED)


def _kind_of_end(item: NoteItem) -> Kind:
    """Whether a note is over by what was written in it."""
    if isinstance(item, IncidentItem):
        return Kind.RESOLVED if item.phase.is_ended else Kind.REOPENED
    return {Life.COMPLETED: Kind.DONE, Life.CANCELLED: Kind.CANCELLED}.get(item.life, Kind.REOPENED)


def _window_news(item: WindowItem, name: str, said: datetime) -> Iterator[News]:
    """The times of a window, and what the clock has brought of them."""
    starts, ends = item.note.starts, item.note.ends
    if starts is None or ends is None:
        return
    begin, end = _machine(starts.at), _machine(ends.at)
    plan = f"{begin}/{end}"
    yield News(name=f"{name}/plan", kind=Kind.PLANNED, origin=Origin.PLAN, item=item, at=said, value=plan)
    # Of a day alone nobody knows when it begins for the work.
    if item.life is Life.DUE and starts.exact:
        yield News(
            name=f"{name}/begun", kind=Kind.BEGUN, origin=Origin.CLOCK, item=item, at=starts.at, value=begin
        )
    if item.life is Life.ENDED_NOT_CONFIRMED and ends.exact:
        yield News(
            name=f"{name}/ended", kind=Kind.DONE, origin=Origin.CLOCK, item=item, at=ends.at, value=end
        )


def _machine(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _ended(item: NoteItem | AlertItem) -> datetime | None:
    """When an item was over, None while it is not."""
    if isinstance(item, AlertItem):
        return item.ended
    if isinstance(item, IncidentItem):
        return item.ended.at if item.ended else None
    if item.life in (Life.COMPLETED, Life.CANCELLED) and item.ended:
        return item.ended.at
    return item.note.ends.at if item.life is Life.ENDED_NOT_CONFIRMED and item.note.ends else None
