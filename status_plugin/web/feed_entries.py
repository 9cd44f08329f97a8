"""The entries of the feeds: messages in words, whole and with complete addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from status_plugin.core.board.cards import touched
from status_plugin.core.board.items import AlertItem, IncidentItem, WindowItem
from status_plugin.core.board.messages import Message
from status_plugin.core.sayings import saying
from status_plugin.core.words import IncidentPhase, State
from status_plugin.web.addresses import item_address, kind_of, update_anchor
from status_plugin.web.faces import phase_name, planned_word
from status_plugin.web.facts import Facts
from status_plugin.web.language import Language
from status_plugin.web.page_context import affected
from status_plugin.web.permanent_ids import permanent_id
from status_plugin.web.prose import Prose


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedEntry:
    """One entry; `published` is None when nobody wrote when it was said, `updated` never ahead of now.

    `tags` are the kind of news and the names of what it touches.
    """

    id: str
    url: str
    title: str
    html: str
    text: str
    tags: tuple[str, ...]
    updated: datetime
    published: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A feed with its complete addresses, newest entry first; `updated` is that of its newest entry.

    `language` is the code of the one that it is in.
    """

    title: str
    description: str
    page: str
    address: str
    updated: datetime
    entries: tuple[FeedEntry, ...]
    language: str = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryWriter:
    """Writes messages as entries; `copy` is the address of the copy elsewhere, empty for none."""

    prose: Prose
    facts: Facts
    copy: str

    def entry(self, message: Message) -> FeedEntry:
        """The entry of a message."""
        item = message.item
        html, text = self._words(message)
        at = message.at.astimezone(self.facts.times.zone)
        changed = _edited(message, self.facts.times.now) or message.at
        slugs = set(item.affects) if isinstance(item, AlertItem) else touched(item.note)
        names = affected(dict.fromkeys(sorted(slugs), State.UNKNOWN), self.facts.rows, over=False)
        return FeedEntry(
            id=f"urn:uuid:{permanent_id(message.name)}",
            url=_address(message),
            title=self._title(message),
            # A Markup would be escaped once more by whoever escapes it.
            html=str(html),
            text=text,
            tags=(kind_of(item), *(self._language.spoken(part.name) for part in names)),
            updated=max(at, changed.astimezone(self.facts.times.zone)),
            published=at if message.is_dated else None,
        )

    def _words(self, message: Message) -> tuple[Markup, str]:
        """The whole message as HTML and as plain text; without a word of the writer, its title."""
        before, markdown, after = self._parts(message)
        written = self.prose.html(markdown)
        if not (before or written or after):
            before = [self._title(message)]
        footer = [copy_line(self.copy, self._language)] if self.copy else []
        html = [_paragraph(before), written, _paragraph(after), copy_paragraph(self.copy, self._language)]
        text = ["\n".join(before), self.prose.plain(markdown), "\n".join(after), *footer]
        return Markup("\n").join(filter(None, html)), "\n\n".join(filter(None, text))

    def _parts(self, message: Message) -> tuple[list[str], str, list[str]]:
        """The facts before the writer's text, the text, and the facts behind it."""
        item, update = message.item, message.update
        if isinstance(item, AlertItem):
            return list(self.facts.alert(item, is_over=message.is_over)), "", []
        if update is not None:
            return [], update.update.text, list(self.facts.update(update))
        if isinstance(item, IncidentItem) and message.is_over:
            return list(self.facts.incident_now(item)), "", []
        facts = self.facts.incident(item) if isinstance(item, IncidentItem) else self.facts.window(item)
        return list(facts), item.note.text, []

    def _title(self, message: Message) -> str:
        return f"{self._language.spoken(_word(message))}: {self._language.spoken(message.item.title)}"

    @property
    def _language(self) -> Language:
        return self.facts.times.language


def copy_line(copy: str, language: Language) -> str:
    """Where to look when this site is down, as plain text."""
    return _copy_words(copy, language)


def copy_paragraph(copy: str, language: Language) -> Markup:
    """The same as HTML; without an address, nothing."""
    if not copy:
        return Markup("")
    link = Markup('<a href="{0}">{0}</a>').format(copy)
    return Markup("<p>{}</p>").format(_copy_words(link, language))


def _copy_words(address: str, language: Language) -> str:
    return language.say(
        "When this site cannot be reached, a copy of its status page is at {address}", address=address
    )


def _edited(message: Message, now: datetime) -> datetime | None:
    """When the words of a message were last changed, never ahead of now."""
    if message.update is not None:
        edit = message.update.update.edit
    else:
        edit = None if isinstance(message.item, AlertItem) else message.item.note.edit
    return min(edit.at, now) if edit else None


def _paragraph(lines: Sequence[str]) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>").join(lines)) if lines else Markup("")


def _address(message: Message) -> str:
    """Where the message stands on the site; an update's place on its page does not depend on its time."""
    anchor = f"#{update_anchor(message.update.update)}" if message.update else ""
    return item_address(message.item, absolute=True) + anchor


def _word(message: Message) -> str:
    """What kind of news it is, in front of its title."""
    item, update = message.item, message.update
    if isinstance(item, AlertItem):
        if message.is_over:
            return saying("No longer seen by our monitoring")
        return saying("Seen by our monitoring")
    if update is not None:
        return phase_name(update.update.phase) if update.update.phase else saying("Update")
    if isinstance(item, WindowItem):
        return planned_word(item)
    return phase_name(IncidentPhase.RESOLVED) if message.is_over else saying("Incident")
