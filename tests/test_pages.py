"""The pages, in every state of the world."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from board_samples import (
    HOSTILE,
    MEMORY_WINDOW,
    NOW,
    OPEN_INCIDENT,
    PAST,
    ROUTER_WINDOW,
    SAMPLES,
    alert,
    at,
    board,
    exact,
    hosting_rows,
    incident,
    row,
    update,
    vague,
    window,
)
from flask import Flask
from jinja2 import StrictUndefined
from sample_site import SampleSettings, SampleStation, sample_app, visitor

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import Life
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State

HEADINGS = ["Current Alerts", "Scheduled Maintenance Windows", "Past Alerts"]

SITE = {
    "base.html": (
        "<!doctype html><html lang='en'><head><title>{% block title %}Site{% endblock %}</title>"
        "{{ status_styles() }}{% block head %}{% endblock %}</head><body><header>{{ status_link() }}</header>"
        "{{ status_notice() }}<main id='site-main'>{% block main %}Home{% endblock %}</main></body></html>"
    ),
    "status/layout.html": (
        '{% extends "base.html" %}{% block main %}{% block content %}{% endblock %}{% endblock %}'
    ),
}


@dataclass(frozen=True)
class Page:
    """A page as a visitor reads it."""

    html: str

    @property
    def root(self) -> Element:
        """The parsed page; whatever is not well-formed is an error."""
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        root: Element = parser.parse(self.html)
        return root

    @property
    def text(self) -> str:
        """The words, with single blanks."""
        return words(self.root.find("body"))

    def all(self, name: str, css: str = "") -> list[Element]:
        """The elements of a name, and of a class."""
        return [e for e in self.root.iter(name) if not css or css in e.get("class", "").split()]

    def section(self, heading: str) -> str:
        """The words under a heading."""
        (found,) = [s for s in self.all("section") if any(words(h) == heading for h in s.iter("h2"))]
        return words(found).removeprefix(heading).strip()


def words(element: Element | None) -> str:
    """The text of an element, with single blanks."""
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def read(shown: Board, root: Path, path: str = "/", status: int = 200, **more: Any) -> Page:
    """What a visitor gets at an address under the prefix."""
    response = visitor(sample_app(shown, root, **more)).get(f"/status{path}")
    assert response.status_code == status
    return Page(html=response.text)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_page_is_sound(name: str, tmp_path: Path) -> None:
    """In every state: well-formed, headings in order, nothing inline, nothing from elsewhere."""
    page = read(SAMPLES[name], tmp_path)
    levels = [int(e.tag[1]) for e in page.root.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    elements = [e for e in page.root.iter() if isinstance(e.tag, str)]
    assert not [e for e in elements if e.tag == "style" or "style" in e.attrib]
    assert not [name for e in elements for name in e.attrib if name.startswith("on")]
    assert [e.get("src", "")[:15] for e in page.all("script")] == ["/status/static/"]
    loaded = [e.get("src") or "" for e in elements if e.tag in ("script", "img")]
    loaded += [e.get("href") or "" for e in elements if e.tag == "link" and e.get("rel") == "stylesheet"]
    assert loaded
    assert all(address.startswith("/status/") for address in loaded)
    ids = [e.get("id") for e in elements if e.get("id")]
    assert len(ids) == len(set(ids))
    assert "Undefined" not in page.text
    assert "None" not in page.text.replace("None known", "").replace("Alerts None", "").replace(
        "Windows None", ""
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_the_three_headings_are_always_there(name: str, tmp_path: Path) -> None:
    """The sections are found under the same words, in the same order, whatever happens."""
    headings = [words(e) for e in read(SAMPLES[name], tmp_path).all("h2")]
    assert [heading for heading in headings if heading in HEADINGS] == HEADINGS


@pytest.mark.parametrize("name", SAMPLES)
def test_every_time_can_be_read_by_programs(name: str, tmp_path: Path) -> None:
    """No time is without its day, and an exact one has its offset."""
    times = read(SAMPLES[name], tmp_path).all("time")
    assert times or name in ("empty",)
    for element in times:
        moment = datetime.fromisoformat(element.get("datetime", ""))
        assert "T" not in element.get("datetime", "") or moment.tzinfo is not None


def test_nothing_to_tell_is_told(tmp_path: Path) -> None:
    """An empty list says "None"."""
    page = read(board(), tmp_path)
    assert [page.section(h).split(" All ")[0] for h in HEADINGS] == ["None", "None", "None"]


@pytest.mark.parametrize(
    "shown",
    [
        board(gaps=("1 note cannot be shown at the moment",)),
        board(rows=hosting_rows(State.UNKNOWN)),
        board(rows=hosting_rows(Web=State.UNKNOWN)),
        board(State.UNKNOWN, "Status unknown"),
    ],
)
def test_an_empty_list_proves_nothing_while_anything_is_unknown(shown: Board, tmp_path: Path) -> None:
    """With a withheld note or a silent check an empty list says "None known"."""
    page = read(shown, tmp_path)
    assert [page.section(h).split(" All ")[0] for h in HEADINGS] == ["None known"] * 3


def test_the_first_line_tells_state_and_age(tmp_path: Path) -> None:
    """The answer comes first: sentence, state and the time of the facts, in the HTML itself."""
    page = read(SAMPLES["outage"], tmp_path)
    (line,) = page.all("div", "status-overall")
    assert words(line) == "Srv3 is offline; 1 other has problems Offline as of 17:51 EDT, Thu 4 Sep 2008"
    assert "as of 17:51 EDT" in page.html
    assert words(page.root.find("head/title")) == "Srv3 is offline; 1 other has problems – Network Status"


def test_without_facts_the_first_line_says_so(tmp_path: Path) -> None:
    """A silent monitoring system is named, with since when."""
    (line,) = read(SAMPLES["all unknown"], tmp_path).all("div", "status-overall")
    assert "Unknown no current facts from our monitoring since 17:20 EDT" in words(line)
    assert "as of" not in words(line)


def test_what_is_not_monitored_is_never_called_operational(tmp_path: Path) -> None:
    """Where nothing is watched, no news is told as no news."""
    page = read(SAMPLES["not monitored"], tmp_path)
    (line,) = page.all("div", "status-overall")
    assert words(line) == (
        "No problems reported Not monitored what our staff has written, as of 17:52 EDT, Thu 4 Sep 2008"
    )
    assert "Operational" not in page.text
    assert page.text.count("No problem reported (not monitored)") == 2
    assert not page.all("tr", "status-tone-operational")


def test_the_table_tells_every_server_and_check_in_words_and_shapes(tmp_path: Path) -> None:
    """Which server, which check, in what state, since when: in words, each with its own shape."""
    page = read(SAMPLES["every state"], tmp_path)
    rows = [words(e) for e in page.all("tr")[2:]]
    since = "Mon 1 Sep, 02:10 EDT"
    assert rows[:9] == [
        f"c0 Overall Operational {since}",
        f"Web Operational {since}",
        f"Mail Operational {since}",
        f"c1 Overall Under maintenance {since}",
        f"Web Under maintenance {since}",
        f"Mail Operational {since}",
        f"c2 Overall Unknown {since}",
        f"Web Unknown {since}",
        f"Mail Operational {since}",
    ]
    for word in ("Slow", "Partly offline", "Offline"):
        assert f"Web {word} {since}" in rows
    drawings = {
        words(cell): cell.find(".//{*}path").get("d")  # type: ignore[union-attr]
        for cell in page.all("td", "status-state")
        if len(words(cell).split()) < 3
    }
    assert len(drawings) == len(set(drawings.values())) == 6


def test_what_is_watched_less_says_so(tmp_path: Path) -> None:
    """Reachability alone, and staff's word alone, are called that."""
    rows = [words(e) for e in read(SAMPLES["every state"], tmp_path).all("tr")]
    assert "reachable Reachability only Operational Our monitoring sees it slow. Mon 1 Sep, 02:10 EDT" in rows
    assert "unwatched Staff reports only No problem reported (not monitored) –not known" in rows
    assert "unwatched and down Staff reports only Offline Mon 1 Sep, 02:10 EDT" in rows


