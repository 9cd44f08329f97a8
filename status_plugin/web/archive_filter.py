"""What a visitor wants to see of an archive: words, one component, one year."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from status_plugin.core.board.cards import began
from status_plugin.core.sayings import saying
from status_plugin.core.search.query import Query, read_query
from status_plugin.web.archive import ArchivePlace, touches
from status_plugin.web.edition import Edition

PARAMETERS = ("q", "component", "year")

LONGEST = 200
"""How many characters may be searched for."""

MOST_WORDS = 20

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveFilter:
    """A visitor's wishes; `written` is what was typed, `mistakes` are sentences about what cannot be.

    With mistakes nothing is found. `component` is a slug.
    """

    written: str = ""
    query: Query = field(default_factory=Query)
    component: str = ""
    year: int | None = None
    mistakes: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether anything is wished."""
        return bool(self.written or self.component or self.year or self.mistakes)

    @property
    def parameters(self) -> dict[str, str]:
        """The wishes as the query of an address has them."""
        values = (self.written, self.component, str(self.year or ""))
        return {name: value for name, value in zip(PARAMETERS, values, strict=True) if value}

    def within(self, items: Sequence[ArchivePlace], zone: tzinfo) -> list[ArchivePlace]:
        """Those that touch the component and began in the year; `items` run newest first."""
        if self.mistakes:
            return []
        found = items if self.year is None else _of_year(items, self.year, zone)
        return [item for item in found if not self.component or touches(item, self.component)]


def read_filter(values: Mapping[str, str], components: Mapping[str, str], years: range) -> ArchiveFilter:
    """The wishes in the query of an address; `components` are names by slug, `years` those there are."""
    written = " ".join(values.get("q", "").split())
    query = read_query(written[:LONGEST])
    component, year = values.get("component", ""), values.get("year", "")
    mistakes: list[str] = []
    if len(written) > LONGEST:
        mistakes.append(
            saying("That is too long to search for: {count} characters are enough.", count=str(LONGEST))
        )
    elif len(query.terms) > MOST_WORDS:
        mistakes.append(
            saying("Those are too many words to search for: {count} are enough.", count=str(MOST_WORDS))
        )
    elif written and query.is_empty:
        mistakes.append(saying("There is no word in what you search for. Type letters or digits."))
    if component and component not in components:
        mistakes.append(saying("No server or service has that name here. Choose one from the list."))
    if year and not (re.fullmatch(r"[0-9]{4}", year, re.ASCII) and int(year) in years):
        mistakes.append(_no_such_year(years))
    return ArchiveFilter(
        written=written[:LONGEST],
        query=query,
        component=component if component in components else "",
        year=int(year) if year in map(str, years) else None,
        mistakes=tuple(mistakes),
    )


def components_of(edition: Edition) -> dict[str, str]:
    """The names of all components that the page lists, by slug."""
    return {row.component.slug: row.component.name for row in edition.board.rows}


def years_of(items: Sequence[ArchivePlace], zone: tzinfo) -> range:
    """The years from the latest entry to the first, latest first; `items` run newest first."""
    dated = [item for item in (_first_dated(items), _first_dated(reversed(items))) if item is not None]
    if not dated:
        return range(0)
    latest, first = (began(item).astimezone(zone).year for item in dated)
    return range(latest, first - 1, -1)


def _of_year(items: Sequence[ArchivePlace], year: int, zone: tzinfo) -> Sequence[ArchivePlace]:
    """Those that began in a year; found by halves, as `items` run newest first."""
    first, after = (datetime(year + more, 1, 1, tzinfo=zone).timestamp() for more in (0, 1))

    def age(item: ArchivePlace) -> float:
        return -began(item).timestamp()

    # What began at the very first moment of a year belongs to it.
    return items[bisect_right(items, -after, key=age) : bisect_right(items, -first, key=age)]


def _first_dated(items: Iterable[ArchivePlace]) -> ArchivePlace | None:
    return next((item for item in items if began(item).year > 1), None)


def _no_such_year(years: range) -> str:
    if not years:
        return saying("There is no year to choose: nothing has been written yet.")
    if len(years) == 1:
        return saying("There is nothing of that year here, only of {year}.", year=str(years[0]))
    return saying(
        "There is nothing of that year here. The years go from {first} to {last}.",
        first=str(years[-1]),
        last=str(years[0]),
    )
