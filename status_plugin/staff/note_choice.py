"""Which note staff mean by a part of its name, or by what it affects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from status_plugin.core.board.items import IncidentItem, Item, WindowItem
from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import UnreadableError

_SHOWN = 8


class NoteChoiceError(Exception):
    """It is not clear which note is meant; the message says so to a person, and what there is."""


_I = TypeVar("_I", bound=Item)


def chosen_note(
    part: str | None, items: Sequence[_I], likely: Callable[[_I], bool], inventory: Inventory
) -> _I:
    """The one whose slug `part` is; else the one that has it in its slug, or touches a component so called.

    Of several it is the only `likely` one, which also is meant where nothing is said. Raises
    NoteChoiceError.
    """
    candidates = [item for item in items if likely(item)]
    if part is None:
        return _only(candidates, "Say which note you mean: nothing is open.")
    word = slug_part(part)
    found = [item for item in items if item.slug == word] or notes_named(part, items, inventory)
    if len(found) > 1:
        found = [item for item in found if likely(item)] or found
    close = get_close_matches(word, [item.slug for item in items], n=1, cutoff=0.5)
    close = close or [item.slug for item in candidates]
    hint = f"Did you mean {close[0]}?" if close else "`flask status list --all` shows what there is."
    return _only(found, f"No note has '{part}' in its name. {hint}")


def slug_part(part: str) -> str:
    """The part of a slug that a person may have typed with blanks, capitals or a file's ending."""
    return "-".join(part.split()).casefold().removesuffix(".md")


def notes_named(part: str, items: Iterable[_I], inventory: Inventory) -> list[_I]:
    """The items that have this in their slugs, or touch a component so called."""
    word = slug_part(part)
    try:
        touched = set(inventory.find(part))
    except UnreadableError:
        touched = set()
    return [item for item in items if touched & _affected(item) or (word and word in item.slug)]


def _affected(item: Item) -> set[str]:
    """What an entry affects now, or did when it was written."""
    noted = item.note.affects if isinstance(item, IncidentItem | WindowItem) else ()
    return {*item.affects, *noted}


def _only(found: Sequence[_I], none: str) -> _I:
    if not found:
        raise NoteChoiceError(none)
    if len(found) > 1:
        names = "".join(f"\n    {item.slug}: {item.title}" for item in found[:_SHOWN])
        more = f"\n    and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise NoteChoiceError(f"Say which note you mean; this may be any of them:{names}{more}")
    return found[0]
