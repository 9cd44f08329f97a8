"""A calendar of maintenance windows in iCalendar (RFC 5545, with the names of RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

from icalendar import Alarm, Calendar, Event, vDuration, vText, vUri

from status_plugin.core.board.items import Life, WindowItem
from status_plugin.core.board.revisions import revision_of
from status_plugin.core.times.moments import Moment
from status_plugin.web.addresses import item_address
from status_plugin.web.faces import is_over, planned_word
from status_plugin.web.facts import Facts
from status_plugin.web.feed_entries import copy_line
from status_plugin.web.language import Language
from status_plugin.web.permanent_ids import permanent_id
from status_plugin.web.prose import Prose

_PRODUCT = "-//status_plugin//Network Status//EN"
_ASK_EVERY = timedelta(hours=1)
_ALARM_BEFORE = timedelta(hours=1)
_ALARM_BEFORE_DAY = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarWriter:
    """Writes windows as events; `copy` is the address of the copy elsewhere, empty for none.

    Times are in UTC: every program reads them, and none can be wrong about a clock change.
    """

    prose: Prose
    facts: Facts
    copy: str

    def subscription(self, name: str, address: str, items: Iterable[WindowItem]) -> bytes:
        """A calendar to subscribe to at `address`."""
        calendar = Calendar()
        calendar.add("name", name)
        calendar.add("x-wr-calname", vText(name))
        calendar.add("source", vUri(address), parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", vDuration(_ASK_EVERY), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(_ASK_EVERY))
        return self._filled(calendar, items)

    def single(self, item: WindowItem) -> bytes:
        """One window to take over into a calendar."""
        return self._filled(Calendar(), [item])

    def _filled(self, calendar: Calendar, items: Iterable[WindowItem]) -> bytes:
        """The calendar as a file; a window without a start has no place in it."""
        calendar.add("version", "2.0")
        calendar.add("prodid", _PRODUCT)
        for item in items:
            if item.note.starts:
                calendar.add_component(self._event(item, item.note.starts))
        return cast(bytes, calendar.to_ical())

    def _event(self, item: WindowItem, starts: Moment) -> Event:
        revision = revision_of(item, self.facts.times.now, self.facts.times.zone)
        is_cancelled = item.life is Life.CANCELLED
        title = self._language.say("Cancelled: {title}", title=item.title) if is_cancelled else item.title
        event = Event()
        event.add("uid", permanent_id(f"maintenance/{item.note.first_slug}"))
        event.add("sequence", revision.sequence)
        event.add("dtstamp", revision.stamp.astimezone(UTC))
        if revision.modified:
            event.add("last-modified", revision.modified.astimezone(UTC))
        begin, end = _span(starts, item.note.ends)
        event.add("dtstart", begin)
        if end is not None:
            event.add("dtend", end)
        event.add("summary", title)
        event.add("description", self._description(item))
        event.add("url", item_address(item, absolute=True))
        event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
        # It is news, no appointment: nobody is busy because of it.
        event.add("transp", "TRANSPARENT")
        if not is_over(item):
            event.add_component(_alarm(title, begin))
        return event

    def _description(self, item: WindowItem) -> str:
        """What the window's page says, as plain text: the facts, the latest update, and the text."""
        kind = [self._language.spoken(planned_word(item))] if item.note.emergency else []
        facts = [*kind, *self.facts.window(item)]
        parts = ["\n".join(facts)]
        parts += [
            f"{self.facts.update_head(shown)}: {self.prose.plain(shown.update.text)}"
            for shown in item.updates[:1]
        ]
        parts += [self.prose.plain(item.note.text), item_address(item, absolute=True)]
        parts += [copy_line(self.copy, self._language)] if self.copy else []
        return "\n\n".join(filter(None, parts))

    @property
    def _language(self) -> Language:
        return self.facts.times.language


def _span(starts: Moment, ends: Moment | None) -> tuple[date, date | None]:
    """Begin and end of an event: days when only the day of the start is known; no end is invented."""
    if not starts.is_date_alone:
        return starts.at, ends.at if ends else None
    last = ends.local.date() if ends else starts.local.date()
    return starts.local.date(), last + timedelta(days=1)


def _alarm(title: str, begin: date) -> Alarm:
    """A hint to remind the reader in time."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -(_ALARM_BEFORE if isinstance(begin, datetime) else _ALARM_BEFORE_DAY))
    return alarm
