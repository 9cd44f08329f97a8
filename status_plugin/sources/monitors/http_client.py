"""Asking a web server, for every source that does: in time, in bounds, and without a word of it in public.

One reading of a source is one conversation, which ends in `SourceTerms.total` whatever the server does.
Each question in it has `SourceTerms.timeout`, from the search for the host's address to the last byte of
the answer. Certificates are always verified. A redirect is not followed.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.http_address import HttpAddress
from status_plugin.sources.monitors.http_failures import (
    AnswerTooLargeError,
    StrangeEncodingError,
    failure,
    own_words,
    refusal,
)
from status_plugin.sources.monitors.json_answers import JsonObject, read_json_object
from status_plugin.sources.monitors.timed_http import TimedHttp, TimedHttps

USER_AGENT = "status-plugin (network status page)"

MAX_BYTES = 32 * 1024 * 1024
"""The largest answer that is read, counted after it is decompressed."""

_PIECE = 64 * 1024
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip"})

Query = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a server said; `date` is what its clock said then, None if it did not tell."""

    status: int
    body: bytes = field(repr=False)
    date: datetime | None = None

    def json(self) -> JsonObject:
        """The body as a JSON object; raises SourceError."""
        return read_json_object(self.body)


class HttpClient:
    """Asks the server at one address; makes no connection before somebody asks."""

    def __init__(self, address: HttpAddress, terms: SourceTerms, *, max_bytes: int = MAX_BYTES) -> None:
        self.address = address
        self.max_bytes = max_bytes
        self._terms = terms
        self._tls = trust(terms) if address.is_encrypted else None

    @contextmanager
    def conversation(self) -> Iterator[Conversation]:
        """All questions of one reading: they share a connection and a limit of time."""
        conversation = Conversation(self, self._connection(), self._terms)
        try:
            yield conversation
        finally:
            conversation.close()

    def _connection(self) -> TimedHttp | TimedHttps:
        host, port = self.address.host, self.address.port
        return TimedHttps(host, port, ssl_context=self._tls) if self._tls else TimedHttp(host, port)


def trust(terms: SourceTerms) -> ssl.SSLContext:
    """TLS that believes this machine's authorities and those in `SourceTerms.ca_file`."""
    tls = ssl.create_default_context()
    if terms.ca_file is not None:
        try:
            tls.load_verify_locations(terms.ca_file)
            # Since Python 3.13 a certificate must name its authority's key as well. Those of private
            # authorities, Icinga 2's own among them, do not; who has signed them is verified all the same.
            tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
        except OSError as error:
            reason = "it holds no certificates" if isinstance(error, ssl.SSLError) else error.strerror
            raise MonitorSettingError(
                f"STATUS_MONITOR_CA_FILE is {str(terms.ca_file)!r}, which cannot be used: {reason}. "
                "Name a file of certificates in the form PEM."
            ) from None
    return tls


class Conversation:
    """Questions to one server, one after the other."""

    def __init__(self, client: HttpClient, connection: TimedHttp | TimedHttps, terms: SourceTerms) -> None:
        self._client = client
        self._connection = connection
        self._timeout = terms.timeout.total_seconds()
        self._half_over = time.monotonic() + terms.total.total_seconds() / 2
        self._ends = time.monotonic() + terms.total.total_seconds()

    @property
    def is_half_over(self) -> bool:
        """Whether half of the time for all questions is gone."""
        return time.monotonic() >= self._half_over

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def ask(
        self,
        path: str = "",
        query: Query = (),
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (200,),
    ) -> Answer:
        """The answer to a GET; with a `body`, which is sent as JSON, to a POST.

        `path` lies below the address's own. Without it and a `query` the address is asked for as it was
        written, with its own query, which otherwise holds options for the source and is not sent. Raises
        SourceError for a status that is not one to `accept`, and for all that goes wrong.
        """
        address = self._client.address
        target = address.below(path) + (f"?{urlencode(query)}" if query else "")
        if not path and not query:
            target = address.target
        about, answer, complaint = f"{address.url} {path}", None, ""
        try:
            answer, onward = self._exchange(target, body, headers or {})
            if answer.status not in accept:
                about += f": HTTP {answer.status} {onward}"
                complaint = refusal(answer.status)
        except (OSError, http.client.HTTPException, HTTPError, ValueError) as error:
            about += f": {own_words(error)}"
            complaint = failure(error)
        # Out of the handler, so that no error with requests and answers in it is the new one's context.
        if answer is None or complaint:
            self.close()
            raise SourceError(complaint, about)
        return answer

    def _exchange(self, target: str, body: Any, headers: Mapping[str, str]) -> tuple[Answer, str]:
        """The answer, and where a redirect leads to, without what may be secret in that."""
        connection = self._connection
        connection.set_deadline(min(time.monotonic() + self._timeout, self._ends))
        # A server may hang up after each answer without having said so.
        if not connection.is_connected:
            connection.close()
        connection.request(
            "GET" if body is None else "POST",
            target,
            None if body is None else json.dumps(body).encode(),
            self._headers(body is not None) | dict(headers),
            preload_content=False,
        )
        response = connection.getresponse()
        content = _content(response, self._client.max_bytes)
        answer = Answer(status=response.status, body=content, date=_date(response.headers.get("Date")))
        return answer, _without_secrets(response.headers.get("Location", ""))

    def _headers(self, has_body: bool) -> dict[str, str]:
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "application/json, */*;q=0.1",
            "Accept-Encoding": "gzip",
            "Cache-Control": "no-cache",
        }
        if has_body:
            headers["Content-Type"] = "application/json"
        credentials = self._client.address.credentials
        if credentials is not None:
            pair = f"{credentials.user}:{credentials.password}".encode()
            headers["Authorization"] = f"Basic {b64encode(pair).decode('ascii')}"
        return headers


def _content(response: HTTPResponse, max_bytes: int) -> bytes:
    if response.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
        raise StrangeEncodingError
    if (response.length_remaining or 0) > max_bytes:
        raise AnswerTooLargeError
    content = bytearray()
    while piece := response.read(_PIECE):
        content += piece
        if len(content) > max_bytes:
            raise AnswerTooLargeError
    return bytes(content)


def _date(written: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(written or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _without_secrets(location: str) -> str:
    """Where a redirect leads to, without user, password and query."""
    try:
        parts = urlsplit(location)
        return f"{parts.scheme}://{parts.hostname}{parts.path}" if parts.hostname else parts.path
    except ValueError:
        return ""
