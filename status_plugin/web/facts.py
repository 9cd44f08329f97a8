"""The facts of an entry in words, for messages and calendars: plain text without marks of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from status_plugin.core.board.items import AlertItem, IncidentItem, ShownUpdate, WindowItem
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.sayings import saying
from status_plugin.core.words import State
from status_plugin.web.faces import is_over, phase_name, state_face
from status_plugin.web.language import Language
from status_plugin.web.page_context import affected
from status_plugin.web.times import Times

INCOMPLETE = saying("Details incomplete: part of this note cannot be read at the moment.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Writes facts, one line each; times are told in full, since nobody knows when they are read."""

    times: Times
    rows: Sequence[ComponentRow]

    def incident(self, item: IncidentItem) -> Iterator[str]:
        """What the incident's front matter says."""
        if item.started:
            yield self._language.say("Began: {time}", time=self.times.text(item.started))
        if item.note.affects:
            yield self._language.say("Affected: {names}", names=self._states(item.note.affects))
        if item.note.incomplete:
            yield self._language.spoken(INCOMPLETE)

    def incident_now(self, item: IncidentItem) -> Iterator[str]:
        """What holds of the incident now that it has gone on: its times, and whom it affects or did."""
        if item.started:
            yield self._language.say("Began: {time}", time=self.times.text(item.started))
        if item.ended:
            yield self._language.say("Ended: {time}", time=self.times.text(item.ended))
        if item.affects:
            yield self._language.say(
                "Affected: {names}", names=self._states(item.affects, over=is_over(item))
            )
        if item.note.incomplete:
            yield self._language.spoken(INCOMPLETE)

    def window(self, item: WindowItem) -> Iterator[str]:
        """What the window's front matter says."""
        note = item.note
        if note.starts or note.ends:
            yield self._language.say(
                "Window: {time}", time=self.times.span(note.starts, note.ends).striptags()
            )
        if note.expected_downtime:
            yield self._language.say("Expected downtime: {length}", length=note.expected_downtime.written)
        if note.affects:
            names = [
                self._language.spoken(part.name) for part in affected(note.affects, self.rows, over=False)
            ]
            yield self._language.say("Affected: {names}", names=", ".join(names))
        if note.incomplete:
            yield self._language.spoken(INCOMPLETE)

    def update(self, shown: ShownUpdate) -> Iterator[str]:
        """What the brackets of an update say beside its phase."""
        update = shown.update
        if update.since:
            yield self._language.say("Since: {time}", time=self.times.text(update.since))
        if update.impact:
            yield self._language.say("Impact: {state}", state=state_face(update.impact).word)
        if update.affects:
            yield self._language.say("Now: {names}", names=self._states(update.affects))
        if update.next_update:
            yield self._language.say("Next update: {time}", time=self.times.text(update.next_update))

    def alert(self, item: AlertItem, *, is_over: bool) -> Iterator[str]:
        """When monitoring saw it, and that nobody wrote it."""
        yield self._language.say("Began: {time}", time=self.times.text(item.started))
        if is_over:
            yield self._language.say("Ended: {time}", time=self.times.text(item.ended))
        yield self._language.say("Affected: {names}", names=self._states(item.affects))
        yield self._language.say("Seen by our monitoring; nobody has written about it.")

    def update_head(self, shown: ShownUpdate) -> str:
        """When an update was said and the phase that it announces: "Thu 4 Sep 2008, 17:33 EDT, Verifying"."""
        at = self.times.text(shown.update.at)
        return f"{at}, {self._language.spoken(phase_name(shown.update.phase))}" if shown.update.phase else at

    def _states(self, states: Mapping[str, State], *, over: bool = False) -> str:
        parts = affected(states, self.rows, over=over)
        return ", ".join(
            f"{self._language.spoken(part.name)} ({self._language.inside(part.face.word)})" for part in parts
        )

    @property
    def _language(self) -> Language:
        return self.times.language
