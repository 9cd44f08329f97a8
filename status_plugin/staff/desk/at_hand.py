"""The notes that staff may mean, as they stand now, and which of them a few letters mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import cast

from status_plugin.core.board.incidents import incident_item
from status_plugin.core.board.items import IncidentItem, Life, WindowItem
from status_plugin.core.board.windows import CURRENT, Surveillance, window_item
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance, Note
from status_plugin.staff.desk.drafts import draft_paths
from status_plugin.staff.desk.edit import Reader
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.note_choice import NoteChoiceError, chosen_note, notes_named, slug_part
from status_plugin.web.edition import Edition
from status_plugin.web.state import PluginState

NoteItem = IncidentItem | WindowItem


@dataclass(frozen=True, kw_only=True, slots=True)
class NotesAtHand:
    """Every note that can be read, also if it is not public yet, as it stands by its own words at `now`.

    Of `drafts` only the paths are known.
    """

    content: Content
    now: datetime
    items: tuple[NoteItem, ...]
    drafts: tuple[str, ...] = ()

    @classmethod
    def of(cls, state: PluginState) -> NotesAtHand:
        """The notes in the folder now; monitoring is not asked."""
        now = state.station.now()
        content = state.station.open()
        items = [item_of(note, content.read_at, now) for note in (*content.incidents, *content.windows)]
        reader = Reader(zone=state.settings.timezone, inventory=content.inventory, now=now)
        drafts = tuple(draft_paths(state.settings.content, content, reader))
        return cls(content=content, now=now, items=tuple(items), drafts=drafts)

    def seen_by(self, edition: Edition) -> NotesAtHand:
        """The same notes; of windows that nobody has ended monitoring says where they stand."""
        return replace(self, items=tuple(_as_shown(item, edition) for item in self.items))

    @property
    def inventory(self) -> Inventory:
        """The components; none if their list cannot be read."""
        return self.content.inventory or Inventory()

    def chosen(self, part: str | None, likely: Callable[[NoteItem], bool]) -> NoteItem:
        """The note that `part` of its name, or the name of a component, means; raises RefusedError.

        Of several it is the only `likely` one, which also is meant where nothing is said.
        """
        if part is not None and not any(item.slug == part for item in self.items):
            self._refuse_draft(part)
        try:
            return chosen_note(part, self.items, likely, self.inventory)
        except NoteChoiceError as error:
            raise RefusedError(f"{error}") from None

    def _refuse_draft(self, part: str) -> None:
        """Raises RefusedError if a draft has this name, or a part of it that no other note has."""
        word = slug_part(part)
        is_elsewhere = bool(notes_named(part, self.items, self.inventory))
        for path in self.drafts:
            stem = PurePosixPath(path).stem.casefold()
            if word == stem or (word in stem and not is_elsewhere):
                raise RefusedError(
                    f"{path} is a draft. Take the line 'draft: true' out of it first, "
                    "so that its words can be read."
                )


def item_of(note: Note, read_at: datetime, now: datetime) -> NoteItem:
    """A note as it stands by its own words."""
    if isinstance(note, Incident):
        return incident_item(note, read_at, now)
    return window_item(cast(Maintenance, note), Surveillance(), read_at, now)


def is_open(item: NoteItem) -> bool:
    """Whether it is among the current alerts."""
    return item.life in CURRENT if isinstance(item, WindowItem) else not item.phase.is_ended


def is_ahead(item: NoteItem) -> bool:
    """Whether it is a window that is still to come."""
    return isinstance(item, WindowItem) and item.life is Life.SCHEDULED


def may_be_updated(items: Sequence[NoteItem]) -> Callable[[NoteItem], bool]:
    """What an update is likely about: what is open, and only where nothing is, a window to come."""
    return is_open if any(map(is_open, items)) else is_ahead


def may_be_cancelled(item: NoteItem) -> bool:
    """Whether it is a window that is not over."""
    return isinstance(item, WindowItem) and (is_open(item) or is_ahead(item))


def _as_shown(item: NoteItem, edition: Edition) -> NoteItem:
    if not isinstance(item, WindowItem) or item.ended:
        return item
    shown = edition.item("maintenance", item.slug)
    return shown if shown and shown.note == item.note else item
