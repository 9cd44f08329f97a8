"""`flask status schema`: what editors know of notes and components is what the reader knows."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from click.testing import Result
from golden_notes import FOLDER, READ_AT, ZONE, golden_files, inventory, reading_of
from jsonschema import Draft7Validator, Draft202012Validator
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.core.notes.components import read_components
from status_plugin.core.notes.frontmatter import read_front_matter
from status_plugin.core.notes.keys import (
    COMPONENT_KEYS,
    GROUP_KEYS,
    INCIDENT_KEYS,
    WINDOW_KEYS,
    Key,
    ValueKind,
)
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.note_fields import NoteFields
from status_plugin.core.notes.reader import read_note
from status_plugin.core.notes.textfile import decode
from status_plugin.core.problems import Problem, Severity
from status_plugin.staff.schema.file_schemas import KINDS, schema, schema_comment

HOME = Path(__file__).parent.parent
KIND_OF = {"incidents": "incident", "maintenance": "maintenance"}

# What an editor can see without a calendar, a clock and the list of components.
SEEN = {
    "unknown-key", "wrong-word", "wrong-kind", "title-missing", "starts-missing", "ends-missing",
    "not-a-post", "wrong-slug", "wrong-url", "state-in-window", "empty-name", "empty-time",
}  # fmt: skip

# Keys in capitals and with blanks are read all the same; an editor advises the spelling of the documentation.
ADVISED = {"keys-as-phones-write-them"}


class Yaml12(yaml.SafeLoader):
    """YAML as editors read it since version 1.2: dates are texts, and only true and false are truths."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.endswith((":int", ":float", ":null"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
# 10:30 is a number to the base of sixty in 1.1 alone.
Yaml12.yaml_implicit_resolvers = {
    first: [
        (
            tag,
            re.compile(r"^[-+]?[0-9]+$")
            if tag.endswith(":int")
            else re.compile(r"^[-+]?[0-9]*\.[0-9]+$")
            if tag.endswith(":float")
            else pattern,
        )
        for tag, pattern in found
    ]
    for first, found in Yaml12.yaml_implicit_resolvers.items()
}


@cache
def validator(kind: str) -> Draft202012Validator:
    """A real validator of one of the schemas, with the golden components."""
    found = schema(kind, inventory())
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def front_matter(path: Path) -> Any:
    """What an editor reads between the fences."""
    text = decode(path.read_bytes(), path=path.name)
    assert isinstance(text, str)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n \t").split("\n")
    end = next(number for number, line in enumerate(lines[1:], 1) if re.fullmatch(r"(---+|\.\.\.)\s*", line))
    return yaml.load("\n".join(lines[1:end]), Loader=Yaml12)


def notes() -> list[Path]:
    """Every golden note whose front matter is YAML to an editor, and the company's own."""
    found = [path for path in golden_files() if path.stem not in ADVISED and is_yaml(path)]
    return [*found, *sorted((HOME / "content").glob("*/*.md"))]


def is_yaml(path: Path) -> bool:
    """Whether there is front matter, and no mistake that the reader alone forgives."""
    text = decode(path.read_bytes(), path=path.name)
    if not isinstance(text, str) or not read_front_matter(text, path=path.name).fields:
        return False
    try:
        return isinstance(front_matter(path), dict)
    except yaml.YAMLError:
        return False


@cache
def problems_of(path: Path) -> list[Problem]:
    """What the reader finds wrong in the front matter."""
    if not path.is_relative_to(FOLDER):
        return []
    text = decode(path.read_bytes(), path=path.name)
    assert isinstance(text, str)
    body = read_front_matter(text, path=path.name).body_line
    return [
        problem
        for problem in reading_of(path).problems
        if problem.severity is Severity.ERROR and (problem.line or 0) < body
    ]


