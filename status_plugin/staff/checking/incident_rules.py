"""What a good account of an incident has, and what it had better not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import PurePosixPath

from status_plugin.core.notes.update_details import Spot
from status_plugin.core.notes.updates import Update
from status_plugin.core.words import IncidentPhase
from status_plugin.staff.checking.folder import CheckedIncident, Folder, field_spot, update_spot
from status_plugin.staff.checking.rule import Chapter, Finding, doubt

_CAUSE = re.compile(
    r"""\b(?: becaus | caus(?:e|ed|es|ing)\b | due\ to\b | reason | fault | fail(?:ed|s|ure|ing)\b | broke
    | defect | bugs?\b | mistake | mis-?configur | overload | attack | ran\ (?:out|full)\b
    | (?:is|was|were)\ full\b | expired\b | turned\ out\b | crash | damag
    | power\ (?:cut|loss|outage)\b | we\ do\ not\ (?:yet\ )?know\b | not\ (?:yet\ )?(?:known|clear)\b
    | unknown\b | unclear\b | still\ (?:looking|investigating)\b )""",
    re.IGNORECASE | re.VERBOSE,
)
_DATE_IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?!\d)")
_FAR = timedelta(days=2)


def open_without_next_update(folder: Folder) -> Iterator[Finding]:
    """Rule 4 of good incident communication: each word says when the next one comes."""
    for incident in folder.incidents:
        item = incident.item
        if item.phase.is_ended or item.next_update:
            continue
        yield Finding(
            path=incident.file.path,
            at=_last_word(incident),
            field="update" if item.updates else None,
            message="The incident is open, and nothing says when the next word comes.",
            hint="Write it into the brackets, such as [identified; next update in 30 min].",
        )


def overdue(folder: Folder) -> Iterator[Finding]:
    """A promise of a next word that was not kept."""
    for incident in folder.incidents:
        promised = incident.item.next_update
        if promised and promised.overdue:
            yield Finding(
                path=incident.file.path,
                at=_last_word(incident),
                field="update",
                message=f"The next word was promised for {promised.at.written}, and visitors still wait.",
                hint="Write an update, also if there is nothing new to tell.",
            )


def before_the_start(folder: Folder) -> Iterator[Finding]:
    """A word, or an end, from before the incident began."""
    for incident in folder.incidents:
        started = incident.item.note.started
        if started is None or not started.exact:
            continue
        for update in incident.item.note.updates:
            said = update.since or update.at
            if said.exact and said.at < started.at:
                yield Finding(
                    path=incident.file.path,
                    at=update_spot(incident.file, update),
                    field="update",
                    message=f"'{said.written}' is before the incident started ('{started.written}').",
                    hint="Check both dates, am and pm, and the zones.",
                )


def resolved_without_cause(folder: Folder) -> Iterator[Finding]:
    """An incident that is over, and no reader knows why it was."""
    for incident in folder.incidents:
        item, note = incident.item, incident.item.note
        explained = note.posts or note.postmortem_due or any(_explains(update) for update in note.updates)
        if not item.phase.is_ended or explained or _CAUSE.search(incident.file.prose):
            continue
        yield Finding(
            path=incident.file.path,
            at=_end(incident),
            message="The incident is over, and nothing says what caused it.",
            hint="Say what it was, or that it is not known; or name a post, or when the report is due.",
        )


def postmortem_owed(folder: Folder) -> Iterator[Finding]:
    """A report that was promised for a day that has passed."""
    for incident in folder.incidents:
        note = incident.item.note
        due = note.postmortem_due
        told = note.posts or any(update.phase is IncidentPhase.POSTMORTEM for update in note.updates)
        last_moment = due.at + timedelta(days=1) if due and due.is_date_alone else due.at if due else None
        if due and last_moment and last_moment <= folder.now and not told:
            yield Finding(
                path=incident.file.path,
                at=field_spot(incident.file, "postmortem_due"),
                field="postmortem_due",
                message=f"The report was promised for {due.written}, and there is none.",
                hint="Write an update with [postmortem], name a post under posts:, or promise another day.",
            )


def name_of_another_day(folder: Folder) -> Iterator[Finding]:
    """A file whose name tells another day than the note."""
    for incident in folder.incidents:
        started = incident.item.started
        named = _DATE_IN_NAME.match(PurePosixPath(incident.file.path).name)
        day = _day(named[1]) if named else None
        if started and day and abs(started.local.date() - day) > _FAR:
            yield Finding(
                path=incident.file.path,
                at=field_spot(incident.file, "started"),
                field="started",
                message=f"The file's name says {day}, and the incident began on {started.local.date()}.",
                hint="Check the year and the day in both.",
            )


def _explains(update: Update) -> bool:
    return update.phase in (IncidentPhase.IDENTIFIED, IncidentPhase.POSTMORTEM)


def _last_word(incident: CheckedIncident) -> Spot:
    updates = incident.item.updates
    return update_spot(incident.file, updates[0].update) if updates else field_spot(incident.file, "title")


def _end(incident: CheckedIncident) -> Spot:
    ends = [update for update in incident.item.note.updates if update.phase is IncidentPhase.RESOLVED]
    return update_spot(incident.file, ends[-1]) if ends else field_spot(incident.file, "resolved")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


CHAPTER = Chapter(
    title="Incidents",
    rules=(
        doubt(
            "no-next-update",
            "The incident is open, and nothing says when the next word comes.",
            open_without_next_update,
        ),
        doubt("next-update-overdue", "The time of the promised next word has passed.", overdue),
        doubt("before-start", "An update, or its `since`, is before the incident started.", before_the_start),
        doubt("no-cause", "The incident is over, and nothing says what caused it.", resolved_without_cause),
        doubt("postmortem-overdue", "`postmortem_due` has passed, and there is no report.", postmortem_owed),
        doubt(
            "date-in-name",
            "The date in the file's name is days away from the incident's beginning.",
            name_of_another_day,
        ),
    ),
)
"""In the order of the documentation."""
