"""Statuspage's JSON comes over by the same way as cState's files: the second module fills the same shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from mounted_site import INCIDENT, Site, mounted_site

PAGE = {"id": "kx2m4n6p8q0r", "url": "https://status.example.com", "time_zone": "America/New_York"}
WINDOW = """\
---
title: More memory for Srv3
starts: 2026-11-25 4:00pm Eastern
ends: 6:00pm Eastern
affects: [srv3]
---
Srv3 gets more memory.

Update @ 2026-11-20 5:00pm Eastern [scheduled]: We will shut it down.
"""


def component(key: str, name: str, **more: Any) -> dict[str, Any]:
    """A component as Statuspage gives it."""
    usual = {"id": key, "name": name, "status": "operational", "description": None, "group": False}
    return usual | {"group_id": None} | more


def update(at: str, status: str, body: str, **changes: tuple[str, str]) -> dict[str, Any]:
    """An update; `changes` are the old and the new state of components."""
    affected = [
        {"code": key, "name": key, "old_status": a, "new_status": b} for key, (a, b) in changes.items()
    ]
    return {"id": at, "status": status, "body": body, "display_at": at, "affected_components": affected}


def incident(key: str, *updates: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An incident."""
    usual = {
        "id": key,
        "name": "Web server 4 unreachable",
        "status": "resolved",
        "impact": "critical",
        "started_at": "2026-05-17T02:35:00.000Z",
        "created_at": "2026-05-17T02:40:00.000Z",
        "updated_at": "2026-05-17T02:48:00.000Z",
        "resolved_at": None,
        "components": [component("c1", "Web server 4")],
        "incident_updates": list(updates),
    }
    return usual | more


COMPONENTS = [component("g1", "Hosting", group=True), component("c1", "Web server 4", group_id="g1")]
UPDATES = [
    update(
        "2026-05-17T03:10:00.000Z",
        "resolved",
        "A new disk is in.\n\nSorry.",
        c1=("major_outage", "operational"),
    ),
    update(
        "2026-05-17T02:48:00.000Z", "identified", "A disk has failed.", c1=("partial_outage", "major_outage")
    ),
]


def save(folder: Path, **answers: Any) -> Path:
    """Saves answers in files of a folder."""
    folder.mkdir(exist_ok=True)
    for name, answer in answers.items():
        text = json.dumps({"page": PAGE} | answer)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


def run(site: Site, source: Path, *words: str) -> Result:
    """What the command says."""
    return site.app.test_cli_runner().invoke(args=["status", "import", "statuspage", str(source), *words])


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Our site, without components."""
    return mounted_site(tmp_path, components="")


def test_an_incident_comes_over(site: Site, tmp_path: Path) -> None:
    """Title, times, phases, texts and what became of each component are those of the other page."""
    source = save(
        tmp_path / "saved", incidents={"incidents": [incident("i1", *UPDATES)], "components": COMPONENTS}
    )
    result = run(site, source)
    assert result.exit_code == 0, result.output
    assert (site.folder / "incidents/2026-05-17-web-server-4-unreachable.md").read_text() == (
        "---\ntitle: Web server 4 unreachable\nstarted: 2026-05-16 10:35pm EDT\nimpact: major\n"
        "affects: [web-server-4]\n---\n"
        "Update @ 2026-05-16 10:48pm EDT [identified; affects web-server-4: major]: A disk has failed.\n\n"
        "Update @ 2026-05-16 11:10pm EDT [resolved; affects web-server-4: operational]: A new disk is in.\n\n"
        "Sorry.\n"
    )
    assert (site.folder / "components.yml").read_text() == (
        "- group: Hosting\n  components:\n    - name: Web server 4\n"
    )
    assert "0 new, 0 changed, 1 unchanged, 0 left" in run(site, source).stdout


def test_our_own_answers_come_back_as_our_notes(tmp_path: Path) -> None:
    """What this plugin says in Statuspage's words, and reads again, is the same incident and window."""
    for name in ("first", "second", "saved"):
        (tmp_path / name).mkdir()
    first = mounted_site(tmp_path / "first")
    first.note("incidents/a.md", INCIDENT)
    first.note("maintenance/b.md", WINDOW)
    first.clock.move(5)
    saved = tmp_path / "saved"
    for name in ("summary", "incidents", "scheduled-maintenances"):
        (saved / f"{name}.json").write_bytes(first.client.get(f"/status/api/v2/{name}.json").data)
    second = mounted_site(tmp_path / "second", components="")
    second.clock.move(5)
    assert run(second, saved).exit_code == 0
    second.clock.move(5)
    before, after = first.board(), second.board()
    same = ("title", "phase", "impact", "starts", "ends")
    for part in ("current", "scheduled"):
        assert len(before[part]) == 1
        for ours, theirs in zip(before[part], after[part], strict=True):
            assert {key: ours.get(key) for key in same} == {key: theirs.get(key) for key in same}
            told = [(one["at"], one["phase"], one["text"]) for one in ours["updates"]]
            assert told
            assert [(one["at"], one["phase"], one["text"]) for one in theirs["updates"]][: len(told)] == told


def test_of_two_answers_the_later_counts(site: Site, tmp_path: Path) -> None:
    """An incident in several files is one note."""
    later = incident("i1", *UPDATES, name="Web server 4 was unreachable", updated_at="2026-05-18T00:00:00Z")
    source = save(tmp_path / "saved", a={"incidents": [later]}, b={"incidents": [incident("i1", *UPDATES)]})
    run(site, source)
    assert [file.name for file in (site.folder / "incidents").iterdir()] == [
        "2026-05-17-web-server-4-was-unreachable.md"
    ]


def test_what_is_odd_is_told(site: Site, tmp_path: Path) -> None:
    """An impact, a status or a time that nobody knows is named with what is made of it."""
    odd = incident(
        "i1", update("soon", "resolved", "No time."), update("2026-05-17T02:40:00Z", "lost", "Where?")
    )
    source = save(tmp_path / "saved", a={"incidents": [odd | {"impact": "enormous", "components": None}]})
    result = run(site, source)
    assert result.exit_code == 1
    for words in ("'enormous' is no impact", "'lost' is no status", "An update has no time: No time."):
        assert words in result.stdout
    assert "Where?" in (site.folder / "incidents/2026-05-17-web-server-4-unreachable.md").read_text()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"incidents": []}'])
def test_what_is_no_answer_is_refused(site: Site, tmp_path: Path, text: str) -> None:
    """Whoever saved something else is told what to save."""
    file = tmp_path / "saved.json"
    file.write_text(text)
    result = run(site, file)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "Save " in result.stderr
