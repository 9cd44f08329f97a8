"""A rule of the check: its name, how much it matters, and who looks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from status_plugin.core.notes.update_details import Spot
from status_plugin.core.problems import Problem, Severity
from status_plugin.staff.checking.folder import Folder


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One place at which a rule is broken; without a spot it is the file's first line."""

    path: str
    message: str
    hint: str
    at: Spot | None = None
    field: str | None = None


Look = Callable[[Folder], Iterator[Finding]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One thing that can be wrong; `says` is its sentence for people.

    Without `look` the readers, or other parts of the check, report it. `can_be_off` says that
    STATUS_CHECK_OFF may name it, `can_be_allowed` that a note may allow it at one line.
    """

    name: str
    severity: Severity
    says: str
    look: Look | None = None
    can_be_off: bool = False
    can_be_allowed: bool = False

    def problems(self, folder: Folder) -> Iterator[Problem]:
        """Everything in the folder that breaks the rule, if it looks by itself."""
        for found in self.look(folder) if self.look else ():
            yield Problem(
                rule=self.name,
                severity=self.severity,
                path=found.path,
                line=found.at.line if found.at else 1,
                column=found.at.column if found.at else 1,
                field=found.field,
                message=found.message,
                hint=found.hint,
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """Rules that are documented together."""

    title: str
    rules: tuple[Rule, ...]


def error(name: str, says: str) -> Rule:
    """A rule of the readers whose breach costs something: it is always told."""
    return Rule(name=name, severity=Severity.ERROR, says=says)


def doubt(name: str, says: str, look: Look | None = None, *, allow: bool = True) -> Rule:
    """A rule whose breach costs nothing; it may be switched off, or allowed at the line that it names."""
    return Rule(
        name=name,
        severity=Severity.WARNING,
        says=says,
        look=look,
        can_be_off=True,
        can_be_allowed=allow,
    )
