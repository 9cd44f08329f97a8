"""The sentences that the board says to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from status_plugin.core.sayings import DAY_AND_TIME, Saying, counted, day_text, joined, messages, saying
from status_plugin.core.words import State

STATE_NAMES = {
    State.OPERATIONAL: saying("Operational"),
    State.UNDER_MAINTENANCE: saying("Under maintenance"),
    State.UNKNOWN: saying("Unknown"),
    State.DEGRADED_PERFORMANCE: saying("Slow"),
    State.PARTIAL_OUTAGE: saying("Partly offline"),
    State.MAJOR_OUTAGE: saying("Offline"),
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

_ARE = {
    State.OPERATIONAL: messages("{names} is working", "{names} are working"),
    State.UNDER_MAINTENANCE: messages("{names} is under maintenance", "{names} are under maintenance"),
    State.UNKNOWN: messages("{names} is in an unknown state", "{names} are in an unknown state"),
    State.DEGRADED_PERFORMANCE: messages("{names} is slow", "{names} are slow"),
    State.PARTIAL_OUTAGE: messages("{names} is partly offline", "{names} are partly offline"),
    State.MAJOR_OUTAGE: messages("{names} is offline", "{names} are offline"),
}
_WERE = {
    State.OPERATIONAL: messages("{names} was working", "{names} were working"),
    State.UNDER_MAINTENANCE: messages("{names} was under maintenance", "{names} were under maintenance"),
    State.UNKNOWN: messages("{names} was in an unknown state", "{names} were in an unknown state"),
    State.DEGRADED_PERFORMANCE: messages("{names} was slow", "{names} were slow"),
    State.PARTIAL_OUTAGE: messages("{names} was partly offline", "{names} were partly offline"),
    State.MAJOR_OUTAGE: messages("{names} was offline", "{names} were offline"),
}


def predicate(state: State) -> str:
    """What a component is in English, to stand behind "is" or "are"."""
    return _PREDICATES[state]


def date_text(at: date) -> str:
    """The day, as "Thu 4 Sep 2008"."""
    return day_text(at)


def clock_text(at: datetime, zone: tzinfo, now: datetime) -> str:
    """A time with its zone, as "17:33 EDT" on the day of `now`, else with the day before it."""
    local = at.astimezone(zone)
    clock = f"{local:%H:%M} {zone_name(local)}"
    if local.date() == now.astimezone(zone).date():
        return clock
    return saying(DAY_AND_TIME, day=day_text(local), time=clock)


def zone_name(local: datetime) -> str:
    """The zone's abbreviation; where it has none, its distance from UTC."""
    name = local.tzname() or ""
    return f"UTC{name.replace('-', '−')}" if name[:1] in ("+", "-") else name


def names_text(names: Sequence[str]) -> str:
    """Names in a row: "Srv3", "Srv3 and ns3", "Srv3, ns3 and 4 more"."""
    if len(names) <= 1:
        return names[0] if names else ""
    if len(names) <= 3:
        return saying("{names} and {last}", names=joined(", ", names[:-1]), last=names[-1])
    more = len(names) - 2
    return counted(
        more, "{names} and {count} more", "{names} and {count} more", names=joined(", ", names[:2])
    )


def are_text(names: Sequence[str], state: State, *, over: bool = False) -> Saying:
    """A sentence on components: "Srv3 is offline", "Srv3 and ns3 are slow"; "was" and "were" when over."""
    return counted(len(names), *(_WERE if over else _ARE)[state], names=names_text(names))


def failing_text(told: Sequence[tuple[str, Sequence[str]]], state: State, *, over: bool = False) -> Saying:
    """The same with the checks that fail: "Srv3 is partly offline: Mail", "Srv3 (Mail) and ns3 are ..."."""
    named = [(name, names_text(labels)) for name, labels in told]
    if len(named) == 1:
        ((name, labels),) = named
        sentence = are_text([name], state, over=over)
        return saying("{sentence}: {checks}", sentence=sentence, checks=labels) if labels else sentence
    names = [
        saying("{name} ({checks})", name=name, checks=labels) if labels else name for name, labels in named
    ]
    return are_text(names, state, over=over)


def withheld_text(count: int) -> Saying:
    """That some notes cannot be shown."""
    return counted(
        count, "{count} note cannot be shown at the moment", "{count} notes cannot be shown at the moment"
    )


def unlisted_text(*, partly: bool) -> Saying:
    """That servers may be missing, because their list cannot be read."""
    if partly:
        return saying("Part of the list of our servers cannot be read")
    return saying("Status unknown: the list of our servers cannot be read")


def count_text(count: int, noun: str) -> str:
    """A number with its noun in English: "1 note", "3 notes"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
