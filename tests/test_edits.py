"""No silent edits, with real git: marks, notes that are taken away, and what git can do to a history."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cache_servers import eventually
from flask.testing import FlaskClient
from mounted_site import Site, mounted_site
from notes_repository import COMPONENTS, INCIDENT, WINDOW, NotesRepository, notes_repository
from test_privacy_of_sources import everything_logged

from status_plugin.sources.note_history import NoteHistory, note_pasts

pytestmark = pytest.mark.system("git")

UPDATED = INCIDENT + "\nUpdate @ 6:40pm Eastern [identified]: Half of its memory is gone.\n"
CHANGED = UPDATED.replace("Half of its memory", "All of its memory")
MARK = "edited <time"
SRV3 = "/status/incidents/srv3/"

# The site's clock is at 18:45 Eastern on 20 November 2026.
SIX = "2026-11-20 18:00:00 -0500"
SIX_NINE = "2026-11-20 18:09:00 -0500"
HALF_PAST_SIX = "2026-11-20 18:30:00 -0500"
SIX_FORTY = "2026-11-20 18:40:00 -0500"


@pytest.fixture
def notes(tmp_path: Path) -> NotesRepository:
    """A site with its notes in a repository."""
    return notes_repository(tmp_path / "site")


def again(site: Site, address: str = SRV3) -> Any:
    """What is at an address after the folder has been looked at again."""
    site.clock.move(1.1)
    return site.client.get(address)


def comes(site: Site, holds: Callable[[Any], bool], otherwise: str, address: str = SRV3) -> Any:
    """The answer at an address as soon as something holds of it."""
    answers: list[Any] = []

    def is_so() -> bool:
        answers.append(again(site, address))
        return holds(answers[-1])

    eventually(is_so, otherwise)
    return answers[-1]


def restarted(notes: NotesRepository, **settings: Any) -> Site:
    """The site after a restart, with the same folder."""
    return mounted_site(notes.top, components=COMPONENTS, **settings)


def edit(story: Any, anchor: str = "update-20261120T234000Z") -> Any:
    """The mark in an entry of board.json, of an update or of the note itself."""
    if not anchor:
        return story["edited"]
    return next(update["edited"] for update in story["updates"] if update["id"] == anchor)


def current(site: Site) -> Any:
    """The one entry among the current alerts."""
    (entry,) = site.board()["current"]
    return entry


def test_an_edit_is_marked_everywhere(notes: NotesRepository) -> None:
    """The page, the incident's page and board.json tell that the words were changed, and when."""
    notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
    comes(notes.site, lambda page: "Half of its memory" in page.text, "the note is there")
    feed = notes.site.client.get("/status/feed.json").json
    notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
    page = comes(notes.site, lambda page: MARK in page.text, "the mark comes")
    at = 'datetime="2026-11-20T18:30:00-05:00"'
    assert f"{MARK} {at}>Fri 20 Nov 2026, 18:30 EST</time> (wording)" in page.text
    assert MARK in notes.site.client.get("/status/").text
    assert edit(current(notes.site)) == {"at": "2026-11-20T18:30:00-05:00", "kinds": ["wording"]}
    assert edit(current(notes.site), "") is None
    api = notes.site.client.get("/status/api/v2/incidents.json").json["incidents"][0]
    assert api["incident_updates"][0]["updated_at"] == "2026-11-20T18:40:00.000-05:00"
    after = notes.site.client.get("/status/feed.json").json
    assert [item["id"] for item in after["items"]] == [item["id"] for item in feed["items"]]


