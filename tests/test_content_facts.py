"""The company's own notes: the facts of its public notices of 2008 and 2009, in words of our own."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance, Note
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State
from status_plugin.sources.blog_folder import BlogFolder
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.content_with_posts import ContentWithPosts

ROOT = Path(__file__).resolve().parent.parent
EASTERN = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAJOR, MAINTENANCE = State.MAJOR_OUTAGE, State.UNDER_MAINTENANCE
ALL = ("srv3", "ns3", "ns4", "website", "account-management")

# What was said of each crash: it began, it ended, whom it touched. All of it is vague in the notices.
INCIDENTS = {
    "2008-08-07-srv3-motherboard": (
        "August 7, 2008, just after midnight Eastern",
        "August 7, 2008, almost 11am Eastern",
        {"srv3": MAJOR},
    ),
    "2008-08-25-srv3-crash": ("August 25, 2008", "August 25, 2008", {"srv3": MAJOR}),
    "2008-08-29-srv3-crash": ("August 29, 2008", "August 29, 2008", {"srv3": MAJOR}),
    "2008-09-03-srv3-memory": (
        "September 3, 2008, about 6pm Eastern",
        "September 3, 2008",
        {"srv3": MAJOR},
    ),
    "2008-10-15-our-own-site": (
        "October 15, 2008, in the morning",
        "October 15, 2008, in the morning",
        {"website": MAJOR, "ns3": State.PARTIAL_OUTAGE},
    ),
}

# Windows with exact times, in UTC: 4pm to 6pm CDT, 3am CDT for two hours, 1am to 2am EST.
EXACT_WINDOWS = {
    "2008-09-04-srv3-memory-replacement": ("2008-09-04T21:00Z", "2008-09-04T23:00Z"),
    "2009-03-28-back-end-network": ("2009-03-28T08:00Z", "2009-03-28T10:00Z"),
    "2009-11-30-router-upgrade": ("2009-11-30T06:00Z", "2009-11-30T07:00Z"),
}

# Windows of which the notices tell the day alone; "this morning" and "this evening" are in the text.
VAGUE_WINDOWS = {
    "2008-12-04-apache-2-2": ("December 4, 2008", "December 4, 2008"),
    "2009-10-17-server-upgrades": ("October 17, 2009", "October 17, 2009"),
}

# When each was announced, the expected downtime in minutes, an emergency or not, whom it touches.
WINDOWS = {
    "2008-09-04-srv3-memory-replacement": (
        "September 4, 2008, early in the morning",
        30,
        True,
        ("srv3",),
    ),
    "2008-12-04-apache-2-2": ("December 4, 2008", None, False, ("srv3",)),
    "2009-03-28-back-end-network": ("March 17, 2009", 20, False, ("account-management",)),
    "2009-10-17-server-upgrades": ("October 17, 2009", None, False, ("srv3",)),
    "2009-11-30-router-upgrade": ("November 24, 2009", 20, True, ALL),
}


@pytest.fixture(scope="module")
def content() -> Content:
    """Everything in the company's folders of notes and posts, as of now."""
    blog = BlogFolder(ROOT / "blog", address="/blog/{year}/{month}/{slug}/")
    folder = ContentFolder(ROOT / "content", zone=EASTERN)
    return ContentWithPosts(folder, blog, zone=EASTERN).read(NOW)


def note(content: Content, slug: str) -> Note:
    """The note of that slug."""
    return {note.slug: note for note in (*content.incidents, *content.windows)}[slug]


def incident(content: Content, slug: str) -> Incident:
    """The incident of that slug."""
    found = note(content, slug)
    assert isinstance(found, Incident)
    return found


def window(content: Content, slug: str) -> Maintenance:
    """The maintenance window of that slug."""
    found = note(content, slug)
    assert isinstance(found, Maintenance)
    return found


def written(moment: Moment | None) -> str:
    """The text of a moment that must stay vague."""
    assert moment is not None
    assert not moment.exact, f"{moment.written} is more than was ever said"
    return moment.written


def in_utc(moment: Moment | None) -> str:
    """An exact moment in UTC, to the minute."""
    assert moment is not None
    assert moment.exact
    return f"{moment.at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def test_every_note_reads_without_a_problem(content: Content) -> None:
    """Nothing in the folder is withheld, incomplete or even warned about."""
    assert [str(problem) for problem in content.problems] == []
    assert content.withheld == 0
    assert {found.slug for found in content.incidents} == set(INCIDENTS)
    assert {found.slug for found in content.windows} == set(WINDOWS)
    assert len(list((ROOT / "content").rglob("*.md"))) == len(INCIDENTS) + len(WINDOWS)


def test_components(content: Content) -> None:
    """The public servers and services, with what is watched of each; account management is not watched."""
    assert content.inventory is not None
    assert {part.slug: part.checks for part in content.inventory.components} == {
        "srv3": ("Web", "Mail", "Database"),
        "ns3": ("DNS",),
        "ns4": ("DNS",),
        "website": ("Web",),
        "account-management": None,
    }


