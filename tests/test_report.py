"""The report of the golden cases: each figure by the rule that the documentation names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_cases import MINUTE, ReportCase, load_reports, told_incident, told_window

from status_plugin.staff.reporting.report import Outcome
from status_plugin.staff.reporting.sentences import summary_sentences
from status_plugin.staff.reporting.summary import summary_of

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
CASES = {case.name: case for case in load_reports()}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> ReportCase:
    """Each golden case."""
    return CASES[request.param]


def test_golden_incidents(case: ReportCase) -> None:
    """Each incident of the period, oldest first, with its waits, silences and promises."""
    found = {one.slug: told_incident(one) for one in case.report().incidents}
    assert found == case.raw["expect"].get("incidents", {})
    assert list(found) == list(case.raw["expect"].get("incidents", {}))


def test_golden_windows(case: ReportCase) -> None:
    """Each window of the period, oldest first, against its notice, its end and its expected downtime."""
    found = {one.slug: told_window(one) for one in case.report().windows}
    assert found == case.raw["expect"].get("windows", {})
    assert list(found) == list(case.raw["expect"].get("windows", {}))


def test_golden_monitoring(case: ReportCase) -> None:
    """What no note tells of, where notes and monitoring differ, and each component's downtime."""
    report, expect = case.report(), case.raw["expect"]
    assert {one.event: one.lasted / MINUTE for one in report.unwritten} == expect.get("unwritten", {})
    assert [f"{one.slug}: {one.text}" for one in report.contradictions] == expect.get("contradictions", [])
    assert report.undated == expect.get("undated", 0)
    components = {one.slug: one for one in report.components}
    for slug, figures in expect.get("components", {}).items():
        found = {"down": components[slug].down / MINUTE, "no_data": components[slug].no_data / MINUTE}
        assert found == figures, slug


def test_golden_sentences(case: ReportCase) -> None:
    """The sentences in front say it in plain words."""
    report = case.report()
    said = list(summary_sentences(report, summary_of(report)))
    for sentence in case.raw["expect"]["sentences"]:
        assert sentence in said


updates = st.lists(
    st.tuples(
        st.integers(0, 1400),
        st.sampled_from(["investigating", "identified", "monitoring", "resolved", "postmortem", ""]),
        st.none() | st.integers(1, 600),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(
    began=st.integers(0, 600),
    told=updates,
    trouble=st.none() | st.tuples(st.integers(0, 900), st.integers(1, 500)),
    committed=st.none() | st.integers(0, 1400),
    now=st.integers(601, 1439),
)
def test_any_incident_adds_up(
    began: int,
    told: list[tuple[int, str, int | None]],
    trouble: tuple[int, int] | None,
    committed: int | None,
    now: int,
) -> None:
    """No wait is below zero or longer than it lasted, each promise has one end, no silence is too long."""
    case = ReportCase("any", _any_incident(began, told, trouble, committed, now))
    report = case.report()
    for one in report.incidents:
        assert one.lasted is not None
        assert one.longest_silence is None or timedelta() <= one.longest_silence <= timedelta(days=1)
        assert sum(one.promises_that(outcome) for outcome in Outcome) == len(one.promises)
        assert one.worst_lateness <= timedelta(days=1)
        if one.wait and one.wait.after_start is not None:
            assert timedelta() <= one.wait.after_start
            assert one.is_open or one.wait.after_start <= one.lasted
            assert one.wait.is_without_word <= (not one.is_open)
        if one.wait and one.detected and one.first_word and not one.wait.is_without_word:
            assert one.wait.after_detection == max(one.first_word.at - one.detected.at, timedelta())
    summary = summary_of(report)
    assert summary.kept + summary.late + summary.never + summary.pending == summary.promised
    assert list(summary_sentences(report, summary))


def _any_incident(
    began: int,
    told: list[tuple[int, str, int | None]],
    trouble: tuple[int, int] | None,
    committed: int | None,
    now: int,
) -> dict[str, Any]:
    note = [
        "---",
        "title: Any",
        f"started: {_clock(began)}",
        "impact: major",
        "affects: [srv3]",
        "---",
        "Text.",
    ]
    for at, phase, promised in sorted(told, key=lambda update: update[0]):
        words = [phase] if phase else []
        words += [f"next update {_clock(at + promised)}"] if promised else []
        note += [
            "",
            f"Update @ {_clock(at)} [{'; '.join(words)}]: Words." if words else f"Update @ {_clock(at)}: W.",
        ]
    seen = {"2026-11-19 00:00": "operational"}
    if trouble:
        seen |= {_iso(trouble[0]): "major_outage", _iso(sum(trouble)): "operational"}
    return {
        "day": "2026-11-20",
        "zone": "UTC",
        "now": _iso(now),
        "read_at": _iso(now),
        "components": {"srv3": ["Web"]},
        "notes": {"incidents/any.md": "\n".join(note) + "\n"},
        "problems": ["ahead-of-clock", "next-update-passed", "impact-missing"],
        "seen": {"srv3": {at: state for at, state in seen.items() if at <= _iso(now)}},
        "commits": {} if committed is None else {"incidents/any.md": _iso(committed)},
    }


def _iso(minutes: int) -> str:
    return f"{MIDNIGHT + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"


def _clock(minutes: int) -> str:
    return f"{_iso(minutes)} UTC"
