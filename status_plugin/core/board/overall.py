"""The one line that answers first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from status_plugin.core.board.items import AlertItem, IncidentItem, Item, WindowItem
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.board.wording import are_text, clock_text, failing_text, names_text
from status_plugin.core.monitoring.word import failing_checks
from status_plugin.core.sayings import counted, joined, saying
from status_plugin.core.words import State, worst

ALL_WELL = saying("All systems operational")
"""What the line says when everything is watched and well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Overall:
    """The one line that answers first; `state` is never operational while anything is in doubt."""

    state: State
    text: str


def overall_line(
    rows: Sequence[ComponentRow], current: Sequence[Item], gaps: Sequence[str], zone: tzinfo, now: datetime
) -> Overall:
    """The worst of all that is known, in words; `gaps` tell what cannot be shown."""
    state = worst(row.state for row in rows)
    incidents = [item for item in current if isinstance(item, IncidentItem)]
    elsewhere = worst(item.impact for item in incidents if not _is_in_table(item, rows))
    if state.is_trouble and state.rank >= elsewhere.rank:
        return Overall(state=state, text=_trouble_text(rows, state))
    if incidents:
        return Overall(
            state=worst([State.DEGRADED_PERFORMANCE, elsewhere]), text=_open_text(rows, incidents, state)
        )
    if state is State.UNKNOWN:
        return Overall(state=state, text=_unknown_text(rows, current, zone, now))
    if any(isinstance(item, AlertItem) for item in current) and state is State.OPERATIONAL:
        return Overall(
            state=State.UNKNOWN, text=saying("Our monitoring reports something that is not yet explained")
        )
    if gaps:
        return Overall(state=State.UNKNOWN, text=gaps[0])
    if state is State.UNDER_MAINTENANCE or current:
        return Overall(state=State.UNDER_MAINTENANCE, text=_maintenance_text(rows, current))
    return Overall(state=state, text=_calm_text(rows))


def _is_in_table(item: IncidentItem, rows: Sequence[ComponentRow]) -> bool:
    """Whether the table shows the incident's claims: then a component's state tells them already."""
    return any(row.component.slug in item.affects for row in rows)


def _named(rows: Sequence[ComponentRow], state: State) -> list[str]:
    return [row.component.name for row in rows if row.state is state]


def _trouble_text(rows: Sequence[ComponentRow], state: State) -> str:
    parts: list[str] = [_worst_text([row for row in rows if row.state is state], state)]
    lesser = [row for row in rows if row.state.is_trouble and row.state is not state]
    if lesser:
        parts.append(counted(len(lesser), "{count} other has problems", "{count} others have problems"))
    return joined("; ", [*parts, _unknown_clause(rows)])


def _unknown_clause(rows: Sequence[ComponentRow]) -> str:
    """What of the table nobody knows, to stand behind something else; empty if there is nothing."""
    unknown = _named(rows, State.UNKNOWN)
    return saying("status of {names} unknown", names=names_text(unknown)) if unknown else ""


def _worst_text(rows: Sequence[ComponentRow], state: State) -> str:
    """A sentence on the components in one state, with the checks that make it where not all of them do."""
    return failing_text([(row.component.name, _failing(row)) for row in rows], state)


def _failing(row: ComponentRow) -> tuple[str, ...]:
    """What staff claim is not blamed on a check."""
    return failing_checks(row.state, row.checks) if row.seen is row.state else ()


def _open_text(rows: Sequence[ComponentRow], incidents: Sequence[IncidentItem], state: State) -> str:
    text = (
        saying("Still open: {title}", title=incidents[0].title)
        if len(incidents) == 1
        else counted(len(incidents), "{count} incident is still open", "{count} incidents are still open")
    )
    rest = _trouble_text(rows, state) if state.is_trouble else _unknown_clause(rows)
    return joined("; ", [text, rest])


def _unknown_text(rows: Sequence[ComponentRow], current: Sequence[Item], zone: tzinfo, now: datetime) -> str:
    unknown = [row for row in rows if row.state is State.UNKNOWN]
    times = [row.since for row in unknown if row.since]
    since = clock_text(min(times), zone, now) if times else ""
    names = names_text(_named(rows, State.UNKNOWN))
    if len(unknown) == sum(row.seen is not None for row in rows):
        text = saying("Status unknown since {time}", time=since) if since else saying("Status unknown")
    elif since:
        text = saying("Status of {names} unknown since {time}", names=names, time=since)
    else:
        text = saying("Status of {names} unknown", names=names)
    is_at_work = any(isinstance(item, WindowItem) for item in current)
    return joined("; ", [text, saying("maintenance in progress") if is_at_work else ""])


def _maintenance_text(rows: Sequence[ComponentRow], current: Sequence[Item]) -> str:
    names = _named(rows, State.UNDER_MAINTENANCE)
    if names:
        return are_text(names, State.UNDER_MAINTENANCE)
    titles = [item.title for item in current if isinstance(item, WindowItem)]
    if len(titles) == 1:
        return saying("Maintenance: {title}", title=titles[0])
    return saying("Maintenance in progress")


def _calm_text(rows: Sequence[ComponentRow]) -> str:
    """Nobody may read more into it than what is watched."""
    watched = [row for row in rows if row.seen is not None]
    if not watched:
        return saying("No problems reported")
    return ALL_WELL if len(watched) == len(rows) else saying("All monitored systems operational")
