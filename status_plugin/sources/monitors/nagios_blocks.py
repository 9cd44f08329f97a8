"""Nagios' JSON retold as the blocks of a status.dat: bits become numbers, milliseconds seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from status_plugin.sources.monitors.json_answers import JsonObject
from status_plugin.sources.monitors.status_dat import Block, Key

_HOST_STATES = {2: 0, 4: 1, 8: 2}
_SERVICE_STATES = {2: 0, 4: 1, 16: 2, 8: 3}
_HOST_DOWNTIME, _SERVICE_DOWNTIME = 2, 1

# A name that is not in English letters may be left out.
_NAMELESS = b"(null)"

_TIMES = ("last_check", "next_check", "last_hard_state_change")
_NUMBERS = ("state_type", "last_hard_state", "check_type", "scheduled_downtime_depth")
_FLAGS = {
    "has_been_checked": "has_been_checked",
    "is_flapping": "is_flapping",
    "should_be_scheduled": "should_be_scheduled",
    "checks_enabled": "active_checks_enabled",
    "accept_passive_checks": "passive_checks_enabled",
}
_PROGRAM_FLAGS = {
    "execute_host_checks": "active_host_checks_enabled",
    "execute_service_checks": "active_service_checks_enabled",
    "accept_passive_host_checks": "passive_host_checks_enabled",
    "accept_passive_service_checks": "passive_service_checks_enabled",
}


def program_block(program: JsonObject) -> Block:
    """The `programstatus` of a status.dat."""
    return block_of(dict(_flags(program, _PROGRAM_FLAGS)))


def object_block(key: Key, status: JsonObject, configured: JsonObject | None) -> Block:
    """A `hoststatus` or `servicestatus`; `configured` is its configuration, None if nobody knows it."""
    states, well_at = (_SERVICE_STATES, "last_time_ok") if key[1] else (_HOST_STATES, "last_time_up")
    values = {name: status.number(name) / 1000 for name in (*_TIMES, well_at)}
    values |= {name: status.number(name) for name in _NUMBERS}
    values |= dict(_flags(status, _FLAGS))
    state = states.get(status.whole("status"))
    if state is not None:
        values["current_state"] = state
    if configured is not None:
        values["check_interval"] = configured.number("check_interval", 0.0)
    # Only whether there is a command is asked for.
    has_no_command = configured is not None and configured.members.get("check_command") == ""
    return block_of(values, has_check=not has_no_command)


def beginnings(downtimes: JsonObject) -> Iterator[tuple[Key, float]]:
    """Which hosts and services are in a downtime that is in effect, and since when."""
    for _, downtime in downtimes.objects():
        if not downtime.flag("is_in_effect"):
            continue
        began = downtime.number("flex_downtime_start") or downtime.number("start_time")
        host, service = (downtime.text(name, "").encode() for name in ("host_name", "service_description"))
        if downtime.whole("type") == _HOST_DOWNTIME:
            yield (host, b""), began / 1000
        elif downtime.whole("type") == _SERVICE_DOWNTIME:
            yield (host, service or _NAMELESS), began / 1000


def _flags(found: JsonObject, names: dict[str, str]) -> Iterator[tuple[str, float]]:
    return ((ours, found.flag(theirs)) for theirs, ours in names.items())


def block_of(values: Mapping[str, float], *, has_check: bool = True) -> Block:
    """The block with these values; what it is checked with is not told, but whether it is."""
    lines = "".join(f"\n\t{name}={float(value)!r}" for name, value in values.items())
    return Block(lines.encode() + (b"" if has_check else b"\n\tcheck_command="))
