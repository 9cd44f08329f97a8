"""`probe:` makes real connections, asks twice, ends in time, and knows its own network's faults."""

from __future__ import annotations

import errno
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loopback_server import CERTIFICATE, LoopbackServer, Talk, free_port, say

from status_plugin.core.monitoring.summary import Observation, Reading
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    MonitorSettingError,
    Source,
    SourceError,
    SourceTerms,
    conversations,
    open_sources,
    probe,
)
from status_plugin.sources.monitors.addresses import read_address

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TERMS = SourceTerms(timeout=timedelta(seconds=3), max_age=timedelta(seconds=300))
MARGIN = 1.5
"""Seconds by which a busy machine may be late."""

SILENT = "192.0.2.1"
REFUSING = "192.0.2.2"
UNROUTED = "192.0.2.3"


GREETINGS = {
    "smtp": (b"220 mail ready\r\n", b"QUIT\r\n"),
    "imap": (b"* OK ready\r\n", b"a LOGOUT\r\n"),
    "pop3": (b"+OK ready\r\n", b"QUIT\r\n"),
    "ftp": (b"220-Welcome\r\n220 to all\r\n", b"QUIT\r\n"),
    "ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", b""),
}

REFUSALS = {
    "smtp": b"554 No\r\n",
    "imap": b"* BYE\r\n",
    "pop3": b"-ERR no\r\n",
    "ftp": b"421 Full\r\n",
    "ssh": b"Not you\r\n",
}


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two tries no more than a moment."""
    monkeypatch.setattr(probe, "PAUSE", timedelta(milliseconds=1))


@pytest.fixture
def distant_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts far away, of which one is silent, one refuses, and to one there is no way."""
    really = socket.socket.connect

    def connect(self: socket.socket, place: Any) -> None:
        if place[0] == SILENT:
            raise TimeoutError
        if place[0] == REFUSING:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
        if place[0] == UNROUTED:
            raise OSError(errno.ENETUNREACH, "no route")
        really(self, place)

    monkeypatch.setattr(socket.socket, "connect", connect)


def source_of(checks: dict[str, str], terms: SourceTerms = TERMS, **options: str) -> Source:
    """A probe of one component."""
    entry = {"checks": checks, **options}
    return open_sources("probe:", read_monitor_map({"srv3": {"probe": entry}}), terms)["probe"]


def look(address: str, **options: str) -> Observation:
    """What the probe says of one address."""
    return source_of({"Web": address}, **options).read(NOW).components["srv3"].checks["Web"]


@contextmanager
def overrun_listener() -> Iterator[int]:
    """The port of a listener with so many waiting that the system drops everybody else."""
    with socket.socket() as listener, ExitStack() as crowd:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = crowd.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def answer(status: int, *headers: str) -> Talk:
    """Hear a request and answer it without a body."""

    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        lines = [f"HTTP/1.1 {status} Whatever", *headers, "Content-Length: 0", "", ""]
        connection.sendall("\r\n".join(lines).encode())

    return talk


def test_reading_is_as_of_the_moment_of_measuring() -> None:
    """A probe's facts are of now, count as long as any source's, and know no beginning."""
    with LoopbackServer(say()) as server:
        reading = source_of({"Web": f"tcp://127.0.0.1:{server.port}"}).read(NOW)
    fresh_until = NOW + TERMS.max_age
    assert (reading.written_at, reading.fresh_until) == (NOW, fresh_until)
    seen = reading.components["srv3"]
    assert seen.host is None
    assert seen.checks == {"Web": Observation(state=State.OPERATIONAL, fresh_until=fresh_until)}


def test_refused_connection_is_down() -> None:
    """Where nobody listens any more the service is offline."""
    assert look(f"tcp://127.0.0.1:{free_port()}").state is State.MAJOR_OUTAGE


def test_host_that_nothing_more_is_known_of() -> None:
    """A component without checks is watched by its host's address."""
    with LoopbackServer(say()) as server:
        watched = {
            "ns3": {"probe": {"host": f"tcp://127.0.0.1:{server.port}"}},
            "ns4": {"probe": {"host": f"tcp://127.0.0.1:{free_port()}", "checks": ""}},
        }
        reading = open_sources("probe:", read_monitor_map(watched), TERMS)["probe"].read(NOW)
    hosts = {slug: seen.host and seen.host.state for slug, seen in reading.components.items()}
    assert hosts == {"ns3": State.OPERATIONAL, "ns4": State.MAJOR_OUTAGE}


