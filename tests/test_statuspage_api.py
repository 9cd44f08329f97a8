"""Statuspage's API over HTTP: its addresses, its headers, its ids, and its schema."""

from __future__ import annotations

import copy
import json
import logging
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from board_samples import (
    HOSTILE,
    MAINTENANCE,
    OFFLINE,
    OPERATIONAL,
    PARTIAL,
    SAMPLES,
    SLOW,
    UNKNOWN,
    alert,
    at,
    board,
    exact,
    hosting_rows,
    incident,
    row,
    window,
)
from flask import Flask
from mounted_site import INCIDENT, Site, mounted_site
from sample_site import sample_app, visitor
from statuspage_answers import ADDRESSES, SCHEMA, VALIDATORS, everything

from status_plugin import StatusPlugin
from status_plugin.core.board.items import Item, Life
from status_plugin.core.words import IncidentPhase, MaintenancePhase, State
from status_plugin.settings import SettingError
from status_plugin.web.statuspage.answers import MOST_RECENT
from status_plugin.web.statuspage.ids import component_id, group_id, item_id, update_id
from status_plugin.web.statuspage.times import stamp_in, zone_name

WINDOW = """\
---
title: Router upgrade
starts: 2026-11-21 1am Eastern
ends: 2am
affects: all
---
The network goes off.
"""

