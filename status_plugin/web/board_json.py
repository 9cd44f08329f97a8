"""The board in our own words, for programs: `/board.json`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, NextUpdate, ShownUpdate, WindowItem
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.notes.edit import Edit
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import Phase, State, worst


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardWriter:
    """Writes boards as JSON values, with times in `zone`.

    `address` gives an item's absolute address, `html` a text's HTML and `plain` the same as plain text;
    `spoken` says the board's own sentences.
    """

    zone: tzinfo
    address: Callable[[Item], str]
    html: Callable[[str], str]
    plain: Callable[[str], str]
    spoken: Callable[[str], str] = str

    def board(self, board: Board) -> dict[str, Any]:
        """The whole board."""
        return {
            "generated_at": self._time(board.now),
            "facts_at": self._time(board.facts_at),
            "valid_until": self._time(board.valid_until),
            "problems": board.problems,
            "overall": {"state": board.overall.state.value, "text": self.spoken(board.overall.text)},
            "components": [self._component(row) for row in board.rows],
            "current": [self.item(item) for item in board.current],
            "scheduled": [self.item(item) for item in board.scheduled],
            "past": [self.item(item) for item in board.past],
        }

    def item(self, item: Item) -> dict[str, Any]:
        """One entry of the three lists; a maintenance window has some keys more."""
        if isinstance(item, IncidentItem):
            return self._entry(item, "incident", item.phase, item.impact, item.started, item.ended)
        if isinstance(item, WindowItem):
            return self._window(item)
        if isinstance(item, AlertItem):
            return self._entry(item, "alert", None, item.impact, item.started, item.ended)
        raise TypeError(f"no such item on a board: {item!r}")

    def _entry(
        self,
        item: Item,
        kind: str,
        phase: Phase | None,
        impact: State,
        started: Moment | datetime | None,
        ended: Moment | datetime | None,
    ) -> dict[str, Any]:
        return {
            "kind": kind,
            "slug": item.slug,
            "title": self.spoken(item.title),
            "phase": phase.value if phase else None,
            "impact": impact.value,
            "affects": {slug: state.value for slug, state in item.affects.items()},
            "started": self._time(started),
            "ended": self._time(ended),
            "url": self.address(item),
            "next_update": self._next_update(item.next_update),
            "edited": self._edited(item.note.edit if isinstance(item, IncidentItem | WindowItem) else None),
            "updates": [self._update(shown) for shown in item.updates],
        }

    def _window(self, item: WindowItem) -> dict[str, Any]:
        note = item.note
        impact = worst([State.UNDER_MAINTENANCE, *item.affects.values()])
        return self._entry(item, "maintenance", item.phase, impact, item.began, item.ended) | {
            "starts": self._time(note.starts),
            "ends": self._time(note.ends),
            "began": self._time(item.began),
            "expected_downtime": note.expected_downtime.written if note.expected_downtime else None,
            "emergency": note.emergency,
            "announced": self._time(note.announced),
        }

    def _component(self, row: ComponentRow) -> dict[str, Any]:
        return {
            "slug": row.component.slug,
            "name": row.component.name,
            "group": row.component.group,
            "state": row.state.value,
            "since": self._time(row.since),
            "basis": row.basis.value,
            "checks": [
                {"name": check.name, "state": check.state.value, "since": self._time(check.since)}
                for check in row.checks
            ],
        }

    def _update(self, shown: ShownUpdate) -> dict[str, Any]:
        update = shown.update
        return {
            "id": update.anchor,
            # An update always has its place in time, even if its writer was vague about it.
            "at": self._time(update.at.at),
            "since": self._time(update.since),
            "phase": update.phase.value if update.phase else None,
            "html": self.html(update.text),
            "text": self.plain(update.text),
            "edited": self._edited(update.edit),
        }

    def _edited(self, edit: Edit | None) -> dict[str, Any] | None:
        if edit is None:
            return None
        return {"at": self._time(edit.at), "kinds": [kind.value for kind in edit.kinds]}

    def _next_update(self, promise: NextUpdate | None) -> dict[str, Any] | None:
        if promise is None:
            return None
        return {"at": self._time(promise.at.at), "overdue": promise.overdue}

    def _time(self, at: Moment | datetime | None) -> str | None:
        """A time to the second, None where only the day is known."""
        if isinstance(at, Moment):
            at = None if at.is_date_alone else at.at
        return at.astimezone(self.zone).isoformat(timespec="seconds") if at else None
