"""The client of all sources that ask by HTTP: whatever a server does, it ends in time and tells nothing."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import faulty_server
import pytest
from error_reports import frames_of
from faulty_server import FAULTS, SOMEBODY_ELSE, FaultyServer, Reply, Request, json_reply
from loopback_server import CERTIFICATE, PRIVATE_AUTHORITY, LoopbackServer, say

from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.http_address import read_http_address
from status_plugin.sources.monitors.http_client import Answer, HttpClient

TERMS = SourceTerms(timeout=timedelta(seconds=4))
SHORT = SourceTerms(timeout=timedelta(seconds=0.2))
"""For what is awaited in vain."""

MARGIN = 1.0
"""Seconds by which a busy machine may be late."""

SECRET = "hunter2-Straße"
SECRETS = (SECRET, "aHVudGVyM", "c3RhdHVzOmh1bnRlcjItU3RyYcOfZQ==")


def well(request: Request) -> Reply:
    """The answer of a server that is well."""
    return json_reply({"host": "db7.internal.example", "queries": [request.path, request.query]})


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    """A server that is well."""
    with FaultyServer(well) as running:
        yield running


def client_of(url: str, terms: SourceTerms = TERMS, **options: Any) -> HttpClient:
    """A client for an address."""
    return HttpClient(read_http_address(f"test+{url}", "test+https://host/"), terms, **options)


def ask(client: HttpClient, path: str = "", query: dict[str, str] | None = None, **options: Any) -> Answer:
    """The answer to one question."""
    with client.conversation() as conversation:
        return conversation.ask(path, query or {}, **options)


def test_question_and_answer(server: FaultyServer) -> None:
    """What is asked for stands below the address, and what is said comes back."""
    client = client_of(server.url("/cgi%20bin/"))
    answer = ask(client, "status.cgi", {"hostname": "Büro 1&2"})
    assert answer.json().members["queries"] == ["/cgi%20bin/status.cgi", {"hostname": "Büro 1&2"}]
    (request,) = server.requests
    assert request.method == "GET"
    assert request.headers["user-agent"] == "status-plugin (network status page)"
    assert request.headers["host"] == f"127.0.0.1:{server.port}"
    assert "authorization" not in request.headers


def test_question_with_a_body(server: FaultyServer) -> None:
    """A body is sent as JSON, with headers of the source's own."""
    ask(client_of(server.url()), "v1", body={"a": [1]}, headers={"X-HTTP-Method-Override": "GET"})
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/v1", b'{"a": [1]}')
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-http-method-override"] == "GET"


def test_questions_of_one_reading_share_a_connection(server: FaultyServer) -> None:
    """A second question costs no second connection, also after a server has hung up without a word."""
    with client_of(server.url()).conversation() as conversation:
        for number in range(3):
            conversation.ask(f"{number}")
        assert server.connections == 1
        server.fault = faulty_server.body(lambda whole: whole)
        conversation.ask("last words")
        server.fault = None
        deadline = time.monotonic() + 5
        while conversation._connection.is_connected:
            assert time.monotonic() < deadline
        conversation.ask("again")
    assert server.connections == 2


def test_status_that_a_source_can_read(server: FaultyServer) -> None:
    """An answer of another status than 200 is one for the source that says so."""
    server.answer = lambda request: Reply(status=404, body=b'{"error": 404}')
    assert ask(client_of(server.url()), accept=(200, 404)).status == 404
    with pytest.raises(SourceError, match="404"):
        ask(client_of(server.url()))


def test_compressed_answer(server: FaultyServer) -> None:
    """A server may compress as it was asked to."""
    body = gzip.compress(b'{"a": 1}')
    server.answer = lambda request: Reply(body=body, headers={"Content-Encoding": "gzip"})
    assert ask(client_of(server.url())).json().members == {"a": 1}
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Fri, 20 Nov 2026 18:00:00 GMT", datetime(2026, 11, 20, 18, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 18:00:00 -0000", datetime(2026, 11, 20, 18, tzinfo=UTC)),
        ("Fri, 99 Nov 2026", None),
        ("soon", None),
        ("", None),
    ],
)
def test_clock_of_the_server(server: FaultyServer, written: str, date: datetime | None) -> None:
    """What the server's clock says is known if it tells."""
    server.answer = lambda request: Reply(body=b"{}", headers={"Date": written})
    assert ask(client_of(server.url())).date == date


