"""Reads a note: front matter, description and updates, with every error costing as little as it can."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from pathlib import PurePosixPath

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.frontmatter import FrontMatter, read_front_matter
from status_plugin.core.notes.keys import INCIDENT_KEYS, WINDOW_KEYS, names
from status_plugin.core.notes.note import Incident, Maintenance, Note
from status_plugin.core.notes.note_fields import NoteFields
from status_plugin.core.notes.slugs import slugify
from status_plugin.core.notes.updates import Body, read_body
from status_plugin.core.problems import Problem, Severity
from status_plugin.core.times.moments import Moment
from status_plugin.core.times.time_parts import read_time_parts
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State

NoteKind = type[Incident] | type[Maintenance]

# These errors are marked where they stand, or change nothing that visitors read.
_COST_NOTHING = frozenset({"ahead-of-clock", "control-character", "unquoted-text"})


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteReading:
    """What came of reading a file: a note, or None and the problems that withhold it.

    `hidden` is a draft: there is no note and no problem. `doubtful` says that the file may have been
    meant to be hidden, so that no earlier reading of it may stand in for it.
    """

    note: Incident | Maintenance | None = None
    problems: tuple[Problem, ...] = ()
    hidden: bool = False
    doubtful: bool = False

    @property
    def is_ahead_of_clock(self) -> bool:
        """Whether a later reading of the same text may find less wrong with it."""
        return any(problem.rule == "ahead-of-clock" for problem in self.problems)


def read_note(
    text: str,
    *,
    path: str,
    kind: NoteKind,
    zone: tzinfo,
    inventory: Inventory | None,
    read_at: datetime,
    drafts: bool = False,
) -> NoteReading:
    """The note in a text; an error costs its field, and only what may have to stay hidden is withheld.

    With `drafts` a draft is read, too, as a note that says so.
    Without an inventory nobody knows what the note affects: it affects nothing and is incomplete.
    """
    head = read_front_matter(text, path=path)
    if head.fields is None:
        return NoteReading(problems=head.problems, doubtful=head.doubtful)
    findings = Findings(path, head.problems)
    fields = NoteFields(head.fields, findings, zone=zone, inventory=inventory, read_at=read_at)
    visibility = _read_visibility(fields, kind)
    if visibility.draft and not drafts:
        return NoteReading(hidden=True)
    if visibility.doubtful or head.doubtful:
        return NoteReading(problems=findings.in_order, doubtful=True)
    # Updates that name no day are read beside the beginning, even if it is too doubtful to be shown.
    beginning = fields.past_moment("started") if kind is Incident else fields.moment("starts")
    bare = (
        _read_incident(fields, path, beginning) if kind is Incident else _read_window(fields, path, beginning)
    )
    beginning = beginning or fields.day_of("started" if kind is Incident else "starts")
    body = _read_body(bare, head, beginning, zone=zone, inventory=inventory, read_at=read_at)
    findings.problems += body.problems
    note = _with_common_fields(replace(bare, text=body.text, updates=body.updates), fields, visibility)
    _check_file_name(note, findings)
    _check_beginning(note, fields)
    affects_unknown = inventory is None and not fields.is_blank("affects")
    note = replace(note, incomplete=affects_unknown or any(map(_costs_something, findings.problems)))
    return NoteReading(note=note, problems=findings.in_order)


def _with_common_fields(
    note: Incident | Maintenance, fields: NoteFields, visibility: _Visibility
) -> Incident | Maintenance:
    """The note with what the front matter of either kind may say."""
    return replace(
        note,
        posts=fields.posts(),
        tags=fields.words("tags"),
        language=fields.language("lang"),
        aliases=fields.slugs("aliases"),
        announced=visibility.announced,
        postmortem_due=fields.moment("postmortem_due"),
        redacted=visibility.redacted,
        draft=visibility.draft,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Visibility:
    """What the guards say; `doubtful` when one cannot be read, or may have been misspelt."""

    draft: bool
    announced: Moment | None
    redacted: bool
    doubtful: bool


def _read_visibility(fields: NoteFields, kind: NoteKind) -> _Visibility:
    is_misspelt = fields.report_unknown(names(INCIDENT_KEYS if kind is Incident else WINDOW_KEYS))
    draft, redacted = fields.flag("draft"), fields.flag("redacted")
    announced = fields.moment("announced")
    if "announced" in fields and fields.is_blank("announced"):
        hint = "Write announced: 2008-09-04 8:00am Eastern, or delete the line."
        fields.error("announced", "empty-time", "There is no time, so the note is not shown.", hint)
    return _Visibility(
        draft=draft is True,
        announced=announced,
        redacted=redacted is True,
        doubtful=is_misspelt or None in (draft, redacted) or ("announced" in fields and announced is None),
    )


def _read_incident(fields: NoteFields, path: str, started: Moment | None) -> Incident:
    resolved = _as_end(fields.past_moment("resolved", previous=started))
    if started and resolved and resolved.at < started.at:
        # That it is over was written on purpose; when it began is what nobody knows now.
        message = f"'{resolved.written}' is before '{started.written}', so the beginning is not shown."
        fields.error("resolved", "resolved-before-started", message, "Check both dates, am and pm.")
        started = None
    impact = fields.state("impact")
    if fields.is_blank("impact"):
        hint = "Write impact: degraded, partial or major."
        fields.warning("impact", "impact-missing", "No impact is given; 'degraded' is taken.", hint)
    impact = impact or State.DEGRADED_PERFORMANCE
    return Incident(
        slug=_slug(path),
        path=path,
        title=_read_title(fields, path),
        affects=fields.affects(impact),
        started=started,
        resolved=resolved,
        impact=impact,
    )


def _read_window(fields: NoteFields, path: str, starts: Moment | None) -> Maintenance:
    if fields.is_blank("starts"):
        hint = "Write starts: 2008-09-04 4:00pm CDT"
        fields.error("starts", "starts-missing", "The window does not say when it starts.", hint)
    return Maintenance(
        slug=_slug(path),
        path=path,
        title=_read_title(fields, path),
        affects=fields.affects(State.UNDER_MAINTENANCE),
        starts=starts,
        ends=_read_end(fields, starts),
        expected_downtime=fields.span("expected_downtime"),
        emergency=fields.flag("emergency") is True,
    )


def _read_end(fields: NoteFields, starts: Moment | None) -> Moment | None:
    ends = _as_end(fields.moment("ends", previous=starts))
    duration = fields.duration("duration")
    if fields.is_blank("ends") and fields.is_blank("duration"):
        hint = "Write ends: 6:00pm CDT, or duration: 2h"
        fields.error("ends", "ends-missing", "The window does not say when it ends.", hint)
    if starts is None:
        return ends
    if ends and ends.at <= starts.at:
        message = f"'{ends.written}' is not after '{starts.written}'."
        fields.error("ends", "ends-before-starts", message, "Check both dates, am and pm.")
        ends = None
    after_duration = _end_after(starts, duration, f"{fields.text('duration')}") if duration else None
    if ends and after_duration and ends.at != after_duration.at:
        message = "It contradicts 'ends', which counts."
        fields.error("duration", "ends-and-duration", message, "Keep one of the two.")
    return ends or after_duration


def _end_after(starts: Moment, duration: timedelta, written: str) -> Moment:
    return replace(starts, at=starts.at + duration, written=f"{written} after {starts.written}")


def _read_title(fields: NoteFields, path: str) -> str:
    title = fields.text("title")
    if fields.is_blank("title"):
        message = "The note has no title; the file's name is shown."
        fields.error("title", "title-missing", message, "Write title: Srv3 is not responding")
    return title or PurePosixPath(path).stem


def _read_body(
    note: Incident | Maintenance,
    head: FrontMatter,
    beginning: Moment | None,
    *,
    zone: tzinfo,
    inventory: Inventory | None,
    read_at: datetime,
) -> Body:
    return read_body(
        head.body,
        path=note.path,
        first_line=head.body_line,
        phases=IncidentPhase if isinstance(note, Incident) else MaintenancePhase,
        start=beginning,
        zone=zone,
        inventory=inventory,
        read_at=read_at,
    )


def _slug(path: str) -> str:
    return slugify(PurePosixPath(path).stem)


def _check_file_name(note: Note, findings: Findings) -> None:
    stem = PurePosixPath(note.path).stem
    if note.slug != stem:
        message = f"'{stem}' cannot stand in an address; the note's is '{note.slug}'."
        findings.warning("file-name", message, f"Call the file {note.slug}.md.")


def _check_beginning(note: Note, fields: NoteFields) -> None:
    if isinstance(note, Incident) and not note.updates and fields.is_blank("started"):
        message = "Nothing says when it began."
        hint = "Write started: 2008-09-03 6:00pm Eastern"
        fields.error("started", "started-missing", message, hint)


def _as_end(moment: Moment | None) -> Moment | None:
    """What ends on a date alone ends with that day."""
    if moment is None or moment.exact or read_time_parts(moment.written).clock:
        return moment
    return replace(moment, at=datetime.combine(moment.local, time(23, 59, 59), tzinfo=moment.zone))


def _costs_something(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR and problem.rule not in _COST_NOTHING
