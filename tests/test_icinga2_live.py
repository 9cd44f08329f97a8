"""`icinga2:` and `livestatus:` beside a real Icinga 2: both say what is so, and the page follows it."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icinga2_daemon import PASSWORD, Icinga2Daemon
from mounted_site import Site, mounted_site
from nagios_captures import observations, words
from nagios_daemon import wait_until
from test_documentation import PAGES, snippets

from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import Source, SourceError, SourceTerms, open_sources

pytestmark = pytest.mark.system("icinga2")

HOST, STRANGE, BEHIND, PRIVATE = "srv3.dal.example.net", 'Büro "1" Or: 2', "behind", "acme-billing-db"
HOSTS = {
    HOST: ["http", "smtp", "handed in", "agent"],
    STRANGE: ["Drücker & Co"],
    BEHIND: [],
    PRIVATE: ["sql"],
}
PUBLIC = "  vars.status_page = true\n"
OPTIONS = {
    HOST: PUBLIC,
    STRANGE: PUBLIC,
    BEHIND: PUBLIC,
    f"{HOST}/handed in": "  enable_active_checks = false\n  max_check_attempts = 1\n",
}
OTHER_USERS = """
object ApiUser "nobody" {{ password = "{password}", permissions = [ ] }}
object ApiUser "lean" {{
  password = "{password}"
  permissions = [ "objects/query/Host", "objects/query/Service" ]
}}
object Dependency "way" {{ parent_host_name = "{private}", child_host_name = "{behind}" }}
object Dependency "agent" {{
  parent_host_name = "{host}"
  parent_service_name = "agent"
  child_host_name = "{host}"
  child_service_name = "smtp"
}}
"""
ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "srv3": {"host": HOST, "checks": {"Web": "http", "Mail": "smtp"}},
    "srv4": {"host": STRANGE, "checks": {"Web": "Drücker & Co"}},
    "srv5": {"host": BEHIND},
    "srv6": {"host": HOST, "checks": {"Web": "handed in"}},
    "srv7": {"host": "Srv3.dal.example.net", "checks": {"Web": "http"}},
}
COMPONENTS = "- name: Srv3\n  checks: [Web, Mail]\n"
TERMS = SourceTerms(max_age=timedelta(seconds=4))
WAYS = ["icinga2", "livestatus", "livestatus+tcp"]


@pytest.fixture(scope="module")
def icinga(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Icinga2Daemon]:
    """An Icinga 2 that has found everything well, with the user that the documentation shows."""
    user = snippets(PAGES["monitoring-icinga.md"], "icinga2")[0].replace("hunter2", PASSWORD)
    others = OTHER_USERS.format(password=PASSWORD, private=PRIVATE, behind=BEHIND, host=HOST)
    daemon = Icinga2Daemon(tmp_path_factory.mktemp("icinga2"), HOSTS, OPTIONS, user + others)
    try:
        daemon.start()
        daemon.action("process-check-result", f"{HOST}/handed in", exit_status=0, plugin_output="private")
        all_well(daemon)
        yield daemon
    finally:
        daemon.close()


def setting(daemon: Icinga2Daemon, way: str, user: str = "status") -> str:
    """The value of STATUS_MONITOR for one of the ways to ask."""
    settings = {"livestatus": daemon.live_socket, "livestatus+tcp": daemon.live_port}
    return settings.get(way) or daemon.api_of(user)


def source_of(daemon: Icinga2Daemon, way: str, user: str = "status") -> Source:
    """The source that asks it so."""
    kind = way.partition("+")[0]
    watched = read_monitor_map({slug: {kind: entry} for slug, entry in ENTRIES.items()})
    terms = SourceTerms(max_age=TERMS.max_age, ca_file=daemon.authority)
    return open_sources(setting(daemon, way, user), watched, terms)[kind]


def said_by(source: Source) -> dict[str, str]:
    """What a source says of everything now, in words."""
    return {what: words(seen) for what, seen in observations(source.read(datetime.now(UTC))).items()}


def until_all_say(daemon: Icinga2Daemon, **expected: str) -> None:
    """Return when all ways to ask say this of hosts ("srv3") and checks ("srv3_Web")."""
    for way in WAYS:
        source = source_of(daemon, way)
        wait_until(
            lambda source=source: all(  # type: ignore[misc]
                said_by(source)[what.replace("_", "/")] == text for what, text in expected.items()
            ),
            lambda source=source, way=way: f"{way}: {said_by(source)}",  # type: ignore[misc]
        )


def all_well(daemon: Icinga2Daemon) -> None:
    """Let every check say that it is well, and wait until all say so."""
    for host, services in HOSTS.items():
        for check in [host, *(f"{host}/{service}" for service in services)]:
            daemon.flip(check, 0)
    until_all_say(
        daemon,
        srv3="operational",
        srv3_Web="operational",
        srv3_Mail="operational",
        srv4="operational",
        srv4_Web="operational",
        srv5="operational",
        srv6_Web="operational",
    )


def test_api_and_livestatus_say_what_is_so(icinga: Icinga2Daemon) -> None:
    """Well, slow, offline, out of reach, and well again; names with anything in them, and no others."""
    until_all_say(icinga, srv7="unknown", srv7_Web="unknown")
    icinga.flip(f"{HOST}/http", 1, "customer ACME")
    icinga.flip(STRANGE, 2)
    icinga.flip(PRIVATE, 2)
    icinga.flip(BEHIND, 2)
    until_all_say(
        icinga,
        srv3="operational",
        srv3_Web="degraded_performance",
        srv4="major_outage",
        srv5="unknown unreachable",
    )
    icinga.flip(f"{HOST}/agent", 2)
    icinga.flip(f"{HOST}/smtp", 2)
    source = source_of(icinga, "icinga2")
    wait_until(lambda: said_by(source)["srv3/Mail"] == "unknown unreachable", lambda: str(said_by(source)))
    all_well(icinga)


def test_planned_work(icinga: Icinga2Daemon) -> None:
    """A downtime counts from its beginning, for checks too; one of tomorrow or one that waits does not."""
    now = time.time()
    icinga.action("schedule-downtime", HOST, start_time=now - 100, end_time=now + 600)
    icinga.action("schedule-downtime", BEHIND, start_time=now + 86400, end_time=now + 86500)
    flexible = {"fixed": False, "duration": 900, "start_time": now - 86400 * 3, "end_time": now + 600}
    icinga.action("schedule-downtime", STRANGE, **flexible)
    until_all_say(
        icinga,
        srv3="operational in downtime",
        srv3_Web="operational in downtime",
        srv4="operational",
        srv5="operational",
    )
    icinga.flip(STRANGE, 2)
    until_all_say(icinga, srv4="major_outage in downtime")
    for way in WAYS:
        seen = observations(source_of(icinga, way).read(datetime.now(UTC)))
        began = {slug: seen[slug].downtime_since for slug in ("srv3", "srv4")}
        assert all(start is not None for start in began.values())
        ago = {slug: now - start.timestamp() for slug, start in began.items() if start is not None}
        assert ago["srv3"] <= 101, way
        assert -30 < ago["srv4"] < 1, way
    for host in (HOST, BEHIND, STRANGE):
        icinga.action("remove-downtime", host)
    all_well(icinga)


def test_checks_that_nobody_makes(icinga: Icinga2Daemon) -> None:
    """Switched off for one, switched off for all, and handed in from outside."""
    source = source_of(icinga, "icinga2")
    icinga.ask(f"objects/services/{HOST}!http", {"attrs": {"enable_active_checks": False}})
    wait_until(lambda: said_by(source)["srv3/Web"] == "unknown", lambda: str(said_by(source)))
    icinga.ask(f"objects/services/{HOST}!http", {"attrs": {"enable_active_checks": True}})
    icinga.ask("objects/icingaapplications/app", {"attrs": {"enable_service_checks": False}})
    until_all_say(icinga, srv3="operational", srv3_Web="unknown", srv3_Mail="unknown", srv6_Web="operational")
    icinga.action("process-check-result", f"{HOST}/handed in", exit_status=2, plugin_output="private")
    until_all_say(icinga, srv6_Web="major_outage")
    icinga.action("process-check-result", f"{HOST}/handed in", exit_status=0, plugin_output="private")
    icinga.ask("objects/icingaapplications/app", {"attrs": {"enable_service_checks": True}})
    all_well(icinga)


def test_permissions(icinga: Icinga2Daemon, caplog: pytest.LogCaptureFixture) -> None:
    """The documented user sees what is public, and no more; what others lack is said."""
    watched = read_monitor_map({"srv3": {"icinga2": {"host": PRIVATE, "checks": {"Web": "sql"}}}})
    terms = SourceTerms(ca_file=icinga.authority)
    sees, sees_not = (
        open_sources(icinga.api_of(user), watched, terms)["icinga2"] for user in ("lean", "status")
    )
    wait_until(lambda: set(said_by(sees).values()) == {"operational"}, lambda: str(said_by(sees)))
    assert set(said_by(sees_not).values()) == {"unknown"}
    assert "status/query" in caplog.text
    assert PRIVATE not in caplog.text
    with pytest.raises(SourceError, match="objects/query/Host and objects/query/Service"):
        source_of(icinga, "icinga2", user="nobody").read(datetime.now(UTC))
    with pytest.raises(SourceError, match="refuses the user or the password"):
        source_of(icinga, "icinga2", user="stranger").read(datetime.now(UTC))


def test_its_certificate_with_newer_pythons(icinga: Icinga2Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Icinga's own authority signs is trusted where Python, from 3.13 on, asks more of certificates."""

    def as_python_3_13() -> ssl.SSLContext:
        tls = really()
        tls.verify_flags |= ssl.VERIFY_X509_STRICT
        return tls

    really = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", as_python_3_13)
    assert said_by(source_of(icinga, "icinga2"))["srv3"] == "operational"


