"""The logbook: what monitoring said of each component over time, from the journal's lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from status_plugin.core.monitoring.journal import Line, Told
from status_plugin.core.words import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of time in which a component was seen in one state; times are in UTC."""

    begin: datetime
    end: datetime
    state: State


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What monitoring said of one component in some period: nothing between the spans, which are in order.

    `first_at` and `last_at` are the first and the last look of the whole journal, None without one.
    """

    spans: tuple[Span, ...] = ()
    first_at: datetime | None = None
    last_at: datetime | None = None


class Logbook:
    """Grows line by line; a lost line leaves a stretch of which nothing is known."""

    def __init__(self) -> None:
        self._first_at: datetime | None = None
        self._last_at: datetime | None = None
        self._current: dict[str, Told] = {}
        self._open: dict[str, datetime] = {}
        self._closed: dict[str, list[Span]] = {}
        self._heartbeats = 0

    @property
    def last_at(self) -> datetime | None:
        """The time of the last line."""
        return self._last_at

    @property
    def heartbeats(self) -> int:
        """How many lines there are that compaction could spare."""
        return self._heartbeats

    @property
    def current(self) -> Mapping[str, Told]:
        """What the last line and those before it tell of each component."""
        return self._current

    def add(self, line: Line) -> None:
        """Take in the next line; one that goes back in time takes back what was said of later times."""
        if self._last_at is None or line.after != self._last_at:
            self._break()
        if self._last_at is not None and line.at < self._last_at:
            self._take_back(line.at)
        self._first_at = min(self._first_at or line.at, line.at)
        self._last_at = line.at
        self._heartbeats += line.is_heartbeat
        for slug, told in line.seen.items():
            if told is None:
                self._close(slug, line.at)
                self._current.pop(slug, None)
            else:
                begin = self._cleared(slug, told, line)
                self._current[slug], self._open[slug] = told, begin

    def record(self, slug: str, begin: datetime, end: datetime) -> Record:
        """What was said of a component in a period."""
        return Record(
            spans=tuple(self._spans(slug, begin, end)), first_at=self._first_at, last_at=self._last_at
        )

    def _spans(self, slug: str, begin: datetime, end: datetime) -> list[Span]:
        closed = self._closed.get(slug, [])
        first = max(0, bisect_right(closed, begin, key=lambda span: span.begin) - 1)
        spans = closed[first:]
        if slug in self._open and self._last_at is not None:
            told = self._current[slug]
            spans.append(Span(begin=self._open[slug], end=self._last_at, state=told.state))
        cut = [Span(begin=max(span.begin, begin), end=min(span.end, end), state=span.state) for span in spans]
        return [span for span in cut if span.begin < span.end]

    def _cleared(self, slug: str, told: Told, line: Line) -> datetime:
        """When the state began, with the time from then on cleared of what was said before.

        Trouble is dated back as far as monitoring knows it to last, and silence to the last thing that
        was said; anything else begins after the last look that found all as it was. What was worse
        before stands.
        """
        floor = line.still or line.after or line.at
        if told.known_until is not None:
            begin = told.known_until
        else:
            begin = told.since if told.state.is_trouble else max(told.since, floor)
        begin = min(begin, line.at)
        self._close(slug, line.at)
        spans = self._closed.setdefault(slug, [])
        while spans and spans[-1].end > begin:
            last = spans.pop()
            if told.known_until is None and last.state.is_trouble and last.state.rank > told.state.rank:
                begin = min(last.end, max(begin, floor))
            if last.begin < begin:
                spans.append(Span(begin=last.begin, end=min(last.end, begin), state=last.state))
                break
        return begin

    def _close(self, slug: str, at: datetime) -> None:
        begin = self._open.pop(slug, None)
        if begin is not None and begin < at:
            span = Span(begin=begin, end=at, state=self._current[slug].state)
            self._closed.setdefault(slug, []).append(span)

    def _break(self) -> None:
        """Looks stopped after the last line: nothing is known of what followed."""
        for slug in list(self._open):
            if self._last_at is not None:
                self._close(slug, self._last_at)
        self._open.clear()
        self._current.clear()

    def _take_back(self, at: datetime) -> None:
        for spans in self._closed.values():
            while spans and spans[-1].end > at:
                last = spans.pop()
                if last.begin < at:
                    spans.append(Span(begin=last.begin, end=at, state=last.state))
