"""What any other status page can tell, in one shape: its notes, its components, and what is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path

from status_plugin.core.problems import Problem
from status_plugin.core.words import Phase, State

Time = datetime | date
"""A moment, or a day of which the hour is not known."""


class ForeignSiteError(Exception):
    """There is nothing to import; the message says why to a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignUpdate:
    """One dated word; `text` is Markdown, `affects` gives new states by the other page's own names.

    `line` is that of its source.
    """

    at: Time
    text: str
    line: int = 1
    phase: Phase | None = None
    since: Time | None = None
    affects: Mapping[str, State] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignNote:
    """One incident or window as the other page has it, whatever may be wrong with it.

    `source` names it for good inside its site and is shown in doubts, `name` is what its file should be
    called. `affects` are names of the other page, a state of their own beside them if they have one.
    `affects_line` and `text_line` are lines of the source. `remarks` are lines that have no place in a
    note; they are kept as comments. `old_addresses` are the paths at which visitors know it.
    """

    source: str
    name: str
    is_window: bool
    title: str
    began: Time | None = None
    ended: Time | None = None
    impact: State = State.DEGRADED_PERFORMANCE
    affects: Mapping[str, State | None] = field(default_factory=dict)
    affects_line: int = 1
    text: str = ""
    text_line: int = 1
    updates: tuple[ForeignUpdate, ...] = ()
    announced: Time | None = None
    is_draft: bool = False
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    old_addresses: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignComponent:
    """A component; `name` is what notes call it, `title` what visitors read."""

    name: str
    title: str
    group: str = ""
    description: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignSite:
    """All of another page; `identity` tells it from others of its kind, `zone` is in which it speaks."""

    identity: str
    zone: tzinfo
    components: tuple[ForeignComponent, ...] = ()
    notes: tuple[ForeignNote, ...] = ()
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportTerms:
    """How to read: the zone of times that name none, if the person knows it, the clock, and what is settled.

    `windows` are the sources that an earlier run has taken for maintenance windows.
    """

    zone: tzinfo | None
    now: datetime
    windows: frozenset[str] = frozenset()


SiteReader = Callable[[Path, ImportTerms], ForeignSite]
"""Reads a site from a folder or file; raises ForeignSiteError."""


def instant(at: Time, zone: tzinfo) -> datetime:
    """The moment, in UTC; of a day its beginning."""
    whole = at if isinstance(at, datetime) else datetime.combine(at, time.min, tzinfo=zone)
    return whole.astimezone(UTC)
