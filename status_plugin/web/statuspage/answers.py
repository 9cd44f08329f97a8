"""The eight answers of Statuspage's public API, each a rendering of the one board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, WindowItem
from status_plugin.web.faces import is_over
from status_plugin.web.statuspage.components import Components
from status_plugin.web.statuspage.ids import identifier
from status_plugin.web.statuspage.story import Story, alert_story, incident_story
from status_plugin.web.statuspage.times import NOBODY_KNOWS, stamp_in, zone_name
from status_plugin.web.statuspage.window_story import window_story
from status_plugin.web.statuspage.words import INDICATOR, description
from status_plugin.web.statuspage.writer import StoryWriter

MOST_RECENT = 50
"""How many entries the two lists of everything hold, as in the original; what is not over is always there."""

Value = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the page answers at one moment.

    `incidents` and `windows` are all public notes, newest first. `page_url` and an item's `address`
    are absolute; `plain` gives the words of a text, and `spoken` says sentences of our own.
    """

    board: Board
    incidents: Iterable[IncidentItem]
    windows: Iterable[WindowItem]
    zone: tzinfo
    page_url: str
    address: Callable[[Item], str]
    plain: Callable[[str], str]
    spoken: Callable[[str], str] = str

    def summary(self) -> Value:
        """All that matters now."""
        return {
            "page": self._page,
            "components": self._components.all,
            "incidents": self._written(self._unresolved),
            "scheduled_maintenances": self._written([*self._active, *self._upcoming]),
            "status": self._status,
        }

    def status(self) -> Value:
        """How it is on the whole."""
        return {"page": self._page, "status": self._status}

    def components(self) -> Value:
        """Every component and group."""
        return {"page": self._page, "components": self._components.all}

    def incidents_all(self) -> Value:
        """The most recent incidents in any phase, newest first."""
        over = _stories([*_latest_over(self.incidents), *filter(is_over, self.board.alerts)])
        stories = _most_recent(self._unresolved, over, _created)
        return {"page": self._page, "incidents": self._written(stories)}

    def incidents_unresolved(self) -> Value:
        """The open incidents and automatic alerts, newest first."""
        return {"page": self._page, "incidents": self._written(self._unresolved)}

    def maintenances_all(self) -> Value:
        """The most recent windows in any phase, newest first."""
        over = _stories(_latest_over(self.windows))
        return self._maintenances(_most_recent([*self._active, *self._upcoming], over, _planned))

    def maintenances_upcoming(self) -> Value:
        """The windows ahead, soonest first."""
        return self._maintenances(self._upcoming)

    def maintenances_active(self) -> Value:
        """The windows under way."""
        return self._maintenances(self._active)

    @cached_property
    def _page(self) -> Value:
        address = urlsplit(self.page_url)
        return {
            "id": self._page_id,
            "name": address.netloc,
            "url": self.page_url,
            "time_zone": zone_name(self.zone),
            "updated_at": stamp_in(self.zone)(self._updated),
        }

    @cached_property
    def _page_id(self) -> str:
        """The page is its address, by whichever scheme it is called."""
        address = urlsplit(self.page_url)
        return identifier("page", address.netloc, address.path)

    @cached_property
    def _status(self) -> Value:
        return {
            "indicator": INDICATOR[self.board.overall.state],
            "description": self.spoken(description(self.board)),
        }

    @cached_property
    def _updated(self) -> datetime:
        """When anything on the page last changed."""
        shown = _stories([*self.board.current, *self.board.scheduled, *self.board.past])
        times = [story.updated for story in shown] + [row.since for row in self.board.rows if row.since]
        return max((at for at in times if at <= self.board.now), default=NOBODY_KNOWS)

    @cached_property
    def _components(self) -> Components:
        return Components(self.board.rows, self._page_id, stamp_in(self.zone))

    @cached_property
    def _unresolved(self) -> list[Story]:
        items = [item for item in self.board.current if isinstance(item, IncidentItem | AlertItem)]
        return sorted(_stories(items), key=_created, reverse=True)

    @cached_property
    def _active(self) -> list[Story]:
        return _stories(item for item in self.board.current if isinstance(item, WindowItem))

    @cached_property
    def _upcoming(self) -> list[Story]:
        return _stories(self.board.scheduled)

    def _maintenances(self, stories: Iterable[Story]) -> Value:
        return {"page": self._page, "scheduled_maintenances": self._written(stories)}

    def _written(self, stories: Iterable[Story]) -> list[Value]:
        writer = StoryWriter(
            page_id=self._page_id,
            components=self._components,
            stamp=stamp_in(self.zone),
            address=self.address,
            plain=self.plain,
            spoken=self.spoken,
        )
        return [writer.story(story) for story in stories]


def _stories(items: Iterable[Item]) -> list[Story]:
    return [_story(item) for item in items]


def _story(item: Item) -> Story:
    if isinstance(item, IncidentItem):
        return incident_story(item)
    if isinstance(item, WindowItem):
        return window_story(item)
    if isinstance(item, AlertItem):
        return alert_story(item)
    raise TypeError(f"no such item on a board: {item!r}")


def _latest_over(items: Iterable[Item]) -> Iterator[Item]:
    """The first that have ended, of entries that run newest first."""
    return islice(filter(is_over, items), MOST_RECENT)


def _most_recent(
    going_on: Sequence[Story], over: Iterable[Story], time: Callable[[Story], datetime]
) -> list[Story]:
    """What is not over and the newest of what is, all of it newest first."""
    newest = sorted(over, key=time, reverse=True)[: max(0, MOST_RECENT - len(going_on))]
    return sorted([*going_on, *newest], key=time, reverse=True)


def _created(story: Story) -> datetime:
    return story.created


def _planned(story: Story) -> datetime:
    return story.scheduled[0] if story.scheduled else story.created
