"""The report as text, CSV and JSON: for whoever reads it aloud, in a spreadsheet or by a program."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from report_cases import ReportCase, journal_lines, load_reports

from status_plugin.core.board.standing import Standing
from status_plugin.core.monitoring.journal import Line
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.words import State
from status_plugin.staff.reporting.csv_report import COLUMNS, csv_report
from status_plugin.staff.reporting.evidence import evidence_of, standing_at
from status_plugin.staff.reporting.json_report import json_report
from status_plugin.staff.reporting.making import make_report
from status_plugin.staff.reporting.period import Period
from status_plugin.staff.reporting.report import Report, Unwritten
from status_plugin.staff.reporting.text_report import MOST_UNWRITTEN, WIDTH, text_report

SCHEMA = json.loads(files("status_plugin").joinpath("schema", "report.schema.json").read_text("utf-8"))
CASES = {case.name: case for case in load_reports()}
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> ReportCase:
    """Each golden case."""
    return CASES[request.param]


def rows(report: Report) -> list[dict[str, str]]:
    """The CSV as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO("\n".join(csv_report(report)))))


def text(report: Report) -> str:
    """The text, with slugs for names."""
    return "\n".join(text_report(report, list))


def test_the_schema_is_one() -> None:
    """The published schema is a valid schema, and refuses what it does not know."""
    Draft202012Validator.check_schema(SCHEMA)
    assert not Draft202012Validator(SCHEMA).is_valid({"incidents": []})


def test_json_is_what_the_schema_says(case: ReportCase) -> None:
    """Every report can be read by the published schema."""
    told = json.loads("".join(json_report(case.report())))
    Draft202012Validator(SCHEMA).validate(told)


def test_json_and_csv_tell_the_same(case: ReportCase) -> None:
    """A program gets the same figures from either."""
    report = case.report()
    told = json.loads("".join(json_report(report)))["incidents"]
    assert [row["slug"] for row in rows(report)] == [one["slug"] for one in told]
    for row, one in zip(rows(report), told, strict=True):
        assert row["began"] == (one["began"] or "")
        assert row["first_word"] == (one["first_word"] or {"at": ""})["at"]
        wait = one["wait"] or {"after_detection_seconds": None, "without_word": None}
        assert row["wait_after_detection_seconds"] == _cell(wait["after_detection_seconds"])
        assert row["without_word"] == _cell(wait["without_word"])
        assert row["longest_silence_seconds"] == _cell(one["longest_silence_seconds"])
        assert int(row["promises"]) == sum(update["promise"] is not None for update in one["updates"])


def _cell(value: int | bool | None) -> str:
    """A value of JSON as it stands in the CSV."""
    return "" if value is None else json.dumps(value)


def test_the_columns_are_those_that_are_promised(case: ReportCase) -> None:
    """Each row has every column, in its order."""
    report = case.report()
    assert next(csv.reader(io.StringIO("\n".join(csv_report(report))))) == list(COLUMNS)
    assert all(list(row) == list(COLUMNS) and None not in row.values() for row in rows(report))


@pytest.mark.parametrize(
    "title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", " =1+1", "＝1+1", "=cmd|' /C calc'!A0"]
)
def test_no_text_becomes_a_formula(title: str) -> None:
    """What somebody writes into a title is never run by a spreadsheet."""
    report = CASES["promises"].report()
    (row, *_) = rows(replace(report, incidents=(replace(report.incidents[0], title=title),)))
    assert row["title"] == f"'{' '.join(title.split())}"


def test_a_harmless_title_stays_as_it_is() -> None:
    """Quotes, commas and line ends in a title survive the way into a spreadsheet."""
    report = CASES["promises"].report()
    title = 'Srv3, "the old one", 1+1=2'
    (row, *_) = rows(replace(report, incidents=(replace(report.incidents[0], title=title),)))
    assert row["title"] == title


