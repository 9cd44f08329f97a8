"""Answers of a real Icinga 2 in many situations, the time of each, and an API that gives them as it does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faulty_server import Reply, Request, json_reply
from nagios_captures import EVERYTHING

FOLDER = Path(__file__).parent / "captures" / "icinga2"

# A test that reads a capture has to set the clock to the time at which it was taken.
CAPTURED = {
    name: datetime.fromtimestamp(int(seconds), UTC)
    for name, seconds in (line.split("\t") for line in (FOLDER / "captured.tsv").read_text().splitlines())
}

_OFFLINE = dict.fromkeys(["srv3", "srv3/Web", "srv3/Database"], "major_outage")
_TROUBLE = {**_OFFLINE, "srv2/Web": "degraded_performance", "mail1/Mail": "major_outage"}

# What differs from "operational" in each situation, however Icinga is asked.
GOLDEN = {
    "01-pending": dict.fromkeys(EVERYTHING, "unknown"),
    "02-all-ok": {},
    "03-srv3-down-warning-critical": _TROUBLE,
    "04-acknowledged": _TROUBLE,
    "05-downtime": dict.fromkeys(["srv4", "srv4/Web", "srv4/Database"], "major_outage in downtime"),
    "06-unreachable": dict.fromkeys(
        ["srv4", "srv4/Web", "srv4/Database", "ns4", "ns4/Names"], "unknown unreachable"
    ),
    "07-flapping": {"srv1/Shell": "degraded_performance"},
    # What is soft there is none yet, and what flapped a few seconds before still does.
    "08-soft-unknown": {"srv1/Shell": "degraded_performance"},
}

_QUESTION = re.compile(r"(host\.name|service\.__name|downtime\.host_name) in names")
_ATTRIBUTE = {"host.name": "name", "service.__name": "__name", "downtime.host_name": "host_name"}

NO_OBJECTS = (FOLDER / "09-no-permission-404.json").read_bytes()
WRONG_USER = (FOLDER / "09-401.json").read_bytes()


def captured_json(name: str, kind: str) -> Any:
    """What the API said of all objects of a kind."""
    return json.loads((FOLDER / f"{name}.{kind}.json").read_bytes())


def attributes(name: str, kind: str) -> list[dict[str, Any]]:
    """All attributes of all objects of a kind."""
    return [result["attrs"] for result in captured_json(name, kind)["results"]]


@dataclass
class CapturedApi:
    """Answers like an Icinga 2 in a captured situation, for a user who may see some kinds of things.

    `change` may change the attributes of an object, or what a part of Icinga says of itself.
    """

    name: str
    hidden: frozenset[str] = frozenset()
    change: Callable[[str, dict[str, Any]], None] = lambda kind, found: None
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        """The answer to a question, as strict as the real one is."""
        if request.headers.get("accept") != "application/json" and request.method != "GET":
            return Reply(status=400)
        question = json.loads(request.body or b"null")
        self.asked.append((request.path, question))
        version, _, rest = request.path.removeprefix("/").partition("/")
        area, _, kind = rest.partition("/")
        if version != "v1" or kind in self.hidden or area in self.hidden:
            return Reply(body=NO_OBJECTS, status=404)
        return json_reply(
            {"results": self._status(kind) if area == "status" else self._objects(kind, question)}
        )

    def _status(self, component: str) -> list[dict[str, Any]]:
        (found,) = (
            result for result in captured_json(self.name, "status")["results"] if result["name"] == component
        )
        self.change(component, found["status"])
        return [found]

    def _objects(self, kind: str, question: dict[str, Any]) -> list[dict[str, Any]]:
        match = _QUESTION.fullmatch(question["filter"])
        assert match is not None
        results = []
        for result in captured_json(self.name, kind)["results"]:
            self.change(kind, result["attrs"])
            if result["attrs"][_ATTRIBUTE[match[1]]] in question["filter_vars"]["names"]:
                result["attrs"] = {name: result["attrs"][name] for name in question["attrs"]}
                results.append(result)
        return results
