"""The board: everything that a visitor or a machine ever gets, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from status_plugin.core.board.alerts import automatic_alerts
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, Life, WindowItem
from status_plugin.core.board.order import began, by_end
from status_plugin.core.board.overall import Overall, overall_line
from status_plugin.core.board.publication import turning_points
from status_plugin.core.board.remarks import alert_remarks
from status_plugin.core.board.rows import ComponentRow, component_row
from status_plugin.core.board.standing import Standing, standing
from status_plugin.core.board.windows import (
    CONFIRMATION_WAIT,
    CURRENT,
    RUNNING,
    outlasted_at,
    window_turning_points,
)
from status_plugin.core.board.wording import unlisted_text, withheld_text
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.words import State

NOTICE_AFTER = timedelta(minutes=15)
"""How long something must be unknown before the site's other pages speak of it: a restart is no news."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What the site may set about the board.

    `alert_after` is how long an automatic alert must last before feeds and announcements tell of it.
    """

    zone: tzinfo
    past_count: int = 5
    alert_after: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The page's truth at `now`, good until `valid_until` unless content or summary change.

    `facts_at` is the time of the oldest fresh source in use, None without one. `problems` counts
    notes that are withheld or shown with incomplete details, and a list of components that cannot be
    read whole. `gaps` tells in words what cannot be shown. `list_kept_since` says that the list of
    components is an earlier one, and since when its file cannot be read. `monitored` says whether
    any component is watched at all, `unknown_since` since when the oldest unknown state lasts,
    `in_doubt_since` since when anything has been unknown or could not be shown. `alerts` are all
    automatic ones that are remembered, newest first, of which `past` has only the last few.
    """

    now: datetime
    facts_at: datetime | None
    valid_until: datetime
    overall: Overall
    rows: tuple[ComponentRow, ...]
    current: tuple[Item, ...]
    scheduled: tuple[WindowItem, ...]
    past: tuple[Item, ...]
    problems: int = 0
    withheld: int = 0
    gaps: tuple[str, ...] = ()
    list_kept_since: datetime | None = None
    unknown_since: datetime | None = None
    in_doubt_since: datetime | None = None
    monitored: bool = False
    alerts: tuple[AlertItem, ...] = ()


def board(content: Content, summary: Summary, memory: Memory, now: datetime, rules: Rules) -> Board:
    """The board at `now`; the same values always give the same board."""
    stand = standing(content, summary, memory, now, rules.zone)
    return board_of(stand, content, rules)


def board_of(stand: Standing, content: Content, rules: Rules) -> Board:
    """The board of how everything stands."""
    now, zone = stand.now, rules.zone
    inventory = content.inventory or Inventory()
    notes: list[IncidentItem | WindowItem] = [*stand.incidents, *stand.windows]
    alerts = automatic_alerts(stand.memory.sightings, notes, inventory, rules.alert_after, zone, now)
    rows = _rows(inventory, stand)
    gaps = _gaps(content)
    unknown = [row.since for row in rows if row.state is State.UNKNOWN and row.since]
    unknown_since = min(unknown, default=None)
    current = _current(stand, alerts.current, zone)
    return Board(
        now=now,
        facts_at=stand.facts.at,
        valid_until=_valid_until(content, stand, rows, alerts.current, zone),
        overall=overall_line(rows, current, gaps, zone, now),
        rows=rows,
        current=current,
        scheduled=tuple(sorted((w for w in stand.windows if w.life is Life.SCHEDULED), key=_starts)),
        past=_past(stand, alerts.past, rules.past_count),
        problems=content.withheld
        + sum(item.note.is_marked for item in notes)
        + stand.settled.incomplete
        + (content.inventory_kept_since is not None or not content.is_list_whole),
        withheld=content.withheld,
        gaps=gaps,
        list_kept_since=content.inventory_kept_since,
        unknown_since=unknown_since,
        in_doubt_since=min(
            (since for since in (unknown_since, content.gaps_since if gaps else None) if since),
            default=None,
        ),
        monitored=bool(stand.seen.words),
        alerts=(*alerts.current, *alerts.past),
    )


