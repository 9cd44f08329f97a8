"""docs/report.md says what the report does."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
from mounted_site import mounted_site
from report_cases import load_reports

from status_plugin.core.board.alerts import VAGUE
from status_plugin.core.history.history import DAYS
from status_plugin.staff.reporting.csv_report import COLUMNS
from status_plugin.staff.reporting.report import Debt, Witness
from status_plugin.staff.reporting.sentences import summary_sentences
from status_plugin.staff.reporting.summary import summary_of

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.split())
COMMANDS = [line.strip() for line in TEXT.splitlines() if line.startswith("    flask ")]


def blocks() -> list[str]:
    """The fenced blocks of text."""
    return re.findall(r"^```text\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_the_sentences_are_those_of_2008() -> None:
    """What is shown is what the report says of the day on which all this was asked for."""
    report = next(case for case in load_reports() if case.name == "the-day-of-2008").report()
    said = list(summary_sentences(report, summary_of(report)))
    assert blocks()[0].splitlines() == said[: len(blocks()[0].splitlines())]


def test_the_columns_are_listed() -> None:
    """All columns of the CSV, in their order."""
    assert tuple(re.findall(r"\w+", blocks()[1])) == COLUMNS


def test_what_is_said_of_a_column_is_of_one() -> None:
    """Each word of the CSV that is explained is a column or a value of one."""
    csv = TEXT[TEXT.index("\n- `detected_by`") : TEXT.index("## JSON")]
    values = {*Witness, *Debt, "true"}
    assert values - {"true"} <= (named := set(re.findall(r"`(\w+)`", csv)))
    assert named <= {*COLUMNS, *values}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_work(tmp_path: Path, command: str) -> None:
    """Each command that is shown is taken as it stands there."""
    words = shlex.split(command)
    assert words[:4] == ["flask", "--app", "website", "status"]
    answer = mounted_site(tmp_path).app.test_cli_runner().invoke(args=words[3:])
    assert answer.exit_code == 0, answer.output


def test_the_commands_are_found() -> None:
    """The examples are indented as they should be."""
    assert len(COMMANDS) == 5


def test_the_numbers_are_those_of_the_code() -> None:
    """What is said of days, hours and notes holds."""
    assert f"the last {DAYS} days" in WORDS
    assert timedelta(hours=1) == VAGUE
    assert 'A time written as "about" has an hour\'s grace' in WORDS


def test_it_is_linked_and_named() -> None:
    """Whoever reads the README or upgrades finds it, and the schema is where it is said to be."""
    assert "(docs/report.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "`flask status report`" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / "../status_plugin/schema/report.schema.json").resolve().is_file()
