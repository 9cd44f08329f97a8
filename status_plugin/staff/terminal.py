"""The page as plain text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, WindowItem
from status_plugin.web.faces import empty_word, is_over, overall_face, row_face, standing, state_face
from status_plugin.web.times import Times

WIDTH = 92


def board_text(board: Board, times: Times, plain: Callable[[str], str]) -> Iterator[str]:
    """The lines of the page; `plain` turns a note's Markdown into words."""
    yield f"Network Status at {times.full(board.now)}"
    facts = f"as of {times.short(board.facts_at)}" if board.facts_at else "no facts from monitoring"
    yield f"{overall_face(board).word.upper()}: {board.overall.text} ({facts})"
    yield from (f"{gap}." for gap in board.gaps if gap != board.overall.text)
    if board.list_kept_since:
        since = times.short(board.list_kept_since)
        yield f"The list of servers is an earlier one: its file has not been readable in full since {since}."
    yield from _section("Current Alerts", board.current, board, times, plain)
    yield from ("", "Servers and Services")
    yield from _rows(board, times)
    yield from _section("Scheduled Maintenance Windows", board.scheduled, board, times, plain)
    yield from _section("Past Alerts", board.past, board, times, plain)


def _section(
    heading: str, items: tuple[Item, ...], board: Board, times: Times, plain: Callable[[str], str]
) -> Iterator[str]:
    yield from ("", heading)
    if not items:
        yield f"  {empty_word(board)}"
    names = {row.component.slug: row.component.name for row in board.rows}
    for item in items:
        yield f"  [{standing(item)}] {item.title}"
        if item.affects:
            yield from _wrapped("Affects: " + ", ".join(names.get(slug, slug) for slug in item.affects))
        yield from _times_of(item, times)
        for remark in item.remarks:
            yield from _wrapped(remark)
        if item.next_update:
            overdue = ", overdue" if item.next_update.overdue else ""
            yield f"    Next update: {times.text(item.next_update.at)}{overdue}"
        for shown in item.updates[:1]:
            yield from _wrapped(f"{times.text(shown.update.at)}: {plain(shown.update.text)}")
        if isinstance(item, IncidentItem | WindowItem) and not is_over(item):
            for paragraph in plain(item.note.text).splitlines():
                yield from _wrapped(paragraph)


def _times_of(item: Item, times: Times) -> Iterator[str]:
    if isinstance(item, WindowItem):
        emergency = "Emergency, " if item.note.emergency else ""
        expected = item.note.expected_downtime
        downtime = f", expected downtime {expected.written}" if expected else ""
        window = times.span(item.note.starts, item.note.ends).striptags()
        yield f"    {emergency}window {window}{downtime}"
    elif isinstance(item, IncidentItem | AlertItem):
        ended = f", ended {times.text(item.ended)}" if item.ended else ""
        yield f"    Began {times.text(item.started)}{ended}"


def _rows(board: Board, times: Times) -> Iterator[str]:
    if not board.rows:
        yield f"  {empty_word(board)}"
    names = [row.component.name for row in board.rows]
    names += [check.name for row in board.rows for check in row.checks]
    width = max(map(len, names), default=0) + 4
    for group, rows in groupby(board.rows, key=lambda row: row.component.group):
        if group:
            yield f"  {group}"
        for row in rows:
            yield _row(f"    {row.component.name}", row_face(row).word, row.since, width, times)
            for check in row.checks:
                yield _row(f"      {check.name}", state_face(check.state).word, check.since, width, times)
            yield from (f"      {remark}" for remark in row.remarks)


def _row(name: str, word: str, since: datetime | None, width: int, times: Times) -> str:
    began = f"since {times.short(since)}" if since else ""
    return f"{name:<{width + 4}}{word:<19} {began}".rstrip()


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
