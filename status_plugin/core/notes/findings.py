"""What is found wrong while one file is read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Protocol

from status_plugin.core.problems import Doubt, Problem, Severity, UnreadableError


class Place(Protocol):
    """Anything that knows where in the file it stands."""

    @property
    def line(self) -> int:
        """Counts from 1."""

    @property
    def column(self) -> int:
        """Counts from 1."""


class Findings:
    """Collects the problems of one file; a problem without a place is one of the file's first line."""

    def __init__(self, path: str, problems: Iterable[Problem] = ()) -> None:
        self.path = path
        self.problems = list(problems)

    @property
    def in_order(self) -> tuple[Problem, ...]:
        """The problems from the top of the file to its end."""
        return tuple(sorted(self.problems, key=lambda problem: (problem.line or 0, problem.column or 0)))

    def error(
        self, rule: str, message: str, hint: str, *, at: Place | None = None, field: str | None = None
    ) -> None:
        """Adds an error."""
        self._add(rule, message, hint, Severity.ERROR, at, field)

    def warning(
        self, rule: str, message: str, hint: str, *, at: Place | None = None, field: str | None = None
    ) -> None:
        """Adds a warning."""
        self._add(rule, message, hint, Severity.WARNING, at, field)

    def unreadable(self, error: UnreadableError, *, at: Place, field: str | None = None) -> None:
        """Adds the error of a reader that knows no place."""
        self._add(error.rule, error.message, error.hint, Severity.ERROR, at, field)

    def doubt(self, doubt: Doubt, *, at: Place, field: str) -> None:
        """Adds what was odd about a text that could be read."""
        self._add(doubt.rule, doubt.message, doubt.hint, doubt.severity, at, field)

    def _add(
        self, rule: str, message: str, hint: str, severity: Severity, at: Place | None, field: str | None
    ) -> None:
        self.problems.append(
            Problem(
                rule=rule,
                path=self.path,
                message=message,
                hint=hint,
                severity=severity,
                line=at.line if at else 1,
                column=at.column if at else 1,
                field=field,
            )
        )


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if there is one."""
    return next(iter(get_close_matches(word.strip().casefold(), tuple(known), n=1)), None)


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is none of the known ones: the nearest of them, else all of them."""
    by_fold = {name.casefold(): name for name in known}
    meant = closest(word, by_fold)
    if meant:
        return f"Did you mean '{by_fold[meant]}'?"
    return f"Known are: {', '.join(by_fold.values()) or 'none'}."
