"""The calendars: every program reads the same windows, and knows which state of them is newer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from board_samples import HOSTILE, SAMPLES, board, window
from icalendar import Calendar, Component
from mounted_site import Site, mounted_site
from sample_site import sample_app, visitor
from system_parts import FOREIGN, NPM

from status_plugin.web.calendars import PAST_WINDOWS

ADDRESS = "/status/maintenance.ics"

WINDOW = """\
---
title: More memory for Srv3
starts: 2026-12-04 4:00pm EST
ends: 6:00pm EST
expected_downtime: 15-20 min
affects: srv3
---
Srv3 is **switched off** and gets more memory, at last; so be it.
"""
PATH = "maintenance/srv3-memory.md"
LONG = "Replacement of every power supply in the racks of our servers, ünd \\ more; see below, please " * 2


def publish(site: Site, text: str, path: str = PATH) -> None:
    """Write a note and let the site look at its folder again."""
    site.note(path, text)
    site.clock.move(2)


def events(site: Site, address: str = ADDRESS) -> list[Component]:
    """The events of a calendar as the icalendar library reads them; what it had to mend is an error."""
    calendar = Calendar.from_ical(site.client.get(address).data)
    assert not calendar.errors
    assert not [event for event in calendar.walk() if event.errors]
    return list(calendar.walk("VEVENT"))


def event(site: Site, address: str = ADDRESS) -> Component:
    """The only event of a calendar."""
    (found,) = events(site, address)
    return found


def summaries(site: Site, address: str = ADDRESS) -> list[str]:
    """The titles of the events, soonest first."""
    return [str(found["SUMMARY"]) for found in events(site, address)]


def test_a_window_is_an_event(tmp_path: Path) -> None:
    """Whoever subscribes sees when, how long, what is affected, and where to read on."""
    site = mounted_site(tmp_path, STATUS_COPY_URL="https://status.example.net/")
    publish(site, WINDOW)
    found = event(site)
    assert found["SUMMARY"] == "More memory for Srv3"
    assert found.decoded("DTSTART") == datetime(2026, 12, 4, 21, tzinfo=UTC)
    assert found.decoded("DTEND") == datetime(2026, 12, 4, 23, tzinfo=UTC)
    assert found["URL"] == "http://localhost/status/maintenance/srv3-memory/"
    assert found["STATUS"] == "CONFIRMED"
    assert found["TRANSP"] == "TRANSPARENT"
    assert found["DESCRIPTION"] == (
        "Window: Fri 4 Dec 2026, 16:00 to 18:00 EST\n"
        "Expected downtime: 15-20 min\n"
        "Affected: Srv3\n\n"
        "Srv3 is switched off and gets more memory, at last; so be it.\n\n"
        "http://localhost/status/maintenance/srv3-memory/\n\n"
        "When this site cannot be reached, a copy of its status page is at https://status.example.net/"
    )
    (alarm,) = found.walk("VALARM")
    assert (alarm["ACTION"], alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(hours=-1))


def test_the_calendar_says_what_it_is(tmp_path: Path) -> None:
    """Programs show its name and know where and how often to ask for news."""
    site = mounted_site(tmp_path)
    answer = site.client.get(ADDRESS)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.text.split("\r\n")
    for line in (
        "VERSION:2.0",
        "NAME:Maintenance at localhost",
        "X-WR-CALNAME:Maintenance at localhost",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        f"SOURCE;VALUE=URI:http://localhost{ADDRESS}",
    ):
        assert line in lines
    assert events(site) == []


def revision(site: Site) -> tuple[str, int]:
    """Which event it is, and which state of it."""
    found = event(site)
    return str(found["UID"]), int(found["SEQUENCE"])


def test_a_moved_or_cancelled_window_is_the_same_one_and_newer(tmp_path: Path) -> None:
    """Nobody has it twice in the calendar, and nobody keeps an old time for good."""
    site = mounted_site(tmp_path)
    publish(site, WINDOW)
    first = revision(site)
    publish(site, WINDOW.replace("2026-12-04", "2026-12-05"))
    later = revision(site)
    publish(site, WINDOW.replace("2026-12-04", "2026-12-05").replace("6:00pm", "6:30pm"))
    longer = revision(site)
    said = "\nUpdate @ 2026-11-20 6:30pm EST: It is a day earlier.\n"
    publish(site, WINDOW.replace("2026-12-04", "2026-12-03") + said)
    earlier = revision(site)
    last = "\nUpdate @ 2026-11-20 6:40pm EST [cancelled]: It is not needed.\n"
    publish(site, WINDOW.replace("2026-12-04", "2026-12-03") + said + last)
    cancelled = revision(site)
    assert len({uid for uid, _ in (first, later, longer, earlier, cancelled)}) == 1
    sequences = [first[1], later[1], longer[1], earlier[1], cancelled[1]]
    assert sequences == sorted(set(sequences))
    assert sequences[-1] < 2**31
    found = event(site)
    assert found["STATUS"] == "CANCELLED"
    assert found["SUMMARY"] == "Cancelled: More memory for Srv3"
    assert not found.walk("VALARM")
    assert found["DESCRIPTION"].split("\n\n")[1] == "Fri 20 Nov 2026, 18:40 EST, Cancelled: It is not needed."


def test_a_sequence_fits_however_often_staff_write(tmp_path: Path) -> None:
    """Programs keep it in 31 bits."""
    site = mounted_site(tmp_path)
    lines = [f"Update @ 2026-11-20 {n // 60:02}:{n % 60:02} EST: Still planned." for n in range(200)]
    publish(site, WINDOW.replace("2026", "2096") + "\n" + "\n\n".join(lines))
    assert 0 < revision(site)[1] < 2**31


def test_a_renamed_window_stays_the_same(tmp_path: Path) -> None:
    """A new name of the file makes no second event, nor does another host or prefix."""
    site = mounted_site(tmp_path)
    publish(site, WINDOW)
    before = revision(site)
    (site.folder / PATH).unlink()
    publish(site, WINDOW.replace("affects:", "aliases: [srv3-memory]\naffects:"), "maintenance/ram.md")
    assert revision(site) == before
    assert event(site)["URL"] == "http://localhost/status/maintenance/ram/"
    elsewhere = site.client.get(ADDRESS, base_url="https://status.example.net").text
    assert f"UID:{before[0]}" in elsewhere
    answer = site.client.get("/status/maintenance/srv3-memory/window.ics")
    assert (answer.status_code, answer.location) == (301, "/status/maintenance/ram/window.ics")


def test_times_of_change_come_from_the_note(tmp_path: Path) -> None:
    """Rendered again, or on another machine, it is byte for byte the same."""
    site = mounted_site(tmp_path)
    publish(site, WINDOW)
    found = event(site)
    assert found.decoded("DTSTAMP") == datetime(2026, 11, 20, 5, tzinfo=UTC), "the beginning of today"
    assert "LAST-MODIFIED" not in found
    before = site.client.get(ADDRESS)
    site.clock.move(3600)
    again = site.client.get(ADDRESS)
    assert again.data == before.data
    asked = {"If-None-Match": before.headers["ETag"]}
    assert site.client.get(ADDRESS, headers=asked).status_code == 304
    publish(site, WINDOW.replace("affects:", "announced: 2026-11-20 9am EST\naffects:"))
    assert event(site).decoded("LAST-MODIFIED") == datetime(2026, 11, 20, 14, tzinfo=UTC)
    publish(site, f"{WINDOW}\nUpdate @ 2026-11-20 6:30pm EST: The parts are there.\n")
    found = event(site)
    assert (
        found.decoded("LAST-MODIFIED")
        == found.decoded("DTSTAMP")
        == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("times", "begin", "end"),
    [
        ("starts: 2026-12-04 4pm EST", datetime(2026, 12, 4, 21, tzinfo=UTC), None),
        ("starts: December 4, 2026", date(2026, 12, 4), date(2026, 12, 5)),
        ("starts: December 4, 2026\nends: December 6, 2026", date(2026, 12, 4), date(2026, 12, 7)),
        (
            "starts: 2026-12-04 11pm EST\nduration: 2h",
            datetime(2026, 12, 5, 4, tzinfo=UTC),
            datetime(2026, 12, 5, 6, tzinfo=UTC),
        ),
        (
            "starts: 2027-03-14 1:30am America/New_York\nends: 3:30am",
            datetime(2027, 3, 14, 6, 30, tzinfo=UTC),
            datetime(2027, 3, 14, 7, 30, tzinfo=UTC),
        ),
        (
            "starts: 2027-11-07 12:30am America/New_York\nends: 2:30am",
            datetime(2027, 11, 7, 4, 30, tzinfo=UTC),
            datetime(2027, 11, 7, 7, 30, tzinfo=UTC),
        ),
    ],
)
def test_times_are_right(times: str, begin: date, end: date | None, tmp_path: Path) -> None:
    """Also across a clock change, over days alone, and without an end that nobody wrote."""
    site = mounted_site(tmp_path)
    publish(
        site,
        re.sub(r"starts:.*\nends:.*", lambda _: times, WINDOW.replace("expected_downtime: 15-20 min\n", "")),
    )
    found = event(site)
    assert found.decoded("DTSTART") == begin
    assert (found.decoded("DTEND") if "DTEND" in found else None) == end


def test_a_window_without_a_start_is_in_no_calendar(tmp_path: Path) -> None:
    """No time is invented, and there is no link to add what cannot be added."""
    site = mounted_site(tmp_path)
    publish(site, WINDOW)
    page = "/status/maintenance/srv3-memory/"
    assert "window.ics" in site.client.get(page).text
    publish(site, WINDOW.replace("4:00pm", "4:00qm"))
    assert events(site) == []
    assert "window.ics" not in site.client.get(page).text
    assert site.client.get(f"{page}window.ics").status_code == 404


def test_a_hidden_window_is_in_no_calendar(tmp_path: Path) -> None:
    """What is not public on the page is not public here."""
    site = mounted_site(tmp_path)
    publish(site, WINDOW.replace("affects:", "announced: 2026-11-21 9am EST\naffects:"))
    publish(site, WINDOW.replace("affects:", "draft: true\naffects:"), "maintenance/draft.md")
    assert events(site) == []
    for slug in ("srv3-memory", "draft"):
        assert site.client.get(f"/status/maintenance/{slug}/window.ics").status_code == 404
    site.clock.move(86400)
    assert summaries(site) == ["More memory for Srv3"]


def test_a_calendar_of_one_component_has_its_windows_alone(tmp_path: Path) -> None:
    """Clients on one server need not look at the work on others."""
    site = mounted_site(tmp_path)
    publish(site, WINDOW)
    publish(site, WINDOW.replace("srv3", "accounts").replace("title: ", "title: Also "), "maintenance/b.md")
    assert summaries(site) == ["Also More memory for Srv3", "More memory for Srv3"]
    assert summaries(site, "/status/components/srv3/maintenance.ics") == ["More memory for Srv3"]
    assert summaries(site, "/status/components/accounts/maintenance.ics") == ["Also More memory for Srv3"]
    text = site.client.get("/status/components/srv3/maintenance.ics").text
    assert "X-WR-CALNAME:Maintenance of Srv3 at localhost" in text
    assert site.client.get("/status/components/nothing/maintenance.ics").status_code == 404


@pytest.mark.parametrize("address", [ADDRESS, "/status/components/srv3/maintenance.ics"])
def test_what_is_over_stays_for_a_while(address: str, tmp_path: Path) -> None:
    """The last windows stay, those ahead are all there, and the file does not grow for ever."""
    site = mounted_site(tmp_path)
    for n in range(PAST_WINDOWS + 5):
        day = date(2026, 11, 19) - timedelta(days=n)
        text = WINDOW.replace("2026-12-04", f"{day:%Y-%m-%d}").replace("More memory", f"Past {n}")
        site.note(f"maintenance/past-{n}.md", text)
    for n in range(3):
        site.note(f"maintenance/ahead-{n}.md", WINDOW.replace("More memory", f"Ahead {n}"))
    site.clock.move(2)
    past = [f"Past {n} for Srv3" for n in reversed(range(PAST_WINDOWS))]
    assert summaries(site, address) == [*past, *(f"Ahead {n} for Srv3" for n in range(3))]


def test_one_window_can_be_added(tmp_path: Path) -> None:
    """A click adds it; whoever also subscribes has it once."""
    site = mounted_site(tmp_path)
    publish(site, WINDOW)
    address = "/status/maintenance/srv3-memory/window.ics"
    for page in ("/status/", "/status/maintenance/srv3-memory/", "/status/components/srv3/"):
        assert f'href="{address}">Add to calendar' in site.client.get(page).text
    assert event(site, address) == event(site)
    assert "REFRESH-INTERVAL" not in site.client.get(address).text
    publish(site, f"{WINDOW}\nUpdate @ 2026-11-20 6:30pm EST [cancelled]: Not needed.\n")
    assert "Add to calendar" not in site.client.get("/status/maintenance/srv3-memory/").text
    assert event(site, address)["STATUS"] == "CANCELLED"


def test_the_pages_lead_to_the_calendars(tmp_path: Path) -> None:
    """The link opens the visitor's own program, which then asks by itself."""
    site = mounted_site(tmp_path)
    for page, address in (
        ("/status/", ADDRESS),
        ("/status/components/srv3/", "/status/components/srv3/maintenance.ics"),
    ):
        text = site.client.get(page, base_url="https://www.example.com").text
        assert f'<a href="webcal://www.example.com{address}">' in text
        assert site.client.get(address).status_code == 200


