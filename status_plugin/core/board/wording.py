"""The sentences that the board says to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from status_plugin.core.words import State

STATE_NAMES = {
    State.OPERATIONAL: "Operational",
    State.UNDER_MAINTENANCE: "Under maintenance",
    State.UNKNOWN: "Unknown",
    State.DEGRADED_PERFORMANCE: "Slow",
    State.PARTIAL_OUTAGE: "Partly offline",
    State.MAJOR_OUTAGE: "Offline",
}
"""What people read for each state."""

_PREDICATES = {
    State.OPERATIONAL: "working",
    State.UNDER_MAINTENANCE: "under maintenance",
    State.UNKNOWN: "in an unknown state",
    State.DEGRADED_PERFORMANCE: "slow",
    State.PARTIAL_OUTAGE: "partly offline",
    State.MAJOR_OUTAGE: "offline",
}

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def predicate(state: State) -> str:
    """What a component is, to stand behind "is" or "are"."""
    return _PREDICATES[state]


def date_text(at: date) -> str:
    """The day, as "Thu 4 Sep 2008"."""
    return f"{_WEEKDAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"


def clock_text(at: datetime, zone: tzinfo, now: datetime) -> str:
    """A time with its zone, as "17:33 EDT" on the day of `now`, else with the day before it."""
    local = at.astimezone(zone)
    clock = f"{local:%H:%M} {zone_name(local)}"
    return clock if local.date() == now.astimezone(zone).date() else f"{date_text(local)}, {clock}"


def zone_name(local: datetime) -> str:
    """The zone's abbreviation; where it has none, its distance from UTC."""
    name = local.tzname() or ""
    return f"UTC{name.replace('-', '−')}" if name[:1] in ("+", "-") else name


def names_text(names: Sequence[str]) -> str:
    """Names in a row: "Srv3", "Srv3 and ns3", "Srv3, ns3 and 4 more"."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= 3:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:2])} and {len(names) - 2} more"


def are_text(names: Sequence[str], state: State, *, over: bool = False) -> str:
    """A sentence on components: "Srv3 is offline", "Srv3 and ns3 are slow"; "was" and "were" when over."""
    verbs = ("was", "were") if over else ("is", "are")
    return f"{names_text(names)} {verbs[len(names) > 1]} {predicate(state)}"


def failing_text(told: Sequence[tuple[str, Sequence[str]]], state: State, *, over: bool = False) -> str:
    """The same with the checks that fail: "Srv3 is partly offline: Mail", "Srv3 (Mail) and ns3 are ..."."""
    named = [(name, names_text(labels)) for name, labels in told]
    if len(named) == 1:
        ((name, labels),) = named
        return are_text([name], state, over=over) + (f": {labels}" if labels else "")
    return are_text([f"{name} ({labels})" if labels else name for name, labels in named], state, over=over)


def withheld_text(count: int) -> str:
    """That some notes cannot be shown."""
    return f"{count_text(count, 'note')} cannot be shown at the moment"


def unlisted_text(*, partly: bool) -> str:
    """That servers may be missing, because their list cannot be read."""
    if partly:
        return "Part of the list of our servers cannot be read"
    return "Status unknown: the list of our servers cannot be read"


def count_text(count: int, noun: str) -> str:
    """A number with its noun: "1 note", "3 notes"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
