"""Every source that asks by HTTP, for the tests of faults and of privacy: a new source is one case more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icinga2_captures
from faulty_server import FaultyServer, Reply, Request, json_reply
from nagios_captures import CAPTURED
from nagios_web import PATH, CapturedWeb
from prometheus_captures import CAPTURED as PROMETHEUS_CAPTURED
from prometheus_captures import CapturedAlertmanager, CapturedPrometheus
from zabbix_captures import CapturedZabbix

LABEL = "Web"
"""The one public check of the one component that is watched."""


@dataclass(kw_only=True)
class Situation:
    """What a monitor has to tell by a test's clock: that all is well, or that the check fails."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    is_well: bool = True

    @property
    def now(self) -> datetime:
        """The time."""
        return self.clock()

    def say(self, is_well: bool) -> None:
        """Tell this from now on."""
        self.is_well = is_well


@dataclass(frozen=True, kw_only=True)
class HttpSource:
    """One source, and a server that answers it.

    `path` is where its address ends, `host` and `check` are its names of what is watched, `written` how
    the map has them. `texts` are the members of its JSON that may hold any text. What is in `no_fault` of
    FAULTS it can live with.
    """

    kind: str
    answer: Callable[[Request, Situation], Reply]
    host: str
    check: str
    path: str = "/"
    written: str = "{}"
    texts: frozenset[str] = frozenset()
    no_fault: frozenset[str] = frozenset()

    def setting(self, server: FaultyServer, *, user: str = "status:secret") -> str:
        """The value of STATUS_MONITOR for this source of that server."""
        return f"{self.kind}+{server.url(self.path, user=user)}"

    def entry(self, mark: str = "") -> dict[str, Any]:
        """The source's entry in the monitor map; every private name begins with the mark."""
        host, check = (self.written.format(mark + name) for name in (self.host, self.check))
        return {self.kind: {"host": host, "checks": {LABEL: check}}}


def nagios_answer(request: Request, situation: Situation) -> Reply:
    """Nagios' CGI, with every time of a captured situation moved to that of now."""
    name = "02-all-ok" if situation.is_well else "04-warning-critical"
    by = (situation.now - CAPTURED[name]) / timedelta(milliseconds=1)

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(inner) for key, inner in value.items()}
        return value + by if isinstance(value, int) and value > 10**12 else value

    reply = CapturedWeb(name)(request)
    return replace(reply, body=json.dumps(moved(json.loads(reply.body))).encode()) if reply.body else reply


def icinga2_answer(request: Request, situation: Situation) -> Reply:
    """Icinga's API, with every time of a captured situation moved to that of now."""
    name = "02-all-ok" if situation.is_well else "03-srv3-down-warning-critical"
    by = (situation.now - icinga2_captures.CAPTURED[name]).total_seconds()

    def later(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: later(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [later(inner) for inner in value]
        return value + by if isinstance(value, int | float) and value > 10**9 else value

    reply = icinga2_captures.CapturedApi(name)(request)
    return replace(reply, body=json.dumps(later(json.loads(reply.body))).encode()) if reply.body else reply


def plain_json(situation: Situation) -> dict[str, Any]:
    """What somebody's script says in the form of `json:`."""
    state = "operational" if situation.is_well else "major_outage"
    return {
        "written_at": situation.now.isoformat(),
        "components": {
            "mail1": {
                "state": "operational",
                "checks": {"SMTP": {"state": state, "note": "The queue is full."}},
                "note": "Behind the firewall.",
            },
            "other": {"state": "unknown", "note": "Nobody asks for this."},
        },
    }


def prometheus_answer(request: Request, situation: Situation) -> Reply:
    """A Prometheus in which a site is up or down."""
    return CapturedPrometheus("01-all-up" if situation.is_well else "03-firing", situation.now)(request)


def alertmanager_answer(request: Request, situation: Situation) -> Reply:
    """An Alertmanager with its watchdog, and with alerts or without."""
    name = "01-all-up" if situation.is_well else "03-firing"
    return CapturedAlertmanager(name, PROMETHEUS_CAPTURED[name], situation.now)(request)


def zabbix_answer(request: Request, situation: Situation) -> Reply:
    """A Zabbix whose triggers are well or not."""
    return CapturedZabbix("02-all-ok" if situation.is_well else "03-problems", situation.now)(request)


NAGIOS_TEXTS = frozenset({"plugin_output", "long_plugin_output", "perf_data", "author", "comment", "user"})

HTTP_SOURCES = (
    HttpSource(
        kind="nagios", answer=nagios_answer, host="mail1", check="SMTP", path=PATH, texts=NAGIOS_TEXTS
    ),
    HttpSource(
        kind="icinga2",
        answer=icinga2_answer,
        host="mail1",
        check="SMTP",
        texts=frozenset({"type", "node_name", "environment", "version"}),
    ),
    HttpSource(
        kind="json",
        answer=lambda request, situation: json_reply(plain_json(situation)),
        host="mail1",
        check="SMTP",
        path="/status.json",
        texts=frozenset({"note"}),
    ),
    HttpSource(
        kind="prometheus",
        answer=prometheus_answer,
        host="mail1",
        check="srv3",
        written='probe_success{{instance="{}"}}',
        texts=frozenset({"warnings"}),
    ),
    HttpSource(
        kind="alertmanager",
        answer=alertmanager_answer,
        host="mail1",
        check="srv3",
        written='alertname="HostDown",instance="{}"',
        texts=frozenset({"summary", "description", "generatorURL", "name"}),
    ),
    HttpSource(
        kind="zabbix",
        answer=zabbix_answer,
        host="srv4",
        check="web.time",
        path="/zabbix/",
        texts=frozenset({"description", "name", "error", "parameter", "params", "lastvalue"}),
    ),
)
"""All of them."""
