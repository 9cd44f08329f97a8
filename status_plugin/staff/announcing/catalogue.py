"""Finds news by name, and writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from status_plugin.core.board.items import Item
from status_plugin.core.board.news import Kind, News, NoteItem, news_of
from status_plugin.settings import Settings
from status_plugin.staff.announcing.batch import Batch
from status_plugin.staff.announcing.ledger import Owed
from status_plugin.web.addresses import complete_address, site_address
from status_plugin.web.announcements import Announcement, AnnouncementWriter
from status_plugin.web.facts import Facts
from status_plugin.web.language import ENGLISH, Language
from status_plugin.web.prose import Prose
from status_plugin.web.times import Times


class Catalogue:
    """All that can be told of a batch's edition; addresses come from the request that is under way."""

    def __init__(self, batch: Batch, settings: Settings, now: datetime, language: Language = ENGLISH) -> None:
        edition = batch.edition
        self._zone, self._now = settings.timezone, now
        self._news = {news.name: news for news in batch.news}
        notes: Mapping[str, Mapping[str, NoteItem]] = dict(edition.notes.items())
        self._notes = {
            f"{kind}/{item.note.first_slug}": item for kind, items in notes.items() for item in items.values()
        }
        self._writer = AnnouncementWriter(
            prose=Prose(edition=edition, site=site_address()),
            facts=Facts(times=Times(zone=self._zone, now=now, language=language), rows=edition.board.rows),
            copy=complete_address(settings.copy_url),
        )
        self._written: dict[tuple[str, ...], Announcement] = {}

    def messages(self, owed: Iterable[Owed]) -> list[tuple[News, ...]]:
        """What is owed and can be told now, the news of one item together, oldest first."""
        found = sorted(filter(None, map(self._find, owed)), key=lambda news: news.order)
        by_item: dict[tuple[type[Item], str], list[News]] = {}
        for news in found:
            by_item.setdefault((type(news.item), news.item.slug), []).append(news)
        return [tuple(group) for group in by_item.values()]

    def announcement(self, message: Sequence[News]) -> Announcement:
        """The news of one item in words."""
        names = tuple(news.name for news in message)
        if names not in self._written:
            self._written[names] = self._writer.write(message)
        return self._written[names]

    def _find(self, owed: Owed) -> News | None:
        """The news, None when it is not there or has become another; it may be so again later."""
        if owed.name not in self._news:
            item = self._notes.get("/".join(owed.name.split("/")[:2]))
            for news in news_of(item, self._now, self._zone) if item else ():
                self._news.setdefault(news.name, news)
        found = self._news.get(owed.name)
        if not found or found.value != owed.value:
            return None
        # Times that are owed are other ones than were told.
        return replace(found, kind=Kind.MOVED) if found.kind is Kind.PLANNED else found
