"""Makes the report of a period from the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from status_plugin.core.board.alerts import uncovered_events
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.history.claims import Told, told_by_notes
from status_plugin.core.history.history import history_between
from status_plugin.core.monitoring.logbook import Record
from status_plugin.core.monitoring.sightings import Sighting, SightingKind
from status_plugin.core.words import worst
from status_plugin.staff.reporting.evidence import Evidence, speaks_of
from status_plugin.staff.reporting.incidents import incident_account, post_mortem_of
from status_plugin.staff.reporting.period import Period
from status_plugin.staff.reporting.publications import first_told_at
from status_plugin.staff.reporting.report import ComponentAccount, Contradiction, Debt, Report, Unwritten
from status_plugin.staff.reporting.windows import window_account

_Item = TypeVar("_Item", IncidentItem, WindowItem)


def make_report(evidence: Evidence, period: Period, notice_period: timedelta | None = None) -> Report:
    """The report; what began in the period belongs to it, whenever it ended."""
    stand = evidence.stand
    incidents, windows = stand.incidents, stand.windows
    items: list[IncidentItem | WindowItem] = [*incidents, *windows]
    inside = [item for item in _dated(incidents, evidence) if period.holds(item[0])]
    accounts = {item.slug: incident_account(item, evidence) for _, item in inside}
    owing = [item for item in incidents if _is_owing(item, evidence, is_inside=item.slug in accounts)]
    planned = [item for item in _dated(windows, evidence) if period.holds(item[0])]
    return Report(
        now=evidence.now,
        begin=period.begin,
        end=period.end,
        zone=evidence.zone,
        incidents=tuple(accounts.values()),
        windows=tuple(window_account(item, evidence, notice_period) for _, item in planned),
        components=tuple(_components(evidence, period)),
        unwritten=tuple(_unwritten(evidence, period)),
        debts=tuple(
            accounts.get(item.slug) or incident_account(item, evidence) for _, item in _dated(owing, evidence)
        ),
        contradictions=tuple(
            Contradiction(slug=item.slug, text=text)
            for item in items
            for text in evidence.contradictions(item)
        ),
        undated=sum(_begun(item, evidence) is None for item in items),
        withheld=evidence.content.withheld,
        has_journal=evidence.logbook is not None,
        seen_from=evidence.seen_from,
        has_git=evidence.publications is not None,
        notice_period=notice_period,
    )


def _dated(items: Sequence[_Item], evidence: Evidence) -> list[tuple[datetime, _Item]]:
    """The items with their beginnings, in that order; those without one are left out."""
    found = [(begun, item) for item in items if (begun := _begun(item, evidence))]
    return sorted(found, key=lambda pair: (pair[0], pair[1].slug))


def _begun(item: IncidentItem | WindowItem, evidence: Evidence) -> datetime | None:
    """When something began, or else when it was first told of."""
    begun = item.started if isinstance(item, IncidentItem) else item.note.starts or item.began
    if begun is not None:
        return begun.at
    told = first_told_at(item.note, evidence.commits)
    return told.at if told else None


def _is_owing(item: IncidentItem, evidence: Evidence, *, is_inside: bool) -> bool:
    found = post_mortem_of(item, evidence)
    return found.debt in (Debt.OWED, Debt.OVERDUE) and (is_inside or found.due is not None)


def _components(evidence: Evidence, period: Period) -> Iterator[ComponentAccount]:
    begin, end = period.begin, min(period.end, evidence.now)
    if begin >= end:
        return
    told = told_by_notes(evidence.stand.incidents, evidence.stand.windows, begin, evidence.now)
    for component in evidence.inventory.components:
        slug = component.slug
        record = evidence.logbook.record(slug, begin, end) if evidence.logbook else Record()
        found = history_between(record, told.get(slug, Told()), evidence.zone, begin, end, evidence.now)
        yield ComponentAccount(
            slug=slug,
            name=component.name,
            uptime=found.uptime(len(found.days)),
            down=sum((day.down for day in found.days), timedelta()),
            trouble=sum((day.trouble for day in found.days), timedelta()),
            no_data=sum((day.no_data for day in found.days), timedelta()),
            is_watched=component.checks is not None,
        )


def _unwritten(evidence: Evidence, period: Period) -> Iterator[Unwritten]:
    """Trouble, and what could not be reached, that no note tells of; planned work is neither."""
    items: dict[str, list[IncidentItem | WindowItem]] = {}
    notes: list[IncidentItem | WindowItem] = [*evidence.stand.incidents, *evidence.stand.windows]
    for item in notes:
        for slug in item.affects:
            items.setdefault(slug, []).append(item)
    seen = [
        sighting
        for slug, sightings in evidence.sightings.items()
        for sighting in sightings
        if sighting.kind is not SightingKind.DOWNTIME and sighting.began < period.end
        if not any(speaks_of(item, sighting) for item in items.get(slug, ()))
    ]
    seen.sort(key=lambda sighting: (sighting.began, sighting.component))
    for event, members in uncovered_events(seen, (), evidence.inventory).items():
        if period.holds(min(sighting.began for sighting in members)):
            yield _unwritten_event(event, members, evidence.now)


def _unwritten_event(event: str, members: Sequence[Sighting], now: datetime) -> Unwritten:
    began = min(sighting.began for sighting in members)
    ends = [sighting.ended for sighting in members if sighting.ended]
    ended = max(ends) if len(ends) == len(members) else None
    # Of what nobody could see any more it is not said that it went on.
    last = max(sighting.last_seen if sighting.lost else now for sighting in members)
    return Unwritten(
        event=event,
        components=tuple(dict.fromkeys(sighting.component for sighting in members)),
        worst=worst(sighting.worst for sighting in members),
        began=began,
        ended=ended,
        lasted=(ended or last) - began,
    )
