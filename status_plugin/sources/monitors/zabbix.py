"""`zabbix:`: what a Zabbix judges of items of its hosts, asked over its API.

`zabbix+https://user:password@monitor.example.net/zabbix/`, or `//:token@` with an API token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State, worst
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import SourceError, SourceTerms
from status_plugin.sources.monitors.host_monitor import PASSIVE_FRESH_FOR
from status_plugin.sources.monitors.http_address import HttpAddress, read_http_address
from status_plugin.sources.monitors.monitor_clock import TOLERANCE, ClockWatch, MonitorClock
from status_plugin.sources.monitors.state_scale import PATIENCE
from status_plugin.sources.monitors.strange_names import StrangeLines
from status_plugin.sources.monitors.zabbix_api import ZabbixApi
from status_plugin.sources.monitors.zabbix_objects import Host, Item, ask_heartbeats, ask_hosts

EXAMPLE = "zabbix+https://:${ZABBIX_TOKEN}@monitor.example.net/zabbix/"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What stands behind one component; `ping` is the key of the item that shows whether it is there."""

    entry: Entry
    host: str = field(repr=False)
    ping: str | None = field(repr=False)
    checks: Mapping[str, str] = field(repr=False)
    fresh_for: timedelta

    @property
    def keys(self) -> Iterator[str]:
        """The keys of all items."""
        if self.ping is not None:
            yield self.ping
        yield from self.checks.values()


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> Zabbix:
    """The Zabbix whose web interface is at an address; it is not asked before it is read."""
    targets = {slug: _target(entry) for slug, entry in entries.items()}
    return Zabbix(read_http_address(name, EXAMPLE), targets, terms)


def _target(entry: Entry) -> _Target:
    entry.only("host", "ping", "checks", "fresh_for")
    checks = entry.checks("Web: net.tcp.service[http]")
    return _Target(
        entry=entry,
        host=entry.text("host", "its host name in Zabbix"),
        ping=entry.text("ping", "icmpping", default="" if checks else None) or None,
        checks=checks,
        fresh_for=entry.duration("fresh_for", PASSIVE_FRESH_FOR),
    )


class Zabbix:
    """What Zabbix judges; where its server is dead the API goes on, and only the values grow old."""

    def __init__(self, address: HttpAddress, targets: Mapping[str, _Target], terms: SourceTerms) -> None:
        self._api = ZabbixApi(address, terms)
        self._targets = targets
        self._max_age = terms.max_age
        self._wanted: dict[str, set[str]] = {}
        for target in targets.values():
            self._wanted.setdefault(target.host, set()).update(target.keys)
        self._clock = ClockWatch("Zabbix", terms.max_age)
        self._strange = StrangeLines()

    def read(self, now: datetime) -> Reading:
        """What Zabbix judges, as of the newest value that it has, or of when the next one was due."""
        with self._api.talk() as talk:
            hosts = ask_hosts(talk, self._wanted)
            heartbeats = ask_heartbeats(talk) if hosts else []
        if not hosts and self._wanted:
            raise SourceError("Zabbix shows this user none of the hosts of the map, or does not monitor them")
        latest = (talk.says or now.timestamp()) + TOLERANCE.total_seconds()
        measured = [item for host in hosts.values() for item in host.items.values()] + heartbeats
        measured = [item for item in measured if 0 < item.last <= latest]
        newest = max((item.last for item in measured), default=None)
        if newest is None:
            raise SourceError("Zabbix has no value of anything that the map names")
        clock = self._clock.read(now, written=newest, says=talk.says)
        silence = _usual_silence(measured, newest)
        # Where a value comes at least twice in that time, its age alone tells whether the server lives.
        holds = silence if 2 * silence > self._max_age else timedelta()
        written_at = min(clock.at(newest) + holds, now)
        judge = _Judge(
            hosts=hosts, clock=clock, now=now, latest=latest, fresh_until=written_at + self._max_age
        )
        components = {slug: judge.seen(target) for slug, target in self._targets.items()}
        self._strange.report(judge.complaints)
        return Reading(written_at=written_at, fresh_until=judge.fresh_until, components=components)


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """What the hosts of one reading mean; `complaints` are by `Entry.place`.

    Values that are later than `latest`, in Zabbix' time, are from the future and not believed.
    """

    hosts: Mapping[str, Host]
    clock: MonitorClock
    now: datetime
    latest: float
    fresh_until: datetime
    complaints: dict[str, str] = field(default_factory=dict)

    def seen(self, target: _Target) -> Seen:
        """A component and its checks."""
        host = self.hosts.get(target.host)
        if host is None:
            self.complaints[target.entry.place()] = "Zabbix does not monitor this host, or hides it"
        checks = {
            label: self._observation(target, host, key, target.entry.place(label))
            for label, key in target.checks.items()
        }
        own = self._observation(target, host, target.ping, target.entry.place()) if target.ping else None
        return Seen(host=own, checks=checks)

    def _observation(self, target: _Target, host: Host | None, key: str, place: str) -> Observation:
        unknown = Observation(state=State.UNKNOWN, fresh_until=self.fresh_until)
        if host is None:
            return unknown
        item = host.items.get(key)
        if item is None or not item.triggers:
            what = "no item with this key" if item is None else "no trigger that judges this item"
            self.complaints.setdefault(place, f"Zabbix has {what}")
            seen = unknown
        elif not item.is_supported or not 0 < item.last <= self.latest:
            seen = unknown
        else:
            seen = self._judged(item, target.fresh_for)
        if host.maintenance_since is None:
            return seen
        return self._in_maintenance(seen, host.maintenance_since)

    def _judged(self, item: Item, fresh_for: timedelta) -> Observation:
        state = worst(trigger.state for trigger in item.triggers)
        changes = [trigger.changed for trigger in item.triggers if trigger.state is state]
        # All has been well since the last trouble ended; trouble began with the first. When a trigger
        # could not be evaluated any more is not told.
        changed = max(changes) if state is State.OPERATIONAL else min(changes)
        return Observation(
            state=state,
            fresh_until=self.clock.at(item.last) + _patience(item, fresh_for),
            since=None if state is State.UNKNOWN else self.clock.past(changed),
        )

    def _in_maintenance(self, seen: Observation, since: int) -> Observation:
        """The observation of a host on which work is planned: nothing may be measured meanwhile."""
        began = min(self.clock.at(since), self.now)
        if seen.fresh_until < self.fresh_until:
            seen = Observation(state=State.UNKNOWN, fresh_until=self.fresh_until)
        return replace(seen, downtime_since=began)


def _usual_silence(measured: Iterable[Item], newest: int) -> timedelta:
    """After how long a server that lives has a new value of something, zero if that is not told.

    What was late already when the newest value came says nothing of that.
    """
    intervals = (
        item.interval
        for item in measured
        if item.interval is not None and timedelta(seconds=newest - item.last) <= _late_after(item.interval)
    )
    return min(intervals, default=timedelta())


def _patience(item: Item, fresh_for: timedelta) -> timedelta:
    """How long a value counts."""
    return fresh_for if item.interval is None else _late_after(item.interval)


def _late_after(interval: timedelta) -> timedelta:
    return interval + max(PATIENCE, 2 * interval)
