"""How an issue of cState ended: what its front matter says, and what its updates say, made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from status_plugin.core.words import IncidentPhase, MaintenancePhase
from status_plugin.staff.importing.cstate.entries import Entry, updates_of
from status_plugin.staff.importing.cstate.issue_fields import IssueFields
from status_plugin.staff.importing.foreign_site import ForeignUpdate, Time, instant


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """The end for the front matter of a note, None where an update tells it or it is open; all updates."""

    ended: Time | None
    updates: tuple[ForeignUpdate, ...]


class Closing:
    """Closes one issue; doubts go to `fields`."""

    def __init__(self, fields: IssueFields, zone: tzinfo) -> None:
        self._fields = fields
        self._zone = zone

    def of_post(self, entries: Sequence[Entry], at: Time | None) -> Ending:
        """The end of what only informs."""
        message = "It only informs, and there are no such notes here."
        made = "It is imported as an incident without impact that is over."
        self._fields.warn("informational", "informational", message, made)
        return Ending(ended=at, updates=updates_of([entry.without_phase() for entry in entries]))

    def of_open_incident(self, entries: Sequence[Entry], ended: Time | None) -> Ending:
        """An incident that is not resolved stays open, whatever else says that it is over."""
        kept = list(entries)
        phased = [index for index, entry in enumerate(kept) if isinstance(entry.phase, IncidentPhase)]
        while phased and kept[phased[-1]].phase in (IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM):
            entry = kept[phased[-1]]
            message = f"'{entry.said.passage.label}' says that it is over, and 'resolved' is not true."
            self._fields.warn("resolved", "open-or-not", message, "It is open: add an update that ends it.")
            kept[phased.pop()] = entry.without_phase()
        if ended is not None:
            message = f"'resolvedWhen' is '{self._fields.text('resolvedwhen')}', and 'resolved' is not true."
            self._fields.warn("resolved", "open-or-not", message, "It is open: add an update that ends it.")
        return Ending(ended=None, updates=updates_of(kept))

    def of_incident(self, entries: Sequence[Entry], ended: Time | None, fallback: Time | None) -> Ending:
        """The end of a resolved incident: that of the front matter, and of the update that says so."""
        closing = next((entry for entry in entries if entry.phase is IncidentPhase.RESOLVED), None)
        if ended is None and closing is None:
            ended = self._guess(entries, fallback)
        over = ended if closing is None else closing.at
        kept = [self._after_the_end(entry, over) for entry in entries]
        if closing is None or ended is None or ended == closing.at:
            return Ending(ended=ended if closing is None else None, updates=updates_of(kept))
        if self._at(ended) < self._at(closing.at):
            kept = [replace(entry, since=ended) if entry is closing else entry for entry in kept]
            return Ending(ended=None, updates=updates_of(kept))
        message = f"'resolvedWhen' is later than the update '{closing.said.passage.label}'."
        self._fields.warn("resolvedwhen", "two-ends", message, "The time of 'resolvedWhen' counts.")
        return Ending(ended=ended, updates=updates_of(kept))

    def of_window(self, entries: Sequence[Entry], ended: Time | None, *, is_over: bool) -> Ending:
        """The end of a window, and an update that confirms it where 'resolved' alone does."""
        updates = updates_of(entries)
        ends = (MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED)
        closing = next((entry for entry in entries if entry.phase in ends), None)
        if ended is None and entries:
            ended = closing.at if closing else entries[-1].at if is_over else None
            if ended is not None:
                made = "The time of the last update is taken."
                self._fields.warn("resolvedwhen", "end-missing", "Nothing says when the window ends.", made)
        if is_over and closing is None and ended is not None:
            over = max(ended, *(entry.at for entry in entries), key=self._at) if entries else ended
            done = ForeignUpdate(at=over, text="Completed.", phase=MaintenancePhase.COMPLETED)
            if isinstance(over, datetime):
                updates = (*updates, done)
        return Ending(ended=ended, updates=updates)

    def _guess(self, entries: Sequence[Entry], fallback: Time | None) -> Time | None:
        """The day on which a resolved incident was last heard of."""
        at = entries[-1].at if entries else fallback
        if at is None:
            return None
        day = at.astimezone(self._zone).date() if isinstance(at, datetime) else at
        message = "It is resolved, and nothing says when."
        made = f"{day.isoformat()}, the day on which it was last heard of, is taken."
        self._fields.warn("resolved", "end-missing", message, made)
        return day

    def _after_the_end(self, entry: Entry, over: Time | None) -> Entry:
        """The entry without a phase that would open the incident again."""
        is_open = isinstance(entry.phase, IncidentPhase) and not entry.phase.is_ended
        if over is None or not is_open or self._at(entry.at) <= self._end_of(over):
            return entry
        message = f"'{entry.said.passage.label}' (line {entry.line}) is later than the end of the incident."
        self._fields.warn("resolved", "update-after-end", message, "It stays over; the word is in the text.")
        return entry.without_phase()

    def _at(self, at: Time) -> datetime:
        return instant(at, self._zone)

    def _end_of(self, over: date) -> datetime:
        """The end of a day, or the moment."""
        at = self._at(over)
        return at if isinstance(over, datetime) else at.replace(hour=23, minute=59)
