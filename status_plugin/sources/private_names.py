"""The names of the private monitoring, and how they are kept out of what is told about the public folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import Problem
from status_plugin.sources.monitor_map import MonitorMap

MASK = "***"

_ORDINARY_WORD = re.compile(r"[^\W\d_]+")
# In a query the names of what is watched are the values of labels: `instance="srv3:9100"`.
_LABEL_VALUE = re.compile(r"""[=~]\s*(?:"([^"]*)"|'([^']*)')""")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_PORT = re.compile(r":\d+$")
_NOT_PRIVATE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateNames:
    """Host names and tell-tale check names, in small letters.

    A name that is public by the inventory is none, whatever the map calls so.
    """

    names: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, monitor_map: MonitorMap) -> PrivateNames:
        """All of a map; a check called by an ordinary word ("HTTP") tells nothing."""
        entries = [entry for kinds in monitor_map.by_slug.values() for entry in kinds.values()]
        hosts = {name for entry in entries for name in _names(entry.private_host)}
        checks = {text for entry in entries for text in entry.private_checks}
        telling = {text for text in checks if not _ORDINARY_WORD.fullmatch(text.strip())}
        hosts |= {name for text in telling for name in _names(text)}
        return cls(names=frozenset(hosts - _NOT_PRIVATE))

    def in_text(self, inventory: Inventory) -> re.Pattern[str] | None:
        """Finds the names as they are written; None if there are none."""
        words = "|".join(re.escape(name) for name in self._longest_first(inventory))
        return _pattern(rf"(?<![\w.-])(?:{words})(?![\w-]|\.\w)") if words else None

    def in_path(self, inventory: Inventory) -> re.Pattern[str] | None:
        """Finds the names with other signs between their parts, too, as in the names of files."""
        parts = [re.findall(r"[^\W_]+", name) for name in self._longest_first(inventory)]
        words = "|".join(r"[\W_]+".join(map(re.escape, words)) for words in parts if words)
        return _pattern(rf"(?<![^\W_])(?:{words})(?![^\W_])") if words else None

    def masked(self, problems: Iterable[Problem], inventory: Inventory) -> Iterator[Problem]:
        """The problems without any of the names: logs and reports may be public."""
        pattern = self.in_path(inventory)
        for problem in problems:
            yield _without(pattern, problem) if pattern else problem

    def _longest_first(self, inventory: Inventory) -> list[str]:
        return sorted(self.names - _public_names(inventory), key=lambda name: (-len(name), name))


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def _without(pattern: re.Pattern[str], problem: Problem) -> Problem:
    return replace(
        problem,
        path=pattern.sub(MASK, problem.path),
        message=pattern.sub(MASK, problem.message),
        hint=pattern.sub(MASK, problem.hint),
        field=pattern.sub(MASK, problem.field) if problem.field else problem.field,
    )


def _names(text: str) -> Iterator[str]:
    """The text itself, the host of an address, or what a query names; there a word alone tells nothing."""
    values = [double or single for double, single in _LABEL_VALUE.findall(text)]
    if values:
        names = [_PORT.sub("", value) for value in values if _HAS_LETTER.search(value)]
        for name in (name for name in names if not _ORDINARY_WORD.fullmatch(name)):
            yield from _name(name)
    else:
        yield from _name(text)


def _name(text: str) -> Iterator[str]:
    """The text itself, or the host of an address."""
    if "://" not in text:
        name: str | None = text.strip()
    else:
        try:
            name = urlsplit(text).hostname
        except ValueError:
            name = None
    if name:
        yield name.casefold()


def _public_names(inventory: Inventory) -> set[str]:
    names = {component.slug for component in inventory.components}
    names |= {component.name for component in inventory.components}
    names |= {component.group for component in inventory.components}
    names |= {label for component in inventory.components for label in component.checks or ()}
    return {name.casefold() for name in names}
