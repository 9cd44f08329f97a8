"""Notes that are settled: long over, so that neither the clock nor monitoring changes how they stand.

A site of many years has thousands of them and a handful of others. How they stand is worked out
once for each note and not for each board.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from status_plugin.core.board.incidents import incident_item
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.order import by_beginning, by_end
from status_plugin.core.board.publication import is_public, turning_points
from status_plugin.core.board.remarks import window_remarks
from status_plugin.core.board.windows import CURRENT, Surveillance, end_of, window_item, window_turning_points
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance

_MARGIN = timedelta(days=1)
"""How long before anything that monitoring remembers a note must have been over: vague times need some."""

_NOTHING_SEEN = Surveillance()
_EVER = datetime.min.replace(tzinfo=UTC)

NoteItemT = TypeVar("NoteItemT", IncidentItem, WindowItem)
_T = TypeVar("_T")

_FEW = 100
"""How many new items are put into their places one by one; with more of them all are sorted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """The notes of a content in two parts: those that are settled, and the others as they are written.

    Everything about the settled ones happened before `until`. `incidents` and `windows` hold the
    public ones by slug, latest beginning first, and `past` holds all of them, latest end first.
    `incomplete` counts those that are shown with a mark.
    """

    until: datetime = _EVER
    incidents: Mapping[str, IncidentItem] = field(default_factory=dict)
    windows: Mapping[str, WindowItem] = field(default_factory=dict)
    past: tuple[IncidentItem | WindowItem, ...] = ()
    incomplete: int = 0
    open_incidents: tuple[Incident, ...] = ()
    open_windows: tuple[Maintenance, ...] = ()

    @classmethod
    def none(cls, content: Content) -> Settled:
        """Every note of a content counted among those that may still change."""
        return cls(open_incidents=content.incidents, open_windows=content.windows)

    def holds(self, memory: Memory, now: datetime) -> bool:
        """Whether the parts are still right at a moment, with what is remembered then."""
        return self.until <= min([now, *(sighting.began - _MARGIN for sighting in memory.sightings)])


def settled(content: Content, memory: Memory, now: datetime, before: Settled | None = None) -> Settled:
    """The parts of a content; what was settled `before`, of an earlier content, is not worked out again."""
    until = min([now.astimezone(UTC), *(sighting.began for sighting in memory.sightings)]) - _MARGIN
    known = before if before is not None and before.until <= until else Settled()
    incidents = {note.slug: _incident(note, content, until, known) for note in content.incidents}
    windows = {note.slug: _window(note, content, until, known) for note in content.windows}
    closed_incidents = [item for item in incidents.values() if item]
    closed_windows = [item for item in windows.values() if item]
    past: list[IncidentItem | WindowItem] = [*closed_incidents, *closed_windows]
    return Settled(
        until=until,
        incidents=_by_slug(_ordered(closed_incidents, known.incidents.values(), by_beginning)),
        windows=_by_slug(_ordered(closed_windows, known.windows.values(), by_beginning)),
        past=tuple(_ordered(past, known.past, by_end)),
        incomplete=sum(item.note.is_marked for item in past),
        open_incidents=tuple(note for note in content.incidents if not incidents[note.slug]),
        open_windows=tuple(note for note in content.windows if not windows[note.slug]),
    )


def _by_slug(items: Iterable[NoteItemT]) -> dict[str, NoteItemT]:
    return {item.slug: item for item in items}


def _ordered(items: Sequence[_T], known: Iterable[_T], key: Callable[[_T], Any]) -> list[_T]:
    """The items, greatest first; those that are `known` to be in that order are not compared again."""
    present = {id(item) for item in items}
    kept = [item for item in known if id(item) in present]
    present.difference_update(map(id, kept))
    if len(present) > _FEW:
        return sorted(items, key=key, reverse=True)
    kept.reverse()
    for item in items:
        if id(item) in present:
            insort(kept, item, key=key)
    kept.reverse()
    return kept


def _incident(note: Incident, content: Content, until: datetime, known: Settled) -> IncidentItem | None:
    """The incident as it stands for good, None while that may change or nobody may see it."""
    item = known.incidents.get(note.slug)
    if item is not None and item.note is note:
        return item
    if any(point >= until for point in turning_points(note, content.read_at)):
        return None
    if not is_public(note, content.read_at, until):
        return None
    item = incident_item(note, content.read_at, until)
    is_over = item.phase.is_ended and item.ended is not None and item.ended.at < until
    return item if is_over else None


def _window(note: Maintenance, content: Content, until: datetime, known: Settled) -> WindowItem | None:
    """The window as it stands for good, None while that may change or nobody may see it."""
    item = known.windows.get(note.slug)
    if item is not None and item.note is note:
        return item
    points = turning_points(note, content.read_at) | window_turning_points(note)
    if any(point >= until for point in points) or not is_public(note, content.read_at, until):
        return None
    item = window_item(note, _NOTHING_SEEN, content.read_at, until)
    if item.life in CURRENT or not (end_of(note) or item.ended):
        return None
    return replace(item, remarks=window_remarks(item, _NOTHING_SEEN, (), UTC, until))
