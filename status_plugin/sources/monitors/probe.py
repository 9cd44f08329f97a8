"""`probe:`: connections of our own to the servers, for a site that has no monitoring system."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.addresses import Address, read_address
from status_plugin.sources.monitors.conversations import Outcome, Verdict, converse

log = logging.getLogger(__name__)

SLOW = timedelta(seconds=2)
"""An answer that takes longer is slow, unless the map says otherwise."""

PAUSE = timedelta(milliseconds=300)
"""How long a server has to recover before it is asked a second time."""

MOST_AT_ONCE = 64
"""How many servers are asked at the same time; those that come too late to be asked are unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    """What is asked, how long an answer may take, and from when on it is slow; times in seconds."""

    address: Address = field(repr=False)
    timeout: float
    slow: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What is asked for one component."""

    host: _Question | None
    checks: Mapping[str, _Question]

    @property
    def questions(self) -> Iterator[_Question]:
        """All of them."""
        if self.host is not None:
            yield self.host
        yield from self.checks.values()


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> Probe:
    """A probe of what the map names; it makes no connection before it is read."""
    kind, _, rest = name.partition(":")
    if kind.strip().casefold() != "probe" or rest.strip():
        raise MonitorSettingError("'probe:' takes nothing behind the colon; the map says what to ask.")
    return Probe({slug: _target(entry, terms) for slug, entry in entries.items()}, terms)


def _target(entry: Entry, terms: SourceTerms) -> _Target:
    entry.only("host", "checks", "slow", "timeout")
    timeout = entry.duration("timeout", terms.timeout)
    slow = entry.duration("slow", min(SLOW, timeout))
    if timeout > terms.timeout:
        raise entry.error("'timeout' is longer than STATUS_MONITOR_TIMEOUT.", "Raise that, or shorten this.")
    if slow > timeout:
        raise entry.error("'slow' is longer than 'timeout'.", "Nothing could ever be slow: shorten it.")
    checks = {
        label: _question(entry, label, text, slow, timeout)
        for label, text in entry.checks("Web: https://www.example.com/").items()
    }
    host = None
    if entry.names_host or not checks:
        host = _question(entry, None, entry.text("host", "tcp://ns1.example.com:53"), slow, timeout)
    return _Target(host=host, checks=checks)


def _question(entry: Entry, label: str | None, text: str, slow: timedelta, timeout: timedelta) -> _Question:
    try:
        address = read_address(text)
    except ValueError as error:
        hint = "Write it like 'https://www.example.com/' or 'tcp://ns1.example.com:53'."
        raise entry.error(str(error), hint, entry.line_of(label)) from None
    return _Question(address=address, timeout=timeout.total_seconds(), slow=slow.total_seconds())


class Probe:
    """Asks all servers at once, each a second time before anything but a good answer counts."""

    def __init__(self, targets: Mapping[str, _Target], terms: SourceTerms) -> None:
        self._targets = targets
        self._terms = terms
        self._questions = {question for target in targets.values() for question in target.questions}
        self._tls: ssl.SSLContext | None = None
        self._threads: list[threading.Thread] = []

    def read(self, now: datetime) -> Reading:
        """What was seen from `now` on, for at most `SourceTerms.total`."""
        verdicts = self._verdicts()
        if verdicts and all(verdict.outcome is Outcome.PREVENTED for verdict in verdicts.values()):
            raise SourceError("This machine could not ask any server: its network or name service fails")
        judge = _Judge(
            verdicts=verdicts,
            network_works=_network_works(verdicts),
            fresh_until=now + self._terms.max_age,
        )
        return Reading(
            written_at=now,
            fresh_until=judge.fresh_until,
            components={slug: judge.seen(target) for slug, target in self._targets.items()},
        )

    def _verdicts(self) -> dict[_Question, Verdict]:
        """An answer to every question, found by threads of which there are never too many."""
        waiting = deque(self._questions)
        answers: dict[_Question, Verdict] = {}
        tls = self._tls = self._tls or ssl.create_default_context()
        # A name service that hangs may still hold threads of an earlier reading.
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        free = MOST_AT_ONCE - len(self._threads)
        threads = [
            threading.Thread(target=_work, args=(waiting, answers, tls), name="status-probe", daemon=True)
            for _ in range(min(free, len(waiting)))
        ]
        self._threads += threads
        deadline = time.monotonic() + self._terms.total.total_seconds()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        waiting.clear()
        unasked = Verdict(outcome=Outcome.PREVENTED)
        return {question: answers.get(question, unasked) for question in self._questions}


def _work(waiting: deque[_Question], answers: dict[_Question, Verdict], tls: ssl.SSLContext) -> None:
    while True:
        try:
            question = waiting.popleft()
        except IndexError:
            return
        try:
            answers[question] = _asked_twice(question, tls)
        except Exception as error:  # what nobody foresaw must not cost the other questions their answers
            log.error("A probe could not be made (%s).", type(error).__name__)


def _asked_twice(question: _Question, tls: ssl.SSLContext) -> Verdict:
    first = converse(question.address, timeout=question.timeout, slow=question.slow, tls=tls)
    if first.outcome is Outcome.ANSWERED:
        return first
    time.sleep(PAUSE.total_seconds())
    second = converse(question.address, timeout=question.timeout, slow=question.slow, tls=tls)
    return Verdict(
        outcome=min(first.outcome, second.outcome),
        heard_from_afar=first.heard_from_afar or second.heard_from_afar,
    )


def _network_works(verdicts: Mapping[_Question, Verdict]) -> bool:
    """Whether silence is the server's: where several are silent and none is heard it may be our own.

    Of a single server silence is believed, or its failure would never be seen.
    """
    hosts = {question.address.host for question in verdicts}
    return len(hosts) == 1 or any(verdict.heard_from_afar for verdict in verdicts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judge:
    """Turns outcomes into observations."""

    verdicts: Mapping[_Question, Verdict]
    network_works: bool
    fresh_until: datetime

    def seen(self, target: _Target) -> Seen:
        """A component as it was found."""
        return Seen(
            host=self._observation(target.host) if target.host else None,
            checks={label: self._observation(question) for label, question in target.checks.items()},
        )

    def _observation(self, question: _Question) -> Observation:
        outcome = self.verdicts[question].outcome
        if outcome is Outcome.SILENT and not self.network_works:
            return Observation(state=State.UNKNOWN, fresh_until=self.fresh_until, unreachable=True)
        return Observation(state=_STATES[outcome], fresh_until=self.fresh_until)


_STATES = {
    Outcome.ANSWERED: State.OPERATIONAL,
    Outcome.SLOW: State.DEGRADED_PERFORMANCE,
    Outcome.FAILED: State.MAJOR_OUTAGE,
    Outcome.SILENT: State.MAJOR_OUTAGE,
    Outcome.PREVENTED: State.UNKNOWN,
}
