"""A changed note: how long until the page says so, beside Hugo building everything anew."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.fresh_site import site_in
from bench.hugo import HugoSite
from bench.notes import write_notes
from bench.rounds import Comparison
from status_plugin import StatusPlugin

ROUNDS = 5
SITE = "https://www.example.com"


@dataclass
class _Clock:
    """A clock that is moved by hand, so that the wait for the next look at the folder is not counted."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class ChangingSite:
    """A site whose newest note can be changed as git and editors do, by putting a file in its place."""

    folder: Path
    clock: _Clock = field(default_factory=_Clock)
    changes: int = 0

    def __post_init__(self) -> None:
        site = site_in(self.folder, "changes")
        site.config.from_mapping(
            STATUS_TIMEZONE="America/New_York", STATUS_PAST_COUNT=5, STATUS_SITE_URL=SITE
        )
        StatusPlugin(site, clock=self.clock)
        self.app = site
        self._visitor = site.test_client()
        self._note = max((self.folder / "content" / "incidents").glob("*.md"))
        self._text = self._note.read_text(encoding="utf-8")
        self.look()
        # The first file of a new folder is looked at again for two seconds.
        self.clock.now += timedelta(seconds=5)
        self.look()

    def look(self) -> str:
        """The page."""
        return self._visitor.get("/status/").get_data(as_text=True)

    def change(self, look: Callable[[], str] | None = None) -> float:
        """Seconds from the rename of a changed note until the page shows it, or what `look` gives."""
        self.changes += 1
        title = f"Changed {self.changes} times"
        first, _, rest = self._text.partition("\ntitle: ")
        new = self._note.with_suffix(".new")
        new.write_text(f"{first}\ntitle: {title}\n{rest.partition(chr(10))[2]}", encoding="utf-8")
        self.clock.now += timedelta(seconds=1)
        began = time.perf_counter()
        new.replace(self._note)
        page = (look or self.look)()
        took = time.perf_counter() - began
        if title not in page:
            raise RuntimeError("the page does not show the changed note")
        return took


@contextmanager
def changing_site(notes: int) -> Iterator[ChangingSite]:
    """A site with so many notes."""
    with tempfile.TemporaryDirectory() as name:
        write_notes(Path(name, "content"), notes, newest=datetime.now(UTC) - timedelta(hours=1))
        yield ChangingSite(Path(name))


def compare_change(notes: int) -> Comparison:
    """Seconds until the page shows a changed note, and of Hugo's build of the same notes."""
    with changing_site(notes) as site, tempfile.TemporaryDirectory() as name:
        hugo = HugoSite(Path(name), site.folder / "content")
        site.change()
        hugo.build()
        if hugo.left.files < notes:
            raise RuntimeError(f"Hugo made {hugo.left.files} pages of {notes} notes")
        pairs = [(site.change(), hugo.build().wall) for _ in range(ROUNDS)]
    return Comparison(ours=tuple(ours for ours, _ in pairs), bare=tuple(other for _, other in pairs))
