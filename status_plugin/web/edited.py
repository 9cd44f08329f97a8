"""The mark of an edit in words."""

from __future__ import annotations

from status_plugin.core.notes.edit import Edit, EditKind
from status_plugin.core.sayings import joined, saying

_WORDS = {
    EditKind.TITLE: saying("title"),
    EditKind.PHASE: saying("phase"),
    EditKind.TIMES: saying("times"),
    EditKind.IMPACT: saying("impact"),
    EditKind.AFFECTED: saying("what is affected"),
    EditKind.WORDING: saying("wording"),
    EditKind.REMOVED: saying("an update taken out"),
}


def edited_kinds(edit: Edit) -> str:
    """What was changed, as "times, wording"."""
    return joined(", ", [_WORDS[kind] for kind in edit.kinds])
