"""`flask status import`: what is written, what is left, and what a second run does."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import Result
from cstate_site import CONFIG, build_site, commit_all
from mounted_site import Site, mounted_site

ISSUE = """\
---
title: Mail is late
date: 2021-03-04 15:54:00
resolved: {resolved}
severity: disrupted
affected: [Mail]
section: issue
---
*Investigating* - {said} {{{{< track "2021-03-04 15:54:00" >}}}}
"""

ADDED = """
- group: Hosting
  components:
    # category Hosting, description: Everything that answers pages
    # category Hosting, closed: true
    - name: Web 1
      description: The *first* of the servers
    - name: Web 2
- name: API
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A site of cState with one open issue."""
    root = tmp_path / "cstate"
    (root / "content" / "issues").mkdir(parents=True)
    (root / "config.yml").write_text(CONFIG, encoding="utf-8")
    write(root, "mail")
    return root


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Our site; its folder of notes has one component."""
    return mounted_site(tmp_path, components="- name: Mail\n- name: Srv3\n")


def write(root: Path, name: str, *, said: str = "A queue is full.", resolved: str = "false") -> None:
    """Writes an issue."""
    text = ISSUE.format(said=said, resolved=resolved)
    (root / "content" / "issues" / f"{name}.md").write_text(text, encoding="utf-8")


def run(site: Site, source: Path, *words: str) -> Result:
    """What the command says."""
    return site.app.test_cli_runner().invoke(args=["status", "import", "cstate", str(source), *words])


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, by path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def verdicts(result: Result) -> dict[str, str]:
    """What became of each source, from the report for programs."""
    return {note["source"]: note["verdict"] for note in json.loads(result.stdout)["notes"]}


def test_an_imported_note_is_on_the_page(site: Site, source: Path) -> None:
    """What was open there is open here, on the component of the same name."""
    assert run(site, source).exit_code == 0
    site.clock.move(5)
    board = site.board()
    assert [item["title"] for item in board["current"]] == ["Mail is late"]
    assert board["current"][0]["affects"] == {"mail": "degraded_performance"}
    assert board["current"][0]["phase"] == "investigating"
    assert [component["slug"] for component in board["components"]] == [
        "mail",
        "srv3",
        "web-1",
        "web-2",
        "api",
    ]


def test_a_rehearsal_writes_nothing(site: Site, source: Path) -> None:
    """--dry-run says the same as the import itself, and leaves no trace."""
    before = files(site.folder)
    rehearsed = run(site, source, "--dry-run")
    assert files(site.folder) == before
    assert "Would write: incidents/mail.md (new)" in rehearsed.stdout
    assert run(site, source).stdout == rehearsed.stdout.replace("Would write", "Written")


def test_a_second_run_changes_nothing(site: Site, tmp_path: Path) -> None:
    """Three hundred notes are imported in seconds, and again without touching a file."""
    root = tmp_path / "large"
    build_site(root, count=300)
    commit_all(root, "2026-11-20T12:00:00+00:00")
    begun = time.monotonic()
    first = run(site, root)
    took = time.monotonic() - begun
    assert "300 notes" in first.stdout
    assert "300 new, 0 changed, 0 unchanged, 0 left." in first.stdout
    assert took < 20
    before = {path: path.stat().st_mtime_ns for path in site.folder.rglob("*")}
    second = run(site, root)
    assert "0 new, 0 changed, 300 unchanged, 0 left." in second.stdout
    assert "Written" not in second.stdout
    told = {doubt["rule"] for doubt in json.loads(run(site, root, "--format", "json").stdout)["doubts"]}
    checked = site.app.test_cli_runner().invoke(args=["status", "check", "--format", "json"])
    wrong = {problem["rule"] for problem in json.loads(checked.stdout) if problem["severity"] == "error"}
    assert wrong
    assert wrong <= told
    assert {path: path.stat().st_mtime_ns for path in site.folder.rglob("*")} == before


def test_what_changes_there_changes_here(site: Site, source: Path) -> None:
    """A note that is as the import left it follows its source; one that is new is added."""
    run(site, source)
    write(source, "mail", resolved="true")
    write(source, "web")
    assert verdicts(run(site, source, "--format", "json")) == {
        "content/issues/mail.md": "changed",
        "content/issues/web.md": "new",
    }
    assert "resolved: 2021-03-04" in (site.folder / "incidents/mail.md").read_text()
    site.clock.move(5)
    assert [item["slug"] for item in site.board()["current"]] == ["web"]


