"""Automatic alerts: what monitoring saw and nobody wrote about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from status_plugin.core.board.items import AlertItem, IncidentItem, Life, WindowItem
from status_plugin.core.board.windows import RUNNING, UNCONFIRMED, end_of
from status_plugin.core.board.wording import clock_text, failing_text, names_text
from status_plugin.core.monitoring.sightings import Sighting, SightingKind
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.sayings import counted, joined, saying
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import State, worst

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
    alerts = [
        _alert(event, seen, inventory, announced_after, zone, now)
        for event, seen in uncovered_events(sightings, notes, inventory).items()
    ]
    alerts.sort(key=lambda alert: alert.started, reverse=True)
    return Uncovered(
        current=tuple(alert for alert in alerts if alert.ended is None),
        past=tuple(alert for alert in alerts if alert.ended is not None),
    )


def uncovered_events(
    sightings: Sequence[Sighting], notes: Sequence[IncidentItem | WindowItem], inventory: Inventory
) -> dict[str, list[Sighting]]:
    """What was seen and no note covers, by the event's name, each in the order in which it began."""
    events: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        is_listed = sighting.component in inventory.by_slug
        if is_listed and not any(covers(item, sighting) for item in notes):
            events.setdefault(sighting.event, []).append(sighting)
    return events


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
    impacts = _impacts(shown)
    due = began + announced_after
    return AlertItem(
        slug=slug,
        title=_title(kind, shown, inventory),
        affects=impacts,
        remarks=_remarks(kind, shown, clock_text(began, zone, now), zone, now),
        impact=worst(impacts.values()),
        started=began,
        announced_from=due if ended is None or due <= ended else None,
        ended=ended,
    )


def _impacts(sightings: Sequence[Sighting]) -> dict[str, State]:
    """What each component is, or at the worst was, in the order in which they went wrong."""
    impacts: dict[str, State] = {}
    for sighting in sightings:
        state = sighting.state if sighting.ended is None else sighting.worst
        impacts[sighting.component] = worst([impacts.get(sighting.component, state), state])
    return impacts


def _title(kind: SightingKind, sightings: Sequence[Sighting], inventory: Inventory) -> str:
    named = {sighting.component: inventory.by_slug[sighting.component].name for sighting in sightings}
    over = all(sighting.ended is not None for sighting in sightings)
    if kind is SightingKind.UNREACHABLE:
        return _unreached_title(len(named), over=over)
    if kind is SightingKind.DOWNTIME:
        names = names_text(list(named.values()))
        return saying("{names}: planned work, says our monitoring", names=names)
    worst_of = _impacts(sightings)
    states = sorted(set(worst_of.values()), key=lambda state: state.rank, reverse=True)
    told = {
        state: [
            (name, _failing_labels(inventory.by_slug[slug], state, sightings))
            for slug, name in named.items()
            if worst_of[slug] is state
        ]
        for state in states
    }
    return joined("; ", [failing_text(names, state, over=over) for state, names in told.items()])


def _unreached_title(count: int, *, over: bool) -> str:
    if over:
        return counted(
            count,
            "Our monitoring could not reach one of our servers",
            "Our monitoring could not reach {count} of our servers",
        )
    return counted(
        count,
        "Our monitoring cannot reach one of our servers",
        "Our monitoring cannot reach {count} of our servers",
    )


def _failing_labels(component: Component, state: State, sightings: Sequence[Sighting]) -> tuple[str, ...]:
    """The checks that make a component be, or at the worst have been, in a state; none if all do."""
    seen = {
        label
        for sighting in sightings
        if sighting.component == component.slug
        if (sighting.state if sighting.ended is None else sighting.worst) is state
        for label in sighting.checks
    }
    return labels_in_part(component, seen)


def labels_in_part(component: Component, labels: Collection[str]) -> tuple[str, ...]:
    """Those of the labels that are public now, in their order; none if they are all that there are."""
    listed = component.checks or ()
    found = tuple(label for label in listed if label in labels)
    return found if len(found) < len(listed) else ()


def _remarks(
    kind: SightingKind, sightings: Sequence[Sighting], since: str, zone: tzinfo, now: datetime
) -> tuple[str, ...]:
    if all(sighting.ended is not None for sighting in sightings):
        return (saying("Seen by our monitoring, no note written."),)
    if kind is SightingKind.UNREACHABLE:
        unreached = counted(
            len({sighting.component for sighting in sightings}),
            "Not reached since {time}; we do not know whether it works.",
            "Not reached since {time}; we do not know whether they work.",
            time=since,
        )
        return (unreached,)
    if kind is SightingKind.DOWNTIME:
        planned = saying(
            "Our monitoring has known of planned work since {time}. Nobody has written about it yet.",
            time=since,
        )
        return (planned,)
    seen = [saying("Seen by our monitoring since {time}. Nobody has written about it yet.", time=since)]
    silent = [sighting for sighting in sightings if sighting.ended is None and sighting.lost]
    if silent:
        last = clock_text(max(sighting.last_seen for sighting in silent), zone, now)
        seen.append(saying("Last seen at {time}; whether it goes on, our monitoring cannot tell.", time=last))
    return tuple(seen)
