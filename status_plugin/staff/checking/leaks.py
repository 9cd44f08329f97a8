"""The leak guard: what must not be in a public folder, told by its place and never by its name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.slugs import slugify
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.private_names import MASK, PrivateNames
from status_plugin.staff.checking.addresses import Span, addresses_in
from status_plugin.staff.checking.deny_list import DenyList
from status_plugin.staff.checking.folder import TextFile
from status_plugin.staff.checking.rule import Chapter, Rule
from status_plugin.staff.checking.secrets import secrets_in

_NOT_TOLD = "What is wrong here is not told, since the line holds something private."


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """Something private at a place of a text; `what` says its kind without its words."""

    rule: str
    span: Span
    what: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaks:
    """What was found: a problem for each place, and the words that no report may repeat."""

    problems: tuple[Problem, ...] = ()
    words: frozenset[str] = field(default=frozenset(), repr=False)

    def pattern(self) -> re.Pattern[str] | None:
        """Finds the words, in whatever case, and the slugs that are made of them."""
        spelt = {spelling for word in self.words for spelling in (word, slugify(word))}
        alternatives = "|".join(map(re.escape, sorted(spelt, key=len, reverse=True)))
        expression = rf"(?<![^\W_])(?:{alternatives})(?![^\W_])"
        return re.compile(expression, re.IGNORECASE) if alternatives else None


@dataclass(frozen=True, kw_only=True, slots=True)
class LeakGuard:
    """Knows what is private: names of the monitoring, names of the deny list, and shapes of the rest."""

    private: PrivateNames = field(repr=False)
    denied: DenyList = field(repr=False)
    inventory: Inventory

    def search(self, files: Iterable[TextFile]) -> Leaks:
        """Every leak in the texts of these files, and in their names."""
        problems: list[Problem] = []
        words: set[str] = set()
        for file in files:
            for leak in self._leaks(file.path, in_path=True):
                problems.append(_problem(leak, file.path, f"This file's name holds {leak.what}."))
                words.add(file.path[slice(*leak.span)])
            for leak in self._leaks(file.text):
                spot = file.spot(leak.span[0])
                problem = _problem(leak, file.path, f"Here is {leak.what}.")
                problems.append(replace(problem, line=spot.line, column=spot.column))
                words.add(file.text[slice(*leak.span)])
        return Leaks(problems=tuple(problems), words=frozenset(words))

    def masked(
        self, problems: Iterable[Problem], leaks: Leaks, harmless: Collection[str]
    ) -> Iterator[Problem]:
        """The problems without anything private.

        Beside a leak in its line only a problem's rule is told: its words may hold a part of the line.
        Those of the `harmless` rules, and of the guard itself, do not.
        """
        known = list(problems)
        leaking = {(leak.path, leak.line) for leak in leaks.problems if leak.column}
        pattern = leaks.pattern()
        for problem in known:
            told = problem
            may_repeat = problem.rule not in NAMES and problem.rule not in harmless
            if may_repeat and (problem.path, problem.line) in leaking:
                told = replace(problem, message=_NOT_TOLD, hint="Take that out first.")
            yield replace(
                told,
                path=self._without(told.path, pattern),
                message=self._without(told.message, pattern),
                hint=self._without(told.hint, pattern),
                field=self._without(told.field, pattern) if told.field else told.field,
            )

    def _leaks(self, text: str, *, in_path: bool = False) -> Iterator[Leak]:
        """One leak for each place; what is known by name goes before what is told by shape."""
        taken: list[Span] = []
        for leak in self._found(text, in_path=in_path):
            start, end = leak.span
            if not any(start < other_end and other_start < end for other_start, other_end in taken):
                taken.append(leak.span)
                yield leak

    def _found(self, text: str, *, in_path: bool) -> Iterator[Leak]:
        pattern = self.private.in_path(self.inventory) if in_path else self.private.in_text(self.inventory)
        for found in pattern.finditer(text) if pattern else ():
            what, hint = "a host or check of the monitoring", "Write the public name from components.yml."
            yield Leak(rule="private-name", span=found.span(), what=what, hint=hint)
        for span in self.denied.names_in(text):
            yield Leak(rule="denied-name", span=span, what="a name of the deny list", hint="Take it out.")
        for span, what in secrets_in(text):
            hint = "Take it out, and have it changed: what was once in git is known."
            yield Leak(rule="secret", span=span, what=f"what looks like {what}", hint=hint)
        for span in addresses_in(text):
            hint = "Take it out, or allow it: docs/checking.md says how."
            yield Leak(rule="ip-address", span=span, what="an IP address", hint=hint)

    def _without(self, text: str, known: re.Pattern[str] | None) -> str:
        """The text with a mask for all that is private in it; a path's spelling counts everywhere."""
        if known:
            text = known.sub(MASK, text)
        for in_path in (False, True):
            found = sorted((leak.span for leak in self._leaks(text, in_path=in_path)), reverse=True)
            for start, end in found:
                text = f"{text[:start]}{MASK}{text[end:]}"
        return text


def _problem(leak: Leak, path: str, message: str) -> Problem:
    return Problem(rule=leak.rule, path=path, line=1, message=message, hint=leak.hint)


CHAPTER = Chapter(
    title="The leak guard",
    rules=(
        Rule(
            name="private-name",
            severity=Severity.ERROR,
            says="The text, or the name of the file, names a host or check of the monitoring.",
        ),
        Rule(
            name="denied-name",
            severity=Severity.ERROR,
            says="The text, or the name of the file, has a name of `STATUS_DENY_LIST`.",
        ),
        Rule(
            name="secret",
            severity=Severity.ERROR,
            says="Something has the shape of a password, key or token.",
            can_be_allowed=True,
        ),
        Rule(
            name="ip-address",
            severity=Severity.ERROR,
            says="An IP address, other than those set apart for examples.",
            can_be_off=True,
            can_be_allowed=True,
        ),
    ),
)
"""In the order of the documentation."""

NAMES = frozenset(rule.name for rule in CHAPTER.rules)