def test_the_table_is_a_table_for_everybody(tmp_path: Path) -> None:
    """Screen readers get a caption, headers with scopes, and cells that span what they say."""
    page = read(SAMPLES["calm"], tmp_path)
    (table,) = page.all("table")
    assert table.find("caption") is not None
    assert all(e.get("scope") for e in table.iter("th"))
    servers = page.all("th", "status-server")
    assert [(words(e).split()[0], e.get("rowspan")) for e in servers][:3] == [
        ("Srv3", "4"),
        ("Srv9", "4"),
        ("ns3", "2"),
    ]
    groups = [words(e) for e in page.all("tr", "status-group")]
    assert groups == ["Shared Linux hosting", "Name servers", "Our own site"]


def test_an_open_incident_shows_its_newest_word_at_once(tmp_path: Path) -> None:
    """The newest update is in plain view, older ones behind it, and the promised next word is told."""
    page = read(SAMPLES["outage"], tmp_path)
    item = page.all("article")[0]
    (older,) = item.iter("details")
    assert "17:45 EDT Only half of the memory is seen after a restart." in words(item)
    assert "Only half" not in words(older)
    assert words(older).startswith("2 earlier updates 17:31 EDT Srv3 does not answer")
    assert "Next update promised for 18:30 EDT." in words(item)
    assert "Our monitoring has seen this since 17:20 EDT." in words(item)
    assert "Affected Srv3 Offline ns3 Slow" in words(item)


