"""News in words for those who are told: one message about an item, whole, as HTML, and short."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from status_plugin.core.board.items import AlertItem, IncidentItem, ShownUpdate, WindowItem
from status_plugin.core.board.news import Kind, News, Origin
from status_plugin.core.sayings import saying
from status_plugin.core.words import State
from status_plugin.web.addresses import item_address
from status_plugin.web.faces import is_over, phase_name, planned_word, remarks, standing
from status_plugin.web.facts import Facts
from status_plugin.web.feed_entries import copy_line, copy_paragraph
from status_plugin.web.language import Language
from status_plugin.web.prose import Prose

_OPENINGS = (Kind.OPENED, Kind.ANNOUNCED)
_CUT = " …"


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """One message; `word` is its most important sentence, `last` what must stand at the end of any.

    `tone` is `failure`, `warning`, `success` or `info`.
    """

    title: str
    text: str
    html: str
    word: str
    last: str
    tone: str

    def short(self, limit: int) -> str:
        """What fits into so many characters: some of the word, then the promised time and the address."""
        room = limit - len(self.last) - 1
        word = textwrap.shorten(self.word, room, placeholder=_CUT) if room > len(_CUT) else ""
        return f"{word}\n{self.last}" if word else self.last


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A paragraph or more, as plain text and as HTML."""

    text: str
    html: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncementWriter:
    """Writes news; `copy` is the address of the copy elsewhere, empty for none."""

    prose: Prose
    facts: Facts
    copy: str

    def write(self, news: Sequence[News]) -> Announcement:
        """All news of one item in one message, in the order in which they happened."""
        news = sorted(news, key=lambda one: one.order)
        item = news[0].item
        address = item_address(item, absolute=True)
        promise = list(self._promise(item))
        parts = [*self._story(news), _lines([*self._facts(news), *promise])]
        parts.append(_Part(text=address, html=Markup('<p><a href="{0}">{0}</a></p>').format(address)))
        if self.copy:
            language = self._language
            parts.append(_Part(text=copy_line(self.copy, language), html=copy_paragraph(self.copy, language)))
        parts = [part for part in parts if part.text]
        return Announcement(
            title=" ".join(self._title(news).split()),
            text="\n\n".join(part.text for part in parts),
            html=str(Markup("\n").join(part.html for part in parts)),
            word=self._word(news),
            last="\n".join([*promise, address]),
            tone=_tone(item),
        )

    def _title(self, news: Sequence[News]) -> str:
        return f"{self._language.spoken(_headline(news))}: {self._language.spoken(news[0].item.title)}"

    @property
    def _language(self) -> Language:
        return self.facts.times.language

    def _story(self, news: Sequence[News]) -> Iterator[_Part]:
        """What staff wrote, and what the clock adds to it."""
        item = news[0].item
        if isinstance(item, AlertItem):
            return
        is_opening = _is_opening(news)
        if is_opening:
            yield self._written(item.note.text)
        told = [one.update for one in news if one.update]
        for shown in told or (item.updates[:1] if is_opening else ()):
            yield self._update(shown)
        if any(one.origin is Origin.CLOCK for one in news):
            yield _lines([self._language.spoken(remark) for remark in remarks(item)])

    def _update(self, shown: ShownUpdate) -> _Part:
        """One update; what it promised is told at the end, as it holds now."""
        head = self.facts.update_head(shown)
        lines = list(self.facts.update(replace(shown, update=replace(shown.update, next_update=None))))
        written, details = self._written(shown.update.text), _lines(lines)
        text = [head, written.text, details.text]
        html = [Markup("<p><strong>{}</strong></p>").format(head), written.html, details.html]
        return _Part(text="\n".join(filter(None, text)), html=Markup("\n").join(filter(None, html)))

    def _facts(self, news: Sequence[News]) -> Iterator[str]:
        item = news[0].item
        if isinstance(item, AlertItem):
            yield from self.facts.alert(item, is_over=item.ended is not None)
        elif isinstance(item, IncidentItem):
            yield from self.facts.incident_now(item)
        else:
            yield from self.facts.window(item)
            if before := _before(news):
                span = self.facts.times.span(before.note.starts, before.note.ends)
                yield self._language.say("Planned before: {time}", time=span.striptags())

    def _promise(self, item: object) -> Iterator[str]:
        if isinstance(item, IncidentItem | WindowItem) and item.next_update and not item.next_update.overdue:
            at = self.facts.times.text(item.next_update.at)
            yield self._language.say("Next update: {time}", time=at)

    def _word(self, news: Sequence[News]) -> str:
        """What a short message has room for: the latest thing that was written, else the facts."""
        told = [one.update.update.text for one in news if one.update and one.update.update.text]
        item = news[0].item
        if not told and _is_opening(news) and not isinstance(item, AlertItem):
            told = [shown.update.text for shown in item.updates[:1]] or [item.note.text]
        return (self.prose.plain(told[-1]) if told else "") or ". ".join(self._facts(news))

    def _written(self, markdown: str) -> _Part:
        return _Part(text=self.prose.plain(markdown), html=self.prose.html(markdown))


def _before(news: Sequence[News]) -> WindowItem | None:
    """The window as readers knew it, unless this is the first that they hear of it."""
    if _is_opening(news):
        return None
    return next((one.before for one in news if one.before), None)


def _lines(lines: Sequence[str]) -> _Part:
    html = Markup("<p>{}</p>").format(Markup("<br>").join(lines)) if lines else Markup("")
    return _Part(text="\n".join(lines), html=html)


def _headline(news: Sequence[News]) -> str:
    """The state in front of the title: how it stands once it is over, else the latest thing that happened."""
    item = news[0].item
    if isinstance(item, AlertItem):
        if is_over(item):
            return saying("No longer seen by our monitoring")
        return saying("Seen by our monitoring")
    if is_over(item):
        return standing(item)
    moved = [one for one in news if one.kind is Kind.MOVED]
    if moved and not _is_opening(news):
        return _event(moved[-1])
    return _event([one for one in news if one.kind is not Kind.MOVED][-1])


def _is_opening(news: Sequence[News]) -> bool:
    """Whether readers hear of the item for the first time."""
    return any(one.kind in _OPENINGS for one in news)


def _event(news: News) -> str:
    item = news.item
    if news.kind is Kind.MOVED:
        return saying("Moved")
    if news.kind is Kind.REOPENED:
        return saying("Reopened")
    if news.update is not None:
        return phase_name(news.update.update.phase) if news.update.update.phase else saying("Update")
    if isinstance(item, WindowItem) and news.origin is not Origin.CLOCK:
        return planned_word(item)
    return standing(item)


def _tone(item: object) -> str:
    if isinstance(item, IncidentItem | AlertItem):
        if is_over(item):
            return "success"
        return "failure" if item.impact in (State.PARTIAL_OUTAGE, State.MAJOR_OUTAGE) else "warning"
    return "info"
