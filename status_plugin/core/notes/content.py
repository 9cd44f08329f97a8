"""Everything that the content folder said at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.problems import Problem

Address = tuple[type[Incident] | type[Maintenance], str]
"""A note's kind and slug, which together make its address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """The public notes and components, with what is wrong in them.

    `read_at` is the clock of the reading: a time in a note that lies ahead of it was a typing
    mistake and hides nothing. `withheld` counts notes that cannot be shown at all. `inventory` is
    None when the list of components could not be read, and not complete when a part of it could not;
    `inventory_kept_since` says that it is an earlier one, and since when the file cannot be read.
    `aliases` gives for each old address of a note its present slug; `gone` are the addresses of public
    notes that are no longer there. `withheld_at` are the addresses of notes that cannot be shown, None
    when nobody knows which notes there are. `gaps_since` is since when notes
    are withheld or components missing, None while all are there. `version` changes when anything
    here does.
    """

    inventory: Inventory | None
    inventory_kept_since: datetime | None = None
    incidents: Sequence[Incident] = ()
    windows: Sequence[Maintenance] = ()
    aliases: Mapping[Address, str] = field(default_factory=dict)
    gone: frozenset[Address] = frozenset()
    problems: tuple[Problem, ...] = ()
    withheld: int = 0
    withheld_at: frozenset[Address] | None = frozenset()
    gaps_since: datetime | None = None
    read_at: datetime
    version: str = ""

    @property
    def is_list_whole(self) -> bool:
        """Whether every component is known that the page should show."""
        return self.inventory is not None and self.inventory.complete
