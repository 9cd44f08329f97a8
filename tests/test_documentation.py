"""The pages in docs/ say what the code does, no more and no less, and every example in them works."""

from __future__ import annotations

import ast
import configparser
import json
import re
import runpy
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import click
import jsonschema
import pytest
import yaml
from flask import Flask, template_rendered
from golden_notes import golden_files
from mounted_site import INCIDENT, mounted_site

from status_plugin.core.notes.components import Inventory, read_components
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import NoteKind, NoteReading, read_note
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import read_moment
from status_plugin.core.words import STATE_WORDS, State, read_state
from status_plugin.settings import SETTINGS
from status_plugin.settings_reader import read_settings
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import SourceTerms, open_sources
from status_plugin.sources.monitors.addresses import USUAL_PORTS
from status_plugin.staff.checking.registry import CHAPTERS, RULES
from status_plugin.staff.cli import commands

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "status_plugin"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
MONITORING, NOTES, TEMPLATES = PAGES["monitoring.md"], PAGES["notes.md"], PAGES["templates.md"]

EASTERN = ZoneInfo("America/New_York")
READ_AT = datetime(2027, 1, 1, tzinfo=UTC)


def part(page: str, beginning: str) -> str:
    """The page from the line that begins so to the next heading or introduction of a table."""
    _, found, rest = page.partition(f"\n{beginning}")
    assert found, f"no line begins with {beginning!r}"
    return re.split(r"\n(?=#)|(?<=\|)\n\n(?!\|)", rest)[0]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in a text, without backquotes."""
    rows = re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE)
    return [row.strip("`") for row in rows]


def snippets(page: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def known_keys(told: str) -> set[str]:
    """The keys that an error lists for want of a better guess."""
    return set(re.split(r", ", told.partition("Known are: ")[2].rstrip(".")))


class TestSettings:
    """docs/settings.md."""

    def test_it_is_made_from_the_table(self) -> None:
        """The page is what `make docs` writes now."""
        made = runpy.run_path(str(ROOT / "tools" / "document_settings.py"))["settings_page"]()
        assert PAGES["settings.md"] == made, "run `make docs`"

    def test_the_whole_configuration_works(self, tmp_path: Path) -> None:
        """The example sets every key there is, and Flask and the plugin accept it."""
        for folder in ("content", "blog"):
            (tmp_path / folder).mkdir()
        (tmp_path / "settings.cfg").write_text(snippets(PAGES["settings.md"], "python")[0])
        app = Flask("example", root_path=str(tmp_path))
        app.config.from_pyfile("settings.cfg")
        assert {key for key in app.config if key.startswith("STATUS_")} == {s.key for s in SETTINGS}
        assert str(read_settings(app.config, tmp_path, tmp_path).timezone) == "America/New_York"


class TestMonitoring:
    """docs/monitoring.md."""

    def test_every_map_works(self, tmp_path: Path) -> None:
        """Both built-in sources can be opened with each map that is shown."""
        maps = snippets(MONITORING, "yaml")
        assert maps
        for text in maps:
            (tmp_path / "monitor.yml").write_text(text)
            shown = read_monitor_map(tmp_path / "monitor.yml")
            assert len(shown.entries("nagios")) == len(shown.entries("probe")) == 2
            open_sources(["nagios:/nonexistent/status.dat", "probe:"], shown, SourceTerms())

    @pytest.mark.parametrize("kind", ["nagios", "probe"])
    def test_every_key_of_the_map_is_there(self, kind: str) -> None:
        """The keys of each source are those that it knows."""
        wrong = read_monitor_map({"srv3": {kind: {"qqqqqq": "x"}}})
        name = {"nagios": "nagios:/x", "probe": "probe:"}[kind]
        with pytest.raises(MonitorMapError) as error:
            open_sources(name, wrong, SourceTerms())
        assert set(first_cells(part(MONITORING, f"`{kind}:` takes"))) == known_keys(str(error.value))

    def test_every_address_is_there(self) -> None:
        """All that a probe can ask is listed, and what needs a port is said."""
        listed = re.findall(r"`(\w+)://", part(MONITORING, "Times are written"))
        assert set(listed) == set(USUAL_PORTS)
        assert [scheme for scheme, port in USUAL_PORTS.items() if port is None] == ["tcp"]
        assert "Only `tcp://` needs a port." in MONITORING

    def test_every_configuration_works(self, tmp_path: Path) -> None:
        """The plugin accepts each example of settings."""
        (tmp_path / "content").mkdir()
        examples = [text for text in snippets(MONITORING, "python") if "STATUS_" in text]
        assert len(examples) == 3
        for text in examples:
            config: dict[str, Any] = {}
            exec(text, {}, config)
            read_settings(config, tmp_path, tmp_path)

    def test_the_unit_for_systemd(self) -> None:
        """It runs the watch, starts it again, and owns the folder of the cache that is shown beside it."""
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str  # type: ignore[assignment]
        unit.read_string(snippets(MONITORING, "ini")[0])
        service = unit["Service"]
        assert service["ExecStart"].endswith("/flask --app website status watch")
        assert service["Restart"] == "on-failure"
        assert service["ProtectSystem"] == "strict"
        config: dict[str, Any] = {}
        exec(snippets(MONITORING, "python")[1], {}, config)
        assert config["STATUS_CACHE"]["CACHE_DIR"] == f"/var/cache/{service['CacheDirectory']}"
        assert unit["Install"]["WantedBy"] == "multi-user.target"

    @pytest.mark.parametrize(
        ("module", "name", "value", "words"),
        [
            ("core.monitoring.word", "DOWNTIME_LIMIT", timedelta(hours=24), "for 24 hours at most"),
            ("core.board.board", "NOTICE_AFTER", timedelta(minutes=15), "only after 15\nminutes"),
            ("sources.monitors.host_monitor", "PASSIVE_FRESH_FOR", timedelta(hours=1), "`1h` unless given"),
            ("sources.monitors.state_scale", "PATIENCE", timedelta(seconds=300), "overdue by 300 seconds"),
            ("sources.monitors.probe", "SLOW", timedelta(seconds=2), "`2s` unless given"),
            ("sources.monitors.probe", "PAUSE", timedelta(seconds=0.3), "0.3 seconds later"),
            ("web.renewals", "FIRST_SUMMARY_WAIT", timedelta(seconds=1), "at most one second"),
        ],
    )
    def test_figures(self, module: str, name: str, value: timedelta, words: str) -> None:
        """A figure on the page is the one that counts."""
        found: ModuleType = __import__(f"status_plugin.{module}", fromlist=[name])
        assert getattr(found, name) == value
        assert words in MONITORING


def inventory() -> Inventory:
    """The components of the example in docs/notes.md."""
    example = part(NOTES, "## components.yml")
    found, problems = read_components(snippets(example, "yaml")[0], path="components.yml")
    assert not problems
    assert found is not None
    return found


def reading(text: str, kind: NoteKind) -> NoteReading:
    """What is read from a note."""
    return read_note(text, path="x.md", kind=kind, zone=EASTERN, inventory=inventory(), read_at=READ_AT)


def rows_of(text: str) -> Iterator[tuple[str, str]]:
    """The first two cells of each row of a table whose first cell is typed by people."""
    return ((match[1], match[2]) for match in re.finditer(r"^\| `(.+?)` \| (.+?) \|", text, re.MULTILINE))


def rules_in_the_code() -> set[str]:
    """The name of every rule: after `rule`, or first in a call that reports a problem."""
    reporters = {"error", "warning", "_add", "_lose", "_problem", "_told", "UnreadableError"}
    found: list[ast.expr | None] = []
    for path in PLUGIN.rglob("*.py"):
        if path.name in ("reader_rules.py", "rule.py"):
            continue  # these say which rules there are, and report none
        if "importing" in path.parts:
            continue  # docs/importing.md has those
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found += [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
                if getattr(node.func, "attr", getattr(node.func, "id", "")) in reporters:
                    # Some take the name of a field before that of the rule.
                    found += [argument for argument in node.args[:2] if is_name(argument)][-1:]
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                pairs = zip(node.targets[0].elts, getattr(node.value, "elts", ()), strict=False)
                found += [value for target, value in pairs if getattr(target, "id", "") == "rule"]
            elif isinstance(node, ast.FunctionDef):
                named_ones = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                found += [default for argument, default in named_ones if argument.arg == "rule"]
    parts = [part for value in found if value for part in ast.walk(value)]
    return {part.value for part in parts if is_name(part)}  # type: ignore[attr-defined]


def is_name(node: ast.AST) -> bool:
    """Whether it is a constant in kebab-case."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text and bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", node.value))  # type: ignore[attr-defined]


