"""`alertmanager:`: the alerts that fire, and that none does where a watchdog shows that this means something.

`alertmanager+https://user:password@monitor.example.net:9093/`, with `?silenced=maintenance` where a silence
is the way to say that work is planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State, worst
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.alert_matchers import Matchers, read_matchers
from status_plugin.sources.monitors.firing_alerts import Alerts, ask_alerts
from status_plugin.sources.monitors.http_address import HttpAddress, read_http_address
from status_plugin.sources.monitors.http_client import HttpClient
from status_plugin.sources.monitors.monitor_clock import ClockWatch, MonitorClock
from status_plugin.sources.monitors.strange_names import StrangeLines

EXAMPLE = "alertmanager+https://status:${ALERTMANAGER_PASSWORD}@monitor.example.net:9093/"

WATCHDOG = 'alertname="Watchdog"'
"""The alert that always fires, unless the map says otherwise."""

_NO_WATCHDOG = "Alertmanager's watchdog does not fire"

_MATCHERS = """'alertname="WebsiteDown", instance="srv3"'"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """The alerts that mean one component, and the one that must fire for their absence to mean anything."""

    entry: Entry
    host: Matchers | None
    checks: Mapping[str, Matchers]
    watchdog: Matchers

    @property
    def matchers(self) -> Sequence[Matchers]:
        """All of them."""
        return [self.watchdog, *([self.host] if self.host else []), *self.checks.values()]


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> Alertmanager:
    """The Alertmanager at an address; it is not asked before it is read."""
    address = read_http_address(name, EXAMPLE)
    silenced = address.options("silenced").get("silenced", "trouble")
    if silenced not in ("trouble", "maintenance"):
        raise MonitorSettingError("'silenced' is 'trouble' or 'maintenance'; write '?silenced=maintenance'.")
    targets = {slug: _target(entry) for slug, entry in entries.items()}
    return Alertmanager(address, targets, terms, silences_plan=silenced == "maintenance")


def _target(entry: Entry) -> _Target:
    entry.only("host", "checks", "watchdog")
    texts = entry.checks(f"Web: {_MATCHERS}")
    needs_host = entry.names_host or not texts
    return _Target(
        entry=entry,
        host=_matchers(entry, entry.text("host", _MATCHERS), None) if needs_host else None,
        checks={label: _matchers(entry, text, label) for label, text in texts.items()},
        watchdog=_matchers(entry, entry.text("watchdog", f"'{WATCHDOG}'", default=WATCHDOG), None),
    )


def _matchers(entry: Entry, text: str, label: str | None) -> Matchers:
    try:
        return read_matchers(text)
    except ValueError as error:
        complaint = str(error)
    raise entry.error(complaint, f"Write it like {_MATCHERS}.", entry.line_of(label))


class Alertmanager:
    """What fires, and that nothing fires only where the watchdog does.

    An Alertmanager knows nothing by itself: when nobody tells it anything more, alerts vanish one by one.
    """

    def __init__(
        self,
        address: HttpAddress,
        targets: Mapping[str, _Target],
        terms: SourceTerms,
        *,
        silences_plan: bool,
    ) -> None:
        self._client = HttpClient(address, terms)
        self._targets = targets
        self._wanted = {matchers for target in targets.values() for matchers in target.matchers}
        self._max_age = terms.max_age
        self._silences_plan = silences_plan
        self._clock = ClockWatch("Alertmanager", terms.max_age)
        self._strange = StrangeLines()

    def read(self, now: datetime) -> Reading:
        """What fires, as of when Alertmanager was last told of any of it."""
        with self._client.conversation() as conversation:
            alerts = ask_alerts(conversation, self._wanted, with_silences=self._silences_plan)
        if not alerts.firing:
            raise SourceError(f"{_NO_WATCHDOG}, and without it the absence of other alerts means nothing")
        newest = max(alert.updated for alert in alerts.firing)
        clock = self._clock.read(now, written=newest, says=alerts.says)
        written_at = min(clock.at(newest), now)
        judge = _Judge(
            alerts=alerts,
            clock=clock,
            now=now,
            max_age=self._max_age,
            fresh_until=written_at + self._max_age,
        )
        components = {slug: judge.seen(target) for slug, target in self._targets.items()}
        self._strange.report(dict.fromkeys(judge.unwatched.values(), _NO_WATCHDOG))
        return Reading(written_at=written_at, fresh_until=judge.fresh_until, components=components)


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """What the alerts of one reading mean.

    `unwatched` are the watchdogs that do not fire, each with the first `Entry.place` that needs it.
    """

    alerts: Alerts
    clock: MonitorClock
    now: datetime
    max_age: timedelta
    fresh_until: datetime
    unwatched: dict[Matchers, str] = field(default_factory=dict)

    def seen(self, target: _Target) -> Seen:
        """A component and its checks."""
        calm = self._calm(target)
        return Seen(
            host=self._observation(target.host, calm) if target.host else None,
            checks={label: self._observation(matchers, calm) for label, matchers in target.checks.items()},
        )

    def _calm(self, target: _Target) -> Observation:
        """What it means that no alert fires: as much as the watchdog that was told of longest ago."""
        watchdogs = self.alerts.that_fit(target.watchdog)
        if not watchdogs:
            self.unwatched.setdefault(target.watchdog, target.entry.place())
            return Observation(state=State.UNKNOWN, fresh_until=self.fresh_until)
        oldest = min(watchdog.updated for watchdog in watchdogs)
        return Observation(state=State.OPERATIONAL, fresh_until=self.clock.at(oldest) + self.max_age)

    def _observation(self, matchers: Matchers, calm: Observation) -> Observation:
        trouble = [alert for alert in self.alerts.that_fit(matchers) if alert.state.is_trouble]
        if not trouble:
            return calm
        state = worst([alert.state for alert in trouble])
        worst_ones = [alert for alert in trouble if alert.state is state]
        planned = [alert.silenced_since for alert in trouble if alert.silenced_since is not None]
        return Observation(
            state=state,
            fresh_until=self.clock.at(max(alert.updated for alert in worst_ones)) + self.max_age,
            since=self.clock.past(min(alert.began for alert in worst_ones)),
            # A silence may be younger than the last word about the alert.
            downtime_since=min(self.clock.at(min(planned)), self.now)
            if len(planned) == len(trouble)
            else None,
        )
