"""Names of the monitoring in the public folder: found wherever they stand, and repeated nowhere."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.core.notes.components import Inventory
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.private_names import PrivateNames

PAST = INCIDENT.replace("2026", "2025")
COMPONENTS = "- name: Srv3\n  checks: [Web, Mail]\n"


def site_with(root: Path, host: str, check: str = "https://web01.dal.example.net/login", **more: Any) -> Site:
    """A site whose monitoring knows Srv3 by these names."""
    probe = {"host": host, "checks": {"Web": check, "Mail": "smtp://mail:25"}}
    return mounted_site(root, components=COMPONENTS, STATUS_MONITOR_MAP={"srv3": {"probe": probe}}, **more)


def said(site: Site, form: str = "text") -> list[str]:
    """What `check` says, line by line."""
    result = site.app.test_cli_runner().invoke(args=["status", "check", "--format", form])
    return result.output.splitlines()


def leaks(site: Site) -> list[str]:
    """The places at which `check` finds a private name."""
    return [line.split(": ")[0] for line in said(site) if "[private-name]" in line]


@pytest.fixture(autouse=True)
def _in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are told as they are from the site's folder."""
    monkeypatch.chdir(tmp_path)


def test_a_host_called_by_an_ordinary_word_is_found(tmp_path: Path) -> None:
    """A server named after a wizard is as private as any other; a public name is none."""
    site = site_with(tmp_path, "tcp://gandalf:22")
    site.note("incidents/down.md", PAST.replace("Nothing of Srv3", "Neither web nor mail of Gandalf"))
    assert leaks(site) == ["content/incidents/down.md:7:25"]
    assert "gandalf" not in "\n".join(said(site)).lower()


def test_a_check_called_by_an_ordinary_word_is_not_looked_for(tmp_path: Path) -> None:
    """A service called HTTP makes no error of every note that speaks of HTTP; one called by more does."""
    nagios = {"host": "gandalf", "checks": {"Web": "HTTP", "Mail": "SMTP on VLAN 12"}}
    site = mounted_site(
        tmp_path,
        components=COMPONENTS,
        STATUS_MONITOR="nagios:/nonexistent/status.dat",
        STATUS_MONITOR_MAP={"srv3": {"nagios": nagios}},
    )
    site.note("incidents/down.md", PAST.replace("Nothing of Srv3", "Neither HTTP nor SMTP on VLAN 12"))
    assert leaks(site) == ["content/incidents/down.md:7:18"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("incidents/2025-gandalf-down.md", "content/incidents/2025-***-down.md"),
        ("incidents/gandalf/down.md", "content/incidents/***/down.md"),
        ("incidents/2025_Web01.dal.example.net.md", "content/incidents/2025_***.md"),
        ("maintenance/web01-dal-example-net.md", "content/maintenance/***.md"),
    ],
)
def test_a_name_in_a_path_is_found(tmp_path: Path, path: str, shown: str) -> None:
    """The name of a file becomes an address; it is told without what must not be in it."""
    site = site_with(tmp_path, "tcp://gandalf:22")
    site.note(path.replace("gandalf", "gandalfine"), PAST)
    if "gandalf" in path:
        assert leaks(site) == [], "another word is another word"
    site.note(path, PAST)
    assert leaks(site) == [f"{shown}:1"]


@pytest.mark.parametrize("name", ["web01.dal.example.net", "gandalf", "Gandalf"])
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_no_problem_repeats_a_private_name(tmp_path: Path, name: str, form: str) -> None:
    """A host that a writer took for a component is a mistake that is told without the host."""
    site = site_with(tmp_path, "tcp://gandalf:22")
    text = PAST.replace("[srv3]", f"[{name}]").replace("impact: major", f"impact: {name}\n{name}: x")
    site.note(f"incidents/{name}.md", text)
    site.note(f"incidents/again/{name}.md", text)
    output = "\n".join(said(site, form))
    for rule in ("unknown-component", "wrong-word", "unknown-key", "duplicate-slug", "private-name"):
        assert rule in output
    assert name.lower() not in output.lower()
    assert "***" in output


def test_no_log_repeats_a_private_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What the site logs of a broken note, also where the check runs, has the place and no word of it."""
    site = site_with(tmp_path, "tcp://gandalf:22", check="https://srv3.example.com/")
    caplog.set_level(logging.INFO)
    site.note("incidents/2025-gandalf.md", PAST.replace("[srv3]", "[gandalf, srv4]"))
    site.clock.move(2)
    site.board()
    assert "incidents/2025-***.md:5:11: error [unknown-component]. `flask status check` says" in caplog.text
    assert "incidents/2025-***.md:5:20: error [unknown-component]" in caplog.text
    assert "gandalf" not in caplog.text.lower()
    assert "srv4" not in caplog.text


@pytest.mark.parametrize("of_blog", [b"See [[incident:gandalf]].", b"\xff"])
def test_nothing_said_of_the_blog_repeats_a_private_name(
    tmp_path: Path, of_blog: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The blog's posts are looked through as well, and told of in the same way."""
    blog = tmp_path / "blog"
    blog.mkdir()
    (blog / "2025-11-20-gandalf.md").write_bytes(b"---\ntitle: x\n---\n" + of_blog)
    site = site_with(tmp_path, "tcp://gandalf:22", STATUS_BLOG="blog")
    site.board()
    output = "\n".join(said(site))
    assert "blog/2025-11-20-***.md" in output
    assert "gandalf" not in (output + caplog.text).lower()


@pytest.mark.parametrize(
    ("entry", "text", "is_found"),
    [
        ({"host": 'up{instance="db7.internal:9100"}'}, "DB7.internal is gone", True),
        (
            {"checks": {"Web": 'probe_success{instance="https://db7.internal/x"}'}},
            "db7.internal is gone",
            True,
        ),
        ({"checks": {"Web": "up"}, "slow": {"Web": "a{b='rack-7'}"}}, "In rack-7 it is hot", True),
        ({"host": 'alertname=~"HostDown",instance!~"db7-.*"'}, "The host is down", False),
        ({"host": 'up{job="node",severity="critical"}'}, "A critical node", False),
        ({"host": 'up{code="200",le="0.5"}'}, "It answers 200", False),
        ({"host": 'up{a=""}'}, "up", False),
    ],
)
def test_names_in_queries_are_found(entry: dict[str, Any], text: str, is_found: bool) -> None:
    """The values of labels are names, unless they are words or numbers that tell nothing."""
    pattern = PrivateNames.of(read_monitor_map({"srv3": {"prometheus": entry}})).in_text(
        Inventory(components=())
    )
    assert bool(pattern and pattern.search(text)) is is_found