def test_a_long_story_is_told_on_its_own_page(tmp_path: Path) -> None:
    """An entry shows a few of its updates however many there are, and leads to the page that has all."""
    updates = tuple(update(f"17:{minute:02}", f"Word {minute}.") for minute in range(49, 29, -1))
    shown = board(current=(incident(updates=updates),))
    page = read(shown, tmp_path)
    (older,) = page.all("details")
    assert re.findall(r"Word \d+", words(page.all("article")[0])) == [f"Word {n}" for n in range(49, 43, -1)]
    assert words(older).startswith("19 earlier updates 17:48 EDT Word 48.")
    link = next(e for e in older.iter("a") if "earlier" in words(e))
    assert words(link) == "14 earlier updates of Srv3 is not responding"
    assert link.get("href") == "/status/incidents/2008-09-04-srv3/#status-updates"
    note = read(shown, tmp_path, "/incidents/2008-09-04-srv3/")
    assert note.all("section")[0].get("aria-labelledby") == "status-updates"
    assert len(re.findall(r"Word \d+", note.text)) == 20


def test_what_staff_owe_and_got_wrong_is_told(tmp_path: Path) -> None:
    """An overdue word, a time ahead of the clock, a note half read and a version kept: each is said."""
    text = read(SAMPLES["overdue"], tmp_path).section("Current Alerts")
    assert "The update promised for 17:30 EDT is overdue." in text
    assert "18:20 EDT This time lies ahead of our clock." in text
    assert "Details incomplete" in text
    assert "Last readable version: the file has been unreadable since 17:10 EDT." in text


def test_what_cannot_be_shown_is_told(tmp_path: Path) -> None:
    """Visitors learn what is missing, on the page and in the archives."""
    gaps = ("Part of the list of our servers cannot be read", "3 notes cannot be shown at the moment")
    shown = board(gaps=gaps)
    (line,) = read(shown, tmp_path).all("div", "status-overall")
    assert all(f"{gap}." in words(line) for gap in gaps)
    archive = visitor(sample_app(shown, tmp_path)).get("/status/incidents/").text
    assert all(f"{gap}." in archive for gap in gaps)


def test_an_earlier_list_of_servers_says_so(tmp_path: Path) -> None:
    """A list that stands in for one with a mistake is marked, with the time since when."""
    sentence = (
        "This is an earlier version of the list: its file has not been readable in full since 17:40 EDT."
    )
    assert sentence in read(SAMPLES["list kept"], tmp_path).section("Servers and Services")
    assert "an earlier version" not in read(SAMPLES["calm"], tmp_path).section("Servers and Services")


def test_withheld_notes_are_told_once(tmp_path: Path) -> None:
    """Where the first line is about them already, it is not said twice."""
    (line,) = read(SAMPLES["withheld"], tmp_path).all("div", "status-overall")
    assert words(line).count("cannot be shown at the moment") == 1


def test_a_window_tells_when_how_long_and_for_whom(tmp_path: Path) -> None:
    """Window, expected downtime, servers and kind are separate facts; over midnight both days are named."""
    text = read(SAMPLES["calm"], tmp_path).section("Scheduled Maintenance Windows")
    assert "Planned maintenance Scheduled" in text
    assert "Window Sat 13 Sep 2008, 23:30 EDT to Sun 14 Sep 2008, 01:00 EDT (1 h 30 min)" in text
    assert "Expected downtime 15-20 min" in text
    assert "Affected Srv3 Srv9 ns3" in text
    assert "The public network goes offline while the routers are upgraded. web mail" in text