class TestNotes:
    """docs/notes.md."""

    @pytest.mark.parametrize("kind", [Incident, Maintenance])
    def test_every_key_is_there(self, kind: NoteKind) -> None:
        """The keys of incidents and of windows are those that are read."""
        problems = reading("---\nqqqqqq: x\n---\n", kind).problems
        told = next(problem.hint for problem in problems if problem.rule == "unknown-key")
        own = "An incident also has:" if kind is Incident else "A window also has:"
        documented = first_cells(part(NOTES, "Every note:")) + first_cells(part(NOTES, own))
        assert sorted(documented) == sorted(known_keys(told))

    def test_every_state_word_is_there(self) -> None:
        """All words for an impact are listed beside what the page makes of them."""
        rows = part(NOTES, "An impact or state is one of these words:")
        listed = re.findall(r"`([^`]+)`", rows)
        wanted = {str(word) for word in STATE_WORDS if read_state(word) is not State.UNDER_MAINTENANCE}
        assert set(listed) == wanted
        for line in rows.splitlines():
            assert len({read_state(word) for word in re.findall(r"`([^`]+)`", line)}) <= 1

    def test_every_example_is_read(self) -> None:
        """The whole notes on the page have nothing to complain about."""
        examples = snippets(NOTES, "markdown")
        assert len(examples) == 2
        for text in examples:
            found = reading(text, Maintenance if "starts:" in text else Incident)
            assert [str(problem) for problem in found.problems] == []
            assert found.note is not None
            assert len(found.note.updates) == 2

    @pytest.mark.parametrize(
        ("kind", "number", "head"),
        [
            (Incident, 0, "started: 2008-09-04 5:00pm Eastern\nimpact: major"),
            (Maintenance, 1, "starts: 2008-09-04 5:00pm Eastern\nends: 7pm"),
        ],
    )
    def test_every_update_is_read(self, kind: NoteKind, number: int, head: str) -> None:
        """Each line that is shown is one update, with nothing to complain about."""
        lines = snippets(NOTES, "text")[number].splitlines()
        assert len(lines) >= 4
        for line in lines:
            text = f"---\ntitle: Example\n{head}\naffects: all\n---\n{line}\n"
            found = reading(text, kind)
            assert [str(problem) for problem in found.problems] == []
            assert found.note is not None
            assert len(found.note.updates) == 1, line

    def test_every_time_is_read(self) -> None:
        """Each time means what stands beside it."""
        rows = list(rows_of(part(NOTES, "## Times").partition("These are refused")[0]))
        assert len(rows) > 9
        for written, meant in rows:
            noon = datetime(2008, 9, 4, 12, tzinfo=EASTERN)
            moment, doubts = read_moment(written, zone=EASTERN, previous=noon)
            told = moment.local.isoformat() + ("" if moment.exact else ", shown as written")
            assert (written, told, doubts) == (written, meant, ())

    def test_every_refused_time_is_refused(self) -> None:
        """Each time that is called wrong is wrong, by the rule beside it."""
        rows = list(rows_of(part(NOTES, "These are refused")))
        assert len(rows) > 5
        for written, rule in rows:
            with pytest.raises(UnreadableError) as error:
                read_moment(written, zone=EASTERN, previous=datetime(2008, 9, 4, 12, tzinfo=EASTERN))
            assert f"`{error.value.rule}`" == rule

    def test_every_key_of_components_is_there(self) -> None:
        """The keys of groups and of components are those that are read."""
        groups = read_components("- {group: A, components: [], qqqqqq: x}", path="x")[1]
        single = read_components("- {name: A, qqqqqq: x}", path="x")[1]
        told = [problem.hint for problem in (*groups, *single) if problem.rule == "unknown-key"]
        wanted = known_keys(told[0]) | known_keys(told[1])
        assert set(first_cells(part(NOTES, "## components.yml"))) == wanted


