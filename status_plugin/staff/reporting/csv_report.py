"""The report as CSV: one row for each incident, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from status_plugin.staff.reporting.machine_values import is_about, seconds, time_text
from status_plugin.staff.reporting.report import IncidentAccount, Outcome, Report

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a text for a formula."""

Cell = str | int | bool | None


def csv_report(report: Report) -> Iterator[str]:
    """The lines: the columns' names, and a row for each incident, oldest first."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in report.incidents:
        writer.writerow([_harmless(value) for value in _row(one, report).values()])
    yield file.getvalue().rstrip("\n")


def _row(one: IncidentAccount, report: Report) -> dict[str, Cell]:
    zone, wait = report.zone, one.wait
    return {
        "slug": one.slug,
        "title": one.title,
        "phase": one.phase.value,
        "impact": one.impact.value,
        "components": " ".join(one.components),
        "began": time_text(one.began, zone),
        "ended": time_text(one.ended, zone),
        "is_about": is_about(one.began, one.ended, one.first_word),
        "detected": time_text(one.detected, zone),
        "detected_by": one.detected.by.value if one.detected else None,
        "first_word": time_text(one.first_word, zone),
        "first_word_by": one.first_word.by.value if one.first_word else None,
        "wait_after_detection_seconds": seconds(wait.after_detection) if wait else None,
        "wait_after_start_seconds": seconds(wait.after_start) if wait else None,
        "without_word": wait.is_without_word if wait else None,
        "updates": len(one.updates),
        "longest_silence_seconds": seconds(one.longest_silence),
        **_promises(one),
        "lasted_seconds": seconds(one.lasted),
        "seen_ended": time_text(one.seen_ended, zone),
        "called_over_after_seconds": seconds(one.called_over_after),
        "contradictions": len(one.contradictions),
        "post_mortem": one.post_mortem.debt.value,
        "post_mortem_due": time_text(one.post_mortem.due, zone),
    }


def _promises(one: IncidentAccount) -> dict[str, Cell]:
    return {
        "promises": len(one.promises),
        "promises_kept": one.promises_that(Outcome.KEPT),
        "promises_late": one.promises_that(Outcome.LATE),
        "promises_never": one.promises_that(Outcome.NEVER),
        "promises_pending": one.promises_that(Outcome.PENDING),
        "worst_lateness_seconds": seconds(one.worst_lateness),
    }


COLUMNS = (
    "slug", "title", "phase", "impact", "components", "began", "ended", "is_about", "detected", "detected_by",
    "first_word", "first_word_by", "wait_after_detection_seconds", "wait_after_start_seconds", "without_word",
    "updates", "longest_silence_seconds", "promises", "promises_kept", "promises_late", "promises_never",
    "promises_pending", "worst_lateness_seconds", "lasted_seconds", "seen_ended", "called_over_after_seconds",
    "contradictions", "post_mortem", "post_mortem_due",
)  # fmt: skip
"""The columns, whose names and order stay as they are; new ones come behind them."""


def _harmless(value: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula, and truth as JSON writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = " ".join(value.split())
        return f"'{plain}" if plain.startswith(_FORMULA) else plain
    return value