def test_long_and_strange_titles_survive(tmp_path: Path) -> None:
    """Lines are folded, and what means something in the format is only text."""
    shown = window("x", LONG, text=f"{HOSTILE}\n\nBEGIN:VALARM\n\n* a; b, c\\n")
    client = visitor(sample_app(board(scheduled=(shown,)), tmp_path))
    data = client.get(ADDRESS).data
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    assert found["SUMMARY"] == LONG
    assert len(found.walk("VALARM")) == 1
    assert HOSTILE in found["DESCRIPTION"]
    assert "BEGIN:VALARM\na; b, c\\n" in found["DESCRIPTION"]


READ_WITH_VOBJECT = """
import json, sys
import vobject

calendar = vobject.readOne(open(sys.argv[1], encoding="utf-8").read())
calendar.validate(raiseException=True)
print(json.dumps([
    {
        "uid": event.uid.value, "sequence": int(event.sequence.value), "summary": event.summary.value,
        "description": event.description.value, "begin": event.dtstart.value.isoformat(),
        "end": event.dtend.value.isoformat() if hasattr(event, "dtend") else None,
        "status": event.status.value, "alarms": len(getattr(event, "valarm_list", [])),
    }
    for event in calendar.vevent_list
]))
"""

READ_WITH_ICAL_JS = """
const fs = require("fs");
const ICAL = require(process.argv[1]);
const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(process.argv[2], "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
console.log(JSON.stringify({
  name: calendar.getFirstPropertyValue("x-wr-calname"),
  refresh: calendar.getFirstPropertyValue("refresh-interval").toString(),
  events: events.map((event) => ({
    uid: event.uid, sequence: event.sequence, summary: event.summary, description: event.description,
    begin: event.startDate.isDate ? event.startDate.toString() : event.startDate.toJSDate().toISOString(),
    end: event.component.hasProperty("dtend")
      ? (event.endDate.isDate ? event.endDate.toString() : event.endDate.toJSDate().toISOString()) : null,
    status: event.component.getFirstPropertyValue("status"),
    alarms: event.component.getAllSubcomponents("valarm").length,
  })),
}));
"""

