"""A finished answer: the bytes of one page in every encoding, with what caches are told about it."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.wrappers import Response as BaseResponse

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


_NONE = timedelta()
_SECOND = timedelta(seconds=1)
_LONGEST = timedelta(seconds=AT_THE_EDGE + WHILE_REVALIDATING)


class PublicResponse(Response):
    """An answer for everybody, unless a cookie goes out with it.

    The site's last hook may set one, and Flask writes that of a session even after that: so it is
    decided when the headers go out.
    """

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers as they go out; those of an answer from the shelf are whole already."""
        is_whole = "Content-Length" in self.headers and "Location" not in self.headers
        headers = self.headers if is_whole else super().get_wsgi_headers(environ)
        if "Set-Cookie" in headers:
            headers["Cache-Control"] = "private, no-store"
        return headers


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoded:
    """One page's bytes in one encoding; `headers` are all of a 200 but Cache-Control, `etag` is as sent."""

    etag: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One page by encoding, smallest first."""

    encodings: Mapping[str, Encoded]

    @classmethod
    def of(cls, page: BaseResponse) -> Answer:
        """The answer that a view has made."""
        body = page.get_data()
        bodies = {"gzip": gzip.compress(body, mtime=0), "identity": body}
        if brotli is not None:
            bodies = {"br": brotli.compress(body, quality=5)} | bodies
        etag, _ = page.get_etag()
        etag = etag or sha256(body).hexdigest()[:20]
        return cls(
            encodings={
                encoding: _encoded(encoding, etag, page.headers["Content-Type"], body)
                for encoding, body in bodies.items()
            }
        )

    def best(self, environ: WSGIEnvironment) -> Encoded:
        """The encoding that a request likes best."""
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        return self.encodings[best_encoding(accepted, tuple(self.encodings))]

    def response(self, environ: WSGIEnvironment, cache_control: str) -> Response:
        """The answer to one request: the best encoding that it accepts, or that nothing has changed."""
        found = self.best(environ)
        if is_known(found.etag, environ):
            return PublicResponse(status=304, headers=[*unchanged(found), ("Cache-Control", cache_control)])
        headers = Headers([*found.headers, ("Cache-Control", cache_control)])
        return PublicResponse([found.body], headers=headers)


def _encoded(encoding: str, etag: str, content_type: str, body: bytes) -> Encoded:
    etag = f'"{etag}"' if encoding == "identity" else f'"{etag}-{encoding}"'
    headers = [("ETag", etag), ("Vary", "Accept-Encoding")]
    headers += [] if encoding == "identity" else [("Content-Encoding", encoding)]
    headers += [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    return Encoded(etag=etag, body=body, headers=tuple(headers))


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
def best_encoding(accepted: str, offered: tuple[str, ...]) -> str:
    """The first of those that a browser likes best; who asks for none gets the plain bytes."""
    accept = parse_accept_header(accepted, Accept)
    liked = [name for name in offered if name != "identity" and accept.quality(name) > 0]
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
