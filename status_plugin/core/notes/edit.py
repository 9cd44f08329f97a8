"""The mark of a word that was changed after it was public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EditKind(StrEnum):
    """What kind of fact was changed; in the order in which the kinds are told."""

    TITLE = "title"
    PHASE = "phase"
    TIMES = "times"
    IMPACT = "impact"
    AFFECTED = "affected"
    WORDING = "wording"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """That published words were changed: when last, and all kinds of fact that ever were, each once.

    `REMOVED` says that an update was taken out of the note.
    """

    at: datetime
    kinds: tuple[EditKind, ...]

    @classmethod
    def after(cls, earlier: Edit | None, kinds: Iterable[EditKind], at: datetime) -> Edit:
        """The mark when these kinds are changed at `at`, beside what was changed earlier."""
        found = {*kinds, *(earlier.kinds if earlier else ())}
        return cls(at=at, kinds=tuple(kind for kind in EditKind if kind in found))
