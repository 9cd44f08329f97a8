"""Golden cases of the board: a YAML file with notes, monitoring and what the board says at each moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from status_plugin.core.board.board import Board, Rules, board
from status_plugin.core.board.items import AlertItem, IncidentItem, Item, WindowItem
from status_plugin.core.monitoring.memory import Memory, remember
from status_plugin.core.monitoring.summary import Observation, Reading, Seen, Summary
from status_plugin.core.monitoring.word import monitoring_words
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import read_note
from status_plugin.core.words import State

FOLDER = Path(__file__).parent / "golden" / "board"
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One file: what there is, and what the board must say at which moment."""

    name: str
    raw: dict[str, Any]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the times in the case."""
        return ZoneInfo(self.raw.get("zone", "America/New_York"))

    def time(self, text: str) -> datetime:
        """A clock time of the case's day, or a day and time, in the case's zone unless it names an offset."""
        written = text if re.match(r"\d{4}-", text) else f"{self.raw['day']} {text}"
        at = datetime.fromisoformat(written)
        return at if at.tzinfo else at.replace(tzinfo=self.zone)

    def inventory(self) -> Inventory | None:
        """The components, None when the case has none."""
        if self.raw.get("components") is None:
            return None
        return Inventory(
            components=tuple(
                Component(slug=slug, name=slug.capitalize(), checks=None if checks is None else tuple(checks))
                for slug, checks in self.raw["components"].items()
            ),
            complete=self.raw.get("complete", True),
        )

    def content(self) -> Content:
        """The notes, read as a person's files are; `read_at` says when, by default long afterwards."""
        read_at = self.time(self.raw["read_at"]) if "read_at" in self.raw else FAR_AHEAD
        notes = [self._note(path, text, read_at) for path, text in self.raw.get("notes", {}).items()]
        return Content(
            inventory=self.inventory(),
            incidents=tuple(note for note in notes if isinstance(note, Incident)),
            windows=tuple(note for note in notes if isinstance(note, Maintenance)),
            withheld=self.raw.get("withheld", 0),
            gaps_since=self.time(self.raw["gaps_since"]) if "gaps_since" in self.raw else None,
            read_at=read_at,
        )

    def _note(self, path: str, text: str, read_at: datetime) -> Incident | Maintenance:
        kind = Incident if path.startswith("incidents/") else Maintenance
        reading = read_note(
            text, path=path, kind=kind, zone=self.zone, inventory=self.inventory(), read_at=read_at
        )
        assert reading.note is not None, f"{path}: {[str(problem) for problem in reading.problems]}"
        allowed = self.raw.get("problems", [])
        unexpected = [str(p) for p in reading.problems if p.rule not in allowed]
        assert not unexpected, f"a golden case has a mistake in its notes: {unexpected}"
        return reading.note

    def summary(self, now: datetime) -> Summary:
        """The latest reading of every source by `now`."""
        readings = {
            entry["source"]: self._reading(entry)
            for entry in self.raw.get("monitoring", [])
            if self.time(entry["at"]) <= now
        }
        return Summary(coverage=self._coverage(), readings=readings)

    def _coverage(self) -> dict[str, dict[str, tuple[str, ...]]]:
        if "coverage" in self.raw:
            given = self.raw["coverage"]
            return {s: {slug: tuple(labels) for slug, labels in slugs.items()} for s, slugs in given.items()}
        coverage: dict[str, dict[str, tuple[str, ...]]] = {}
        for entry in self.raw.get("monitoring", []):
            for slug, seen in entry["seen"].items():
                labels = tuple(label for label in seen if label != "host")
                coverage.setdefault(entry["source"], {})[slug] = labels
        return coverage

    def _reading(self, entry: dict[str, Any]) -> Reading:
        at = self.time(entry["at"])
        fresh_until = at + timedelta(seconds=entry.get("fresh_for", 300))
        return Reading(
            written_at=at,
            fresh_until=fresh_until,
            components={
                slug: Seen(
                    host=self._observation(seen["host"], fresh_until) if "host" in seen else None,
                    checks={n: self._observation(t, fresh_until) for n, t in seen.items() if n != "host"},
                )
                for slug, seen in entry["seen"].items()
            },
        )

    def _observation(self, text: str, fresh_until: datetime) -> Observation:
        """Such as `major_outage since 16:50`, `operational downtime 17:00`, `unknown unreachable`."""
        times = dict(re.findall(r"(since|downtime|until) (\S+)", text))
        return Observation(
            state=State(text.split()[0]),
            since=self.time(times["since"]) if "since" in times else None,
            downtime_since=self.time(times["downtime"]) if "downtime" in times else None,
            fresh_until=self.time(times["until"]) if "until" in times else fresh_until,
            unreachable="unreachable" in text,
        )

    def memory(self, now: datetime) -> Memory:
        """What is remembered of every look at monitoring up to `now`."""
        memory = Memory()
        inventory = self.inventory() or Inventory()
        for entry in self.raw.get("monitoring", []):
            at = self.time(entry["at"])
            if at <= now:
                memory = remember(memory, monitoring_words(self.summary(at), inventory, at), at)
        return memory

    def board(self, at: str) -> Board:
        """The board at a moment."""
        now = self.time(at)
        rules = Rules(zone=self.zone, past_count=self.raw.get("past_count", 5))
        return board(self.content(), self.summary(now), self.memory(now), now, rules)


