"""What somebody wants to say in an update, and the line that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from status_plugin.core.notes.writing import STAFF_WORDS, update_text
from status_plugin.core.times.moments import Lean, Moment, Neighbour
from status_plugin.core.times.zones import find_zone
from status_plugin.core.words import Phase, State
from status_plugin.staff.desk.time_style import TimeStyle, time_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """An update that is to be written; what is not said of it is None, or nothing."""

    at: Moment
    text: str
    phase: Phase | None = None
    since: Moment | None = None
    next_update: Moment | None = None
    impact: State | None = None
    affects: Mapping[str, State] = field(default_factory=dict)


def word_text(
    word: Word, style: TimeStyle, *, zone: tzinfo, above: Neighbour | None, is_dated: bool = False
) -> str:
    """The update as it is written below an entry of the time `above`, whose zone counts without a name."""
    zone = (above.at.tzinfo if above else None) or zone
    when = time_text(word.at, style, zone=zone, beside=above, is_dated=is_dated)
    said = replace(word.at, zone=find_zone(style.zone_word).info if style.zone_word else zone)
    return update_text(when, word.text, details=list(_details(word, style.without_zone, said)))


def _details(word: Word, style: TimeStyle, said: Moment) -> Iterator[str]:
    zone = said.local.tzinfo or UTC
    if word.phase is not None:
        yield str(word.phase).replace("_", " ")
    if word.since is not None:
        beside = Neighbour.of(said, Lean.EARLIER)
        yield f"since {time_text(word.since, style, zone=zone, beside=beside)}"
    if word.impact is not None:
        yield f"impact {STAFF_WORDS[word.impact]}"
    if word.affects:
        yield f"affects {', '.join(f'{slug}: {STAFF_WORDS[state]}' for slug, state in word.affects.items())}"
    if word.next_update is not None:
        beside = Neighbour.of(said, Lean.LATER)
        yield f"next update {time_text(word.next_update, style, zone=zone, beside=beside)}"
