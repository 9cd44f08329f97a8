"""`flask status new`, `update`, `resolve`, `cancel` and `list`, as a person at a terminal sees them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import Result
from mounted_site import INCIDENT, Site, mounted_site
from notes_repository import WINDOW

from status_plugin.staff.desk import asking, update_command
from status_plugin.staff.desk import files as desk_files

COMPONENTS = (
    "- group: Hosting\n  components:\n    - name: Srv3\n    - name: Srv9\n- name: Account management\n"
)
WINDOW_PATH = "maintenance/2026-12-04-srv9-memory.md"
INCIDENT_PATH = "incidents/2026-11-20-srv3.md"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site at 6:45pm on 20 November 2026; commands are given in its folder."""
    monkeypatch.chdir(tmp_path)
    return mounted_site(tmp_path, components=COMPONENTS, STATUS_SITE_URL="https://www.example.com")


def run(site: Site, *words: str, given: str | bytes | None = None) -> Result:
    """What a command says, some seconds after the one before."""
    site.clock.move(2)
    return site.app.test_cli_runner().invoke(args=["status", *words], input=given)


def told(site: Site, *words: str, given: str | bytes | None = None) -> list[str]:
    """The lines of a command that does what it is told."""
    result = run(site, *words, given=given)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def refused(site: Site, *words: str, given: str | bytes | None = None) -> str:
    """What a command says that changes nothing."""
    before = files(site)
    result = run(site, *words, given=given)
    assert result.exit_code != 0, result.output
    assert "Traceback" not in result.output
    assert files(site) == before
    return result.output


def files(site: Site) -> dict[str, bytes]:
    """Everything that is in the folder of notes."""
    return {str(path.relative_to(site.folder)): path.read_bytes() for path in site.folder.rglob("*.*")}


ROUND_TRIP = """\
---
title: Srv3 is not responding
started: 2026-11-20 6:30pm EST
impact: major
affects: [srv3, {srv9: degraded}]
---
Update @ 6:45pm EST [investigating; next update 7:15pm]: Web, mail and databases do not answer.

Update @ 7:10pm EST [identified; next update 7:30pm]: Half of its memory is missing after a restart.

Update @ 8:05pm EST [monitoring; affects srv9: operational]: The memory is replaced.

Update @ 2026-11-21 12:20am EST [resolved; since 2026-11-20 11:58pm]: All of its memory is back.
"""


def test_a_round_trip_leaves_a_file_as_a_person_writes_it(site: Site) -> None:
    """New, update, update, resolve: each says what it understood and where it is; the page follows."""
    lines = told(
        site, "new", "incident", "Srv3 is not responding", "Web, mail and databases do not answer.",
        "--affects", "srv3, srv9: degraded", "--impact", "major", "--started", "15 min ago",
        "--next", "in 30 min",
    )  # fmt: skip
    assert lines == [
        "Srv3 is not responding: began Fri 20 Nov, 6:30 pm EST; Srv3 offline, Srv9 slow; investigating at "
        "Fri 20 Nov, 6:45 pm EST; next update promised for Fri 20 Nov, 7:15 pm EST.",
        "Written: content/incidents/2026-11-20-srv3-is-not-responding.md. On the page: "
        "https://www.example.com/status/incidents/2026-11-20-srv3-is-not-responding/",
    ]
    site.clock.move(25 * 60)
    text = "Half of its memory is missing after a restart."
    lines = told(site, "update", text, "--phase", "identified", "--next", "7:30pm")
    assert lines[0] == (
        "Srv3 is not responding: identified at Fri 20 Nov, 7:10 pm EST; "
        "next update promised for Fri 20 Nov, 7:30 pm EST."
    )
    site.clock.move(55 * 60)
    told(site, "update", "srv3", "The memory is replaced.", "--phase", "monitoring", "--affects", "Srv9=ok")
    site.clock.move(255 * 60)
    told(site, "resolve", "srv3", "All of its memory is back.", "--since", "11:58pm")
    (path,) = (site.folder / "incidents").iterdir()
    assert path.read_text() == ROUND_TRIP
    site.clock.move(5)
    (item,) = site.board()["past"]
    assert (item["title"], item["phase"], item["ended"]) == (
        "Srv3 is not responding", "resolved", "2026-11-20T23:58:00-05:00",
    )  # fmt: skip


