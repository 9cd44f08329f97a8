"""A site in a folder of its own, with all that it keeps."""

from __future__ import annotations

from pathlib import Path

from flask import Flask


def site_in(folder: Path | str, name: str) -> Flask:
    """A site without anything."""
    return Flask(f"bench.{name}", root_path=str(folder), instance_path=str(Path(folder, "instance")))