def test_an_emergency_window_under_way_is_told(tmp_path: Path) -> None:
    """Emergency, where it stands, what was confirmed, and vague times as they were written."""
    text = read(SAMPLES["memory"], tmp_path).section("Current Alerts")
    assert "Emergency maintenance Verifying" in text
    assert "Window Thu 4 Sep 2008, 17:00 to 19:00 EDT (2 h)" in text
    assert "17:51 EDT since 17:45 EDT Srv3 is up and serves requests." in text
    assert "Began about 5:20pm (Thu 4 Sep 2008, EDT)" in text
    assert "Announced September 4, 2008" in text


def test_a_windows_life_is_told(tmp_path: Path) -> None:
    """What the clock makes of a window is said in its own words."""
    page = read(SAMPLES["windows"], tmp_path)
    text = page.section("Current Alerts")
    for word in ("Due, start not confirmed", "In progress", "Longer than planned", "End not confirmed"):
        assert word in text
    ahead = page.section("Scheduled Maintenance Windows")
    assert "Window Sep 9, in the evening, end not known" in ahead
    assert "Window not known" in ahead
    assert "Affected All servers and services" in ahead


def test_what_nobody_wrote_about_has_a_place(tmp_path: Path) -> None:
    """An automatic alert stands on the page under its own name, and says that nobody wrote about it yet."""
    page = read(SAMPLES["alert"], tmp_path)
    (item,) = page.all("article")
    assert item.get("id") == "auto-ns3-20080904T214800Z"
    assert "Seen by our monitoring" in words(item)
    assert "Nobody has written about it yet." in words(item)


def test_the_past_is_told_in_short(tmp_path: Path) -> None:
    """Each entry: what, when, how long, how it ended; nothing there looks like trouble of now."""
    page = read(SAMPLES["calm"], tmp_path)
    entries = [words(e) for e in page.all("li", "status-entry")]
    assert entries == [
        "Srv3 crashed and came back with half of its memory Was offline"
        " September 3, 2008, about 6pm Eastern to September 3, 2008 Post-mortem",
        "ns4 is slow Was slow Thu 4 Sep 2008, 17:48 to 17:50 EDT (2 min)"
        " Seen by our monitoring, no note written",
        "Srv3 crashed under high load Was partly offline Mon 1 Sep 2008, 10:00 to 11:12 EDT (1 h 12 min)"
        " Resolved",
        "Upgrade of the mail software Maintenance Mon 1 Sep 2008, 23:00 EDT to Tue 2 Sep 2008, 01:00 EDT"
        " Ended as scheduled, not confirmed",
        "Exchange of a power supply Maintenance Thu 4 Sep 2008, 17:00 to 19:00 EDT Cancelled",
    ]
    assert all("status-over" in e.get("class", "") for e in page.all("li", "status-entry"))


def test_the_page_says_whom_to_tell_and_where_its_copy_is(tmp_path: Path) -> None:
    """What the site set is on every page; what it did not set leaves no empty words."""
    settings = SampleSettings(contact_url="/contact/?a=1&b=2", copy_url="", which_server_url="")
    page = read(SAMPLES["calm"], tmp_path / "a")
    assert "https://copy.example.net/status/" in page.text
    assert "Which server am I on?" in page.text
    less = read(SAMPLES["calm"], tmp_path / "b", settings=settings)
    assert "Tell us about it." in less.text
    assert "/contact/?a=1&b=2" in [e.get("href") for e in less.all("a")]
    assert "copy of this page" not in less.text
    assert "Which server" not in less.text
    bare = read(SAMPLES["calm"], tmp_path / "c", settings=replace(settings, contact_url=""))
    assert "not shown here" not in bare.text


@pytest.mark.parametrize("name", ["calm", "outage", "memory"])
def test_no_link_is_dead(name: str, tmp_path: Path) -> None:
    """Every address on the pages, and on the pages behind them, leads to a page and to a place on it."""
    client = visitor(sample_app(SAMPLES[name], tmp_path))
    seen: dict[str, Page] = {}
    places: set[tuple[str, str]] = set()
    ahead = ["/status/"]
    while ahead:
        address = ahead.pop()
        response = client.get(address)
        assert response.status_code == 200, address
        if response.mimetype != "text/html":
            continue
        seen[address] = Page(html=response.text)
        for link in seen[address].all("a"):
            path, _, anchor = (link.get("href") or "").partition("#")
            if path.startswith("/status/") and path not in seen and path not in ahead:
                ahead.append(path)
            if anchor:
                places.add((path or address, anchor))
    assert len(seen) > 8
    assert places
    there = {(address, e.get("id")) for address, page in seen.items() for e in page.root.iter()}
    assert places <= there