COMPLAINTS = {
    "hangs": "did not answer in the time",
    "drips its body": "did not answer in the time",
    "drips its head": "did not answer in the time",
    "drips chunks without end": "did not answer in the time",
    "401": r"refuses the user or the password, or wants one \(HTTP 401\)",
    "403": r"does not let this user see what is asked for \(HTTP 403\)",
    "404": r"nothing at this address of the server \(HTTP 404\)",
    "429": r"asked too often \(HTTP 429\)",
    "500": r"has a fault, .* \(HTTP 500\)",
    "502": r"has a fault, or what stands before it has \(HTTP 502\)",
    "204": r"does not answer what is asked \(HTTP 204\)",
    "web page": "is a web page, not data",
    "empty body": "The answer is empty",
    "half the body": "is not JSON, or breaks off",
    "breaks off": "breaks off, or is not HTTP",
    "garbage": "is not JSON",
    "UTF-16": "is not JSON",
    "a list": "has not the form",
    "a word": "has not the form",
    "other members": "has not the form",
    "deep nesting": "is not JSON",
    "promises a gibibyte": "is too large",
    "pours without end": "is too large",
    "decompresses to mebibytes": "is too large",
    "strange compression": "compressed in a way that was not asked for",
    "broken compression": "cannot be decompressed",
    "redirects in a circle": "redirects, which is not followed",
    "redirects to another host": r"redirects, .* write the address it leads to \(HTTP 302\)",
    "hangs up": "breaks the connection without an answer",
    "not HTTP": "is not HTTP",
    "broken head": "is not HTTP",
    "broken chunks": "breaks off, or is not HTTP",
}


