"""`prometheus:`: what queries to a Prometheus say, each with the value 1 for up and 0 for down.

`prometheus+https://user:password@monitor.example.net:9090/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import SourceTerms
from status_plugin.sources.monitors.http_address import HttpAddress, read_http_address
from status_plugin.sources.monitors.http_client import HttpClient
from status_plugin.sources.monitors.monitor_clock import ClockWatch, MonitorClock
from status_plugin.sources.monitors.prometheus_queries import Answer, Answers, ask_queries
from status_plugin.sources.monitors.strange_names import StrangeLines

EXAMPLE = "prometheus+https://status:${PROMETHEUS_PASSWORD}@monitor.example.net:9090/"

PATIENCE = timedelta(minutes=5)
"""How long a measurement counts: as long as Prometheus itself takes an old one for a new one."""

_QUERY = """up{instance="srv3:9100"}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """The queries that stand behind one component; `slow` are those of some checks."""

    entry: Entry
    host: str | None = field(repr=False)
    checks: Mapping[str, str] = field(repr=False)
    slow: Mapping[str, str] = field(repr=False)

    @property
    def queries(self) -> Iterator[str]:
        """All of them."""
        if self.host is not None:
            yield self.host
        yield from self.checks.values()
        yield from self.slow.values()


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> Prometheus:
    """The Prometheus at an address; it is not asked before it is read."""
    address = read_http_address(name, EXAMPLE)
    address.options()
    return Prometheus(address, {slug: _target(entry) for slug, entry in entries.items()}, terms)


def _target(entry: Entry) -> _Target:
    entry.only("host", "checks", "slow")
    checks = entry.checks(f"Web: '{_QUERY}'")
    needs_host = entry.names_host or not checks
    return _Target(
        entry=entry,
        host=entry.text("host", f"'{_QUERY}'") if needs_host else None,
        checks=checks,
        slow=entry.for_checks("slow", "Web: 'probe_duration_seconds > bool 2'"),
    )


class Prometheus:
    """What a Prometheus has measured; what it does not tell is unknown."""

    def __init__(self, address: HttpAddress, targets: Mapping[str, _Target], terms: SourceTerms) -> None:
        self._client = HttpClient(address, terms)
        self._targets = targets
        self._max_age = terms.max_age
        self._clock = ClockWatch("Prometheus", terms.max_age)
        self._strange = StrangeLines()

    def read(self, now: datetime) -> Reading:
        """What all queries say, as of when Prometheus last looked at anything."""
        with self._client.conversation() as conversation:
            answers = ask_queries(
                conversation, (query for target in self._targets.values() for query in target.queries)
            )
        clock = self._clock.read(now, written=answers.scraped, says=answers.says)
        written_at = min(clock.at(answers.scraped), now)
        judge = _Judge(answers=answers, clock=clock, fresh_until=written_at + self._max_age)
        components = {slug: judge.seen(target) for slug, target in self._targets.items()}
        self._strange.report(judge.complaints)
        return Reading(written_at=written_at, fresh_until=judge.fresh_until, components=components)


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """What the answers of one reading mean; `complaints` are by `Entry.place`."""

    answers: Answers
    clock: MonitorClock
    fresh_until: datetime
    complaints: dict[str, str] = field(default_factory=dict)

    def seen(self, target: _Target) -> Seen:
        """A component and its checks."""
        place = target.entry.place
        checks = {}
        for label, query in target.checks.items():
            seen = self._observation(query, place(label), _UP)
            if label in target.slow and seen.state is State.OPERATIONAL:
                slow = self._observation(target.slow[label], place(label), _SLOW)
                seen = Observation(state=slow.state, fresh_until=min(seen.fresh_until, slow.fresh_until))
            checks[label] = seen
        host = self._observation(target.host, place(), _UP) if target.host is not None else None
        return Seen(host=host, checks=checks)

    def _observation(self, query: str, place: str, states: Mapping[float, State]) -> Observation:
        answer = self.answers.by_query[query]
        complaint = _complaint(answer)
        if answer is None or complaint:
            what = "Prometheus" if states is _UP else "Asked whether it is slow, Prometheus"
            self.complaints.setdefault(place, f"{what} {complaint}")
            return Observation(state=State.UNKNOWN, fresh_until=self.fresh_until)
        return Observation(state=states[answer.value], fresh_until=self.clock.at(answer.measured) + PATIENCE)


_UP = {1.0: State.OPERATIONAL, 0.0: State.MAJOR_OUTAGE}
_SLOW = {0.0: State.OPERATIONAL, 1.0: State.DEGRADED_PERFORMANCE}


def _complaint(answer: Answer | None) -> str:
    """Why an answer is none, empty if it is one."""
    if answer is None:
        return "refuses this query"
    if answer.count == 0:
        return "has no value for this query"
    if answer.count > 1:
        return "has several values for this query, of which one might be missing unnoticed"
    return "" if answer.value in _UP else "has a value for this query that is neither 1 nor 0"
