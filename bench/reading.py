"""Reading a folder of notes for the first time, beside reading their bytes and their YAML alone."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bench.notes import write_notes
from bench.rounds import Comparison, compare
from status_plugin.sources.content import ContentFolder

ZONE = ZoneInfo("America/New_York")


def compare_reading(notes: int) -> Comparison:
    """What a start costs with so many notes in the folder."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_notes(folder, notes, newest=now)
        content = ContentFolder(folder, zone=ZONE).read(now)
        read = len(content.incidents) + len(content.windows)
        if read != notes or content.problems:
            raise RuntimeError(f"{read} of {notes} notes were read: {content.problems[:3]}")
        return compare(lambda: ContentFolder(folder, zone=ZONE).read(now), lambda: _read_yaml_alone(folder))


def _read_yaml_alone(folder: Path) -> None:
    for path in folder.rglob("*.md"):
        _, front_matter, _ = path.read_bytes().split(b"---\n", 2)
        yaml.load(front_matter, yaml.CSafeLoader)
