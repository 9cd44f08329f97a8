"""Times as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A time that somebody wrote.

    `at` is aware, in the zone that was meant. `written` is the writer's own text. An inexact
    moment ("about 6pm", a date alone) is shown as written and never counted in uptime.
    """

    at: datetime
    written: str
    exact: bool = True
