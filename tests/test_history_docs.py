"""docs/history.md says what the code does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from status_plugin.core.history.history import DAYS, UPTIME_RULE
from status_plugin.core.monitoring.journal import SIGNATURE, Check, Line, Told, line_text, read_line
from status_plugin.core.monitoring.logbook import Logbook
from status_plugin.core.monitoring.looks import HEARTBEAT
from status_plugin.core.monitoring.sightings import KEPT_FOR, Sighting, SightingKind, Step
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.words import State
from status_plugin.sources.journal import COMPACTED_AFTER, LARGEST
from status_plugin.sources.summary_cache import LOOKS_MISSED
from status_plugin.staff.draft_text import draft_text

DOCS = Path(__file__).parent.parent / "docs"
TEXT = (DOCS / "history.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.replace("\n> ", " ").split())
NOW = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_the_rule_is_the_one_on_the_page() -> None:
    """Documentation and page say the same sentence."""
    assert UPTIME_RULE in WORDS


def test_the_numbers_are_those_of_the_code() -> None:
    """What is said of days, minutes and bytes holds."""
    assert f"its last {DAYS} days" in WORDS
    assert (timedelta(minutes=5), 500) == (HEARTBEAT, COMPACTED_AFTER)
    assert "Every five minutes a line says that looks go on; after 500 of them" in WORDS
    assert LOOKS_MISSED == 3
    assert "three times `STATUS_MONITOR_TTL`" in WORDS
    assert LARGEST == 16 * 1024 * 1024
    assert "Above 16 MiB the older half goes" in WORDS
    assert timedelta(days=30) == KEPT_FOR
    assert "can be drafted, for 30 days" in WORDS


def test_the_journal_that_is_shown_is_one() -> None:
    """Every line of the example is what would be written, and together they tell of an outage."""
    (example,) = blocks("text")
    header, *lines = example.splitlines()
    assert header.startswith(SIGNATURE)
    logbook = Logbook()
    for text in lines:
        line = read_line(text)
        assert line is not None
        assert line_text(line) == text
        logbook.add(line)
    found = logbook.record("srv3", NOW - timedelta(days=1), NOW)
    assert [(f"{span.begin:%H:%M:%S}", span.state) for span in found.spans] == [
        ("22:00:00", State.OPERATIONAL),
        ("22:07:10", State.MAJOR_OUTAGE),
    ]


def test_every_key_is_there() -> None:
    """All that can stand in a line is listed, and nothing else."""
    told = Told(
        state=State.UNKNOWN,
        since=NOW,
        trouble_since=NOW,
        known_until=NOW,
        unreachable=True,
        host=Check(state=State.UNKNOWN, since=NOW),
        checks={"Web": Check(state=State.UNKNOWN, since=NOW)},
    )
    written = line_text(Line(at=NOW, after=NOW, still=NOW, seen={"srv3": told}))
    keys = set(re.findall(r'"(\w+)":', written)) - {"srv3", "Web"}
    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == keys


def test_a_change_is_as_small_as_is_said() -> None:
    """A change of state of a server with three checks takes about 370 bytes."""
    check = Check(state=State.MAJOR_OUTAGE, since=NOW)
    told = Told(
        state=State.MAJOR_OUTAGE,
        since=NOW,
        host=check,
        checks=dict.fromkeys(("Web", "Mail", "Database"), check),
    )
    still = NOW - timedelta(seconds=30)
    line = Line(at=NOW, after=NOW - timedelta(minutes=3), still=still, seen={"srv3": told})
    assert 340 < len(line_text(line)) < 400
    assert "a change of state some 370 bytes with three checks" in WORDS


def test_the_draft_that_is_shown_is_one() -> None:
    """It is what `draft` prints for such an outage."""
    began = datetime(2026, 11, 20, 22, 7, 10, tzinfo=UTC)
    seen = Sighting(
        event="auto-srv3-20261120T220710Z",
        component="srv3",
        kind=SightingKind.TROUBLE,
        began=began,
        state=State.MAJOR_OUTAGE,
        steps=(Step(state=State.MAJOR_OUTAGE, since=began),),
        last_seen=began,
        ended=datetime(2026, 11, 20, 22, 38, tzinfo=UTC),
    )
    inventory = Inventory(components=(Component(slug="srv3", name="Srv3", checks=()),))
    (shown,) = blocks("markdown")
    assert shown == draft_text([seen], inventory, ZoneInfo("America/New_York"), NOW)
    assert seen.event in TEXT


def test_the_pages_are_linked() -> None:
    """Whoever reads the README finds them."""
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert "(docs/history.md)" in readme
    assert "(docs/health.md)" in readme