def test_what_people_wrote_is_text(tmp_path: Path) -> None:
    """Whatever stands in a note, a name or a label, no browser runs it."""
    for path in ("/", "/incidents/hostile/", "/incidents/", "/components/x/"):
        page = read(SAMPLES["hostile"], tmp_path, path)
        assert len(page.all("script")) == 1, path
        assert not page.all("b"), path
        assert "<script>alert(1)</script>" in page.text or path == "/incidents/hostile/"
        assert HOSTILE.split("<b")[0] in page.text


def test_an_incidents_page_tells_everything(tmp_path: Path) -> None:
    """All updates in full view, each with its own address, and the blog posts about it."""
    page = read(SAMPLES["outage"], tmp_path, "/incidents/2008-09-04-srv3/")
    updates = [e for e in page.all("li") if (e.get("id") or "").startswith("update-")]
    assert [e.get("id") for e in updates] == [
        "update-20080904T214500Z",
        "update-20080904T213100Z",
        "update-20080904T212200Z",
    ]
    assert words(updates[0]) == (
        "Thu 4 Sep 2008, 17:45 EDT Identified Offline Srv3 Offline ns3 Slow"
        " Only half of the memory is seen after a restart."
    )
    assert words(page.root.find("head/title")) == "Srv3 is not responding – Network Status"
    old = read(SAMPLES["calm"], tmp_path, "/incidents/2008-09-03-srv3-memory/")
    assert ("/blog/bad-chip-1/", "Aftermath of a Bad Chip, Part 1") in [
        (e.get("href"), words(e)) for e in old.all("a")
    ]
    assert "Was offline" in old.text


def test_a_windows_page_tells_everything(tmp_path: Path) -> None:
    """The window's facts and updates stand on its own page."""
    text = read(SAMPLES["memory"], tmp_path, "/maintenance/2008-09-04-srv3-memory/").text
    assert "Emergency maintenance Verifying" in text
    assert "Expected downtime under 30 min" in text
    assert "Thu 4 Sep 2008, 17:33 EDT In progress since about 5:20pm (Thu 4 Sep 2008, EDT)" in text


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (exact("17:50"), "Ended Thu 4 Sep 2008, 17:50 EDT (after 1 h 12 min)"),
        (None, "Full report due Sep 11"),
    ],
)
def test_how_an_incident_ended(ended: Moment | None, told: str, tmp_path: Path) -> None:
    """The end, the length, and the report that is still owed."""
    over = incident(
        "x",
        phase=IncidentPhase.RESOLVED,
        started=exact("16:38"),
        ended=ended,
        postmortem_due=vague("Sep 11", "00:00", day=11),
    )
    shown = board(past=(over,))
    assert told in read(shown, tmp_path, "/incidents/x/").text


def test_a_cancelled_window_says_when(tmp_path: Path) -> None:
    """Work that will not happen is called off, not called done."""
    text = read(SAMPLES["calm"], tmp_path, "/maintenance/2008-09-02-cancelled/").text
    assert "Cancelled Tue 2 Sep 2008, 09:00 EDT" in text
    assert "(after" not in text


def test_a_components_page_tells_its_state_and_its_notes(tmp_path: Path) -> None:
    """State, where it comes from, checks, and what was written about this component alone."""
    station = SampleStation(shown=SAMPLES["memory"])
    older = incident("older", "Older trouble", phase=IncidentPhase.RESOLVED, started=exact("10:00", day=1))
    station.add(older, incident("foreign", "Foreign trouble", affects={"ns3": State.MAJOR_OUTAGE}))
    page = read(SAMPLES["memory"], tmp_path, "/components/srv3/", station=station)
    (line,) = page.all("div", "status-overall")
    assert words(line) == (
        "Under maintenance since 17:20 EDT Watched by our monitoring. As of 17:51 EDT, Thu 4 Sep 2008."
    )
    assert [words(e) for e in page.all("tr")[1:4]] == [
        "Web Operational 17:20 EDT",
        "Mail Slow 17:20 EDT",
        "Database Operational 17:20 EDT",
    ]
    assert "Memory replacement in Srv3" in page.section("Current Alerts")
    assert "Router upgrade" in page.section("Scheduled Maintenance Windows")
    past = [words(e) for e in page.all("p", "status-entry-title")]
    assert "Older trouble" in past
    assert "Memory replacement in Srv3" not in past
    assert "Foreign trouble" not in page.text


