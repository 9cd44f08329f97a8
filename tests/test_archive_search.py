"""Searching the archives: everything public is found, nothing else is, and nothing is kept of it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.core.search.texts import folded_entry
from status_plugin.web import searches
from status_plugin.web.archive_filter import LONGEST, MOST_WORDS

WINDOW = """\
---
title: New memory for Srv3
starts: 2026-12-01 1:00am Eastern
ends: 2026-12-01 2:00am Eastern
affects: [srv3]
---
Srv3 gets its memory.
"""

OLD = """\
---
title: Café mailboxes were slow
started: 2025-03-04 9:00am Eastern
affects: [accounts]
aliases: [first-name]
---
The **Straße** of mail was blocked. <!-- customer Hollerith --> See [the post](https://example.com/Zuse).

Update @ 9:30am Eastern: Half of the queue is gone & done.

Update @ 10:00am Eastern [resolved]: All of it.
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with two incidents and a window."""
    found = mounted_site(tmp_path)
    found.note("incidents/down.md", INCIDENT)
    found.note("incidents/cafe.md", OLD)
    found.note("maintenance/memory.md", WINDOW)
    found.clock.move(1)
    return found


def titles(site: Site, query: str, kind: str = "incidents") -> list[str]:
    """The titles of what a search finds."""
    page = site.client.get(f"/status/{kind}/?{query}").text
    found = re.findall(r'<p class="status-entry-title">(.*?)</p>', page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", title)) for title in found]


def found_words(site: Site, query: str) -> list[str]:
    """The words that stand out."""
    return [unescape(word) for word in re.findall("<mark>(.*?)</mark>", page(site, query))]


def page(site: Site, query: str, kind: str = "incidents") -> str:
    """The page of a search."""
    answer = site.client.get(f"/status/{kind}/?{query}")
    assert answer.status_code == 200
    return answer.text


CLOSED = OLD.replace("aliases: [first-name]\n", "")
CAFE, DOWN = "Café mailboxes were slow", "Srv3 is not responding"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=memory", [DOWN]),
        ("q=MEMORY", [DOWN]),
        ("q=half", [DOWN, CAFE]),
        ("q=half+memory", [DOWN]),
        ("q=half+nowhere", []),
        ("q=cafe", [CAFE]),
        ("q=CAF%C3%89", [CAFE]),
        ("q=cafe%CC%81", [CAFE]),
        ("q=strasse", [CAFE]),
        ("q=box", [CAFE]),
        ("q=%22box%22", []),
        ("q=%22half+of+the+queue%22", [CAFE]),
        ("q=%22half+of+queue%22", []),
        ("q=%E2%80%9Chalf+of+the%E2%80%9D+memory", [DOWN]),
        ("q=%22half+of", [DOWN, CAFE]),
        ("q=gone+done", [CAFE]),
        ("q=first-name", [CAFE]),
        ("q=cafe&year=2025", [CAFE]),
        ("q=cafe&year=2026", []),
        ("year=2025", [CAFE]),
        ("year=2026", [DOWN]),
        ("component=srv3", [DOWN]),
        ("component=accounts&year=2025&q=mail", [CAFE]),
        ("component=accounts&year=2026", []),
        ("q=&component=&year=", [DOWN, CAFE]),
    ],
)
def test_what_is_searched_for_is_found(site: Site, query: str, found: list[str]) -> None:
    """All words must be there, in any case and with any accents, in quotes as they stand, newest first."""
    assert titles(site, query) == found


def test_the_other_archive_is_searched_too(site: Site) -> None:
    """What stands among the windows is not missed by who looks among the incidents, and vice versa."""
    assert '<a href="/status/maintenance/?q=memory">1 maintenance window found as well</a>' in page(
        site, "q=memory"
    )
    assert "1 incident found as well" in page(site, "q=memory", "maintenance")
    assert "found as well" not in page(site, "q=cafe")


def test_the_words_stand_out(site: Site) -> None:
    """The words are marked in the title, or in a piece of the text with the time of its update."""
    assert found_words(site, "q=srv3+memory") == ["Srv3", "memory"]
    excerpt = re.search(r'<p class="status-excerpt">(.*?)</p>', page(site, "q=queue"), re.DOTALL)
    assert excerpt
    assert re.sub(r"<time.*?>|</time>", "", excerpt[1]) == (
        '<span class="status-aside">Tue 4 Mar 2025, 09:30 EST:</span>'
        " Half of the <mark>queue</mark> is gone &amp; done."
    )
    assert "status-excerpt" not in page(site, "q=cafe"), "the title shows it already"


def test_what_was_typed_is_text(site: Site) -> None:
    """Neither a search nor what it finds can put anything into the page but words."""
    site.note("incidents/odd.md", INCIDENT.replace("Srv3 is not", '"<script>alert(1)</script>" is not'))
    site.clock.move(2)
    text = page(site, "q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in text
    assert text.count("&lt;<mark>script</mark>&gt;<mark>alert") == 0
    assert "&lt;<mark>script&gt;alert(1)&lt;/script</mark>&gt;" in text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in text


def test_nothing_found_is_said(site: Site) -> None:
    """An empty result says what was looked for, and leads back to everything."""
    text = " ".join(page(site, "q=nowhere+near&component=srv3&year=2026").split())
    assert (
        "<strong>Nothing found</strong> among the incidents for “nowhere near” that touched Srv3 in 2026."
        in text
    )
    assert "All words must stand in the title or the text of one entry." in text
    assert '<a href="/status/incidents/">All incidents</a>' in text
    assert "2 incidents found" in page(site, "q=half")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("year=1999", "There is nothing of that year here. The years go from 2025 to 2026."),
        ("year=20x", "There is nothing of that year here."),
        ("year=%D9%A2%D9%A0%D9%A2%D9%A5", "There is nothing of that year here."),
        ("year=99999999999999999999", "There is nothing of that year here."),
        ("component=srv99", "No server or service has that name here. Choose one from the list."),
        ("q=%22%22", "There is no word in what you search for."),
        ("q=...", "There is no word in what you search for."),
        ("q=" + "x" * (LONGEST + 1), f"{LONGEST} characters are enough."),
        ("q=" + "+".join(f"a{n}" for n in range(MOST_WORDS + 1)), f"{MOST_WORDS} are enough."),
    ],
)
def test_what_cannot_be_searched_for_gets_a_sentence(site: Site, query: str, sentence: str) -> None:
    """A wish that makes no sense is answered in words and finds nothing."""
    answer = site.client.get(f"/status/incidents/?{query}")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "status-entry" not in answer.text
    assert "found</strong>" not in answer.text


@pytest.mark.parametrize("query", ["q=a&page=0", "q=a&page=x", "q=a&page=2", "year=2025&page=2"])
def test_a_page_that_is_not_there(site: Site, query: str) -> None:
    """A search has no more pages than what it finds."""
    assert site.client.get("/status/incidents/?q=a").status_code == 200
    assert site.client.get(f"/status/incidents/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "q=%ED%A0%80", "q=a&q=b", "q=%22&year=%00", "q=\u200b"]
)
def test_whatever_is_typed_breaks_nothing(site: Site, query: str) -> None:
    """No bytes make a fault."""
    assert site.client.get(f"/status/incidents/?{query}").status_code in (200, 400)


def test_the_pages_of_a_search_lead_to_each_other(site: Site) -> None:
    """What was searched for goes along from page to page, and the form shows it."""
    for number in range(45):
        site.note(f"incidents/n{number}.md", INCIDENT.replace("2026-11-20", f"2024-05-{number % 28 + 1:02}"))
    site.clock.move(2)
    text = unescape(page(site, "q=srv3&component=srv3&year=2024&page=2"))
    assert "45 incidents found" in text
    assert "Page 2 of 3" in text
    assert 'href="/status/incidents/?page=3&q=srv3&component=srv3&year=2024"' in text
    assert 'href="/status/incidents/?page=1&q=srv3&component=srv3&year=2024"' in text
    assert '<option value="srv3" selected>Srv3</option>' in text
    assert "<option selected>2024</option>" in text
    assert len(titles(site, "q=srv3&year=2024&page=3")) == 5


HIDDEN = {
    "draft": INCIDENT.replace("---\n", "---\ndraft: true\n", 1),
    "withheld": INCIDENT.replace("---\n", "---\ndraft: perhaps\n", 1),
    "announced later": INCIDENT.replace("---\n", "---\nannounced: 2026-12-24 6:00pm Eastern\n", 1),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_what_is_not_public_is_never_found(site: Site, how: str) -> None:
    """Drafts, withheld notes and those that are announced later are not there for a search, either."""
    secret = HIDDEN[how].replace("Half of", "Turing has")
    site.note("incidents/secret.md", INCIDENT.replace("Half of", "Turing has"))
    site.clock.move(2)
    assert titles(site, "q=turing") == [DOWN], "it would be found if it were public"
    site.note("incidents/secret.md", secret)
    site.clock.move(2)
    for query in ("q=turing", "q=secret", "year=2026&q=turing", "component=srv3&q=turing"):
        assert titles(site, query) == []


@pytest.mark.parametrize("word", ["hollerith", "customer", "zuse", "https"])
def test_what_nobody_reads_is_never_found(site: Site, word: str) -> None:
    """Comments and addresses behind links stand in the file and on no page."""
    assert titles(site, "q=post") == [CAFE]
    assert titles(site, f"q={word}") == []


def test_what_was_taken_back_is_found_no_more(site: Site) -> None:
    """Words that were taken out of a note, its title or its update are gone at once."""
    assert titles(site, "q=queue") == [CAFE]
    site.note(
        "incidents/cafe.md", OLD.replace("queue", "widget").replace("---\n", "---\nredacted: true\n", 1)
    )
    site.clock.move(2)
    assert titles(site, "q=queue") == []
    assert titles(site, "q=widget") == [CAFE]
    (site.folder / "incidents" / "cafe.md").unlink()
    site.clock.move(2)
    assert titles(site, "q=widget") == []


def test_an_announced_note_is_found_when_its_time_comes(site: Site) -> None:
    """The clock alone makes a note public, and then a search finds it."""
    site.note("incidents/soon.md", HIDDEN["announced later"].replace("Half of", "Turing has"))
    site.clock.move(2)
    assert titles(site, "q=turing") == []
    site.clock.move(35 * 24 * 3600)
    assert titles(site, "q=turing") == [DOWN]


def test_searches_are_kept_nowhere(site: Site) -> None:
    """However much is searched for, nothing of it is kept: not here, not by caches on the way."""
    site.client.get("/status/incidents/")
    shelf = site.app.extensions["status_plugin"].pages._shelves[0][1]
    before = len(shelf)
    for number in range(50):
        answer = site.client.get(f"/status/incidents/?q=word{number}")
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert len(shelf) == before
    assert 'name="robots" content="noindex"' in answer.text
    assert "noindex" not in site.client.get("/status/incidents/").text


def test_a_search_knows_nobody(site: Site) -> None:
    """A search is answered as for a visitor of whom nothing is known, and compressed as any page."""
    answer = site.client.get("/status/incidents/?q=half", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    tag = answer.headers["ETag"]
    again = site.client.get(
        "/status/incidents/?q=half", headers={"Accept-Encoding": "gzip", "If-None-Match": tag}
    )
    assert again.status_code == 304


def test_old_addresses_lead_to_the_note(site: Site) -> None:
    """Who searches for an address that a note once had finds it, by the whole address alone."""
    assert titles(site, "q=first-name") == [CAFE]
    assert titles(site, "q=first-nam") == []


def test_a_component_leads_to_all_that_touched_it(site: Site) -> None:
    """Its page has the way to its whole archive."""
    text = site.client.get("/status/components/srv3/").text
    assert '<a href="/status/incidents/?component=srv3">All incidents of Srv3</a>' in text
    assert titles(site, "component=srv3") == [DOWN]


def test_the_words_of_a_note_are_made_ready_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of any size is read once, and after a change only what has changed."""
    for number in range(30):
        site.note(f"incidents/n{number}.md", CLOSED.replace("2025-03-04", f"2024-05-{number % 28 + 1:02}"))
    site.clock.move(2)
    read: list[str] = []

    def counted(item: Any) -> str:
        read.append(item.slug)
        return folded_entry(item)

    monkeypatch.setattr(searches, "folded_entry", counted)
    for word in ("queue", "queue", "nothing", "half"):
        titles(site, f"q={word}")
    assert len(read) == len(set(read)) == 33
    site.note("incidents/n7.md", CLOSED.replace("queue", "widget"))
    site.clock.move(2)
    read.clear()
    assert titles(site, "q=widget") == [CAFE]
    assert "n7" in read
    assert not {f"n{number}" for number in range(30) if number != 7} & set(read)
