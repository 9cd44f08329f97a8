"""What was said in an issue, with the phase that its label means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from status_plugin.core.words import Phase
from status_plugin.staff.importing.cstate.chronology import Said
from status_plugin.staff.importing.foreign_site import ForeignUpdate, Time
from status_plugin.staff.importing.phase_labels import phase_of, says_no_more


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something said, the phase it brings, and when that became true, if earlier."""

    said: Said
    phase: Phase | None
    since: Time | None = None

    @property
    def at(self) -> Time:
        """When it was said."""
        return self.said.at

    @property
    def line(self) -> int:
        """Its line in the file."""
        return self.said.passage.line

    def without_phase(self) -> Entry:
        """The same words, which bring no phase any more; the label stays in the text then."""
        return replace(self, phase=None, since=None)

    def update(self) -> ForeignUpdate:
        """The update; a label is left out where our own word for the phase says the same."""
        passage = self.said.passage
        is_said = says_no_more(passage.label, self.phase)
        text = passage.text if is_said and passage.text else passage.labelled
        parts = [text, *(one.labelled for one in self.said.more)]
        return ForeignUpdate(
            at=self.at,
            text="\n\n".join(filter(None, parts)),
            line=self.line,
            phase=self.phase,
            since=self.since,
        )


def entries_of(said: Iterable[Said], *, is_window: bool) -> tuple[Entry, ...]:
    """What was said, each with its phase."""
    return tuple(Entry(said=one, phase=phase_of(one.passage.label, is_window=is_window)) for one in said)


def updates_of(entries: Sequence[Entry]) -> tuple[ForeignUpdate, ...]:
    """The updates that entries are."""
    return tuple(entry.update() for entry in entries)
