"""Zabbix's API: JSON-RPC, with a token or with a user and a password.

Zabbix's own client library has no limit of time for a whole answer and none of size, and follows redirects;
so this asks with the client that all sources share.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.http_address import Credentials, HttpAddress
from status_plugin.sources.monitors.http_client import Conversation, HttpClient
from status_plugin.sources.monitors.json_answers import OTHER_FORM, JsonObject

log = logging.getLogger(__name__)

PROGRAM = "api_jsonrpc.php"

# From this version on a session is told in a header; before, in the question.
_HEADER_SINCE = (6, 4)
_VERSION = re.compile(r"(\d+)\.(\d+)\.")


class ZabbixRefusalError(SourceError):
    """Zabbix does not do what it is asked."""

    def __init__(self, detail: str) -> None:
        super().__init__("Zabbix refuses the token or the session, or what is asked", detail)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Login:
    """How to show that one may ask."""

    session: str = field(repr=False)
    in_header: bool


class ZabbixApi:
    """The API at an address; remembers from one reading to the next that it has logged in."""

    def __init__(self, address: HttpAddress, terms: SourceTerms) -> None:
        address.options()
        if address.credentials is None or not address.credentials.password:
            raise MonitorSettingError(
                "Zabbix tells nothing without a user and a password, or a token: "
                "write '//user:password@' or '//:token@' in the address."
            )
        self.credentials: Credentials = address.credentials
        self.login: _Login | None = None
        folder = address.path.removesuffix(PROGRAM)
        # The credentials are for the API and not for the web server.
        self._client = HttpClient(replace(address, path=folder, credentials=None), terms)

    @contextmanager
    def talk(self) -> Iterator[ZabbixTalk]:
        """All questions of one reading."""
        with self._client.conversation() as conversation:
            yield ZabbixTalk(self, conversation)


class ZabbixTalk:
    """Questions to the API; `says` is what the clock of its web server showed last, in epoch seconds."""

    def __init__(self, api: ZabbixApi, conversation: Conversation) -> None:
        self.says: float | None = None
        self._api = api
        self._conversation = conversation

    def ask(self, method: str, **parameters: Any) -> list[JsonObject]:
        """The objects that a method gives; raises SourceError.

        A login that is remembered may have ended; then this logs in once more.
        """
        remembered = self._api.login
        login = remembered or self._logged_in()
        try:
            return self._objects(method, parameters, login)
        except ZabbixRefusalError as refusal:
            self._api.login = None
            if remembered is None:
                raise
            log.debug("Zabbix has ended the session: %s", refusal.detail)
        return self._objects(method, parameters, self._logged_in())

    def _logged_in(self) -> _Login:
        version = _VERSION.match(_text(self._result("apiinfo.version", [])))
        if version is None:
            raise SourceError(OTHER_FORM)
        self._api.login = _Login(
            session=self._session(), in_header=(int(version[1]), int(version[2])) >= _HEADER_SINCE
        )
        return self._api.login

    def _session(self) -> str:
        user, password = self._api.credentials.user, self._api.credentials.password
        if not user:
            return password
        try:
            return _text(self._result("user.login", {"username": user, "password": password}))
        except ZabbixRefusalError as refusal:
            detail = refusal.detail
        raise SourceError(
            "Zabbix refuses the user or the password, or has blocked the user for a while", detail
        )

    def _objects(self, method: str, parameters: Mapping[str, Any], login: _Login) -> list[JsonObject]:
        return JsonObject({"": self._result(method, parameters, login)}).list("")

    def _result(self, method: str, parameters: Any, login: _Login | None = None) -> Any:
        body: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": parameters, "id": 1}
        headers: dict[str, str] = {}
        if login is not None and login.in_header:
            headers["Authorization"] = f"Bearer {login.session}"
        elif login is not None:
            body["auth"] = login.session
        answer = self._conversation.ask(PROGRAM, body=body, headers=headers)
        self.says = answer.date.timestamp() if answer.date else None
        whole = answer.json()
        if "error" in whole.members:
            error = whole.object("error")
            raise ZabbixRefusalError(f"{method}: {error.text('message', '')} {error.text('data', '')}")
        if "result" not in whole.members:
            raise SourceError(OTHER_FORM)
        return whole.members["result"]


def _text(value: Any) -> str:
    return JsonObject({"": value}).text("")
