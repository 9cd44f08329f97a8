"""Notes that nobody sees yet: drafts in the folder."""

from __future__ import annotations

from collections.abc import Iterator

from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.sources.listing import NOTE_FOLDERS, list_folder
from status_plugin.staff.desk.at_hand import NotesAtHand
from status_plugin.staff.desk.edit import Reader
from status_plugin.web.state import PluginState


def draft_paths(state: PluginState, notes: NotesAtHand) -> Iterator[str]:
    """The paths of the drafts, relative to the content folder."""
    reader = Reader(zone=state.settings.timezone, inventory=notes.content.inventory, now=notes.now)
    read = {item.note.path for item in notes.items}
    listing = list_folder(state.settings.content)
    for path in sorted(listing.notes.keys() - read):
        kind = Incident if path.startswith(f"{NOTE_FOLDERS[0]}/") else Maintenance
        try:
            data = (listing.root / path).read_bytes()
        except OSError:
            continue
        if reader.read(data, path=path, kind=kind).hidden:
            yield path
