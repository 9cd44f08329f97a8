"""`flask status draft`: the note for what monitoring saw and nobody described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from status_plugin.core.board.alerts import uncovered_events
from status_plugin.core.monitoring.sightings import Sighting, SightingKind
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.problems import UnreadableError
from status_plugin.core.words import worst
from status_plugin.staff.desk.files import alone_with, create_file
from status_plugin.staff.desk.new_note import INCIDENTS, free_path
from status_plugin.web.edition import Edition


class NothingToDraftError(Exception):
    """There is no outage without a note that was meant; the message says so to a person."""


def chosen_event(edition: Edition, what: str | None) -> list[Sighting]:
    """What happened under the name of an alert, or to a component; else the worst that is on, or the latest.

    Raises NothingToDraftError.
    """
    inventory = edition.content.inventory or Inventory()
    events = undescribed(edition)
    if what is None:
        if not events:
            raise NothingToDraftError("There is nothing to draft: every outage that was seen has a note.")
        return max(events.values(), key=_importance)
    if what in events:
        return events[what]
    try:
        slugs = set(inventory.find(what))
    except UnreadableError as error:
        hint = f"Alerts without a note: {', '.join(events) or 'none'}."
        raise NothingToDraftError(
            f"'{what}' is neither an alert nor a component. {error.hint} {hint}"
        ) from None
    found = [seen for seen in events.values() if any(sighting.component in slugs for sighting in seen)]
    if not found:
        raise NothingToDraftError(f"There is nothing to draft: no outage of '{what}' lacks a note.")
    return max(found, key=_importance)


def undescribed(edition: Edition) -> Mapping[str, list[Sighting]]:
    """The outages that no note tells of, by the alert's name; planned work is none."""
    notes = [*edition.notes["incident"].values(), *edition.notes["maintenance"].values()]
    inventory = edition.content.inventory or Inventory()
    events = uncovered_events(edition.snapshot.memory.sightings, notes, inventory)
    return {name: seen for name, seen in events.items() if seen[0].kind is not SightingKind.DOWNTIME}


def write_draft(text: str, seen: Sequence[Sighting], folder: Path, zone: tzinfo, content: Content) -> Path:
    """Write the note as a new file among the incidents; raises RefusedError."""
    first = seen[0]
    with alone_with(folder):
        path = folder / free_path(INCIDENTS, first.component, first.began, zone, content, folder)
        create_file(path, text.encode("utf-8"))
    return path


def _importance(seen: Sequence[Sighting]) -> tuple[bool, int, datetime]:
    """What is on goes before what has passed, then the worse, then the later."""
    open_now = [sighting.state for sighting in seen if sighting.ended is None]
    return bool(open_now), worst(open_now).rank, max(sighting.began for sighting in seen)