KHAL = """\
[calendars]
[[status]]
path = {path}
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = UTC
default_timezone = UTC
[sqlite]
path = {database}
"""


def told(data: bytes) -> list[dict[str, Any]]:
    """What our own library reads in a calendar, in the same words as the other programs."""
    return [
        {
            "uid": str(found["UID"]),
            "sequence": int(found["SEQUENCE"]),
            "summary": str(found["SUMMARY"]),
            "description": str(found["DESCRIPTION"]),
            "begin": found.decoded("DTSTART").isoformat(),
            "end": found.decoded("DTEND").isoformat() if "DTEND" in found else None,
            "status": str(found["STATUS"]),
            "alarms": len(found.walk("VALARM")),
        }
        for found in Calendar.from_ical(data).walk("VEVENT")
    ]


@pytest.fixture
def difficult(tmp_path: Path) -> bytes:
    """A calendar with everything in it: long titles, days alone, no end, a cancelled window."""
    site = mounted_site(tmp_path)
    site.note("maintenance/long.md", WINDOW.replace("More memory for Srv3", f"'{LONG.strip()}'"))
    site.note("maintenance/day.md", re.sub("starts.*\nends.*", "starts: December 7, 2026", WINDOW))
    site.note("maintenance/open.md", re.sub("ends.*\n", "", WINDOW.replace("12-04", "12-08")))
    site.note(
        "maintenance/clocks.md",
        re.sub("starts.*\nends.*", "starts: 2027-03-14 1:30am America/New_York\nends: 3:30am", WINDOW),
    )
    site.note(
        "maintenance/not.md", f"{WINDOW}\nUpdate @ 2026-11-20 6:30pm EST [cancelled]: Not needed: a; b, c.\n"
    )
    site.clock.move(2)
    return bytes(site.client.get(ADDRESS).data)


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a program prints; when it fails, the test does."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment or None)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.system("calendar readers")
def test_other_programs_read_the_calendar(difficult: bytes, tmp_path: Path) -> None:
    """vobject and ical.js, on which many calendars are built, read exactly what we wrote."""
    (tmp_path / "calendar.ics").write_bytes(difficult)
    expected = told(difficult)
    assert len(expected) == 5
    python = FOREIGN / "bin" / "python"
    assert json.loads(run(python, "-c", READ_WITH_VOBJECT, "calendar.ics", cwd=tmp_path)) == expected
    library = NPM / "node_modules" / "ical.js" / "dist" / "ical.es5.cjs"
    node = shutil.which("node") or "node"
    read = json.loads(run(node, "-e", READ_WITH_ICAL_JS, library, "calendar.ics", cwd=tmp_path))
    assert (read["name"], read["refresh"]) == ("Maintenance at localhost", "PT1H")
    for found in read["events"]:
        for key in ("begin", "end"):
            found[key] = found[key] and found[key].replace(".000Z", "+00:00")
    assert read["events"] == expected


