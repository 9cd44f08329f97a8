"""components.yml with the components of another page: what is there stays, what is missing is added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from status_plugin.core.notes.components import EVERYTHING, Inventory, read_components
from status_plugin.core.notes.slugs import slugify
from status_plugin.core.notes.textfile import decode
from status_plugin.core.notes.writing import field_line
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.listing import COMPONENTS
from status_plugin.staff.importing.foreign_site import ForeignComponent

_Named = tuple[ForeignComponent, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentList:
    """The text, None when it needs no change; `slugs` by the other page's names; `added` are such names."""

    text: str | None
    inventory: Inventory
    slugs: Mapping[str, str]
    added: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def merge_components(
    data: bytes | None, foreign: Sequence[ForeignComponent], earlier: Mapping[str, str]
) -> ComponentList:
    """The list with all components of the other page; one that has the same name is the same.

    `earlier` are the slugs of those that an earlier run has added: what staff made of them since stays.
    """
    present = decode(data or b"", path=COMPONENTS)
    inventory: Inventory | None = None
    problems: tuple[Problem, ...]
    if isinstance(present, Problem):
        problems = (present,)
    else:
        inventory, problems = read_components(present, path=COMPONENTS)
    if data and data.strip() and (inventory is None or not inventory.complete):
        made = "Nothing is added to it. Correct it and import again."
        broken = [problem for problem in problems if problem.severity is Severity.ERROR]
        doubt = _problem("unreadable-components", broken[0].message if broken else "It cannot be read.", made)
        known = inventory or Inventory()
        return ComponentList(text=None, inventory=known, slugs=_same(known, foreign), problems=(doubt,))
    known = inventory or Inventory()
    slugs = _same(known, foreign) | {name: slug for name, slug in earlier.items() if slug in known.by_slug}
    doubts = list(_gone(foreign, earlier, slugs))
    missing = _with_slugs([one for one in foreign if one.name not in {*slugs, *earlier}], known)
    if not missing or isinstance(present, Problem):
        return ComponentList(text=None, inventory=known, slugs=slugs, problems=tuple(doubts))
    text = _appended(present, "\n".join(_lines(missing)) + "\n")
    merged, found = read_components(text, path=COMPONENTS)
    if merged is None or any(component not in merged.components for component in known.components):
        message = f"{len(missing)} components cannot be added to it. {found[0].message if found else ''}"
        doubts.append(_problem("components-not-added", message.strip(), "It stays as it is."))
        return ComponentList(text=None, inventory=known, slugs=slugs, problems=tuple(doubts))
    return ComponentList(
        text=text,
        inventory=merged,
        slugs=slugs | {component.name: slug for component, slug in missing},
        added=tuple(component.name for component, _ in missing),
        problems=tuple(doubts),
    )


def _same(known: Inventory, foreign: Sequence[ForeignComponent]) -> dict[str, str]:
    """The slugs of components that are there by name."""
    by_name: dict[str, str] = {}
    for component in known.components:
        by_name.setdefault(component.name.casefold(), component.slug)
    found: dict[str, str] = {}
    for one in foreign:
        slug = by_name.get(one.title.casefold()) or by_name.get(one.name.casefold())
        # Two names of the other page that differ in case alone are two components.
        if slug is not None and slug not in found.values():
            found[one.name] = slug
    return found


def _gone(
    foreign: Sequence[ForeignComponent], earlier: Mapping[str, str], slugs: Mapping[str, str]
) -> Iterator[Problem]:
    for one in foreign:
        if one.name in earlier and one.name not in slugs:
            message = f"'{one.name}' was added by an earlier import and is not there any more."
            yield _problem("component-gone", message, "It is not added again.", Severity.WARNING)


def _with_slugs(missing: Sequence[ForeignComponent], known: Inventory) -> list[_Named]:
    taken = {*known.by_slug, EVERYTHING}
    found = []
    for component in missing:
        base = slugify(component.title)
        slug = next(
            name for name in (base, *(f"{base}-{number}" for number in range(2, 1000))) if name not in taken
        )
        taken.add(slug)
        found.append((component, slug))
    return found


def _lines(missing: Sequence[_Named]) -> Iterator[str]:
    for group, members in groupby(missing, key=lambda one: one[0].group):
        if group:
            yield f"- {field_line('group', group)}"
            yield "  components:"
        for component, slug in members:
            yield from (f"{'    ' if group else ''}{line}" for line in _entry(component, slug))


def _entry(component: ForeignComponent, slug: str) -> Iterator[str]:
    yield from (f"# {' '.join(line.split())}" for line in component.remarks)
    yield f"- {field_line('name', component.title)}"
    if slug != slugify(component.title):
        yield f"  {field_line('slug', slug)}"
    if component.description:
        yield f"  {field_line('description', component.description)}"


def _appended(present: str, added: str) -> str:
    if not present.strip():
        return present + added
    ending = "\r\n" if "\r\n" in present else "\n"
    gap = "" if present.endswith("\n") else ending
    return present + gap + ending + added.replace("\n", ending)


def _problem(rule: str, message: str, made: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(
        rule=rule, path=COMPONENTS, message=message, hint=made, severity=severity, line=1, column=1
    )
