"""Finished answers: each page is rendered and compressed once for an edition, whoever asks for it."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode
from wsgiref.types import WSGIEnvironment

from flask import Flask, request
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.web.answer import Answer, cache_control
from status_plugin.web.edition import Edition
from status_plugin.web.languages import Wish
from status_plugin.web.shelf import Asked, Shelf

log = logging.getLogger(__name__)

NOBODYS_ADDRESS = "192.0.2.1"
"""What a site's hooks see as the visitor's: an address kept for documentation, which no site trusts."""

FOR_ONE = "private, no-cache"
"""What caches are told of an answer that nobody else will ask for."""

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


class FinishedPages:
    """The answers of the present edition and of the one before; those of earlier ones are forgotten."""

    def __init__(self, max_age: timedelta) -> None:
        self._max_age = max_age
        self._guard = threading.Lock()
        self._shelves: list[tuple[Edition, Shelf]] = []

    def respond(
        self,
        app: Flask,
        edition: Edition,
        now: datetime,
        view: Callable[[], BaseResponse],
        parameters: Sequence[str],
        wish: Wish,
    ) -> BaseResponse:
        """The answer to the present request; `view` renders it if this edition has not yet.

        A page is rendered for a visitor of whom nothing is known, so that what is kept for all can
        hold nothing of one. Of the query only `parameters` count and are passed on, and of the
        languages that it likes the one that is the `wish`.
        """
        environ, query = request.environ, _query(parameters, wish)
        answer = self._shelf_of(edition).take(
            _asked(environ, query, wish.mark), lambda: _for_anybody(app, view, query, wish)
        )
        control = cache_control(edition.board.valid_until - now, self._max_age)
        if isinstance(answer, Answer):
            return answer.response(environ, control, app.response_class)
        answer.headers.setdefault("Cache-Control", control)
        return answer

    def respond_once(
        self,
        app: Flask,
        view: Callable[[], BaseResponse],
        parameters: Sequence[str],
        wish: Wish,
    ) -> BaseResponse:
        """The answer to the present request, kept neither here nor by caches on the way.

        It is made for a visitor of whom nothing is known, too.
        """
        response = _for_anybody(app, view, _query(parameters, wish), wish)
        if response.status_code == 200:
            return Answer.of(response).response(request.environ, FOR_ONE, app.response_class)
        response.headers["Cache-Control"] = FOR_ONE
        return response

    def find(self, edition: Edition, environ: WSGIEnvironment, wish: Wish) -> Answer | None:
        """The answer of an edition to a request without a query, None when it is not made yet."""
        return self._shelf_of(edition).find(_asked(environ, {}, wish.mark))

    def _shelf_of(self, edition: Edition) -> Shelf:
        shelf = self._shelf_at_hand(edition)
        return self._new_shelf(edition) if shelf is None else shelf

    def _shelf_at_hand(self, edition: Edition) -> Shelf | None:
        for known, shelf in self._shelves:
            if known is edition:
                return shelf
        return None

    def _new_shelf(self, edition: Edition) -> Shelf:
        with self._guard:
            shelf = self._shelf_at_hand(edition)
            if shelf is None:
                # Who came just before the change still asks for the one before.
                shelf = Shelf()
                self._shelves = [(edition, shelf), *self._shelves[:1]]
            return shelf


def mark_finished(view: Callable[..., BaseResponse], *, translated: bool = False) -> None:
    """Have it known that whatever a view answers is for everybody, or for all who read one language."""
    view.is_finished = True  # type: ignore[attr-defined]
    view.is_translated = translated  # type: ignore[attr-defined]


def is_finished(view: Callable[..., object]) -> bool:
    """Whether what a view answers is for everybody."""
    return bool(getattr(view, "is_finished", False))


def is_translated(view: Callable[..., object]) -> bool:
    """Whether a view answers in each language of the site."""
    return bool(getattr(view, "is_translated", False))


def for_nobody(environ: WSGIEnvironment, query: Mapping[str, str], wish: Wish) -> WSGIEnvironment:
    """The same request by a visitor of whom nothing is known but the language of the answer."""
    kept: WSGIEnvironment = {key: environ[key] for key in _KEPT_OF_A_REQUEST if key in environ}
    kept["REQUEST_METHOD"] = "GET"
    kept["QUERY_STRING"] = urlencode(query)
    kept["REMOTE_ADDR"] = NOBODYS_ADDRESS
    # The site's own layout may be in several languages, too.
    kept["HTTP_ACCEPT_LANGUAGE"] = wish.language.code
    kept["wsgi.input"] = io.BytesIO()
    return kept


def _query(parameters: Sequence[str], wish: Wish) -> dict[str, str]:
    found = {name: request.args[name] for name in parameters if name in request.args} if parameters else {}
    return found | wish.query if wish.is_named else found


def _asked(environ: WSGIEnvironment, query: Mapping[str, str], mark: str) -> Asked:
    """What was asked for, and by which name: complete addresses in an answer begin with that."""
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        mark,
        *query.items(),
    )


def _for_anybody(
    app: Flask, view: Callable[[], BaseResponse], query: Mapping[str, str], wish: Wish
) -> BaseResponse:
    """What `view` answers to the present request without its cookies, credentials and other marks.

    The site's own hooks run first: its layout may need what they prepare.
    """
    with app.app_context(), app.request_context(for_nobody(request.environ, query, wish)):
        try:
            app.preprocess_request()
        except Exception:
            log.warning("A hook of the site failed for an anonymous visitor.", exc_info=True)
        return view()
