"""docs/importing.md says what an import does, no more and no less."""

from __future__ import annotations

import ast
import re
from datetime import UTC
from pathlib import Path

import click
import pytest
from cstate_site import CONFIG
from golden_imports import NOW, golden_cases

from status_plugin.staff.cli import commands
from status_plugin.staff.importing.cstate import planned_work
from status_plugin.staff.importing.cstate.site import read_cstate
from status_plugin.staff.importing.foreign_site import ImportTerms
from status_plugin.staff.importing.origins import Origins, origins_file
from status_plugin.staff.importing.plan import Folder, Step, make_plan
from status_plugin.staff.importing.statuspage import read_statuspage
from status_plugin.staff.importing.systems import SYSTEMS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
IMPORTING = ROOT / "status_plugin" / "staff" / "importing"
NOTES_RULES = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8").partition("## The rules")[2]
EXAMPLE, MADE = re.findall(r"```markdown\n(.*?)```", PAGE, re.DOTALL)


def rules(text: str) -> set[str]:
    """The rules in the first cells of a table."""
    cells = re.findall(r"^\| (`[a-z].*?`) \|", text, re.MULTILINE)
    return {rule for cell in cells for rule in re.findall(r"`([a-z0-9-]+)`", cell)}


def rows(heading: str) -> list[tuple[str, str]]:
    """The two cells of each row of the table below a line."""
    table = PAGE.partition(heading)[2].partition("\n\n")[0]
    return re.findall(r"^\| (`.+?) \| (.+?) \|$", table, re.MULTILINE)


def imported(root: Path, text: str) -> Step:
    """What becomes of one issue."""
    (root / "content/issues").mkdir(parents=True)
    (root / "config.yml").write_text(CONFIG.replace("Web 1", "Web"), encoding="utf-8")
    (root / "content/issues/web.md").write_text(text, encoding="utf-8")
    (root / "notes").mkdir()
    site = read_cstate(root, ImportTerms(zone=None, now=NOW))
    return make_plan(site, Folder.at(root / "notes"), Origins(), zone=UTC, now=NOW).steps[0]


def test_the_example_becomes_what_is_shown(tmp_path: Path) -> None:
    """The issue on the page becomes the note below it."""
    assert imported(tmp_path, EXAMPLE).text == MADE


@pytest.mark.parametrize(("theirs", "ours"), rows("| cState | here |"), ids=lambda cell: str(cell))
def test_every_row_is_so(tmp_path: Path, theirs: str, ours: str) -> None:
    """What stands on the left becomes what stands on the right."""
    samples = {
        "`publishDate`": ("publishDate: 2021-03-01T00:00:00Z", "announced: 2021-03-01 12:00am UTC"),
        "`tags`, `categories`": ("tags: [a]\ncategories: [b]", "tags: [a, b]"),
        "`slug`": ("slug: other-name", ""),
        "`aliases`": ("aliases: [/issues/old/]", "aliases: [old]"),
        "`params.systems`": ("", "affects: [web]"),
    }
    key, _, value = theirs.strip("`").partition(": ")
    line, expected = samples.get(theirs) or (f"{key}: {value}", re.findall(r"`([^`]+)`", ours)[-1])
    text = re.sub(rf"(?m)^{key}: .*\n", "", EXAMPLE) if value else EXAMPLE
    if key == "informational":
        text = re.sub(r"(?m)^(severity|resolved): .*\n", "", text)
    step = imported(tmp_path, text.replace("section: issue", f"section: issue\n{line}".rstrip()))
    assert expected in step.text
    assert step.file == ("incidents/other-name.md" if key == "slug" else "incidents/web.md")


@pytest.mark.parametrize(("theirs", "ours"), rows("| Statuspage | here |"), ids=lambda cell: str(cell))
def test_every_impact_of_statuspage_is_so(tmp_path: Path, theirs: str, ours: str) -> None:
    """An impact on the left becomes the one on the right."""
    file = tmp_path / "incidents.json"
    impact = theirs.strip("`")
    file.write_text(
        '{"page": {"id": "p"}, "incidents": [{"id": "i", "name": "x", "created_at": "2026-01-01T00:00:00Z", '
        f'"impact": "{impact}"}}]}}'
    )
    site = read_statuspage(file, ImportTerms(zone=None, now=NOW))
    step = make_plan(site, Folder.at(tmp_path), Origins(), zone=UTC, now=NOW).steps[0]
    assert ours.strip("`") in step.text.split("\n")
    assert not site.doubts


def test_every_option_is_there() -> None:
    """The options on the page are those of the command, and so are the systems."""
    command = commands.commands["import"]
    options = {opt for param in command.params for opt in param.opts if opt.startswith("--")}
    assert set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE)) == options
    for line in re.findall(r"^    flask --app website (.+)$", PAGE, re.MULTILINE):
        words = line.split()
        assert words[:2] == ["status", "import"]
        assert words[2] in SYSTEMS
        command.make_parser(click.Context(command)).parse_args(words[2:])
    assert f"`{origins_file(Path(), 'cstate').name}`" in PAGE


def test_every_rule_is_there() -> None:
    """Each rule that the code can report is on the page once, and each on the page can be reported."""
    documented = rules(PAGE.partition("## The rules of the report")[2])
    constants = {
        node.value
        for path in IMPORTING.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    kebab = {value for value in constants if re.fullmatch(r"[a-z]+(?:-[a-z]+)+", value)}
    no_rules = {"latin-1", "unreadable-"} | {"in-progress", "post-mortem"}
    assert documented - {"unreadable-toml"} <= constants
    assert kebab - no_rules - rules(NOTES_RULES) <= documented
    doubts = "".join((case / "doubts.txt").read_text("utf-8") for case in golden_cases())
    told = set(re.findall(r"\[([a-z0-9-]+)\]$", doubts, re.MULTILINE))
    assert len(told) > 25
    assert told <= documented | rules(NOTES_RULES)


def test_the_figure_is_the_one_that_counts() -> None:
    """How far ahead a notice must be written is what the code asks for."""
    assert planned_work._LONGEST_OFFSET.total_seconds() == 14 * 3600
    assert "more than 14 hours ahead" in " ".join(PAGE.split())
