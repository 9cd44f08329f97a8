"""A bar of days as a drawing: a column for each day, and for each state a shape of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from status_plugin.core.history.days import Day
from status_plugin.core.words import State
from status_plugin.web.day_words import DayRow, day_face, eventful_days
from status_plugin.web.faces import QUIET

COLUMN = 10
HEIGHT = 32

LEADING = 30
"""How many of the newest days with news lead to their row: a bar without a quiet day stays light."""

# The worse, the taller: each is drawn from the left foot of its column.
_SHAPES = {
    State.UNDER_MAINTENANCE.value: "v-8h8v8zm0-11v-7h8v7z",
    State.UNKNOWN.value: "m2 0v-4h4v4z",
    QUIET: "m2 0v-3h4v3z",
    State.DEGRADED_PERFORMANCE.value: "v-16l4-8 4 8v16z",
    State.PARTIAL_OUTAGE.value: "v-28h4v10h4v18z",
    State.MAJOR_OUTAGE.value: "m-1 0v-32h10v32z",
}


def day_bar(days: Sequence[Day], address: str, spoken: Callable[[str], str] = str) -> Markup:
    """The bar, oldest day on the left; it is silent: a list of the same days must tell what it shows.

    The newest days on which something happened lead to their rows in the page at `address`, for those
    who point; `spoken` says what is said there.
    """
    leading = {row.first: row for row in eventful_days(days)[:LEADING]}
    plain: dict[str, str] = {}
    links = []
    for place, day in enumerate(days):
        tone, column = day_face(day).tone, _column(place, day)
        if day.date in leading:
            row = leading[day.date]
            said = f"{spoken(row.when)}: {'; '.join(map(spoken, (row.face.word, *row.facts)))}"
            links.append(_link(row, said, f"{address}#{row.anchor}", place, column))
        else:
            plain[tone] = plain.get(tone, "") + column
    drawn = [
        Markup('<path class="status-tone-{}" d="{}"/>').format(tone, path) for tone, path in plain.items()
    ] + links
    return Markup(
        '<svg class="status-days" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false">{}</svg>'
    ).format(len(days) * COLUMN, HEIGHT, Markup("").join(drawn))


def _column(place: int, day: Day) -> str:
    return f"M{place * COLUMN + 1} {HEIGHT}{_SHAPES.get(day_face(day).tone) or _well(day)}"


def _link(row: DayRow, said: str, address: str, place: int, column: str) -> Markup:
    """A day to point at, from top to bottom; what it was is said beside the pointer."""
    return Markup(
        '<a href="{}" tabindex="-1"><title>{}</title>'
        '<rect x="{}" width="{}" height="{}" fill="none" pointer-events="all"/>'
        '<path class="status-tone-{}" d="{}"/></a>'
    ).format(address, said, place * COLUMN, COLUMN, HEIGHT, row.face.tone, column)


def _well(day: Day) -> str:
    """A good day: as tall as it is known."""
    known = day.up / (day.up + day.no_data) if day.up else 1.0
    height = max(4, round(18 * known))
    return f"v-{height}h8v{height}z"
