"""One shape for each state, so that nobody has to tell colours apart; inline, so that it prints."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from status_plugin.core.words import State
from status_plugin.web.faces import QUIET

# The outline is drawn in the state's colour, the sign inside it is cut out of the outline.
_DRAWINGS = {
    State.OPERATIONAL.value: (
        "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm3.9 4.9-4.6 5.3-3.2-2.9 1-1.1 2.1 1.9 3.6-4.2z"
    ),
    State.UNDER_MAINTENANCE.value: (
        "M3 1.5h10A1.5 1.5 0 0 1 14.5 3v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3"
        "A1.5 1.5 0 0 1 3 1.5z"
        "M5 4.8v6.4h2V4.8zm4 0v6.4h2V4.8z"
    ),
    State.UNKNOWN.value: (
        "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z"
        "M7.2 9.8V8.5c0-.7.5-1.1 1-1.5.5-.3.8-.6.8-1 0-.5-.4-.8-1-.8s-1 .3-1.1.9H5.3C5.4 4.7 6.5 3.8 8 3.8"
        "s2.6.8 2.6 2.1c0 .9-.6 1.4-1.1 1.8-.5.3-.8.6-.8 1v1.1zM7.1 10.7h1.7v1.6H7.1z"
    ),
    State.DEGRADED_PERFORMANCE.value: "M8 1.2 15.4 14.3H.6zM7.1 5.9v4.4h1.8V5.9zm0 5.4v1.6h1.8v-1.6z",
    State.PARTIAL_OUTAGE.value: "M8 .6 15.4 8 8 15.4.6 8zm0 2.3L2.9 8 8 13.1z",
    State.MAJOR_OUTAGE.value: (
        "M4.8 1h6.4L15 4.8v6.4L11.2 15H4.8L1 11.2V4.8z"
        "M5.6 4.4 4.4 5.6 6.8 8l-2.4 2.4 1.2 1.2L8 9.2l2.4 2.4 1.2-1.2L9.2 8l2.4-2.4-1.2-1.2L8 6.8z"
    ),
    QUIET: (
        "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM4.8 7.2v1.6h6.4V7.2z"
    ),
}


def drawing(tone: str) -> str:
    """The outline of a tone as the data of a path, in a square of 16."""
    return _DRAWINGS[tone]


@cache
def shape(tone: str) -> Markup:
    """The shape of a tone, silent for screen readers: a word always stands beside it."""
    # Width and height keep the shape small on a page that has not loaded the style sheet.
    return Markup(
        '<svg class="status-shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"'
        ' focusable="false"><path fill="currentColor" fill-rule="evenodd" d="{}"/></svg>'
    ).format(drawing(tone))