WINDOW_TRIP = """\
---
title: "Srv9: more memory"
starts: 2026-11-21 4:00pm EST
ends: 6:00pm EST
expected_downtime: 15-20 min
affects: [srv9]
---
Web and mail on Srv9 are offline while we add memory.

Update @ 4:10pm EST [in progress]: Srv9 is shut down.

Update @ 4:40pm EST [completed; since 4:35pm]: Srv9 has twice the memory.
"""


def test_a_window_from_its_announcement_to_its_end(site: Site) -> None:
    """Planned, begun, completed."""
    lines = told(
        site, "new", "maintenance", "Srv9: more memory",
        "Web and mail on Srv9 are offline while we add memory.",
        "--affects", "srv9", "--starts", "tomorrow 4pm", "--for", "2h", "--downtime", "15-20 min",
    )  # fmt: skip
    assert lines == [
        "Srv9: more memory: from Sat 21 Nov, 4:00 pm EST to Sat 21 Nov, 6:00 pm EST (2 h); "
        "expected downtime 15-20 min; affects Srv9.",
        "Written: content/maintenance/2026-11-21-srv9-more-memory.md. On the page: "
        "https://www.example.com/status/maintenance/2026-11-21-srv9-more-memory/",
    ]
    assert "has not begun" in refused(site, "resolve", "srv9", "It is done.")
    site.clock.move((21 * 60 + 25) * 60)
    told(site, "update", "Srv9 is shut down.", "--phase", "in progress")
    site.clock.move(30 * 60)
    told(site, "resolve", "Srv9 has twice the memory.", "--since", "5 min ago")
    (path,) = (site.folder / "maintenance").iterdir()
    assert path.read_text() == WINDOW_TRIP


def test_a_window_is_cancelled_in_a_dated_word(site: Site) -> None:
    """Days before the window a time without its date would be read as one of the window's day."""
    site.note(WINDOW_PATH, WINDOW)
    told(site, "cancel")
    assert (site.folder / WINDOW_PATH).read_text() == (
        f"{WINDOW}\nUpdate @ 2026-11-20 6:45pm Eastern [cancelled]: This work does not take place.\n"
    )
    assert "is over already (cancelled)" in refused(site, "cancel", "srv9")


def test_an_incident_is_not_cancelled(site: Site) -> None:
    """Who tries hears what to do instead."""
    site.note(INCIDENT_PATH, INCIDENT)
    assert "flask status resolve 2026-11-20-srv3 TEXT" in refused(site, "cancel", "srv3")


@pytest.mark.parametrize(
    ("last", "written"),
    [
        ("Update @ 18:40 [identified]: One.", "Update @ 18:45 [resolved]: Two."),
        ("Update @ 5:40pm CST [identified]: One.", "Update @ 5:45pm CST [resolved]: Two."),
        ("**Update #1 @ 6:40 p.m. ET:** One.", "Update @ 6:45pm ET [resolved]: Two."),
        ("Update @ 2026-11-20T18:40-05:00: One.", "Update @ 18:45 [resolved]: Two."),
        ("Update @ Nov 20 23:40 UTC: One.", "Update @ 23:45 UTC [resolved]: Two."),
    ],
)
def test_times_are_written_as_the_note_has_them(site: Site, last: str, written: str) -> None:
    """The clock of 12 or 24 hours, and the zone in the words of the newest update."""
    note = site.note(INCIDENT_PATH, f"{INCIDENT.partition('Update')[0]}{last}\n")
    told(site, "resolve", "Two.")
    assert note.read_text().splitlines()[-1] == written