def test_what_was_edited_here_stays(site: Site, source: Path) -> None:
    """Staff's own words are never overwritten, and they are told that the source says something new."""
    run(site, source)
    file = site.folder / "incidents/mail.md"
    edited = file.read_text() + "\nUpdate @ 2021-03-04 5:00pm UTC [resolved]: It is over.\n"
    file.write_text(edited)
    quiet = run(site, source)
    assert quiet.exit_code == 0
    assert "1 left" in quiet.stdout
    assert "edited-here" not in quiet.stdout
    write(source, "mail", said="Two queues are full.")
    loud = run(site, source)
    assert loud.exit_code == 1
    assert "edited-here" in loud.stdout
    assert file.read_text() == edited
    write(source, "mail")
    assert "edited-here" not in run(site, source).stdout


def test_what_was_deleted_here_does_not_come_back(site: Site, source: Path) -> None:
    """A note that staff took away stays away, also when its source changes."""
    run(site, source)
    (site.folder / "incidents/mail.md").unlink()
    write(source, "mail", said="Two queues are full.")
    result = run(site, source)
    assert "deleted-here" in result.stdout
    assert not (site.folder / "incidents/mail.md").exists()


def test_what_is_gone_there_stays_here(site: Site, source: Path) -> None:
    """A note whose source was deleted is named and kept."""
    run(site, source)
    (source / "content/issues/mail.md").unlink()
    assert "source-gone" in run(site, source).stdout
    assert (site.folder / "incidents/mail.md").exists()


@pytest.mark.parametrize("name", ["incidents/mail.md", "incidents/2021/mail.md", "incidents/Mail.md"])
def test_a_strangers_file_is_never_overwritten(site: Site, source: Path, name: str) -> None:
    """A note that has the address already stays, and whoever imports is told."""
    text = "---\ntitle: Ours\nstarted: 2026-11-20\nimpact: none\n---\n"
    file = site.note(name, text)
    result = run(site, source)
    assert result.exit_code == 1
    assert f"{name} is there, and no import has written it." in result.stdout
    assert file.read_text() == text
    assert set(files(site.folder)) == {name, "components.yml", ".import-cstate.json"}
    file.unlink()
    assert "Written: incidents/mail.md (new)" in run(site, source).stdout


def test_a_lost_memory_is_no_harm(site: Site, source: Path) -> None:
    """Without its hidden file an import takes files that are as it would write them for its own."""
    run(site, source)
    (site.folder / ".import-cstate.json").unlink()
    assert "0 new, 0 changed, 1 unchanged, 0 left." in run(site, source).stdout
    write(source, "mail", resolved="true")
    assert "1 changed" in run(site, source).stdout