def test_an_edit_makes_a_feeds_entry_younger_and_not_another(notes: NotesRepository) -> None:
    """Readers of feeds may show the new words, and nobody is alerted again."""
    notes.commit({"incidents/srv3.md": UPDATED}, at="2026-11-20 18:40:00 -0500")
    notes.site.clock.move(3600)
    comes(notes.site, lambda page: "Half of its memory" in page.text, "the note is there")
    before = notes.site.client.get("/status/feed.json").json["items"]
    notes.commit({"incidents/srv3.md": CHANGED}, at="2026-11-20 19:20:00 -0500")
    comes(notes.site, lambda page: MARK in page.text, "the mark comes")
    after = notes.site.client.get("/status/feed.json").json["items"]
    assert [item["id"] for item in after] == [item["id"] for item in before]
    assert [item["date_published"] for item in after] == [item["date_published"] for item in before]
    assert [item.get("date_modified") for item in after] == ["2026-11-20T19:20:00-05:00", None]
    atom = notes.site.client.get("/status/feed.atom").text
    assert "<updated>2026-11-20T19:20:00-05:00</updated>" in atom
    api = notes.site.client.get("/status/api/v2/incidents.json").json["incidents"][0]
    assert api["incident_updates"][0]["updated_at"] == "2026-11-20T19:20:00.000-05:00"
    assert api["updated_at"] == "2026-11-20T19:20:00.000-05:00"


def test_the_notes_own_facts_are_marked(notes: NotesRepository) -> None:
    """A changed title or window stands among the facts as edited."""
    notes.commit({"maintenance/srv9.md": WINDOW}, at=SIX)
    moved = WINDOW.replace("4:00pm", "5:00pm").replace("More memory", "New memory")
    notes.commit({"maintenance/srv9.md": moved}, at=HALF_PAST_SIX)
    page = comes(
        notes.site, lambda page: "Edited" in page.text, "the mark comes", "/status/maintenance/srv9/"
    )
    assert "<dt>Edited</dt>" in page.text
    assert "(title, times)" in page.text


def test_ten_minutes_are_for_corrections(notes: NotesRepository) -> None:
    """What was corrected nine minutes after the first word needs no mark."""
    notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
    notes.commit({"incidents/srv3.md": CHANGED}, at=SIX_NINE)
    assert MARK not in restarted(notes).client.get(SRV3).text
    notes.commit({"incidents/srv3.md": UPDATED}, at=HALF_PAST_SIX)
    assert MARK in restarted(notes).client.get(SRV3).text


def test_a_restart_takes_no_mark_away(notes: NotesRepository) -> None:
    """The very first answer of a fresh process has the mark, and an ETag that stays."""
    notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
    notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
    first, second = restarted(notes).client.get(SRV3), restarted(notes).client.get(SRV3)
    assert MARK in first.text
    assert first.headers["ETag"] == second.headers["ETag"]


def test_a_mark_makes_another_edition(notes: NotesRepository) -> None:
    """Browsers and caches learn of a mark although the file did not change when it came."""
    notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
    before = comes(notes.site, lambda page: page.status_code == 200, "the note is there")
    notes.site.note("incidents/srv3.md", CHANGED)
    unmarked = comes(notes.site, lambda page: "All of its" in page.text, "the new words come")
    assert MARK not in unmarked.text, "what is not committed has no mark"
    notes.commit(at=HALF_PAST_SIX)
    marked = comes(notes.site, lambda page: MARK in page.text, "the commit alone brings the mark")
    assert len({answer.headers["ETag"] for answer in (before, unmarked, marked)}) == 3


def test_redacted_drops_every_mark(notes: NotesRepository) -> None:
    """Where words had to go, nothing draws attention to them."""
    notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
    secret = CHANGED.replace("impact: major", "impact: minor")
    notes.commit({"incidents/srv3.md": secret}, at=HALF_PAST_SIX)
    site = restarted(notes)
    assert MARK in site.client.get(SRV3).text
    assert "<dt>Edited" in site.client.get(SRV3).text
    notes.commit({"incidents/srv3.md": secret.replace("title:", "redacted: true\ntitle:")}, at=SIX_FORTY)
    page = comes(site, lambda page: MARK not in page.text, "the marks go")
    assert "<dt>Edited" not in page.text
    entry = current(site)
    assert (entry["edited"], edit(entry)) == (None, None)


