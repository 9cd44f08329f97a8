"""Runs every comparison and writes bench/results.md; a name or two as arguments runs those alone."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import hugo
from bench.changes import compare_change
from bench.hanging import compare_hanging
from bench.page import compare_page
from bench.reading import compare_reading
from bench.rounds import ROUNDS
from bench.servers import granian, gunicorn
from bench.serving import (
    crowd_through_flask,
    fast_path,
    fast_path_beside_files,
    page_through_flask,
    serving_folder,
    unchanged_through_flask,
)
from bench.table import HEAD, Row, at_least, at_most, cost_row, p99_row, rate_row

RESULTS = Path(__file__).parent / "results.md"

PACKAGES = [
    "status-plugin",
    "Flask",
    "Werkzeug",
    "Jinja2",
    "Flask-Caching",
    "python-frontmatter",
    "PyYAML",
    "gunicorn",
    "granian",
]
BARE = "a bare Flask view with the same bytes"
RAW = "a bare WSGI callable with the same bytes"


def visits() -> Iterator[Row]:
    """What a visit costs in the application alone."""
    yield cost_row("one visit to the status page, 100 notes, no server", BARE, compare_page(100))
    yield cost_row(
        "one visit while monitoring hangs, 100 notes, no server",
        "one when it was asked lately",
        compare_hanging(100),
    )


def serving() -> Iterator[Row]:
    """What servers bear."""
    if not shutil.which("wrk"):
        print("Left out, for want of wrk: what servers bear. apt-get install wrk nginx-light")
        return
    with serving_folder(100) as folder:
        yield rate_row("the page through Flask, gunicorn", BARE, page_through_flask(folder), at_least(0.95))
        yield rate_row(
            "a known page (304) through Flask, gunicorn",
            BARE,
            unchanged_through_flask(folder),
            at_least(1),
        )
        yield p99_row(
            "slowest in a hundred, 256 connections, gunicorn", BARE, crowd_through_flask(folder), at_most(1.5)
        )
        yield rate_row("fast path, gunicorn", RAW, fast_path(folder, gunicorn), at_least(0.9))
        yield rate_row("fast path, granian", RAW, fast_path(folder, granian), at_least(0.9))
        if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
            yield rate_row(
                "fast path, granian",
                "nginx with a file",
                fast_path_beside_files(folder),
                at_least(0.45),
            )


def reading() -> Iterator[Row]:
    """What the notes cost."""
    yield cost_row(
        "reading 1,000 notes for the first time",
        "reading their bytes, and the front matter with libyaml",
        compare_reading(1000),
    )


def changes() -> Iterator[Row]:
    """What a changed note costs."""
    if not hugo.is_here():
        print("Left out, for want of Hugo: what a changed note costs. apt-get install hugo")
        return
    yield cost_row(
        "one changed note of 10,000: from its rename to the new page",
        "Hugo building the same notes",
        compare_change(10_000),
        at_most(0.05),
    )


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "visits": visits,
    "serving": serving,
    "reading": reading,
    "changes": changes,
}


def main(names: list[str]) -> None:
    """Measure, say so while it goes on, and leave the table behind if it is whole."""
    rows = []
    for name in names or PARTS:
        for row in PARTS[name]():
            print(row, flush=True)
            rows.append(row)
    if not names:
        RESULTS.write_text(_report(rows), encoding="utf-8")
        print(f"Written to {RESULTS.relative_to(Path.cwd())}.")


def _report(rows: list[Row]) -> str:
    table = "\n".join(map(str, rows))
    return f"""\
# Speed, beside the barest way to do the same

Measured {datetime.now(UTC):%Y-%m-%d} by `make bench` on {os.cpu_count()} cores,
Python {platform.python_version()}, {", ".join(f"{name} {version(name)}" for name in PACKAGES)}.

Both ways take turns. Without a server they take {ROUNDS} rounds and processor time is counted; with one, the
server has one core and wrk the other, and a busy machine widens the spread. The ratio of ours to the other's,
median of the rounds with [lowest-highest], is the figure to trust; the rest are medians of this one run.

{HEAD}
{table}
"""


main(sys.argv[1:])
