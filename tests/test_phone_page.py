"""docs/phone.md says what the code does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path, PurePosixPath

import click
import pytest
from click.testing import Result
from mounted_site import INCIDENT, Site, mounted_site
from test_documentation import first_cells, snippets

from status_plugin.core.notes.forge import read_forge
from status_plugin.staff.cli import commands
from status_plugin.staff.saying import gsm
from status_plugin.staff.schema.file_schemas import schema_comment

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "phone.md").read_text("utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with the incident and the setting that are shown."""
    config: dict[str, str] = {"STATUS_SITE_URL": "https://www.example.com"}
    exec(snippets(PAGE, "python")[0], {}, config)
    made = mounted_site(tmp_path, **config)
    made.note("incidents/2026-11-20-srv3.md", INCIDENT)
    made.clock.move(2)
    return made


def run(site: Site, *words: str) -> Result:
    """What a command prints."""
    return site.app.test_cli_runner().invoke(args=["status", *words])


def test_the_words_that_are_shown(site: Site) -> None:
    """The three texts come out exactly so."""
    shown = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
    assert run(site, "say", "srv3").output == shown


def test_every_command_on_the_page_is_one() -> None:
    """The commands and their options are there."""
    lines = re.findall(r"^    flask --app website status (.*)$", PAGE, re.MULTILINE)
    lines += re.findall(r"`flask status ([^`]*)`", PAGE)
    assert len(lines) >= 6
    for line in lines:
        name, *words = shlex.split(line)
        command = commands.commands[name]
        command.make_context(name, words) if name != "links" else command.make_context(name, words[:2])
        known = {option for param in command.params for option in param.opts}
        assert {word for word in words if word.startswith("--")} <= known
    for option in re.findall(r"`(--[a-z][a-z-]*)", PAGE):
        assert any(option in param.opts for command in commands.commands.values() for param in command.params)
    forms = [param.type for param in commands.commands["say"].params if param.name == "form"]
    assert isinstance(forms[0], click.Choice)
    assert set(re.findall(r"`--form ([a-z]+)`", PAGE)) == set(forms[0].choices)


def test_the_forges_of_the_table() -> None:
    """Each address of the table is a good value, of the forge that it is said to be of."""
    rows = re.findall(r"^\| (GitHub|GitLab|Gitea, Forgejo) \| `(.*?)` \|$", PAGE, re.MULTILINE)
    kinds = {name: forge.kind for name, address in rows if (forge := read_forge(address))}
    assert kinds == {"GitHub": "github", "GitLab": "gitlab", "Gitea, Forgejo": "gitea"}
    assert not first_cells(PAGE)


def test_the_lengths_that_are_told() -> None:
    """One short message holds as much as the page says."""
    assert f"at most {gsm.SEPTETS} characters" in PAGE
    assert f"({gsm.UTF16_UNITS} when" in PAGE


def test_the_lines_for_editors() -> None:
    """The lines are those that lead to the schemas."""
    assert snippets(PAGE, "yaml")[0].splitlines()[0] == schema_comment(
        "components", PurePosixPath("components.yml")
    )
    assert f"`{schema_comment('incident', PurePosixPath('incidents/x.md'))}`" in PAGE
