"""Every rule there is: the one place from which the check, its settings and its documentation are made."""

from __future__ import annotations

from collections.abc import Iterable

from status_plugin.core.notes.findings import closest
from status_plugin.staff.checking import (
    allowances,
    incident_rules,
    leaks,
    prose_rules,
    reader_rules,
    window_rules,
)

CHAPTERS = (
    leaks.CHAPTER,
    incident_rules.CHAPTER,
    window_rules.CHAPTER,
    prose_rules.CHAPTER,
    allowances.CHAPTER,
    *reader_rules.CHAPTERS,
)
"""In the order of the documentation."""

RULES = {rule.name: rule for chapter in CHAPTERS for rule in chapter.rules}
"""By name."""


class RuleNameError(ValueError):
    """A name that cannot be switched off; the message says why, and what was probably meant."""


def switched_off(names: Iterable[str]) -> frozenset[str]:
    """The rules of these names; raises RuleNameError for one that is none, or that is always told."""
    wanted = frozenset(names)
    optional = [rule.name for rule in RULES.values() if rule.can_be_off]
    for name in sorted(wanted):
        if name not in RULES:
            meant = closest(name, RULES)
            hint = f" Did you mean '{meant}'?" if meant else ""
            raise RuleNameError(f"there is no rule '{name}'.{hint}")
        if name not in optional:
            raise RuleNameError(f"'{name}' costs a word or may leak, so it cannot be switched off.")
    return wanted
