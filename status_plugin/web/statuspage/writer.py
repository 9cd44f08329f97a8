"""Writes stories as the incidents and scheduled maintenances of Statuspage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from status_plugin.core.board.items import Item
from status_plugin.core.words import State
from status_plugin.web.statuspage.components import Components
from status_plugin.web.statuspage.ids import item_id, update_id
from status_plugin.web.statuspage.story import Story, StoryUpdate
from status_plugin.web.statuspage.times import Stamp


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryWriter:
    """Writes the stories of one page; `address` is an item's absolute address, `plain` a text's words.

    `spoken` says sentences of our own.
    """

    page_id: str
    components: Components
    stamp: Stamp
    address: Callable[[Item], str]
    plain: Callable[[str], str]
    spoken: Callable[[str], str] = str

    def story(self, story: Story) -> dict[str, Any]:
        """An incident, or a scheduled maintenance if it has a plan."""
        item = story.item
        value = {
            "id": item_id(item),
            "name": self.spoken(item.title),
            "status": story.status,
            "created_at": self.stamp(story.created),
            "updated_at": self.stamp(story.updated),
            "monitoring_at": self.stamp(story.monitoring) if story.monitoring else None,
            "resolved_at": self.stamp(story.resolved) if story.resolved else None,
            "impact": story.impact,
            "shortlink": self.address(item),
            "started_at": self.stamp(story.started),
            "page_id": self.page_id,
            "incident_updates": self._updates(story),
            "components": self.components.of(story.affected),
            "reminder_intervals": None,
        }
        if story.scheduled is not None:
            begins, ends = story.scheduled
            value |= {"scheduled_for": self.stamp(begins), "scheduled_until": self.stamp(ends)}
        return value

    def _updates(self, story: Story) -> list[dict[str, Any]]:
        """The updates, newest first, each with what it changed."""
        told = []
        before: Mapping[str, State] = {}
        for update in story.updates:
            told.append(self._update(story, update, before))
            before = update.claims
        return told[::-1]

    def _update(self, story: Story, update: StoryUpdate, before: Mapping[str, State]) -> dict[str, Any]:
        at = self.stamp(update.at)
        return {
            "id": update_id(story.item, update.key),
            "status": update.status,
            "body": self._body(story.item, update),
            "incident_id": item_id(story.item),
            "created_at": at,
            "updated_at": self.stamp(update.updated),
            "display_at": at,
            "affected_components": self.components.changes(story.affected, before, update.claims),
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def _body(self, item: Item, update: StoryUpdate) -> str:
        """The words of an update; a text without any leaves the title."""
        words = [
            self.spoken(update.before),
            self.plain(update.text),
            " ".join(map(self.spoken, update.sentences)),
        ]
        return "\n".join(filter(None, words)) or f"{self.spoken(item.title)}."