class TestChecking:
    """docs/checking.md."""

    def test_it_is_made_from_the_registry(self) -> None:
        """The rules on the page are what `make docs` writes now."""
        made = runpy.run_path(str(ROOT / "tools" / "document_rules.py"))["rules_part"](PAGES["checking.md"])
        assert PAGES["checking.md"] == made, "run `make docs`"

    def test_every_rule_is_registered(self) -> None:
        """The rules of the registry are those of the code, each once; what nobody reports is no rule."""
        names = [rule.name for chapter in CHAPTERS for rule in chapter.rules]
        looked_for = {rule.name for rule in RULES.values() if rule.look}
        assert sorted(names) == sorted(rules_in_the_code() | looked_for)

    def test_severities(self) -> None:
        """What the registry calls a warning is one in the golden notes, and an error an error."""
        golden = [path.with_suffix(".json").read_text("utf-8") for path in golden_files()]
        seen = {
            (problem.split()[2], problem.split()[1])
            for text in golden
            for problem in json.loads(text)["problems"]
        }
        assert len(seen) > 20
        assert [(rule, severity) for rule, severity in seen if RULES[rule].severity != severity] == []


class TestTemplates:
    """docs/templates.md."""

    @pytest.fixture
    def contexts(self, tmp_path: Path) -> dict[str, set[str]]:
        """What each template is given when a site shows it."""
        site = mounted_site(tmp_path)
        site.note("incidents/down.md", INCIDENT)
        site.clock.move(1)
        given: dict[str, set[str]] = {}
        with template_rendered.connected_to(
            lambda _, template, context, **rest: given.setdefault(template.name, set(context)), site.app
        ):
            pages = (
                "",
                "incidents/",
                "incidents/down/",
                "components/srv3/",
                "subscribe/",
                "embed/",
                "nowhere/",
            )
            for address in pages:
                site.client.get(f"/status/{address}")
        return {name: names - {"g", "request", "session"} for name, names in given.items()}

    def test_every_name_is_there(self, contexts: dict[str, set[str]]) -> None:
        """What templates may use is what they get, for all and for single ones."""
        common = set(first_cells(part(TEMPLATES, "## What the pages' templates may use")))
        assert contexts.pop("status/embed.html") == common
        assert contexts.pop("status/not_found.html") == {
            "asset_address",
            "copy_url",
            "copy_of",
            "say",
            "say_count",
            "spoken",
            "tongue",
        }
        more = {name: set(re.findall(r"`(\w+)`", words)) for name, words in self.extra_names()}
        assert {name: names - common for name, names in contexts.items()} == more

    def extra_names(self) -> Iterator[tuple[str, str]]:
        """The second table of names."""
        return rows_of(part(TEMPLATES, "Some templates get more:"))

    def test_every_function_is_there(self, tmp_path: Path) -> None:
        """The functions for the site's own templates are those that mounting adds."""
        before = set(Flask("bare").jinja_env.globals)
        added = set(mounted_site(tmp_path).app.jinja_env.globals) - before
        rows = first_cells(part(TEMPLATES, "## In your own templates"))
        assert {re.sub(r"\{\{ (\w+)\(.*", r"\1", row) for row in rows} == added

    def test_the_bridge_works(self, tmp_path: Path) -> None:
        """With the two templates that are shown the page stands whole in the site's layout."""
        base, bridge, about = snippets(TEMPLATES, "html")
        folder = tmp_path / "templates" / "status"
        folder.mkdir(parents=True)
        (folder.parent / "base.html").write_text(base)
        (folder / "layout.html").write_text(bridge)
        site = mounted_site(tmp_path, STATUS_CONTACT_URL="/help")
        for address in ("/status/", "/status/nowhere/"):
            page = site.client.get(address).text
            assert page.count("<title>") == page.count("/status/static/status.css") == 1
            assert "– Network Status</title>" in page
            assert '<header><a class="status-link' in page
            assert '<div class="status-plugin"' in page.partition("<main>")[2]
        assert "Open a ticket." not in page
        (folder / "_about.html").write_text(about)
        page = mounted_site(tmp_path, STATUS_CONTACT_URL="/help").client.get("/status/").text
        assert '<a href="/help">Open a ticket.</a>' in page

    def test_every_block_is_there(self) -> None:
        """The blocks to place are those of the plugin's own layout."""
        layout = (PLUGIN / "templates" / "status" / "layout.html").read_text("utf-8")
        blocks = re.findall(r"{% block (\w+) %}", layout)
        assert first_cells(part(TEMPLATES, "The pages fill three blocks:")) == blocks

    def test_every_part_is_there(self) -> None:
        """The parts that can be replaced are those that the plugin has."""
        parts = sorted(path.name for path in (PLUGIN / "templates" / "status").glob("_*.html"))
        table = TEMPLATES.partition("\n| part | shows |")[2].partition("\n#")[0]
        assert first_cells(table) == parts

    def test_every_property_is_there(self) -> None:
        """The custom properties are those that the style sheet asks for."""
        sheet = (PLUGIN / "static" / "status.css").read_text("utf-8")
        section = TEMPLATES.partition("## Colours and type")[2].partition("\n## ")[0]
        wanted = set(re.findall(r"var\((--status-[\w-]+)", sheet))
        assert set(first_cells(section)) == wanted
        assert set(re.findall(r"(--status-[\w-]+):", snippets(section, "css")[0])) <= wanted

    def test_the_policy_lets_the_page_work(self, tmp_path: Path) -> None:
        """Whatever a page loads comes from where the policy allows it, and nothing stands inline."""
        policy = dict(
            directive.strip().split(" ", 1)
            for directive in re.findall(r"^    (default-src .*)$", TEMPLATES, re.MULTILINE)[0].split(";")
        )
        assert policy == {"default-src": "'none'"} | dict.fromkeys(
            ("style-src", "script-src", "img-src", "connect-src"), "'self'"
        )
        site = mounted_site(tmp_path)
        site.note("incidents/down.md", INCIDENT)
        elements = Elements()
        elements.feed(site.client.get("/status/").text)
        loaded = {(tag, address) for tag, given in elements.found for address in given & {"src", "srcset"}}
        assert loaded == {("script", "src")}
        assert elements.stylesheets == 1
        assert not [tag for tag, given in elements.found if tag == "style" or "style" in given]
        assert not [name for _, given in elements.found for name in given if name.startswith("on")]