def test_one_failure_does_not_count() -> None:
    """A server that fails once and answers the second time is operational."""
    with LoopbackServer(say(b"421 Too busy\r\n"), say(b"220 Ready\r\n")) as server:
        assert look(f"smtp://127.0.0.1:{server.port}").state is State.OPERATIONAL
        assert server.connections == 2


def test_two_failures_count() -> None:
    """A server that fails both times is down, and is not asked a third time."""
    with LoopbackServer(say(b"421 Too busy\r\n")) as server:
        assert look(f"smtp://127.0.0.1:{server.port}").state is State.MAJOR_OUTAGE
        assert server.connections == 2


def test_what_several_checks_ask_is_asked_once() -> None:
    """The same address behind two labels makes one connection."""
    with LoopbackServer(say(b"220 Ready\r\n")) as server:
        address = f"smtp://127.0.0.1:{server.port}"
        checks = source_of({"Mail": address, "Web": address}).read(NOW).components["srv3"].checks
        assert {seen.state for seen in checks.values()} == {State.OPERATIONAL}
        assert server.connections == 1


class TestSlowness:
    """Answers that take their time."""

    @staticmethod
    def late(connection: socket.socket) -> None:
        """Answer after a fifth of a second."""
        time.sleep(0.2)
        say(b"220 Ready\r\n")(connection)

    def test_slow_answer_is_degraded(self) -> None:
        """An answer that takes longer than the map's limit is slow, with a higher limit it is not."""
        with LoopbackServer(self.late) as server:
            address = f"smtp://127.0.0.1:{server.port}"
            assert look(address, slow="100ms").state is State.DEGRADED_PERFORMANCE
            assert look(address, slow="2500 ms").state is State.OPERATIONAL

    def test_slow_once_does_not_count(self) -> None:
        """One slow answer followed by a quick one is operational."""
        with LoopbackServer(self.late, say(b"220 Ready\r\n")) as server:
            assert look(f"smtp://127.0.0.1:{server.port}", slow="100ms").state is State.OPERATIONAL


class TestGreetings:
    """Services that speak first."""

    @pytest.mark.parametrize("scheme", GREETINGS)
    def test_right_greeting_is_operational(self, scheme: str) -> None:
        """A service that greets as it should works, and is taken leave of politely."""
        greeting, goodbye = GREETINGS[scheme]
        with LoopbackServer(say(greeting)) as server:
            assert look(f"{scheme}://127.0.0.1:{server.port}").state is State.OPERATIONAL
            deadline = time.monotonic() + 5
            while server.heard != goodbye:
                assert time.monotonic() < deadline, server.heard

    @pytest.mark.parametrize("scheme", REFUSALS)
    def test_wrong_greeting_is_down(self, scheme: str) -> None:
        """A port that is open does not mean that the service works."""
        with LoopbackServer(say(REFUSALS[scheme])) as server:
            assert look(f"{scheme}://127.0.0.1:{server.port}").state is State.MAJOR_OUTAGE

    def test_connection_that_is_closed_at_once_is_down(self) -> None:
        """A service that hangs up says nothing good."""
        with LoopbackServer(lambda connection: None) as server:
            assert look(f"imap://127.0.0.1:{server.port}").state is State.MAJOR_OUTAGE


