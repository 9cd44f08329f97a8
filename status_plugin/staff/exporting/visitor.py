"""The visitor who is sent through the site to fetch every page: nobody in particular."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote, urlsplit
from wsgiref.types import WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from status_plugin.staff.exporting.problem import ExportError
from status_plugin.web.finished import NOBODYS_ADDRESS
from status_plugin.web.language import Language
from status_plugin.web.state import EXTENSION_KEY, PluginState


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """An answer: what it is, and its bytes."""

    status: str
    media_type: str
    location: str
    body: bytes


class Visitor:
    """Asks one application, called by the name that visitors know: `site`, "https://www.example.com".

    It understands the site's own `language` alone.
    """

    def __init__(self, app: Flask, site: str) -> None:
        builder = EnvironBuilder(base_url=f"{site}/")
        self.language = language_of(app)
        self._environ = builder.get_environ() | {
            "REMOTE_ADDR": NOBODYS_ADDRESS,
            "HTTP_ACCEPT_LANGUAGE": self.language.code,
        }
        builder.close()
        self._whole: WSGIApplication = app
        # What stands in front of the application may answer with pages that it has kept.
        self._inner: WSGIApplication = partial(Flask.wsgi_app, app)

    def page(self, address: str, status: int = 200) -> Fetched:
        """A page of the plugin, by its path below the mount path of the application; ExportError for none."""
        answer = _fetch(self._inner, self._environ, address)
        if answer.status[:3] != str(status):
            onward = f" and leads to {answer.location}" if answer.location else ""
            raise ExportError(
                f"At {address} the site answers {answer.status}{onward}. The copy is as it was."
            )
        return answer

    def file(self, address: str) -> Fetched | None:
        """What the site has at an address of its own for everybody; None if nothing."""
        answer = _fetch(self._whole, self._environ, address)
        return answer if answer.status.startswith("200") else None


def _fetch(app: WSGIApplication, environ: WSGIEnvironment, address: str) -> Fetched:
    parts = urlsplit(address)
    # WSGI hands paths over as bytes in the shape of Latin-1 text.
    path = unquote(parts.path).encode().decode("latin-1")
    asked = environ | {"PATH_INFO": path, "QUERY_STRING": parts.query, "wsgi.input": io.BytesIO()}
    body, status, headers = run_wsgi_app(app, asked, buffered=True)
    return Fetched(
        status=status,
        media_type=headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        location=headers.get("Location", ""),
        body=b"".join(body),
    )


def language_of(app: Flask) -> Language:
    """The language of a site."""
    state: PluginState = app.extensions[EXTENSION_KEY]
    return state.languages.site
