"""The fast path: finished answers go out in front of the application, also when that is what broke."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from status_plugin.web.answer import Answer, cache_control, is_known, unchanged
from status_plugin.web.edition import Edition
from status_plugin.web.finished import FinishedPages, for_nobody, is_finished, is_translated
from status_plugin.web.languages import Languages, Wish
from status_plugin.web.station import Station
from status_plugin.web.stock import Stock

log = logging.getLogger(__name__)

KEPT = 1_500_000
"""Bytes of answers that are kept in front of the application, and as many for the time when it fails."""

_Key = tuple[str, str, str, str, str]
"""How the site was called and what was asked for: scheme, host, mount path, path and language."""

_PAGE, _FAILED = 200, 500

_OURS = {
    "cache-control",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "etag",
    "set-cookie",
    "vary",
}
"""Headers that every answer has of its own, or that are one visitor's alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ready:
    """An answer with the headers that the site adds for a visitor of whom it knows nothing."""

    answer: Answer
    headers: tuple[tuple[str, str], ...]
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """The answers of one edition."""

    edition: Edition | None = None
    ready: Stock[_Key, _Ready] = field(default_factory=lambda: Stock(KEPT))


class FastPath:
    """Around the application: answers what is asked of the plugin's pages without a query.

    The application is asked once for each page and edition, as by a visitor without cookies, so that
    what its hooks add for everybody is kept. If it fails then, the page is made without its hooks;
    if that fails too, the last answer is repeated for `max_age`.
    """

    def __init__(
        self,
        app: Flask,
        behind: WSGIApplication,
        prefix: str,
        station: Station,
        pages: FinishedPages,
        max_age: timedelta,
        languages: Languages,
    ) -> None:
        self._app = app
        self._behind = behind
        self._prefix = f"{prefix}/"
        self._station = station
        self._pages = pages
        self._max_age = max_age
        self._languages = languages
        self._shown = _Shown()
        self._last: Stock[_Key, _Ready] = Stock(KEPT)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The finished answer, or else what the application says."""
        path = environ.get("PATH_INFO", "")
        if (
            not path.startswith(self._prefix)
            or environ.get("QUERY_STRING")
            or environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or "HTTP_AUTHORIZATION" in environ
        ):
            return self._behind(environ, start_response)
        wish = self._languages.wish(environ)
        key = (
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            environ.get("SCRIPT_NAME", ""),
            path,
            wish.mark,
        )
        edition = self._station.edition()
        shown = self._shown
        if shown.edition is not edition:
            shown = self._shown = _Shown(edition=edition)
        ready = shown.ready.find(key) or self._made(key, shown, environ, wish)
        if ready is None:
            return self._behind(environ, start_response)
        remaining = edition.board.valid_until - self._station.now()
        return _sent(ready, cache_control(remaining, self._max_age), environ, start_response)

    def _made(self, key: _Key, shown: _Shown, environ: WSGIEnvironment, wish: Wish) -> _Ready | None:
        """What is made for everybody who asks for the same; None for what is no finished page."""
        view = self._view_of(environ)
        if view is None:
            return None
        anonymous = for_nobody(environ, {}, wish)
        response = self._asked(anonymous)
        if response is not None and response.status_code != _PAGE and response.status_code < _FAILED:
            # It says that there is no such page, or no longer: what was there must not be repeated.
            self._last.forget(key)
            return None
        is_page = response is not None and response.status_code == _PAGE
        headers = _added(response) if response and is_page else self._made_without_hooks(key, anonymous, view)
        edition = self._station.edition()
        wish = wish if is_translated(view.func) else self._languages.own_wish
        answer = self._pages.find(edition, anonymous, wish)
        if headers is None or answer is None:
            return self._repeated(key)
        ready = _Ready(answer=answer, headers=headers, made_at=self._station.now())
        if edition is shown.edition:
            shown.ready.keep(key, ready, answer.size)
        self._last.keep(key, ready, answer.size)
        return ready

    def _view_of(self, environ: WSGIEnvironment) -> partial[object] | None:
        """What makes a page that is for everybody, None for any other address."""
        try:
            endpoint, values = self._app.url_map.bind_to_environ(environ).match(method="GET")
        except HTTPException:
            return None
        view = self._app.view_functions[endpoint]
        return partial(self._app.ensure_sync(view), **values) if is_finished(view) else None

    def _asked(self, environ: WSGIEnvironment) -> Response | None:
        """What the application answers anybody, None when it fails."""
        try:
            return Response.from_app(self._behind, dict(environ), buffered=True)
        except Exception:
            log.warning("The site failed to answer for a page of the status plugin.", exc_info=True)
            return None

    def _made_without_hooks(
        self, key: _Key, environ: WSGIEnvironment, view: Callable[[], object]
    ) -> tuple[tuple[str, str], ...] | None:
        """Have the page made by its view alone; the headers are those that the site added last."""
        try:
            with self._app.request_context(environ):
                view()
        except Exception:
            log.warning("A page of the status plugin could not be made.", exc_info=True)
            return None
        last = self._last.find(key)
        return last.headers if last else ()

    def _repeated(self, key: _Key) -> _Ready | None:
        """The last answer, while what it says is not too old to be repeated."""
        last = self._last.find(key)
        if last is None or not last.made_at <= self._station.now() < last.made_at + self._max_age:
            return None
        return last


def _added(response: Response) -> tuple[tuple[str, str], ...]:
    """The headers that the application adds to a page."""
    return tuple((name, value) for name, value in response.headers if name.lower() not in _OURS)


def _sent(
    ready: _Ready, control: str, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    found = ready.answer.best(environ)
    if is_known(found.etag, environ):
        start_response("304 NOT MODIFIED", [*unchanged(found), ("Cache-Control", control), *ready.headers])
        return ()
    start_response("200 OK", [*found.headers, ("Cache-Control", control), *ready.headers])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (found.body,)
