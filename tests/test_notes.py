"""Notes are read as their writers meant them, and a mistake costs only what it is in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from golden_notes import FOLDER, golden_files, reading_of, told

GOLDEN = list(golden_files())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_golden_note_is_read_as_expected(path: Path) -> None:
    """A note beside its reading: fields, problems with their places, and whether it is shown at all."""
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert told(reading_of(path)) == expected


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_every_problem_says_what_where_and_what_to_do(path: Path) -> None:
    """No problem leaves its reader with a question."""
    for problem in reading_of(path).problems:
        assert problem.rule == problem.rule.lower()
        assert " " not in problem.rule
        assert problem.path == path.relative_to(FOLDER).as_posix()
        assert problem.line is not None
        assert problem.column is not None
        assert problem.message.endswith((".", "?"))
        assert problem.hint
        assert "\n" not in str(problem)


def test_there_are_many_golden_notes() -> None:
    """The folder is found, and nobody emptied it."""
    assert len(GOLDEN) >= 60
    assert len(list(FOLDER.glob("*/*.json"))) == len(GOLDEN)
