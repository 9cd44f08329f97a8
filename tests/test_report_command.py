"""`flask status report` on a mounted site: notes in a real repository, and the journal that the site kept."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from mounted_site import Site, mounted_site
from notes_repository import NotesRepository, notes_repository

INCIDENT = """\
---
title: Srv3 is not responding
started: 2026-11-20 5:55pm Eastern
impact: major
affects: [srv3]
---
Nothing of Srv3 answers.

Update @ 6:10pm Eastern [investigating; next update 7:00pm]: We are looking.
"""
IDENTIFIED = "\nUpdate @ 6:50pm Eastern [identified]: Half of the memory is gone.\n"
RESOLVED = "\nUpdate @ 7:10pm Eastern [resolved; since 7:05pm]: All of it is back.\n"
PATH = "incidents/2026-11-20-srv3.md"
COMPONENTS = "- name: Srv3\n  checks: []\n- name: Accounts\n"


def at(clock: str) -> datetime:
    """A time of 20 November 2026 in New York."""
    return datetime.fromisoformat(f"2026-11-20T{clock}-05:00").astimezone(UTC)


def report(site: Site, *words: str) -> Result:
    """What the command says."""
    return site.app.test_cli_runner().invoke(args=["status", "report", *words])


def told(site: Site, *words: str) -> Any:
    """The report as a program gets it."""
    answer = report(site, "--format", "json", *words)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


class Monitoring:
    """Monitoring's own file, which the site looks at every minute of its clock."""

    def __init__(self, site: Site, file: Path) -> None:
        self._site, self._file = site, file

    def says(self, state: str, until: str) -> None:
        """Monitoring says this from the site's present on, until a time."""
        site = self._site
        while site.clock.now < at(until):
            said = {"written_at": site.clock.now.isoformat(), "components": {"db-7": {"state": state}}}
            self._file.write_text(json.dumps(said), encoding="utf-8")
            site.app.extensions["status_plugin"].station.renew()
            site.clock.move(60)


def watched(root: Path) -> dict[str, Any]:
    """Settings of a site that reads monitoring's file and keeps a journal."""
    return {
        "STATUS_MONITOR": f"json:{root / 'monitoring.json'}",
        "STATUS_MONITOR_MAP": {"srv3": {"json": {"host": "db-7"}}},
        "STATUS_JOURNAL": str(root / "journal"),
    }


def outage(site: Site, root: Path) -> None:
    """Srv3 is seen down from 5:58pm to 7:06pm."""
    site.clock.now = at("17:00")
    monitoring = Monitoring(site, root / "monitoring.json")
    monitoring.says("operational", "17:58")
    monitoring.says("major_outage", "19:06")
    monitoring.says("operational", "20:00")


def test_the_journal_tells_when_it_was_detected(tmp_path: Path) -> None:
    """Without git the wait runs from monitoring's first sight to the time that the note's word bears."""
    site = mounted_site(tmp_path, components=COMPONENTS, **watched(tmp_path))
    site.note(PATH, INCIDENT + IDENTIFIED + RESOLVED)
    outage(site, tmp_path)
    found = told(site)
    (one,) = found["incidents"]
    assert one["detected"] == {"at": "2026-11-20T17:58:00-05:00", "by": "monitoring", "is_about": False}
    assert one["first_word"] == {"at": "2026-11-20T18:10:00-05:00", "by": "note", "is_about": False}
    assert one["wait"]["after_detection_seconds"] == 12 * 60
    assert one["wait"]["after_start_seconds"] == 15 * 60
    assert found["summary"]["promises"]["kept"] == 1
    assert one["called_over_after_seconds"] == -60
    assert found["unwritten"] == []
    assert found["components"][0]["down_seconds"] == (71 * 60)
    assert (found["has_journal"], found["has_git"]) == (True, False)


def test_as_of_another_moment(tmp_path: Path) -> None:
    """At 6:05pm, before anybody wrote, the report tells of trouble without a note, whatever came later."""
    site = mounted_site(tmp_path, components=COMPONENTS, **watched(tmp_path))
    site.note(PATH, INCIDENT.replace("started", "announced: 2026-11-20 6:10pm Eastern\nstarted") + RESOLVED)
    outage(site, tmp_path)
    early = told(site, "--as-of", "2026-11-20 6:05pm Eastern")
    assert early["incidents"] == []
    assert [(one["began"], one["ended"]) for one in early["unwritten"]] == [
        ("2026-11-20T17:58:00-05:00", None)
    ]
    later = told(site, "--as-of", "2026-11-20 7:08pm Eastern")
    assert [one["phase"] for one in later["incidents"]] == ["investigating"]
    assert [one["text"] for one in later["contradictions"]] == [
        "Our monitoring sees otherwise: Srv3 is working."
    ]
    assert told(site)["contradictions"] == []


def test_a_journal_that_is_silent_contradicts_nobody(tmp_path: Path) -> None:
    """Long after the last look nothing is known of monitoring, so nothing is said to differ."""
    site = mounted_site(tmp_path, components=COMPONENTS, **watched(tmp_path))
    site.note(PATH, INCIDENT)
    outage(site, tmp_path)
    assert told(site, "--as-of", "2026-11-20 7:59pm Eastern")["contradictions"]
    assert told(site, "--as-of", "2026-11-20 11pm Eastern")["contradictions"] == []


