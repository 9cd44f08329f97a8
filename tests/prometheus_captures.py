"""A Prometheus and an Alertmanager that answer from captures, and maps that watch them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from faulty_server import Reply, Request, json_reply

FOLDER = Path(__file__).parent / "captures" / "prometheus"
CAPTURED = {
    name: datetime.fromtimestamp(int(seconds), UTC)
    for name, seconds in (line.split("\t") for line in (FOLDER / "captured.tsv").read_text().splitlines())
}
HOSTS = ("srv1", "srv2", "srv3", "srv4", "ns3", "ns4", "mail1")

QUERIES = {
    host: {
        "prometheus": {
            "host": f'up{{job="node",instance="{host}"}}',
            "checks": {"Web": f'probe_success{{instance="{host}"}}'},
            "slow": {"Web": f'probe_duration_seconds{{instance="{host}"}} > bool 1'},
        }
    }
    for host in HOSTS
}
ALERTS = {
    host: {
        "alertmanager": {
            "host": f'alertname="HostDown",instance="{host}"',
            "checks": {"Web": f'alertname=~"Website.*",instance="{host}"'},
        }
    }
    for host in HOSTS
}

_PART = re.compile(
    r"label_replace\((?:(count|min)\(\n(.*?)\n\)|min\((timestamp)\(\n(.*?)\n\)\)|(max)\(timestamp\(up\)\)),"
    r'"q","(\w+)","",""\)',
    re.DOTALL,
)
_SELECTOR = re.compile(r"([a-z]\w*)(?:\{(.*)\})?(?: > bool (\S+))?")
_LABEL = re.compile(r'(\w+)="(.*?)"')


def captured(name: str, what: str) -> Any:
    """What was said in a situation to one question."""
    return json.loads((FOLDER / f"{name}.{what}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One series with its newest value, and when that was measured, in seconds."""

    labels: Mapping[str, str]
    value: float
    measured: float


class CapturedPrometheus:
    """Answers the questions of the source as Prometheus would in a situation, moved to another time.

    It understands a metric with labels that are equal to something, and `> bool`; everything else that
    looks like a query has no value, and what does not is refused.
    """

    def __init__(self, name: str, now: datetime | None = None) -> None:
        asked = captured(name, "query-up")["data"]["result"][0]["value"][0]
        self.asked = asked if now is None else now.timestamp()
        self.questions: list[str] = []
        self.samples = _samples(name, by=self.asked - asked)

    def __call__(self, request: Request) -> Reply:
        """The answer to a question."""
        if request.path != "/api/v1/query":
            return Reply(status=404)
        question = request.query["query"]
        self.questions.append(question)
        parts = _PART.findall(question)
        queries = {part[1] or part[3] for part in parts if not part[4]}
        if not parts or not all(_SELECTOR.fullmatch(query.strip()) for query in queries):
            return Reply(status=400, body=(FOLDER / "07-bad-query-400.json").read_bytes())
        found = [self._value(part) for part in parts]
        result = [
            {"metric": {"q": name}, "value": [self.asked, f"{value}".replace("inf", "+Inf")]}
            for name, value in found
            if value is not None
        ]
        return json_reply(
            {"status": "success", "data": {"resultType": "vector", "result": result}, "warnings": []}
        )

    def _value(self, part: tuple[str, ...]) -> tuple[str, float | None]:
        aggregation, query, _, of_times, newest, name = part
        found = self._matching("up" if newest else query or of_times)
        if not found:
            return name, None
        if aggregation == "count":
            return name, len(found)
        if aggregation == "min":
            return name, min(found, key=lambda sample: (math.isnan(sample.value), sample.value)).value
        return name, (max if newest else min)(sample.measured for sample in found)

    def _matching(self, query: str) -> list[Sample]:
        match = _SELECTOR.fullmatch(query.strip())
        assert match is not None
        wanted = dict(_LABEL.findall(match[2] or "")) | {"__name__": match[1]}
        found = [sample for sample in self.samples if wanted.items() <= sample.labels.items()]
        if match[3] is None:
            return found
        limit = float(match[3])
        # What calculates has no time but that of the question.
        return [
            Sample(labels=sample.labels, value=float(sample.value > limit), measured=self.asked)
            for sample in found
        ]


def _samples(name: str, by: float) -> list[Sample]:
    """All series of the captured questions; when a site was probed is told by the list of targets."""
    scraped = {
        (target["labels"]["job"], target["labels"]["instance"]): datetime.fromisoformat(
            target["lastScrape"]
        ).timestamp()
        for target in captured(name, "targets")["data"]["activeTargets"]
    }
    times = {
        ("node", series["metric"]["instance"]): float(series["value"][1])
        for series in captured(name, "query-timestamp-up")["data"]["result"]
    }
    return [
        Sample(
            labels=series["metric"],
            value=float(series["value"][1]),
            measured=(scraped | times)[series["metric"]["job"], series["metric"]["instance"]] + by,
        )
        for what in ("query-up", "query-probe_success", "query-probe_duration_seconds")
        for series in captured(name, what)["data"]["result"]
    ]


# No capture has one. Prometheus tells an Alertmanager of each alert once a minute.
WATCHDOG = {
    "annotations": {},
    "status": {"inhibitedBy": [], "silencedBy": [], "state": "active"},
    "labels": {"alertname": "Watchdog", "severity": "none"},
}
ONE_MINUTE = timedelta(seconds=60)
_TIME = re.compile(r'"(2026-11-22T[\d:.]+Z)"')


class CapturedAlertmanager:
    """Answers as Alertmanager did at some time, moved to another time, with or without a watchdog."""

    def __init__(
        self, name: str, captured_at: datetime, now: datetime | None = None, *, watchdog: bool = True
    ) -> None:
        self.now = now or captured_at
        by = self.now - captured_at
        self.alerts = _moved(name, "alertmanager-alerts", by)
        silences = FOLDER / f"{name}.alertmanager-silences.json"
        self.silences = _moved(name, "alertmanager-silences", by) if silences.exists() else []
        if watchdog:
            self.alerts.append(watchdog_alert(self.now - ONE_MINUTE))

    def __call__(self, request: Request) -> Reply:
        """The answer to a question."""
        answers = {"/api/v2/alerts": self.alerts, "/api/v2/silences": self.silences}
        return json_reply(answers[request.path]) if request.path in answers else Reply(status=404)


def watchdog_alert(updated: datetime, **labels: str) -> dict[str, Any]:
    """An alert that always fires, as Alertmanager was last told of it."""
    return WATCHDOG | {
        "startsAt": "2026-11-01T00:00:00.000Z",
        "updatedAt": updated.isoformat().replace("+00:00", "Z"),
        "endsAt": (updated + 4 * ONE_MINUTE).isoformat().replace("+00:00", "Z"),
        "labels": {"alertname": "Watchdog", "severity": "none"} | labels,
    }


def _moved(name: str, what: str, by: timedelta) -> Any:
    text = (FOLDER / f"{name}.{what}.json").read_text(encoding="utf-8")

    def later(found: re.Match[str]) -> str:
        return f'"{(datetime.fromisoformat(found[1]) + by).isoformat()}"'

    return json.loads(_TIME.sub(later, text))
