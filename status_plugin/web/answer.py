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
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as BaseResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # it is an extra: pip install status-plugin[br]
    brotli = None

AT_THE_EDGE = timedelta(seconds=10)
WHILE_REVALIDATING = timedelta(seconds=20)


class PublicResponse(Response):
    """An answer for everybody, unless a cookie goes out with it.

    The site's last hook may set one, and Flask writes that of a session even after that: so it is
    decided when the headers go out.
    """

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers as they go out."""
        headers = super().get_wsgi_headers(environ)
        if "Set-Cookie" in headers:
            headers["Cache-Control"] = "private, no-store"
        return headers


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One page's bytes by encoding, smallest first; `etag` stays while the content does."""

    etag: str
    content_type: str
    bodies: Mapping[str, bytes]

    @classmethod
    def of(cls, page: BaseResponse) -> Answer:
        """The answer that a view has made."""
        body = page.get_data()
        bodies = {"gzip": gzip.compress(body, mtime=0), "identity": body}
        if brotli is not None:
            bodies = {"br": brotli.compress(body, quality=5)} | bodies
        etag, _ = page.get_etag()
        return cls(
            etag=etag or sha256(body).hexdigest()[:20],
            content_type=page.headers["Content-Type"],
            bodies=bodies,
        )

    def response(self, asked: Request, cache_control: str) -> Response:
        """The answer to one request: the best encoding that it accepts, or that nothing has changed."""
        encoding = best_encoding(asked.environ.get("HTTP_ACCEPT_ENCODING", ""), tuple(self.bodies))
        etag = self.etag if encoding == "identity" else f"{self.etag}-{encoding}"
        headers = {"ETag": f'"{etag}"', "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
        if "HTTP_IF_NONE_MATCH" in asked.environ and asked.if_none_match.contains_weak(etag):
            return PublicResponse(status=304, headers=headers)
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        return PublicResponse(self.bodies[encoding], headers=headers, content_type=self.content_type)


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
    left = max(timedelta(), remaining)
    edge = min(AT_THE_EDGE, left)
    behind = min(WHILE_REVALIDATING, left - edge)
    after_error = min(max_age, left - edge)
    return (
        f"public, max-age=0, s-maxage={int(edge.total_seconds())}, "
        f"stale-while-revalidate={int(behind.total_seconds())}, "
        f"stale-if-error={int(after_error.total_seconds())}"
    )
