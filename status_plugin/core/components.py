"""The public inventory: which components and checks the page may name at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from status_plugin.core.problems import UnreadableError


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """One thing that visitors know by name.

    `checks` are public labels; an empty tuple means that only reachability is watched, None that
    nothing is watched and the component lives by notes alone.
    """

    slug: str
    name: str
    group: str = ""
    description: str = ""
    checks: tuple[str, ...] | None = None

    @property
    def is_monitored(self) -> bool:
        """Whether any monitoring is expected to speak of it."""
        return self.checks is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inventory:
    """All components in the order of the file."""

    components: tuple[Component, ...] = ()
    by_slug: Mapping[str, Component] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_slug", {component.slug: component for component in self.components})

    def find(self, text: str) -> tuple[str, ...]:
        """Slugs that a slug, a name, a group's name or "all" stands for; else UnreadableError."""
        word = text.strip().casefold()
        if word == "all":
            return tuple(self.by_slug)
        single = [c.slug for c in self.components if word in (c.slug.casefold(), c.name.casefold())]
        found = single or [c.slug for c in self.components if c.group and word == c.group.casefold()]
        if not found:
            raise UnreadableError(
                "unknown-component", f"'{text}' is not in components.yml.", self._suggest(word)
            )
        return tuple(found)

    def _suggest(self, word: str) -> str:
        known = {c.slug.casefold(): c.slug for c in self.components}
        known |= {c.name.casefold(): c.name for c in self.components}
        known |= {c.group.casefold(): c.group for c in self.components if c.group}
        close = get_close_matches(word, known, n=1)
        if close:
            return f"Did you mean '{known[close[0]]}'?"
        return f"Known are: {', '.join(c.slug for c in self.components) or 'none'}."