def terms_for(fault: str) -> SourceTerms:
    """No test waits for longer than it has to."""
    return SHORT if "in the time" in COMPLAINTS[fault] else TERMS


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_a_server(fault: str, tls: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Each fault ends in time with a clause that says what it is and nothing of the server."""
    with FaultyServer(well, tls=tls) as server:
        terms = replace(terms_for(fault), ca_file=CERTIFICATE)
        url = server.url("/secret/", user=f"status:{SECRET}")
        client = client_of(url, terms, max_bytes=faulty_server.MEBIBYTE)
        server.fault = FAULTS[fault]
        started = time.monotonic()
        with pytest.raises(SourceError, match=COMPLAINTS[fault]) as failure:
            ask(client, "status.cgi", {"hostname": "secret"}).json().object("queries")
        assert time.monotonic() - started < terms.timeout.total_seconds() + MARGIN
        assert len(server.requests) == 1, "it is not asked again, and not elsewhere"
        assert "secret" not in str(failure.value)
        assert "localhost" not in str(failure.value)
        assert "127.0.0.1" not in str(failure.value)
        assert not [record for record in caplog.records if record.levelno >= logging.INFO]
        server.fault = None
        assert ask(client_of(url, replace(TERMS, ca_file=CERTIFICATE))).status == 200


def test_many_slow_answers_end_with_the_reading(server: FaultyServer) -> None:
    """All questions of a reading together take no longer than a reading may."""

    def late(request: Request) -> Reply:
        time.sleep(0.12)
        return well(request)

    server.answer = late
    started = time.monotonic()

    def read() -> None:
        with client_of(server.url(), SHORT).conversation() as conversation:
            for _ in range(100):
                conversation.ask()

    with pytest.raises(SourceError, match="in the time"):
        read()
    assert time.monotonic() - started < SHORT.total.total_seconds() + MARGIN
    assert len(server.requests) > 2


def test_large_answer_costs_no_more_memory_than_it_may(server: FaultyServer) -> None:
    """Whatever is poured, also compressed, only so much of it is kept."""
    client = client_of(server.url(), SourceTerms(), max_bytes=faulty_server.MEBIBYTE)
    packed = gzip.compress(b" " * (64 * faulty_server.MEBIBYTE), 1)
    server.answer = lambda request: Reply(body=packed, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="too large"):
            ask(client)
        assert tracemalloc.get_traced_memory()[1] < 8 * faulty_server.MEBIBYTE
    finally:
        tracemalloc.stop()


class TestElsewhere:
    """Faults that no server has to have."""

    def test_redirect_reaches_nobody_else(self, server: FaultyServer) -> None:
        """Another server never hears of a question, least of all of its password."""
        with LoopbackServer(lambda connection: None) as other:
            for place in (f"http://127.0.0.1:{other.port}/", f"http://localhost:{other.port}/"):
                server.fault = faulty_server.redirect(place)
                with pytest.raises(SourceError, match="redirects"):
                    ask(client_of(server.url(user="status:x")))
            assert other.connections == 0

    def test_nobody_listens(self, server: FaultyServer) -> None:
        """A refused connection is told from silence, and passes."""
        server.refuse()
        with pytest.raises(SourceError, match="refuses or breaks the connection"):
            ask(client_of(server.url()))
        server.listen()
        assert ask(client_of(server.url())).status == 200

    def test_no_connection(self, server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
        """A host that is silent, and one to which there is no way, are told apart."""
        for error, complaint in (
            (TimeoutError(), "in the time"),
            (OSError(113, "no route to host"), "The server cannot be reached$"),
            (OSError(101, "network is unreachable"), "cannot be reached from this machine"),
        ):

            def fail(*_: object, error: OSError = error) -> None:
                raise error

            monkeypatch.setattr(socket.socket, "connect", fail)
            with pytest.raises(SourceError, match=complaint):
                ask(client_of(server.url()))

    def test_no_such_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name that the name service does not know is no reason to tell it."""
        with pytest.raises(SourceError, match="name service does not know") as failure:
            ask(client_of("http://no-such-host.invalid/"))
        assert "no-such-host" not in str(failure.value)

    def test_name_service_that_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name service that does not answer is not waited for any longer than a server."""
        ended = threading.Event()

        def hang(*_: object, **__: object) -> None:
            ended.wait(10)
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        started = time.monotonic()
        with pytest.raises(SourceError, match="in the time"):
            ask(client_of("http://monitor.example/", SHORT))
        assert time.monotonic() - started < SHORT.timeout.total_seconds() + MARGIN
        ended.set()


class TestEncryption:
    """HTTPS."""

    @pytest.fixture
    def encrypted(self) -> Iterator[FaultyServer]:
        """A server with a certificate for localhost."""
        with FaultyServer(well, tls=True) as running:
            yield running

    def test_authority_in_the_file_is_trusted(self, encrypted: FaultyServer) -> None:
        """With the file of authorities a monitor's own certificate is good, without it is not."""
        trusting = replace(TERMS, ca_file=CERTIFICATE)
        assert ask(client_of(encrypted.url(), trusting)).status == 200
        with pytest.raises(SourceError, match=r"certificate is not one to trust .*STATUS_MONITOR_CA_FILE"):
            ask(client_of(encrypted.url()))
        assert len(encrypted.requests) == 1, "nothing was said to a server that is not trusted"

    def test_private_authority_need_not_keep_the_latest_rules(
        self, encrypted: FaultyServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Certificates like those of Icinga 2 are verified as before where Python 3.13 asks for more."""

        def as_python_3_13() -> ssl.SSLContext:
            tls = really()
            tls.verify_flags |= ssl.VERIFY_X509_STRICT
            return tls

        really = ssl.create_default_context
        monkeypatch.setattr(ssl, "create_default_context", as_python_3_13)
        encrypted.present(PRIVATE_AUTHORITY)
        tls = as_python_3_13()
        tls.load_verify_locations(PRIVATE_AUTHORITY)
        with (
            socket.create_connection((encrypted.host, encrypted.port)) as connection,
            pytest.raises(ssl.SSLCertVerificationError, match="Authority Key"),
        ):
            tls.wrap_socket(connection, server_hostname="localhost")
        assert ask(client_of(encrypted.url(), replace(TERMS, ca_file=PRIVATE_AUTHORITY))).status == 200
        with pytest.raises(SourceError, match="certificate is not one to trust"):
            ask(client_of(encrypted.url(), replace(TERMS, ca_file=CERTIFICATE)))

    def test_certificate_for_another_name_is_not_trusted(self, encrypted: FaultyServer) -> None:
        """An authority's word about another host is worth nothing here."""
        encrypted.present(SOMEBODY_ELSE)
        with pytest.raises(SourceError, match="certificate is not one to trust"):
            ask(client_of(encrypted.url(), replace(TERMS, ca_file=SOMEBODY_ELSE)))

    def test_certificate_of_somebody_else_is_not_trusted(self, encrypted: FaultyServer) -> None:
        """A server that takes the monitor's place is not asked, and the monitor is again afterwards."""
        client = client_of(encrypted.url(), replace(TERMS, ca_file=CERTIFICATE))
        encrypted.present(SOMEBODY_ELSE)
        with pytest.raises(SourceError, match="certificate is not one to trust"):
            ask(client)
        encrypted.present(CERTIFICATE)
        assert ask(client).status == 200

    def test_server_that_does_not_encrypt(self) -> None:
        """Where nobody speaks TLS nothing is said in the clear."""
        with LoopbackServer(say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
            with pytest.raises(SourceError, match="does not speak TLS"):
                ask(client_of(f"https://status:secret@localhost:{server.port}/secret"))
            assert b"secret" not in server.heard

    @pytest.mark.parametrize(
        ("content", "reason"), [(None, "No such file"), (b"no certificate", "it holds no certificates")]
    )
    def test_file_of_authorities_that_cannot_be_used(
        self, tmp_path: Path, content: bytes | None, reason: str
    ) -> None:
        """A file that is missing or holds something else stops the start and is named."""
        path = tmp_path / "ca.pem"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(MonitorSettingError, match=rf"STATUS_MONITOR_CA_FILE is '.*ca\.pem'.*{reason}"):
            client_of("https://monitor.example/", SourceTerms(ca_file=path))


class TestCredentials:
    """Users and passwords."""

    def test_they_are_sent(self, server: FaultyServer) -> None:
        """The server is told them in UTF-8."""
        ask(client_of(server.url(user=f"status:{SECRET}")))
        assert server.requests[0].headers["authorization"] == f"Basic {SECRETS[2]}"

    @pytest.mark.parametrize("fault", [*FAULTS, "refused"])
    def test_they_are_in_no_error_and_in_no_log(
        self, server: FaultyServer, fault: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither an error, nor what led to it, nor a variable on the way, nor a DEBUG log shows them."""
        caplog.set_level(logging.DEBUG)
        terms = TERMS if fault == "refused" else terms_for(fault)
        client = client_of(server.url(user=f"status:{SECRET}"), terms, max_bytes=faulty_server.MEBIBYTE)
        if fault == "refused":
            server.refuse()
        else:
            server.fault = FAULTS[fault]
        with pytest.raises(SourceError) as failure:
            ask(client).json().object("queries")
        told = "\n".join([*frames_of(failure.value), failure.value.detail, caplog.text, repr(client)])
        assert "SourceError" in told
        assert not [secret for secret in SECRETS if secret in told]

    def test_server_that_repeats_them_is_not_heard(
        self, server: FaultyServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        """What a server says of a password is repeated nowhere."""
        caplog.set_level(logging.DEBUG)
        client = client_of(server.url(user=f"status:{SECRET}"))
        echo = SECRETS[2].encode()
        for said in (
            b"HTTP/1.1 " + echo + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + echo + b"\r\n\r\n{}",
            b"HTTP/1.1 302 Found\r\nLocation: https://a:" + echo + b"@b/?" + echo + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: " + echo + b"\r\n\r\n{}",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + echo,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + echo + b"\r\n",
        ):
            server.fault = faulty_server.raw(said)
            with pytest.raises(SourceError) as failure:
                ask(client).json()
            told = "\n".join([*frames_of(failure.value), failure.value.detail, caplog.text])
            assert echo.decode() not in told, said

    def test_what_is_looked_for_would_be_found(self) -> None:
        """An error that had a password in a variable on its way would not pass."""

        def careless() -> None:
            password = SECRET
            raise SourceError(password[:0])

        with pytest.raises(SourceError) as failure:
            careless()
        trace = failure.value.__traceback__
        assert trace is not None
        assert trace.tb_next is not None
        assert SECRET in repr(trace.tb_next.tb_frame.f_locals)
        failure.value.__context__ = ValueError(SECRET)
        assert SECRET in "".join(frames_of(failure.value))