def test_newest_first_stays_newest_first(site: Site) -> None:
    """A note that has its newest word on top gets the next one there, too."""
    head = INCIDENT.partition("Update")[0]
    old = (
        "Update @ 2026-11-20 6:40pm Eastern [identified]: Two.\n\n"
        "Update @ 2026-11-20 6:20pm Eastern: One.\n"
    )  # fmt: skip
    note = site.note(INCIDENT_PATH, head + old)
    told(site, "update", "Three.")
    assert note.read_text() == f"{head}Update @ 2026-11-20 6:45pm Eastern: Three.\n\n{old}"


def test_the_rights_of_a_file_and_what_is_beside_it_stay(site: Site) -> None:
    """A file that a group may write stays so, a link stays a link, and nothing is left beside it."""
    note = site.note("incidents/real/2026-11-20-srv3.md", INCIDENT)
    note.chmod(0o664)
    (site.folder / "incidents" / "link.md").symlink_to(note)
    told(site, "update", "link", "More.")
    assert stat.S_IMODE(note.stat().st_mode) == 0o664
    assert (site.folder / "incidents" / "link.md").is_symlink()
    assert "More." in note.read_text()
    assert [path.name for path in note.parent.iterdir()] == [note.name]


def test_a_dry_run_shows_the_change(site: Site) -> None:
    """The lines as `diff` shows them, and no file is touched."""
    note = site.note(INCIDENT_PATH, INCIDENT)
    lines = told(site, "update", "More.", "--dry-run")
    assert lines[:2] == [f"--- a/{INCIDENT_PATH}", f"+++ b/{INCIDENT_PATH}"]
    assert lines[-2:] == ["+", "+Update @ 6:45pm Eastern: More."]
    assert note.read_text() == INCIDENT
    assert "+title: X" in told(
        site, "new", "incident", "X", "--affects", "none", "--impact", "slow", "--dry-run"
    )
    assert set(files(site)) == {INCIDENT_PATH, "components.yml"}


def test_long_text_comes_from_the_input(site: Site) -> None:
    """Several paragraphs, and what would not begin a block behind a colon, are read as they were typed."""
    note = site.note(INCIDENT_PATH, INCIDENT)
    told(site, "update", "srv3", "-", given="- mail\n- web\n\nMore *soon*.\n")
    assert note.read_text().endswith("Update @ 6:45pm Eastern:\n\n- mail\n- web\n\nMore *soon*.\n")
    told(site, "update", "srv3", given="From a pipe.\r\nTwo lines.\n")
    assert note.read_text().endswith("Update @ 6:45pm Eastern: From a pipe.\nTwo lines.\n")
    assert "not UTF-8" in refused(site, "update", "-", given=b"caf\xe9")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("update", "srv3", ""), "The text is empty"),
        (("update",), "The text is empty"),
        (("update", "srv4"), "No note has 'srv4' in its name"),
        (("update", "srv3", "Half", "of", "it"), "Put the text in quotes"),
        (("update", "srv3", "Text.", "--phase", "identifed"), "Did you mean 'identified'?"),
        (("update", "srv3", "Text.", "--phase", "completed"), "'completed' is no phase of an incident"),
        (("update", "srv3", "Text.", "--affects", "srv8: ok"), "Did you mean 'Srv9'?"),
        (("update", "srv3", "Text.", "--affects", "srv3"), "'srv3' is given no state"),
        (("update", "srv3", "Text.", "--impact", "majr"), "Did you mean 'major'?"),
        (("update", "srv3", "Text.", "--next", "5pm"), "not later than the update itself"),
        (("update", "srv3", "Text.", "--next", "soon"), "Invalid value for --next"),
        (("update", "srv3", "Text.", "--when", "7:30pm"), "lies ahead of the clock"),
        (("update", "srv3", "Text.", "--since", "5:33"), "Write '05:33', '5:33am' or '5:33pm'"),
        (("update", "srv3", "One.\nUpdate @ 6:50pm: Two."), "Line 2 of the text looks like an update"),
        (
            ("new", "incident", "Slow", "One.\nUpdate @ 9pm: Two.", "--affects", "none", "--impact", "slow"),
            "Line 2 of the text looks like an update",
        ),
        (
            (
                "new",
                "maintenance",
                "More",
                "Update @ 9pm Two.",
                "--affects",
                "none",
                "--starts",
                "tomorrow 4pm",
                "--for",
                "2h",
            ),
            "Line 1 of the text looks like an update",
        ),
        (("update", "srv3", "One.\nUpdte @ 6:50pm: Two."), "Line 2 of the text looks like an update"),
        (("update", "srv3", "```\nnever closed"), "It would not be read as you mean it"),
        (("new", "incident"), "Give it a title"),
        (("new", "incident", "Down", "--impact", "major"), "Known are: srv3, srv9, account-management"),
        (("new", "incident", "Down", "--affects", "srv3"), "--impact degraded, partial or major"),
        (("new", "incident", "Down", "--affects", "srv33", "--impact", "major"), "Did you mean 'Srv3'?"),
        (
            ("new", "incident", "D", "--affects", "srv3", "--impact", "major", "--started", "8pm"),
            "ahead of the",
        ),
        (("new", "maintenance", "M", "--affects", "srv3", "--for", "2h"), "Say when it starts"),
        (("new", "maintenance", "M", "--affects", "srv3", "--starts", "tomorrow 4pm"), "Say when it ends"),
        (("new", "maintenance", "M", "--affects", "srv3", "--starts", "5pm", "--for", "1h"), "has passed"),
        (
            ("new", "maintenance", "M", "--affects", "srv3", "--starts", "2026-12-04 4pm", "--ends", "3pm"),
            "is not after the beginning",
        ),
    ],
)
def test_a_mistake_is_a_sentence_and_changes_nothing(site: Site, words: tuple[str, ...], said: str) -> None:
    """What was wrong, and what to write."""
    site.note(INCIDENT_PATH, INCIDENT)
    output = " ".join(refused(site, *words).split())
    assert said in output