@pytest.mark.parametrize("system", ["cstate", "statuspage"])
def test_a_path_where_nothing_is(site: Site, tmp_path: Path, system: str) -> None:
    """Whoever mistypes the path is told what should be there."""
    runner = site.app.test_cli_runner()
    result = runner.invoke(args=["status", "import", system, str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.output


def test_a_broken_memory_stops_the_import(site: Site, source: Path) -> None:
    """What cannot be told is not guessed: nothing is written."""
    (site.folder / ".import-cstate.json").write_text("{")
    before = files(site.folder)
    result = run(site, source)
    assert result.exit_code == 1
    assert "Get it back from git, or delete it" in result.stderr
    assert "Traceback" not in result.output
    assert files(site.folder) == before


def test_another_site_is_not_mixed_in(site: Site, source: Path) -> None:
    """Two sites with files of the same names do not overwrite each other's notes."""
    run(site, source)
    (source / "config.yml").write_text(CONFIG.replace("status.example", "other.example"), encoding="utf-8")
    result = run(site, source)
    assert result.exit_code == 1
    assert "--into" in result.stderr


def test_a_window_stays_one_when_its_time_has_passed(site: Site, source: Path) -> None:
    """What was taken for planned work because it lay ahead does not become an incident later."""
    head = ISSUE.format(said="We begin.", resolved="false").replace("disrupted", "notice")
    text = head.replace("2021-03-04", "2026-12-04").replace("Investigating", "Update")
    (source / "content/issues/mail.md").write_text(text)
    run(site, source)
    assert (site.folder / "maintenance/mail.md").exists()
    site.clock.move(60 * 60 * 24 * 30)
    assert "0 new, 0 changed, 1 unchanged" in run(site, source).stdout


def test_components_are_added_to_the_list_and_never_changed(site: Site, source: Path) -> None:
    """What is in components.yml stays to the byte; what staff rename or delete later stays so."""
    file = site.folder / "components.yml"
    ours = "# ours\n- group: Hosting\n  components:\n    - name: MAIL\n      slug: post  # the old name\n"
    file.write_text(ours)
    run(site, source)
    assert file.read_text() == ours + ADDED
    assert "affects: [post]" in (site.folder / "incidents/mail.md").read_text()
    changed = (
        file.read_text().replace("Web 1", "First server\n      slug: web-1").replace("- name: API\n", "")
    )
    file.write_text(changed)
    result = run(site, source)
    assert "component-gone" in result.stdout
    assert file.read_text() == changed


def test_a_broken_list_of_components_is_left_alone(site: Site, source: Path) -> None:
    """Nothing is appended to what cannot be read."""
    file = site.folder / "components.yml"
    file.write_text("- name: [\n")
    result = run(site, source)
    assert result.exit_code == 1
    assert "unreadable-components" in result.stdout
    assert file.read_text() == "- name: [\n"
    file.write_bytes(b"- name: St\xf6rung\n")
    assert "unreadable-components" in run(site, source).stdout
    assert file.read_bytes() == b"- name: St\xf6rung\n"


def test_notes_may_go_elsewhere_and_into_nothing(site: Site, source: Path, tmp_path: Path) -> None:
    """--into makes the folder; the site's own stays as it is."""
    before = files(site.folder)
    result = run(site, source, "--into", str(tmp_path / "new" / "content"))
    assert result.exit_code == 0
    assert set(files(tmp_path / "new/content")) == {
        "components.yml",
        "incidents/mail.md",
        ".import-cstate.json",
    }
    assert files(site.folder) == before


def test_old_addresses_lead_to_new_ones(site: Site, source: Path, tmp_path: Path) -> None:
    """--redirects writes what a web server needs to send visitors on, and names no draft."""
    text = ISSUE.format(said="x", resolved="false")
    old = text.replace("section:", "slug: late-mail\naliases: [/issues/older/, /incident-7.html]\nsection:")
    (source / "content/issues/mail.md").write_text(old)
    (source / "content/issues/secret.md").write_text(text.replace("section:", "draft: true\nsection:"))
    file = tmp_path / "redirects.txt"
    run(site, source, "--redirects", str(file))
    assert file.read_text() == (
        "/issues/late-mail/ /status/incidents/late-mail/\n"
        "/issues/older/ /status/incidents/late-mail/\n"
        "/incident-7.html /status/incidents/late-mail/\n"
    )
    site.clock.move(5)
    assert site.client.get("/status/incidents/older/").status_code in (301, 308)


def test_the_zone_is_the_one_that_is_named(site: Site, source: Path) -> None:
    """--zone says what times without one mean; a zone that nobody knows is refused."""
    run(site, source, "--zone", "Europe/Paris")
    assert "started: 2021-03-04 3:54pm CET" in (site.folder / "incidents/mail.md").read_text()
    result = run(site, source, "--zone", "Europe/Pariss")
    assert result.exit_code == 2
    assert "Did you mean 'Europe/Paris'?" in result.stderr


def test_every_doubt_says_where_and_what_was_made_of_it(site: Site, source: Path) -> None:
    """A line for each doubt opens in an editor, and programs get the same."""
    write(source, "mail", resolved="perhaps")
    line = "content/issues/mail.md:4:11: warning: resolved: 'perhaps' is neither true nor false. "
    assert line + "It is taken for false. [wrong-word]" in run(site, source).stdout
    told = json.loads(run(site, source, "--format", "json").stdout)
    doubt = next(doubt for doubt in told["doubts"] if doubt["rule"] == "wrong-word")
    assert (doubt["line"], doubt["field"], doubt["severity"]) == (4, "resolved", "warning")
    assert told["dry_run"] is False


def test_a_folder_that_cannot_be_written_is_no_traceback(site: Site, source: Path) -> None:
    """Whoever imports reads what to put right; what is written already is kept and the next run goes on."""
    write(source, "web")
    (site.folder / "incidents").write_text("a file where the folder should be")
    result = run(site, source)
    assert result.exit_code == 1
    assert "cannot be read or written" in result.stderr
    (site.folder / "incidents").unlink()
    again = run(site, source)
    assert again.exit_code == 0
    assert "2 new" in again.stdout