class TestWeb:
    """HTTP and HTTPS."""

    @pytest.mark.parametrize(
        ("status", "state"),
        [
            (200, State.OPERATIONAL),
            (204, State.OPERATIONAL),
            (304, State.OPERATIONAL),
            (401, State.OPERATIONAL),
            (403, State.OPERATIONAL),
            (429, State.OPERATIONAL),
            (404, State.MAJOR_OUTAGE),
            (410, State.MAJOR_OUTAGE),
            (500, State.MAJOR_OUTAGE),
            (503, State.MAJOR_OUTAGE),
        ],
    )
    def test_status(self, status: int, state: State) -> None:
        """A page and a closed door are answers; an error page and a page that is gone are not."""
        with LoopbackServer(answer(status)) as server:
            assert look(f"http://127.0.0.1:{server.port}/path?q=1").state is state

    def test_request(self) -> None:
        """What is asked for is the address, by its name, and who asks says so."""
        with LoopbackServer(answer(200)) as server:
            look(f"http://localhost:{server.port}/a%20b/ü?q=ä&c=[1]")
            lines = server.heard.decode("ascii").split("\r\n")
            assert lines[0] == "GET /a%20b/%C3%BC?q=%C3%A4&c=%5B1%5D HTTP/1.1"
            assert f"Host: localhost:{server.port}" in lines
            assert "User-Agent: status-plugin (network status probe)" in lines

    def test_redirect_on_the_same_host_is_followed(self) -> None:
        """What counts is the page at the end."""
        with LoopbackServer(answer(302, "Location: /login"), answer(500)) as server:
            assert look(f"http://127.0.0.1:{server.port}/").state is State.MAJOR_OUTAGE
        with LoopbackServer(answer(302, "Location: /login"), answer(200)) as server:
            assert look(f"http://127.0.0.1:{server.port}/").state is State.OPERATIONAL
            assert b"GET /login HTTP/1.1" in server.heard

    def test_redirect_to_another_host_is_an_answer(self) -> None:
        """Another host is never asked, whatever a server says."""
        with LoopbackServer(answer(200)) as other:
            location = f"Location: http://localhost:{other.port}/"
            with LoopbackServer(answer(301, location)) as server:
                assert look(f"http://127.0.0.1:{server.port}/").state is State.OPERATIONAL
            assert other.connections == 0

    def test_redirect_without_end_is_down(self) -> None:
        """A server that sends visitors in circles does not work."""
        with LoopbackServer(answer(302, "Location: /")) as server:
            assert look(f"http://127.0.0.1:{server.port}/").state is State.MAJOR_OUTAGE
            assert server.connections == 2 * (1 + conversations.MOST_REDIRECTS)

    @pytest.mark.parametrize(
        "words", [b"220 Not a web server\r\n", b"\x00\xff" * 100 + b"\r\n", b"HTTP/1.1 abc\r\n\r\n"]
    )
    def test_what_is_not_http_is_down(self, words: bytes) -> None:
        """A web server that says something else than HTTP does not work."""
        with LoopbackServer(say(words)) as server:
            assert look(f"http://127.0.0.1:{server.port}/").state is State.MAJOR_OUTAGE