def test_what_monitoring_saw_months_ago_is_not_forgotten(tmp_path: Path) -> None:
    """The memory of the page ends after 30 days, the report of a year does not."""
    site = mounted_site(tmp_path, components=COMPONENTS, **watched(tmp_path))
    outage(site, tmp_path)
    site.clock.now = datetime(2027, 4, 1, tzinfo=UTC)
    site.app.extensions["status_plugin"].station.renew()
    assert [one["lasted_seconds"] for one in told(site, "--year", "2026")["unwritten"]] == [68 * 60]


def test_a_process_that_has_only_just_looked_knows_nothing_of_before(tmp_path: Path) -> None:
    """Without a journal and a shared cache the first look is no detection: it would make every wait short."""
    settings = watched(tmp_path)
    del settings["STATUS_JOURNAL"]
    site = mounted_site(tmp_path, components=COMPONENTS, **settings)
    site.note(PATH, INCIDENT)
    site.clock.now = at("19:00")
    Monitoring(site, tmp_path / "monitoring.json").says("major_outage", "19:01")
    assert site.board()["components"][0]["basis"] == "both"
    (one,) = told(site)["incidents"]
    assert one["detected"]["by"] == "start"
    assert one["wait"]["after_detection_seconds"] == 15 * 60


def test_the_time_before_the_journal_is_not_said_to_be_well(tmp_path: Path) -> None:
    """Of a time in which nobody looked the report does not say that all trouble has a note."""
    site = mounted_site(tmp_path, components=COMPONENTS, **watched(tmp_path))
    site.note(PATH, INCIDENT + RESOLVED)
    outage(site, tmp_path)
    known = report(site, "--since", "2026-11-20 5:30pm Eastern").output
    assert "All trouble that monitoring saw has a note." in known
    assert "The journal begins" not in known
    partly = report(site, "--month", "2026-11").output
    assert "The journal begins on Fri 20 Nov 2026: of the time before it nobody knows" in partly
    before = report(site, "--month", "2026-10").output
    assert "All trouble" not in before
    assert "The journal begins on Fri 20 Nov 2026" in before


