"""The public inventory: which components and checks the page may name at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Items, Text, Value, read_yaml
from status_plugin.core.notes.findings import Findings, Place, closest, suggestion
from status_plugin.core.notes.keys import COMPONENT_KEYS, GROUP_KEYS, names
from status_plugin.core.notes.slugs import is_slug, slugify
from status_plugin.core.notes.textfile import normalize
from status_plugin.core.problems import Problem, UnreadableError

EVERYTHING = "all"
"""The word for all components; none of them may be called so."""

_EXAMPLE = "Write it like '- name: Srv3', one for each component."
_KEYS = names(COMPONENT_KEYS)
_GROUP_KEYS = names(GROUP_KEYS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """One thing that visitors know by name.

    `checks` are public labels; an empty tuple means that only reachability is watched, None that
    nothing is watched and the component lives by notes alone. `checks_in_doubt` says that some of
    what is to be watched could not be read.
    """

    slug: str
    name: str
    group: str = ""
    description: str = ""
    checks: tuple[str, ...] | None = None
    checks_in_doubt: bool = False

    @property
    def is_monitored(self) -> bool:
        """Whether any monitoring is expected to speak of it."""
        return self.checks is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inventory:
    """All components in the order of the file.

    `complete` says that no mistake in the file costs a component, its slug or one of its checks.
    """

    components: tuple[Component, ...] = ()
    complete: bool = True
    by_slug: Mapping[str, Component] = field(init=False, repr=False, compare=False)
    _by_word: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_slug", {component.slug: component for component in self.components})
        object.__setattr__(self, "_by_word", self._words())

    def find(self, text: str) -> tuple[str, ...]:
        """Slugs that a slug, a name, a group's name or "all" stands for; else UnreadableError."""
        word = " ".join(text.split()).casefold()
        found = self._by_word.get(word)
        if found is None:
            raise UnreadableError(
                "unknown-component", f"'{text}' is not in components.yml.", self._suggest(word)
            )
        return found

    def _words(self) -> dict[str, tuple[str, ...]]:
        """What each word stands for; a group is what its name means unless a component has it, too."""
        groups: dict[str, tuple[str, ...]] = {}
        singles: dict[str, tuple[str, ...]] = {}
        for component in self.components:
            group = component.group.casefold()
            groups[group] = (*groups.get(group, ()), component.slug)
            for word in {component.slug.casefold(), component.name.casefold()}:
                singles[word] = (*singles.get(word, ()), component.slug)
        words = groups | singles | {EVERYTHING: tuple(self.by_slug)}
        return {word: slugs for word, slugs in words.items() if word}

    def _suggest(self, word: str) -> str:
        known = {c.slug.casefold(): c.slug for c in self.components}
        known |= {c.name.casefold(): c.name for c in self.components}
        known |= {c.group.casefold(): c.group for c in self.components if c.group}
        close = get_close_matches(word, known, n=1)
        if close:
            return f"Did you mean '{known[close[0]]}'?"
        return f"Known are: {', '.join(c.slug for c in self.components) or 'none'}."


def read_components(text: str, *, path: str) -> tuple[Inventory | None, tuple[Problem, ...]]:
    """The inventory that components.yml holds; None when no component in it can be read."""
    text, problems = normalize(text, path=path)
    findings = Findings(path, problems)
    try:
        value, repeated = read_yaml(text, path=path)
    except BrokenYamlError as error:
        findings.unreadable(error, at=error)
        return None, findings.in_order
    findings.problems += repeated
    if not isinstance(value, Items) or not value.items:
        findings.error("no-components", "The file holds no list of components.", _EXAMPLE, at=value)
        return None, findings.in_order
    reader = _Reader(findings)
    reader.read_entries(value)
    if not reader.components:
        return None, findings.in_order
    lost_to_another = any(_is_essential(problem.field or "") for problem in repeated)
    inventory = Inventory(
        components=tuple(reader.components.values()), complete=reader.complete and not lost_to_another
    )
    return inventory, findings.in_order


def _is_essential(key: str) -> bool:
    """Whether a component would be another without this key, or not be there at all."""
    return key.strip().casefold() in ("components", "name", "slug", "checks")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Checks:
    """The labels of one component's checks; `in_doubt` if there may be others."""

    labels: tuple[str, ...]
    in_doubt: bool


