"""The copy as files, beside Hugo building a site of the same notes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from flask import Flask

from bench.changes import SITE, ChangingSite, changing_site
from bench.fresh_site import site_in
from bench.hugo import HugoSite
from bench.notes import write_notes
from bench.processes import Cost, Left, cost_of, left_in
from status_plugin import StatusPlugin
from status_plugin.staff.exporting.crew import processors
from status_plugin.staff.exporting.export import Exporter
from status_plugin.web.state import EXTENSION_KEY

ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Builds:
    """What exports and Hugo's builds cost, one pair a round, and what one of each leaves."""

    ours: Sequence[Cost]
    hugo: Sequence[Cost]
    left: Left
    hugo_left: Left

    @property
    def ratios(self) -> list[float]:
        """How many times Hugo's time on the wall ours was."""
        return [ours.wall / hugo.wall for ours, hugo in zip(self.ours, self.hugo, strict=True)]


def site() -> Flask:
    """A site with nothing but the status page, with the notes of BENCH_FOLDER."""
    app = site_in(Path(os.environ["BENCH_FOLDER"]), "exporting")
    app.config.from_mapping(STATUS_TIMEZONE="America/New_York", STATUS_SITE_URL=SITE)
    StatusPlugin(app)
    return app


def compare_export(notes: int) -> Builds:
    """Whole exports and whole builds, each into a folder that is not there yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_notes(folder / "content", notes, newest=datetime.now(UTC) - timedelta(hours=1))
        hugo = HugoSite(folder / "hugo", folder / "content")
        pairs = []
        for number in range(ROUNDS):
            hugo.begin_anew()
            pairs.append((_export(folder, f"copy{number}"), hugo.build()))
        left = left_in(folder / "copy0")
        return Builds(
            ours=[ours for ours, _ in pairs],
            hugo=[other for _, other in pairs],
            left=left,
            hugo_left=hugo.left,
        )


def _export(folder: Path, copy: str) -> Cost:
    command = [sys.executable, "-m", "flask", "--app", "bench.exporting:site", "status", "export"]
    return cost_of([*command, str(folder / copy)], {**os.environ, "BENCH_FOLDER": str(folder)})


@dataclass(frozen=True, kw_only=True)
class ChangedCopy:
    """Seconds from the rename of one changed note: of an export that goes on, of one that starts, of Hugo."""

    going_on: Sequence[float]
    started: Sequence[float]
    hugo: Sequence[float]


def compare_changed_copy(notes: int) -> ChangedCopy:
    """One note of so many is changed, and again each way is brought up to it."""
    with changing_site(notes) as changing:
        copy = _Copy(changing)
        hugo = HugoSite(changing.folder / "hugo", changing.folder / "content")
        hugo.build()
        changing.change(copy.renew)
        found = [_one_change(changing, copy, hugo) for _ in range(ROUNDS)]
    return ChangedCopy(
        going_on=[first for first, _, _ in found],
        started=[second for _, second, _ in found],
        hugo=[third for _, _, third in found],
    )


def _one_change(changing: ChangingSite, copy: _Copy, hugo: HugoSite) -> tuple[float, float, float]:
    going_on = changing.change(copy.renew)
    took = hugo.build().wall
    changing.change()
    return going_on, _export(changing.folder, copy.name).wall, took


class _Copy:
    """A copy that is kept fresh, as with --watch."""

    name = "copy"

    def __init__(self, changing: ChangingSite) -> None:
        self._state = changing.app.extensions[EXTENSION_KEY]
        self._folder = changing.folder / self.name
        self._exporter = Exporter(changing.app, self._state, self._folder, base="", processes=processors())
        self.renew()

    def renew(self) -> str:
        """Its page, after one more export."""
        self._exporter.export(self._state.station.renew(early=True))
        return (self._folder / "index.html").read_text(encoding="utf-8")


def median_of(values: Sequence[Cost], left: Left) -> str:
    """What it costs and what it leaves, for the results."""
    wall, used = median(cost.wall for cost in values), median(cost.processors for cost in values)
    return f"{wall:,.2f} s, {used:,.2f} s of processors; {left.files:,} files, {left.size / 1e6:,.0f} MB"
