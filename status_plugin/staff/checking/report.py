"""How what was found is told: to people, to GitHub and GitLab, and to programs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from status_plugin.core.board.wording import count_text
from status_plugin.core.problems import Problem, Severity


def has_errors(problems: Sequence[Problem]) -> bool:
    """Whether anything is wrong, not only doubtful."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def as_text(problems: Sequence[Problem]) -> Iterator[str]:
    """For people: a line for each problem, and the count."""
    for problem in problems:
        yield str(problem)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    files = len({problem.path for problem in problems})
    if problems:
        found = f"{count_text(errors, 'error')} and {count_text(len(problems) - errors, 'warning')}"
        yield f"{found} in {count_text(files, 'file')}."
    else:
        yield "No problems found."


def as_github(problems: Sequence[Problem]) -> Iterator[str]:
    """For GitHub's log: annotations at the lines they are about."""
    for problem in problems:
        place = {"file": problem.path, "line": problem.line, "col": problem.column, "title": problem.rule}
        fields = ",".join(
            f"{key}={_escaped(str(value), ',:')}" for key, value in place.items() if value is not None
        )
        field = f"{problem.field}: " if problem.field else ""
        yield f"::{problem.severity} {fields}::{_escaped(f'{field}{problem.message} {problem.hint}')}"


def as_json(problems: Sequence[Problem]) -> Iterator[str]:
    """For programs: a list of objects with the keys of a problem."""
    keys = ("rule", "severity", "path", "line", "column", "field", "message", "hint")
    yield json.dumps([{key: getattr(problem, key) for key in keys} for problem in problems], indent=2)


def as_gitlab(problems: Sequence[Problem]) -> Iterator[str]:
    """For GitLab's merge requests: a report of code quality."""
    seen: Counter[str] = Counter()
    entries = []
    for problem in problems:
        identity = f"{problem.rule}|{problem.path}|{problem.field}|{problem.message}"
        seen[identity] += 1
        fingerprint = hashlib.sha256(f"{identity}|{seen[identity]}".encode(errors="replace")).hexdigest()
        entries.append(
            {
                "description": f"{problem.message} {problem.hint}",
                "check_name": problem.rule,
                "fingerprint": fingerprint,
                "severity": "major" if problem.severity is Severity.ERROR else "minor",
                "location": {"path": problem.path, "lines": {"begin": problem.line or 1}},
            }
        )
    yield json.dumps(entries, indent=2)


FORMATS: dict[str, Callable[[Sequence[Problem]], Iterator[str]]] = {
    "text": as_text,
    "github": as_github,
    "gitlab": as_gitlab,
    "json": as_json,
}


def _escaped(text: str, also: str = "") -> str:
    """The text as GitHub wants it in a workflow command."""
    return "".join(f"%{ord(char):02X}" if char in "%\r\n" + also else char for char in text)
