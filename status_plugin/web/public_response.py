"""What a view returns when its answer is finished: one for everybody, unless a cookie goes out with it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Response
from werkzeug.datastructures import Headers

HeaderList = list[tuple[str, str]]


class _Guarded(Response):
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


class _Untouched(_Guarded):
    """The same, and Flask's part of it is made only for those of the site's hooks that look at it.

    Whatever is read of it or set on it makes it an ordinary response first. One that nobody touched
    goes out as it came, which saves a third of what a visit costs.
    """

    _finished: tuple[str, HeaderList, bytes] | None

    def __init__(self, status: str, headers: HeaderList, body: bytes) -> None:
        self.__dict__["_finished"] = (status, headers, body)

    def __getattr__(self, name: str) -> Any:
        """What is not there before it is an ordinary response."""
        if self.__dict__.get("_finished") is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self._open()
        return getattr(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Set what then is an ordinary response's."""
        self._open()
        super().__setattr__(name, value)

    def get_wsgi_response(self, environ: WSGIEnvironment) -> tuple[Iterable[bytes], str, HeaderList]:
        """Body, status and headers as they go out."""
        if self._finished is None:
            return super().get_wsgi_response(environ)
        status, headers, body = self._finished
        return (body,) if body and environ["REQUEST_METHOD"] != "HEAD" else (), status, headers

    def _open(self) -> None:
        finished = self._finished
        if finished is not None:
            self.__dict__["_finished"] = None
            status, headers, body = finished
            super().__init__([body] if body else [], status=status, headers=Headers(headers))


def public_response(kind: type[Response], status: str, headers: HeaderList, body: bytes) -> Response:
    """The answer as a response of the site's own kind."""
    if kind is Response:
        return _Untouched(status, headers, body)
    # mypy takes the hash of a class for that of its instances.
    guarded = _guarded(kind)  # type: ignore[arg-type]
    return guarded([body] if body else [], status=status, headers=Headers(headers))


@lru_cache
def _guarded(kind: type[Response]) -> type[Response]:
    return type(kind.__name__, (_Guarded, kind), {})