# Of the shapes that others have recorded of live pages, with names and ids of our own.
RECORDED: dict[str, Any] = {
    "page": {
        "id": "kx2m4n6p8q0r", "name": "Example Hosting", "url": "https://status.example.com",
        "time_zone": "Etc/UTC", "updated_at": "2026-05-17T02:50:03.552Z",
    },
    "components": [
        {
            "id": "g1g2g3g4g5g6", "name": "Web servers", "status": "major_outage",
            "created_at": "2014-10-27T21:59:30.264Z", "updated_at": "2020-11-11T20:12:30.167Z", "position": 1,
            "description": None, "showcase": False, "start_date": None, "group_id": None,
            "page_id": "kx2m4n6p8q0r", "group": True, "only_show_if_degraded": False,
            "components": ["a1b2c3d4e5f6"],
        },
        {
            "id": "a1b2c3d4e5f6", "name": "Web server 4", "status": "major_outage",
            "created_at": "2015-07-30T18:55:43.739-07:00", "updated_at": "2022-02-15T13:21:55.150-08:00",
            "position": 1, "description": "Serves half of our clients.", "showcase": True,
            "start_date": "2020-01-01", "group_id": "g1g2g3g4g5g6", "page_id": "kx2m4n6p8q0r", "group": False,
            "only_show_if_degraded": False,
        },
    ],
    "incidents": [
        {
            "id": "x0ljvc9m1wxj", "name": "Web server 4 is unreachable", "status": "identified",
            "created_at": "2026-05-17T02:40:00.418Z", "updated_at": "2026-05-17T02:48:00.586Z",
            "monitoring_at": None, "resolved_at": None, "impact": "major",
            "shortlink": "https://stspg.io/abcdefg", "started_at": "2026-05-17T02:35:00.410Z",
            "page_id": "kx2m4n6p8q0r",
            "incident_updates": [
                {
                    "id": "6q2p24rld62t", "status": "identified", "body": "A disk controller failed.",
                    "incident_id": "x0ljvc9m1wxj", "created_at": "2026-05-17T02:48:00.572Z",
                    "updated_at": "2026-05-17T02:48:00.572Z", "display_at": "2026-05-17T02:48:00.572Z",
                    "affected_components": [
                        {
                            "code": "a1b2c3d4e5f6", "name": "Web servers - Web server 4",
                            "old_status": "partial_outage", "new_status": "major_outage",
                        }
                    ],
                    "deliver_notifications": True, "custom_tweet": None, "tweet_id": None,
                },
                {
                    "id": "8twsqkq2gnmd", "status": "investigating", "body": "We look into it.",
                    "incident_id": "x0ljvc9m1wxj", "created_at": "2026-05-17T02:40:00.418Z",
                    "updated_at": "2026-05-17T02:40:00.418Z", "display_at": "2026-05-17T02:40:00.418Z",
                    "affected_components": None,
                    "deliver_notifications": False, "custom_tweet": None, "tweet_id": None,
                },
            ],
            "components": [],
            "reminder_intervals": None,
        }
    ],
    "scheduled_maintenances": [],
    "status": {"indicator": "major", "description": "Partial System Outage"},
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an open incident and a window ahead, and the API at its root too."""
    return furnished(mounted_site(tmp_path, STATUS_API_AT_ROOT=True))


def furnished(site: Site) -> Site:
    """The site with an open incident and a window ahead."""
    site.note("incidents/down.md", INCIDENT)
    site.note("maintenance/routers.md", WINDOW)
    site.clock.move(2)
    return site


def summary(site: Site) -> dict[str, Any]:
    """What most programs ask for."""
    answer = site.client.get("/status/api/v2/summary.json")
    assert answer.status_code == 200
    value: dict[str, Any] = answer.json
    return value


class TestSchema:
    """`statuspage.schema.json`."""

    def test_it_is_a_schema(self) -> None:
        """Programs can rely on the schema itself, and every answer has its part of it."""
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        told = [SCHEMA["$defs"][v.schema["$ref"].removeprefix("#/$defs/")] for v in VALIDATORS.values()]
        assert [part["description"] for part in told] == [f"/api/v2/{address}" for address in ADDRESSES]

    def test_it_allows_nothing_that_it_does_not_name(self) -> None:
        """Every object is closed and requires all of its keys."""
        found = [part for part in SCHEMA["$defs"].values() if "properties" in part]
        assert len(found) == 17
        assert all(part["additionalProperties"] is False for part in found)
        assert all(part["required"] == list(part["properties"]) for part in found)

    def test_it_describes_the_original(self) -> None:
        """An answer as others have recorded it passes."""
        VALIDATORS["summary.json"].validate(RECORDED)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda value: value.update(more=1),
            lambda value: value["page"].pop("time_zone"),
            lambda value: value["status"].update(indicator="unknown"),
            lambda value: value["components"][1].update(status="unknown"),
            lambda value: value["components"][0].pop("components"),
            lambda value: value["components"][1].update(components=[]),
            lambda value: value["incidents"][0].update(shortlink=None),
            lambda value: value["incidents"][0].update(status="resolved"),
            lambda value: value["incidents"][0].update(impact="maintenance"),
            lambda value: value["incidents"][0].update(incident_updates=[]),
            lambda value: value["incidents"][0].update(started_at=None),
            lambda value: value["incidents"][0].update(started_at="2026-05-17T02:35:00Z"),
            lambda value: value["incidents"][0]["incident_updates"][0].update(body=None),
            lambda value: value["incidents"][0]["incident_updates"][0].update(affected_components=[]),
        ],
    )
    def test_it_finds_what_is_wrong(self, spoil: Any) -> None:
        """The schema would notice if a key went or a null came."""
        spoiled = copy.deepcopy(RECORDED)
        spoil(spoiled)
        assert not VALIDATORS["summary.json"].is_valid(spoiled)

    @pytest.mark.parametrize("name", SAMPLES)
    def test_every_answer_follows_it(self, name: str, tmp_path: Path) -> None:
        """Whatever the state of the world, a program gets what it was written for."""
        client = visitor(sample_app(SAMPLES[name], tmp_path))
        for address, validator in VALIDATORS.items():
            answer = client.get(f"/status/api/v2/{address}")
            assert (answer.status_code, answer.mimetype) == (200, "application/json")
            validator.validate(json.loads(answer.text))


class TestAddresses:
    """Where the answers are."""

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_the_same_at_the_root(self, site: Site, address: str) -> None:
        """With STATUS_API_AT_ROOT the site's root answers exactly as the mount prefix does."""
        mounted, at_root = site.client.get(f"/status/api/v2/{address}"), site.client.get(f"/api/v2/{address}")
        assert (mounted.status_code, at_root.status_code) == (200, 200)
        assert mounted.data == at_root.data
        assert dict(mounted.headers) == dict(at_root.headers)

    def test_not_at_the_root_unless_asked_for(self, tmp_path: Path) -> None:
        """Without the setting the site's root stays the site's."""
        client = mounted_site(tmp_path).client
        assert client.get("/status/api/v2/summary.json").status_code == 200
        assert client.get("/api/v2/summary.json").status_code == 404

    def test_the_mount_prefix_counts(self, tmp_path: Path) -> None:
        """The API moves with the pages."""
        client = mounted_site(tmp_path, STATUS_URL_PREFIX="/help/state").client
        assert (
            client.get("/help/state/api/v2/status.json").json["page"]["url"] == "http://localhost/help/state/"
        )

    def test_a_clash_stops_the_start(self, tmp_path: Path) -> None:
        """A route of the site's own at the root is never taken away in silence."""
        with pytest.raises(SettingError, match=r"/api/v2/status\.json \(its_own\)"):
            clashing_site(tmp_path, "/api/v2/status.json", STATUS_API_AT_ROOT=True)

    def test_no_clash_without_the_setting(self, tmp_path: Path) -> None:
        """The site may have such routes itself."""
        app = clashing_site(tmp_path, "/api/v2/status.json")
        assert app.test_client().get("/api/v2/status.json").text == "the site's own"

    def test_an_exact_address_goes_before_a_pattern(self, tmp_path: Path) -> None:
        """The site's catch-all keeps everything but the eight addresses."""
        client = clashing_site(tmp_path, "/<path:anything>", STATUS_API_AT_ROOT=True).test_client()
        assert client.get("/api/v2/status.json").json is not None
        assert client.get("/api/v2/other.json").text == "the site's own"
        assert client.get("/api/v2/").text == "the site's own"

    def test_the_first_route_answers(self, site: Site) -> None:
        """A route that the site adds after the status page does not take its place."""
        site.app.add_url_rule("/api/v2/status.json", "late", lambda: "too late")
        assert site.client.get("/api/v2/status.json").json is not None

    def test_what_is_not_there(self, site: Site) -> None:
        """An address that Statuspage has and we do not is answered in JSON."""
        answer = site.client.get("/status/api/v2/subscribers.json")
        assert (answer.status_code, answer.json["error"]["status"]) == (404, 404)

    @pytest.mark.parametrize("prefix", ["/status", ""])
    def test_a_fault_is_told_as_json(self, site: Site, prefix: str, caplog: Any) -> None:
        """When nothing is known no program gets an old or an empty answer for a new one."""
        caplog.set_level(logging.CRITICAL)
        state = site.app.extensions["status_plugin"]
        site.app.extensions["status_plugin"] = replace(state, station=object())
        answer = site.client.get(f"{prefix}/api/v2/summary.json")
        assert (answer.status_code, answer.json["error"]["status"]) == (503, 503)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def clashing_site(root: Path, path: str, **settings: Any) -> Flask:
    """A site with a route of its own at `path`, and then the status page."""
    (root / "content").mkdir()
    app = Flask("clashing_site", root_path=str(root))
    app.config.from_mapping({"STATUS_TIMEZONE": "UTC", "STATUS_MONITOR": []} | settings)
    app.add_url_rule(path, "its_own", lambda **_: "the site's own")
    StatusPlugin(app)
    return app


class TestHeaders:
    """What programs and browsers may do with the answers."""

    @pytest.mark.parametrize("prefix", ["/status", ""])
    def test_scripts_of_every_site_may_read(self, site: Site, prefix: str) -> None:
        """A widget on another site gets its answer, also when nothing has changed since its last."""
        url = f"{prefix}/api/v2/summary.json"
        first = site.client.get(url, headers={"Origin": "https://elsewhere.example"})
        again = site.client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        head = site.client.head(url)
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
        for answer in (first, again, head):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Access-Control-Expose-Headers"] == "ETag"
            assert "s-maxage=10" in answer.headers["Cache-Control"]
            assert "Access-Control-Allow-Credentials" not in answer.headers
        assert head.headers["Content-Length"] == first.headers["Content-Length"]

    @pytest.mark.parametrize("prefix", ["/status", ""])
    def test_a_browser_asks_first(self, site: Site, prefix: str) -> None:
        """A script that sends headers of its own passes the browser's preflight, to read and nothing else."""
        answer = site.client.options(
            f"{prefix}/api/v2/summary.json",
            headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"},
        )
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert answer.headers["Access-Control-Allow-Headers"] == "*"
        assert site.client.post(f"{prefix}/api/v2/summary.json").status_code == 405

    def test_the_pages_stay_closed(self, site: Site) -> None:
        """Only the API is open to the scripts of other sites."""
        assert "Access-Control-Allow-Origin" not in site.client.get("/status/").headers
        assert "Access-Control-Allow-Origin" not in site.client.get("/status/board.json").headers

    def test_the_clock_alone_is_no_news(self, site: Site) -> None:
        """While nothing changes an answer made again is the same to the byte; what changes is seen."""
        first = site.client.get("/status/api/v2/summary.json")
        site.app.extensions["status_plugin"].station._edition = None
        site.clock.move(40)
        again = site.client.get("/status/api/v2/summary.json")
        assert (first.data, first.headers["ETag"]) == (again.data, again.headers["ETag"])
        site.note("incidents/down.md", INCIDENT.replace("Half", "All"))
        site.clock.move(2)
        changed = site.client.get(
            "/status/api/v2/summary.json", headers={"If-None-Match": first.headers["ETag"]}
        )
        assert changed.status_code == 200


class TestIds:
    """The ids, which programs keep."""

    def test_they_never_change(self) -> None:
        """Another process, another version: the same twelve letters and digits."""
        assert component_id("srv3") == "jrelgdjnug6t"
        assert group_id("Shared hosting") == "7c2v6sh46ewu"
        assert item_id(incident("down")) == "fqsziatj2jgz"
        assert update_id(incident("down"), "1") == "wnhdranjkibf"
        assert item_id(window("w")) == "ljj2c73iaile"

    def test_no_two_are_the_same(self) -> None:
        """An incident, a window and a component of one slug are three things."""
        assert len({item_id(incident("x")), item_id(window("x")), component_id("x"), group_id("x")}) == 4

    def test_a_note_keeps_its_id(self, site: Site) -> None:
        """A note that is renamed, twice, stays the same incident with the same updates."""
        before = summary(site)["incidents"][0]
        old = site.folder / "incidents" / "down.md"
        for aliases, name in (("down", "srv3-down"), ("down, srv3-down", "2026-11-20-srv3")):
            old.unlink()
            renamed = INCIDENT.replace("impact:", f"aliases: [{aliases}]\nimpact:")
            old = site.note(f"incidents/{name}.md", renamed)
            site.clock.move(2)
            (after,) = summary(site)["incidents"]
            assert after["shortlink"] == f"http://localhost/status/incidents/{name}/"
            assert after | {"shortlink": None} == before | {"shortlink": None}

    def test_a_correction_is_no_new_update(self, site: Site) -> None:
        """A text or a time that is corrected keeps the ids of the incident and its updates."""
        ids = [told["id"] for told in summary(site)["incidents"][0]["incident_updates"]]
        site.note("incidents/down.md", INCIDENT.replace("Half of", "Half").replace("6:40pm", "6:30pm"))
        site.clock.move(2)
        (after,) = summary(site)["incidents"]
        assert after["incident_updates"][0]["body"] == "Half the memory is gone."
        assert after["updated_at"] == "2026-11-20T18:30:00.000-05:00"
        assert [told["id"] for told in after["incident_updates"]] == ids

    def test_the_page_is_its_address(self, site: Site) -> None:
        """The page's id holds over http and https, and two companies' pages differ."""
        urls = ["http://www.example.com", "https://www.example.com", "https://www.example.net"]
        pages = [site.client.get("/api/v2/status.json", base_url=url).json["page"] for url in urls]
        assert pages[0]["id"] == pages[1]["id"] != pages[2]["id"]
        assert [page["name"] for page in pages] == ["www.example.com", "www.example.com", "www.example.net"]
        assert pages[1]["url"] == "https://www.example.com/status/"


class TestWords:
    """Our words and times in Statuspage's."""

    @pytest.mark.parametrize(
        ("impact", "wanted"),
        [
            (OPERATIONAL, "none"),
            (MAINTENANCE, "none"),
            (UNKNOWN, "minor"),
            (SLOW, "minor"),
            (PARTIAL, "major"),
            (OFFLINE, "critical"),
        ],
    )
    def test_impact(self, impact: State, wanted: str) -> None:
        """Each state that an incident can claim is one of Statuspage's four impacts."""
        (entry,) = everything(board(current=(incident(impact=impact),)))["incidents.json"]["incidents"]
        assert entry["impact"] == wanted

    @pytest.mark.parametrize(
        ("state", "wanted"),
        [
            (OPERATIONAL, "none"),
            (MAINTENANCE, "maintenance"),
            (UNKNOWN, "minor"),
            (SLOW, "minor"),
            (PARTIAL, "major"),
            (OFFLINE, "critical"),
        ],
    )
    def test_indicator(self, state: State, wanted: str) -> None:
        """Each overall state is one of Statuspage's indicators, and what nobody knows is at least minor."""
        shown = board(state, "In our own words", rows=hosting_rows(state))
        assert everything(shown)["status.json"]["status"] == {
            "indicator": wanted,
            "description": "In our own words",
        }

    def test_all_is_well(self) -> None:
        """Programs that look for Statuspage's own sentence find it."""
        assert everything(board())["status.json"]["status"] == {
            "indicator": "none",
            "description": "All Systems Operational",
        }

    def test_zones(self) -> None:
        """Times carry the zone's offset to the millisecond; a zone without a name is told as UTC."""
        moment = at("17:33") + timedelta(microseconds=123456)
        eastern = ZoneInfo("America/New_York")
        assert (zone_name(eastern), stamp_in(eastern)(moment)) == (
            "America/New_York",
            "2008-09-04T17:33:00.123-04:00",
        )
        assert (zone_name(UTC), stamp_in(UTC)(moment)) == ("Etc/UTC", "2008-09-04T21:33:00.123Z")
        assert zone_name(ZoneInfo("UTC")) == "Etc/UTC"
        assert zone_name(timezone(timedelta(hours=2))) == "Etc/UTC"

    def test_words_of_every_kind(self) -> None:
        """Whatever people write arrives as plain text, and never as nothing."""
        shown = board(
            current=(
                incident("a", HOSTILE, text=HOSTILE, started=exact("17:00")),
                incident("b", "No word", text="[a]: https://www.example.com/", started=exact("16:00")),
            )
        )
        first, second = everything(shown)["incidents.json"]["incidents"]
        assert first["name"] == HOSTILE
        assert first["incident_updates"][0]["body"]
        assert second["incident_updates"][0]["body"] == "No word."


class TestComponents:
    """The table."""

    def test_groups_and_members(self) -> None:
        """A group stands before its members; positions count within it; what has no group stands alone."""
        rows = (
            row("Srv3", SLOW, description="Web and mail"),
            row("Portal", group=""),
            row("ns3", UNKNOWN, group="Name servers"),
            row("Srv9"),
            row("Mail", group=""),
        )
        values = everything(board(rows=rows))["components.json"]["components"]
        assert [(part["name"], part["position"], part["group"], part["status"]) for part in values] == [
            ("Shared Linux hosting", 1, True, "degraded_performance"),
            ("Srv3", 1, False, "degraded_performance"),
            ("Srv9", 2, False, "operational"),
            ("Portal", 2, False, "operational"),
            ("Name servers", 3, True, "degraded_performance"),
            ("ns3", 1, False, "degraded_performance"),
            ("Mail", 4, False, "operational"),
        ]
        group, srv3, srv9, portal, *_ = values
        assert group["components"] == [srv3["id"], srv9["id"]]
        assert srv3["group_id"] == srv9["group_id"] == group["id"]
        assert portal["group_id"] is None
        assert (srv3["description"], srv9["description"]) == ("Web and mail", None)
        assert srv3["updated_at"] == "2008-09-01T02:10:00.000-04:00"
        assert srv3["created_at"] == "1970-01-01T00:00:00.000Z"

    def test_what_is_listed_no_more(self) -> None:
        """A component that the page does not list any more is named nowhere."""
        shown = board(current=(incident(affects={"srv3": OFFLINE, "gone": OFFLINE}),))
        (entry,) = everything(shown)["incidents.json"]["incidents"]
        assert [part["name"] for part in entry["components"]] == ["Srv3"]
        assert "gone" not in json.dumps(everything(shown))


class TestLists:
    """The lists of everything, which are bounded."""

    def test_the_most_recent_incidents(self) -> None:
        """Fifty of them, newest first; what is open is always among them, however old."""
        past = tuple(
            incident(
                f"past-{number}",
                phase=IncidentPhase.RESOLVED,
                started=exact(f"{number // 60:02}:{number % 60:02}", day=3),
                ended=exact("12:00", day=3),
            )
            for number in range(60)
        )
        shown = board(current=(incident("old", started=exact("10:00", day=1)),), past=past)
        listed = everything(shown)["incidents.json"]["incidents"]
        wanted = [f"past-{number}" for number in range(59, 10, -1)] + ["old"]
        assert [entry["shortlink"].split("/")[-2] for entry in listed] == wanted
        assert len(listed) == MOST_RECENT

    def test_the_most_recent_windows(self) -> None:
        """Fifty of them, newest first; what is ahead is always among them."""
        past = tuple(
            window(
                f"past-{number}",
                life=Life.COMPLETED,
                phase=MaintenancePhase.COMPLETED,
                starts=exact(f"{number // 60:02}:{number % 60:02}", day=3),
                ends=exact("12:00", day=3),
            )
            for number in range(60)
        )
        shown = board(scheduled=(window("ahead", starts=exact("10:00", day=9)),), past=past)
        listed = everything(shown)["scheduled-maintenances.json"]["scheduled_maintenances"]
        wanted = ["ahead"] + [f"past-{number}" for number in range(59, 10, -1)]
        assert [entry["shortlink"].split("/")[-2] for entry in listed] == wanted

    def test_every_alert_that_has_passed(self) -> None:
        """An alert that the page has no room for any more is still told, as resolved."""
        alerts: tuple[Item, ...] = tuple(
            alert(f"auto-ns3-2008090{day}T000000Z", ended=at("18:00", day)) for day in (1, 2, 3)
        )
        shown = replace(board(past=alerts), past=alerts[:1])
        listed = everything(shown)["incidents.json"]["incidents"]
        assert [entry["status"] for entry in listed] == ["resolved"] * 3

    def test_a_site_without_anything(self, tmp_path: Path) -> None:
        """No notes, no monitoring: empty lists, never missing keys, and nothing is called operational."""
        value = summary(mounted_site(tmp_path, components="- name: Srv3\n"))
        assert (value["incidents"], value["scheduled_maintenances"]) == ([], [])
        assert value["status"] == {"indicator": "none", "description": "No problems reported"}
        assert value["page"]["updated_at"] == "1970-01-01T00:00:00.000Z"
