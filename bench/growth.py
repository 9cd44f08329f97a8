"""What it costs to make a page with many notes in the folder, beside the same page with a few."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from werkzeug.test import create_environ, run_wsgi_app

from bench.fresh_site import site_in
from bench.notes import TEN_YEARS, write_notes
from bench.rounds import Comparison, compare
from status_plugin import StatusPlugin

FEW = 1_000
MANY = 30_000
LATE_PAGE = 200


class Maker:
    """A site that makes a page anew for every visit: each visitor calls it by another name."""

    def __init__(self, folder: Path, notes: int) -> None:
        # The page shows the last 90 days, in which there are as many notes whatever there are before.
        write_notes(folder / "content", notes, newest=datetime.now(UTC), over=TEN_YEARS * notes / MANY)
        self._said = folder / "said.json"
        self._site = site_in(folder, "growth")
        self._site.config.from_mapping(
            STATUS_TIMEZONE="America/New_York",
            STATUS_MONITOR=f"json:{self._said}",
            STATUS_MONITOR_MAP={"srv1": {"json": {"host": "srv1", "checks": {"Web": "web"}}}},
            STATUS_MONITOR_TTL=3600,
            STATUS_MONITOR_MAX_AGE=3600,
        )
        self._hear()
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

    def make_after_a_word(self, address: str) -> None:
        """The same, after monitoring was asked again and said what it had said before."""
        self._hear()
        self._site.extensions["status_plugin"].station.renew(anew=True)
        self.make(address)

    def _hear(self) -> None:
        fine = {"state": "operational", "checks": {"web": {"state": "operational"}}}
        told = {"written_at": datetime.now(UTC).isoformat(), "components": {"srv1": fine}}
        self._said.write_text(json.dumps(told), encoding="utf-8")


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
            ours, other = (partial(maker.make, address(maker)) for maker in (many, few))
            yield what, compare(ours, other)
        for what in ("an incident", f"page {LATE_PAGE} of the archive"):
            address = addresses[what]
            ours, other = (partial(maker.make_after_a_word, address(maker)) for maker in (many, few))
            yield f"{what} after a word of monitoring", compare(ours, other)
