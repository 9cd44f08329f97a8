"""The configuration of a site of cState: its systems, its zone and its languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from status_plugin.core.notes.fields import Field, Fields, Items, Value
from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.textfile import decode, normalize
from status_plugin.core.problems import Problem, UnreadableError
from status_plugin.core.times.zones import find_zone
from status_plugin.staff.importing.foreign_site import ForeignComponent
from status_plugin.staff.importing.foreign_values import by_name, items_of, read_values, told

_FORMS = {"yml": "yaml", "yaml": "yaml", "toml": "toml", "json": "json"}
_STEMS = ("config", "hugo", "config/_default/config", "config/_default/hugo")
_PARAMS = "config/_default/params"
_SYSTEM_KEYS = {"name", "displayname", "category", "description"}
_CATEGORY_KEYS = {"name", "untitled"}


@dataclass(frozen=True, kw_only=True, slots=True)
class CStateConfig:
    """What the configuration says; `path` is its file, `languages` their codes, the default one in front."""

    path: str
    identity: str = ""
    zone: tzinfo | None = None
    languages: tuple[str, ...] = ()
    components: tuple[ForeignComponent, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_config(root: Path) -> CStateConfig | None:
    """The configuration of a site, None when there is none."""
    path = _find(root, _STEMS)
    if path is None:
        return None
    findings = Findings(path)
    values = _values(root, path, findings)
    params = by_name(values["params"].value) if "params" in values else {}
    apart = _find(root, (_PARAMS,))
    if apart is not None:
        findings_apart = Findings(apart)
        params = _values(root, apart, findings_apart) or params
        components = tuple(_components(params, findings_apart))
        findings.problems += findings_apart.problems
    else:
        components = tuple(_components(params, findings))
    return CStateConfig(
        path=path,
        identity=_text(values, "baseurl") or _text(values, "title"),
        zone=_zone(values, findings),
        languages=_languages(values),
        components=components,
        problems=tuple(findings.problems),
    )


def _find(root: Path, stems: tuple[str, ...]) -> str | None:
    names = [f"{stem}.{ending}" for stem in stems for ending in _FORMS]
    return next((name for name in names if (root / name).is_file()), None)


def _values(root: Path, path: str, findings: Findings) -> dict[str, Field]:
    made = "No components are taken from it; name them in components.yml."
    try:
        text = decode((root / path).read_bytes(), path=path)
    except OSError as error:
        findings.error("unreadable-file", f"The file cannot be opened: {error.strerror}.", made)
        return {}
    if isinstance(text, Problem):
        findings.problems.append(text)
        return {}
    try:
        return by_name(read_values(normalize(text, path=path)[0], _FORMS[path.rpartition(".")[2]]))
    except UnreadableError as error:
        findings.error(error.rule, error.message, made)
        return {}


def _text(values: Mapping[str, Field], name: str) -> str:
    return told(values[name].value) if name in values else ""


def _zone(values: Mapping[str, Field], findings: Findings) -> tzinfo | None:
    name = _text(values, "timezone")
    if not name:
        return None
    try:
        return find_zone(name).info
    except UnreadableError as error:
        made = "Times that name no zone are read as UTC; --zone names another."
        findings.error(error.rule, error.message, made, at=values["timezone"].value, field="timeZone")
        return None


def _languages(values: Mapping[str, Field]) -> tuple[str, ...]:
    default = _text(values, "defaultcontentlanguage").lower() or "en"
    others = by_name(values["languages"].value) if "languages" in values else {}
    return tuple(dict.fromkeys([default, *(field.key.lower() for field in others.values())]))


def _components(params: Mapping[str, Field], findings: Findings) -> Iterator[ForeignComponent]:
    """The systems in the order of their categories, and in that of the file within them."""
    categories = {_text(by_name(one), "name"): by_name(one) for one in _mappings(params, "categories")}
    remarks = {
        name: _remarks(fields, _CATEGORY_KEYS, findings, of=f"category {name}, ")
        for name, fields in categories.items()
    }
    systems = [by_name(system) for system in _mappings(params, "systems")]
    order = [*categories, *(_text(system, "category") for system in systems)]
    for fields in sorted(systems, key=lambda one: order.index(_text(one, "category"))):
        component = _component(fields, categories, findings)
        if component is not None:
            above = remarks.pop(_text(fields, "category"), ())
            yield replace(component, remarks=(*above, *component.remarks))
    for name in remarks.keys() & categories.keys():
        message = f"No system is in the category '{name}'."
        findings.warning("empty-category", message, "It is left out.", at=categories[name]["name"])


def _component(
    fields: Mapping[str, Field], categories: Mapping[str, Mapping[str, Field]], findings: Findings
) -> ForeignComponent | None:
    name, category = _text(fields, "name"), _text(fields, "category")
    at = next(iter(fields.values()), None)
    if not name or at is None:
        message = f"A system has no name: {', '.join(told(field.value) for field in fields.values())}"
        findings.error("name-missing", message, "It is left out.", at=at)
        return None
    if category and category not in categories:
        message = f"The category '{category}' of '{name}' is not among the categories."
        made = "It becomes a group."
        findings.warning("unknown-category", message, made, at=fields["category"], field="category")
    is_untitled = _text(categories.get(category, {}), "untitled").casefold() == "true"
    return ForeignComponent(
        name=name,
        title=_text(fields, "displayname") or name,
        group="" if is_untitled else category,
        description=_text(fields, "description"),
        remarks=_remarks(fields, _SYSTEM_KEYS, findings),
    )


def _mappings(params: Mapping[str, Field], name: str) -> tuple[Value, ...]:
    value = params[name].value if name in params else None
    if isinstance(value, Items):
        return tuple(item if isinstance(item, Fields) else _named(item) for item in items_of(value))
    return ()


def _named(item: Value) -> Value:
    """A system that is only a name, as a mapping."""
    field = Field(key="name", value=item, line=item.line, column=item.column)
    return Fields(fields=(field,), line=item.line, column=item.column)


def _remarks(
    fields: Mapping[str, Field], known: set[str], findings: Findings, *, of: str = ""
) -> tuple[str, ...]:
    """What has no place here, as comments, each with a doubt."""
    remarks = []
    for name, field in fields.items():
        if name not in known and (value := told(field.value)):
            message = f"'{value}' has no place in components.yml."
            findings.warning("unmapped-field", message, "It is kept as a comment.", at=field, field=field.key)
            remarks.append(f"{of}{field.key}: {value}")
    return tuple(remarks)