@pytest.mark.parametrize("path", notes(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_schema_says_what_the_reader_says(path: Path) -> None:
    """A note that the reader finds no fault in has none for an editor; what an editor can see, it sees."""
    wrong = problems_of(path)
    errors = [error.message for error in validator(KIND_OF[path.parent.name]).iter_errors(front_matter(path))]
    if not wrong and not (path.is_relative_to(FOLDER) and reading_of(path).hidden):
        assert errors == []
    if any(problem.rule in SEEN for problem in wrong):
        assert errors


def test_good_and_bad_notes_are_among_them() -> None:
    """The comparison is of many notes, good ones and ones with each fault that an editor can see."""
    of_golden = [path for path in notes() if path.is_relative_to(FOLDER)]
    rules = {problem.rule for path in of_golden for problem in problems_of(path)}
    assert len(rules & SEEN) >= 8, SEEN - rules
    assert sum(not problems_of(path) for path in notes()) > 40


@pytest.mark.parametrize(
    "text",
    [
        "titel: x\ntitle: x",
        "title: x\nimpact: terrible",
        "title: x\nstarted: now",
        "title: x\ndraft: perhaps",
        "title: x\nposts: [{title: x}]",
        "title: x\naffects: {srv3: terrible}",
        "title: x\nannounced:",
        "title:",
    ],
)
def test_a_wrong_incident(text: str) -> None:
    """A wrong key, a wrong word and a missing title are faults."""
    assert list(validator("incident").iter_errors(yaml.load(text, Loader=Yaml12)))


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ((HOME / "content" / "components.yml").read_text("utf-8"), True),
        ((HOME / "tests" / "golden" / "notes" / "components.yml").read_text("utf-8"), True),
        ("- name: 2008\n  checks: []", True),
        ("- group: x\n  components: [{name: y}]\n- name: z", True),
        ("- nme: Srv3", False),
        ("- name: Srv3\n  checks: Web, Mail", False),
        ("- name: Srv3\n  slug: Not A Slug", False),
        ("- group: x", False),
        ("- group: x\n  components: [{nam: y}]", False),
        ("name: Srv3", False),
        ("[]", False),
    ],
)
def test_components(text: str, is_good: bool) -> None:
    """The reader and the schema agree on components.yml."""
    errors = [error.message for error in validator("components").iter_errors(yaml.load(text, Loader=Yaml12))]
    assert (errors == []) == is_good
    _, problems = read_components(text, path="components.yml")
    assert any(problem.severity is Severity.ERROR for problem in problems) != is_good


class Spy(NoteFields):
    """Notes which reader is asked for which key."""

    asked: dict[str, set[str]] = {}  # noqa: RUF012, one for all that are made in a test


def _spying(method: str) -> Any:
    def ask(self: NoteFields, name: str = method, *rest: Any, **more: Any) -> Any:
        Spy.asked.setdefault(name, set()).add(method)
        given = () if method in ("affects", "posts") and name == method else (name,)
        return getattr(NoteFields, method)(self, *given, *rest, **more)

    return ask


READERS = {
    "text": ValueKind.TEXT, "flag": ValueKind.FLAG, "span": ValueKind.SPAN, "duration": ValueKind.DURATION,
    "state": ValueKind.STATE, "posts": ValueKind.POSTS, "words": ValueKind.WORDS, "slugs": ValueKind.SLUGS,
    "moment": ValueKind.MOMENT, "past_moment": ValueKind.MOMENT,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "keys"), [(Incident, INCIDENT_KEYS), (Maintenance, WINDOW_KEYS)])
