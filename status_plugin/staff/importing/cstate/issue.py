"""One issue of cState as a note of any other page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import PurePosixPath

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.update_details import Spot
from status_plugin.core.problems import Problem, Severity
from status_plugin.core.words import IncidentPhase, State
from status_plugin.staff.importing.cstate.chronology import Said, in_time
from status_plugin.staff.importing.cstate.closing import Closing, Ending
from status_plugin.staff.importing.cstate.entries import Entry, entries_of
from status_plugin.staff.importing.cstate.foreign_markup import hide_comments
from status_plugin.staff.importing.cstate.issue_doubts import doubt_parts, doubt_times
from status_plugin.staff.importing.cstate.issue_fields import IssueFields
from status_plugin.staff.importing.cstate.issue_times import IssueTimes
from status_plugin.staff.importing.cstate.passages import Parts, take_apart
from status_plugin.staff.importing.cstate.planned_work import Evidence, is_planned
from status_plugin.staff.importing.foreign_head import ForeignHead, read_foreign_head
from status_plugin.staff.importing.foreign_site import ForeignNote, Time, instant
from status_plugin.staff.importing.phase_labels import phase_of

_DAY_IN_NAME = re.compile(r"(?:\A|/)([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueFile:
    """An issue's file; `name` is its part of the address, `written` when git first saw it, if it did.

    `translates` is the file in the site's own language of which this one is a translation.
    """

    path: str
    text: str
    name: str
    address: str
    written: datetime | None = None
    translates: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueReading:
    """What came of an issue; `is_any_naive` says that a time in it names no zone."""

    note: ForeignNote
    problems: tuple[Problem, ...]
    is_any_naive: bool


def read_issue(file: IssueFile, *, zone: tzinfo, now: datetime, is_known_window: bool) -> IssueReading:
    """The note that a file holds; whatever is wrong with it is told, and no word of it is lost."""
    head = read_foreign_head(file.text, path=file.path)
    findings = Findings(file.path, _as_doubts(head))
    times = IssueTimes(findings, zone)
    if head.fields is None:
        note = _unreadable(file, head, findings)
    else:
        fields = IssueFields(head.fields, findings)
        note = _Issue(file, head, fields, findings, times, now, is_known_window).read()
    return IssueReading(note=note, problems=findings.in_order, is_any_naive=times.is_any_naive)


def _as_doubts(head: ForeignHead) -> list[Problem]:
    """The problems of the front matter; one that could be read all the same is a warning."""
    severity = Severity.ERROR if head.fields is None else Severity.WARNING
    return [
        Problem(
            rule=problem.rule,
            path=problem.path,
            line=problem.line,
            column=problem.column,
            field=problem.field,
            message=problem.message,
            hint="It is read as far as it can be."
            if head.fields is not None
            else "Hugo cannot read it either.",
            severity=severity,
        )
        for problem in head.problems
    ]


def _unreadable(file: IssueFile, head: ForeignHead, findings: Findings) -> ForeignNote:
    made = "The whole text is imported as a draft; put it right and delete 'draft'."
    findings.error("unreadable-issue", "Nothing tells what this issue is about.", made)
    return ForeignNote(
        source=file.path,
        name=file.name,
        is_window=False,
        title=PurePosixPath(file.path).stem,
        began=_day_in_name(file) or file.written,
        text=hide_comments(head.body),
        is_draft=True,
        old_addresses=(file.address,),
    )


def _day_in_name(file: IssueFile) -> date | None:
    found = _DAY_IN_NAME.search(file.path)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


class _Issue:
    """Reads one issue whose front matter can be read."""

    def __init__(
        self,
        file: IssueFile,
        head: ForeignHead,
        fields: IssueFields,
        findings: Findings,
        times: IssueTimes,
        now: datetime,
        is_known_window: bool,
    ) -> None:
        self._file = file
        self._head = head
        self._fields = fields
        self._findings = findings
        self._times = times
        self._now = now
        self._is_known_window = is_known_window
        self._is_informational = fields.flag("informational", in_doubt=False)

    def read(self) -> ForeignNote:
        """The note."""
        fields, file = self._fields, self._file
        parts = take_apart(hide_comments(self._head.body), first_line=self._head.body_line)
        doubt_parts(parts, head=self._head, fields=fields, findings=self._findings)
        began, ended = self._times_of_issue()
        chronology = in_time(parts.passages, self._times, self._findings, began=began, ended=ended)
        began = began or self._beginning(chronology.said)
        is_window = self._is_window(parts, chronology.said, began, ended)
        entries = entries_of(chronology.said, is_window=is_window)
        earliest = None if is_window else began
        doubt_times(entries, earliest, ended, zone=self._times.zone, findings=self._findings)
        ending = self._ending(entries, began, ended, is_window=is_window)
        return ForeignNote(
            source=file.path,
            name=fields.text("slug") or file.name,
            is_window=is_window,
            title=self._title(),
            began=began,
            ended=ending.ended,
            impact=self._impact(is_window=is_window),
            affects=dict.fromkeys(fields.texts("affected", "affectedsystems")),
            affects_line=fields.line("affected" if fields.get("affected") else "affectedsystems"),
            text_line=self._head.body_line,
            text="\n\n".join(filter(None, [*(one.labelled for one in chronology.undated), parts.text])),
            updates=ending.updates,
            announced=self._announced(began, is_window=is_window),
            is_draft=self._is_draft(),
            tags=fields.texts("tags", "categories"),
            aliases=fields.aliases(),
            old_addresses=fields.old_addresses(file.address),
            remarks=fields.remarks(),
        )

    def _times_of_issue(self) -> tuple[Time | None, Time | None]:
        fields, times = self._fields, self._times
        date_field, end_field = times.of_field(fields.get("date")), times.of_field(fields.get("resolvedwhen"))
        began = date_field.at if date_field else None
        ended = end_field.until or end_field.at if end_field else None
        if ended is None and date_field is not None:
            ended = date_field.until
        return began, ended

    def _beginning(self, said: Sequence[Said]) -> Time | None:
        """The beginning of an issue without a date that can be read."""
        day = _day_in_name(self._file)
        choices = [
            (said[0].at if said else None, "The time of the oldest update is taken."),
            (day, "The day in the file's name is taken."),
            (self._file.written, "The time at which git first saw the file is taken."),
        ]
        for at, made in choices:
            if at is not None:
                self._fields.warn("date", "date-missing", "No date can be read.", made)
                return at
        self._fields.warn("date", "date-missing", "No date can be read.", "Nothing tells when it began.")
        return None

    def _is_window(self, parts: Parts, said: Sequence[Said], began: Time | None, ended: Time | None) -> bool:
        if self._is_known_window:
            return True
        if self._is_informational and ended is None:
            # Its date is the day of the announcement, not that of the work.
            return False
        zone = self._times.zone
        # Who investigates writes of trouble: if the time is earlier than the issue it is a mistake.
        heard = [instant(one.at, zone) for one in said if not _tells_of_trouble(one)] + [self._now]
        evidence = Evidence(
            severity=self._fields.text("severity").casefold(),
            title=self._fields.text("title"),
            text="\n".join([parts.text, *(one.labelled for one in parts.passages)]),
            began=instant(began, zone) if began else None,
            has_end=ended is not None,
            heard=[*heard, *([self._file.written] if self._file.written else [])],
        )
        is_window, why = is_planned(evidence)
        if why:
            self._fields.warn("severity", "taken-for-window", why, "It is imported as a maintenance window.")
        return is_window

    def _ending(
        self, entries: tuple[Entry, ...], began: Time | None, ended: Time | None, *, is_window: bool
    ) -> Ending:
        fields = self._fields
        closing = Closing(fields, self._times.zone)
        is_over = fields.is_over()
        if is_window:
            return closing.of_window(entries, ended, is_over=is_over)
        if self._is_informational and not is_over:
            return closing.of_post(entries, ended or began)
        if is_over:
            return closing.of_incident(entries, ended, began or self._file.written)
        return closing.of_open_incident(entries, ended)

    def _impact(self, *, is_window: bool) -> State:
        if is_window:
            return State.UNDER_MAINTENANCE
        severity = self._fields.text("severity").casefold()
        return self._fields.impact(severity, is_informational=self._is_informational)

    def _title(self) -> str:
        title = self._fields.text("title")
        if not title:
            title = self._file.name
            self._fields.warn("title", "title-missing", "There is no title.", "The file's name is taken.")
        return title

    def _announced(self, began: Time | None, *, is_window: bool) -> Time | None:
        """When it became public: what it says itself, else for a window when it was written."""
        published = self._times.of_field(self._fields.get("publishdate"))
        if published is not None:
            return published.at
        written = self._file.written
        if is_window and written and began and written < instant(began, self._times.zone):
            return written
        return None

    def _is_draft(self) -> bool:
        expiry = self._times.of_field(self._fields.get("expirydate"))
        is_hidden = self._fields.is_hidden()
        if expiry is not None:
            is_over = instant(expiry.at, self._times.zone) <= self._now
            message = f"It was to be public only until '{self._fields.text('expirydate')}'."
            made = "It is imported as a draft." if is_over else "It will stay public."
            self._fields.warn("expirydate", "expiry", message, made)
            is_hidden = is_hidden or is_over
        if self._file.translates is not None:
            message = f"This is a translation of {self._file.translates}."
            made = "A page has one language: it is imported as a draft."
            self._findings.warning("translation", message, made)
            return True
        return is_hidden


def _tells_of_trouble(said: Said) -> bool:
    phase = phase_of(said.passage.label, is_window=False)
    return phase is not None and phase is not IncidentPhase.MONITORING


def _at(line: int) -> Spot:
    return Spot(line=line, column=1)
