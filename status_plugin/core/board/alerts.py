"""Automatic alerts: what monitoring saw and nobody wrote about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from status_plugin.core.board.items import AlertItem, IncidentItem, Life, WindowItem
from status_plugin.core.board.windows import RUNNING, UNCONFIRMED, end_of
from status_plugin.core.board.wording import are_text, clock_text, names_text
from status_plugin.core.monitoring.memory import Sighting, SightingKind
from status_plugin.core.notes.components import Inventory
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import State, worst

SAME_EVENT = timedelta(minutes=2)
"""Components that go wrong within this time of the first are one alert."""

VAGUE = timedelta(hours=1)
"""How far a vaguely written time may be from the truth when a sighting is matched to a note."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Uncovered:
    """The alerts that are on now and those that have passed, newest first."""

    current: tuple[AlertItem, ...]
    past: tuple[AlertItem, ...]


def automatic_alerts(
    sightings: Sequence[Sighting],
    notes: Sequence[IncidentItem | WindowItem],
    inventory: Inventory,
    announced_after: timedelta,
    zone: tzinfo,
    now: datetime,
) -> Uncovered:
    """The alerts for all sightings that no note covers."""
    listed = [sighting for sighting in sightings if sighting.component in inventory.by_slug]
    alerts = []
    for event in _events(listed):
        bare = [sighting for sighting in event if not any(covers(item, sighting) for item in notes)]
        if bare:
            alerts.append(_alert(identity(event[0]), bare, inventory, announced_after, zone, now))
    alerts.sort(key=lambda alert: alert.started, reverse=True)
    return Uncovered(
        current=tuple(alert for alert in alerts if alert.ended is None),
        past=tuple(alert for alert in alerts if alert.ended is not None),
    )


def identity(first: Sighting) -> str:
    """The alert's permanent name, from the first thing that was seen."""
    return f"auto-{first.component}-{first.began.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def covers(item: IncidentItem | WindowItem, sighting: Sighting) -> bool:
    """Whether the note speaks of what was seen.

    What is still going on is covered by an open incident or a running window; what has passed, by
    any note whose time it touches.
    """
    if sighting.component not in item.affects:
        return False
    if sighting.ended is None:
        return _covers_now(item, sighting)
    if isinstance(item, WindowItem) and item.life is Life.SCHEDULED:
        return False
    begin, end = _period(item)
    if end is not None and end < begin:
        # It was cancelled before it began.
        return False
    return begin <= sighting.ended and (end is None or sighting.began <= end)


def _covers_now(item: IncidentItem | WindowItem, sighting: Sighting) -> bool:
    if isinstance(item, IncidentItem):
        return not item.phase.is_ended and item.affects[sighting.component] is not State.OPERATIONAL
    if item.life in UNCONFIRMED:
        end = end_of(item.note)
        return sighting.lost and end is not None and sighting.began < end
    return item.life in (*RUNNING, Life.OVERRUNNING)


def _period(item: IncidentItem | WindowItem) -> tuple[datetime, datetime | None]:
    """The time that a note is about, generous where its words are vague."""
    if isinstance(item, IncidentItem):
        begin = _earliest(item.started) if item.started else datetime.min.replace(tzinfo=UTC)
        return begin, _latest(item.ended) if item.ended else None
    starts = [moment for moment in (item.began, item.note.starts) if moment]
    begin = min((_earliest(moment) for moment in starts), default=datetime.max.replace(tzinfo=UTC))
    if item.ended is not None:
        return begin, _latest(item.ended)
    return begin, end_of(item.note)


def _earliest(moment: Moment) -> datetime:
    return moment.at if moment.exact else moment.at - VAGUE


def _latest(moment: Moment) -> datetime:
    return moment.at if moment.exact else moment.at + VAGUE


def _events(sightings: Iterable[Sighting]) -> Iterator[list[Sighting]]:
    """Sightings that belong together, each event with its first sighting in front."""
    for kind in SightingKind:
        event: list[Sighting] = []
        for sighting in sorted(
            (s for s in sightings if s.kind is kind), key=lambda s: (s.began, s.component)
        ):
            if event and not _same_event(event, sighting):
                yield event
                event = []
            event.append(sighting)
        if event:
            yield event


def _same_event(event: Sequence[Sighting], sighting: Sighting) -> bool:
    """All that cannot be reached now is one event, whenever each part of it was lost."""
    if sighting.kind is SightingKind.UNREACHABLE and sighting.ended is None:
        return any(other.ended is None for other in event)
    return sighting.began - event[0].began <= SAME_EVENT


def _alert(
    slug: str,
    sightings: Sequence[Sighting],
    inventory: Inventory,
    announced_after: timedelta,
    zone: tzinfo,
    now: datetime,
) -> AlertItem:
    going_on = [sighting for sighting in sightings if sighting.ended is None]
    shown = going_on or sightings
    ends = [sighting.ended for sighting in sightings if sighting.ended is not None]
    kind = sightings[0].kind
    began = min(sighting.began for sighting in sightings)
    ended = None if going_on else max(ends)
    due = began + announced_after
    return AlertItem(
        slug=slug,
        title=_title(kind, shown, inventory),
        affects={sighting.component: _impact(sighting) for sighting in shown},
        remarks=_remarks(kind, shown, clock_text(began, zone, now), zone, now),
        impact=worst(_impact(sighting) for sighting in shown),
        started=began,
        announced_from=due if ended is None or due <= ended else None,
        ended=ended,
    )


def _impact(sighting: Sighting) -> State:
    return sighting.state if sighting.ended is None else sighting.worst


def _title(kind: SightingKind, sightings: Sequence[Sighting], inventory: Inventory) -> str:
    names = [inventory.by_slug[sighting.component].name for sighting in sightings]
    over = all(sighting.ended is not None for sighting in sightings)
    if kind is SightingKind.UNREACHABLE:
        verb = "could not reach" if over else "cannot reach"
        return f"Our monitoring {verb} {len(names) if len(names) > 1 else 'one'} of our servers"
    if kind is SightingKind.DOWNTIME:
        return f"{names_text(names)}: planned work, says our monitoring"
    return are_text(names, worst(_impact(sighting) for sighting in sightings), over=over)


def _remarks(
    kind: SightingKind, sightings: Sequence[Sighting], since: str, zone: tzinfo, now: datetime
) -> tuple[str, ...]:
    if all(sighting.ended is not None for sighting in sightings):
        return ("Seen by our monitoring, no note written.",)
    if kind is SightingKind.UNREACHABLE:
        return (f"Not reached since {since}; we do not know whether they work.",)
    if kind is SightingKind.DOWNTIME:
        return (f"Our monitoring has known of planned work since {since}. Nobody has written about it yet.",)
    seen = [f"Seen by our monitoring since {since}. Nobody has written about it yet."]
    silent = [sighting for sighting in sightings if sighting.ended is None and sighting.lost]
    if silent:
        last = clock_text(max(sighting.last_seen for sighting in silent), zone, now)
        seen.append(f"Last seen at {last}; our monitoring has been silent since.")
    return tuple(seen)