@pytest.mark.parametrize("slug", INCIDENTS)
def test_incident(content: Content, slug: str) -> None:
    """Beginning and end are as vague as they were told, and each affected component has its state."""
    started, resolved, affects = INCIDENTS[slug]
    found = incident(content, slug)
    assert written(found.started) == started
    assert written(found.resolved) == resolved
    assert dict(found.affects) == affects
    assert found.impact is MAJOR


@pytest.mark.parametrize("slug", EXACT_WINDOWS)
def test_exact_window(content: Content, slug: str) -> None:
    """A window whose hours were announced has exactly these, in the zone that was named."""
    found = window(content, slug)
    assert (in_utc(found.starts), in_utc(found.ends)) == EXACT_WINDOWS[slug]


@pytest.mark.parametrize("slug", VAGUE_WINDOWS)
def test_vague_window(content: Content, slug: str) -> None:
    """Work that was reported afterwards has no hours, and is told to be complete by the notice itself."""
    found = window(content, slug)
    assert (written(found.starts), written(found.ends)) == VAGUE_WINDOWS[slug]
    assert [update.phase for update in found.updates] == [MaintenancePhase.COMPLETED]


@pytest.mark.parametrize("slug", WINDOWS)
def test_announcement(content: Content, slug: str) -> None:
    """When the window was announced, what was expected of it, and whether it was an emergency."""
    announced, minutes, emergency, affects = WINDOWS[slug]
    found = window(content, slug)
    assert written(found.announced) == announced
    longest = found.expected_downtime.longest if found.expected_downtime else None
    assert (longest.total_seconds() / 60 if longest else None) == minutes
    assert found.emergency is emergency
    assert dict(found.affects) == dict.fromkeys(affects, MAINTENANCE)


def test_the_day_of_the_memory_replacement(content: Content) -> None:
    """Three updates of 4 September 2008, as they were given out; nobody wrote that the work was complete."""
    updates = window(content, "2008-09-04-srv3-memory-replacement").updates
    assert [(in_utc(update.at), update.phase) for update in updates] == [
        ("2008-09-04T21:33Z", MaintenancePhase.IN_PROGRESS),
        ("2008-09-04T21:51Z", MaintenancePhase.VERIFYING),
        ("2008-09-04T22:02Z", None),
    ]
    offline, back, clean = (update.since for update in updates)
    assert written(offline) == "about 5:20pm"
    assert offline is not None
    assert offline.at == datetime(2008, 9, 4, 21, 20, tzinfo=UTC)
    assert in_utc(back) == "2008-09-04T21:45Z"
    assert clean is None


@pytest.mark.parametrize("slug", [slug for slug in INCIDENTS if slug < "2008-10"])
def test_what_was_learned_is_dated_as_it_was_published(content: Content, slug: str) -> None:
    """The only public words about the crashes are of days after; no note pretends otherwise."""
    updates = incident(content, slug).updates
    assert [(written(update.at), update.phase) for update in updates] == [
        ("September 5, 2008", IncidentPhase.POSTMORTEM)
    ]


@pytest.mark.parametrize(
    ("slug", "posts"),
    [
        ("2008-08-07-srv3-motherboard", (2,)),
        ("2008-08-25-srv3-crash", (1, 2)),
        ("2008-08-29-srv3-crash", (1, 2)),
        ("2008-09-03-srv3-memory", (1, 2)),
        ("2008-09-04-srv3-memory-replacement", (1, 2)),
    ],
)
def test_articles(content: Content, slug: str, posts: tuple[int, ...]) -> None:
    """Each note about Srv3's bad weeks leads to the articles that tell of it."""
    assert [(post.title, post.url) for post in note(content, slug).posts] == [
        (
            f"Aftermath of a Bad Chip, Part {part}",
            f"/blog/2008/09/aftermath-of-a-bad-chip-part-{part}/",
        )
        for part in posts
    ]


RUN_LENGTH = 8
RUNS_FILE = ROOT / "tests" / "data" / "archive_runs.txt"


def runs(text: str) -> dict[str, str]:
    """Every run of eight words in a row, in small letters without punctuation, by its hash."""
    words = re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))
    found = (" ".join(words[start : start + RUN_LENGTH]) for start in range(len(words) - RUN_LENGTH + 1))
    return {hashlib.blake2b(run.encode(), digest_size=6).hexdigest(): run for run in found}


def test_the_words_are_our_own() -> None:
    """No eight words in a row are those of the notices; their runs are kept as hashes, without the text."""
    theirs = set(RUNS_FILE.read_text(encoding="ascii").split())
    assert len(theirs) == 4501
    heading = "Maintenance Archives | Page 2 of 2 | Pure Energy Systems"
    assert theirs & set(runs(heading)), "the heading of the notices would be found"
    files = [
        *(ROOT / "content").rglob("*.md"),
        *(ROOT / "blog").glob("*.md"),
        ROOT / "content/components.yml",
    ]
    assert len(files) == len(INCIDENTS) + len(WINDOWS) + 2 + 1
    copied = {
        (file.name, run)
        for file in files
        for key, run in runs(file.read_text(encoding="utf-8")).items()
        if key in theirs
    }
    assert copied == set()