class TestEncryption:
    """Conversations inside TLS."""

    def test_certificate_that_is_trusted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With a certificate that is valid for its name the service is operational."""
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with LoopbackServer(answer(200), tls=True) as server:
            assert look(f"https://localhost:{server.port}/").state is State.OPERATIONAL
        with LoopbackServer(say(b"* OK ready\r\n"), tls=True) as server:
            assert look(f"imaps://127.0.0.1:{server.port}").state is State.OPERATIONAL

    def test_certificate_that_nobody_trusts_is_down(self) -> None:
        """What visitors' browsers refuse is offline for them."""
        with LoopbackServer(answer(200), tls=True) as server:
            assert look(f"https://localhost:{server.port}/").state is State.MAJOR_OUTAGE

    def test_certificate_for_another_name_is_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A trusted certificate of somebody else is of no use."""
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with LoopbackServer(answer(200), tls=True) as server:
            assert look(f"https://127.0.0.2:{server.port}/").state is State.MAJOR_OUTAGE


class TestTime:
    """A reading ends in time, whatever servers do."""

    @staticmethod
    def drip(*before: bytes) -> Talk:
        """Say something, then a letter at a time, for ever."""

        def talk(connection: socket.socket) -> None:
            connection.sendall(b"".join(before))
            while True:
                connection.sendall(b"x")
                time.sleep(0.02)

        return talk

    @staticmethod
    def silence(connection: socket.socket) -> None:
        """Listen and say nothing."""
        while connection.recv(4096):
            pass

    @pytest.mark.parametrize("scheme", ["smtp", "http", "https"])
    def test_server_that_never_answers(self, scheme: str) -> None:
        """A server that accepts and stays silent is down after two tries."""
        with LoopbackServer(self.silence) as server:
            started = time.monotonic()
            seen = look(f"{scheme}://127.0.0.1:{server.port}", timeout="300ms")
            assert time.monotonic() - started < 2 * 0.3 + MARGIN
        assert seen.state is State.MAJOR_OUTAGE

    @pytest.mark.parametrize(
        ("scheme", "before"), [("smtp", b""), ("http", b""), ("http", b"HTTP/1.1 200 OK\r\nX: ")]
    )
    def test_server_that_drips(self, scheme: str, before: bytes) -> None:
        """A letter now and then does not keep the probe waiting."""
        with LoopbackServer(self.drip(before)) as server:
            started = time.monotonic()
            seen = look(f"{scheme}://127.0.0.1:{server.port}", timeout="300ms")
            assert time.monotonic() - started < 2 * 0.3 + MARGIN
        assert seen.state is State.MAJOR_OUTAGE

    def test_page_without_end_is_an_answer(self) -> None:
        """Only the beginning of a page is waited for."""
        with LoopbackServer(self.drip(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
            assert look(f"http://127.0.0.1:{server.port}").state is State.OPERATIONAL

    def test_server_that_takes_no_connection(self) -> None:
        """A listener that is overrun, so that the system drops all who come, is down."""
        with overrun_listener() as port:
            assert look(f"tcp://127.0.0.1:{port}", timeout="200ms").state is State.MAJOR_OUTAGE

    def test_silent_address_leaves_time_for_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of a host's two addresses the first does not use up the time of the second."""
        with overrun_listener() as silent, LoopbackServer(say()) as server:
            places = [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
                for port in (silent, server.port)
            ]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
            assert look("tcp://www.example.com:80", timeout="2s").state is State.OPERATIONAL

    def test_many_hang_at_the_same_time(self) -> None:
        """All servers are asked at once, not one after the other."""
        with ExitStack() as servers:
            ports = [servers.enter_context(LoopbackServer(self.silence)).port for _ in range(20)]
            started = time.monotonic()
            checks = {f"Check {port}": f"smtp://127.0.0.1:{port}" for port in ports}
            seen = source_of(checks, timeout="200ms", slow="100ms").read(NOW).components["srv3"].checks
            assert time.monotonic() - started < 2 * 0.2 + MARGIN
        assert {observation.state for observation in seen.values()} == {State.MAJOR_OUTAGE}

    def test_name_service_that_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Then nothing is known in time, and threads that wait for it do not pile up."""
        answered = threading.Event()

        def hang(*_: object, **__: object) -> None:
            answered.wait(30)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        monkeypatch.setattr(probe, "MOST_AT_ONCE", 3)
        terms = SourceTerms(timeout=timedelta(seconds=0.01))
        source = source_of({f"Check {n}": f"tcp://host{n}.example.com:80" for n in range(5)}, terms)
        try:
            for _ in range(2):
                started = time.monotonic()
                with pytest.raises(SourceError, match="name service"):
                    source.read(NOW)
                assert time.monotonic() - started < terms.total.total_seconds() + MARGIN
                assert sum(thread.name == "status-probe" for thread in threading.enumerate()) == 3
        finally:
            answered.set()


@pytest.mark.usefixtures("distant_hosts")
class TestOwnNetwork:
    """Failures that may be our own are not called outages."""

    @staticmethod
    def read(**addresses: str) -> dict[str, Observation]:
        """What the probe says of addresses, by label."""
        return dict(source_of(addresses).read(NOW).components["srv3"].checks)

    def test_no_route_anywhere_is_no_reading(self) -> None:
        """When this machine has no network nothing has been measured, and nothing changes."""
        with pytest.raises(SourceError, match="its network or name service fails") as failure:
            self.read(a=f"tcp://{UNROUTED}:80", b=f"smtp://{UNROUTED}:25")
        assert UNROUTED not in str(failure.value)

    def test_no_route_to_one_is_unknown(self) -> None:
        """What could not be asked is unknown, while others are known."""
        seen = self.read(a=f"tcp://{UNROUTED}:80", b=f"tcp://{REFUSING}:80")
        assert {label: seen[label].state for label in "ab"} == {
            "a": State.UNKNOWN,
            "b": State.MAJOR_OUTAGE,
        }
        assert not seen["a"].unreachable

    def test_name_that_is_not_found_is_unknown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without an address the server has not been asked."""
        really = socket.getaddrinfo

        def find(host: str, *rest: Any, **options: Any) -> Any:
            if host == "gone.example.com":
                raise socket.gaierror(socket.EAI_NONAME, "unknown")
            return really(host, *rest, **options)

        monkeypatch.setattr(socket, "getaddrinfo", find)
        seen = self.read(a="tcp://gone.example.com:80", b=f"tcp://{REFUSING}:80")
        assert [seen[label].state for label in "ab"] == [State.UNKNOWN, State.MAJOR_OUTAGE]

    def test_silence_of_all_is_unreachable(self) -> None:
        """When nobody at all is heard, it may well be us: no outage of everything is claimed."""
        with LoopbackServer(say()) as own_website:
            seen = self.read(
                a=f"tcp://{SILENT}:80", b=f"tcp://{UNROUTED}:80", c=f"tcp://127.0.0.1:{own_website.port}"
            )
        assert seen["a"].state is seen["b"].state is State.UNKNOWN
        assert seen["a"].unreachable
        assert seen["c"].state is State.OPERATIONAL

    @pytest.mark.parametrize("is_loopback", [True, False])
    def test_own_address_proves_nothing(self, monkeypatch: pytest.MonkeyPatch, is_loopback: bool) -> None:
        """This machine hears itself, on loopback or at its public address, without any network."""
        if not is_loopback:
            monkeypatch.setattr(conversations, "_is_loopback", lambda place: False)
        with LoopbackServer(say(), host="127.0.0.2" if is_loopback else "127.0.0.1") as own_website:
            seen = self.read(a=f"tcp://{SILENT}:80", b=f"tcp://{own_website.host}:{own_website.port}")
        assert [words.state for words in seen.values()] == [State.UNKNOWN, State.OPERATIONAL]

    def test_silence_of_one_is_down(self) -> None:
        """While others are heard from afar, even by a refusal, a silent server is down."""
        seen = self.read(a=f"tcp://{SILENT}:80", b=f"tcp://{REFUSING}:80")
        assert seen["a"] == Observation(state=State.MAJOR_OUTAGE, fresh_until=NOW + TERMS.max_age)

    def test_silence_of_the_only_host_is_down(self) -> None:
        """Who watches a single server learns when it falls silent."""
        seen = self.read(a=f"tcp://{SILENT}:80", b=f"tcp://{SILENT}:25")
        assert {observation.state for observation in seen.values()} == {State.MAJOR_OUTAGE}

    def test_second_address_of_a_name_counts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A host with several addresses works when one of them does, as for visitors."""
        with LoopbackServer(say()) as server:
            places = [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, server.port))
                for host in (UNROUTED, SILENT, "127.0.0.1")
            ]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
            assert self.read(a="tcp://www.example.com:80")["a"].state is State.OPERATIONAL
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places[:2])
            assert self.read(a="tcp://www.example.com:80")["a"].state is State.MAJOR_OUTAGE


@pytest.mark.parametrize(
    ("text", "host", "port", "authority"),
    [
        ("https://www.example.com/", "www.example.com", 443, "www.example.com"),
        ("HTTP://WWW.Example.com:8080", "www.example.com", 8080, "www.example.com:8080"),
        ("http://[2001:db8::1]/", "2001:db8::1", 80, "[2001:db8::1]"),
        ("tcp://[::1]:53", "::1", 53, "[::1]:53"),
        ("imaps://münchen.example", "xn--mnchen-3ya.example", 993, "xn--mnchen-3ya.example"),
    ],
)
def test_addresses(text: str, host: str, port: int, authority: str) -> None:
    """Names in any letters, numbers of both kinds and usual ports are understood."""
    address = read_address(text)
    assert (address.host, address.port, address.authority) == (host, port, authority)


def test_nothing_to_ask_is_an_empty_reading() -> None:
    """Without a map a probe says nothing and fails at nothing."""
    reading = open_sources("probe:", read_monitor_map(None), TERMS)["probe"].read(NOW)
    assert reading == Reading(written_at=NOW, fresh_until=NOW + TERMS.max_age)


def test_probe_takes_no_address() -> None:
    """What to ask is in the map, because it is private."""
    with pytest.raises(MonitorSettingError, match="nothing behind the colon"):
        open_sources("probe:https://secret.example.com/", read_monitor_map(None), TERMS)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({}, "'host' is missing. Write 'host: tcp://ns1.example.com:53'."),
        ({"checks": {"Web": ""}}, "A check must be a text."),
        ({"checks": {"Web": "secret.example.com"}}, "An address begins with one of tcp, http, https"),
        ({"checks": {"Web": "secret.example.com:80"}}, "An address begins with one of tcp, http, https"),
        ({"checks": {"Web": "gopher://secret"}}, "An address begins with one of tcp, http, https"),
        ({"checks": {"Web": "tcp://secret"}}, "'tcp://' needs a port"),
        ({"checks": {"Web": "tcp://secret:http"}}, "An address is a scheme, '://', a host"),
        ({"checks": {"Web": "tcp://secret:99999"}}, "An address is a scheme, '://', a host"),
        ({"checks": {"Web": "http://[secret/"}}, "An address is a scheme, '://', a host"),
        ({"checks": {"Web": f"http://{'secret' * 20}/"}}, "An address is a scheme, '://', a host"),
        ({"checks": {"Web": "http:///secret"}}, "An address names a host"),
        ({"checks": {"Web": "http://secret/a b"}}, "An address has no blanks"),
        ({"checks": {"Web": "http://secret/\r\nHost: x"}}, "An address has no blanks"),
        ({"checks": {"Web": "http://user:secret@host/"}}, "A probe does not log in"),
        ({"host": "tcp://a:1", "slow": "secret"}, "'slow' must be a length of time"),
        ({"host": "tcp://a:1", "timeout": "4s"}, "'timeout' is longer than STATUS_MONITOR_TIMEOUT"),
        ({"host": "tcp://a:1", "slow": "1min"}, "'slow' is longer than 'timeout'"),
        ({"host": "tcp://a:1", "slows": "1s"}, "Did you mean 'slow'?"),
    ],
)
def test_entry_that_cannot_be_used_is_refused(entry: dict[str, object], complaint: str) -> None:
    """A mistake in the map is named with its place and its remedy, and nothing private is repeated."""
    with pytest.raises(MonitorMapError, match="STATUS_MONITOR_MAP, entry 1: ") as failure:
        open_sources("probe:", read_monitor_map({"srv3": {"probe": entry}}), TERMS)
    assert complaint in str(failure.value)
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize("host", ["2001:db8::a", "2001:db8::1", "fe80::face"])
def test_an_ipv6_address_is_asked_whatever_it_ends_in(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has no name but an address of IPv6 is asked for its page like any other."""
    with LoopbackServer(answer(200)) as server:
        place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", (server.host, server.port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [place])
        assert look(f"http://[{host}]/").state is State.OPERATIONAL
    assert f"Host: [{host}]".encode() in server.heard


