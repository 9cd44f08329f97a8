"""What is odd about the text of an issue of cState, and about the times in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.update_details import Spot
from status_plugin.core.words import IncidentPhase
from status_plugin.staff.importing.cstate.entries import Entry
from status_plugin.staff.importing.cstate.foreign_markup import report_markup
from status_plugin.staff.importing.cstate.issue_fields import IssueFields
from status_plugin.staff.importing.cstate.passages import Parts
from status_plugin.staff.importing.foreign_head import ForeignHead
from status_plugin.staff.importing.foreign_site import Time, instant

_AFTERMATH = timedelta(days=1)


def doubt_parts(parts: Parts, *, head: ForeignHead, fields: IssueFields, findings: Findings) -> None:
    """Doubts stamps that date nothing, text that nothing dates, markup of Hugo's, and the section."""
    for line, written in parts.strays:
        message = f"The time '{written}' stands in the middle of a sentence."
        made = "It dates no update and stays in the text."
        findings.warning("stray-stamp", message, made, at=_at(line), field="track")
    if parts.leftover:
        message = "Text between or below the updates has no time."
        findings.warning("undated-text", message, "It stands above the updates.", at=_at(parts.leftover))
    report_markup(head.body, head.body_line, findings)
    section = fields.text("section")
    if section != "issue":
        message = f"The section is '{section}'." if section else "There is no 'section: issue'."
        fields.warn("section", "section", message, "It is imported all the same.")


def doubt_times(
    entries: Sequence[Entry], began: Time | None, ended: Time | None, *, zone: tzinfo, findings: Findings
) -> None:
    """Doubts times that lie outside of the issue, when nobody can have known of it or still cared."""
    for entry in entries:
        at, shown = instant(entry.at, zone), entry.said.passage.stamp
        if began and at < instant(began, zone):
            message = f"The update of '{shown}' is earlier than the beginning."
        elif ended and at > instant(ended, zone) + _AFTERMATH and entry.phase is not IncidentPhase.POSTMORTEM:
            message = f"The update of '{shown}' is more than a day later than the end."
        else:
            continue
        made = "It keeps its time; check it."
        findings.warning("update-outside", message, made, at=_at(entry.line), field="track")


def _at(line: int) -> Spot:
    return Spot(line=line, column=1)
