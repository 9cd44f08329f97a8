"""Every public note as it stands at one moment, with what monitoring says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from status_plugin.core.board.incidents import incident_item
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.publication import is_public
from status_plugin.core.board.remarks import incident_remarks, window_remarks
from status_plugin.core.board.settled import Settled
from status_plugin.core.board.windows import Surveillance, window_item
from status_plugin.core.monitoring.memory import Memory, remember
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.monitoring.word import Facts, Word, facts_in_use, monitoring_words
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The public notes: those that may still change in the order of the folder, and all that are settled.

    The sightings in `memory` already count the words of `now`; since when things are so is only what
    was remembered before, because a moment that somebody asks about is no look at monitoring.
    """

    now: datetime
    facts: Facts
    seen: Surveillance
    memory: Memory
    incidents: tuple[IncidentItem, ...]
    windows: tuple[WindowItem, ...]
    settled: Settled


def standing(
    content: Content,
    summary: Summary,
    memory: Memory,
    now: datetime,
    zone: tzinfo,
    parts: Settled | None = None,
) -> Standing:
    """How everything stands at `now`; times in remarks are told in `zone`.

    `parts` are those of this content, and must hold at `now`; without them every note is looked at.
    """
    parts = parts or Settled.none(content)
    now = now.astimezone(UTC)
    words = monitoring_words(summary, content.inventory or Inventory(), now)
    remembered = replace(remember(memory, words, now), known=memory.known)
    seen = Surveillance.of(words, remembered)
    return Standing(
        now=now,
        facts=facts_in_use(summary, now),
        seen=seen,
        memory=remembered,
        incidents=tuple(_incidents(parts, content, words, remembered, now, zone)),
        windows=tuple(_windows(parts, content, seen, remembered, now, zone)),
        settled=parts,
    )


def _incidents(
    parts: Settled, content: Content, words: Mapping[str, Word], memory: Memory, now: datetime, zone: tzinfo
) -> list[IncidentItem]:
    inventory = content.inventory or Inventory()
    public = [note for note in parts.open_incidents if is_public(note, content.read_at, now)]
    items = [incident_item(note, content.read_at, now) for note in public]
    return [
        replace(item, remarks=incident_remarks(item, words, memory, inventory, zone, now)) for item in items
    ]


def _windows(
    parts: Settled, content: Content, seen: Surveillance, memory: Memory, now: datetime, zone: tzinfo
) -> list[WindowItem]:
    public = [note for note in parts.open_windows if is_public(note, content.read_at, now)]
    items = [window_item(note, seen, content.read_at, now) for note in public]
    return [replace(item, remarks=window_remarks(item, seen, memory.sightings, zone, now)) for item in items]
