"""The table of components as Statuspage lists it: every group, followed by its members."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.words import State, worst
from status_plugin.web.statuspage.ids import component_id, group_id
from status_plugin.web.statuspage.times import NOBODY_KNOWS, Stamp
from status_plugin.web.statuspage.words import COMPONENT_STATUS


class Components:
    """The components of one page, written out; `all` holds them in the order of the page."""

    def __init__(self, rows: Sequence[ComponentRow], page_id: str, stamp: Stamp) -> None:
        self._page_id = page_id
        self._stamp = stamp
        self._by_slug: dict[str, dict[str, Any]] = {}
        self._full_names: dict[str, str] = {}
        self.all: list[dict[str, Any]] = []
        for position, members in enumerate(_top_level(rows), start=1):
            self._add(position, members)

    def of(self, slugs: Collection[str]) -> list[dict[str, Any]]:
        """Those components that are named, without their groups; what the page does not list is left out."""
        return [value for slug, value in self._by_slug.items() if slug in slugs]

    def changes(
        self, slugs: Collection[str], before: Mapping[str, State], after: Mapping[str, State]
    ) -> list[dict[str, str]] | None:
        """What an update changes for the named components, None when the page lists none of them."""
        listed = [slug for slug in self._by_slug if slug in slugs]
        return [
            {
                "code": component_id(slug),
                "name": self._full_names[slug],
                "old_status": COMPONENT_STATUS[before.get(slug, State.OPERATIONAL)],
                "new_status": COMPONENT_STATUS[after.get(slug, State.OPERATIONAL)],
            }
            for slug in listed
        ] or None

    def _add(self, position: int, members: Sequence[ComponentRow]) -> None:
        """One entry of the top level: a component that stands alone, or a group with its members."""
        name = members[0].component.group
        if not name:
            self._add_component(members[0], position, parent=None)
            return
        parent = group_id(name)
        self.all.append(
            self._value(
                parent,
                name,
                worst(row.state for row in members),
                position,
                updated=max((row.since for row in members if row.since), default=None),
                group=True,
            )
            | {"components": [component_id(row.component.slug) for row in members]}
        )
        for place, row in enumerate(members, start=1):
            self._add_component(row, place, parent=parent)

    def _add_component(self, row: ComponentRow, position: int, parent: str | None) -> None:
        component = row.component
        value = self._value(
            component_id(component.slug),
            component.name,
            row.state,
            position,
            updated=row.since,
            description=component.description or None,
            parent=parent,
        )
        self.all.append(value)
        self._by_slug[component.slug] = value
        full_name = f"{component.group} - {component.name}" if component.group else component.name
        self._full_names[component.slug] = full_name

    def _value(
        self,
        identity: str,
        name: str,
        state: State,
        position: int,
        *,
        updated: datetime | None,
        description: str | None = None,
        parent: str | None = None,
        group: bool = False,
    ) -> dict[str, Any]:
        return {
            "id": identity,
            "name": name,
            "status": COMPONENT_STATUS[state],
            "created_at": self._stamp(NOBODY_KNOWS),
            "updated_at": self._stamp(updated or NOBODY_KNOWS),
            "position": position,
            "description": description,
            "showcase": False,
            "start_date": None,
            "group_id": parent,
            "page_id": self._page_id,
            "group": group,
            "only_show_if_degraded": False,
        }


def _top_level(rows: Sequence[ComponentRow]) -> list[list[ComponentRow]]:
    """The rows, all of one group together where the first of them stands; those without one are alone."""
    together: dict[tuple[str, str], list[ComponentRow]] = {}
    for row in rows:
        alone = "" if row.component.group else row.component.slug
        together.setdefault((row.component.group, alone), []).append(row)
    return list(together.values())
