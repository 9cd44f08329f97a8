"""Announcements in words: the state first, then what customers notice, with times, promise and address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mounted_site import mounted_site
from notes_repository import COMPONENTS, IDENTIFIED, INCIDENT, RESOLVED, WINDOW

from status_plugin.core.board.news import News, NoteItem, Origin, news_of
from status_plugin.web.addresses import complete_address, site_address
from status_plugin.web.announcements import Announcement, AnnouncementWriter
from status_plugin.web.facts import Facts
from status_plugin.web.prose import Prose
from status_plugin.web.state import EXTENSION_KEY
from status_plugin.web.times import Times

COPY = "When this site cannot be reached, a copy of its status page is at https://status.example.net/"


def written(
    root: Path, path: str, text: str, *numbers: int, base: str = "https://www.example.com/", **settings: Any
) -> Announcement:
    """What is told of a note: the opening (0) and updates, or all of its words."""
    site = mounted_site(
        root, components=COMPONENTS, STATUS_COPY_URL="https://status.example.net/", **settings
    )
    site.note("incidents/ns3.md", INCIDENT.replace("Srv3", "ns3").replace("srv3", "ns3"))
    site.note(path, text)
    site.clock.move(2)
    state = site.app.extensions[EXTENSION_KEY]
    edition = state.station.renew()
    now, zone = edition.board.now, state.settings.timezone
    items: list[NoteItem] = [item for notes in edition.notes.values() for item in notes.values()]
    item = next(item for item in items if item.note.path == path)
    words = [news for news in news_of(item, now, zone) if news.origin is Origin.WORD]
    told = [news for news in words if not numbers or _number(news) in numbers]
    with site.app.test_request_context(base_url=base):
        writer = AnnouncementWriter(
            prose=Prose(edition=edition, site=site_address()),
            facts=Facts(times=Times(zone=zone, now=now), rows=edition.board.rows),
            copy=complete_address(state.settings.copy_url),
        )
        return writer.write(told)


def _number(news: News) -> int:
    return news.update.update.number if news.update else 0


def test_an_opening_says_what_customers_notice(tmp_path: Path) -> None:
    """The writer's text first, then the facts, where to read on, and where to look when the site is down."""
    said = written(tmp_path, "incidents/srv3.md", INCIDENT)
    assert said.title == "Investigating: Srv3 is not responding"
    assert said.text.splitlines() == [
        "Web, mail and databases on Srv3 do not answer.",
        "",
        "Began: Fri 20 Nov 2026, 18:00 EST",
        "Affected: Srv3 (offline)",
        "",
        "https://www.example.com/status/incidents/srv3/",
        "",
        COPY,
    ]
    assert said.tone == "failure"


def test_an_update_says_what_is_new_and_when_the_next_word_comes(tmp_path: Path) -> None:
    """Not the whole story once more; the promise is the one that holds."""
    said = written(tmp_path, "incidents/srv3.md", INCIDENT + IDENTIFIED, 1)
    assert said.title == "Identified: Srv3 is not responding"
    assert said.text.splitlines() == [
        "Fri 20 Nov 2026, 18:40 EST, Identified",
        "Half of its memory is gone.",
        "",
        "Began: Fri 20 Nov 2026, 18:00 EST",
        "Affected: Srv3 (offline)",
        "Next update: Fri 20 Nov 2026, 19:30 EST",
        "",
        "https://www.example.com/status/incidents/srv3/",
        "",
        COPY,
    ]


def test_an_end_says_when_and_promises_nothing(tmp_path: Path) -> None:
    """What was promised before is kept by it."""
    said = written(tmp_path, "incidents/srv3.md", INCIDENT + IDENTIFIED + RESOLVED, 2)
    assert said.title == "Resolved: Srv3 is not responding"
    assert "Ended: Fri 20 Nov 2026, 18:42 EST" in said.text
    assert "Affected: Srv3 (was offline)" in said.text
    assert "Next update" not in said.text + said.last
    assert said.tone == "success"


