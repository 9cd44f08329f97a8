"""The monitor map: which private host and check stands behind each public name.

Nothing of it but slugs and labels that components.yml makes public may reach a page or a log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from status_plugin.core.monitoring.summary import Reading, Seen
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Items, Text, Value, read_yaml
from status_plugin.core.notes.findings import suggestion
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.monitor_entry import Entry, MonitorMapError

EXAMPLE = "srv3: {probe: {checks: {Web: 'https://srv3.example.com/'}}}"

Coverage = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Source -> component slug -> public check labels: what each source is asked to watch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitorMap:
    """One entry for each component and kind of source; `name` is what errors call the map."""

    name: str = "STATUS_MONITOR_MAP"
    by_slug: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict, repr=False)

    def entries(self, kind: str) -> dict[str, Entry]:
        """The entries that are meant for one kind of source, by component slug."""
        return {slug: kinds[kind] for slug, kinds in self.by_slug.items() if kind in kinds}

    def coverage(self, inventory: Inventory, kinds: Iterable[str]) -> Coverage:
        """What each of these sources watches: what the map names and components.yml makes public."""
        return {kind: dict(self._covered(inventory, kind)) for kind in kinds}

    def problems(self, inventory: Inventory, kinds: Collection[str]) -> tuple[Problem, ...]:
        """Where the map, components.yml and the sources that are open do not fit together.

        An error costs a component its word; where no source is open nothing is watched on purpose.
        """
        return (*self._misfits(inventory, kinds), *(self._gaps(inventory, kinds) if kinds else ()))

    def _covered(self, inventory: Inventory, kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for slug, entry in self.entries(kind).items():
            component = inventory.by_slug.get(slug)
            if component is None or component.checks is None:
                continue
            labels = tuple(label for label in component.checks if label in entry.labels)
            if labels or entry.names_host:
                yield slug, labels

    def _misfits(self, inventory: Inventory, kinds: Collection[str]) -> Iterator[Problem]:
        for slug, by_kind in self.by_slug.items():
            component = inventory.by_slug.get(slug)
            for kind, entry in by_kind.items():
                if component is None or component.checks is None:
                    yield self._not_public(slug, component, entry, inventory)
                elif kind not in kinds:
                    hint = f"{suggestion(kind, kinds)} Or open the source in STATUS_MONITOR."
                    yield self._problem("unknown-monitor", entry.line, "No such source is open.", hint)
                else:
                    yield from self._strange_labels(entry, component)

    def _not_public(
        self, slug: str, component: Component | None, entry: Entry, inventory: Inventory
    ) -> Problem:
        if component is None:
            message = "This component is not in components.yml, so nothing of it is shown."
            hint = suggestion(slug, inventory.by_slug)
            return self._problem("unknown-component", entry.line, message, hint, Severity.ERROR)
        message = f"'{component.slug}' is not monitored according to components.yml, so this is not used."
        hint = f"Give '{component.slug}' a list of checks there; 'checks: []' watches its host alone."
        return self._problem("unmonitored-component", entry.line, message, hint)

    def _strange_labels(self, entry: Entry, component: Component) -> Iterator[Problem]:
        known = component.checks or ()
        for label in (label for label in entry.labels if label not in known):
            message = f"This check of '{component.slug}' is not in components.yml, so it is not shown."
            yield self._problem("unknown-check", entry.line_of(label), message, suggestion(label, known))

    def _gaps(self, inventory: Inventory, kinds: Iterable[str]) -> Iterator[Problem]:
        coverage = self.coverage(inventory, kinds).values()
        unwatched = []
        for component in (c for c in inventory.components if c.checks is not None):
            watched = [labels[component.slug] for labels in coverage if component.slug in labels]
            if not watched:
                unwatched.append(f"'{component.slug}'")
                continue
            for label in component.checks or ():
                if not any(label in labels for labels in watched):
                    message = f"No open source is told to watch '{label}' of '{component.slug}'."
                    hint = "Its state is unknown until the map names it."
                    yield self._problem("unmapped-check", None, message, hint)
        if unwatched:
            message = f"No open source is told to watch {', '.join(unwatched)}: unknown to visitors."
            hint = f"Name what has checks in the map, such as {EXAMPLE}, or remove its 'checks'."
            yield self._problem("unmapped-component", None, message, hint)

    def _problem(
        self,
        rule: str,
        line: int | None,
        message: str,
        hint: str,
        severity: Severity = Severity.WARNING,
    ) -> Problem:
        return Problem(rule=rule, path=self.name, message=message, hint=hint, severity=severity, line=line)


def read_monitor_map(value: Mapping[str, Any] | Path | None) -> MonitorMap:
    """The map from a mapping or a YAML file, empty for None; raises MonitorMapError."""
    if value is None:
        return MonitorMap()
    if isinstance(value, Path):
        return _read_file(value)
    return _built("STATUS_MONITOR_MAP", "STATUS_MONITOR_MAP, entry ", _as_read(value))


def public_part(reading: Reading, labels: Mapping[str, Collection[str]]) -> Reading:
    """The reading without any component or check that `labels` does not name."""
    components = {
        slug: Seen(host=seen.host, checks={k: v for k, v in seen.checks.items() if k in labels[slug]})
        for slug, seen in reading.components.items()
        if slug in labels
    }
    return Reading(written_at=reading.written_at, fresh_until=reading.fresh_until, components=components)


def _read_file(path: Path) -> MonitorMap:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise MonitorMapError(
            f"{path}: the monitor map cannot be read ({error.strerror}). "
            "Set STATUS_MONITOR_MAP to a YAML file that this user may read."
        ) from None
    except UnicodeDecodeError:
        raise MonitorMapError(
            f"{path.name}: this is not UTF-8 text. Save it with the encoding UTF-8."
        ) from None
    try:
        root, repeated = read_yaml(text, path=path.name)
    except BrokenYamlError as error:
        raise MonitorMapError(f"{path.name}:{error.line}:{error.column}: {error}") from None
    if repeated:
        raise MonitorMapError(
            f"{path.name}:{repeated[0].line}: This key is written twice. Keep one of the two."
        )
    return _built(path.name, f"{path.name}:", root)


def _built(name: str, origin: str, root: Value | None) -> MonitorMap:
    if root is None or (isinstance(root, Text) and not root.text):
        return MonitorMap(name=name)
    slugs = _fields(root, origin, f"Write a component and its sources: {EXAMPLE}")
    return MonitorMap(
        name=name,
        by_slug={
            component.key: {
                source.key: _entry(source, origin)
                for source in _fields(component.value, origin, f"Write the sources of a component: {EXAMPLE}")
            }
            for component in slugs
        },
    )


def _entry(source: Field, origin: str) -> Entry:
    fields = _fields(source.value, origin, f"Write what the source needs to know: {EXAMPLE}")
    return Entry(origin=origin, line=source.line, fields=fields)


def _fields(value: Value, origin: str, hint: str) -> tuple[Field, ...]:
    if not isinstance(value, Fields):
        raise MonitorMapError(f"{origin}{value.line}: A mapping is expected here. {hint}")
    return value.fields


def _as_read(mapping: Mapping[str, Any], number: int | None = None) -> Fields:
    """A Python mapping as if it came from a file: instead of lines its entries have numbers."""
    fields = tuple(
        Field(key=str(key), value=_value(value, number or position), line=number or position, column=1)
        for position, (key, value) in enumerate(mapping.items(), 1)
    )
    return Fields(fields=fields, line=number or 1, column=1)


def _value(value: Any, number: int) -> Value:
    if isinstance(value, Mapping):
        return _as_read(value, number)
    if isinstance(value, list | tuple):
        return Items(items=tuple(_value(inner, number) for inner in value), line=number, column=1)
    return Text(text="" if value is None else str(value), line=number, column=1)
