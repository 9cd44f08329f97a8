"""The report's figures in whole sentences, the answer to the owner's question first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from status_plugin.core.board.wording import count_text, date_text
from status_plugin.staff.reporting.report import Report
from status_plugin.staff.reporting.summary import Lengths, Summary
from status_plugin.web.times import duration_text


def summary_sentences(report: Report, summary: Summary) -> Iterator[str]:
    """What the report says, the most important first; a paragraph each."""
    yield " ".join(_waits(report, summary))
    if report.incidents:
        yield " ".join(_promises(summary))
    if summary.silence:
        yield f"Longest silence while an incident lasted: {_worst(summary.silence)}."
    if summary.lasted:
        yield f"Time to resolve: {_middle(summary.lasted)}."
    if report.windows:
        yield " ".join(_windows(report, summary))
    if report.unwritten or (report.seen_from is not None and report.seen_from < report.end):
        yield _unwritten(report)
    yield _post_mortems(summary)
    if report.contradictions:
        notes = len({one.slug for one in report.contradictions})
        yield f"Notes and monitoring contradict each other now: {count_text(notes, 'note')}."
    yield from doubts(report)


def doubts(report: Report) -> Iterator[str]:
    """What the report does not know, and why."""
    if not report.has_journal:
        yield (
            "No journal is kept (STATUS_JOURNAL), so little or nothing is known of what monitoring saw: "
            "without it waits are counted from the times that the notes tell."
        )
    elif report.seen_from is None or report.seen_from > report.begin:
        begun = report.seen_from and date_text(report.seen_from.astimezone(report.zone))
        since = f"begins on {begun}" if begun else "is empty"
        yield f"The journal {since}: of the time before it nobody knows what monitoring saw."
    if not report.has_git:
        yield (
            "The notes are in no git repository that can be read here, so a word counts from the time that "
            "it bears itself."
        )
    if report.withheld:
        them = "it" if report.withheld == 1 else "them"
        notes = count_text(report.withheld, "note")
        yield f"{notes} cannot be read, so nothing here counts {them}: flask status check says why."
    if report.undated:
        yield f"In no period, as no time is told: {count_text(report.undated, 'note')}."


def _waits(report: Report, summary: Summary) -> Iterator[str]:
    question = "How long did clients wait for the first word?"
    if not report.incidents:
        yield f"{question} There was no incident."
        return
    if summary.waits:
        yield f"{question} {_capital(_middle(summary.waits))}."
    else:
        yield f"{question} Of {count_text(len(report.incidents), 'incident')} nobody can tell."
    if summary.without_word:
        verb = "was" if summary.without_word == 1 else "were"
        yield f"{summary.without_word} {verb} over before a word was written: that wait counts to the end."
    if summary.waits and summary.unknown_waits:
        yield f"Of {count_text(summary.unknown_waits, 'more incident')} nobody can tell."


def _middle(lengths: Lengths) -> str:
    """The middle and the worst of some lengths."""
    if lengths.count == 1:
        return _worst(lengths)
    return f"the median of {lengths.count} is {duration_text(lengths.median)}, the worst {_worst(lengths)}"


def _worst(lengths: Lengths) -> str:
    return f"{duration_text(lengths.worst)} (“{lengths.worst_of.title}”)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _promises(summary: Summary) -> Iterator[str]:
    settled = summary.promised - summary.pending
    if not summary.promised:
        yield "No next update was promised."
        return
    yield f"Promises of a next update kept: {summary.kept} of {settled}."
    if summary.late:
        yield f"{summary.late} came late, by {duration_text(summary.worst_late)} at worst."
    if summary.never:
        yield f"{summary.never} never came."
    if summary.pending:
        yield f"{summary.pending} {'is' if summary.pending == 1 else 'are'} not due yet."


def _windows(report: Report, summary: Summary) -> Iterator[str]:
    emergencies = f", {summary.emergencies} of them in an emergency" if summary.emergencies else ""
    yield f"{count_text(len(report.windows), 'maintenance window')}{emergencies}."
    if report.notice_period is not None and summary.held:
        kept = summary.held - summary.short
        yield (
            f"Announced at least {duration_text(report.notice_period)} ahead: {kept} of {summary.held} that "
            "were planned."
        )
    if summary.overran:
        yield f"{summary.overran} ended later than announced."
    if summary.longer_than_expected:
        yield f"In {summary.longer_than_expected} there was more downtime than announced."


def _unwritten(report: Report) -> str:
    if not report.unwritten:
        return "All trouble that monitoring saw has a note."
    total = sum((one.lasted for one in report.unwritten), timedelta())
    times = count_text(len(report.unwritten), "time")
    return f"Trouble that monitoring saw and no note tells of: {times}, {duration_text(total)} in all."


def _post_mortems(summary: Summary) -> str:
    if not summary.owed:
        return "No post-mortem is owed."
    verb = "is" if summary.owed == 1 else "are"
    overdue = f", {summary.overdue} of them overdue" if summary.overdue else ""
    return f"{count_text(summary.owed, 'post-mortem')} {verb} owed{overdue}."