def load_cases() -> list[Case]:
    """Every case in the folder."""
    return [Case(path.stem, yaml.safe_load(path.read_text())) for path in sorted(FOLDER.glob("*.yml"))]


def described(found: Board) -> dict[str, Any]:
    """A board in the words of the golden files."""
    return {
        "overall": found.overall.state.value,
        "text": found.overall.text,
        "rows": {row.component.slug: row.state.value for row in found.rows},
        "basis": {row.component.slug: row.basis.value for row in found.rows},
        "since": {row.component.slug: _clock(row.since) for row in found.rows},
        "checks": {
            row.component.slug: {check.name: check.state.value for check in row.checks} for row in found.rows
        },
        "row_remarks": {row.component.slug: list(row.remarks) for row in found.rows if row.remarks},
        "current": [item_text(item) for item in found.current],
        "scheduled": [item_text(item) for item in found.scheduled],
        "past": [item_text(item) for item in found.past],
        "titles": {item.slug: item.title for item in (*found.current, *found.scheduled, *found.past)},
        "remarks": {i.slug: list(i.remarks) for i in (*found.current, *found.past) if i.remarks},
        "newest": {i.slug: _newest(i) for i in (*found.current, *found.past) if i.updates},
        "next_update": {
            i.slug: f"{i.next_update.at.local:%H:%M}{' overdue' if i.next_update.overdue else ''}"
            for i in found.current
            if i.next_update
        },
        "affects": {i.slug: {k: v.value for k, v in i.affects.items()} for i in found.current},
        "ended": {
            i.slug: _clock(i.ended.at if i.ended else None)
            for i in (*found.current, *found.past)
            if isinstance(i, WindowItem)
        },
        "announced_from": {
            i.slug: _clock(i.announced_from)
            for i in (*found.current, *found.past)
            if isinstance(i, AlertItem)
        },
        "facts_at": _clock(found.facts_at),
        "valid_until": _clock(found.valid_until),
        "problems": found.problems,
        "gaps": list(found.gaps),
        "in_doubt_since": _clock(found.in_doubt_since),
        "monitored": found.monitored,
    }


def item_text(item: Item) -> str:
    """An entry in two or three words: slug, phase, and a window's life where it says more."""
    if isinstance(item, IncidentItem):
        return f"{item.slug} {item.phase}"
    if isinstance(item, WindowItem):
        return f"{item.slug} {item.phase}" + (f" ({item.life})" if item.life != item.phase else "")
    return f"{item.slug} alert"


def _newest(item: Item) -> str:
    shown = item.updates[0]
    return f"{shown.update.at.local:%H:%M}{' ahead' if shown.ahead else ''}"


def _clock(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(ZoneInfo('America/New_York')):%H:%M:%S}"