@pytest.mark.parametrize("hidden", ["draft: true", "announced: 2026-11-20 6:50pm Eastern"])
def test_what_happened_before_the_publication_is_nobodys_business(
    notes: NotesRepository, hidden: str
) -> None:
    """Versions of a draft, or of a note that waits for its time, are no published words."""
    for step, words in enumerate(("Half", "A third", "None", "All")):
        text = UPDATED.replace("Half of its", f"{words} of its").replace("title:", f"{hidden}\ntitle:")
        notes.commit({"incidents/srv3.md": text}, at=f"2026-11-20 1{step}:00:00 -0500")
    site = restarted(notes)
    assert site.client.get(SRV3).status_code == 404
    notes.commit({"incidents/srv3.md": CHANGED}, at=SIX)
    page = comes(site, lambda page: page.status_code == 200, "it is public")
    assert MARK not in page.text
    notes.commit({"incidents/srv3.md": CHANGED.replace("All", "Most")}, at=HALF_PAST_SIX)
    comes(site, lambda page: MARK in page.text, "from now on it is")


def test_a_note_that_is_changed_after_its_announcement_is_marked(notes: NotesRepository) -> None:
    """The ten minutes begin when the clock makes the note public, not with the commit."""
    text = "announced: 2026-11-20 6:30pm Eastern\ntitle:"
    notes.commit({"incidents/srv3.md": UPDATED.replace("title:", text)}, at=SIX)
    notes.commit({"incidents/srv3.md": CHANGED.replace("title:", text)}, at="2026-11-20 18:39:00 -0500")
    assert MARK not in restarted(notes).client.get(SRV3).text
    notes.commit({"incidents/srv3.md": UPDATED.replace("title:", text)}, at="2026-11-20 18:41:00 -0500")
    assert MARK in restarted(notes).client.get(SRV3).text


class TestTakenAway:
    """Notes that were public and are no longer there."""

    def test_a_deleted_note_is_gone_and_says_no_more(self, notes: NotesRepository) -> None:
        """Its address answers 410 without its title, and no list has it."""
        notes.commit({"incidents/srv3.md": UPDATED, "maintenance/srv9.md": WINDOW}, at=SIX)
        site = restarted(notes)
        assert site.client.get(SRV3).status_code == 200
        notes.commit({"incidents/srv3.md": None, "maintenance/srv9.md": None}, at=HALF_PAST_SIX)
        page = comes(site, lambda page: page.status_code == 410, "it is gone")
        assert "taken away" in page.text
        assert "not responding" not in page.text
        assert page.headers["Cache-Control"] == "no-cache"
        for address in ("/status/maintenance/srv9/", "/status/maintenance/srv9/window.ics"):
            assert site.client.get(address).status_code == 410
        told = "".join(site.client.get(address).text for address in everything(site))
        assert "Srv3 is not responding" not in told
        assert "More memory" not in told
        assert restarted(notes).client.get(SRV3).status_code == 410

    def test_a_file_that_is_deleted_and_not_committed_is_gone_at_once(self, notes: NotesRepository) -> None:
        """Deleting takes effect at once, whatever git knows."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        site = restarted(notes)
        (site.folder / "incidents/srv3.md").unlink()
        assert comes(site, lambda page: page.status_code != 200, "it is gone").status_code == 410

    def test_what_never_was_public_is_not_found(self, notes: NotesRepository) -> None:
        """A draft, a note that was to be announced, and a name that nobody has used look the same."""
        draft = UPDATED.replace("title:", "draft: true\ntitle:")
        later = UPDATED.replace("title:", "announced: 2027-01-01 8am Eastern\ntitle:")
        notes.commit({"incidents/srv3.md": draft, "incidents/later.md": later}, at=SIX)
        notes.commit({"incidents/srv3.md": None, "incidents/later.md": None}, at=HALF_PAST_SIX)
        notes.commit({"incidents/other.md": UPDATED}, at=SIX_FORTY)
        notes.commit({"incidents/other.md": None}, at=SIX_FORTY)
        site = restarted(notes)
        assert site.client.get("/status/incidents/other/").status_code == 410, "gone is told where it is so"
        found = [site.client.get(f"/status/incidents/{name}/") for name in ("srv3", "later", "nobody")]
        assert [answer.status_code for answer in found] == [404, 404, 404]
        assert site.client.get("/status/maintenance/other/").status_code == 404, "a window is no incident"

    def test_a_note_that_is_a_draft_again_is_gone(self, notes: NotesRepository) -> None:
        """Who was there finds that it was taken away, and who comes back finds it again, marked."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.commit({"incidents/srv3.md": UPDATED.replace("title:", "draft: true\ntitle:")}, at=SIX_NINE)
        assert restarted(notes).client.get(SRV3).status_code == 410
        notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
        page = restarted(notes).client.get(SRV3)
        assert (page.status_code, MARK in page.text) == (200, True)

    def test_a_note_that_comes_back_is_marked_by_what_changed_meanwhile(self, notes: NotesRepository) -> None:
        """Nobody gets rid of a mark by deleting a file and adding it again."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.commit({"incidents/srv3.md": None}, at=SIX_NINE)
        site = restarted(notes)
        assert site.client.get(SRV3).status_code == 410
        notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
        comes(site, lambda page: MARK in page.text, "the mark comes")
        assert MARK in restarted(notes).client.get(SRV3).text

    def test_a_note_that_cannot_be_shown_is_not_gone(self, notes: NotesRepository) -> None:
        """A typing mistake is no reason to say that a note was taken away."""
        notes.commit({"incidents/srv3.md": UPDATED, "incidents/other.md": UPDATED}, at=SIX)
        notes.commit(
            {"incidents/srv3.md": UPDATED.removeprefix("---\n"), "incidents/other.md": None}, at=SIX_NINE
        )
        site = restarted(notes)
        assert site.client.get("/status/incidents/other/").status_code == 410
        assert site.client.get(SRV3).status_code == 404

    def test_nothing_is_gone_while_the_folder_cannot_be_listed(self, notes: NotesRepository) -> None:
        """A folder that is lost has not been emptied."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        (notes.site.folder / "incidents").rename(notes.site.folder / "elsewhere")
        (notes.site.folder / "incidents").write_text("a file", encoding="utf-8")
        assert restarted(notes).client.get(SRV3).status_code == 404

    def test_an_alias_leads_on_and_is_gone_with_its_note(self, notes: NotesRepository) -> None:
        """Whatever address a note ever had is answered as its own is."""
        aliased = UPDATED.replace("title:", "aliases: [older]\ntitle:")
        notes.commit({"incidents/srv3.md": aliased}, at=SIX)
        site = restarted(notes)
        assert site.client.get("/status/incidents/older/").location == SRV3
        notes.commit({"incidents/srv3.md": None}, at=HALF_PAST_SIX)
        comes(site, lambda page: page.status_code == 410, "it is gone", "/status/incidents/older/")


