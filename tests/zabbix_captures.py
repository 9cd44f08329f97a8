"""A Zabbix that answers from captures, and a map that watches it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faulty_server import Reply, Request, json_reply

FOLDER = Path(__file__).parent / "captures" / "zabbix"
CAPTURED = {
    name: datetime.fromtimestamp(int(seconds), UTC)
    for name, seconds in (line.split("\t") for line in (FOLDER / "captured.tsv").read_text().splitlines())
}
HOSTS = ("srv1", "srv2", "srv3", "srv4", "ns3", "ns4", "mail1")
MONITOR_MAP = {
    host: {"zabbix": {"host": host, "ping": "icmpping", "checks": {"Web": "web.time"}}} for host in HOSTS
}
USER, PASSWORD, SESSION = "status", "secret", "0123456789abcdef"

SCRIPT = {"type": "21", "params": "return value"}
"""A step that says nothing of when a value is stored."""

# The items whose values the captured triggers judge, and with which function.
_JUDGES = (("ping", "icmpping", "last"), ("no data", "icmpping", "nodata"), ("web", "web.time", "last"))
_EPOCH = re.compile(r'"(1795\d{6})"')


class CapturedZabbix:
    """Answers as Zabbix' API did in a situation, moved to another time.

    `session` is the one that it knows, and `refused` the number of questions that it refused.
    """

    def __init__(self, name: str, now: datetime | None = None, *, version: str = "6.0.14") -> None:
        self.by = int(((now or CAPTURED[name]) - CAPTURED[name]).total_seconds())
        self.version = version
        self.session = SESSION
        self.refused = 0
        self.asked: list[str] = []
        self.hosts = self._captured(name, "host.get")
        self.items = self._captured(name, "item.get")
        self.triggers = [self._with_functions(trigger) for trigger in self._captured(name, "trigger.get")]

    def __call__(self, request: Request) -> Reply:
        """The answer to a question."""
        if request.path != "/zabbix/api_jsonrpc.php" or request.method != "POST":
            return Reply(status=404)
        question = json.loads(request.body)
        method, parameters = question["method"], question["params"]
        self.asked.append(method)
        if method == "apiinfo.version":
            return self._says(self.version)
        if method == "user.login":
            if parameters != {"username": USER, "password": PASSWORD}:
                return Reply(body=(FOLDER / "00.wrong-password.json").read_bytes())
            return self._says(self.session)
        if not self._may_ask(question, request.headers.get("authorization", "")):
            self.refused += 1
            return Reply(body=(FOLDER / "00.no-auth.json").read_bytes())
        return self._says(getattr(self, f"_{method.replace('.', '_')}")(**parameters))

    def item(self, host: str, key: str) -> dict[str, Any]:
        """One item, to be changed."""
        return next(item for item in self.items if item["hosts"][0]["host"] == host and item["key_"] == key)

    def trigger(self, description: str) -> dict[str, Any]:
        """One trigger, to be changed."""
        return next(trigger for trigger in self.triggers if trigger["description"] == description)

    def host(self, name: str) -> dict[str, Any]:
        """One host, to be changed."""
        return next(host for host in self.hosts if host["host"] == name)

    def add_heartbeat(self, moment: datetime) -> None:
        """Let the server measure itself as its own template does, at this moment for the last time."""
        self.items.append(
            {"itemid": "9", "key_": "zabbix[uptime]", "state": "0", "delay": "1m"}
            | {"lastclock": str(int(moment.timestamp())), "hosts": [{"host": "Zabbix server", "hostid": "9"}]}
        )

    def _captured(self, name: str, method: str) -> list[dict[str, Any]]:
        text = (FOLDER / f"{name}.{method}.json").read_text(encoding="utf-8")
        found: list[dict[str, Any]] = json.loads(
            _EPOCH.sub(lambda match: f'"{int(match[1]) + self.by}"', text)
        )["result"]
        return found

    def _with_functions(self, trigger: dict[str, Any]) -> dict[str, Any]:
        host = trigger["hosts"][0]["host"]
        key, function = next(
            (key, function) for word, key, function in _JUDGES if word in trigger["description"].casefold()
        )
        item = self.item(host, key)["itemid"]
        return trigger | {"functions": [{"itemid": item, "function": function, "parameter": "$"}]}

    def _may_ask(self, question: dict[str, Any], authorization: str) -> bool:
        """Up to 6.2 the session is in the question, from 7.2 in the header, and in between in either."""
        version = tuple(int(number) for number in self.version.split(".")[:2])
        in_question = question.get("auth") == self.session
        if version < (6, 4):
            return in_question
        return authorization == f"Bearer {self.session}" and (version < (7, 2) or "auth" not in question)

    @staticmethod
    def _says(result: Any) -> Reply:
        return json_reply({"jsonrpc": "2.0", "result": result, "id": 1})

    def _host_get(self, filter: dict[str, Any], **_: Any) -> list[dict[str, Any]]:  # noqa: A002
        return [
            host
            for host in self.hosts
            if host["host"] in filter["host"] and host["status"] == str(filter["status"])
        ]

    def _item_get(
        self,
        filter: dict[str, Any],  # noqa: A002
        hostids: list[str] | None = None,
        **_: Any,
    ) -> list[dict[str, Any]]:
        return [
            {"delay": "0", "preprocessing": [SCRIPT]} | item | {"hostid": item["hosts"][0]["hostid"]}
            for item in self.items
            if (hostids is None or item["hosts"][0]["hostid"] in hostids) and item["key_"] in filter["key_"]
        ]

    def _trigger_get(self, itemids: list[str], **_: Any) -> list[dict[str, Any]]:
        return [
            trigger
            for trigger in self.triggers
            if any(function["itemid"] in itemids for function in trigger["functions"])
        ]
