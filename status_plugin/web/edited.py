"""The mark of an edit in words."""

from __future__ import annotations

from status_plugin.core.notes.edit import Edit, EditKind

_WORDS = {
    EditKind.AFFECTED: "what is affected",
    EditKind.REMOVED: "an update taken out",
}


def edited_kinds(edit: Edit) -> str:
    """What was changed, as "times, wording"."""
    return ", ".join(_WORDS.get(kind, kind.value) for kind in edit.kinds)
