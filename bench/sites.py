"""The applications that servers serve: ours in two ways, and the barest that give the same bytes.

BENCH_FOLDER names a folder with the notes in `content/` and the page as it goes out in `page.gz`. Further
settings of ours are in `settings.json`, if it is there.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, template_rendered
from jinja2 import Template

from bench.fresh_site import site_in
from status_plugin import StatusPlugin

ADDRESS = "/status/"
RENDERED = "/bench/rendered"
MEMORY = "/bench/memory"
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


def ours(*, fast: bool = False) -> Flask:
    """A site with nothing but the status page."""
    site = site_in(os.environ["BENCH_FOLDER"], "sites")
    site.config.from_mapping(STATUS_TIMEZONE="America/New_York", STATUS_FAST_PATH=fast)
    site.config.from_file(Path(site.root_path, "settings.json"), load=json.load, silent=True)
    StatusPlugin(site)
    return site


def watched() -> Flask:
    """The same, and it tells how often the page was rendered and how much memory its worker has."""
    site = ours()
    rendered = 0

    @template_rendered.connect_via(site)
    def count(_: Flask, template: Template, **__: object) -> None:
        nonlocal rendered
        rendered += template.name == "status/page.html"

    # The signal holds its receivers weakly.
    site.extensions["bench.count"] = count
    site.add_url_rule(RENDERED, "rendered", lambda: f"{rendered}")
    site.add_url_rule(MEMORY, "memory", lambda: f"{_resident()}")
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


def _resident() -> int:
    """Bytes of memory that the process has."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0


@cache
def _page() -> bytes:
    return Path(os.environ["BENCH_FOLDER"], "page.gz").read_bytes()
