"""A finished answer: the bytes of one page in every encoding, with what caches are told about it."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.web.public_response import public_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # it is an extra: pip install status-plugin[br]
    brotli = None

AT_THE_EDGE = 10
"""Seconds for which a cache between may keep an answer without asking."""

WHILE_REVALIDATING = 20
"""Seconds after that for which it may show the answer while it asks."""

BESIDE_THE_BODIES = 2_500
"""About how many bytes of memory an answer takes beside what is sent."""

LONGEST_LIST = 500
"""Characters that are read of what a browser says it accepts: no browser says more, and it is remembered."""

OFFERED = ("br", "gzip", "identity") if brotli else ("gzip", "identity")
"""The encodings of every answer, smallest first."""

_NONE = timedelta()
_SECOND = timedelta(seconds=1)
_LONGEST = timedelta(seconds=AT_THE_EDGE + WHILE_REVALIDATING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoded:
    """One page in one encoding; `headers` are all of a 200 but Cache-Control, `etag` is as sent.

    `kept` is compressed also where the page goes out plain, which few ask for.
    """

    etag: str
    headers: tuple[tuple[str, str], ...]
    kept: bytes
    is_plain: bool

    @classmethod
    def of(
        cls,
        etag: str,
        told: Sequence[tuple[str, str]],
        kept: bytes,
        *,
        encoding: str = "",
        plain_size: int = 0,
    ) -> Encoded:
        """A page in an encoding, or without one the page of a size as it is.

        `told` are its own headers, first that on which it varies.
        """
        etag = f'"{etag}-{encoding}"' if encoding else f'"{etag}"'
        headers = [("ETag", etag), *told]
        headers += [("Content-Encoding", encoding)] if encoding else []
        size = len(kept) if encoding else plain_size
        headers += [("Content-Length", str(size))]
        return cls(etag=etag, headers=tuple(headers), kept=kept, is_plain=not encoding)

    @property
    def body(self) -> bytes:
        """The bytes as they go out."""
        return gzip.decompress(self.kept) if self.is_plain else self.kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One page by encoding; `size` is about how many bytes of memory it takes."""

    encodings: Mapping[str, Encoded]
    size: int

    @classmethod
    def of(cls, page: BaseResponse) -> Answer:
        """The answer that a view has made."""
        body = page.get_data()
        packed = gzip.compress(body, mtime=0)
        etag, _ = page.get_etag()
        etag = etag or sha256(body).hexdigest()[:20]
        told = _told(page)
        encodings = {
            "gzip": Encoded.of(etag, told, packed, encoding="gzip"),
            "identity": Encoded.of(etag, told, packed, plain_size=len(body)),
        }
        size = BESIDE_THE_BODIES + len(packed)
        if brotli:
            smaller = brotli.compress(body, quality=5)
            encodings["br"] = Encoded.of(etag, told, smaller, encoding="br")
            size += len(smaller)
        return cls(encodings=encodings, size=size)

    def best(self, environ: WSGIEnvironment) -> Encoded:
        """The encoding that a request likes best."""
        return self.encodings[best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST_LIST])]

    def response(self, environ: WSGIEnvironment, cache_control: str, kind: type[Response]) -> Response:
        """The answer to one request: the best encoding that it accepts, or that nothing has changed.

        `kind` is the site's own kind of response.
        """
        found = self.best(environ)
        if is_known(found.etag, environ):
            headers = [*unchanged(found), ("Cache-Control", cache_control)]
            return public_response(kind, "304 NOT MODIFIED", headers, b"")
        headers = [*found.headers, ("Cache-Control", cache_control)]
        return public_response(kind, "200 OK", headers, found.body)


def _told(page: BaseResponse) -> list[tuple[str, str]]:
    """What a page's headers say of it in any encoding."""
    varies = ", ".join(["Accept-Encoding", *page.vary])
    names = ("Content-Type", "Content-Language")
    return [("Vary", varies), *((name, page.headers[name]) for name in names if name in page.headers)]


def is_known(etag: str, environ: WSGIEnvironment) -> bool:
    """Whether the asker has what the quoted ETag stands for."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if not known:
        return False
    return known == etag or parse_etags(known).contains_weak(etag.strip('"'))


def unchanged(found: Encoded) -> tuple[tuple[str, str], ...]:
    """The headers of a 304 but Cache-Control."""
    return found.headers[:2]


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """The first of those offered that a browser likes best; who asks for none gets the plain bytes."""
    accept = parse_accept_header(accepted, Accept)
    liked = [name for name in OFFERED if name != "identity" and accept.quality(name) > 0]
    if accept.find("identity") >= 0:
        liked.append("identity")
    return max(liked, key=accept.quality, default="identity")


def cache_control(remaining: timedelta, max_age: timedelta) -> str:
    """How long others may keep an answer: never past the moment at which the clock changes it."""
    left = min(max(remaining, _NONE), _LONGEST + max_age)
    return _cache_control(left // _SECOND, max_age // _SECOND)


@lru_cache(maxsize=1024)
def _cache_control(left: int, max_age: int) -> str:
    edge = min(AT_THE_EDGE, left)
    return (
        f"public, max-age=0, s-maxage={edge}, "
        f"stale-while-revalidate={min(WHILE_REVALIDATING, left - edge)}, "
        f"stale-if-error={min(max_age, left - edge)}"
    )
