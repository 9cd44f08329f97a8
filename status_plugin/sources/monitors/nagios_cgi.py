"""The CGI programs of Nagios' web interface: statusjson.cgi, and objectjson.cgi for what that leaves out.

Their answers are retold as the blocks of a status.dat, so that both ways of asking a Nagios mean the same.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from status_plugin.sources.monitors import SourceError, SourceTerms
from status_plugin.sources.monitors.http_address import HttpAddress
from status_plugin.sources.monitors.http_client import Conversation, HttpClient
from status_plugin.sources.monitors.json_answers import JsonObject, read_json_object
from status_plugin.sources.monitors.nagios_blocks import beginnings, block_of, object_block, program_block
from status_plugin.sources.monitors.state_scale import BELIEVED_INTERVAL
from status_plugin.sources.monitors.status_dat import (
    Block,
    Key,
    StatusData,
    Wanted,
    check_downtimes,
    has_lost_downtimes,
)
from status_plugin.sources.monitors.unlisted_names import UnlistedNames

log = logging.getLogger(__name__)

MOST_ASKED_SINGLY = 10
"""Of more hosts than these one question for all that Nagios has is less work than a question for each."""

MOST_CONFIGURATIONS = 10
"""How many objects' configurations are asked for in one reading; the next one goes on."""

_LONG = BELIEVED_INTERVAL.total_seconds() * 1000

# In some locales what plugins print is written with escapes that JSON does not have.
_ESCAPE = re.compile(rb'\\(?:(["\\/bfnrtu])|.)', re.DOTALL)


class NagiosCgi:
    """Asks the CGI programs at an address."""

    def __init__(self, address: HttpAddress, terms: SourceTerms) -> None:
        address.options()
        folder = address.path.removesuffix("statusjson.cgi")
        self._client = HttpClient(replace(address, path=folder), terms)
        self._configured: dict[Key, JsonObject] = {}
        self._configured_at = 0.0
        self._unlisted = UnlistedNames()

    def read(self, wanted: Wanted, now: datetime) -> StatusData:
        """What Nagios says of the hosts that are wanted; raises SourceError when it cannot be asked."""
        with self._client.conversation() as conversation:
            data, is_torn = self._told(conversation, wanted)
            if is_torn and has_lost_downtimes(data.objects, data.downtimes):
                data, _ = self._told(conversation, wanted)
        check_downtimes(data.objects, data.downtimes)
        return data

    def _told(self, conversation: Conversation, wanted: Wanted) -> tuple[StatusData, bool]:
        """What all questions together bring, and whether Nagios wrote its file anew between them."""
        questions = _Questions(conversation)
        program = program_block(questions.status("programstatus").object("programstatus"))
        if questions.program_start <= 0:
            raise SourceError("Nagios' web interface finds no status file that it can read")
        if questions.program_start != self._configured_at:
            self._configured_at, self._configured = questions.program_start, {}
        self._unlisted.begin()
        objects = {
            key: self._block(questions, key, status)
            for key, status in _Walk(questions, self._unlisted, wanted).objects()
        }
        data = StatusData(
            created=questions.oldest / 1000,
            says=questions.says / 1000,
            program=program,
            objects=objects,
            downtimes=_downtimes(questions, objects),
        )
        return data, questions.oldest != questions.newest

    def _block(self, questions: _Questions, key: Key, status: JsonObject | None) -> Block:
        """An object as a status.dat has it; like one that was never checked if it was not asked for."""
        if status is None:
            return block_of({})
        return object_block(key, status, self._configuration(questions, key, status))

    def _configuration(self, questions: _Questions, key: Key, status: JsonObject) -> JsonObject | None:
        """What an object's configuration says, asked for where its status alone could be misread.

        A host that was never checked may have no check. A check that is far from the last one may be
        meant to be, or was put off.
        """
        is_far = status.number("next_check") - status.number("last_check") > _LONG
        never = not key[1] and not status.flag("has_been_checked")
        if (is_far or never) and key not in self._configured:
            found = questions.configuration(key)
            if found is not None:
                self._configured[key] = found
        return self._configured.get(key)


class _UnknownNameError(SourceError):
    """Nagios has no host or service of this name."""

    def __init__(self) -> None:
        super().__init__("Nagios has lost a host while it was asked")