class _Reader:
    """Reads entry after entry; one that is wrong costs itself alone, and then it is not `complete`."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.components: dict[str, Component] = {}
        self.complete = True

    def read_entries(self, entries: Items) -> None:
        """Adds the components of a list of groups and components."""
        for entry in entries.items:
            if isinstance(entry, Fields) and any(part.name in _GROUP_KEYS for part in entry.fields):
                self._read_group(entry)
            else:
                self._read_component(entry, group="")

    def _read_group(self, entry: Fields) -> None:
        fields = self._known_fields(entry, _GROUP_KEYS)
        group = self._text(fields, "group")
        if not group:
            self._findings.error(
                "group-missing", "A group has no name.", "Begin it with '- group: Shared hosting'.", at=entry
            )
        components = fields.get("components")
        if components is None or not isinstance(components.value, Items):
            at = components.value if components else entry
            self._lose(
                "group-without-components",
                f"The group '{group}' has no list of components.",
                "Write 'components:' and below it '- name: Srv3', one for each component.",
                at=at,
                field="components",
            )
            return
        for component in components.value.items:
            self._read_component(component, group=group)

    def _read_component(self, entry: Value, *, group: str) -> None:
        if not isinstance(entry, Fields):
            self._lose("not-a-component", "This is no component.", _EXAMPLE, at=entry)
            return
        fields = self._known_fields(entry, _KEYS)
        name = self._text(fields, "name")
        if not name:
            self._lose("name-missing", "A component has no name.", _EXAMPLE, at=entry, field="name")
            return
        slug = self._slug(fields, name)
        if slug in self.components or slug == EVERYTHING:
            self._refuse_slug(slug, fields.get("slug", fields["name"]))
            return
        checks = self._checks(fields.get("checks"))
        self.components[slug] = Component(
            slug=slug,
            name=name,
            group=group,
            description=self._text(fields, "description"),
            checks=checks.labels if checks else None,
            checks_in_doubt=checks is not None and checks.in_doubt,
        )

    def _refuse_slug(self, slug: str, field: Field) -> None:
        if slug == EVERYTHING:
            message = f"'{EVERYTHING}' means every component."
        else:
            message = f"'{slug}' is already the component '{self.components[slug].name}'."
        hint = "Give it another name, or a slug of its own."
        self._lose("duplicate-component", message, hint, at=field.value, field=field.key)

    def _slug(self, fields: dict[str, Field], name: str) -> str:
        given = self._text(fields, "slug")
        if given and not is_slug(given):
            self._lose(
                "wrong-slug",
                f"'{given}' cannot stand in an address.",
                f"Write small letters, digits and hyphens: slug: {slugify(given)}",
                at=fields["slug"].value,
                field="slug",
            )
        return slugify(given or name)

    def _checks(self, field: Field | None) -> _Checks | None:
        """The checks, in doubt unless every one could be read under the right key; None without any key."""
        if field is None:
            return None
        reading = self._listed_checks(field)
        if field.name != "checks" or reading.in_doubt:
            self.complete = False
            return replace(reading, in_doubt=True)
        return reading

    def _listed_checks(self, field: Field) -> _Checks:
        if isinstance(field.value, Items):
            return self._labels(field.value.items)
        named = field.value.text.split(",") if isinstance(field.value, Text) else []
        labels = tuple(dict.fromkeys(label for name in named if (label := " ".join(name.split()))))
        hint = (
            f"Write checks: [{', '.join(labels)}]."
            if labels
            else "Write checks: [Web, Mail], or [] if only reachability is watched; "
            "delete the line if nothing is."
        )
        message = "The checks are no list."
        self._findings.error("wrong-checks", message, hint, at=field.value, field="checks")
        return _Checks(labels=labels, in_doubt=not labels)

    def _labels(self, items: tuple[Value, ...]) -> _Checks:
        labels: list[str] = []
        for item in items:
            label = " ".join(item.text.split()) if isinstance(item, Text) else ""
            if not label or label in labels:
                message = f"The check '{label}' is there twice." if label else "A check has no name."
                hint = "Write each public label once: checks: [Web, Mail]"
                self._findings.error("wrong-checks", message, hint, at=item, field="checks")
            labels.append(label)
        return _Checks(labels=tuple(dict.fromkeys(filter(None, labels))), in_doubt="" in labels)

    def _text(self, fields: dict[str, Field], name: str) -> str:
        field = fields.get(name)
        if field is None:
            return ""
        if not isinstance(field.value, Text):
            message, hint = f"The {name} is no text.", f"Write it in one line: {name}: ..."
            self._findings.error("wrong-kind", message, hint, at=field.value, field=name)
            return ""
        return " ".join(field.value.text.split())

    def _known_fields(self, entry: Fields, known: tuple[str, ...]) -> dict[str, Field]:
        """The fields by name; what a component cannot do without is there by its right name, too."""
        by_name = {part.name: part for part in entry.fields}
        for part in entry.fields:
            if part.name in known:
                continue
            message = f"'{part.key}' means nothing here."
            self._findings.error(
                "unknown-key", message, suggestion(part.name, known), at=part, field=part.key
            )
            meant = part.name if _is_essential(part.name) else closest(part.name, known)
            if meant and _is_essential(meant) and by_name.setdefault(meant, part) is part:
                self.complete = False
        return by_name

    def _lose(self, rule: str, message: str, hint: str, *, at: Place, field: str | None = None) -> None:
        """Adds an error that costs a component."""
        self.complete = False
        self._findings.error(rule, message, hint, at=at, field=field)