@contextmanager
def resetting_listener() -> Iterator[int]:
    """The port of a listener that throws everybody out at once."""

    def throw_out(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=throw_out, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_a_server_that_throws_everybody_out_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is reset before anything is asked of it is an answer: the server does not work."""
    really = conversations.connect

    def connect(*args: Any) -> socket.socket:
        connection = really(*args)
        with suppress(ConnectionResetError):
            connection.recv(1, socket.MSG_PEEK)
        return connection

    monkeypatch.setattr(conversations, "connect", connect)
    with resetting_listener() as port:
        assert look(f"smtp://127.0.0.1:{port}").state is State.MAJOR_OUTAGE


def test_a_question_that_goes_wrong_costs_only_its_own_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault that nobody foresaw makes one check unknown, and all others are asked all the same."""
    really = probe.converse

    def converse(address: Any, **terms: Any) -> Any:
        if address.protocol == "imap":
            raise RuntimeError(f"no idea what {address.host} wants")
        return really(address, **terms)

    monkeypatch.setattr(probe, "converse", converse)
    monkeypatch.setattr(probe, "MOST_AT_ONCE", 1)
    with LoopbackServer(say(b"220 ready\r\n")) as server:
        checks = {f"Mail {n}": f"smtp://127.0.0.1:{server.port}/{n}" for n in range(3)}
        source = source_of({"Box": "imap://127.0.0.1:9", **checks})
        seen = source.read(NOW).components["srv3"].checks
    assert seen.pop("Box").state is State.UNKNOWN
    assert {observation.state for observation in seen.values()} == {State.OPERATIONAL}
    assert "RuntimeError" in caplog.text
    assert "127.0.0.1" not in caplog.text
