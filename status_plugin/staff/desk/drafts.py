"""Notes that nobody sees yet: drafts in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.sources.listing import NOTE_FOLDERS, list_folder
from status_plugin.staff.desk.edit import Reader


def draft_paths(root: Path, content: Content, reader: Reader) -> Iterator[str]:
    """The paths of the drafts in a content folder, relative to it."""
    read = {note.path for note in (*content.incidents, *content.windows)}
    listing = list_folder(root)
    for path in sorted(listing.notes.keys() - read):
        kind = Incident if path.startswith(f"{NOTE_FOLDERS[0]}/") else Maintenance
        try:
            data = (listing.root / path).read_bytes()
        except OSError:
            continue
        if reader.read(data, path=path, kind=kind).hidden:
            yield path