def test_the_text_fits(case: ReportCase) -> None:
    """No line is wider than 100 columns, and no cell runs into the next."""
    lines = text(case.report()).splitlines()
    assert max(map(len, lines)) <= WIDTH
    heads = [line for line in lines if line.startswith("    Began ")]
    for head in heads:
        starts = [head.index(word) for word in ("First word after", "Silence", "Lasted", "Promises kept")]
        cells = [line for line in lines if line.startswith("    ") and line[4:5].isdigit()]
        assert all(line[start - 1] == " " for line in cells for start in starts if len(line) > start)


def test_the_answer_comes_first() -> None:
    """The owner's question of 2008 is answered in the first sentence, almost 7 hours."""
    report = CASES["the-day-of-2008"].report()
    assert text(report).splitlines()[2].startswith("How long did clients wait for the first word? 6 h 49 min")
    assert "6 h 49 min after monitoring saw it" in " ".join(text(report).split())
    assert rows(report)[0]["wait_after_detection_seconds"] == str(409 * 60)


def test_what_the_text_leaves_out_it_counts() -> None:
    """Of many troubles without a note the longest are named, the others counted, and JSON has all."""
    report = CASES["contradictions"].report()
    many = tuple(
        Unwritten(
            event=f"auto-srv3-{number}",
            components=("srv3",),
            worst=State.MAJOR_OUTAGE,
            began=NOW + timedelta(hours=number),
            ended=None,
            lasted=timedelta(minutes=number + 1),
        )
        for number in range(MOST_UNWRITTEN + 3)
    )
    report = replace(report, unwritten=many)
    assert "3 shorter ones, 6 min in all" in text(report)
    assert "(auto-srv3-2)" not in text(report)
    assert "(auto-srv3-3)" in text(report)
    assert len(json.loads("".join(json_report(report)))["unwritten"]) == len(many)


def test_what_is_not_known_is_said() -> None:
    """Notes that cannot be read or have no time, and what nobody recorded, are not passed over."""
    report = CASES["promises"].report()
    told = " ".join(text(replace(report, withheld=2, undated=1)).split())
    assert "2 notes cannot be read, so nothing here counts them" in told
    assert "In no period, as no time is told: 1 note." in told
    assert "No journal is kept" in told
    known = " ".join(text(replace(report, has_journal=True, has_git=True)).split())
    assert "No journal is kept" not in known
    assert "no git repository" not in known


states = st.sampled_from(
    ["operational", "degraded_performance", "partial_outage", "major_outage", "unknown", "-"]
)
stories = st.lists(st.tuples(st.integers(1, 3000), states), min_size=1, max_size=15)


@settings(max_examples=60, deadline=None)
@given(stories, st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe"]))
def test_any_history_makes_a_report(story: list[tuple[int, str]], zone: str) -> None:
    """Whatever monitoring saw: no trouble is lost, no minute counts twice, and every format can tell it."""
    at, changes = NOW, {}
    for minutes, state in reversed(story):
        at -= timedelta(minutes=minutes)
        changes[at] = {"srv3": state}
    lines = journal_lines(changes, NOW)
    report = _report(lines, ZoneInfo(zone), Period(begin=at, end=NOW))
    troubled = [seen for seen in changes.values() if seen["srv3"] != "-" and State(seen["srv3"]).is_trouble]
    assert bool(report.unwritten) is bool(troubled)
    (component,) = report.components
    assert timedelta() <= component.down <= component.trouble <= NOW - at
    assert component.trouble + component.no_data <= NOW - at
    Draft202012Validator(SCHEMA).validate(json.loads("".join(json_report(report))))
    assert max(map(len, text(report).splitlines())) <= WIDTH
    assert rows(report) == []


def _report(lines: list[Line], zone: ZoneInfo, period: Period) -> Report:
    inventory = Inventory(components=(Component(slug="srv3", name="Srv3", checks=("Web",)),))
    content = Content(inventory=inventory, read_at=NOW)
    stand: Standing = standing_at(content, lines, NOW, zone)
    return make_report(evidence_of(stand, content, lines, None, zone), period)
