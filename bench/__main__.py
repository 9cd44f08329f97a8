"""Runs every comparison and writes bench/results.md; a name or two as arguments runs those alone."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.changes import compare_change
from bench.checking import shares_of_a_core
from bench.cold import compare_cold_start
from bench.exporting import compare_changed_copy, compare_export, median_of
from bench.faults import faults_beside_health
from bench.growth import FEW, MANY, compare_growth
from bench.hanging import compare_hanging
from bench.memory import worker_memory
from bench.page import compare_page
from bench.plot import draw
from bench.programs import PROGRAMS, are_here, fetch
from bench.reading import compare_reading
from bench.rounds import ROUNDS, Comparison
from bench.servers import granian, gunicorn
from bench.serving import (
    crowd_through_flask,
    fast_path,
    fast_path_beside_files,
    folder_of_notes,
    page_through_flask,
    serving_folder,
    unchanged_through_flask,
)
from bench.table import HEAD, Row, at_least, at_most, cost_row, megabytes, p99_row, rate_row, seconds
from bench.unrest import restless_page
from tests.system_parts import SEARCH_PATH

RESULTS = Path(__file__).parent / "results.md"
PLOT = RESULTS.with_suffix(".svg")

PACKAGES = [
    "status-plugin",
    "Flask",
    "Werkzeug",
    "Jinja2",
    "Flask-Caching",
    "python-frontmatter",
    "PyYAML",
    "Markdown",
    "gunicorn",
    "granian",
    "Flask-FlatPages",
]
BARE = "a bare Flask view with the same bytes"
HUGO = "Hugo building the same notes"
RAW = "a bare WSGI callable with the same bytes"
YAML = "reading the bytes, and the front matter with libyaml"
NO_GROWTH = 1.2
WITH_SBIN = {**os.environ, "PATH": SEARCH_PATH}


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
    if not are_here("wrk", what="what servers bear"):
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
        if are_here("nginx", what="the fast path beside a file"):
            yield rate_row(
                "fast path beside a file, granian",
                "nginx with a file",
                fast_path_beside_files(folder),
                at_least(0.45),
            )


def unrest() -> Iterator[Row]:
    """What servers bear while things change or break."""
    if not are_here("wrk", what="changes and faults under load"):
        return
    with serving_folder(100) as folder:
        found = restless_page(folder)
        yield p99_row(
            "slowest in a hundred while notes and monitoring change every 2 s",
            "the same at rest",
            found.loads,
            at_most(3),
        )
        yield Row(what="renderings of the page for each change", values=found.renderings, goal=at_most(1))
        if are_here("redis", "git", what="the page with everything broken"):
            yield p99_row(
                "slowest in a hundred with monitoring hanging, Redis dead, git pulling",
                "a healthy run",
                faults_beside_health(folder),
                at_most(1.5),
            )


def reading() -> Iterator[Row]:
    """What the notes cost."""
    alone, flat = compare_reading(1000)
    yield cost_row("reading 1,000 notes for the first time", YAML, alone)
    yield cost_row("reading 1,000 notes for the first time", "Flask-FlatPages reading the fields", flat)


def start() -> Iterator[Row]:
    """What a start costs."""
    first, again = compare_cold_start(10_000)
    beside = f"a fresh process {YAML}"
    yield cost_row("cold start to the first page, 10,000 notes", beside, again, at_most(1.5))
    yield cost_row("the very first start with them, which makes the index", beside, first)


def changes() -> Iterator[Row]:
    """What a changed note costs."""
    if not are_here("hugo", what="what a changed note costs"):
        return
    found = compare_change(10_000)
    yield cost_row(
        "one changed note of 10,000: from its rename to the new page",
        HUGO,
        found,
        at_most(0.05),
    )
    yield Row(
        what="the same, by itself",
        values=found.ours,
        goal=at_most(0.15),
        written=seconds,
    )


def exporting() -> Iterator[Row]:
    """What a copy as files costs."""
    if not are_here("hugo", what="what a copy as files costs"):
        return
    builds = compare_export(10_000)
    yield Row(
        what="a whole copy of 10,000 notes, time on the wall",
        beside=HUGO,
        values=builds.ratios,
        goal=at_most(1),
        ours=median_of(builds.ours, builds.left),
        other=median_of(builds.hugo, builds.hugo_left),
    )
    changed = compare_changed_copy(10_000)
    for what, ours, goal in (
        ("the copy after one changed note of 10,000, with --watch", changed.going_on, at_most(0.25)),
        ("the same, by a command that starts", changed.started, None),
    ):
        costs = Comparison(ours=tuple(ours), bare=tuple(changed.hugo))
        yield cost_row(what, HUGO, costs, goal)
    yield Row(
        what="the copy after one changed note of 10,000, with --watch, by itself",
        values=changed.going_on,
        goal=at_most(1),
        written=seconds,
    )


def checking() -> Iterator[Row]:
    """What it costs to see that nothing has changed."""
    yield Row(
        what="an unchanged folder of 30,000 notes, share of a core",
        values=shares_of_a_core(30_000),
        goal=at_most(0.02),
        written="{:.2%}".format,
    )


def growth() -> Iterator[Row]:
    """What a page costs among many notes."""
    for what, found in compare_growth():
        beside = f"the same with {FEW:,}, as close together"
        yield cost_row(f"making {what}, {MANY:,} notes", beside, found, at_most(NO_GROWTH))


def memory() -> Iterator[Row]:
    """What a worker's memory is."""
    if not are_here("wrk", what="a worker's memory"):
        return
    with folder_of_notes(30_000) as folder:
        found = worker_memory(folder)
    yield Row(
        what="memory of a worker with 30,000 notes",
        values=[found.begun],
        goal=at_most(150e6),
        written=megabytes,
    )
    yield Row(
        what=f"the same after {found.requests:,} requests over all pages",
        beside="with the first page alone",
        values=[found.after / found.begun],
        goal=at_most(1.05),
        ours=megabytes(found.after),
        other=megabytes(found.begun),
    )


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "visits": visits,
    "serving": serving,
    "unrest": unrest,
    "reading": reading,
    "start": start,
    "changes": changes,
    "exporting": exporting,
    "checking": checking,
    "growth": growth,
    "memory": memory,
}


