"""The status page through Flask, beside a bare Flask view that returns the same bytes."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response
from werkzeug.test import create_environ, run_wsgi_app

from bench.fresh_site import site_in
from bench.notes import write_notes
from bench.rounds import Comparison, compare
from status_plugin import StatusPlugin

ADDRESS = "/status/"


class Visitor:
    """Asks an app for one address again and again, without a server between them."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._request = create_environ(ADDRESS, headers={"Accept-Encoding": "gzip, deflate, br"})

    def visit(self) -> bytes:
        """The body of one answer, which must be a good one."""
        body, status, _ = run_wsgi_app(self._app, dict(self._request), buffered=True)
        if status != "200 OK":
            raise RuntimeError(f"{ADDRESS} answers {status}")
        return b"".join(body)


def compare_page(notes: int) -> Comparison:
    """What one visit costs while nothing changes, with so many notes in the folder."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        write_notes(content, notes, newest=datetime.now(UTC))
        site = site_in(folder, "page")
        site.config.from_mapping(STATUS_CONTENT=content, STATUS_TIMEZONE="America/New_York")
        StatusPlugin(site)
        ours = Visitor(site)
        page = ours.visit()
        bare = Flask("bench.bare", root_path=folder)
        bare.add_url_rule(ADDRESS, "page", lambda: Response(page, mimetype="text/html"))
        return compare(ours.visit, Visitor(bare).visit)
