"""Incidents and maintenance windows, read from Markdown with front matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from status_plugin.core.notes.edit import Edit
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.times.spans import Span
from status_plugin.core.words import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A blog post about a note."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What incidents and maintenance windows have in common.

    `path` is relative to the content folder. `text` is the Markdown before the first update;
    `updates` run oldest first. `affects` maps component slugs to the state that the front matter
    claims. `language` is the code of the language that it is written in, empty for the site's own.
    `announced` hides the note before that time. Only who asks for drafts has any note that is a
    `draft`. `incomplete` says that a field could not be read; `kept_since` that the file cannot be
    read at present and this is its last good reading. `aliases` are earlier slugs, the first of them
    in front. `edit` marks a change of anything outside the updates after the note was public; each
    update has a mark of its own.
    """

    slug: str
    path: str
    title: str
    text: str = ""
    updates: tuple[Update, ...] = ()
    affects: Mapping[str, State] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    aliases: tuple[str, ...] = ()
    announced: Moment | None = None
    postmortem_due: Moment | None = None
    redacted: bool = False
    draft: bool = False
    incomplete: bool = False
    kept_since: datetime | None = None
    edit: Edit | None = None

    @property
    def is_marked(self) -> bool:
        """Whether it is shown with a mark that something about it cannot be read."""
        return self.incomplete or self.kept_since is not None

    @property
    def first_slug(self) -> str:
        """The slug that the note had first; a new name of its file does not change it."""
        return self.aliases[0] if self.aliases else self.slug


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident(Note):
    """Something that broke. `resolved` is the end written in the front matter, if any."""

    started: Moment | None = None
    resolved: Moment | None = None
    impact: State = State.DEGRADED_PERFORMANCE


@dataclass(frozen=True, kw_only=True, slots=True)
class Maintenance(Note):
    """Planned work. A window whose `starts` or `ends` could not be read has None there."""

    starts: Moment | None = None
    ends: Moment | None = None
    expected_downtime: Span | None = None
    emergency: bool = False
