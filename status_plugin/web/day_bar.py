"""A bar of days as a drawing: a column for each day, and for each state a shape of its own."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from status_plugin.core.history.days import Day
from status_plugin.core.words import State
from status_plugin.web.day_words import day_face, trouble_text
from status_plugin.web.faces import QUIET

COLUMN = 10
HEIGHT = 32

# The worse, the taller: each is drawn from the left foot of its column.
_SHAPES = {
    State.UNDER_MAINTENANCE.value: "v-8h8v8zm0-11v-7h8v7z",
    State.UNKNOWN.value: "m2 0v-4h4v4z",
    QUIET: "m2 0v-4h4v4z",
    State.DEGRADED_PERFORMANCE.value: "v-16l4-8 4 8v16z",
    State.PARTIAL_OUTAGE.value: "v-28h4v10h4v18z",
    State.MAJOR_OUTAGE.value: "m-1 0v-32h10v32z",
}


def day_bar(days: Sequence[Day]) -> Markup:
    """The bar, oldest day on the left; a table of the same days must tell in words what it shows."""
    drawn: dict[str, str] = {}
    for place, day in enumerate(days):
        tone = day_face(day).tone
        foot = f"M{place * COLUMN + 1} {HEIGHT}"
        drawn[tone] = drawn.get(tone, "") + foot + _SHAPES.get(tone, _well(day))
    paths = Markup("").join(
        Markup('<path class="status-tone-{}" d="{}"/>').format(tone, path) for tone, path in drawn.items()
    )
    return Markup(
        '<svg class="status-days" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}"'
        ' focusable="false">{}</svg>'
    ).format(len(days) * COLUMN, HEIGHT, trouble_text(days), paths)


def _well(day: Day) -> str:
    """A good day: as tall as it is known."""
    known = day.up / (day.up + day.no_data) if day.up else 1.0
    height = max(4, round(18 * known))
    return f"v-{height}h8v{height}z"
