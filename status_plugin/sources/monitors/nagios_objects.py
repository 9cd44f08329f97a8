"""The blocks of a status.dat as hosts and services: what Nagios believes, by our own clock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Protocol

from status_plugin.sources.monitors import host_monitor
from status_plugin.sources.monitors.host_monitor import Told
from status_plugin.sources.monitors.monitor_clock import MonitorClock
from status_plugin.sources.monitors.state_scale import Plan, Watched
from status_plugin.sources.monitors.status_dat import Block, Key, StatusData, Wanted

# `check_interval` counts in units of a length that status.dat does not tell: a minute or less.
LONGEST_UNIT = timedelta(minutes=1)
LONGEST_INTERVAL = timedelta(days=7)


class BlockSource(Protocol):
    """Where blocks are read, or what retells its answers as blocks."""

    def read(self, wanted: Wanted, now: datetime) -> StatusData:
        """What it says of the hosts that are wanted; raises SourceError."""


class BlockTeller:
    """Tells what stands in the blocks of a status.dat."""

    def __init__(self, blocks: BlockSource) -> None:
        self._blocks = blocks

    def read(self, wanted: host_monitor.Wanted, now: datetime) -> Told:
        """What the blocks of the wanted hosts say; raises SourceError."""
        encoded = {host.encode(): {name.encode() for name in names} for host, names in wanted.items()}
        data = self._blocks.read(encoded, now)

        def find(key: host_monitor.Key, clock: MonitorClock) -> Watched | None:
            return _find(data, (key[0].encode(), key[1].encode()), clock)

        return Told(written=data.created, says=data.says, find=find)


def _find(data: StatusData, key: Key, clock: MonitorClock) -> Watched | None:
    block = data.objects.get(key)
    if block is None:
        return None
    began = data.downtimes.get(key)
    last_check = clock.past(block.number(b"last_check")) or clock.at(clock.created)
    next_check = block.number(b"next_check")
    interval = min(block.number(b"check_interval") * LONGEST_UNIT, LONGEST_INTERVAL)
    return Watched(
        state=_confirmed_state(block, well_at=b"last_time_ok" if key[1] else b"last_time_up"),
        since=clock.past(block.number(b"last_hard_state_change")),
        is_flapping=block.flag(b"is_flapping"),
        plan=_plan(block, data.program, kind=b"service" if key[1] else b"host"),
        last_check=last_check,
        next_check=clock.at(next_check) if next_check > 0 else last_check,
        interval=interval,
        downtime_since=None if began is None else clock.past(began) or last_check,
    )


def _confirmed_state(block: Block, *, well_at: bytes) -> int | None:
    if not block.flag(b"has_been_checked"):
        return None
    if block.flag(b"state_type", True):
        return block.whole(b"current_state")
    confirmed = block.whole(b"last_hard_state")
    # Nagios begins with 0 there. If all its checks have failed so far, no success ever set it, and
    # the time of the last success is no later than that of the last confirmation.
    since = block.number(b"last_hard_state_change", -1)
    if confirmed == 0 and (since == 0 or block.number(well_at, math.inf) <= since):
        return None
    return confirmed


def _plan(block: Block, program: Block, *, kind: bytes) -> Plan:
    is_active = program.flag(b"active_%s_checks_enabled" % kind, True) and block.flag(
        b"active_checks_enabled", True
    )
    if is_active and not block.text(b"check_command", b"unknown"):
        return Plan.UNCHECKED
    if is_active:
        return Plan.SCHEDULED if block.flag(b"should_be_scheduled", True) else Plan.ON_DEMAND
    is_passive = (
        program.flag(b"passive_%s_checks_enabled" % kind, True)
        and block.flag(b"passive_checks_enabled", True)
        and block.flag(b"check_type", True)
    )
    return Plan.PASSIVE if is_passive else Plan.OFF
