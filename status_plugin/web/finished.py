"""Finished answers: each page is rendered and compressed once for an edition, whoever asks for it."""

from __future__ import annotations

import gzip
import io
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.web.edition import Edition

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # it is an extra: pip install status-plugin[br]
    brotli = None

log = logging.getLogger(__name__)

KEPT = 256
"""How many answers are kept of one edition; an archive has many pages and a site may have many names."""

AT_THE_EDGE = timedelta(seconds=10)
WHILE_REVALIDATING = timedelta(seconds=20)

_KEPT_OF_A_REQUEST = (
    "HTTP_HOST",
    "PATH_INFO",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "wsgi.errors",
    "wsgi.multiprocess",
    "wsgi.multithread",
    "wsgi.run_once",
    "wsgi.url_scheme",
    "wsgi.version",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One page's bytes by encoding, smallest first; `etag` stays while the content does."""

    etag: str
    content_type: str
    bodies: Mapping[str, bytes]

    def response(self, asked: Request, cache_control: str) -> Response:
        """The answer to one request: the best encoding that it accepts, or that nothing has changed."""
        encoding = best_encoding(asked.environ.get("HTTP_ACCEPT_ENCODING", ""), tuple(self.bodies))
        etag = self.etag if encoding == "identity" else f"{self.etag}-{encoding}"
        headers = {"ETag": f'"{etag}"', "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
        if "HTTP_IF_NONE_MATCH" in asked.environ and asked.if_none_match.contains(etag):
            return Response(status=304, headers=headers)
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        return Response(self.bodies[encoding], headers=headers, content_type=self.content_type)


class FinishedPages:
    """The answers of the present edition; those of an earlier one are forgotten."""

    def __init__(self, max_age: timedelta) -> None:
        self._max_age = max_age
        self._edition: Edition | None = None
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._guard = threading.Lock()

    def respond(
        self, app: Flask, edition: Edition, now: datetime, view: Callable[[], BaseResponse]
    ) -> BaseResponse:
        """The answer to the present request; `view` renders it if this edition has not yet.

        A page is rendered for a visitor of whom nothing is known, so that what is kept for all can
        hold nothing of one. What is no page (a redirect) is not kept.
        """
        key = _asked_for(request)
        with self._guard:
            if self._edition is not edition:
                self._edition = edition
                self._answers.clear()
            answer = self._answers.get(key)
            if answer is None:
                page = _for_anybody(app, view)
                if page.status_code != 200:
                    return page
                answer = self._answers[key] = _finished(page)
            self._answers.move_to_end(key)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return answer.response(request, cache_control(edition.board.valid_until - now, self._max_age))


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


def _asked_for(asked: Request) -> tuple[str, ...]:
    """What makes one answer differ from another: by which name the site was called, and which page."""
    environ = asked.environ
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        asked.args.get("page", "") if environ.get("QUERY_STRING") else "",
    )


def _finished(page: BaseResponse) -> Answer:
    body = page.get_data()
    bodies = {"gzip": gzip.compress(body, mtime=0), "identity": body}
    if brotli is not None:
        bodies = {"br": brotli.compress(body, quality=5)} | bodies
    etag, _ = page.get_etag()
    return Answer(
        etag=etag or sha256(body).hexdigest()[:20],
        content_type=page.headers["Content-Type"],
        bodies=bodies,
    )


def _for_anybody(app: Flask, view: Callable[[], BaseResponse]) -> BaseResponse:
    """What `view` answers to the present request without its cookies, credentials and other marks.

    The site's own hooks run first: its layout may need what they prepare.
    """
    environ: dict[str, Any] = {
        key: request.environ[key] for key in _KEPT_OF_A_REQUEST if key in request.environ
    }
    environ["REQUEST_METHOD"] = "GET"
    environ["QUERY_STRING"] = urlencode({"page": request.args["page"]}) if "page" in request.args else ""
    environ["REMOTE_ADDR"] = "127.0.0.1"
    environ["wsgi.input"] = io.BytesIO()
    with app.app_context(), app.request_context(environ):
        try:
            app.preprocess_request()
        except Exception:
            log.warning("A hook of the site failed for an anonymous visitor.", exc_info=True)
        return view()