def main(names: list[str]) -> None:
    """Measure, say so while it goes on, and leave table and plot behind if they are whole."""
    if strange := [name for name in names if name not in PARTS]:
        sys.exit(f"There is no part {' or '.join(strange)}. The parts are {', '.join(PARTS)}.")
    fetch(list(PROGRAMS))
    rows = []
    for name in names or PARTS:
        for row in PARTS[name]():
            print(row, flush=True)
            rows.append(row)
    if not names:
        RESULTS.write_text(_report(rows), encoding="utf-8")
        PLOT.write_text(draw(rows), encoding="utf-8")
        print(f"Written to {RESULTS} and {PLOT}.")


def _report(rows: list[Row]) -> str:
    table = "\n".join(map(str, rows))
    return f"""\
# Speed, beside the barest way to do the same

Measured {datetime.now(UTC):%Y-%m-%d} by `make bench` on {os.cpu_count()} cores,
Python {platform.python_version()}, {", ".join(f"{name} {version(name)}" for name in PACKAGES)},
{", ".join(_programs())}.

Both ways take turns. Without a server they take {ROUNDS} rounds, or five where one takes seconds, and
processor time is counted; with one, the server has one core and wrk the other, and a busy machine widens the
spread. The ratio of ours to the other's, median of the rounds with [lowest-highest], is the figure to trust;
the rest are medians of this one run. "Constant" is read as at most {NO_GROWTH} times as much.
A goal that is missed says **no**.

![How much of its goal each measurement reaches](results.svg)

{HEAD}
{table}
"""


def _programs() -> Iterator[str]:
    """The programs that took part, with their versions as they tell them."""
    for command in (["nginx", "-v"], ["wrk", "-v"], ["hugo", "version"], ["redis-server", "--version"]):
        if PROGRAMS[command[0].removesuffix("-server")].is_here:
            done = subprocess.run(command, env=WITH_SBIN, capture_output=True, text=True, check=False)
            if found := re.search(r"\d+\.\d+\.\d+", done.stdout + done.stderr):
                yield f"{command[0]} {found[0]}"


main(sys.argv[1:])
