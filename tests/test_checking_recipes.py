"""docs/checking.md: each example works, and pre-commit accepts the published hook."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from mounted_site import INCIDENT
from notes_repository import NotesRepository, notes_repository
from system_parts import FOREIGN

from status_plugin.staff.checking.addresses import addresses_in
from status_plugin.staff.checking.command import check_command, status_check
from status_plugin.staff.checking.deny_list import read_deny_list
from status_plugin.staff.checking.report import FORMATS
from status_plugin.staff.cli import commands

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
PRE_COMMIT = FOREIGN / "bin" / "pre-commit"
OVER = INCIDENT.replace("2026", "2025").replace(
    "[identified; next update 7:30pm]: Half", "[resolved]: A fault: half"
)


def snippets(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def recipes() -> list[dict[str, Any]]:
    """The examples of YAML that are files of their own."""
    read = [yaml.safe_load(text) for text in snippets("yaml")]
    return [recipe for recipe in read if isinstance(recipe, dict) and "starts" not in recipe]


def commands_in(value: Any) -> list[str]:
    """Every text in an example that calls the check."""
    if isinstance(value, dict):
        return [found for inner in value.values() for found in commands_in(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in commands_in(inner)]
    return [value] if isinstance(value, str) and "status check" in value and "flask" in value else []


def test_every_command_of_a_recipe_is_right() -> None:
    """CI systems and pre-commit can read the recipes, and each command in them is one that there is."""
    local, github, gitlab = recipes()[1:]
    assert len(recipes()) == 4
    assert {"on", True} & set(github)
    assert github["jobs"]["check"]["steps"][0]["with"]["fetch-depth"] == 0
    assert gitlab["check-notes"]["variables"]["GIT_DEPTH"] == "0"
    assert gitlab["check-notes"]["artifacts"]["reports"]["codequality"] in commands_in(gitlab)[0]
    found = [words for recipe in (local, github, gitlab) for words in commands_in(recipe)]
    assert len(found) == 3
    for text in [*found, *re.findall(r"^exec .*", PAGE, re.MULTILINE)]:
        words = shlex.split(text.partition(" >")[0])
        assert words[words.index("status") + 1] == "check"
        commands.commands["check"].make_context("check", words[words.index("check") + 1 :])


def test_every_option_is_on_the_page() -> None:
    """What both commands can be told, and every format, is documented."""
    options = [option.opts[0] for command in (check_command, status_check) for option in command.params]
    assert [option for option in options if option.startswith("-") and f"`{option}`" not in PAGE] == []
    assert [form for form in FORMATS if f"| `{form}` |" not in PAGE] == []


def test_the_page_keeps_its_own_rules(tmp_path: Path) -> None:
    """Its deny list finds what it says, its ranges are no alarm, and its allowances allow."""
    (tmp_path / "list").write_text(snippets("text")[0])
    names = read_deny_list(tmp_path / "list")
    assert list(names.names_in("2026-example-customer-ltd.md"))
    ranges = re.findall(r"\b(\d+\.\d+\.\d+\.)0/24", PAGE)
    assert len(ranges) == 3
    assert [net for net in [*ranges, "2001:db8::"] if list(addresses_in(f"{net}1"))] == []
    content = tmp_path / "content"
    (content / "incidents").mkdir(parents=True)
    (content / "components.yml").write_text("- name: Srv3\n")
    shown = snippets("markdown")[0]
    (content / "incidents" / "a.md").write_text(f"{OVER}\n{shown}")
    assert CliRunner().invoke(status_check, [str(content)]).output == "No problems found.\n"
    (content / "incidents" / "a.md").write_text(f"{OVER}\n{shown.partition('<!--')[0]}")
    assert CliRunner().invoke(status_check, [str(content)]).exit_code == 1


@pytest.mark.system("pre-commit")
class TestPreCommit:
    """The real program, on a real repository of notes, with the hook that we publish."""

    @pytest.fixture
    def notes(self, tmp_path: Path) -> NotesRepository:
        """A repository of notes that takes the hook from a clone of ours."""
        published = tmp_path / "plugin"
        published.mkdir()
        shutil.copy(ROOT / ".pre-commit-hooks.yaml", published)
        notes = notes_repository(tmp_path / "notes")
        notes.git("init", "--quiet", folder=published)
        notes.git("add", ".", folder=published)
        notes.git("commit", "--quiet", "-m", "x", folder=published)
        config = recipes()[0]
        config["repos"][0] |= {
            "repo": str(published),
            "rev": notes.git("rev-parse", "HEAD", folder=published),
        }
        # To install ourselves would need a network: the program is on the PATH instead.
        config["repos"][0]["hooks"][0]["language"] = "system"
        (notes.top / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        notes.commit({"incidents/other.md": OVER, "incidents/down.md": OVER})
        programs = tmp_path / "bin"
        programs.mkdir()
        script = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m status_plugin.staff.checking "$@"\n'
        (programs / "status-check").write_text(script)
        (programs / "status-check").chmod(0o755)
        return notes

    def test_the_manifest_is_valid(self) -> None:
        """pre-commit reads the hooks that we publish, which install by Python."""
        done = subprocess.run(
            [PRE_COMMIT, "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], capture_output=True
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        assert hook["language"] == "python"
        entry = hook["entry"].split()[0]
        assert (
            f"{entry} = status_plugin.staff.checking.command:status_check" in (ROOT / "setup.cfg").read_text()
        )

    def test_it_holds_a_bad_commit_up(self, notes: NotesRepository, tmp_path: Path) -> None:
        """A commit with a leak is refused at its place; one without goes through, whatever lies beside it."""

        def commit() -> subprocess.CompletedProcess[str]:
            names = {
                f"GIT_{who}_{what}": "x@example.com"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            }
            more = {
                "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
                "PRE_COMMIT_HOME": str(tmp_path / "home"),
            }
            words = ["git", "-C", str(notes.top), "commit", "--quiet", "-m", "x"]
            return subprocess.run(words, env=os.environ | names | more, capture_output=True, text=True)

        subprocess.run([PRE_COMMIT, "install"], cwd=notes.top, check=True, capture_output=True)
        notes.site.note("incidents/down.md", OVER + "\n10.1.2.3\n")
        notes.git("add", ".")
        refused = commit()
        assert refused.returncode == 1
        assert (
            "content/incidents/down.md:11:1: error: Here is an IP address." in refused.stdout + refused.stderr
        )
        notes.site.note("incidents/down.md", OVER + "\nText\n")
        notes.git("add", ".")
        notes.site.note("incidents/down.md", OVER + "\n10.1.2.3\n")
        assert commit().returncode == 0
        assert "10.1.2.3" in (notes.site.folder / "incidents" / "down.md").read_text()
        notes.git("checkout", "--quiet", ".")
        notes.git("rm", "--quiet", "content/incidents/other.md")
        notes.site.note("incidents/down.md", OVER + "\n[x](incident:other)\n")
        notes.git("add", ".")
        assert "There is no incident or window 'other'" in commit().stderr