class Elements(HTMLParser):
    """The elements of a page with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str]]] = []
        self.stylesheets = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.found.append((tag, {name for name, _ in attrs}))
        self.stylesheets += ("rel", "stylesheet") in attrs


class TestBoard:
    """docs/board.md."""

    schema = json.loads((PLUGIN / "schema" / "board.schema.json").read_text("utf-8"))

    def test_the_example_fits_the_schema(self) -> None:
        """The board that is shown is one."""
        example = json.loads(snippets(PAGES["board.md"], "json")[0])
        jsonschema.Draft202012Validator(self.schema).validate(example)

    @pytest.mark.parametrize(
        ("heading", "path"),
        [
            ("## The board", ()),
            ("## overall", ("properties", "overall")),
            ("## A component", ("$defs", "component")),
            ("## A check", ("$defs", "check")),
            ("## An entry", ("$defs", "incident")),
            ("## An entry", ("$defs", "alert")),
            ("## next_update", ("$defs", "next_update", "anyOf", 0)),
            ("## An update", ("$defs", "update")),
            ("## edited", ("$defs", "edited", "anyOf", 0)),
        ],
    )
    def test_every_key_is_there(self, heading: str, path: tuple[Any, ...]) -> None:
        """The keys of each object are those of the schema, in its order."""
        assert first_cells(part(PAGES["board.md"], heading)) == list(self._keys(path))

    def test_every_key_of_a_window_is_there(self) -> None:
        """A window has an entry's keys and some of its own."""
        entry = first_cells(part(PAGES["board.md"], "## An entry"))
        own = first_cells(part(PAGES["board.md"], "A window has these, too:"))
        assert entry + own == list(self._keys(("$defs", "maintenance")))

    def test_every_object_is_there(self) -> None:
        """No object of the schema goes without a table; those without keys of their own need none."""
        names = {name for name, kind in self.schema["$defs"].items() if "properties" in kind}
        assert names == {"component", "check", "update", "incident", "maintenance", "alert"}

    def _keys(self, path: tuple[Any, ...]) -> dict[str, Any]:
        found = self.schema
        for step in path:
            found = found[step]
        properties: dict[str, Any] = found["properties"]
        return properties


