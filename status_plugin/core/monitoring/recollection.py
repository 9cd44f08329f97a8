"""What the journal gives back to a memory that was lost: since when all is so, and what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from status_plugin.core.monitoring.journal import Line, Told
from status_plugin.core.monitoring.memory import Known, Memory, known_after
from status_plugin.core.monitoring.sightings import (
    KEPT,
    KEPT_FOR,
    Sighting,
    kept_sightings,
    sighting_after,
    sightings_begun,
)
from status_plugin.core.monitoring.word import Word


def recollected(lines: Sequence[Line]) -> Memory:
    """The memory after the looks that the lines tell of."""
    found = Recollection()
    for line in lines:
        if line.at < lines[-1].at - KEPT_FOR:
            found.pass_over(line)
        else:
            found.add(line)
    return found.memory()


class Recollection:
    """Grows line by line, at the cost of what each line tells and not of all that is watched.

    A component that a line does not tell of was as before. That it still was at the time of a line
    is counted when the next line tells of it, or at the end.
    """

    def __init__(self) -> None:
        self._told: dict[str, Told] = {}
        self._at: datetime | None = None
        self._known: dict[str, Mapping[tuple[str, ...], Known]] = {}
        self._open: dict[str, list[Sighting]] = {}
        self._past: list[Sighting] = []

    def pass_over(self, line: Line) -> None:
        """Take in how all stood after a line from which nothing is remembered any more."""
        for slug in self._gone(line):
            self._told.pop(slug, None)
        self._told |= {slug: told for slug, told in line.seen.items() if told}

    def add(self, line: Line) -> None:
        """Take in the next line."""
        news = {slug: told for slug, told in line.seen.items() if told}
        gone = self._gone(line)
        if self._at is not None:
            self._still((self._told.keys() & news.keys()) - gone, self._at)
        for slug in gone:
            for part in (self._told, self._known, self._open):
                part.pop(slug, None)
        self._told |= news
        told = self._told if self._at is None else news
        self._look({slug: seen.word(line.at) for slug, seen in told.items()}, line.at)
        self._at = line.at

    def memory(self) -> Memory:
        """What is remembered after the last line, at whose time all that is told was still so."""
        if self._at is None:
            return Memory()
        self._still(self._told.keys(), self._at)
        return Memory(
            known={key: known for part in self._known.values() for key, known in part.items()},
            sightings=tuple(kept_sightings([*self._past, *chain(*self._open.values())], self._at)),
        )

    def _gone(self, line: Line) -> set[str]:
        """Components that are no longer watched; a line that begins anew tells of all that are."""
        gone = self._told.keys() - line.seen.keys() if line.after is None else set()
        return gone | {slug for slug, told in line.seen.items() if told is None}

    def _still(self, slugs: Iterable[str], at: datetime) -> None:
        """Some components were at that time still as they had been told."""
        self._look({slug: self._told[slug].word(at) for slug in slugs if slug in self._open}, at)

    def _look(self, words: Mapping[str, Word], at: datetime) -> None:
        open_now: list[Sighting] = []
        for slug, word in words.items():
            self._known[slug] = dict(known_after(self._known.get(slug, {}), {slug: word}, at))
            for before in self._open.pop(slug, ()):
                sighting = sighting_after(before, word, at)
                (open_now if sighting.ended is None else self._past).append(sighting)
        known = chain(self._past, *self._open.values(), open_now)
        open_now += sightings_begun(words, tuple(open_now), known, at)
        for sighting in open_now:
            self._open.setdefault(sighting.component, []).append(sighting)
        if len(self._past) > 2 * KEPT:
            kept = kept_sightings([*self._past, *chain(*self._open.values())], at)
            self._past = [sighting for sighting in kept if sighting.ended is not None]