def test_emergency_work_may_have_begun(site: Site) -> None:
    """Only what is called an emergency begins at once, or has begun already."""
    told(site, "new", "maintenance", "Router", "--affects", "srv3", "--for", "1h", "--emergency")
    (note,) = (site.folder / "maintenance").iterdir()
    assert "starts: 2026-11-20 6:45pm EST\nends: 7:45pm EST\n" in note.read_text()
    assert "emergency: true" in note.read_text()


def test_an_end_that_a_later_word_contradicts(site: Site) -> None:
    """Dated before a word that says otherwise, `resolve` would not resolve: what to write instead is told."""
    site.note(INCIDENT_PATH, INCIDENT)
    said = refused(site, "resolve", "All is well.", "--when", "6:30pm")
    assert "a later one says 'identified'. Leave --when out, and tell with --since" in said
    told(site, "resolve", "All is well.", "--since", "6:30pm")
    site.clock.move(5)
    assert site.board()["past"][0]["ended"] == "2026-11-20T18:30:00-05:00"


def test_vague_times_keep_their_words(site: Site) -> None:
    """What nobody knows exactly is written as it was said, with what the reader needs beside it."""
    new = ("new", "incident", "Down", "--affects", "srv3", "--impact", "major", "--started", "about 6pm")
    assert told(site, *new)[0].startswith("Down: began 2026-11-20 about 6pm EST;")
    told(site, "resolve", "All is well.", "--since", "shortly after 6:30pm")
    (path,) = (site.folder / "incidents").iterdir()
    assert "started: 2026-11-20 about 6pm EST\n" in path.read_text()
    assert path.read_text().endswith("[resolved; since shortly after 6:30pm]: All is well.\n")


def test_a_step_back_is_told(site: Site) -> None:
    """In a script a doubt is a warning, so that no word is lost."""
    site.note(INCIDENT_PATH, INCIDENT.replace("identified", "monitoring"))
    result = run(site, "update", "It is down again.", "--phase", "investigating")
    assert result.exit_code == 0
    assert result.stderr.startswith("Warning: This goes back from 'monitoring' to 'investigating'.\n")
    told(site, "resolve", "It is over.")
    assert "is over already (resolved)" in refused(site, "resolve", "srv3", "It is over.")
    assert "is over (resolved)" in run(site, "update", "srv3", "More.").stderr