@pytest.fixture
def sites(tmp_path: Path, icinga: Icinga2Daemon) -> list[Site]:
    """Sites that ask twice a second and believe an answer for three, one for each way."""
    found = []
    for way in WAYS:
        (tmp_path / way).mkdir()
        site = mounted_site(
            tmp_path / way,
            components=COMPONENTS,
            real_time=True,
            STATUS_MONITOR=setting(icinga, way),
            STATUS_MONITOR_MAP={"srv3": {way.partition("+")[0]: ENTRIES["srv3"]}},
            STATUS_MONITOR_TTL=0.5,
            STATUS_MONITOR_MAX_AGE=3,
            STATUS_MONITOR_TIMEOUT=1,
            STATUS_MONITOR_CA_FILE=icinga.authority,
        )
        found.append(site)
    return found


def until(sites: list[Site], state: str) -> list[dict[str, Any]]:
    """The boards of all sites once their overall states are this."""
    for site in sites:
        wait_until(
            lambda site=site: site.board()["overall"]["state"] == state,  # type: ignore[misc]
            lambda site=site: str(site.board()),  # type: ignore[misc]
        )
    return [site.board() for site in sites]


def test_page_follows_a_check(
    sites: list[Site], icinga: Icinga2Daemon, caplog: pytest.LogCaptureFixture
) -> None:
    """What Icinga has confirmed is on the page with its check and an alert, and later among the past."""
    caplog.set_level(logging.INFO)
    until(sites, "operational")
    icinga.flip(f"{HOST}/http", 2, "connection refused by 10.20.30.41 (ticket 4711)")
    for board in until(sites, "partial_outage"):
        checks = [check["state"] for check in board["components"][0]["checks"]]
        assert checks == ["major_outage", "operational"]
        assert [item["kind"] for item in board["current"]] == ["alert"]
    pages = [site.client.get("/status/").get_data(as_text=True) for site in sites]
    icinga.flip(f"{HOST}/http", 0)
    boards = until(sites, "operational")
    assert [len(board["past"]) for board in boards] == [1, 1, 1]
    everything = f"{pages}{boards}{caplog.text}"
    assert "Web" in everything
    assert not [word for word in (HOST, "10.20.30.41", "4711", "a#b", "127.0.0.1") if word in everything]


def test_page_while_icinga_is_stopped_killed_and_hangs(sites: list[Site], icinga: Icinga2Daemon) -> None:
    """An Icinga that says nothing is unknown soon, whatever became of it; after its start it is itself."""
    until(sites, "operational")
    for end, begin in ((icinga.stop, icinga.start), (icinga.kill, icinga.start), (icinga.hang, icinga.wake)):
        end()
        for board in until(sites, "unknown"):
            assert board["overall"]["text"].startswith("Status unknown since ")
            assert board["facts_at"] is None
        begin()
        assert not any(board["past"] for board in until(sites, "operational")), "no outage was made of it"
