"""Hosts, items and triggers as Zabbix's API gives them: every number is a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from status_plugin.core.words import State
from status_plugin.sources.monitors import SourceError
from status_plugin.sources.monitors.json_answers import OTHER_FORM, JsonObject
from status_plugin.sources.monitors.zabbix_api import ZabbixTalk

_SEVERITIES = {
    1: State.OPERATIONAL,  # information
    0: State.DEGRADED_PERFORMANCE,  # not classified
    2: State.DEGRADED_PERFORMANCE,  # warning
    3: State.MAJOR_OUTAGE,  # average
    4: State.MAJOR_OUTAGE,  # high
    5: State.MAJOR_OUTAGE,  # disaster
}
HEARTBEAT = "zabbix[uptime]"
"""The key of the item by which Zabbix' server measures itself, each minute in its own template."""

_DISCARD_UNCHANGED, _DISCARD_UNCHANGED_FOR_A_WHILE = 19, 20
"""Steps of an item's preprocessing that drop a value which is like the last one."""

_TIMES = ("lastclock", "delay", "state")

_INTERVAL = re.compile(r"(\d{1,9})([smhdw]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """One judgement of Zabbix; `changed` is when it last changed, in epoch seconds, 0 for never."""

    state: State
    changed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """Something that Zabbix measures, and all that judges it.

    `last` is when it last had a value, in epoch seconds, 0 for never. `interval` is after how long there is
    a new one at the latest, None where somebody else decides that, or where it is not told.
    """

    last: int
    interval: timedelta | None
    is_supported: bool
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """A host and what was asked for of its items, by key; `maintenance_since` in epoch seconds."""

    maintenance_since: int | None
    items: Mapping[str, Item] = field(repr=False)


def ask_hosts(talk: ZabbixTalk, wanted: Mapping[str, Iterable[str]]) -> dict[str, Host]:
    """Those of the hosts that Zabbix monitors, by their technical name; `wanted` has keys of their items."""
    listed = talk.ask(
        "host.get",
        output=["host", "status", "maintenance_status", "maintenance_from"],
        filter={"host": list(wanted), "status": 0},
    )
    hosts = {host.text("hostid"): host for host in listed if host.text("host") in wanted}
    items = _items(talk, list(hosts), sorted({key for keys in wanted.values() for key in keys}))
    return {
        host.text("host"): Host(maintenance_since=_maintenance(host), items=items.get(number, {}))
        for number, host in hosts.items()
        if _integer(host, "status") == 0
    }


def ask_heartbeats(talk: ZabbixTalk) -> list[Item]:
    """What shows that the server lives, as far as this user may see it."""
    listed = talk.ask(
        "item.get",
        output=["key_", *_TIMES],
        filter={"key_": [HEARTBEAT]},
        monitored=True,
        selectPreprocessing=["type", "params"],
    )
    return [_item(item, ()) for item in listed if item.text("key_") == HEARTBEAT]


def _items(talk: ZabbixTalk, hosts: list[str], keys: list[str]) -> dict[str, dict[str, Item]]:
    """The items with these keys, by the number of their host and their key."""
    if not hosts or not keys:
        return {}
    listed = talk.ask(
        "item.get",
        output=["hostid", "key_", *_TIMES],
        hostids=hosts,
        filter={"key_": keys},
        monitored=True,
        webitems=True,
        selectPreprocessing=["type", "params"],
    )
    triggers = _triggers(talk, [item.text("itemid") for item in listed])
    found: dict[str, dict[str, Item]] = {}
    for item in listed:
        judges = triggers.get(item.text("itemid"), ())
        found.setdefault(item.text("hostid"), {})[item.text("key_")] = _item(item, judges)
    return found


def _item(item: JsonObject, judges: Iterable[Trigger]) -> Item:
    return Item(
        last=_integer(item, "lastclock"),
        interval=_longest_silence(item),
        is_supported=_integer(item, "state") == 0,
        triggers=tuple(judges),
    )


def _longest_silence(item: JsonObject) -> timedelta | None:
    """The update interval, or how long values that change nothing are left out, if that is longer."""
    interval = _interval(item.text("delay"))
    for step in item.list("preprocessing"):
        if _integer(step, "type") == _DISCARD_UNCHANGED:
            return None
        if _integer(step, "type") == _DISCARD_UNCHANGED_FOR_A_WHILE and interval is not None:
            silence = _interval(step.text("params"))
            interval = None if silence is None else max(interval, silence)
    return interval


def _triggers(talk: ZabbixTalk, items: list[str]) -> dict[str, list[Trigger]]:
    """What judges these items, by the number of the item."""
    if not items:
        return {}
    listed = talk.ask(
        "trigger.get",
        output=["priority", "value", "state", "lastchange"],
        itemids=items,
        monitored=True,
        # Asked for by its name alone, Zabbix 6.0 leaves the function out.
        selectFunctions="extend",
    )
    found: dict[str, list[Trigger]] = {}
    for trigger in listed:
        judgement = Trigger(state=_state(trigger), changed=_integer(trigger, "lastchange"))
        for item in {function.text("itemid") for function in trigger.list("functions")}:
            found.setdefault(item, []).append(judgement)
    return found


def _state(trigger: JsonObject) -> State:
    """What a trigger means on the public scale."""
    value, priority = _integer(trigger, "value"), _integer(trigger, "priority")
    if value not in (0, 1) or priority not in _SEVERITIES:
        raise SourceError(OTHER_FORM)
    if _integer(trigger, "state") != 0:
        return State.UNKNOWN
    if value == 0:
        return State.OPERATIONAL
    # That no data came says nothing of what they would have said.
    if any(function.text("function") == "nodata" for function in trigger.list("functions")):
        return State.UNKNOWN
    return _SEVERITIES[priority]


def _maintenance(host: JsonObject) -> int | None:
    return _integer(host, "maintenance_from") if _integer(host, "maintenance_status") == 1 else None


def _interval(delay: str) -> timedelta | None:
    """The update interval, None for what has none of its own, and for one that is not told in figures."""
    found = _INTERVAL.fullmatch(delay.partition(";")[0].strip())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    return timedelta(seconds=seconds) if seconds else None


def _integer(whole: JsonObject, name: str) -> int:
    written = whole.text(name)
    if not re.fullmatch(r"\d{1,12}", written, re.ASCII):
        raise SourceError(OTHER_FORM)
    return int(written)