def test_csv_and_text_come_from_the_command_too(tmp_path: Path) -> None:
    """Each format is printed, and text is what comes without one."""
    site = mounted_site(tmp_path, components=COMPONENTS, **watched(tmp_path))
    site.note(PATH, INCIDENT + RESOLVED)
    outage(site, tmp_path)
    (row,) = csv.DictReader(io.StringIO(report(site, "--format", "csv").output))
    assert row["wait_after_detection_seconds"] == "720"
    said = report(site, "--month", "2026-11").output
    assert "How long did clients wait for the first word? 12 min (“Srv3 is not responding”)." in said
    assert "Srv3 is not responding (2026-11-20-srv3)" in said
    assert (
        "How long did clients wait for the first word? There was no incident."
        in report(site, "--month", "2026-10").output
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--month", "11/2026"), "'11/2026' is not a month. Write it like '2026-11'."),
        (("--as-of", "yesterday"), "Invalid value for --as-of"),
        (("--since", "9/4"), "Write"),
        (("--format", "xml"), "'xml' is not one of"),
    ],
)
def test_a_mistake_is_a_sentence(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """A wrong option ends with what to write instead, and no traceback."""
    answer = report(mounted_site(tmp_path), *words)
    assert answer.exit_code == 2
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_a_site_without_anything_has_a_report(tmp_path: Path) -> None:
    """No note, no journal, no git: the report says what it does not know."""
    said = report(mounted_site(tmp_path)).output
    assert "There was no incident." in said
    assert "No journal is kept" in said


def test_nothing_private_is_in_it(tmp_path: Path) -> None:
    """The private name of a host reaches no format."""
    site = mounted_site(tmp_path, components=COMPONENTS, **watched(tmp_path))
    outage(site, tmp_path)
    assert "db-7" in str(site.app.config["STATUS_MONITOR_MAP"])
    for form in ("text", "json", "csv"):
        assert "db-7" not in report(site, "--format", form).output


@pytest.fixture
def repository(tmp_path: Path) -> NotesRepository:
    """A site whose notes are in git."""
    return notes_repository(tmp_path / "site", **watched(tmp_path))


def commit_at(
    repository: NotesRepository, monkeypatch: pytest.MonkeyPatch, clock: str, files: dict[str, str | None]
) -> None:
    """Commit these files at a time of that day."""
    for variable in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(variable, at(clock).isoformat())
    repository.commit(files)


@pytest.mark.system("git")
def test_git_tells_when_a_word_was_public(
    repository: NotesRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit's time counts, not the one that the note bears, also after the file has another name."""
    site = repository.site
    commit_at(repository, monkeypatch, "16:00", {"components.yml": COMPONENTS})
    commit_at(repository, monkeypatch, "18:25", {"incidents/srv3-ünavailable.md": INCIDENT})
    renamed = {"incidents/srv3-ünavailable.md": None, PATH: INCIDENT + IDENTIFIED}
    commit_at(repository, monkeypatch, "19:03", renamed)
    commit_at(repository, monkeypatch, "19:12", {PATH: INCIDENT + IDENTIFIED + RESOLVED})
    outage(site, repository.top.parent)
    found = told(site)
    (one,) = found["incidents"]
    assert one["first_word"] == {"at": "2026-11-20T18:25:00-05:00", "by": "git", "is_about": False}
    assert one["wait"]["after_detection_seconds"] == 27 * 60
    assert [update["told"]["at"][11:16] for update in one["updates"]] == ["18:25", "19:03", "19:12"]
    assert {update["told"]["by"] for update in one["updates"]} == {"git"}
    assert one["updates"][0]["promise"]["late_seconds"] == 3 * 60
    assert one["longest_silence_seconds"] == 38 * 60
    assert found["has_git"]
    assert "(by its commit)" in report(site).output
    early = told(site, "--as-of", "2026-11-20 6:20pm Eastern")
    assert early["incidents"] == [], "nobody could read it yet"
    assert len(early["unwritten"]) == 1


@pytest.mark.system("git")
def test_what_was_merged_was_public_when_it_was_merged(
    repository: NotesRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note that waited on a branch made clients wait, too."""
    commit_at(repository, monkeypatch, "16:00", {"components.yml": COMPONENTS})
    repository.git("checkout", "--quiet", "-b", "outage")
    commit_at(repository, monkeypatch, "18:00", {PATH: INCIDENT})
    repository.git("checkout", "--quiet", "main")
    monkeypatch.setenv("GIT_COMMITTER_DATE", at("18:40").isoformat())
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merged", "outage")
    repository.site.clock.now = at("23:30")
    assert told(repository.site)["incidents"][0]["first_word"]["at"] == "2026-11-20T18:40:00-05:00"


@pytest.mark.system("git")
def test_a_draft_was_no_word(repository: NotesRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit of a draft shortens no wait: nobody could read it."""
    commit_at(repository, monkeypatch, "16:00", {"components.yml": COMPONENTS})
    draft = INCIDENT.replace("impact", "draft: true\nimpact")
    commit_at(repository, monkeypatch, "17:56", {PATH: draft})
    commit_at(repository, monkeypatch, "18:30", {PATH: INCIDENT})
    repository.site.clock.now = at("23:30")
    (one,) = told(repository.site)["incidents"]
    assert one["first_word"]["at"] == "2026-11-20T18:30:00-05:00"


@pytest.mark.system("git")
def test_an_archive_that_was_brought_in_made_nobody_wait(
    repository: NotesRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three notes that became public at one moment each counts by its own times."""
    notes: dict[str, str | None] = {
        f"incidents/{number}.md": (INCIDENT + RESOLVED).replace("Srv3 is", f"Srv3 ({number}) is")
        for number in (1, 2, 3)
    }
    commit_at(repository, monkeypatch, "23:00", {"components.yml": COMPONENTS, **notes})
    site = repository.site
    site.clock.now = at("23:30")
    assert {one["first_word"]["by"] for one in told(site)["incidents"]} == {"note"}
    assert {one["wait"]["after_start_seconds"] for one in told(site)["incidents"]} == {15 * 60}
    site.clock.move(60)
    commit_at(repository, monkeypatch, "23:05", {"incidents/4.md": INCIDENT.replace("Srv3 is", "4 is")})
    assert told(site)["incidents"][-1]["first_word"]["by"] == "git"


@pytest.mark.system("git")
def test_what_is_not_committed_yet_counts_by_its_own_time(
    repository: NotesRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note that lies in the folder is public, though git does not know it."""
    commit_at(repository, monkeypatch, "16:00", {"components.yml": COMPONENTS, "incidents/1.md": INCIDENT})
    repository.site.note("incidents/2.md", INCIDENT)
    repository.site.clock.now = at("23:30")
    assert [one["first_word"]["by"] for one in told(repository.site)["incidents"]] == ["git", "note"]


def test_the_notice_that_the_site_promises_counts(tmp_path: Path) -> None:
    """STATUS_NOTICE_PERIOD is what a window's announcement is held against; zero promises nothing."""
    window = (
        "---\ntitle: More memory\nstarts: 2026-11-20 2pm Eastern\nends: 2026-11-20 3pm Eastern\n"
        "announced: 2026-11-19 3pm Eastern\naffects: [srv3]\n---\nA restart.\n"
    )
    short = []
    for hours in (0, 22, 24):
        (root := tmp_path / str(hours)).mkdir()
        site = mounted_site(root, components=COMPONENTS, STATUS_NOTICE_PERIOD=hours)
        site.note("maintenance/2026-11-20-memory.md", window)
        site.clock.move(60)
        found = told(site)
        (one,) = found["maintenance"]
        short.append((found["notice_period_seconds"], one["short_notice"]))
    assert short == [(None, False), (22 * 3600, False), (24 * 3600, True)]