class _Questions:
    """The questions of one reading, and what all answers tell of Nagios itself.

    `oldest` and `newest` are of the times of its data, `says` is the latest of its clock, and
    `program_start` when it was started, all in milliseconds of its epoch.
    """

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._configurations_left = MOST_CONFIGURATIONS
        self.oldest = math.inf
        self.newest = 0.0
        self.says = 0.0
        self.program_start = 0.0

    @property
    def is_late(self) -> bool:
        """Whether half of the time for this reading is over."""
        return self._conversation.is_half_over

    def status(self, query: str, **options: str) -> JsonObject:
        """What statusjson.cgi says; raises _UnknownNameError for a name that Nagios does not have."""
        result, data = self._ask("statusjson.cgi", query, options)
        updated = result.number("last_data_update")
        self.oldest, self.newest = min(self.oldest, updated), max(self.newest, updated)
        self.says = max(self.says, result.number("query_time"))
        self.program_start = result.number("program_start")
        return data

    def configuration(self, key: Key) -> JsonObject | None:
        """What objectjson.cgi says of one object, None if it says nothing or has been asked enough."""
        kind = "service" if key[1] else "host"
        if self._configurations_left <= 0:
            return None
        self._configurations_left -= 1
        try:
            return self._ask("objectjson.cgi", kind, _names(key))[1].object(kind)
        except SourceError as error:
            # Less is known then, and sooner stale.
            self._configurations_left = 0
            log.debug("Nagios' configuration is not told: %s", error.detail)
            return None

    def _ask(self, program: str, query: str, options: dict[str, str]) -> tuple[JsonObject, JsonObject]:
        answer = self._conversation.ask(program, {"query": query, **options})
        if not answer.body.strip():
            raise SourceError("Nagios' CGI says nothing: Nagios is stopped or restarting")
        whole = read_json_object(_ESCAPE.sub(_as_json_escape, answer.body))
        result = whole.object("result")
        if result.whole("type_code") == 0:
            return result, whole.object("data")
        if not result.text("message", "").endswith("could not be found."):
            raise SourceError(
                "Nagios' CGI does not answer what is asked: it is hidden from this user, or unknown"
            )
        if result.text("message", "").startswith("The status for"):
            raise SourceError("Nagios' status file is not complete, or Nagios is restarting")
        raise _UnknownNameError


def _as_json_escape(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] else b" "


def _names(key: Key) -> dict[str, str]:
    host, service = (name.decode() for name in key)
    return {"hostname": host} | ({"servicedescription": service} if service else {})


class _Walk:
    """Asks for everything that is wanted: for each host alone, or for the lists of all that Nagios has."""

    def __init__(self, questions: _Questions, unlisted: UnlistedNames, wanted: Wanted) -> None:
        self._questions = questions
        self._unlisted = unlisted
        self._wanted = wanted
        self._is_short = len(wanted) <= MOST_ASKED_SINGLY

    def objects(self) -> Iterator[tuple[Key, JsonObject | None]]:
        """Everything that Nagios has, with its status, None where it is not its turn to be asked for."""
        hosts = services = JsonObject({})
        if not self._is_short:
            hosts = self._list("hostlist")
            services = self._list("servicelist")
            if not hosts.members:
                raise SourceError(
                    "Nagios' CGI shows this user no host: name the user in authorized_for_all_hosts and "
                    "authorized_for_all_services"
                )
        for host, names in self._wanted.items():
            status = self._found(hosts, (host, b""))
            if status is None:
                yield from self._put_off((host, b""), *((host, name) for name in names))
                continue
            yield (host, b""), status
            if names and self._is_short:
                services = self._list("servicelist", hostname=host.decode())
            yield from self._services(services, host, names)

    def _list(self, name: str, **options: str) -> JsonObject:
        return self._questions.status(name, details="true", **options).object(name)

    def _services(
        self, listed: JsonObject, host: bytes, names: Collection[bytes]
    ) -> Iterator[tuple[Key, JsonObject | None]]:
        of_host = listed.object(host.decode()) if host.decode() in listed.members else JsonObject({})
        for name in names:
            status = self._found(of_host, (host, name))
            if status is None:
                yield from self._put_off((host, name))
            else:
                yield (host, name), status

    def _put_off(self, key: Key, *below: Key) -> Iterator[tuple[Key, None]]:
        """What was not found and what is below that, unless Nagios has said that there is no such thing."""
        if not self._unlisted.is_nowhere(key):
            yield from ((one, None) for one in (key, *below))

    def _found(self, listed: JsonObject, key: Key) -> JsonObject | None:
        """The status of an object from a list of its kind, else asked for alone; None if it is not found.

        A list leaves out what its user may not see, and what has other than English letters in its name.
        """
        name = (key[1] or key[0]).decode()
        if name in listed.members:
            return listed.object(name)
        is_asked_alone = self._is_short and not key[1]
        if not is_asked_alone and not self._unlisted.has_its_turn(key, in_haste=self._questions.is_late):
            return None
        kind = "service" if key[1] else "host"
        try:
            status = self._questions.status(kind, **_names(key)).object(kind)
        except _UnknownNameError:
            status = None
        self._unlisted.note(key, is_there=status is not None)
        return status


def _downtimes(questions: _Questions, objects: dict[Key, Block]) -> dict[Key, float]:
    """When the downtimes began that are in effect for these objects, in seconds."""
    in_effect = [key for key, block in objects.items() if block.number(b"scheduled_downtime_depth") > 0]
    options = {"details": "true", "ineffect": "yes"}
    began: dict[Key, float] = {}
    if in_effect:
        for key, start in beginnings(questions.status("downtimelist", **options).object("downtimelist")):
            began[key] = min(start, began.get(key, math.inf))
    for key in in_effect:
        if key not in began:
            alone = questions.status("downtimelist", **options, **_names(key)).object("downtimelist")
            starts = [start for (_, service), start in beginnings(alone) if bool(service) == bool(key[1])]
            began |= {key: min(starts)} if starts else {}
    return began
