"""The report as JSON, for programs; its schema is published as `report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from status_plugin.staff.reporting.machine_values import is_about, seconds, time_text
from status_plugin.staff.reporting.report import (
    ComponentAccount,
    IncidentAccount,
    Report,
    Timed,
    ToldUpdate,
    Unwritten,
    WindowAccount,
)
from status_plugin.staff.reporting.summary import Lengths, summary_of


def json_report(report: Report) -> Iterator[str]:
    """The text of one JSON object."""
    writer = _Writer(report)
    yield json.dumps(writer.report(), indent=2, ensure_ascii=False)


class _Writer:
    """Writes the parts of one report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._zone = report.zone

    def report(self) -> dict[str, Any]:
        report = self._report
        return {
            "generated_at": time_text(report.now, self._zone),
            "begin": time_text(report.begin, self._zone),
            "end": time_text(report.end, self._zone),
            "has_journal": report.has_journal,
            "journal_begins": time_text(report.seen_from, self._zone),
            "has_git": report.has_git,
            "notice_period_seconds": seconds(report.notice_period),
            "undated": report.undated,
            "withheld": report.withheld,
            "summary": self._summary(),
            "incidents": [self._incident(one) for one in report.incidents],
            "maintenance": [self._window(one) for one in report.windows],
            "unwritten": [self._unwritten(one) for one in report.unwritten],
            "post_mortems_owed": [self._debt(one) for one in report.debts],
            "contradictions": [{"slug": one.slug, "text": one.text} for one in report.contradictions],
            "components": [_component(one) for one in report.components],
        }

    def _summary(self) -> dict[str, Any]:
        found = summary_of(self._report)
        return {
            "first_word_wait": _lengths(found.waits),
            "without_word": found.without_word,
            "unknown_waits": found.unknown_waits,
            "promises": {
                "made": found.promised,
                "kept": found.kept,
                "late": found.late,
                "never": found.never,
                "pending": found.pending,
                "worst_late_seconds": seconds(found.worst_late),
            },
            "silence": _lengths(found.silence),
            "time_to_resolve": _lengths(found.lasted),
            "maintenance": {
                "held_to_notice": found.held,
                "short_notice": found.short,
                "emergencies": found.emergencies,
                "overran": found.overran,
                "longer_than_expected": found.longer_than_expected,
            },
            "post_mortems": {"owed": found.owed, "overdue": found.overdue},
        }

    def _incident(self, one: IncidentAccount) -> dict[str, Any]:
        wait = one.wait
        return {
            "slug": one.slug,
            "title": one.title,
            "phase": one.phase.value,
            "impact": one.impact.value,
            "components": list(one.components),
            "began": time_text(one.began, self._zone),
            "ended": time_text(one.ended, self._zone),
            "is_about": is_about(one.began, one.ended),
            "detected": self._timed(one.detected),
            "first_word": self._timed(one.first_word),
            "wait": {
                "after_detection_seconds": seconds(wait.after_detection),
                "after_start_seconds": seconds(wait.after_start),
                "is_about": wait.is_about,
                "without_word": wait.is_without_word,
            }
            if wait
            else None,
            "updates": [self._update(update) for update in one.updates],
            "longest_silence_seconds": seconds(one.longest_silence),
            "lasted_seconds": seconds(one.lasted),
            "seen_ended": time_text(one.seen_ended, self._zone),
            "called_over_after_seconds": seconds(one.called_over_after),
            "contradictions": list(one.contradictions),
            "post_mortem": self._post_mortem(one),
        }

    def _update(self, update: ToldUpdate) -> dict[str, Any]:
        promise = update.promise
        return {
            "id": update.anchor,
            "told": self._timed(update.told),
            "gap_seconds": seconds(update.gap),
            "promise": {
                "due": time_text(promise.due, self._zone),
                "outcome": promise.outcome.value,
                "late_seconds": seconds(promise.late),
            }
            if promise
            else None,
        }

    def _window(self, one: WindowAccount) -> dict[str, Any]:
        downtime = one.downtime
        return {
            "slug": one.slug,
            "title": one.title,
            "life": one.life.value,
            "components": list(one.components),
            "emergency": one.is_emergency,
            "starts": time_text(one.starts, self._zone),
            "ends": time_text(one.ends, self._zone),
            "began": time_text(one.began, self._zone),
            "ended": time_text(one.ended, self._zone),
            "is_about": is_about(one.starts, one.ends, one.began, one.ended),
            "announced": self._timed(one.announced),
            "notice_seconds": seconds(one.notice),
            "short_notice": one.is_short,
            "overran_seconds": seconds(one.overran),
            "expected_downtime": one.expected.written if one.expected else None,
            "downtime_seconds": seconds(downtime.length) if downtime else None,
            "downtime_is_whole": downtime.is_whole if downtime else None,
            "longer_than_expected": one.is_longer_than_expected,
            "contradictions": list(one.contradictions),
        }

    def _unwritten(self, one: Unwritten) -> dict[str, Any]:
        return {
            "event": one.event,
            "components": list(one.components),
            "worst": one.worst.value,
            "began": time_text(one.began, self._zone),
            "ended": time_text(one.ended, self._zone),
            "lasted_seconds": seconds(one.lasted),
        }

    def _debt(self, one: IncidentAccount) -> dict[str, Any]:
        return {"slug": one.slug, "title": one.title, **self._post_mortem(one)}

    def _post_mortem(self, one: IncidentAccount) -> dict[str, Any]:
        found = one.post_mortem
        return {"debt": found.debt.value, "due": time_text(found.due, self._zone)}

    def _timed(self, timed: Timed | None) -> dict[str, Any] | None:
        if timed is None:
            return None
        return {"at": time_text(timed, self._zone), "by": timed.by.value, "is_about": timed.is_about}


def _component(one: ComponentAccount) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "name": one.name,
        "watched": one.is_watched,
        "uptime": one.uptime,
        "down_seconds": seconds(one.down),
        "trouble_seconds": seconds(one.trouble),
        "no_data_seconds": seconds(one.no_data),
    }


def _lengths(found: Lengths | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "count": found.count,
        "median_seconds": seconds(found.median),
        "worst_seconds": seconds(found.worst),
        "worst_of": found.worst_of.slug,
    }