def test_what_is_doubtful_about_the_note_is_told(site: Site) -> None:
    """The note is checked as `flask status check` does it, and other notes are not spoken of."""
    site.note("incidents/other.md", INCIDENT.replace("impact: major\n", ""))
    site.note(INCIDENT_PATH, INCIDENT)
    result = run(site, "update", "2026-11-20-srv3", "Seen first.", "--when", "6:20pm")
    assert result.exit_code == 0
    assert "[out-of-order]" in result.stderr
    assert "other.md" not in result.stderr


def test_which_note_is_meant(site: Site) -> None:
    """Any part of a name, or a component; the only open one goes before those that are over."""
    site.note(
        "incidents/2025-01-01-srv3.md", INCIDENT.replace("2026", "2025").replace("identified", "resolved")
    )
    site.note("incidents/mail-is-slow.md", INCIDENT)
    assert "mail-is-slow" in told(site, "update", "More.", "--dry-run")[0]
    assert "mail-is-slow" in told(site, "update", "srv3", "More.", "--dry-run")[0]
    assert "mail-is-slow" in told(site, "update", "Mail is", "More.", "--dry-run")[0]
    assert "2025-01-01-srv3" in told(site, "update", "2025", "More.", "--dry-run")[1]
    site.note("incidents/web-is-slow.md", INCIDENT)
    for words in (("More.",), ("srv3", "More.")):
        assert refused(site, "update", *words) == (
            "Error: Say which note you mean; this may be any of them:\n"
            "    mail-is-slow: Srv3 is not responding\n"
            "    web-is-slow: Srv3 is not responding\n"
        )


def test_two_words_in_one_minute_stay_in_their_order(site: Site) -> None:
    """A word is not told before one of the same minute that was written with its seconds."""
    site.note(INCIDENT_PATH, INCIDENT + "\nUpdate @ 2026-11-20T18:45:01-05:00 [identified]: Memory.\n")
    told(site, "update", "srv3", "It is being replaced.", "--phase", "monitoring")
    site.clock.move(5)
    (shown,) = site.board()["current"]
    assert [update["phase"] for update in shown["updates"][:2]] == ["monitoring", "identified"]
    assert shown["phase"] == "monitoring"


def test_the_same_title_gets_another_name(site: Site) -> None:
    """No file is written over, and no address is given twice, one of old included."""
    new = ("new", "incident", "Down", "--affects", "srv3", "--impact", "major")
    site.note("maintenance/x.md", WINDOW.replace("---\n", "---\naliases: [2026-11-20-down-2]\n", 1))
    for _ in range(2):
        told(site, *new)
    assert sorted(path.name for path in (site.folder / "incidents").iterdir()) == [
        "2026-11-20-down-3.md",
        "2026-11-20-down.md",
    ]


def test_a_draft_is_written_and_listed(site: Site) -> None:
    """Nobody sees it; its file says so; an announced one is public later."""
    new = ("new", "maintenance", "M", "--affects", "srv3", "--starts", "tomorrow 4pm", "--for", "1h")
    lines = told(site, *new, "--draft")
    assert "no visitor sees it until you take the line 'draft: true' out" in lines[1]
    lines = told(site, *new, "--announced", "tomorrow 8am")
    assert "Not public before it is announced" in lines[1]
    site.clock.move(5)
    assert site.board()["scheduled"] == []
    listed = told(site, "list")
    assert listed[-1] == "Draft: content/maintenance/2026-11-21-m.md"
    assert any("not public yet" in line for line in listed)
    assert "is a draft" in refused(site, "update", "2026-11-21-m", "More.")


