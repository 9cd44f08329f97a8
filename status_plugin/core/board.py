"""The board: everything that a visitor or a machine ever gets, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from status_plugin.core.items import Item, WindowItem
from status_plugin.core.overall import Overall
from status_plugin.core.rows import ComponentRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What the site may set about the board."""

    zone: tzinfo
    alert_after: timedelta = timedelta(minutes=2)
    past_count: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The page's truth at `now`, good until `valid_until` unless content or summary change.

    `facts_at` is the time of the oldest fresh source in use, None without one. `problems` counts
    notes that are withheld or shown with incomplete details.
    """

    now: datetime
    facts_at: datetime | None
    valid_until: datetime | None
    overall: Overall
    rows: tuple[ComponentRow, ...]
    current: tuple[Item, ...]
    scheduled: tuple[WindowItem, ...]
    past: tuple[Item, ...]
    problems: int = 0
    withheld: int = 0
    unknown_since: datetime | None = None
    monitored: bool = False
