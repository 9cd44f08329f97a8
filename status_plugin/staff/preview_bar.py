"""The bar of a preview: each page says that it is one, of which moment, and that it is not public."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from markupsafe import Markup

from status_plugin.web.state import PluginState
from status_plugin.web.times import Times

VERSION = "X-Preview-Version"
"""The header that changes when the page under the bar does."""

_NOT_ASKED = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
_NOT_TOLD = ("content-length", "etag", "cache-control", "content-security-policy", VERSION.lower())
"""A site's policy forbids the bar's own style; what is under it is the site's, as ever."""

_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_TITLE = re.compile(rb"<title\b[^>]*>", re.IGNORECASE)

_STYLE = Markup(
    "<style>"
    "#status-preview{background:#7a1fa2;color:#fff;font:600 1rem/1.4 system-ui,sans-serif;margin:0;"
    "padding:.5rem 1rem;position:sticky;top:0;text-align:center;z-index:2147483647}"
    "html{scroll-padding-top:4.5rem}"
    "@media print{#status-preview{border:2px solid;color:#000;position:static}}"
    "</style>"
)
_BAR = Markup('{}<div id="status-preview" role="note">{}</div>')
_RELOAD = Markup(
    "<script>setInterval(function(){{fetch(location.href,{{cache:'no-store'}}).then(function(answer){{"
    "var version=answer.headers.get('{}');if(version&&version!=='{}')location.reload();}})"
    ".catch(function(){{}});}},2000);</script>"
)


def put_bar(app: Flask, state: PluginState, *, drafts: bool, reloads: bool) -> None:
    """Have every page of the application in this process carry the bar; served ones reload by themselves."""

    def sentence() -> str:
        now = state.station.now()
        moment = Times(zone=state.settings.timezone, now=now).full(now)
        shown = ", with drafts and what is not announced yet" if drafts else ""
        return f"Preview of {moment}{shown}. This is not public."

    app.wsgi_app = PreviewBar(app.wsgi_app, sentence, reloads=reloads)  # type: ignore[method-assign]


class PreviewBar:
    """Around the application: puts the bar on every page, and lets no browser keep it."""

    def __init__(self, app: WSGIApplication, sentence: Callable[[], str], *, reloads: bool) -> None:
        self._app = app
        self._sentence = sentence
        self._reloads = reloads

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, with the bar if it is a page."""
        asked = {name: value for name, value in environ.items() if name not in _NOT_ASKED}
        begun: list[tuple[str, list[tuple[str, str]], Any]] = []

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            begun.append((status, headers, exc_info))
            return lambda _: None

        answer = self._app(asked, start)
        try:
            body = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()
        status, headers, exc_info = begun[-1]
        if not _is_page(headers):
            start_response(status, headers, exc_info)
            return [body]
        kept = [(name, value) for name, value in headers if name.lower() not in _NOT_TOLD]
        version = sha256(body).hexdigest()[:16]
        if body:
            body = self._with_bar(body, version)
        told = [("Content-Length", str(len(body))), ("Cache-Control", "no-store"), (VERSION, version)]
        start_response(status, [*kept, *told], exc_info)
        return [body]

    def _with_bar(self, page: bytes, version: str) -> bytes:
        reload = _RELOAD.format(VERSION, version) if self._reloads else Markup("")
        bar = f"{_BAR.format(_STYLE, self._sentence())}{reload}".encode()
        page = _TITLE.sub(lambda found: found[0] + b"Preview: ", page, count=1)
        place = _BODY.search(page)
        at = place.end() if place else 0
        return page[:at] + bar + page[at:]


def _is_page(headers: Iterable[tuple[str, str]]) -> bool:
    return any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)
