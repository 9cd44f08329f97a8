"""What is said to those who subscribe: each message once, under a name that it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from status_plugin.core.board.items import AlertItem, IncidentItem, ShownUpdate, WindowItem
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One word about an item: its opening (`update` is None), an update, or that it `is_over`.

    `name` is permanent and unlike that of any other message. `at` is when it was said, never ahead of
    the board; when nobody wrote that, `is_dated` is False and `at` the beginning of the board's day.
    """

    name: str
    item: IncidentItem | WindowItem | AlertItem
    at: datetime
    is_dated: bool = True
    update: ShownUpdate | None = None
    is_over: bool = False

    @property
    def order(self) -> tuple[float, int, str]:
        """Sorts messages by time; the opening word of a note goes before an update of the same minute."""
        return self.at.timestamp(), self.update.update.number if self.update else 0, self.name


def messages_of(item: IncidentItem | WindowItem, now: datetime, zone: tzinfo) -> Iterator[Message]:
    """Everything that was said of a note so far, its opening word first.

    A name is made of the note's first slug and the update's number, so that neither a corrected time or
    text nor a new name of the file makes an old message new. An update whose time lies ahead of the
    clock by mistake is told with the time of the message before it.
    """
    name = f"{'incident' if isinstance(item, IncidentItem) else 'maintenance'}/{item.note.first_slug}"
    opening = _opening(item, name, now, zone)
    yield opening
    last = opening.at
    for shown in reversed(item.updates):
        last = last if shown.ahead else shown.update.at.at
        yield Message(name=f"{name}/{shown.update.number}", item=item, at=last, update=shown)


def end_messages(item: IncidentItem | WindowItem, now: datetime) -> Iterator[Message]:
    """That an incident is over, where its front matter says so and no update does."""
    if not isinstance(item, IncidentItem) or item.note.resolved is None or item.ended is None:
        return
    phases = [shown.update.phase for shown in item.updates]
    if any(isinstance(phase, IncidentPhase) and phase.is_ended for phase in phases):
        return
    yield Message(
        name=f"incident/{item.note.first_slug}/end", item=item, at=min(item.ended.at, now), is_over=True
    )


def alert_messages(alerts: Iterable[AlertItem], now: datetime) -> Iterator[Message]:
    """That monitoring sees something and, later, that it is over; what passes at once is not told."""
    for alert in alerts:
        if alert.announced_from is None or alert.announced_from > now:
            continue
        yield Message(name=f"alert/{alert.slug}", item=alert, at=alert.announced_from)
        if alert.ended is not None:
            yield Message(name=f"alert/{alert.slug}/over", item=alert, at=alert.ended, is_over=True)


def beginning_of_day(now: datetime, zone: tzinfo) -> datetime:
    """The time of what nobody dated: not ahead of now, and the same for everybody all day."""
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)


def _opening(item: IncidentItem | WindowItem, name: str, now: datetime, zone: tzinfo) -> Message:
    """The first word was said when the note was announced, else when the first thing in it happened."""
    note = item.note
    begun = item.started if isinstance(item, IncidentItem) else item.note.starts
    happened: list[Moment | None] = [begun, *(shown.update.at for shown in item.updates[-1:])]
    times = [moment.at for moment in ([note.announced] if note.announced else happened) if moment]
    if times and min(times) <= now:
        return Message(name=name, item=item, at=min(times))
    return Message(name=name, item=item, at=beginning_of_day(now, zone), is_dated=False)
