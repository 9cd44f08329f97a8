"""The one line that answers first."""

from __future__ import annotations

from dataclasses import dataclass

from status_plugin.core.words import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Overall:
    """The one line that answers first; `state` is never operational while anything is in doubt."""

    state: State
    text: str
