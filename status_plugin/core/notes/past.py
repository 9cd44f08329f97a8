"""What is known of a note's past: since when its words are public, and which were changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from status_plugin.core.notes.differences import note_differences, paired_updates, update_differences
from status_plugin.core.notes.edit import Edit, EditKind
from status_plugin.core.notes.note import Incident, Maintenance

CORRECTED_WITHIN = timedelta(minutes=10)
"""For how long after its publication a word may be changed without a mark."""

AnyNote = Incident | Maintenance


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdatePast:
    """Since when an update is public, None where that is before all that is known; and its mark."""

    public_since: datetime | None
    edit: Edit | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotePast:
    """The past of a note up to one public reading of it.

    `public_since` and `edit` are those of everything outside the updates, `updates` has each update of
    that reading by its anchor. `names` are all slugs under which the note was ever public.
    """

    public_since: datetime | None
    edit: Edit | None = None
    updates: Mapping[str, UpdatePast] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def shows(self) -> bool:
        """Whether visitors can see anything of it: a mark, or an address that was another."""
        is_marked = self.edit is not None or any(update.edit for update in self.updates.values())
        return is_marked or len(self.names) > 1

    @classmethod
    def of_new(cls, note: AnyNote, since: datetime | None) -> NotePast:
        """The past of a note that is public for the first time."""
        one_for_all = UpdatePast(public_since=since)
        return cls(
            public_since=since,
            updates={update.anchor: one_for_all for update in note.updates},
            names=_names(note),
        )

    def then(self, before: AnyNote | None, after: AnyNote, at: datetime) -> NotePast:
        """The past when at `at` visitors get `after` instead of `before`, the last reading that they had.

        Where `before` is None nobody knows any more what it said.
        """
        before = before or after
        updates, removed = {}, []
        for known, update in paired_updates(before.updates, after.updates):
            past = self.updates.get(known.anchor) if known else None
            past = past or UpdatePast(public_since=at)
            if update is None:
                removed.append(past)
            elif known is None:
                updates[update.anchor] = past
            else:
                edit = _edit(past, update_differences(known, update), at)
                updates[update.anchor] = UpdatePast(public_since=past.public_since, edit=edit)
        edit = _edit(self, note_differences(before, after), at)
        if any(_is_late(past, at) for past in removed):
            edit = Edit.after(edit, [EditKind.REMOVED], at)
        return NotePast(
            public_since=self.public_since,
            edit=edit,
            updates=updates,
            names=tuple(dict.fromkeys([*self.names, *_names(after)])),
        )


def _edit(past: NotePast | UpdatePast, kinds: Collection[EditKind], at: datetime) -> Edit | None:
    return Edit.after(past.edit, kinds, at) if kinds and _is_late(past, at) else past.edit


def _is_late(past: NotePast | UpdatePast, at: datetime) -> bool:
    return past.public_since is None or at > past.public_since + CORRECTED_WITHIN


def _names(note: AnyNote) -> tuple[str, ...]:
    return note.slug, *note.aliases