def test_a_part_of_a_draft_names_it_unless_a_note_has_it(site: Site) -> None:
    """Who means a draft hears that it is one; what is public goes before it."""
    site.note("incidents/spare-parts.md", INCIDENT.replace("---\n", "---\ndraft: true\n", 1))
    assert "spare-parts.md is a draft" in refused(site, "update", "spare", "More.")
    site.note("incidents/spare-disk.md", INCIDENT)
    assert "spare-disk" in told(site, "update", "spare", "More.", "--dry-run")[0]


def test_editors_are_led_to_the_schema(site: Site) -> None:
    """Where the schemas lie beside the notes a new one names its own, and reads as before."""
    told(site, "schema", "--write")
    new = ("new", "incident", "Down", "--affects", "srv3", "--impact", "major")
    told(site, *new)
    (path,) = (site.folder / "incidents").iterdir()
    first, second, third = path.read_text().splitlines()[:3]
    assert (first, third) == ("---", "title: Down")
    assert second == "# yaml-language-server: $schema=../.schema/incident.json"


def test_the_list(site: Site) -> None:
    """What is open with age, last word and an overdue promise; what is planned; on demand what is over."""
    site.note(INCIDENT_PATH, INCIDENT)
    site.note(WINDOW_PATH, WINDOW)
    site.note("incidents/old.md", INCIDENT.replace("2026", "2025").replace("identified", "resolved"))
    site.clock.move(3600)
    assert told(site, "list") == [
        "Open incidents",
        "  Srv3 is not responding",
        "    Identified; began 18:00 EST (1 h 45 min ago); last word 18:40 EST (1 h 5 min ago); "
        "next update 19:30 EST, overdue for 15 min",
        "    content/incidents/2026-11-20-srv3.md",
        "Running windows",
        "  None",
        "Planned windows",
        "  More memory for Srv9",
        "    Scheduled; Fri 4 Dec 2026, 16:00 to 18:00 EST",
        "    content/maintenance/2026-12-04-srv9-memory.md",
    ]
    assert "    content/incidents/old.md" in told(site, "list", "--all")
    (incident, window) = json.loads("\n".join(told(site, "list", "--format", "json")))
    assert incident["next_update"] == {"at": "2026-11-20T19:30:00-05:00", "overdue": True}
    assert (window["kind"], window["url"]) == (
        "maintenance",
        "https://www.example.com/status/maintenance/2026-12-04-srv9-memory/",
    )


def test_one_waits_for_the_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes at the same time is waited for, and not for ever."""
    note = site.note(INCIDENT_PATH, INCIDENT)
    monkeypatch.setattr(desk_files, "PATIENCE", 0.2)
    with desk_files.alone_with(site.folder):
        assert "Somebody else is writing notes here" in refused(site, "update", "More.")
    told(site, "update", "More.")
    assert "More." in note.read_text()


def test_a_step_that_somebody_else_took_meanwhile(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who thought that it is open hears that it has just been resolved; it is not opened again."""
    note = site.note(INCIDENT_PATH, INCIDENT)

    def meanwhile(*_: object) -> None:
        note.write_text(f"{INCIDENT}\nUpdate @ 6:41pm Eastern [resolved]: Over.\n")

    monkeypatch.setattr(asking, "settle", meanwhile)
    result = run(site, "update", "We know why.", "--phase", "monitoring")
    assert result.exit_code == 1
    assert "Somebody has just written that 'Srv3 is not responding' is 'resolved'" in result.output
    assert "We know why." not in note.read_text()


def test_a_change_between_reading_and_writing_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who saves the file in an editor at the very same moment loses nothing."""
    note = site.note(INCIDENT_PATH, INCIDENT)

    def meddle(*arguments: object) -> bytes:
        note.write_text(f"{INCIDENT}\nMine.\n")
        return real(*arguments)  # type: ignore[arg-type]

    real = update_command.with_update
    monkeypatch.setattr(update_command, "with_update", meddle)
    result = run(site, "update", "More.")
    assert result.exit_code == 1
    assert "was changed by somebody else at this very moment" in result.output
    assert note.read_text() == f"{INCIDENT}\nMine.\n"
    assert len(list(note.parent.iterdir())) == 1
