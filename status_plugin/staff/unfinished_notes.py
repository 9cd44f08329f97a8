"""Drafts and what is not announced yet, for whoever wants to see them before visitors do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Note
from status_plugin.web.station import Folder

_N = TypeVar("_N", bound=Note)


@dataclass(frozen=True, slots=True)
class WithUnfinished:
    """A folder that has drafts, in which each note that nobody may see at `moment` says so in its title."""

    folder: Folder
    moment: Callable[[], datetime]

    def read(self, now: datetime) -> Content:
        """The content, with what is hidden brought out."""
        content, moment = self.folder.read(now), self.moment()
        return replace(
            content,
            incidents=tuple(_brought_out(note, moment) for note in content.incidents),
            windows=tuple(_brought_out(note, moment) for note in content.windows),
        )


def _brought_out(note: _N, moment: datetime) -> _N:
    if note.announced is not None and note.announced.at > moment:
        mark = f"Not announced before {note.announced.written}"
        note = replace(note, announced=None, title=f"{mark}: {note.title}")
    return replace(note, title=f"Draft: {note.title}") if note.draft else note
