"""The facts of an entry in words, for messages and calendars: plain text without marks of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from status_plugin.core.board.items import AlertItem, IncidentItem, ShownUpdate, WindowItem
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.words import State
from status_plugin.web.faces import is_over, phase_name, state_face
from status_plugin.web.page_context import affected
from status_plugin.web.times import Times

INCOMPLETE = "Details incomplete: part of this note cannot be read at the moment."


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Writes facts, one line each; times are told in full, since nobody knows when they are read."""

    times: Times
    rows: Sequence[ComponentRow]

    def incident(self, item: IncidentItem) -> Iterator[str]:
        """What the incident's front matter says."""
        if item.started:
            yield f"Began: {self.times.text(item.started)}"
        if item.note.affects:
            yield f"Affected: {self._states(item.note.affects)}"
        if item.note.incomplete:
            yield INCOMPLETE

    def incident_now(self, item: IncidentItem) -> Iterator[str]:
        """What holds of the incident now that it has gone on: its times, and whom it affects or did."""
        if item.started:
            yield f"Began: {self.times.text(item.started)}"
        if item.ended:
            yield f"Ended: {self.times.text(item.ended)}"
        if item.affects:
            yield f"Affected: {self._states(item.affects, over=is_over(item))}"
        if item.note.incomplete:
            yield INCOMPLETE

    def window(self, item: WindowItem) -> Iterator[str]:
        """What the window's front matter says."""
        note = item.note
        if note.starts or note.ends:
            yield f"Window: {self.times.span(note.starts, note.ends).striptags()}"
        if note.expected_downtime:
            yield f"Expected downtime: {note.expected_downtime.written}"
        if note.affects:
            names = [part.name for part in affected(note.affects, self.rows, over=False)]
            yield f"Affected: {', '.join(names)}"
        if note.incomplete:
            yield INCOMPLETE

    def update(self, shown: ShownUpdate) -> Iterator[str]:
        """What the brackets of an update say beside its phase."""
        update = shown.update
        if update.since:
            yield f"Since: {self.times.text(update.since)}"
        if update.impact:
            yield f"Impact: {state_face(update.impact).word}"
        if update.affects:
            yield f"Now: {self._states(update.affects)}"
        if update.next_update:
            yield f"Next update: {self.times.text(update.next_update)}"

    def alert(self, item: AlertItem, *, is_over: bool) -> Iterator[str]:
        """When monitoring saw it, and that nobody wrote it."""
        yield f"Began: {self.times.text(item.started)}"
        if is_over:
            yield f"Ended: {self.times.text(item.ended)}"
        yield f"Affected: {self._states(item.affects)}"
        yield "Seen by our monitoring; nobody has written about it."

    def update_head(self, shown: ShownUpdate) -> str:
        """When an update was said and the phase that it announces: "Thu 4 Sep 2008, 17:33 EDT, Verifying"."""
        at = self.times.text(shown.update.at)
        return f"{at}, {phase_name(shown.update.phase)}" if shown.update.phase else at

    def _states(self, states: Mapping[str, State], *, over: bool = False) -> str:
        parts = affected(states, self.rows, over=over)
        return ", ".join(f"{part.name} ({part.face.word.lower()})" for part in parts)