def test_the_table_is_what_is_read(
    kind: type[Incident] | type[Maintenance], keys: tuple[Key, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each key of the table is read, as the kind that the table says, and no other key is."""
    for method in READERS:
        monkeypatch.setattr(Spy, method, _spying(method), raising=False)
    monkeypatch.setattr(Spy, "asked", {})
    monkeypatch.setattr("status_plugin.core.notes.reader.NoteFields", Spy)
    text = "---\ntitle: x\nimpact: major\nduration: 2h\naffects: srv9\n---\n"
    read_note(text, path="x/x.md", kind=kind, zone=ZONE, inventory=inventory(), read_at=READ_AT)
    dated = {ValueKind.DATED: ValueKind.MOMENT}
    table = {key.name: dated.get(key.kind, key.kind) for key in keys if key.kind is not ValueKind.AFFECTS}
    found = {name: {READERS[method] for method in methods} for name, methods in Spy.asked.items()}
    # A length of time is told as it was written, too.
    assert {name: kinds - {ValueKind.TEXT} or kinds for name, kinds in found.items()} == {
        name: {kind} for name, kind in table.items()
    }


def test_every_key_is_explained() -> None:
    """An editor shows a sentence for every key, and examples that the reader takes."""
    for kind in ("incident", "maintenance"):
        for name, shape in schema(kind, inventory())["properties"].items():
            assert shape["description"].endswith("."), name
    for keys, kind in ((INCIDENT_KEYS, Incident), (WINDOW_KEYS, Maintenance)):
        for key in keys:
            for example in key.examples:
                base = {"title": "x", "started": "2026-11-20 5pm EST", "starts": "2026-11-20 5pm EST"}
                base |= {"resolved": "2026-11-21 6:00am Eastern"} if kind is Incident else {}
                del base["starts" if kind is Incident else "started"]
                base |= {key.name: example}
                text = "".join(f"{name}: {value}\n" for name, value in base.items())
                found = read_note(
                    f"---\n{text}---\n", path="x/x.md", kind=kind, zone=ZONE, inventory=None, read_at=READ_AT
                )
                faults = [problem for problem in found.problems if problem.field == key.name]
                assert not faults, (key.name, example, faults)
    for key in (*COMPONENT_KEYS, *GROUP_KEYS):
        assert key.help.endswith(".")


def test_an_editor_offers_the_components() -> None:
    """Slugs, names, groups and `all` are offered, and the words for states."""
    text = json.dumps(schema("incident", inventory())["properties"]["affects"])
    for word in ("srv9", "Srv9", "Name servers", "all", "degraded", "offline"):
        assert f'"{word}"' in text


@pytest.mark.parametrize(
    ("kind", "path", "line"),
    [
        ("incident", "incidents/x.md", "# yaml-language-server: $schema=../.schema/incident.json"),
        (
            "maintenance",
            "maintenance/2026/x.md",
            "# yaml-language-server: $schema=../../.schema/maintenance.json",
        ),
        ("components", "components.yml", "# yaml-language-server: $schema=.schema/components.json"),
    ],
)
def test_the_line_for_editors(kind: str, path: str, line: str) -> None:
    """The comment leads from the file to its schema, and is nothing to the reader."""
    assert schema_comment(kind, PurePosixPath(path)) == line
    if kind == "incident":
        text = INCIDENT.replace("---\n", f"---\n{line}\n", 1)
        found = read_note(text, path=path, kind=Incident, zone=ZONE, inventory=inventory(), read_at=READ_AT)
        assert found.note is not None
        assert found.note.title == "Srv3 is not responding"
        assert not [problem for problem in found.problems if problem.field is None]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident."""
    made = mounted_site(tmp_path)
    made.note("incidents/srv3.md", INCIDENT)
    made.clock.move(2)
    return made


def run(site: Site, *words: str) -> Result:
    """What a command prints."""
    return site.app.test_cli_runner().invoke(args=["status", "schema", *words])


def test_they_are_written_beside_the_notes(site: Site) -> None:
    """--write puts all of them into the folder, where they are no notes and on no page."""
    said = run(site, "--write")
    assert "Written: .schema/incident.json, .schema/maintenance.json" in said.output
    for kind in KINDS:
        text = (site.folder / ".schema" / f"{kind}.json").read_text("utf-8")
        printed = json.loads(run(site, kind).output)
        assert printed.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
        assert json.loads(text) == printed
        Draft7Validator.check_schema(printed)
    site.clock.move(2)
    assert site.board()["problems"] == 0
    assert site.client.get("/status/.schema/incident.json").status_code == 404


def test_one_or_all(site: Site) -> None:
    """Neither a kind nor --write is a question; both are one, too."""
    for words in ((), ("incident", "--write")):
        assert run(site, *words).exit_code == 2
