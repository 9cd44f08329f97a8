"""What Icinga 2 tells of its objects as hosts and services: what it believes, by our own clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from status_plugin.sources.monitors.host_monitor import Key
from status_plugin.sources.monitors.json_answers import JsonObject
from status_plugin.sources.monitors.monitor_clock import MonitorClock
from status_plugin.sources.monitors.state_scale import Plan, Watched

ATTRIBUTES = (
    "name",
    "state",
    "state_type",
    "last_hard_state",
    "last_hard_state_change",
    "last_reachable",
    "flapping",
    "downtime_depth",
    "last_check",
    "next_check",
    "check_interval",
    "enable_active_checks",
    "enable_passive_checks",
)
"""What is asked of a host; of a service its `host_name` too."""

LONGEST_INTERVAL = timedelta(days=7)

_HARD = 1
_DOWN = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Icinga2Data:
    """The wanted hosts and services with their attributes, and what else decides what those mean.

    `application` tells which checks are made at all; where it does not, all are. `downtimes` is when
    the earliest downtime in effect began, in seconds of Icinga's epoch. The last results of `handed_in`
    came from outside.
    """

    application: JsonObject
    objects: Mapping[Key, JsonObject] = field(repr=False)
    downtimes: Mapping[Key, float] = field(repr=False)
    handed_in: frozenset[Key] = field(repr=False)

    def find(self, key: Key, clock: MonitorClock) -> Watched | None:
        """A host or a service, None when Icinga has none of that name."""
        found = self.objects.get(key)
        if found is None:
            return None
        began = self.downtimes.get(key)
        last_check = clock.past(found.number("last_check")) or clock.at(clock.created)
        next_check = found.number("next_check")
        return Watched(
            state=_confirmed_state(found),
            since=clock.past(found.number("last_hard_state_change")),
            is_reachable=self._is_reachable(key, found),
            is_flapping=found.flag("flapping"),
            plan=self._plan(key, found),
            last_check=last_check,
            next_check=clock.at(next_check) if next_check > 0 else last_check,
            interval=min(timedelta(seconds=found.number("check_interval")), LONGEST_INTERVAL),
            downtime_since=None if began is None else clock.past(began) or last_check,
        )

    def times_of_checks(self) -> Iterator[float]:
        """When Icinga's own checks were made, by its own clock."""
        for key, found in self.objects.items():
            if is_actively_checked(key, found, self.application):
                yield found.number("last_check")

    def _is_reachable(self, key: Key, found: JsonObject) -> bool:
        if found.flag("last_reachable"):
            return True
        # To Icinga a service is out of reach as well when nothing is wrong but its own host.
        host = self.objects.get((key[0], "")) if key[1] else None
        return host is not None and _confirmed_state(host) == _DOWN

    def _plan(self, key: Key, found: JsonObject) -> Plan:
        if is_actively_checked(key, found, self.application):
            return Plan.SCHEDULED
        return Plan.PASSIVE if key in self.handed_in else Plan.OFF


def is_actively_checked(key: Key, found: JsonObject, application: JsonObject) -> bool:
    """Whether Icinga makes checks of its own of a host or a service."""
    switch = "enable_service_checks" if key[1] else "enable_host_checks"
    return application.flag(switch, True) and found.flag("enable_active_checks")


def _confirmed_state(found: JsonObject) -> int | None:
    # Before the first result, and until one is confirmed, Icinga calls every host down.
    if found.number("last_check") <= 0:
        return None
    if found.whole("state_type") == _HARD:
        return found.whole("state")
    return found.whole("last_hard_state") if found.number("last_hard_state_change") > 0 else None
