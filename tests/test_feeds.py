"""The feeds: valid, whole, and silent about what is not new."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from board_samples import HOSTILE, NOW, OPEN_INCIDENT, SAMPLES, alert, board, incident, update
from feed_rules import objections
from mounted_site import INCIDENT, Site, mounted_site
from sample_site import SampleSettings, sample_app, visitor
from system_parts import FOREIGN

from status_plugin.core.words import IncidentPhase
from status_plugin.web.feeds import ENTRIES

DATA = Path(__file__).parent / "data"
ADDRESSES = ("/status/feed.atom", "/status/feed.json")
JSON_FEED = jsonschema.Draft202012Validator(json.loads((DATA / "json_feed.schema.json").read_text("utf-8")))

WINDOW = """\
---
title: More memory for Srv3
starts: 2026-12-04 4:00pm EST
ends: 6:00pm EST
expected_downtime: 15-20 min
affects: srv3
---
Srv3 is [switched off](/help/) and gets more memory.
"""

MANY = """\
---
title: Srv3 is slow
started: 2026-11-20 1:00pm Eastern
affects: [srv3]
---
It is slow.
"""


def publish(site: Site, path: str, text: str) -> None:
    """Write a note and let the site look at its folder again."""
    site.note(path, text)
    site.clock.move(2)


def items(site: Site, path: str = "/status/feed.json") -> list[dict[str, Any]]:
    """The entries of a feed, newest first; the Atom feed must have the same."""
    found: list[dict[str, Any]] = site.client.get(path).get_json(force=True)["items"]
    document = site.client.get(path.replace(".json", ".atom")).text
    assert re.findall("<id>(urn:[^<]+)</id>", document) == [item["id"] for item in found]
    return found


def titles(site: Site, path: str = "/status/feed.json") -> list[str]:
    """The titles of a feed's entries, newest first."""
    return [item["title"] for item in items(site, path)]


def identity(site: Site) -> dict[str, str]:
    """What makes a reader call an entry new, and the text beside it."""
    return {f"{item['id']} {item.get('date_published')}": item["content_text"] for item in items(site)}


def test_every_word_is_an_entry(tmp_path: Path) -> None:
    """What was opened and each update can be read where it happened, whole, newest first."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/srv3-down.md", INCIDENT)
    update, opening = items(site)
    assert opening["title"] == "Incident: Srv3 is not responding"
    assert opening["content_html"] == (
        "<p>Began: Fri 20 Nov 2026, 18:00 EST<br>Affected: Srv3 (offline)</p>\n"
        "<p>Nothing of Srv3 answers.</p>"
    )
    assert opening["url"] == "http://localhost/status/incidents/srv3-down/"
    assert opening["date_published"] == "2026-11-20T18:00:00-05:00"
    assert opening["tags"] == ["incident", "Srv3"]
    assert update["title"] == "Identified: Srv3 is not responding"
    assert update["content_text"] == (
        "Half of the memory is gone.\n\nNext update: Fri 20 Nov 2026, 19:30 EST"
    )
    assert update["date_published"] == "2026-11-20T18:40:00-05:00"


def test_an_entry_leads_to_its_place_on_the_page(tmp_path: Path) -> None:
    """The address of an update is there for good; a corrected time does not change it."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/srv3-down.md", INCIDENT)
    address = items(site)[0]["url"]
    path, _, anchor = address.removeprefix("http://localhost").partition("#")
    assert f'id="{anchor}"' in site.client.get(path, headers={"Accept-Encoding": "identity"}).text
    publish(site, "incidents/srv3-down.md", INCIDENT.replace("6:40pm", "6:41pm"))
    assert items(site)[0]["date_published"] == "2026-11-20T18:41:00-05:00"
    assert items(site)[0]["url"] == address


