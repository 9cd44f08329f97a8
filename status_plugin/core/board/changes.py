"""What readers learn when the folder of notes changes, and what they learn by the clock alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from status_plugin.core.board.items import IncidentItem, Life, WindowItem
from status_plugin.core.board.news import Kind, News, NoteItem, Origin, news_of
from status_plugin.core.board.standing import standing
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What is new to readers, oldest first, and what staff should know beside it.

    `gone` are the paths of notes that readers know as not over and that are no longer there, `renamed`
    pairs of an old and a new path of notes that have lost their address.
    """

    news: tuple[News, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def changes(old: Content, new: Content, now: datetime, zone: tzinfo) -> Changes:
    """What readers of the old content learn by the new one, both as they stand at `now`.

    A corrected text, title or time of an update is nothing new, and neither is another name of a file.
    """
    before, after = _notes(old, now, zone), _notes(new, now, zone)
    known = _partners(before, after)
    found: list[News] = []
    for item in after:
        partner = known.get(item.note.path)
        if partner is None:
            found += _of_a_new_note(item, now, zone)
        else:
            found += _since(partner, item, now, zone)
    kept = {partner.note.path for partner in known.values()}
    pairs = ((known[item.note.path], item) for item in after if item.note.path in known)
    return Changes(
        news=tuple(sorted((news for news in found if not news.is_history(now)), key=lambda n: n.order)),
        gone=tuple(item.note.path for item in before if item.note.path not in kept and not _is_over(item)),
        renamed=tuple(
            (one.note.path, other.note.path) for one, other in pairs if not _names(one) & _names(other)
        ),
    )


def changes_by_the_clock(items: Iterable[NoteItem], now: datetime, zone: tzinfo) -> Iterator[News]:
    """What became true without anybody writing: a note is announced, a window has begun or ended.

    Each is of the time at which the clock brought it.
    """
    for item in items:
        announced = item.note.announced
        for news in news_of(item, now, zone):
            if news.origin is Origin.CLOCK:
                yield news
            elif announced and news.at <= announced.at and news.origin is Origin.WORD:
                yield replace(news, at=announced.at)


def _notes(content: Content, now: datetime, zone: tzinfo) -> list[NoteItem]:
    stand = standing(content, Summary(), Memory(), now, zone)
    return [*stand.incidents, *stand.windows]


def _of_a_new_note(item: NoteItem, now: datetime, zone: tzinfo) -> Iterator[News]:
    return (news for news in news_of(item, now, zone) if news.origin in (Origin.WORD, Origin.PLAN))


def _since(known: NoteItem, item: NoteItem, now: datetime, zone: tzinfo) -> Iterator[News]:
    """What is new in a note to those who know it as it was."""
    before = {news.origin: news for news in news_of(known, now, zone)}
    numbers = {shown.update.number for shown in known.updates}
    of_now = list(news_of(item, now, zone))
    updates = [news for news in of_now if news.update and news.update.update.number not in numbers]
    yield from updates
    opening, followers = of_now[0], before[Origin.WORD].components
    if opening.components - followers and not _is_over(item):
        yield replace(opening, heard=followers)
    for news in of_now:
        if news.origin is Origin.PLAN:
            yield from _of_the_plan(news, before.get(Origin.PLAN), known, item)
        elif news.origin is Origin.END and news.value != before[Origin.END].value:
            is_told = any(told.update and told.update.update.phase for told in updates)
            if not is_told and _says_otherwise(known, item):
                yield news


def _of_the_plan(news: News, before: News | None, known: NoteItem, item: NoteItem) -> Iterator[News]:
    """A window's other times, or its times for those who have not heard them: it was off, or not theirs."""
    if _is_over(item) or not isinstance(known, WindowItem):
        return
    if before is None or news.value != before.value:
        yield replace(news, kind=Kind.MOVED, before=known)
    elif _is_over(known):
        yield news
    elif news.components - before.components:
        yield replace(news, heard=before.components)


def _says_otherwise(known: NoteItem, item: NoteItem) -> bool:
    """Whether anybody wrote that the note is over or open again.

    A corrected time may change the order of what was said, and an update that cannot be read at present
    was no wish to open it again.
    """
    return not item.note.incomplete and _said(known) != _said(item)


def _said(item: NoteItem) -> tuple[object, ...]:
    closed = item.note.resolved is not None if isinstance(item.note, Incident) else False
    return closed, sorted(shown.update.phase for shown in item.updates if shown.update.phase)


def _is_over(item: NoteItem) -> bool:
    if isinstance(item, IncidentItem):
        return item.phase.is_ended
    return item.life in (Life.COMPLETED, Life.CANCELLED, Life.ENDED_NOT_CONFIRMED)


def _partners(before: Sequence[NoteItem], after: Sequence[NoteItem]) -> Mapping[str, NoteItem]:
    """For the path of each note of now the note that it was: of the same name, now or once, else alike."""
    by_name: dict[tuple[type, str], NoteItem] = {}
    for item in before:
        for name in _names(item):
            by_name.setdefault((type(item), name), item)
    found: dict[str, NoteItem] = {}
    for item in after:
        for name in (item.note.first_slug, item.slug, *item.note.aliases):
            if partner := by_name.get((type(item), name)):
                found[item.note.path] = partner
                break
    kept = {partner.note.path for partner in found.values()}
    left = [item for item in before if item.note.path not in kept]
    for item in after:
        if item.note.path not in found and (alike := next((one for one in left if _alike(one, item)), None)):
            left.remove(alike)
            found[item.note.path] = alike
    return found


def _names(item: NoteItem) -> set[str]:
    return {item.slug, *item.note.aliases}


def _alike(one: NoteItem, other: NoteItem) -> bool:
    """Whether two notes are the same one under two names."""
    if type(one) is not type(other):
        return False
    same_head = one.title == other.title and _beginning(one) == _beginning(other)
    return same_head or (bool(one.note.text) and _text(one) == _text(other))


def _beginning(item: NoteItem) -> datetime | None:
    moment = item.started if isinstance(item, IncidentItem) else item.note.starts
    return moment.at if moment else None


def _text(item: NoteItem) -> tuple[str, ...]:
    return item.note.text, *(shown.update.text for shown in item.updates)
