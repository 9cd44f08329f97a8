"""A site of cState comes over whole: every note, every time, every word, and a doubt for all that is odd."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cstate_site import CONFIG, SiteMaker, build_site, commit_all
from golden_imports import FOLDER, NOW, golden_cases, imported
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.markdown import render
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import read_note
from status_plugin.core.problems import Severity
from status_plugin.sources.first_commits import first_commits
from status_plugin.staff.importing.cstate.issue import IssueFile, read_issue
from status_plugin.staff.importing.cstate.site import read_cstate
from status_plugin.staff.importing.foreign_site import ForeignSite, ForeignSiteError, ImportTerms
from status_plugin.staff.importing.note_writer import NoteWriter
from status_plugin.staff.importing.origins import Origins
from status_plugin.staff.importing.plan import Folder, Plan, Step, make_plan

TERMS = ImportTerms(zone=UTC, now=NOW)
CASES = list(golden_cases())


def planned(root: Path, *, terms: ImportTerms = TERMS) -> tuple[ForeignSite, Plan]:
    """What a site is read as, and what an import into an empty folder would do."""
    site = read_cstate(root, terms)
    empty = root / "notes-of-ours"
    empty.mkdir(exist_ok=True)
    return site, make_plan(site, Folder.at(empty), Origins(), zone=UTC, now=NOW)


def site_of(root: Path, files: dict[str, str]) -> Path:
    """A site with these files."""
    for path, text in {"config.yml": CONFIG, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def issue(**fields: str) -> str:
    """An issue of one update."""
    usual = {
        "title": "Web pages do not load",
        "date": "2021-03-04 15:54:00",
        "resolved": "true",
        "resolvedWhen": "2021-03-04 17:30:00",
        "severity": "down",
        "affected": "[Mail]",
        "section": "issue",
    }
    head = "\n".join(f"{key}: {value}" for key, value in (usual | fields).items())
    return f'---\n{head}\n---\n*Resolved* - It is back. {{{{< track "2021-03-04 17:30:00" >}}}}\n'


def read_back(step: Step, plan: Plan) -> Incident | Maintenance:
    """The note as the page reads it; one that is hidden is looked at all the same."""
    reading = read_note(
        step.text.replace("\ndraft: true\n", "\n", 1),
        path=step.file,
        kind=Maintenance if step.note.is_window else Incident,
        zone=UTC,
        inventory=plan.components.inventory,
        read_at=NOW,
    )
    assert reading.note is not None, reading.problems
    return reading.note


def words(text: str) -> set[str]:
    """The words of a text, without regard to case."""
    return set(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_issue_becomes_its_note(case: Path) -> None:
    """An issue beside our note and all doubts about it."""
    made = imported(case)
    assert made.text == (case / "out.md").read_text("utf-8")
    assert made.doubts == (case / "doubts.txt").read_text("utf-8")


def test_all_of_three_hundred_notes_come_over(tmp_path: Path) -> None:
    """Every note is there, every time of an update is found by our reader, and no word is lost."""
    issues = build_site(tmp_path, count=300)
    commit_all(tmp_path, "2026-11-20T12:00:00+00:00")
    _, plan = planned(tmp_path)
    assert len(plan.steps) == 300
    assert len({step.file for step in plan.steps}) == 300
    steps = {step.note.source: step for step in plan.steps}
    doubts: dict[str, list[str]] = {}
    for problem in plan.problems:
        doubts.setdefault(problem.path, []).append(str(problem))
    for one in issues:
        step = steps[one.path]
        found = [update.at.at for update in read_back(step, plan).updates]
        missing = [at for at in one.times if at not in found]
        assert not missing, (step.text, one.text())
        lost = one.words - words(step.text) - words("\n".join(doubts.get(one.path, [])))
        assert not lost, (lost, step.text, one.text())
    assert not [problem for problem in plan.problems if problem.rule in ("update-lost", "withheld")]


def test_what_our_reader_does_not_like_is_among_the_doubts(tmp_path: Path) -> None:
    """Whoever runs the check after an import learns nothing new."""
    build_site(tmp_path, count=SiteMaker(0).round * 3, seed=7)
    _, plan = planned(tmp_path)
    told = {(problem.path, problem.rule) for problem in plan.problems if problem.severity is Severity.ERROR}
    seen = 0
    for step in plan.steps:
        reading = read_note(
            step.text,
            path=step.file,
            kind=Maintenance if step.note.is_window else Incident,
            zone=UTC,
            inventory=plan.components.inventory,
            read_at=NOW,
        )
        errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
        assert {(step.note.source, problem.rule) for problem in errors} <= told
        seen += len(errors)
    assert seen


_PIECES = st.sampled_from(
    [
        "*Update* - alpha one",
        "*Resolved* - beta",
        "**Update 2**: gamma",
        "## Investigating",
        "- delta\n- epsilon",
        "> zeta\n> eta",
        "```\ntheta\n```",
        "```\niota",
        "    kappa",
        "<!-- lambda",
        "<b>mu</b> `nu`",
        "---",
        "Update @ 5:33pm: xi",
        "Update now - omicron",
        "pi\nUpdate at 17:33: rho",
        "1. sigma\n2. tau",
        "| a | b |\n|---|---|\n| upsilon | phi |",
        "*Post-mortem*",
        "{{< comment >}}chi{{< /comment >}}",
        "*psi **omega* end*",
        "\\*Update\\* - backslash",
        "Résolu : fin",
        "",
        "\\\n**Issue identified:** sampi",
        "---\n*Update* - koppa\\",
        "<!-- *Update* - digamma -->",
        "### Heta",
        "**Stigma:**",
        "san\n{{< track '2021-03-04 16:30:00' >}}sho",
    ]
)
_STAMPS = st.sampled_from(
    [
        "",
        "",
        ' {{< track "2021-03-04 16:00:00" >}}',
        '\n{{< track "2021-03-04 1:02" >}}',
        " {{<track 2021-03-05>}}",
        ' {{% track "2021-02-30 10:00" %}}',
        '\n\n{{< track "2021-03-04 17:00:00" >}}',
        ' {{< track "" >}} more',
    ]
)
_LEADS = st.sampled_from(["", "", '{{< track "2021-03-04 15:00:00" >}} - ', '{{< track "2021-03-03" >}}\n'])
_BODIES = st.lists(st.tuples(_LEADS, _PIECES, _STAMPS).map("".join), max_size=7).map("\n\n".join)


@settings(max_examples=250, deadline=None)
@given(_BODIES, st.sampled_from(["true", "false", "maybe"]), st.sampled_from(["down", "notice", "x"]))
def test_no_word_of_any_text_is_lost(body: str, resolved: str, severity: str) -> None:
    """However somebody has put together a text, its words are in our note, and every update is one."""
    head = issue(resolved=resolved, severity=severity, title="Maintenance").partition("\n*Resolved")[0]
    file = IssueFile(path="content/issues/a.md", text=f"{head}\n{body}\n", name="a", address="/issues/a/")
    reading = read_issue(file, zone=UTC, now=NOW, is_known_window=False)
    findings = Findings(file.path)
    text = NoteWriter(zone=UTC, slugs={"Mail": "mail"}).write(reading.note, findings)
    said = "\n".join(map(str, [*reading.problems, *findings.problems]))
    plain = re.sub(r"\{\{[<%]\s*(?:track.*?|/?\s*comment\s*)[>%]\}\}", " ", body)
    told = text.replace("postmortem", "post-mortem")
    assert not words(plain) - words(told) - words(said)
    note = read_note(
        text,
        path="incidents/a.md",
        kind=Maintenance if reading.note.is_window else Incident,
        zone=UTC,
        inventory=None,
        read_at=NOW,
    ).note
    assert note is not None
    assert len(note.updates) == len(reading.note.updates)


def test_hidden_words_stay_hidden(tmp_path: Path) -> None:
    """What Hugo shows to nobody, our page shows to nobody."""
    body = "{{< comment >}}secret{{< /comment >}} {{/* secret */}} <!-- secret --> shown\n"
    site_of(tmp_path, {"content/issues/a.md": issue() + "\n" + body})
    _, plan = planned(tmp_path)
    step = plan.steps[0]
    assert step.text.count("secret") == 3
    assert "secret" not in re.sub(r"<!--.*?-->", "", step.text)
    assert "shown" in step.text


def test_the_mark_before_a_word_is_seen_by_nobody() -> None:
    """What keeps a line from being an update is for staff alone."""
    text = imported(FOLDER / "looks-like-ours").text.partition("\n---\n")[2].partition("\n\nUpdate")[0]
    assert text.count("<!-- -->Update") == 2
    html = render(text)
    assert "Update @ 5:33pm Eastern: this was written in another house." in html
    assert "<li>Update at 5:40pm: so was this.</li>" in html
    assert "!--" not in html


def test_git_tells_when_work_was_announced(tmp_path: Path) -> None:
    """A notice that was written days ahead is a window, announced when git first saw it, under any name."""
    notice = issue(severity="notice", title="New cables")
    site_of(tmp_path, {"content/issues/earlier.md": notice})
    commit_all(tmp_path, "2021-03-01T10:00:00+00:00")
    (tmp_path / "content/issues/earlier.md").rename(tmp_path / "content/issues/later.md")
    commit_all(tmp_path, "2021-03-05T10:00:00+00:00")
    written = first_commits(tmp_path / "content", "written")
    assert written == {"issues/later.md": datetime(2021, 3, 1, 10, tzinfo=UTC)}
    _, plan = planned(tmp_path)
    assert plan.steps[0].file == "maintenance/later.md"
    assert "announced: 2021-03-01 10:00am UTC" in plan.steps[0].text
    assert "taken-for-window" in {problem.rule for problem in plan.problems}


def test_without_history_a_notice_is_trouble(tmp_path: Path) -> None:
    """Nobody's trouble is hidden behind the word maintenance on no evidence."""
    site_of(tmp_path, {"content/issues/later.md": issue(severity="notice", title="New cables")})
    _, plan = planned(tmp_path)
    assert plan.steps[0].file == "incidents/later.md"