class TestHistories:
    """What git can do to a history, and where it may be missing."""

    def test_a_new_name_of_the_file_keeps_the_note(self, notes: NotesRepository) -> None:
        """Marks stay, the old address leads on, and what is changed under the new name is marked."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.commit({"incidents/srv3.md": None, "incidents/memory.md": CHANGED}, at=HALF_PAST_SIX)
        site = restarted(notes)
        moved = site.client.get(SRV3)
        assert (moved.status_code, moved.location) == (301, "/status/incidents/memory/")
        assert MARK in site.client.get("/status/incidents/memory/").text
        notes.commit({"incidents/memory.md": None}, at=SIX_FORTY)
        comes(site, lambda page: page.status_code == 410, "both are gone")

    def test_a_note_made_from_another_ones_file_is_another_note(self, notes: NotesRepository) -> None:
        """Last month's window as a pattern for the next does not become an edit of it."""
        notes.commit({"maintenance/old.md": WINDOW}, at=SIX)
        other = (
            WINDOW.replace("More memory for", "A new disk in")
            .replace("12-04", "12-11")
            .replace("gets", "has")
        )
        notes.commit({"maintenance/old.md": None, "maintenance/new.md": other}, at=HALF_PAST_SIX)
        site = restarted(notes)
        page = site.client.get("/status/maintenance/new/")
        assert (page.status_code, "<dt>Edited" in page.text) == (200, False)
        assert site.client.get("/status/maintenance/old/").status_code == 410

    def test_a_merge_publishes_what_it_brings(self, notes: NotesRepository) -> None:
        """What was tried out on a branch was never public; the merge is one change of one time."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.git("switch", "--quiet", "--create", "draft")
        notes.commit({"incidents/srv3.md": UPDATED.replace("Half", "A quarter")}, at=SIX_NINE)
        notes.commit({"incidents/srv3.md": CHANGED, "incidents/new.md": UPDATED}, at=SIX_NINE)
        notes.git("switch", "--quiet", "main")
        notes.git("merge", "--quiet", "--no-ff", "--message", "Merge", "draft", at=HALF_PAST_SIX)
        site = restarted(notes)
        assert 'edited <time datetime="2026-11-20T18:30:00-05:00">' in site.client.get(SRV3).text
        assert MARK not in site.client.get("/status/incidents/new/").text

    def test_a_rewritten_history_is_read_anew(self, notes: NotesRepository) -> None:
        """After a forced push the marks follow from what is there now."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
        site = restarted(notes)
        assert MARK in site.client.get(SRV3).text
        notes.git("reset", "--quiet", "--soft", "HEAD~2")
        notes.commit(at=SIX_FORTY)
        comes(site, lambda page: MARK not in page.text, "the mark goes with the history")
        notes.git("reset", "--quiet", "--hard", "HEAD~1")
        comes(site, lambda page: page.status_code == 404, "a step back is followed as well")

    def test_a_shallow_clone_marks_what_it_knows(self, notes: NotesRepository, tmp_path: Path) -> None:
        """What is beyond the oldest commit at hand was public before it, and nothing is invented."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
        clone = tmp_path / "clone"
        notes.git("clone", "--quiet", "--depth", "1", notes.top.as_uri(), str(clone))
        site = mounted_site(clone, components=COMPONENTS)
        assert MARK not in site.client.get(SRV3).text
        site.note("incidents/srv3.md", CHANGED.replace("All", "Most"))
        notes.git("commit", "--quiet", "--all", "--message", "x", folder=clone, at=SIX_FORTY)
        comes(site, lambda page: MARK in page.text, "what is changed now is marked")
        notes.git("fetch", "--quiet", "--unshallow", folder=clone)
        known = "2026-11-20T18:40:00-05:00"
        comes(site, lambda page: known in page.text, "the whole history tells the same")

    def test_worktrees_and_submodules_are_checkouts(self, notes: NotesRepository, tmp_path: Path) -> None:
        """Where git keeps its files elsewhere the marks are the same."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
        worktree, outer = tmp_path / "worktree", tmp_path / "outer"
        notes.git("worktree", "add", "--quiet", str(worktree), "-b", "other")
        outer.mkdir()
        notes.git("init", "--quiet", folder=outer)
        local = ("-c", "protocol.file.allow=always")
        notes.git(*local, "submodule", "--quiet", "add", str(notes.top), "inner", folder=outer)
        for top in (worktree, outer / "inner"):
            site = mounted_site(top, components=COMPONENTS)
            assert MARK in site.client.get(SRV3).text
            site.note("incidents/srv3.md", UPDATED)
            notes.git("commit", "--quiet", "--all", "--message", "x", folder=top, at=SIX_FORTY)
            comes(site, lambda page: '2026-11-20T18:40:00-05:00">Fri' in page.text, "a commit is noticed")

    @pytest.mark.parametrize("how", ["no git", "no checkout", "no commit", "not trusted", "broken"])
    def test_without_a_history_all_is_as_ever(
        self,
        notes: NotesRepository,
        how: str,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """No mark, no error, a deleted note is not found; a refusal that somebody can mend is a warning."""
        notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
        notes.commit({"incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
        assert MARK in restarted(notes).client.get(SRV3).text
        if how == "no git":
            monkeypatch.setenv("PATH", str(notes.top / "nothing"))
        elif how == "no checkout":
            (notes.top / ".git").rename(notes.top.parent / "away")
        elif how == "no commit":
            shutil.rmtree(notes.top / ".git")
            notes.git("init", "--quiet")
        elif how == "not trusted":
            monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        else:
            (notes.top / ".git" / "HEAD").write_text("nonsense", encoding="utf-8")
        site = restarted(notes)
        page = site.client.get(SRV3)
        assert (page.status_code, MARK in page.text) == (200, False)
        told = [record.levelname for record in caplog.records if "history of the" in record.getMessage()]
        assert told == (["WARNING"] if how == "not trusted" else [])
        (site.folder / "incidents/srv3.md").unlink()
        gone = comes(site, lambda page: page.status_code != 200, "it is gone")
        assert gone.status_code == 404
        assert "it may have moved or been taken away" in gone.text


@pytest.mark.parametrize("seed", range(2))
def test_what_is_read_bit_by_bit_is_what_is_read_at_once(notes: NotesRepository, seed: int) -> None:
    """A process that has followed every commit tells the same as one that was just started."""
    chance = random.Random(seed)
    zone, folder = ZoneInfo("America/New_York"), notes.site.folder
    inventory = notes.site.app.extensions["status_plugin"].station.open().inventory
    history = NoteHistory(folder, zone=zone)
    marks = gone = 0
    for step in range(25):
        there = sorted((folder / "incidents").glob("*.md"))
        name = f"n{chance.randrange(4)}"
        text = UPDATED.replace("Half", chance.choice(["Half", "All", "None"]))
        text = text.replace(
            "title:", f"{chance.choice(['', '', 'draft: true', 'announced: 2026-11-20 20:00'])}\ntitle:"
        )
        text = text.replace("Srv3 is", f"{name} is") + chance.choice(["", "\nUpdate @ 7:00pm: More.\n"])
        match chance.choice(["write", "write", "write", "delete", "rename", "back"]):
            case "delete" if there:
                chance.choice(there).unlink()
            case "rename" if there:
                chance.choice(there).rename(folder / "incidents" / f"{name}-{step % 3}.md")
            case "back" if step > 3:
                notes.git("reset", "--quiet", "--hard", "HEAD~2")
            case _:
                notes.site.note(f"incidents/{name}.md", text)
        notes.commit(at=f"2026-11-20 {step:02d}:00:00 -0500" if step < 24 else "2026-11-21 00:00:00 -0500")
        followed, fresh = history.read(inventory), note_pasts(folder, zone, inventory)
        assert followed == fresh
        marks += any(
            past.edit or any(u.edit for u in past.updates.values()) for past in fresh.by_path.values()
        )
        gone += len(fresh.once_public) > len(fresh.by_path)
    assert marks > 3
    assert gone > 3


def everything(site: Site) -> list[str]:
    """Every address that the site answers, with the notes of these tests in it."""
    found = set()
    for rule in site.app.url_map.iter_rules():
        for slug in ("srv3", "srv9", "memory") if rule.arguments else ("",):
            if "GET" in (rule.methods or ()) and rule.arguments <= {"slug"}:
                found.add(rule.rule.replace("<slug>", slug))
    assert {"/status/", SRV3, "/status/feed.atom", "/status/board.json", "/status/maintenance.ics"} <= found
    return sorted(found)


def test_former_words_are_nowhere(notes: NotesRepository, tmp_path: Path) -> None:
    """What was taken out is on no page, in no format, no log and no cache, and neither is who did it."""
    cache = tmp_path / "cache"
    planted = UPDATED.replace("is gone", "is gone, says zzsecret").replace(
        "title: Srv3", "title: zzsecret Srv3"
    )
    window = WINDOW.replace("gets more", "zzsecret gets more")
    notes.commit({"incidents/srv3.md": planted, "maintenance/srv9.md": window}, at=SIX)
    with everything_logged() as told:
        site = restarted(notes, STATUS_CACHE={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(cache)})
        assert "zzsecret" in site.client.get(SRV3).text, "it was public"
        notes.commit({"incidents/srv3.md": UPDATED, "maintenance/srv9.md": WINDOW}, at=HALF_PAST_SIX)
        comes(site, lambda page: MARK in page.text and "zzsecret" not in page.text, "the words go")
        told.clear()
        answers = [site.client.get(address) for address in everything(site)]
        notes.commit({"incidents/srv3.md": None}, at=SIX_FORTY)
        comes(site, lambda page: page.status_code == 410, "the note goes")
        answers += [site.client.get(address) for address in everything(site)]
    told += [f"{answer.headers}{answer.get_data(as_text=True)}" for answer in answers]
    told += [file.read_bytes().decode("latin-1") for file in cache.rglob("*") if file.is_file()]
    text = "\n".join(told)
    assert "edited <time" in text
    assert "zzsecret" not in text
    commits = notes.git("log", "--format=%H").split()
    assert not [word for word in ("staff@example.com", "A change of notes", *commits) if word in text]


def test_git_is_asked_once_for_each_commit(
    notes: NotesRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes for whatever is new, none for a visitor, and none for a change that is not committed."""
    real = shutil.which("git")
    asked = tmp_path / "asked"
    asked.touch()
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {asked}\nexec {real} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    files: dict[str, str | None] = {f"incidents/n{number}.md": UPDATED for number in range(20)}
    notes.commit({**files, "incidents/srv3.md": UPDATED}, at=SIX)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")

    def calls() -> int:
        count = len(asked.read_text().splitlines())
        asked.write_text("", encoding="utf-8")
        return count

    site = restarted(notes)
    assert calls() == 2
    for _ in range(20):
        assert again(site).status_code == 200
    site.note("incidents/srv3.md", CHANGED.replace("All", "Most"))
    comes(site, lambda page: "Most of" in page.text, "the change is there")
    assert calls() == 0
    monkeypatch.setenv("PATH", os.environ["PATH"].partition(os.pathsep)[2])
    notes.commit({**dict.fromkeys(files, CHANGED), "incidents/srv3.md": CHANGED}, at=HALF_PAST_SIX)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    comes(site, lambda page: MARK in page.text, "the marks are there")
    assert MARK in again(site, "/status/incidents/n19/").text
    assert calls() == 2


def test_a_long_history_outlasts_a_restart_in_the_shared_cache(
    notes: NotesRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where git takes longer than a start may, the first answer has the marks that were known before."""
    notes.commit({"incidents/srv3.md": UPDATED, "incidents/other.md": UPDATED}, at=SIX)
    notes.commit({"incidents/srv3.md": CHANGED, "incidents/other.md": None}, at=HALF_PAST_SIX)
    commits = notes.git("log", "--format=%H").split()
    cache, gate = tmp_path / "cache", tmp_path / "gate"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    waits = f"n=0; until [ -e {gate} ] || [ $n -gt 600 ]; do sleep 0.05; n=$((n+1)); done"
    wrapper.write_text(f'#!/bin/sh\n{waits}\nexec {shutil.which("git")} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("status_plugin.sources.content_with_edits.AT_THE_START", 0.05)
    shared = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(cache)}
    site = restarted(notes, STATUS_CACHE=shared)
    assert MARK not in site.client.get(SRV3).text, "nobody waits for git"
    gate.touch()
    comes(site, lambda page: MARK in page.text, "the mark comes")

    def kept() -> str:
        return "".join(file.read_bytes().decode("latin-1") for file in cache.rglob("*") if file.is_file())

    eventually(lambda: "wording" in kept(), "the marks are kept")
    assert not [word for word in ("Half of", "Staff", "A change", *commits) if word in kept()]
    gate.unlink()
    site = restarted(notes, STATUS_CACHE=shared)
    assert MARK in site.client.get(SRV3).text
    assert site.client.get("/status/incidents/other/").status_code == 410
    gate.touch()
    notes.commit({"incidents/srv3.md": CHANGED.replace("All", "Most")}, at=SIX_FORTY)
    comes(site, lambda page: '2026-11-20T18:40:00-05:00">Fri' in page.text, "what is read anew counts")


def test_random_addresses_cost_nothing(notes: NotesRepository) -> None:
    """Who tries names makes nothing grow, and is told the same for each."""
    site = notes.site
    client: FlaskClient = site.client
    pages = {client.get(f"/status/incidents/{number}/").get_data() for number in range(300)}
    assert len(pages) == 1
    state = site.app.extensions["status_plugin"]
    assert sum(len(shelf) for _, shelf in state.pages._shelves) == 0


@pytest.mark.parametrize("fast", [False, True])
def test_a_note_that_is_taken_away_is_repeated_by_nobody(notes: NotesRepository, fast: bool) -> None:
    """In front of the application, too, nothing keeps the last answer of a note that is gone."""
    notes.commit({"incidents/srv3.md": UPDATED}, at=SIX)
    site = restarted(notes, STATUS_FAST_PATH=fast)
    assert comes(site, lambda page: page.status_code == 200, "it is there").headers["ETag"]
    notes.commit({"incidents/srv3.md": None}, at=HALF_PAST_SIX)
    page = again(site)
    assert (page.status_code, "not responding" in page.text) == (410, False)
