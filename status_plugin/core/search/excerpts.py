"""Where in an entry the words of a query stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from status_plugin.core.board.items import AlertItem, IncidentItem, WindowItem
from status_plugin.core.notes.updates import Update
from status_plugin.core.search.folding import fold_placed
from status_plugin.core.search.query import Query
from status_plugin.core.search.texts import passages

LENGTH = 200
"""About how many characters of a passage are shown."""

BEFORE = 60
"""About how many of them stand before the first that was found."""

MOST = 2
"""How many passages of an entry are shown."""

_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A piece of text that was searched for, or of what stands around it."""

    text: str
    is_found: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """A piece of a passage; `update` is the one that it comes from, None for what an entry is about."""

    runs: tuple[Run, ...]
    update: Update | None = None


_Span = tuple[int, int]


def marked(text: str, query: Query) -> tuple[Run, ...]:
    """The whole text, with what the query finds in it."""
    return _runs(text, _merged(_spans(text, query).values()), 0, len(text))


def excerpts(item: IncidentItem | WindowItem | AlertItem, query: Query) -> tuple[Excerpt, ...]:
    """Pieces of the passages that have what the title has not: the fewest that show all, two at most."""
    missing = set(query.terms) - set(_spans(item.title, query))
    found: list[Excerpt] = []
    for passage in passages(item):
        if not missing or len(found) == MOST:
            break
        text = _BLANK.sub(" ", passage.words).strip()
        spans = _spans(text, query)
        if missing & set(spans):
            first = min(spans[term][0][0] for term in missing & set(spans))
            found.append(Excerpt(runs=_piece(text, _merged(spans.values()), first), update=passage.update))
            missing -= set(spans)
    return tuple(found)


def _spans(text: str, query: Query) -> dict[tuple[str, bool], list[_Span]]:
    """From where to where each term stands in a text; terms that do not are left out."""
    folded, places = fold_placed(text)
    found: dict[tuple[str, bool], list[_Span]] = {}
    for term, is_whole in query.terms:
        pattern = rf"(?<![^ ]){re.escape(term)}(?![^ ])" if is_whole else re.escape(term)
        hits = [(places[hit.start()], places[hit.end() - 1] + 1) for hit in re.finditer(pattern, folded)]
        if hits:
            found[term, is_whole] = hits
    return found


def _merged(spans: Iterable[list[_Span]]) -> list[_Span]:
    """All spans in order, those that touch as one."""
    merged: list[_Span] = []
    for begin, end in sorted(chain.from_iterable(spans)):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((begin, end))
    return merged


def _piece(text: str, spans: Sequence[_Span], first: int) -> tuple[Run, ...]:
    """The part of a text around `first`, cut between words."""
    begin = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE + 1) + 1
    end = len(text) if len(text) - begin <= LENGTH else text.find(" ", begin + LENGTH)
    end = end if end >= 0 else len(text)
    # A text without blanks is cut anyway.
    begin, end = max(begin, first - 2 * BEFORE), min(end, begin + 2 * LENGTH)
    before = (Run(text="… "),) if begin else ()
    after = (Run(text=" …"),) if end < len(text) else ()
    return (*before, *_runs(text, spans, begin, end), *after)


def _runs(text: str, spans: Iterable[_Span], begin: int, end: int) -> tuple[Run, ...]:
    found: list[Run] = []
    place = begin
    for first, last in spans:
        first, last = max(first, place), min(last, end)
        if first >= last:
            continue
        found += [Run(text=text[place:first]), Run(text=text[first:last], is_found=True)]
        place = last
    return tuple(run for run in (*found, Run(text=text[place:end])) if run.text)
