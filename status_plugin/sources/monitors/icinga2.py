"""`icinga2:`: the word of an Icinga 2, from its REST API: `icinga2+https://user:password@host:5665`.

Only the objects that the map names are asked for, and of them only the attributes that count. The names
go into the question as values, so that nothing in them can become part of a filter.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import SourceError, SourceTerms
from status_plugin.sources.monitors.host_monitor import HostMonitor, Key, Told, Wanted, host_targets
from status_plugin.sources.monitors.http_address import HttpAddress, read_http_address
from status_plugin.sources.monitors.http_client import Conversation, HttpClient
from status_plugin.sources.monitors.icinga2_objects import ATTRIBUTES, Icinga2Data, is_actively_checked
from status_plugin.sources.monitors.json_answers import OTHER_FORM, JsonObject
from status_plugin.sources.monitors.monitor_clock import clock_at_least

log = logging.getLogger(__name__)

EXAMPLE = "icinga2+https://status:${ICINGA_PASSWORD}@monitor.example.net:5665"

_DOWNTIME_ATTRIBUTES = (
    "host_name",
    "service_name",
    "fixed",
    "start_time",
    "end_time",
    "trigger_time",
    "duration",
)

# Icinga insists on exactly this type of answer, and takes a question with a body for one that reads.
_HEADERS = {"Accept": "application/json", "X-HTTP-Method-Override": "GET"}

# With either of the last two Icinga answers a user who has not the permission.
_ACCEPTED = (200, 403, 404)


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> HostMonitor:
    """The API at an address."""
    targets = host_targets(entries, example="the name of its object in Icinga 2")
    api = Icinga2Api(read_http_address(name, EXAMPLE), terms)
    return HostMonitor("Icinga 2", api, targets, terms.max_age)


class Icinga2Api:
    """Asks the API at an address, with or without the `/v1` that all of it begins with."""

    def __init__(self, address: HttpAddress, terms: SourceTerms) -> None:
        address.options()
        root = address.path.rstrip("/").removesuffix("/v1")
        self._client = HttpClient(replace(address, path=root), terms)
        self._hidden: set[str] = set()
        self._planned_since: dict[Key, float] = {}

    def read(self, wanted: Wanted, now: datetime) -> Told:
        """What Icinga says of the hosts that are wanted; raises SourceError when it cannot be asked."""
        with self._client.conversation() as conversation:
            questions = _Questions(conversation)
            objects = dict(questions.objects(wanted))
            application, says = self._application(questions)
            data = Icinga2Data(
                application=application,
                objects=objects,
                downtimes=self._downtimes(questions, objects, says or now.timestamp()),
                handed_in=frozenset(questions.handed_in(_passive(objects, application))),
            )
        written = says or clock_at_least(now, data.times_of_checks())
        return Told(written=written, says=written, find=data.find)

    def _application(self, questions: _Questions) -> tuple[JsonObject, float | None]:
        """Which checks Icinga makes at all, and what its clock says; nothing if it does not tell the user."""
        try:
            # If Icinga restarts between these two its time comes out late, which is not believed.
            uptime = questions.status("CIB").number("uptime")
            application = questions.status("IcingaApplication").object("icingaapplication", "app")
        except _RefusedError:
            self._say_hidden(
                "status/query", "the page notices late that checks are switched off, and no wrong clock"
            )
            return JsonObject({}), None
        return application, application.number("program_start") + uptime

    def _downtimes(
        self, questions: _Questions, objects: Mapping[Key, JsonObject], says: float
    ) -> dict[Key, float]:
        """When the downtimes began that are in effect; for all we know when they were first seen here."""
        planned = [key for key, found in objects.items() if found.number("downtime_depth") > 0]
        self._planned_since = {key: self._planned_since.get(key, says) for key in planned}
        if not planned:
            return {}
        try:
            began = _beginnings(questions.downtimes({host for host, _ in planned}), says)
        except _RefusedError:
            self._say_hidden(
                "objects/query/Downtime", "planned work is counted from when the page first saw it"
            )
            began = {}
        return {key: began.get(key, since) for key, since in self._planned_since.items()}

    def _say_hidden(self, permission: str, consequence: str) -> None:
        if permission not in self._hidden:
            log.warning("The user in Icinga 2 has not the permission %s: %s.", permission, consequence)
        self._hidden.add(permission)


class _RefusedError(SourceError):
    """Icinga shows its user nothing of a kind."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(
            "This address shows the user nothing: in Icinga 2 the user needs the permissions "
            "objects/query/Host and objects/query/Service",
            f"{path}: HTTP {status}",
        )


