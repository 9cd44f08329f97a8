"""What is wrong or doubtful in the content folder, as a value that says where and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: an error costs a field or a note, a warning costs nothing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong in one file.

    `path` is relative to the content folder, `line` and `column` count from 1, `rule` is the
    problem's stable name in kebab-case, `message` says what was found, `hint` what to write instead.
    """

    rule: str
    path: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR
    line: int | None = None
    column: int | None = None
    field: str | None = None

    @property
    def place(self) -> str:
        """`path:line:column`, as far as it is known."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)

    @property
    def kind_and_place(self) -> str:
        """What kind of problem it is, and where, without a word of the file."""
        return f"{self.place}: {self.severity} [{self.rule}]"

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.place}: {self.severity}: {field}{self.message} {self.hint} [{self.rule}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Something odd about a text that could be read all the same; it has no place yet."""

    rule: str
    message: str
    hint: str
    severity: Severity = Severity.WARNING


class UnreadableError(ValueError):
    """A text that does not mean what was asked for; its reader knows no place, its caller does."""

    def __init__(self, rule: str, message: str, hint: str) -> None:
        super().__init__(f"{message} {hint}")
        self.rule = rule
        self.message = message
        self.hint = hint
