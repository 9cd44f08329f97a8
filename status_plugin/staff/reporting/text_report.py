"""The report as plain text of at most 100 columns, for a terminal or a mail."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from status_plugin.core.board.wording import count_text
from status_plugin.core.history.history import UPTIME_RULE
from status_plugin.staff.reporting.accounts_text import (
    COMPONENT_COLUMNS,
    INCIDENT_COLUMNS,
    WINDOW_COLUMNS,
    Account,
    AccountWriter,
)
from status_plugin.staff.reporting.report import Report, Unwritten
from status_plugin.staff.reporting.sentences import summary_sentences
from status_plugin.staff.reporting.summary import summary_of
from status_plugin.web.times import Times, duration_text

WIDTH = 100

MOST_UNWRITTEN = 10
"""How many troubles without a note are named; the other formats have all."""

_WIDTHS = (24, 18, 16, 16, 18)
_LONGEST_NAME = 40


def text_report(report: Report, names: Callable[[Sequence[str]], Sequence[str]]) -> Iterator[str]:
    """The lines; `names` turns components' slugs into their names."""
    times = Times(zone=report.zone, now=report.now)
    writer = AccountWriter(times=times, names=names)
    first, last = times.day(report.begin), times.day(report.end - timedelta(seconds=1))
    days = first if first == last else f"{first} to {last}"
    yield f"Report on {days}, as of {times.full(report.now)}"
    yield ""
    for sentence in summary_sentences(report, summary_of(report)):
        yield from _wrapped(sentence, 0, 2)
    yield from _table("Incidents", INCIDENT_COLUMNS, map(writer.incident, report.incidents))
    yield from _table("Maintenance", WINDOW_COLUMNS, map(writer.window, report.windows))
    yield from _list("Trouble that no note tells of", _unwritten(report.unwritten, writer))
    yield from _list("Post-mortems owed", map(writer.due, report.debts))
    said = (f"{one.slug}: {one.text}" for one in report.contradictions)
    yield from _list("Notes and monitoring contradict each other now", said)
    if report.components:
        longest = max(len(component.name) for component in report.components)
        widths = (min(max(longest, len("Component")), _LONGEST_NAME) + 2, 11, *_WIDTHS[2:3] * 3)
        yield from _table("Components", COMPONENT_COLUMNS, map(writer.component, report.components), widths)
        yield from _wrapped(UPTIME_RULE, 2, 2)


def _table(
    heading: str, columns: Sequence[str], accounts: Iterable[Account], widths: Sequence[int] = _WIDTHS
) -> Iterator[str]:
    accounts = list(accounts)
    if accounts:
        yield from ("", heading, _row(columns, widths))
    for account in accounts:
        yield from _wrapped(account.title, 2, 4)
        yield _row(account.cells, widths)
        for remark in account.remarks:
            yield from _wrapped(remark, 6, 6)


def _wrapped(text: str, first: int, following: int) -> list[str]:
    """Lines with so many blanks before the first and before the following ones; names stay in one piece."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * following,
        break_on_hyphens=False,
    )


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"    {' '.join(padded)}".rstrip()


def _list(heading: str, texts: Iterable[str]) -> Iterator[str]:
    texts = list(texts)
    if texts:
        yield from ("", heading)
    for text in texts:
        yield from _wrapped(text, 2, 4)


def _unwritten(found: Sequence[Unwritten], writer: AccountWriter) -> Iterator[str]:
    """The longest, in the order in which they began, and how many more there were."""
    longest = sorted(found, key=lambda one: one.lasted, reverse=True)
    for one in sorted(longest[:MOST_UNWRITTEN], key=lambda one: one.began):
        yield writer.unwritten(one)
    if rest := longest[MOST_UNWRITTEN:]:
        total = duration_text(sum((one.lasted for one in rest), timedelta()))
        yield f"{count_text(len(rest), 'shorter one')}, {total} in all (--format json names them)"
