"""`livestatus:`: the word of a Nagios, Naemon, Icinga 2 or Checkmk that has Livestatus.

`livestatus:/path/to/socket` or `livestatus+tcp://host:6557`. The answers are retold as the blocks of a
status.dat, so that all ways of asking a Nagios mean the same. Only columns that all of these monitors
have are asked for, and only what the map names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import SourceError, SourceTerms
from status_plugin.sources.monitors.host_monitor import HostMonitor, HostTarget, host_targets
from status_plugin.sources.monitors.json_answers import OTHER_FORM, JsonObject
from status_plugin.sources.monitors.livestatus_client import (
    LivestatusAddress,
    LivestatusConversation,
    read_livestatus_address,
)
from status_plugin.sources.monitors.monitor_clock import clock_at_least
from status_plugin.sources.monitors.nagios_blocks import block_of, program_block
from status_plugin.sources.monitors.nagios_objects import BlockTeller
from status_plugin.sources.monitors.status_dat import Block, Key, StatusData, Wanted

_PROGRAM = (
    "program_start",
    "execute_host_checks",
    "execute_service_checks",
    "accept_passive_host_checks",
    "accept_passive_service_checks",
)
_STATUS = (
    "state",
    "state_type",
    "has_been_checked",
    "is_flapping",
    "last_check",
    "next_check",
    "last_hard_state_change",
    "check_interval",
    "check_type",
    "active_checks_enabled",
    "accept_passive_checks",
    "scheduled_downtime_depth",
)
_HOST = ("name", *_STATUS, "hard_state", "last_time_up")
_SERVICE = ("host_name", "description", *_STATUS, "last_hard_state", "last_time_ok")
_DOWNTIME = ("host_name", "service_description", "fixed", "start_time", "end_time")

_NAMES = frozenset({"name", "host_name", "description"})

# What status.dat calls otherwise.
_OTHER_NAMES = {
    "state": "current_state",
    "hard_state": "last_hard_state",
    "accept_passive_checks": "passive_checks_enabled",
}


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> HostMonitor:
    """The socket at an absolute path, which need not be there yet, or the one at a host's port."""
    targets = host_targets(entries, example="its host_name in the monitoring")
    for target in targets.values():
        _check_names(target)
    blocks = LivestatusBlocks(read_livestatus_address(name), terms)
    return HostMonitor("Livestatus", BlockTeller(blocks), targets, terms.max_age)


def _check_names(target: HostTarget) -> None:
    """Raise MonitorMapError for a name with a line break, which would begin another line of a question."""
    entry = target.entry
    for label, text in [(None, target.host), *target.services.items()]:
        if any(letter < " " for letter in text):
            hint = "Write it in one line, as the monitoring does."
            raise entry.error("A name has a line break or a tab in it.", hint, entry.line_of(label))


class LivestatusBlocks:
    """Asks a monitor over Livestatus."""

    def __init__(self, address: LivestatusAddress, terms: SourceTerms) -> None:
        self._address = address
        self._terms = terms

    def read(self, wanted: Wanted, now: datetime) -> StatusData:
        """What the monitor says of the hosts that are wanted; raises SourceError when it cannot be asked."""
        conversation = LivestatusConversation(self._address, self._terms)
        program = _program(conversation)
        rows = dict(_objects(conversation, wanted))
        unchecked = _hosts_without_check(conversation, rows)
        checks = [row.number("last_check") for row in rows.values() if not row.flag("check_type")]
        created = clock_at_least(now, [program.number("program_start"), *checks])
        return StatusData(
            created=created,
            program=program_block(program),
            objects={key: _block(row, has_check=key not in unchecked) for key, row in rows.items()},
            downtimes=_downtimes(conversation, rows, created),
        )


def _program(conversation: LivestatusConversation) -> JsonObject:
    """What the monitor says of itself."""
    rows = conversation.ask("status", _PROGRAM)
    if len(rows) != 1:
        raise SourceError(OTHER_FORM)
    return rows[0]