def shown_commands() -> Iterator[list[str]]:
    """The words after `status` of every command on any page."""
    for page in PAGES.values():
        for line in re.findall(r"flask --app website status (.+)$", page, re.MULTILINE):
            yield shlex.split(line)


def test_every_command_and_option_is_there() -> None:
    """Whatever `flask status` can do is on some page."""
    text = "\n".join(PAGES.values())
    wanted = []
    for name, command in commands.commands.items():
        wanted.append(f"status {name}")
        wanted += [f"{option.opts[0]}" for option in command.params if isinstance(option, click.Option)]
    assert {"status check", "--format", "--once"} <= set(wanted)
    assert [words for words in wanted if not re.search(rf"{words}\b", text)] == []


def test_every_command_that_is_shown_exists() -> None:
    """No page shows a command or an option that is refused."""
    shown = list(shown_commands())
    assert {words[0] for words in shown} == set(commands.commands)
    for name, *words in shown:
        commands.commands[name].make_context(name, words)


def test_what_is_linked_is_there() -> None:
    """Every file that a page links to is in the repository, and every heading on the page."""
    links = [link for page in PAGES.values() for link in re.findall(r"\]\(([^)\s]+)\)", page)]
    files = [link for link in links if "://" not in link and not link.startswith("incident:")]
    assert "monitoring.md" in files
    assert [link for link in files if not (ROOT / "docs" / link.partition("#")[0]).exists()] == []
    targets = [
        (name, link) for name, page in PAGES.items() for link in re.findall(r"\]\(([^)\s]*#[^)\s]+)\)", page)
    ]
    assert [
        (name, link)
        for name, link in targets
        if "://" not in link and link.partition("#")[2] not in anchors(PAGES[link.partition("#")[0] or name])
    ] == []


def anchors(page: str) -> set[str]:
    """What a link may name on a page, as forges make it of the headings."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_all_data_on_the_pages_can_be_read() -> None:
    """Every YAML, JSON and Python snippet is one."""
    for page in PAGES.values():
        for text in snippets(page, "yaml"):
            assert yaml.safe_load(text)
        for text in snippets(page, "json"):
            assert json.loads(text)
        for text in snippets(page, "python"):
            assert ast.parse(text).body
