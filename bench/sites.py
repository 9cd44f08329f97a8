"""The applications that servers serve: ours in two ways, and the barest that give the same bytes.

BENCH_FOLDER names a folder with the notes in `content/` and the page as it goes out in `page.gz`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response

from status_plugin import StatusPlugin

ADDRESS = "/status/"
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


def ours(*, fast: bool = False) -> Flask:
    """A site with nothing but the status page."""
    site = Flask("bench.sites", root_path=os.environ["BENCH_FOLDER"])
    site.config.from_mapping(STATUS_TIMEZONE="America/New_York", STATUS_FAST_PATH=fast)
    StatusPlugin(site)
    return site


def ours_fast() -> Flask:
    """The same with the fast path."""
    return ours(fast=True)


def bare() -> Flask:
    """A view that returns a constant."""
    page = _page()
    site = Flask("bench.bare", root_path=os.environ["BENCH_FOLDER"])
    site.add_url_rule(ADDRESS, "page", lambda: Response(page, headers=HEADERS))
    return site


def raw(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """A callable that returns a constant."""
    body = _page()
    start_response("200 OK", [*HEADERS.items(), ("Content-Length", str(len(body)))])
    return (body,)


@cache
def _page() -> bytes:
    return Path(os.environ["BENCH_FOLDER"], "page.gz").read_bytes()
