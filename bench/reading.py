"""Reading a folder of notes for the first time, beside reading their bytes and their YAML alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from flask import Flask

from bench.rounds import Comparison, compare

ZONE = ZoneInfo("America/New_York")


def compare_reading(notes: int) -> tuple[Comparison, Comparison]:
    """What reading so many notes costs, beside their bytes and YAML alone, and beside Flask-FlatPages."""
    from bench.notes import write_notes
    from status_plugin.sources.content import ContentFolder

    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_notes(folder, notes, newest=now)

        def ours() -> int:
            content = ContentFolder(folder, zone=ZONE).read(now)
            if content.problems:
                raise RuntimeError(f"{content.problems[:3]}")
            return len(content.incidents) + len(content.windows)

        flat = _flat_pages(folder)
        for read in (ours, flat):
            if (found := read()) != notes:
                raise RuntimeError(f"{found} of {notes} notes were read")
        return compare(ours, lambda: read_yaml_alone(folder)), compare(ours, flat)


def read_yaml_alone(folder: Path) -> None:
    """Read the bytes of every note, and its front matter with libyaml."""
    for path in folder.rglob("*.md"):
        _, front_matter, _ = path.read_bytes().split(b"---\n", 2)
        yaml.load(front_matter, yaml.CSafeLoader)


def _flat_pages(folder: Path) -> Callable[[], int]:
    """What has Flask-FlatPages read every page and its fields, and says how many have a title."""
    from flask_flatpages import FlatPages

    site = Flask("bench.flat", root_path=str(folder))
    site.config.from_mapping(
        FLATPAGES_ROOT=str(folder), FLATPAGES_EXTENSION=".md", FLATPAGES_AUTO_RELOAD=False
    )

    def read() -> int:
        with site.app_context():
            return sum("title" in page.meta for page in FlatPages(site, name=None))

    return read
