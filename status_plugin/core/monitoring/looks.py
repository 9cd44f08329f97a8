"""Looks at monitoring, one after the other, and what of them goes into the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from status_plugin.core.monitoring.journal import Check, Line, Told
from status_plugin.core.monitoring.logbook import Logbook
from status_plugin.core.monitoring.word import Word
from status_plugin.core.words import State

HEARTBEAT = timedelta(minutes=5)
"""How often the journal says that looks go on when there is nothing else to say."""

CLOCK_SET_BACK = timedelta(minutes=5)
"""A look that is earlier than the last line by more was made after the clock was set back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Looks without a break between them: the first, the one before the last, and the last.

    `tail` is the time of the journal's last line when the last of them was kept: machines may share
    what they hear and keep a journal each, and none may vouch for looks that only another's tells of.
    """

    first: datetime
    last: datetime
    before: datetime | None = None
    tail: datetime | None = None

    def after(self, now: datetime, limit: timedelta) -> Row:
        """The row after one more look; one that comes later than the limit begins a new row."""
        if timedelta() <= now - self.last <= limit:
            return replace(self, last=now, before=self.last)
        return Row(first=now, last=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look: what it found, the row of looks that it belongs to, and the row of the look before.

    Looks that are further apart than `limit` leave a time without data between them.
    """

    told: Mapping[str, Told]
    row: Row
    limit: timedelta
    earlier: Row | None = None


def look_at(
    words: Mapping[str, Word],
    coverage: Mapping[str, Collection[str]],
    answered_at: Mapping[str, datetime],
    earlier: Row | None,
    limit: timedelta,
    now: datetime,
) -> Look:
    """The look that found the words; each source is named with what it covers and when it last answered.

    A word counts on the page for as long as it is fresh. If no source of it has answered for longer
    than the limit, nobody has seen that it is still so, and the journal is told that it is unknown.
    """
    answers: dict[str, datetime] = {}
    for source, at in answered_at.items():
        for slug in coverage.get(source, ()):
            answers[slug] = max(at, answers.get(slug, at))
    return Look(
        told={slug: _told(word, answers.get(slug), limit, now) for slug, word in words.items()},
        row=earlier.after(now, limit) if earlier else Row(first=now, last=now),
        limit=limit,
        earlier=earlier,
    )


def lines_for(logbook: Logbook, look: Look) -> Iterator[Line]:
    """The lines that the look adds to a journal; none if a later look is in it already."""
    last, row = logbook.last_at, look.row
    if last is not None and last - CLOCK_SET_BACK <= row.last <= last:
        return
    if last is None or not _goes_on(last, row, look.limit):
        yield from _closing(last, look.earlier)
        yield Line(at=row.last, seen=look.told)
        return
    seen: dict[str, Told | None] = {
        slug: told for slug, told in look.told.items() if not told.says_the_same(logbook.current.get(slug))
    }
    seen |= dict.fromkeys(logbook.current.keys() - look.told.keys())
    if seen or row.last - last >= HEARTBEAT:
        still = row.before if seen and row.before and row.before > last else None
        yield Line(at=row.last, after=last, still=still, seen=seen)


def compacted(lines: Iterable[Line]) -> Iterator[Line]:
    """The same journal without the heartbeats that a later line makes needless."""
    waiting: Line | None = None
    for line in lines:
        if waiting is not None and line.after == waiting.at:
            line = replace(line, after=waiting.after)
        elif waiting is not None:
            yield waiting
        waiting = line if line.is_heartbeat else None
        if waiting is None:
            yield line
    if waiting is not None:
        yield waiting


def latest(lines: Sequence[Line], count: int) -> list[Line]:
    """The last lines of a journal, with one in front that tells how everything stood there."""
    logbook = Logbook()
    for line in lines[: len(lines) - count + 1]:
        logbook.add(line)
    beginning = [Line(at=logbook.last_at, seen=dict(logbook.current))] if logbook.last_at else []
    return beginning + list(lines[len(lines) - count + 1 :])


def _goes_on(last: datetime, row: Row, limit: timedelta) -> bool:
    """Whether looks came without a break since the last line, all of which this journal would tell of."""
    if row.last < last:
        return False
    return row.last - last <= limit or (row.first - last <= limit and row.tail == last)


def _closing(last: datetime | None, earlier: Row | None) -> Iterator[Line]:
    """Until when looks went on before they stopped, as far as the journal has not told yet."""
    if earlier is not None and last is not None and earlier.tail == last < earlier.last:
        yield Line(at=earlier.last, after=last)


def _told(word: Word, answered_at: datetime | None, limit: timedelta, now: datetime) -> Told:
    checks = {check.name: Check(state=check.state, since=check.since) for check in word.checks}
    host = Check(state=word.host.state, since=word.host.since) if word.host else None
    since = min(word.since or word.facts_at or now, now)
    if word.state is not State.UNKNOWN and answered_at is not None and now - answered_at > limit:
        silent_since = min(answered_at, now)
        return Told(
            state=State.UNKNOWN, since=silent_since, known_until=silent_since, host=host, checks=checks
        )
    is_silent = word.state is State.UNKNOWN and word.facts_at is not None and word.facts_at < since
    earlier_trouble = word.trouble_since if word.trouble_since and word.trouble_since < since else None
    return Told(
        state=word.state,
        since=since,
        trouble_since=earlier_trouble,
        known_until=word.facts_at if is_silent else None,
        unreachable=word.unreachable,
        host=host,
        checks=checks,
    )