def test_a_components_page_keeps_what_only_monitoring_saw(tmp_path: Path) -> None:
    """An alert that has passed is there also when newer entries have pushed it off the front page."""
    over = alert("auto-ns3-1", "ns3 was offline", ended=at("17:50"))
    others = alert("auto-srv3-1", "Srv3 was slow", ended=at("17:50"), affects={"srv3": State.MAJOR_OUTAGE})
    shown = board(current=(alert(),), alerts=(alert(), over, others))
    page = read(shown, tmp_path, "/components/ns3/")
    assert [words(e) for e in page.all("p", "status-entry-title")] == ["ns3 was offline"]


def test_a_component_that_nobody_watches_says_so(tmp_path: Path) -> None:
    """Staff's word is called staff's word."""
    text = read(SAMPLES["calm"], tmp_path, "/components/account-management/").text
    assert "Not monitored: this is what our staff has written." in text


def many_incidents(count: int) -> list[Any]:
    """A long archive."""
    return [
        incident(
            f"old-{n}",
            f"Old trouble {n}",
            phase=IncidentPhase.RESOLVED,
            started=Moment(at=NOW - timedelta(days=n), written=""),
            ended=Moment(at=NOW - timedelta(days=n, hours=-1), written=""),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (41, 3)])
def test_the_archive_has_pages(count: int, pages: int, tmp_path: Path) -> None:
    """Every note is in the archive, once, and each page says which it is."""
    client = visitor(sample_app(board(), tmp_path, more=many_incidents(count)))
    titles = []
    for number in range(1, pages + 1):
        page = Page(html=client.get(f"/status/incidents/?page={number}").text)
        titles += [words(e) for e in page.all("p", "status-entry-title")]
        assert (f"Page {number} of {pages}" in page.text) == (pages > 1)
        links = {words(e): e.get("href") for e in page.all("a")}
        assert links.get("Newer") == (f"/status/incidents/?page={number - 1}" if number > 1 else None)
        assert links.get("Older") == (f"/status/incidents/?page={number + 1}" if number < pages else None)
    assert titles == [f"Old trouble {n}" for n in range(count)]
    assert client.get(f"/status/incidents/?page={pages + 1}").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1.0", "01", "+1", "٣", "9" * 30, "1 "])
def test_a_page_number_that_is_none_leads_nowhere(number: str, tmp_path: Path) -> None:
    """A number that no link of ours has is not found, and nothing breaks."""
    client = visitor(sample_app(board(), tmp_path))
    for kind in ("incidents", "maintenance"):
        assert client.get(f"/status/{kind}/", query_string={"page": number}).status_code == 404
        assert client.get(f"/status/{kind}/", query_string={"page": "1"}).status_code == 200


def test_past_alerts_are_among_the_incidents_for_good(tmp_path: Path) -> None:
    """What nobody wrote about leaves the page with time, and never the archive."""
    past = [
        alert(f"auto-ns3-{n}", f"ns3 was offline, {n}", ended=at("17:50"), started=at("17:48", day=n + 1))
        for n in range(3)
    ]
    shown = board(past=(past[2],), alerts=(past[2], past[1], past[0]))
    client = visitor(
        sample_app(shown, tmp_path, more=[incident("mid", "Between", started=exact("10:00", day=2))])
    )
    page = Page(html=client.get("/status/incidents/").text)
    titles = [words(e) for e in page.all("p", "status-entry-title")]
    assert titles == ["ns3 was offline, 2", "ns3 was offline, 1", "Between", "ns3 was offline, 0"]
    assert page.text.count("Seen by our monitoring, no note written") == 3
    assert "ns3 was offline" not in client.get("/status/maintenance/").text