def test_times_without_a_zone_are_those_of_the_site(tmp_path: Path) -> None:
    """The zone is that of --zone, else of the configuration, else UTC, and that is said."""
    site_of(tmp_path, {"content/issues/a.md": issue()})
    nobody = ImportTerms(zone=None, now=NOW)
    site, plan = planned(tmp_path, terms=nobody)
    assert "3:54pm UTC" in plan.steps[0].text
    assert [problem.rule for problem in site.doubts] == [*["unmapped-field"] * 3, "zone-assumed"]
    (tmp_path / "config.yml").write_text(CONFIG + "timeZone: Europe/Berlin\n", encoding="utf-8")
    site, plan = planned(tmp_path, terms=nobody)
    assert "3:54pm CET" in plan.steps[0].text
    assert "zone-assumed" not in {problem.rule for problem in site.doubts}


def test_a_translation_is_no_second_incident(tmp_path: Path) -> None:
    """Two languages of one issue are one public note; the other is kept as a draft."""
    files = {
        "content/issues/a.md": issue(),
        "content/issues/a.de.md": issue(title="Störung"),
        "content/de/issues/a.md": issue(title="Ausfall"),
        "content/issues/only.de.md": issue(title="Nur deutsch"),
    }
    _, plan = planned(site_of(tmp_path, files))
    found = {step.note.source: ("draft: true" in step.text, step.file) for step in plan.steps}
    assert found == {
        "content/issues/a.md": (False, "incidents/a.md"),
        "content/issues/a.de.md": (True, "incidents/a-de-2.md"),
        "content/de/issues/a.md": (True, "incidents/a-de.md"),
        "content/issues/only.de.md": (False, "incidents/only.md"),
    }


