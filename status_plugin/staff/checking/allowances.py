"""What a note allows at one of its lines: `<!-- allow: ip-address -->`, and in YAML `# allow: ip-address`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from status_plugin.core.notes.findings import closest
from status_plugin.core.problems import Problem, Severity
from status_plugin.staff.checking.folder import TextFile
from status_plugin.staff.checking.rule import Chapter, Rule, doubt

_NAMES = r"(?P<names>[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)"
_IN_TEXT = re.compile(rf"<!--[ \t]*allow:[ \t]*{_NAMES}[^\n]*?-->")
_IN_YAML = re.compile(rf"(?:^|(?<=[ \t]))#[ \t]*allow:[ \t]*{_NAMES}.*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """A rule that may be broken in one line of a file; `line` and `column` are where that is said."""

    rule: str
    path: str
    covers: int
    line: int
    column: int


def allowances_in(file: TextFile) -> Iterator[Allowance]:
    """What a file allows: each at its own line, or at the next if it has a line to itself."""
    if "allow:" not in file.text:
        return
    body_line = file.text.count("\n", 0, file.body_start) + 1
    for number, line in enumerate(file.lines, start=1):
        pattern = _IN_YAML if number < body_line or not file.path.endswith(".md") else _IN_TEXT
        for found in pattern.finditer(line):
            is_alone = not (line[: found.start()] + line[found.end() :]).strip()
            for name in re.finditer(r"[\w-]+", found["names"]):
                column = found.start("names") + name.start() + 1
                covers = number + 1 if is_alone else number
                yield Allowance(rule=name[0], path=file.path, covers=covers, line=number, column=column)


def without_allowed(
    problems: Iterable[Problem], files: Iterable[TextFile], rules: Mapping[str, Rule]
) -> Iterator[Problem]:
    """The problems that no file allows, and one for each allowance that is wrong or of no use."""
    given = [allowance for file in files for allowance in allowances_in(file)]
    valid = {
        (allowance.path, allowance.covers, allowance.rule)
        for allowance in given
        if (rule := rules.get(allowance.rule)) and rule.can_be_allowed
    }
    used = set()
    for problem in problems:
        place = (problem.path, problem.line or 0, problem.rule)
        if place in valid and problem.column is not None:
            used.add(place)
        else:
            yield problem
    for allowance in given:
        place = (allowance.path, allowance.covers, allowance.rule)
        if place not in valid:
            yield _wrong(allowance, rules)
        elif place not in used:
            yield _told(
                allowance,
                "unused-allowance",
                f"Nothing here has to be allowed by '{allowance.rule}'.",
                "Delete it, or move it to the line that it is about.",
            )


def _wrong(allowance: Allowance, rules: Mapping[str, Rule]) -> Problem:
    if allowance.rule in rules:
        message = f"'{allowance.rule}' cannot be allowed, so it is told all the same."
        return _told(allowance, "wrong-allowance", message, "Correct what it names.")
    meant = closest(allowance.rule, rules)
    hint = f"Did you mean '{meant}'?" if meant else "Write the name that stands in brackets behind a problem."
    return _told(allowance, "wrong-allowance", f"There is no rule '{allowance.rule}'.", hint)


def _told(allowance: Allowance, rule: str, message: str, hint: str) -> Problem:
    return Problem(
        rule=rule,
        severity=Severity.WARNING,
        path=allowance.path,
        line=allowance.line,
        column=allowance.column,
        message=message,
        hint=hint,
    )


CHAPTER = Chapter(
    title="Allowing",
    rules=(
        doubt("wrong-allowance", "`allow:` names no rule, or one that cannot be allowed.", allow=False),
        doubt("unused-allowance", "`allow:` stands where nothing breaks the rule.", allow=False),
    ),
)
"""In the order of the documentation."""
