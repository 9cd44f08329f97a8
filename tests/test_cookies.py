"""An answer that sets a cookie is one visitor's, and no cache on the way keeps it for another."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, Response, session
from flask.testing import FlaskClient
from mounted_site import INCIDENT, mounted_site

from status_plugin.web.assets import ASSETS

ADDRESSES = ("/", "/board.json", "/incidents/down/", f"/static/status.css?v={ASSETS['status.css'].version}")
PRIVATE = "private, no-store"


def token_in_a_hook(app: Flask) -> None:
    """The site gives every visitor a token before it answers."""
    app.before_request(lambda: session.setdefault("csrf", secrets.token_hex(4)) and None)


def permanent_session(app: Flask) -> None:
    """The site's sessions last, and Flask renews their cookie with each answer."""
    app.permanent_session_lifetime = timedelta(days=1)

    @app.before_request
    def last() -> None:
        session.permanent = True
        session["seen"] = True


def cookie_after_the_answer(app: Flask) -> None:
    """The site sets a cookie of its own when the answer is there."""

    @app.after_request
    def mark(response: Response) -> Response:
        response.set_cookie("visitor", secrets.token_hex(4))
        return response


def visitor(root: Path, touch: Callable[[Flask], None] | None = None) -> FlaskClient:
    """A visitor of a site with an incident."""
    site = mounted_site(root, SECRET_KEY="x")
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(1)
    if touch:
        touch(site.app)
    return site.client


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("touch", [token_in_a_hook, permanent_session, cookie_after_the_answer])
def test_an_answer_with_a_cookie_is_private(
    touch: Callable[[Flask], None], address: str, tmp_path: Path
) -> None:
    """Nobody gets another visitor's cookie out of a cache, with the first answer or a later one."""
    client = visitor(tmp_path, touch)
    first = client.get(f"/status{address}")
    assert first.headers["Set-Cookie"]
    assert first.headers.getlist("Cache-Control") == [PRIVATE]
    if touch is not token_in_a_hook:
        again = client.get(f"/status{address}", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.headers["Set-Cookie"]
        assert again.headers.getlist("Cache-Control") == [PRIVATE]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_without_a_cookie_is_public(address: str, tmp_path: Path) -> None:
    """A visitor who has the cookie already gets what everybody gets."""
    client = visitor(tmp_path, token_in_a_hook)
    client.get("/")
    answer = client.get(f"/status{address}")
    assert "Set-Cookie" not in answer.headers
    assert "public" in answer.headers["Cache-Control"]