def test_maintenance_is_told(tmp_path: Path) -> None:
    """Announced, begun, done or cancelled: those who will be offline hear of it."""
    site = mounted_site(tmp_path)
    publish(site, "maintenance/srv3-memory.md", WINDOW)
    (announced,) = items(site)
    assert announced["title"] == "Planned maintenance: More memory for Srv3"
    assert announced["content_text"].startswith(
        "Window: Fri 4 Dec 2026, 16:00 to 18:00 EST\nExpected downtime: 15-20 min\nAffected: Srv3\n\n"
    )
    assert "date_published" not in announced, "nobody wrote since when it is public"
    assert "<updated>2026-11-20T00:00:00-05:00</updated>" in site.client.get("/status/feed.atom").text
    moved = WINDOW.replace("2026-12-04", "2026-12-05").replace(
        "affects: srv3", "affects: srv3\nemergency: true\nannounced: 2026-11-20 9am EST"
    )
    publish(
        site, "maintenance/srv3-memory.md", f"{moved}\nUpdate @ 2026-11-20 6:30pm EST: It is a day later.\n"
    )
    later, again = items(site)
    assert again["id"] == announced["id"]
    assert again["date_published"] == "2026-11-20T09:00:00-05:00"
    assert "Sat 5 Dec 2026, 16:00" in again["content_text"]
    assert titles(site) == ["Update: More memory for Srv3", "Emergency maintenance: More memory for Srv3"]
    publish(
        site,
        "maintenance/srv3-memory.md",
        f"{moved}\nUpdate @ 2026-11-20 6:30pm EST [cancelled]: Not needed.\n",
    )
    assert titles(site)[0] == "Cancelled: More memory for Srv3"
    assert items(site)[0]["id"] == later["id"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Half of the memory is gone.", "Half of the memory is missing."),
        ("Nothing of Srv3 answers.", "Neither web nor mail of Srv3 answers."),
        ("title: Srv3 is not responding", "title: Srv3 does not respond"),
        ("impact: major", "impact: partial"),
        ("[identified; next update 7:30pm]", "[monitoring]"),
    ],
)
def test_a_corrected_word_is_not_new(wrong: str, right: str, tmp_path: Path) -> None:
    """Whoever has read an entry is not told again because a typing mistake was put right."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/srv3-down.md", INCIDENT)
    before = identity(site)
    assert wrong in INCIDENT
    publish(site, "incidents/srv3-down.md", INCIDENT.replace(wrong, right))
    assert list(identity(site)) == list(before)


def test_ids_depend_on_nothing_but_the_note(tmp_path: Path) -> None:
    """Another host, another prefix, another machine, a renamed file: the entries are the same."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    site = mounted_site(tmp_path / "one")
    publish(site, "incidents/srv3-down.md", INCIDENT)
    ids = [item["id"] for item in items(site)]
    assert len(set(ids)) == 2
    elsewhere = mounted_site(tmp_path / "two", STATUS_URL_PREFIX="/network")
    publish(elsewhere, "incidents/a-crash.md", INCIDENT.replace("affects:", "aliases: [srv3-down]\naffects:"))
    found = elsewhere.client.get("/network/feed.json", base_url="https://status.example.net").json
    assert found is not None
    assert [item["id"] for item in found["items"]] == ids
    assert found["items"][1]["url"] == "https://status.example.net/network/incidents/a-crash/"


def test_an_alias_that_leads_elsewhere_gives_no_id(tmp_path: Path) -> None:
    """Two notes never share an id, even if one claims the other's address."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/a.md", INCIDENT)
    publish(site, "incidents/b.md", INCIDENT.replace("affects:", "aliases: [a, old]\naffects:"))
    publish(site, "incidents/c.md", INCIDENT.replace("affects:", "aliases: [old]\naffects:"))
    ids = [item["id"] for item in items(site)]
    assert len(ids) == len(set(ids)) == 6


def test_a_hidden_note_is_in_no_feed(tmp_path: Path) -> None:
    """What the page does not show is not in the feeds either."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/shown.md", INCIDENT)
    publish(site, "incidents/draft.md", INCIDENT.replace("affects:", "draft: true\naffects:"))
    publish(
        site, "maintenance/later.md", WINDOW.replace("affects:", "announced: 2026-11-21 9am EST\naffects:")
    )
    assert titles(site) == ["Identified: Srv3 is not responding", "Incident: Srv3 is not responding"]
    site.clock.move(24 * 60 * 60)
    assert titles(site)[0] == "Planned maintenance: More memory for Srv3"