def _objects(conversation: LivestatusConversation, wanted: Wanted) -> Iterator[tuple[Key, JsonObject]]:
    """Everything that is wanted and that the monitor has, with its status."""
    if wanted:
        for row in conversation.ask("hosts", _HOST, _any("name", wanted)):
            yield _key(row, "name"), row
    services = [(host, name) for host, names in wanted.items() for name in names]
    if services:
        for row in conversation.ask("services", _SERVICE, _any_service(services)):
            yield _key(row, "host_name", "description"), row


def _hosts_without_check(
    conversation: LivestatusConversation, rows: Mapping[Key, JsonObject]
) -> frozenset[Key]:
    """Of the hosts that were never checked those that have no check; commands are asked of no others."""
    pending = [host for (host, name), row in rows.items() if not name and not row.flag("has_been_checked")]
    if not pending:
        return frozenset()
    found = conversation.ask("hosts", ("name", "check_command"), _any("name", pending))
    return frozenset(_key(row, "name") for row in found if not row.text("check_command"))


def _key(row: JsonObject, host: str, service: str = "") -> Key:
    """The names in two columns; a row that is of a host itself has none in the second, or no second."""
    return row.text(host).encode(errors="replace"), row.text(service, "").encode(errors="replace")


def _downtimes(
    conversation: LivestatusConversation, rows: Mapping[Key, JsonObject], created: float
) -> dict[Key, float]:
    """When the downtimes began that are in effect; raises SourceError for one that is not listed."""
    planned = {key: row for key, row in rows.items() if row.number("scheduled_downtime_depth") > 0}
    if not planned:
        return {}
    listed: dict[Key, list[JsonObject]] = {key: [] for key in planned}
    for row in conversation.ask("downtimes", _DOWNTIME, _any("host_name", {host for host, _ in planned})):
        key = _key(row, "host_name", "service_description")
        if key in listed:
            listed[key].append(row)
    if not all(listed.values()):
        raise SourceError(
            "The monitor does not list a planned downtime that is in effect: it has just changed"
        )
    return {
        key: _began(listed[key], row.number("last_hard_state_change"), created)
        for key, row in planned.items()
    }


def _began(downtimes: Iterable[JsonObject], changed: float, created: float) -> float:
    """When the earliest of an object's downtimes took effect.

    When a flexible one did is not told: it was not before its window, nor before the state changed.
    """
    fixed, flexible = [], []
    for downtime in downtimes:
        start = downtime.number("start_time")
        if not downtime.flag("fixed"):
            flexible.append(max(start, changed))
        elif start <= created < downtime.number("end_time"):
            fixed.append(start)
    return min(fixed or flexible or [created])


def _block(row: JsonObject, *, has_check: bool) -> Block:
    values = {_OTHER_NAMES.get(name, name): _number(row, name) for name in row.members if name not in _NAMES}
    values["should_be_scheduled"] = values["check_interval"] > 0
    if not values["last_hard_state_change"]:
        # Before anything is confirmed Nagios has this here; Icinga has what is worst.
        values["last_hard_state"] = 0
    return block_of(values, has_check=has_check)


def _number(row: JsonObject, name: str) -> float:
    """A value; what is 0 or 1 for some of these monitors is `false` or `true` for others."""
    return row.flag(name) if isinstance(row.members[name], bool) else row.number(name)


def _any(column: str, values: Collection[bytes]) -> list[str]:
    """The condition that a column has one of these values."""
    return _one_of([[f"Filter: {column} = {value.decode()}"] for value in values])


def _any_service(keys: Collection[Key]) -> list[str]:
    """The condition that a service is one of these."""
    return _one_of(
        [
            [f"Filter: host_name = {host.decode()}", f"Filter: description = {name.decode()}", "And: 2"]
            for host, name in keys
        ]
    )


def _one_of(conditions: Sequence[Sequence[str]]) -> list[str]:
    lines = [line for condition in conditions for line in condition]
    return lines if len(conditions) == 1 else [*lines, f"Or: {len(conditions)}"]
