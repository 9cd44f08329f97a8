"""Answers that the site's hooks leave alone go out as they came; for hooks they are ordinary responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.test import TestResponse

from status_plugin.web.public_response import HeaderList, public_response

HEADERS: HeaderList = [
    ("ETag", '"abc-gzip"'),
    ("Vary", "Accept-Encoding"),
    ("Content-Encoding", "gzip"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Length", "5"),
    ("Cache-Control", "public, max-age=0"),
]
BODY = b"bytes"

Hook = Callable[[Response], Response | None]


class OwnResponse(Response):
    """A site's own kind of response, which adds a header to whatever is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers["X-Site"] = "1"


def unavailable(response: Response) -> None:
    """Set a status without having read one."""
    response.status_code = 503


def empty(response: Response) -> None:
    """Set a status that has no body."""
    response.status_code = 204


def another_body(response: Response) -> None:
    """Set the body."""
    del response.headers["Content-Encoding"]
    response.set_data("Hello")
    response.data += b" all"


def another_iterable(response: Response) -> None:
    """Set the body as an iterable."""
    response.response = iter([b"by", b"tes"])


def more_headers(response: Response) -> None:
    """Set a header, and replace one."""
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Vary"] = "Accept-Encoding, Cookie"


def replaced_headers(response: Response) -> None:
    """Set all headers."""
    response.headers = type(response.headers)({"Content-Type": "text/plain"})


def vary(response: Response) -> None:
    """Add by a property of Werkzeug's."""
    response.vary.add("Cookie")
    response.cache_control.max_age = 5


def location(response: Response) -> None:
    """Set an address that Werkzeug corrects."""
    response.headers["Location"] = "/ü"


def reading(response: Response) -> None:
    """Read everything and change nothing."""
    assert response.status == "200 OK"
    assert response.get_data() == BODY
    assert response.mimetype == "text/html"
    assert response.content_length == 5
    assert repr(response) == f"<{type(response).__name__} 5 bytes [200 OK]>"
    assert not hasattr(response, "nothing")


HOOKS: list[Hook] = [
    unavailable,
    empty,
    another_body,
    another_iterable,
    more_headers,
    replaced_headers,
    vary,
    location,
    reading,
]


def visit(view: Callable[[], Response], hook: Hook | None, method: str = "GET") -> TestResponse:
    """The answer of a site with such a view and hook."""
    app = Flask("visited")
    app.add_url_rule("/", "page", view)
    if hook is not None:
        app.after_request(lambda response: hook(response) or response)
    return app.test_client().open("/", method=method)


def told(answer: TestResponse) -> tuple[str, bytes, set[tuple[str, str]]]:
    """Everything that goes out; the order of headers means nothing."""
    return answer.status, answer.data, set(answer.headers)


def ordinary() -> Response:
    """What Flask would make of the same."""
    return Response([BODY], headers=HEADERS)


def ours(kind: type[Response] = Response) -> Response:
    """What we make of it."""
    return public_response(kind, "200 OK", list(HEADERS), BODY)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("hook", [None, *HOOKS])
def test_a_hook_meets_an_ordinary_response(hook: Hook | None, method: str) -> None:
    """Whatever a hook of the site reads or changes, the visitor gets what Flask's response would give."""
    assert told(visit(ours, hook, method)) == told(visit(ordinary, hook, method))


def test_an_answer_that_is_known_has_no_body() -> None:
    """A 304 goes out with its headers and nothing else, whether a hook looks at it or not."""

    def view() -> Response:
        return public_response(Response, "304 NOT MODIFIED", HEADERS[:2], b"")

    for hook in (None, more_headers):
        answer = visit(view, hook)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == '"abc-gzip"'
        assert "Content-Type" not in answer.headers


def test_what_waits_for_the_end_happens() -> None:
    """A hook may have something done when the answer has gone out."""
    done: list[str] = []

    def wait(response: Response) -> None:
        response.call_on_close(lambda: done.append("closed"))

    with visit(ours, wait) as answer:
        assert answer.data == BODY
    assert done == ["closed"]


def test_nothing_is_made_for_nobody() -> None:
    """While no hook looks at it Flask's part of the response is not there; it is when one does."""
    app = Flask("untouched")
    sent: list[Any] = []

    def start(status: str, headers: HeaderList, *_: Any) -> Callable[[bytes], object]:
        sent.append((status, headers))
        return sent.append

    def out(response: Response) -> tuple[Iterable[bytes], set[str]]:
        with app.test_request_context() as context:
            return response(context.request.environ, start), set(vars(response))

    untouched, touched = ours(), ours()
    touched.headers["X-Frame-Options"] = "DENY"
    assert out(untouched) == ((BODY,), {"_finished"})
    assert sent == [("200 OK", HEADERS)]
    assert "headers" in out(touched)[1]


@pytest.mark.parametrize("kind", [Response, OwnResponse])
def test_an_answer_with_a_cookie_is_private(kind: type[Response]) -> None:
    """Also where the site has its own kind of response, no cache keeps an answer with a cookie."""

    app = Flask("own")
    app.response_class = kind
    app.add_url_rule("/", "page", lambda: ours(kind))

    @app.after_request
    def cookie(response: Response) -> Response:
        if "visitor" in request.args:
            response.set_cookie("visitor", "1")
        return response

    public, answer = app.test_client().get("/"), app.test_client().get("/?visitor")
    assert public.headers["Cache-Control"] == "public, max-age=0"
    assert answer.headers.getlist("Cache-Control") == ["private, no-store"]
    for found in (public, answer):
        assert found.headers.get("X-Site") == (None if kind is Response else "1")
        assert found.data == BODY