def test_a_components_past_is_whole(tmp_path: Path) -> None:
    """Neither many windows ahead nor a note of the other kind with the same name push anything out of it."""
    ahead = [
        window(f"ahead-{n}", f"Ahead {n}", starts=exact("01:00", day=n + 10), ends=exact("02:00", day=n + 10))
        for n in range(12)
    ]
    done = window(
        "done",
        "Done long ago",
        life=Life.COMPLETED,
        phase=MaintenancePhase.COMPLETED,
        starts=exact("01:00", day=1),
        ends=exact("02:00", day=1),
    )
    twin = incident(
        "ahead-1",
        "Another of the name",
        phase=IncidentPhase.RESOLVED,
        started=exact("01:00", day=2),
        ended=exact("02:00", day=2),
    )
    seen = alert("auto-srv3-1", "Srv3 was offline", affects={"srv3": State.MAJOR_OUTAGE}, ended=at("17:50"))
    shown = board(scheduled=tuple(ahead), alerts=(seen,))
    client = visitor(sample_app(shown, tmp_path, more=[done, twin]))
    past = Page(html=client.get("/status/components/srv3/").text).section("Past Alerts")
    for title in ("Done long ago", "Another of the name", "Srv3 was offline"):
        assert title in past
    assert "Ahead" not in past


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    """There is a page also when there is no note."""
    assert "Maintenance Windows None" in read(board(), tmp_path, "/maintenance/").text


def test_an_old_address_leads_to_the_present_one(tmp_path: Path) -> None:
    """A renamed note is still found."""
    station = SampleStation(shown=SAMPLES["outage"])
    item = station.notes["incident", "2008-09-04-srv3"]
    station.add(replace(item, note=replace(item.note, aliases=("srv3",))))
    client = visitor(sample_app(SAMPLES["outage"], tmp_path, station=station))
    response = client.get("/status/incidents/srv3/")
    assert (response.status_code, response.location) == (301, "/status/incidents/2008-09-04-srv3/")
    assert client.get("/status/maintenance/srv3/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/incidents/none/", "/maintenance/none/", "/components/none/", "/static/none.css", "/a/b/c",
     "/incidents/%3Cscript%3E/"],
)  # fmt: skip
def test_an_address_with_nothing_behind_it_is_told_in_the_layout(path: str, tmp_path: Path) -> None:
    """Whoever is lost under the prefix finds the way back."""
    page = read(SAMPLES["calm"], tmp_path, path, status=404)
    assert "Not found" in page.text
    assert "/status/" in [e.get("href") for e in page.all("a")]
    assert len(page.all("script")) == 1


def test_addresses_without_their_last_slash_lead_on(tmp_path: Path) -> None:
    """The slash that people leave out is put back."""
    client = visitor(sample_app(SAMPLES["outage"], tmp_path))
    for path in (
        "/status",
        "/status/incidents",
        "/status/incidents/2008-09-04-srv3",
        "/status/components/srv3",
    ):
        assert client.get(path, follow_redirects=True).status_code == 200, path


def test_the_sites_own_addresses_are_its_own(tmp_path: Path) -> None:
    """Outside the prefix the plugin answers for nothing."""
    response = visitor(sample_app(SAMPLES["calm"], tmp_path)).get("/nothing")
    assert response.status_code == 404
    assert "Network Status" not in response.text


def site_with_home(shown: Board, root: Path, **more: Any) -> Flask:
    """The site, with a front page that carries the notice and the link."""
    app = sample_app(shown, root, templates=SITE, **more)
    app.add_url_rule("/", "home", lambda: app.jinja_env.get_template("base.html").render())
    return app


def test_the_pages_stand_in_the_sites_layout(tmp_path: Path) -> None:
    """A bridge file puts every page into the site's frame, without a second frame inside."""
    client = visitor(site_with_home(SAMPLES["outage"], tmp_path))
    paths = ["/", "/incidents/", "/incidents/2008-09-04-srv3/", "/components/srv3/", "/nothing"]
    for path in paths:
        page = Page(html=client.get(f"/status{path}").text)
        (main,) = page.all("main")
        assert main.get("id") == "site-main"
        assert [e.get("class") for e in main] == ["status-plugin"]
        assert words(page.root.find("head/title")) != "Site"
        assert any("status.css" in (e.get("href") or "") for e in page.all("link"))
        assert len(page.all("header")) == 1
        assert not page.all("footer")


def test_the_pages_stand_in_strict_templates(tmp_path: Path) -> None:
    """A site that forbids undefined names in its templates can have the pages, too."""
    for name, shown in SAMPLES.items():
        app = sample_app(shown, tmp_path)
        app.jinja_env.undefined = StrictUndefined
        client = visitor(app)
        assert client.get("/status/").status_code == 200, name
        for item in (*shown.current, *shown.past):
            if hasattr(item, "note"):
                kind = "incidents" if hasattr(item, "impact") else "maintenance"
                assert client.get(f"/status/{kind}/{item.slug}/").status_code == 200, item.slug
        assert client.get("/status/incidents/").status_code == 200
        assert client.get("/status/nothing").status_code == 404