def _gaps(content: Content) -> tuple[str, ...]:
    """What of the folder visitors should see and cannot."""
    gaps = [] if content.is_list_whole else [unlisted_text(partly=content.inventory is not None)]
    gaps += [withheld_text(content.withheld)] if content.withheld else []
    return tuple(gaps)


def _rows(inventory: Inventory, stand: Standing) -> tuple[ComponentRow, ...]:
    open_incidents = [item for item in stand.incidents if not item.phase.is_ended]
    running = [item for item in stand.windows if item.life in RUNNING]
    return tuple(
        component_row(component, stand.seen, stand.memory, open_incidents, running, stand.now)
        for component in inventory.components
    )


def _current(stand: Standing, alerts: Sequence[AlertItem], zone: tzinfo) -> tuple[Item, ...]:
    """What is on now: the worst incidents first, then alerts, then the work under way."""
    open_incidents = [item for item in stand.incidents if not item.phase.is_ended]
    open_incidents.sort(key=began, reverse=True)
    open_incidents.sort(key=lambda item: item.impact.rank, reverse=True)
    notes: list[IncidentItem | WindowItem] = [*stand.incidents, *stand.windows]
    told = [
        replace(alert, remarks=alert_remarks(alert, notes, stand.seen.trouble, zone, stand.now))
        for alert in alerts
    ]
    told.sort(key=lambda item: item.impact.rank, reverse=True)
    work = sorted((item for item in stand.windows if item.life in CURRENT), key=_starts)
    return (*open_incidents, *told, *work)


def _past(stand: Standing, alerts: Sequence[AlertItem], count: int) -> tuple[Item, ...]:
    """The latest that have ended, newest first."""
    over: list[Item] = [item for item in stand.incidents if item.phase.is_ended]
    over += [item for item in stand.windows if item.life not in (*CURRENT, Life.SCHEDULED)]
    over += [*alerts, *(card.item() for card in stand.settled.past[:count])]
    return tuple(sorted(over, key=by_end, reverse=True)[:count])


def _valid_until(
    content: Content,
    stand: Standing,
    rows: Sequence[ComponentRow],
    alerts: Sequence[AlertItem],
    zone: tzinfo,
) -> datetime:
    """The next moment at which the clock alone changes anything on the board or in what is made of it.

    Midnight always does: times of today are told without their date.
    """
    points = {word.turns_at for word in stand.seen.words.values() if word.turns_at}
    points.add(_next_midnight(stand.now, zone))
    if stand.facts.turns_at is not None:
        points.add(stand.facts.turns_at)
    for note in (*stand.settled.open_incidents, *stand.settled.open_windows):
        points |= turning_points(note, content.read_at)
    for window in stand.settled.open_windows:
        points |= window_turning_points(window)
    for trouble in stand.seen.trouble.values():
        if trouble.lost:
            points.add(trouble.last_seen + CONFIRMATION_WAIT)
        points |= {limit for item in stand.windows if (limit := outlasted_at(item, trouble.began))}
    open_now = [sighting for sighting in stand.memory.sightings if sighting.ended is None]
    points |= {limit for sighting in open_now if (limit := sighting.ends_at_last)}
    points |= {row.since + NOTICE_AFTER for row in rows if row.state is State.UNKNOWN and row.since}
    points |= {content.gaps_since + NOTICE_AFTER} if content.gaps_since else set()
    points |= {alert.announced_from for alert in alerts if alert.announced_from}
    return min(point for point in points if point > stand.now)


def _next_midnight(now: datetime, zone: tzinfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC)


_LAST = datetime.max.replace(tzinfo=UTC)


def _starts(item: WindowItem) -> datetime:
    return item.note.starts.at if item.note.starts else _LAST