def test_pages_that_are_no_issues_are_named_and_left(tmp_path: Path) -> None:
    """Whoever looks for a page finds out that it was left behind."""
    files = {
        "content/issues/_index.md": "---\ntitle: All issues\n---\n",
        "content/pages/about.md": "---\ntitle: About\n---\n",
        "content/posts/deep.md": issue(),
        "content/issues/a/index.md": issue(),
        "content/issues/a/graph.png": "no image",
        "content/affected/mail/_index.md": "---\ntitle: Mail\n---\nMail of all clients.\n",
    }
    site_of(tmp_path, files)
    outside = tmp_path.parent / f"{tmp_path.name}-secret.md"
    outside.write_text(issue())
    (tmp_path / "content/issues/secret.md").symlink_to(outside)
    site, plan = planned(tmp_path)
    left = {problem.path: problem.rule for problem in site.doubts if problem.path != "config.yml"}
    assert left == {
        "content/issues/_index.md": "not-an-issue",
        "content/pages/about.md": "not-an-issue",
        "content/issues/a/graph.png": "not-a-page",
        "content/issues/secret.md": "link",
        "content/affected/mail/_index.md": "component-page",
    }
    assert {step.file for step in plan.steps} == {"incidents/a.md", "incidents/deep.md"}
    assert "# Mail of all clients." in (plan.components.text or "")


def test_other_letters_than_utf_8_are_read_and_told(tmp_path: Path) -> None:
    """An old editor's file comes over, too."""
    site_of(tmp_path, {})
    (tmp_path / "content/issues").mkdir(parents=True)
    (tmp_path / "content/issues/a.md").write_bytes(issue(title="Störung").encode("latin-1"))
    site, plan = planned(tmp_path)
    assert "title: Störung" in plan.steps[0].text
    assert "not-utf-8" in {problem.rule for problem in site.doubts}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.toml", '[params]\n[[params.systems]]\nname = "Mail"\n'),
        ("config.json", '{"params": {"systems": [{"name": "Mail"}]}}'),
        ("hugo.yaml", "params:\n  systems: [Mail]\n"),
        ("config/_default/params.yml", "systems:\n  - name: Mail\n"),
    ],
)
def test_the_configuration_may_have_any_form_of_hugo(tmp_path: Path, name: str, text: str) -> None:
    """The systems are found wherever and however Hugo lets them be written."""
    site_of(tmp_path, {name: text, "config/_default/hugo.yml": "title: x\n", "content/issues/a.md": issue()})
    (tmp_path / "config.yml").unlink()
    _, plan = planned(tmp_path)
    assert "affects: [mail]" in plan.steps[0].text


@pytest.mark.parametrize("text", ["params: [", "params:\n  systems: nothing\n", "- a\n", ""])
def test_a_broken_configuration_costs_the_components_alone(tmp_path: Path, text: str) -> None:
    """The notes come over with what they affect named in their text."""
    site_of(tmp_path, {"content/issues/a.md": issue()})
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    _, plan = planned(tmp_path)
    assert "Also affected: Mail." in plan.steps[0].text


def test_what_is_no_site_is_refused(tmp_path: Path) -> None:
    """Whoever names the wrong folder is told which one is meant."""
    with pytest.raises(ForeignSiteError, match=r"needs a config\.yml"):
        read_cstate(tmp_path, TERMS)
