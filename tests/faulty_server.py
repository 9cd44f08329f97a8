"""A web server on loopback that answers as a test says, and has every fault that servers have.

`FAULTS` are what a server can do to those who ask; each is switched on by `server.fault = ...` while it
runs. What is no answer at all (no listener, another certificate, no name) has a method or a fixture.
"""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from loopback_server import CERTIFICATE, LoopbackServer

SOMEBODY_ELSE = Path(__file__).parent / "tls" / "somebody-else.pem"
"""A certificate for another name, of an authority that nobody trusts."""

MEBIBYTE = 1024 * 1024
DRIP = 0.05
"""Seconds between two bytes of a server that drips."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client asked; header names in small letters."""

    method: str
    target: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server answers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def head(self, *, length: int | None = None) -> bytes:
        """Its beginning, with the length of the body or another one."""
        lines = [f"HTTP/1.1 {self.status} Whatever", f"Content-Length: {length or len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    def bytes(self) -> bytes:
        """All of it."""
        return self.head() + self.body


Answerer = Callable[[Request], Reply]
Fault = Callable[[socket.socket, Request, Reply], None]
"""Does its worst on a connection, given what was asked and what the right answer would be."""


def json_reply(value: object) -> Reply:
    """A reply in JSON."""
    return Reply(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})


class FaultyServer(LoopbackServer):
    """Answers every request, several on a connection, until it has a fault."""

    def __init__(self, answer: Answerer, *, tls: bool = False) -> None:
        self.answer = answer
        self.fault: Fault | None = None
        self.requests: list[Request] = []
        super().__init__(self._talk, tls=tls)

    def url(self, path: str = "/", *, user: str = "") -> str:
        """Where it is; by the name in its certificate if it has one."""
        scheme, host = ("https", "localhost") if self._tls else ("http", "127.0.0.1")
        return f"{scheme}://{user and user + '@'}{host}:{self.port}{path}"

    def present(self, certificate: Path = CERTIFICATE) -> None:
        """Show another certificate from now on."""
        assert self._tls is not None
        self._tls.load_cert_chain(certificate)

    def _talk(self, connection: socket.socket) -> None:
        while (request := _heard(connection)) is not None:
            self.requests.append(request)
            reply = self.answer(request)
            if self.fault is None:
                connection.sendall(reply.bytes())
            else:
                self.fault(connection, request, reply)
                return


def _heard(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    parts = urlsplit(target)
    return Request(
        method=method,
        target=target,
        path=parts.path,
        query=dict(parse_qsl(parts.query)),
        headers=headers,
        body=body,
    )


def _until_they_hang_up(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def hang(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Say nothing at all."""
    _until_they_hang_up(connection)


def _dripped(connection: socket.socket, data: bytes) -> None:
    for number in range(len(data)):
        connection.sendall(data[number : number + 1])
        time.sleep(DRIP)


def drip_body(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Say the body a byte at a time."""
    connection.sendall(reply.head())
    _dripped(connection, reply.body)


def drip_head(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Say the head a byte at a time."""
    _dripped(connection, reply.bytes())


def drip_after(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Say nearly all at once, and the rest a byte at a time in chunks without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1\r\n \r\n")
        time.sleep(DRIP)


def status(code: int) -> Fault:
    """Answer with a status and a page for people."""

    def answer(connection: socket.socket, request: Request, reply: Reply) -> None:
        page = b"<!DOCTYPE html><title>Something</title><h1>Something</h1>"
        connection.sendall(Reply(body=page, status=code, headers={"Content-Type": "text/html"}).bytes())

    return answer


def body(change: Callable[[bytes], bytes]) -> Fault:
    """Answer with another body, as if all were well."""

    def answer(connection: socket.socket, request: Request, reply: Reply) -> None:
        connection.sendall(Reply(body=change(reply.body), headers=reply.headers).bytes())

    return answer


def raw(data: bytes) -> Fault:
    """Say this instead of an answer and hang up."""

    def answer(connection: socket.socket, request: Request, reply: Reply) -> None:
        connection.sendall(data)

    return answer


def break_off(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Promise the whole body, say half of it and hang up."""
    connection.sendall(reply.head() + reply.body[: len(reply.body) // 2])


def promise_a_gibibyte(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Promise a body of a gibibyte and begin with it."""
    connection.sendall(reply.head(length=1024 * MEBIBYTE) + b"[")
    _until_they_hang_up(connection)


def pour_without_end(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Say more and more, up to a gibibyte, without having said how much it will be."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    for _ in range(1024):
        connection.sendall(b'"' + b"x" * (MEBIBYTE - 3) + b'",')


def bomb(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Say many mebibytes of blanks in some kibibytes."""
    connection.sendall(Reply(body=_bomb(), headers={"Content-Encoding": "gzip"}).bytes())


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * (48 * MEBIBYTE), 1)


def redirect(place: str) -> Fault:
    """Send the client somewhere else."""

    def answer(connection: socket.socket, request: Request, reply: Reply) -> None:
        connection.sendall(Reply(status=302, headers={"Location": place}).bytes())

    return answer


def redirect_in_a_circle(connection: socket.socket, request: Request, reply: Reply) -> None:
    """Send the client to where it is."""
    redirect(request.path)(connection, request, reply)


def _cut_to_half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


FAULTS: dict[str, Fault] = {
    "hangs": hang,
    "drips its body": drip_body,
    "drips its head": drip_head,
    "drips chunks without end": drip_after,
    "401": status(401),
    "403": status(403),
    "404": status(404),
    "429": status(429),
    "500": status(500),
    "502": status(502),
    "204": status(204),
    "web page": body(lambda whole: b"<!DOCTYPE html><title>Please log in</title>"),
    "empty body": body(lambda whole: b""),
    "half the body": body(_cut_to_half),
    "breaks off": break_off,
    "garbage": body(lambda whole: b'{"result": \xff\xfe\x00\x80' + bytes(range(256))),
    "UTF-16": body(lambda whole: whole.decode().encode("utf-16")),
    "a list": body(lambda whole: b"[]"),
    "a word": body(lambda whole: b'"ok"'),
    "other members": body(lambda whole: b'{"something": "else"}'),
    "deep nesting": body(lambda whole: b"[" * 100_000),
    "promises a gibibyte": promise_a_gibibyte,
    "pours without end": pour_without_end,
    "decompresses to mebibytes": bomb,
    "strange compression": raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}"),
    "broken compression": raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
    "redirects in a circle": redirect_in_a_circle,
    "redirects to another host": redirect("http://somebody-else.example/"),
    "hangs up": raw(b""),
    "not HTTP": raw(b"220 mail.example.net ESMTP\r\n"),
    "broken head": raw(b"HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 2\r\n\r\n{}"),
    "broken chunks": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
}
"""What a server can do, each with the words for it."""