def test_a_feed_of_one_component_has_its_notes_alone(tmp_path: Path) -> None:
    """Clients on one server are not told about the others, and entries are the same in both feeds."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/srv3-down.md", INCIDENT)
    publish(site, "maintenance/accounts.md", WINDOW.replace("affects: srv3", "affects: accounts"))
    path = "/status/components/accounts/feed.json"
    assert titles(site, path) == ["Planned maintenance: More memory for Srv3"]
    assert items(site, path)[0] in items(site)
    assert len(items(site, "/status/components/srv3/feed.json")) == 2
    feed = site.client.get(path).get_json(force=True)
    assert feed["title"] == "Accounts: Network Status of localhost"
    assert feed["home_page_url"] == "http://localhost/status/components/accounts/"
    assert feed["feed_url"] == f"http://localhost{path}"
    for form in ("atom", "json"):
        assert site.client.get(f"/status/components/nothing/feed.{form}").status_code == 404


def test_a_feed_has_an_end(tmp_path: Path) -> None:
    """The last entries are there, whatever note they are in, and not more."""
    site = mounted_site(tmp_path)
    lines = [f"Update @ 2026-11-20 {13 + n // 60}:{n % 60:02} EST: It is {n}." for n in range(5, 45)]
    publish(site, "incidents/slow.md", MANY + "\n" + "\n\n".join(lines))
    publish(site, "incidents/srv3-down.md", INCIDENT)
    found = items(site)
    assert len(found) == ENTRIES == 30
    assert [item["content_text"] for item in found[2:]] == [f"It is {n}." for n in range(44, 16, -1)]


def test_the_copy_elsewhere_is_named_before_it_is_needed(tmp_path: Path) -> None:
    """Every message tells where to look when this site is down."""
    site = mounted_site(tmp_path, STATUS_COPY_URL="https://status.example.net/")
    publish(site, "incidents/srv3-down.md", INCIDENT)
    words = "When this site cannot be reached, a copy of its status page is at"
    for item in items(site):
        assert item["content_text"].endswith(f"{words} https://status.example.net/")
        assert f'{words} <a href="https://status.example.net/">' in item["content_html"]
    assert words in site.client.get("/status/feed.json").get_json(force=True)["description"]
    bare = mounted_site(tmp_path)
    assert "copy of its" not in bare.client.get("/status/feed.atom").text


def test_addresses_in_a_text_are_complete(tmp_path: Path) -> None:
    """A link to this site, to a note or to an image works wherever it is read."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/srv3-down.md", INCIDENT)
    publish(
        site,
        "maintenance/srv3-memory.md",
        f"{WINDOW}\nSee [[incident:srv3-down]] and ![a rack](/rack.png) and [us](https://example.org/).\n",
    )
    html = items(site)[-1]["content_html"]
    assert '<a href="http://localhost/help/">' in html
    assert '<a href="http://localhost/status/incidents/srv3-down/">Srv3 is not responding</a>' in html
    assert '<img alt="a rack" src="http://localhost/rack.png">' in html
    assert 'href="https://example.org/"' in html


def test_an_entry_is_never_empty(tmp_path: Path) -> None:
    """A phase without a word is news as well."""
    shown = incident(
        "x", "Srv3", text="<!-- -->", affects={}, updates=(update("17:30", "", IncidentPhase.RESOLVED),)
    )
    client = visitor(sample_app(board(current=(shown,)), tmp_path, settings=SampleSettings(copy_url="")))
    found = client.get("/status/feed.json").get_json(force=True)["items"]
    assert [item["content_html"] for item in found] == ["<p>Resolved: Srv3</p>", "<p>Incident: Srv3</p>"]
    assert objections(client.get("/status/feed.atom").text, "http://localhost/status/feed.atom", NOW) == []


def test_what_people_wrote_is_no_markup(tmp_path: Path) -> None:
    """Nothing in a note can break the feed or run in a reader."""
    shown = incident("x", HOSTILE, text=HOSTILE, updates=(update("17:30", HOSTILE),))
    app = sample_app(board(current=(shown,)), tmp_path)
    document = visitor(app).get("/status/feed.atom").text
    assert objections(document, "http://localhost/status/feed.atom", NOW) == []
    assert document.count("&amp;lt;script&amp;gt;") == 2
    found = visitor(app).get("/status/feed.json").get_json(force=True)["items"]
    assert {item["title"] for item in found} == {f"Incident: {HOSTILE}", f"Update: {HOSTILE}"}


