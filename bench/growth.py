"""What it costs to make a page with many notes in the folder, beside the same page with a few."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from bench.notes import write_notes
from bench.rounds import Comparison, compare
from status_plugin import StatusPlugin

FEW = 1_000
MANY = 30_000
LATE_PAGE = 200


class Maker:
    """A site that makes a page anew for every visit: each visitor calls it by another name."""

    def __init__(self, folder: Path, notes: int) -> None:
        write_notes(folder / "content", notes, newest=datetime.now(UTC))
        self._site = Flask("bench.growth", root_path=str(folder))
        self._site.config.from_mapping(STATUS_TIMEZONE="America/New_York")
        StatusPlugin(self._site)
        self._names = count()
        self.incident = f"/status/incidents/{max((folder / 'content' / 'incidents').glob('*.md')).stem}/"
        # One note in four is no incident, and twenty are on a page.
        self.late_page = f"/status/incidents/?page={min(LATE_PAGE, notes * 3 // 4 // 20)}"

    def make(self, address: str) -> None:
        """Render and compress a page; RuntimeError if it is not a good one."""
        name = f"http://name{next(self._names)}.example.com/"
        _, status, _ = run_wsgi_app(self._site, create_environ(address, name), buffered=True)
        if status != "200 OK":
            raise RuntimeError(f"{address} answers {status}")


def compare_growth() -> Iterator[tuple[str, Comparison]]:
    """Each kind of page with what it costs among many notes and among a few."""
    with ExitStack() as stack:
        many, few = (
            Maker(Path(stack.enter_context(tempfile.TemporaryDirectory())), notes) for notes in (MANY, FEW)
        )
        addresses: dict[str, Callable[[Maker], str]] = {
            "the page": lambda _: "/status/",
            "an incident": lambda maker: maker.incident,
            "a feed": lambda _: "/status/feed.atom",
            f"page {LATE_PAGE} of the archive": lambda maker: maker.late_page,
        }
        for what, address in addresses.items():
            yield what, compare(_making(many, address(many)), _making(few, address(few)))


def _making(maker: Maker, address: str) -> Callable[[], None]:
    return lambda: maker.make(address)