@pytest.mark.system("calendar readers")
def test_khal_takes_the_windows_over(difficult: bytes, tmp_path: Path) -> None:
    """A calendar on the terminal lists each window at its time, and a newer state replaces the older one."""
    (tmp_path / "store").mkdir()
    (tmp_path / "calendar.ics").write_bytes(difficult)
    config = KHAL.format(path=tmp_path / "store", database=tmp_path / "khal.db")
    (tmp_path / "khal.conf").write_text(config)

    def khal(*words: str) -> str:
        program = FOREIGN / "bin" / "khal"
        home = {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        return run(program, "-c", "khal.conf", *words, cwd=tmp_path, **home)

    def listed() -> list[str]:
        shown = khal("list", "--format", "{start-long-full}|{end-long-full}|{title}", "2026-12-01", "150d")
        return [line for line in shown.splitlines() if "|" in line]

    khal("import", "--batch", "calendar.ics")
    lines = listed()
    # Khal gives what has no end one of its own.
    assert [line.partition("|")[0] for line in lines if "Cancelled" not in line] == [
        "2026-12-04 21:00",
        "2026-12-07 00:00",
        "2026-12-08 21:00",
        "2027-03-14 06:30",
    ]
    assert any(line.startswith("2027-03-14 06:30|2027-03-14 07:30|") for line in lines)
    assert any(LONG.strip() in line for line in lines)
    (tmp_path / "calendar.ics").write_bytes(difficult.replace(b"20261204T230000Z", b"20261204T233000Z"))
    khal("import", "--batch", "calendar.ics")
    assert len(listed()) == len(lines), "no window is there twice"
    assert any("2026-12-04 23:30" in line for line in listed())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_calendar_can_be_read(name: str, tmp_path: Path) -> None:
    """In every state of the world it has each window once, with what the format requires."""
    data = visitor(sample_app(SAMPLES[name], tmp_path)).get(ADDRESS).data
    found = Calendar.from_ical(data).walk("VEVENT")
    uids = [str(event["UID"]) for event in found]
    assert len(uids) == len(set(uids))
    for event in found:
        assert {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "STATUS", "URL"} <= set(event)
