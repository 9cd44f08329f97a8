"""Runs every comparison and writes bench/results.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.hanging import compare_hanging
from bench.page import compare_page
from bench.reading import compare_reading
from bench.rounds import ROUNDS, Comparison

RESULTS = Path(__file__).parent / "results.md"

PACKAGES = ["status-plugin", "Flask", "Werkzeug", "Jinja2", "Flask-Caching", "python-frontmatter", "PyYAML"]

COMPARISONS: list[tuple[str, str, Callable[[], Comparison]]] = [
    (
        "one visit to the status page, 100 notes",
        "a bare Flask view with the same bytes",
        lambda: compare_page(100),
    ),
    (
        "one visit while monitoring hangs, 100 notes",
        "one when it was asked lately",
        lambda: compare_hanging(100),
    ),
    (
        "reading 1,000 notes",
        "reading their bytes, and the front matter with libyaml",
        lambda: compare_reading(1000),
    ),
]


def main() -> None:
    """Measure, say so while it goes on, and leave the table behind."""
    rows = []
    for ours, bare, comparison in COMPARISONS:
        print(f"{ours}, beside {bare} ...", flush=True)
        rows.append(_row(ours, bare, comparison()))
    RESULTS.write_text(_report(rows), encoding="utf-8")
    print(*rows, f"Written to {RESULTS.relative_to(Path.cwd())}.", sep="\n")


def _row(ours: str, bare: str, found: Comparison) -> str:
    low, high = found.ratios[0], found.ratios[-1]
    cells = (
        ours,
        bare,
        f"**{found.ratio:.2f}** [{low:.2f}-{high:.2f}]",
        _time(median(found.ours)),
        _time(median(found.bare)),
    )
    return f"| {' | '.join(cells)} |"


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f} ms" if seconds > 0.01 else f"{seconds * 1e6:,.0f} us, {1 / seconds:,.0f}/s"


def _report(rows: list[str]) -> str:
    table = "\n".join(rows)
    return f"""\
# Speed, beside the barest way to do the same

Measured {datetime.now(UTC):%Y-%m-%d} by `make bench`: one process on {os.cpu_count()} cores,
Python {platform.python_version()}, {", ".join(f"{name} {version(name)}" for name in PACKAGES)}.

Both ways take turns for {ROUNDS} rounds and processor time is counted, so a busy machine is unfair to
neither. The ratio, median of the rounds' ratios with [lowest-highest], is the figure to trust; the times are
medians of this one run.

| what | beside | cost as a multiple | ours | the other |
| --- | --- | --- | --- | --- |
{table}
"""


main()