def faults(app: Flask) -> list[str]:
    """What visitors get at every address while something is broken."""
    client = visitor(app)
    paths = [
        "/status/",
        "/status/incidents/",
        "/status/components/srv3/",
        "/status/incidents/2008-09-04-srv3/",
    ]
    answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [503] * len(paths)
    assert client.get("/").status_code == 200
    return [answer.text for answer in answers]


@pytest.mark.parametrize("broken", ["status/layout.html", "status/_head.html"])
def test_a_broken_template_never_says_that_all_is_well(broken: str, tmp_path: Path) -> None:
    """When a page cannot be made, visitors learn that the page has a fault and where else to look."""
    app = site_with_home(SAMPLES["calm"], tmp_path)
    (tmp_path / "templates" / broken).write_text("{{ 1 / 0 }}", encoding="utf-8")
    for text in faults(app):
        page = Page(html=text)
        assert "The status page has a fault" in page.text
        assert "we do not know" in page.text
        assert "perational" not in text
        links = [e.get("href") for e in page.all("a")]
        assert links == ["https://copy.example.net/status/", "/contact/"]
    assert visitor(app).get("/status/nothing").status_code == 503


class BrokenStation:
    """A station whose every word is an error."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"{name}: private-host-7 is not here")


def test_a_broken_station_is_told_and_kept_private(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Staff find the fault in the log, visitors find none of it on the page."""
    app = site_with_home(SAMPLES["calm"], tmp_path, station=BrokenStation())
    assert all("private-host-7" not in text for text in faults(app))
    assert "private-host-7" in caplog.text
    response = visitor(app).get("/status/")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_fault_is_told_even_without_settings(tmp_path: Path) -> None:
    """The last resort needs nothing of the plugin."""
    app = sample_app(SAMPLES["calm"], tmp_path)
    del app.extensions["status_plugin"]
    response = visitor(app).get("/status/")
    assert response.status_code == 503
    assert "we do not know" in response.text


def test_the_style_sheet_is_kept_for_good_under_its_own_name(tmp_path: Path) -> None:
    """A browser asks once; when the file changes, so does its address."""
    client = visitor(sample_app(SAMPLES["calm"], tmp_path))
    page = Page(html=client.get("/status/").text)
    addresses = [e.get("href") or "" for e in page.all("link") if e.get("rel") == "stylesheet"] + [
        e.get("src") or "" for e in page.all("script")
    ]
    assert len(addresses) == 2
    for address in addresses:
        response = client.get(address)
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
        for other in (address.partition("?")[0], f"{address}0"):
            assert client.get(other).headers["Cache-Control"] == "public, no-cache"


def test_the_style_sheet_touches_nothing_of_the_site() -> None:
    """Every rule begins at one of the plugin's own elements."""
    sheet = files("status_plugin").joinpath("static", "status.css").read_text()
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    preludes = [part.strip() for part in re.findall(r"[^{}]+(?=\{)", bare)]
    selectors = [
        selector.strip()
        for prelude in preludes
        if not prelude.startswith("@")
        for selector in re.split(r",(?![^(]*\))", prelude)
    ]
    rooted = re.compile(
        r"\.status-(plugin|notice|link|body)\b|:is\(\.status-plugin( \*)?, \.status-notice, \.status-link\)"
    )
    assert len(selectors) > 100
    assert not [selector for selector in selectors if not rooted.match(selector)]
    assert "url(" not in bare
    assert "@import" not in bare
    assert "!important" not in bare


def test_a_page_of_many_servers_stays_small(tmp_path: Path) -> None:
    """Sixty servers with three checks each are few bytes on the wire."""
    client = visitor(sample_app(SAMPLES["many"], tmp_path))
    response = client.get("/status/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) < 12_000


def test_the_samples_are_what_they_say() -> None:
    """The boards of these tests hold what the tests look for."""
    assert MEMORY_WINDOW.life is Life.IN_PROGRESS
    assert ROUTER_WINDOW.phase is MaintenancePhase.SCHEDULED
    assert OPEN_INCIDENT.updates[0].update.at.at < NOW
    assert len(PAST) == 5
    assert at("17:00") + timedelta(minutes=52) == NOW
    assert update("17:00", "x").update.anchor == "update-20080904T210000Z"
    assert alert().ended is None
    assert row("x").seen is State.OPERATIONAL
    assert window().life is Life.SCHEDULED