def test_an_end_in_the_front_matter_is_told(tmp_path: Path) -> None:
    """Who subscribes hears that it is over, once, however staff wrote it."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/srv3-down.md", INCIDENT)
    before = identity(site)
    over = INCIDENT.replace("impact:", "resolved: 2026-11-20 6:44pm Eastern\nimpact:")
    publish(site, "incidents/srv3-down.md", over)
    assert titles(site)[0] == "Resolved: Srv3 is not responding"
    end = items(site)[0]
    assert (end["date_published"], len(items(site))) == ("2026-11-20T18:44:00-05:00", len(before) + 1)
    assert "Ended: Fri 20 Nov 2026, 18:44 EST" in end["content_text"]
    told = over + "\nUpdate @ 6:44pm Eastern [resolved]: All is back.\n"
    publish(site, "incidents/srv3-down.md", told)
    assert [title.partition(":")[0] for title in titles(site)].count("Resolved") == 1


def test_what_monitoring_saw_is_told(tmp_path: Path) -> None:
    """Before anybody has written a note, subscribers know; and when it is over, however long the list is."""
    seen = alert()
    now = seen.started + timedelta(minutes=2)
    app = sample_app(board(now=now, current=(seen,), alerts=(seen,)), tmp_path)
    (entry,) = visitor(app).get("/status/feed.json").get_json(force=True)["items"]
    assert entry["title"] == "Seen by our monitoring: ns3 is offline"
    assert "nobody has written about it" in entry["content_text"]
    assert entry["url"] == f"http://localhost/status/#{seen.slug}"
    passed = replace(seen, title="ns3 was offline", ended=now)
    app = sample_app(board(now=now + timedelta(minutes=1), alerts=(passed,)), tmp_path)
    over, again = visitor(app).get("/status/components/ns3/feed.json").get_json(force=True)["items"]
    assert again["id"] == entry["id"] != over["id"]
    assert over["title"] == "No longer seen by our monitoring: ns3 was offline"
    assert visitor(app).get("/status/components/srv3/feed.json").get_json(force=True)["items"] == []


def test_trouble_reaches_the_feed_by_itself(tmp_path: Path) -> None:
    """From a real check that fails to the feed, nobody has to write a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    checks = {"checks": {"Web": f"tcp://127.0.0.1:{closed}"}}
    site = mounted_site(tmp_path, STATUS_MONITOR="probe:", STATUS_MONITOR_MAP={"srv3": {"probe": checks}})
    watch = site.app.test_cli_runner()
    seen = []
    for _ in range(3):
        watch.invoke(args=["status", "watch", "--once"])
        seen.append(titles(site))
        site.clock.move(60)
    assert seen == [[], [], ["Seen by our monitoring: Srv3 is offline"]]
    assert site.board()["overall"]["state"] == "major_outage"


def test_nothing_new_is_a_short_answer(tmp_path: Path) -> None:
    """Readers that ask every minute get their news at once and otherwise nothing at all."""
    site = mounted_site(tmp_path)
    for address in (*ADDRESSES, "/status/components/srv3/feed.atom"):
        first = site.client.get(address)
        asked = {"If-None-Match": first.headers["ETag"]}
        site.clock.move(3600)
        assert site.client.get(address, headers=asked).status_code == 304
        assert "s-maxage" in first.headers["Cache-Control"]
        publish(site, "incidents/srv3-down.md", INCIDENT)
        assert site.client.get(address, headers=asked).status_code == 200
        (site.folder / "incidents/srv3-down.md").unlink()
        site.clock.move(2)


def test_two_machines_say_the_same(tmp_path: Path) -> None:
    """Behind a balancer readers see one feed, whenever each of the machines was started."""
    answers = []
    for name, seconds in (("one", 0), ("two", 600)):
        (tmp_path / name).mkdir()
        site = mounted_site(tmp_path / name)
        site.clock.move(seconds)
        publish(site, "incidents/srv3-down.md", INCIDENT)
        publish(site, "maintenance/srv3-memory.md", WINDOW)
        answers.append([site.client.get(address).data for address in ADDRESSES])
    assert answers[0] == answers[1]


