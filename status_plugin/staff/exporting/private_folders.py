"""Which folders a copy may not be written into: whoever serves it would serve more than the copy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from status_plugin.staff.exporting.problem import ExportError


def refuse_private(folder: Path, notes: Path, others: Iterable[Path]) -> None:
    """ExportError if the folder lies among the notes, or if it holds them or another of the site's own."""
    place = folder.resolve()
    if place.is_relative_to(notes.resolve()):
        raise ExportError(f"{folder} is in the folder of notes, {notes}. {_INSTEAD}")
    for private in (notes, *others):
        if private.exists() and private.resolve().is_relative_to(place):
            raise ExportError(
                f"{folder} holds {private}, which would be as public as the copy, with drafts and secrets. "
                f"{_INSTEAD}"
            )


_INSTEAD = "Name a folder that is for the copy alone, such as /var/www/status-copy."