def test_whoever_hears_of_it_late_hears_the_latest_word(tmp_path: Path) -> None:
    """An opening that is told alone comes with how it stands by now."""
    said = written(tmp_path, "incidents/srv3.md", INCIDENT + IDENTIFIED, 0)
    assert "do not answer." in said.text
    assert "Half of its memory is gone." in said.text
    assert said.title == "Identified: Srv3 is not responding"


def test_a_window_says_when_and_how_long(tmp_path: Path) -> None:
    """Window and expected downtime are two facts; an emergency is called one."""
    said = written(tmp_path, "maintenance/mem.md", WINDOW)
    assert said.title == "Planned maintenance: More memory for Srv9"
    assert "Window: Fri 4 Dec 2026, 16:00 to 18:00 EST" in said.text
    assert "Expected downtime: 15-20 min" in said.text
    assert said.tone == "info"
    soon = WINDOW.replace("affects:", "emergency: true\naffects:")
    assert (
        written(tmp_path, "maintenance/mem.md", soon).title == "Emergency maintenance: More memory for Srv9"
    )


def test_markdown_is_words_in_text_and_safe_in_html(tmp_path: Path) -> None:
    """Links are complete; nothing that is written becomes more than text."""
    text = INCIDENT.replace(
        "do not answer.", "do [not](/why/) answer <script>alert(1)</script>. See [[incident:ns3]]."
    ).replace("Srv3 is not", "Srv3 <b>is</b> not")
    said = written(tmp_path, "incidents/srv3.md", text)
    assert "Srv3 <b>is</b> not" in said.title
    assert "See ns3 is not responding." in said.text
    assert '<a href="https://www.example.com/why/"' in said.html
    assert 'href="https://www.example.com/status/incidents/ns3/"' in said.html
    assert "<script" not in said.html
    assert "<strong>Srv3</strong>" in said.html
    assert '<a href="https://status.example.net/">https://status.example.net/</a>' in said.html


def test_the_site_may_lie_below_another_address(tmp_path: Path) -> None:
    """The path of STATUS_SITE_URL stands in every address."""
    said = written(tmp_path, "incidents/srv3.md", INCIDENT, base="https://example.org/shop/")
    assert "https://example.org/shop/status/incidents/srv3/" in said.text


def test_a_short_message_has_the_word_the_promise_and_the_address(tmp_path: Path) -> None:
    """Whatever has to be cut, the address is whole."""
    said = written(tmp_path, "incidents/srv3.md", INCIDENT + IDENTIFIED, 1)
    whole = (
        "Half of its memory is gone.\nNext update: Fri 20 Nov 2026, 19:30 EST\n"
        "https://www.example.com/status/incidents/srv3/"
    )
    assert said.short(500) == whole
    assert said.short(len(whole)) == whole
    assert said.short(len(whole) - 1).startswith("Half of its memory is …\n")
    for limit in range(90, len(whole)):
        assert len(said.short(limit)) <= limit
        assert said.short(limit).endswith("https://www.example.com/status/incidents/srv3/")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ("\nUpdate @ 6:30pm Eastern: Still looking.\n", "Update"),
        (
            "\nUpdate @ 6:20pm Eastern [resolved]: Back.\n\nUpdate @ 6:30pm Eastern [monitoring]: No.\n",
            "Reopened",
        ),
        (
            "\nUpdate @ 6:20pm Eastern [resolved]: Back.\n\nUpdate @ 6:30pm Eastern: It was a fuse.\n",
            "Resolved",
        ),
    ],
)
def test_the_title_says_how_it_stands(tmp_path: Path, more: str, word: str) -> None:
    """The latest thing that happened, but never that something goes on which is over."""
    said = written(tmp_path, "incidents/srv3.md", INCIDENT + more)
    assert said.title == f"{word}: Srv3 is not responding"