def test_programs_find_the_feeds(tmp_path: Path) -> None:
    """Who gives a reader the address of any page gets the feed; a component's page offers its own, too."""
    site = mounted_site(tmp_path)
    publish(site, "incidents/srv3-down.md", INCIDENT)
    link = re.compile(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">')
    everything = [("application/atom+xml", ADDRESSES[0]), ("application/feed+json", ADDRESSES[1])]
    for path in ("", "incidents/", "maintenance/", "incidents/srv3-down/", "nowhere/"):
        assert link.findall(site.client.get(f"/status/{path}").text) == everything
    found = link.findall(site.client.get("/status/components/srv3/").text)
    assert found[:2] == everything
    assert [address for _, address in found[2:]] == [
        "/status/components/srv3/feed.atom",
        "/status/components/srv3/feed.json",
    ]
    for media_type, address in (*everything, *found):
        assert site.client.get(address).mimetype == media_type


@pytest.mark.parametrize("name", SAMPLES)
def test_every_feed_keeps_the_rules(name: str, tmp_path: Path) -> None:
    """In every state of the world the feeds are what readers expect."""
    client = visitor(sample_app(replace(SAMPLES[name], alerts=(alert(),)), tmp_path))
    slugs = [row.component.slug for row in SAMPLES[name].rows]
    for path in ("/status", *(f"/status/components/{slug}" for slug in slugs[:3])):
        document = client.get(f"{path}/feed.atom").text
        assert objections(document, f"http://localhost{quote(path)}/feed.atom", NOW) == []
        JSON_FEED.validate(client.get(f"{path}/feed.json").get_json(force=True))


@pytest.mark.parametrize(
    ("right", "wrong", "objection"),
    [
        ("<updated>", "<updated>x", "no time: x2008-09-04T17:45:00-04:00"),
        ("2008-09-04T17:45", "2009-09-04T17:45", "ahead: 2009-09-04T17:45:00-04:00"),
        ("/status/feed.atom", "/feed.atom", "feed: is at ['http://localhost/feed.atom']"),
        ("<id>urn:uuid:", "<id>x", "no permanent id: x"),
        ("&lt;p&gt;", "&lt;script&gt;", "unsafe: script"),
        ("&lt;p&gt;", '&lt;a href="/x"&gt;', "relative: /x"),
        ('<content type="html">', '<content type="html"/><content type="html">', "entry without content"),
        ("<author>", "<title/><author>", "feed: 2 x title"),
        ('rel="self"', 'rel="alternate"', "feed: two links of one kind"),
    ],
)
def test_the_rules_find_what_is_wrong(right: str, wrong: str, objection: str, tmp_path: Path) -> None:
    """The judge of the feeds sees a fault when there is one."""
    client = visitor(sample_app(board(current=(OPEN_INCIDENT,)), tmp_path))
    document = client.get("/status/feed.atom").text
    assert right in document
    found = objections(document.replace(right, wrong), "http://localhost/status/feed.atom", NOW)
    assert [told for told in found if told.startswith(objection)]


READ = """
import json, sys
import feedparser
from lxml import etree

schema = etree.RelaxNG(etree.parse(sys.argv[1]))
told = {}
for path in sys.argv[2:]:
    data = open(path, "rb").read()
    valid = schema.validate(etree.fromstring(data))
    feed = feedparser.parse(data)
    told[path] = {
        "valid": valid, "errors": str(schema.error_log), "bozo": bool(feed.bozo), "version": feed.version,
        "entries": [[e.id, e.link, e.title, e.content[0].value, e.updated] for e in feed.entries],
    }
print(json.dumps(told))
"""


@pytest.mark.system("feed readers")
def test_real_readers_read_the_feeds(tmp_path: Path) -> None:
    """Every feed is valid Atom by the grammar of the standard, and feedparser has nothing to mend in it."""
    expected = {}
    for name, shown in SAMPLES.items():
        client = visitor(sample_app(shown, tmp_path))
        (tmp_path / name).write_bytes(client.get("/status/feed.atom").data)
        expected[name] = client.get("/status/feed.json").get_json(force=True)["items"]
    spoiled = (tmp_path / "outage").read_text("utf-8").replace("<updated>", "<update>")
    (tmp_path / "spoiled").write_text(spoiled.replace("</updated>", "</update>"), "utf-8")
    command = [FOREIGN / "bin" / "python", "-c", READ, DATA / "atom.rng", *expected, "spoiled"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert not told.pop("spoiled")["valid"], "the grammar would find a fault"
    for name, feed in told.items():
        assert (feed["valid"], feed["bozo"], feed["version"]) == (True, False, "atom10"), feed["errors"]
        assert [entry[:3] for entry in feed["entries"]] == [
            [item["id"], item["url"], item["title"]] for item in expected[name]
        ]
        assert [unescape(entry[3]).replace(" />", ">") for entry in feed["entries"]] == [
            unescape(item["content_html"]) for item in expected[name]
        ]
