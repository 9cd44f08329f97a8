"""What a report is made of: the notes as they stand, what monitoring ever saw, and what git knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from status_plugin.core.board.alerts import covers
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.remarks import contradictions
from status_plugin.core.board.standing import Standing, standing
from status_plugin.core.monitoring.archive import all_sightings
from status_plugin.core.monitoring.hindsight import hindsight
from status_plugin.core.monitoring.journal import Line
from status_plugin.core.monitoring.logbook import Logbook
from status_plugin.core.monitoring.looks import HEARTBEAT
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.sightings import Sighting
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content
from status_plugin.staff.reporting.publications import Publications

_JOURNAL = "journal"
"""The source under whose name the past is told."""

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """All that is known at one moment.

    `sightings` has all that was ever seen of each component, oldest first; `logbook` is None where no
    journal is kept.
    """

    stand: Standing
    content: Content
    zone: tzinfo
    sightings: Mapping[str, Sequence[Sighting]] = field(default_factory=dict)
    logbook: Logbook | None = None
    publications: Publications | None = None

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.stand.now

    @property
    def seen_from(self) -> datetime | None:
        """The first look that the journal tells of, None if of none."""
        return self.logbook.record("", self.now, self.now).first_at if self.logbook else None

    @property
    def inventory(self) -> Inventory:
        """The public components."""
        return self.content.inventory or Inventory()

    @property
    def commits(self) -> Publications:
        """What git knows, which may be nothing."""
        return self.publications or Publications()

    def covered_by(self, item: IncidentItem | WindowItem) -> list[Sighting]:
        """What monitoring saw of what a note tells."""
        seen = (sighting for slug in item.affects for sighting in self.sightings.get(slug, ()))
        return [sighting for sighting in seen if speaks_of(item, sighting)]

    def contradictions(self, item: IncidentItem | WindowItem) -> tuple[str, ...]:
        """Where a note and monitoring differ now."""
        seen = self.stand.seen
        return contradictions(item, seen.words, seen.trouble, self.inventory, self.zone, self.now)

    def names(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """The names of components."""
        listed = self.inventory.by_slug
        return tuple(listed[slug].name if slug in listed else slug for slug in slugs)


def speaks_of(item: IncidentItem | WindowItem, sighting: Sighting) -> bool:
    """Whether a note ever spoke of what was seen, even if that went on after the note's end."""
    return covers(item, sighting) or (
        sighting.ended is None and covers(item, replace(sighting, ended=sighting.last_seen))
    )


def evidence_of(
    stand: Standing,
    content: Content,
    lines: Sequence[Line] | None,
    publications: Publications | None,
    zone: tzinfo,
) -> Evidence:
    """The evidence at the moment at which all stands so; `lines` are the journal's, None without one."""
    past = _up_to(lines or (), stand.now)
    seen = all_sightings(past)
    if past and stand.now - past[-1].at > 2 * HEARTBEAT:
        # Nobody knows whether what was going on at the last look goes on.
        seen = tuple(replace(sighting, lost=sighting.ended is None) for sighting in seen)
    return Evidence(
        stand=stand,
        content=content,
        zone=zone,
        sightings=_joined(stand.memory.sightings, seen),
        logbook=None if lines is None else _logbook(past),
        publications=publications,
    )


def _logbook(lines: Iterable[Line]) -> Logbook:
    logbook = Logbook()
    for line in lines:
        logbook.add(line)
    return logbook


def standing_at(content: Content, lines: Sequence[Line], now: datetime, zone: tzinfo) -> Standing:
    """How everything stood at another moment than now, by the journal's account alone."""
    past = hindsight(lines, now)
    if past is None:
        return standing(content, Summary(), Memory(), now, zone)
    reading = past.reading(now, 2 * HEARTBEAT)
    summary = Summary(coverage={_JOURNAL: past.coverage}, readings={_JOURNAL: reading})
    return standing(content, summary, past.memory, now, zone)


def _up_to(lines: Sequence[Line], now: datetime) -> list[Line]:
    """The lines that there were by then; if looks went on across it, all was still so."""
    past = [line for line in lines if line.at <= now]
    following = next((line for line in lines if line.at > now), None)
    if past and following is not None and following.after == past[-1].at and past[-1].at < now:
        past.append(Line(at=now, after=past[-1].at))
    return past


def _joined(remembered: Sequence[Sighting], written: Sequence[Sighting]) -> dict[str, list[Sighting]]:
    """What is remembered, and what only the journal knows; of two that overlap the remembered one."""
    found: dict[str, list[Sighting]] = {}
    for sighting in remembered:
        found.setdefault(sighting.component, []).append(sighting)
    known = {component: tuple(sightings) for component, sightings in found.items()}
    for sighting in written:
        if not any(_overlap(sighting, other) for other in known.get(sighting.component, ())):
            found.setdefault(sighting.component, []).append(sighting)
    return {slug: sorted(sightings, key=lambda one: one.began) for slug, sightings in found.items()}


def _overlap(one: Sighting, other: Sighting) -> bool:
    if one.kind is not other.kind:
        return False
    return one.began == other.began or (
        one.began < (other.ended or _LAST) and other.began < (one.ended or _LAST)
    )