class _Questions:
    """The questions of one reading."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def status(self, component: str) -> JsonObject:
        """What a part of Icinga says of itself."""
        for result in self._results(f"v1/status/{component}"):
            return result.object("status")
        raise SourceError(OTHER_FORM)

    def objects(self, wanted: Wanted) -> Iterator[tuple[Key, JsonObject]]:
        """Everything that is wanted and that Icinga has, with its attributes."""
        yield from self._hosts(wanted, ATTRIBUTES)
        yield from self._services(((host, name) for host in wanted for name in wanted[host]), ATTRIBUTES)

    def downtimes(self, hosts: Collection[str]) -> list[JsonObject]:
        """The downtimes of hosts and of their services, in effect or not."""
        return self._attributes("downtimes", "downtime.host_name", hosts, _DOWNTIME_ATTRIBUTES)

    def handed_in(self, keys: Collection[Key]) -> Iterator[Key]:
        """Those whose last result came from outside; a result has texts in it, and is asked for seldom."""
        attributes = ("name", "last_check_result")
        yield from _from_outside(self._hosts((host for host, name in keys if not name), attributes))
        yield from _from_outside(self._services((key for key in keys if key[1]), attributes))

    def _hosts(self, names: Iterable[str], attributes: Sequence[str]) -> Iterator[tuple[Key, JsonObject]]:
        for found in self._attributes("hosts", "host.name", names, attributes):
            yield (found.text("name"), ""), found

    def _services(self, keys: Iterable[Key], attributes: Sequence[str]) -> Iterator[tuple[Key, JsonObject]]:
        full_names = (f"{host}!{name}" for host, name in keys)
        for found in self._attributes("services", "service.__name", full_names, ("host_name", *attributes)):
            yield (found.text("host_name"), found.text("name")), found

    def _attributes(
        self, kind: str, name: str, names: Iterable[str], attributes: Sequence[str]
    ) -> list[JsonObject]:
        """The attributes of all objects of a kind that have one of these names."""
        wanted = sorted(names)
        if not wanted:
            return []
        question = {"attrs": attributes, "filter": f"{name} in names", "filter_vars": {"names": wanted}}
        return [result.object("attrs") for result in self._results(f"v1/objects/{kind}", question)]

    def _results(self, path: str, question: object = None) -> list[JsonObject]:
        answer = self._conversation.ask(path, body=question, headers=_HEADERS, accept=_ACCEPTED)
        if answer.status != 200:
            raise _RefusedError(path, answer.status)
        return answer.json().list("results")


def _passive(objects: Mapping[Key, JsonObject], application: JsonObject) -> list[Key]:
    """Those that may live by results from outside."""
    return [
        key
        for key, found in objects.items()
        if found.flag("enable_passive_checks") and not is_actively_checked(key, found, application)
    ]


def _from_outside(results: Iterable[tuple[Key, JsonObject]]) -> Iterator[Key]:
    for key, found in results:
        never = found.members.get("last_check_result") is None
        if not never and not found.object("last_check_result").flag("active"):
            yield key


def _beginnings(downtimes: Iterable[JsonObject], says: float) -> dict[Key, float]:
    """When the earliest downtime of each object began that is in effect when Icinga's clock `says` so."""
    began: dict[Key, float] = {}
    for downtime in downtimes:
        key = (downtime.text("host_name"), downtime.text("service_name"))
        start = _took_effect(downtime, says)
        if start is not None:
            began[key] = min(start, began.get(key, math.inf))
    return began


def _took_effect(downtime: JsonObject, says: float) -> float | None:
    """When a downtime took effect, None if it is not in effect; a flexible one waits for a problem."""
    triggered = downtime.number("trigger_time")
    start, end = downtime.number("start_time"), downtime.number("end_time")
    if not downtime.flag("fixed"):
        start, end = triggered, triggered + downtime.number("duration")
    return (triggered or start) if 0 < start <= says < end else None
