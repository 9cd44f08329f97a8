"""Nothing of the raw monitoring data reaches a visitor, a program, a log or the cache."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cache_servers import eventually
from cachelib import FileSystemCache
from flask_caching import Cache
from mounted_site import INCIDENT, Site, mounted_site
from nagios_captures import CAPTURED, CHECKS, LABELS
from statuspage_answers import ADDRESSES
from test_privacy_of_sources import DAMAGES, NAME, TEXTS, everything_logged, planted

from status_plugin.sources.summary_cache import ENTRY

MARKER = "zzprivate4711"
COMPONENTS = "".join(
    f"- name: Public {host}\n  checks: [{', '.join(LABELS[check] for check in checks)}]\n"
    for host, checks in CHECKS.items()
)
MAP = {
    f"public-{host}": {
        "nagios": {
            "host": f"{MARKER}{host}",
            "checks": {LABELS[check]: f"{MARKER}{check}" for check in checks},
        }
    }
    for host, checks in CHECKS.items()
}


def site_on(data: bytes, tmp_path: Path) -> Site:
    """A site that reads this status file at the time at which it was captured."""
    (tmp_path / "status.dat").write_bytes(data)
    site = mounted_site(
        tmp_path,
        components=COMPONENTS,
        STATUS_MONITOR=f"nagios:{tmp_path / 'status.dat'}",
        STATUS_MONITOR_MAP=MAP,
        STATUS_CACHE={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "cache")},
    )
    site.clock.now = CAPTURED[NAME]
    site.note("incidents/down.md", INCIDENT.replace("srv3", "public-srv3").replace("2026", "2025"))
    return site


def everything_told(site: Site, tmp_path: Path) -> str:
    """All answers with their headers, all that is logged, all that is in the cache, and what `check` says."""
    addresses = ["/status/", "/status/board.json", "/status/incidents/", "/status/incidents/down/"]
    addresses += ["/status/maintenance/", "/status/nowhere/", "/status/nowhere.json"]
    addresses += ["/status/feed.atom", "/status/feed.json", "/status/maintenance.ics"]
    addresses += [f"/status/components/public-{host}/{end}" for host in CHECKS for end in ("", "feed.atom")]
    addresses += [f"/status/api/v2/{name}" for name in ADDRESSES]
    with everything_logged() as told:
        for seconds in (0, 60, 400):
            site.clock.now = CAPTURED[NAME] + timedelta(seconds=seconds)
            answers = [site.client.get(address) for address in addresses]
            told += [f"{answer.headers}{answer.get_data(as_text=True)}" for answer in answers]
        told.append(site.app.test_cli_runner().invoke(args=["status", "check"]).output)
        told.append(site.app.test_cli_runner().invoke(args=["status", "watch", "--once"]).output)
    told += [
        path.read_bytes().decode("latin-1") for path in (tmp_path / "cache").rglob("*") if path.is_file()
    ]
    return "\n".join(told)


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_private_is_told(tmp_path: Path, damage: str) -> None:
    """Whatever private words stand in every field of the file, whole or damaged: nobody is told one."""
    data = planted(TEXTS, MARKER)
    assert data.count(MARKER.encode()) > 100
    site = site_on(DAMAGES[damage](data), tmp_path)
    told = everything_told(site, tmp_path)
    assert "Public srv3" in told, "the public side is there"
    assert MARKER not in told.casefold()
    if damage == "none":
        assert '"facts_at":"20' in told, "and monitoring was really read"
        assert list((tmp_path / "cache").iterdir())


def test_what_is_looked_for_would_be_found(tmp_path: Path) -> None:
    """A page that told a private word would not pass."""
    site = site_on(planted(TEXTS, MARKER), tmp_path)
    site.note("incidents/leak.md", INCIDENT.replace("srv3", "public-srv3").replace("Nothing of", MARKER))
    assert MARKER in everything_told(site, tmp_path)


def test_the_cache_of_the_site(tmp_path: Path) -> None:
    """A site may bring its own cache; what is kept there is text without pickled objects."""
    from flask import Flask

    from status_plugin import StatusPlugin

    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "components.yml").write_text("- name: Srv3\n")
    app = Flask("own_cache", root_path=str(tmp_path))
    app.config.from_mapping(STATUS_TIMEZONE="UTC")
    cache = Cache(
        app, with_jinja2_ext=False, config={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "c")}
    )
    StatusPlugin(app, cache=cache)
    assert app.test_client().get("/status/").status_code == 200
    backend = app.extensions["cache"][cache]
    assert isinstance(backend, FileSystemCache)
    eventually(lambda: isinstance(backend.get(f"status_plugin.{ENTRY}"), str), "nothing is kept")
