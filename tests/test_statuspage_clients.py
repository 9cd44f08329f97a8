"""Programs that others wrote for Statuspage, as they are published, read a board of ours unchanged."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, send_from_directory
from loopback_server import LoopbackServer
from mounted_site import INCIDENT, Site, mounted_site
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from system_parts import FOREIGN, NPM
from werkzeug.serving import make_server

pytestmark = pytest.mark.system("statuspage clients")

# The pages that two of the programs know by heart: they are led here instead.
KNOWN_BY_HEART = ("kctbh9vrtdwd.statuspage.io", "www.githubstatus.com")

TOO_NEW = "statuscheck requires a httpx that needs Python 3.12 or older"

COMPONENTS = """\
- group: Shared hosting
  components:
    - name: Srv3
      description: Web and mail
    - name: Srv9
- group: Name servers
  components:
    - name: ns3
- name: Portal
"""

UNDER_WAY = """\
---
title: New memory for ns3
starts: 2026-11-20 6pm Eastern
ends: 2026-11-20 9pm Eastern
affects: [ns3]
---
ns3 is off while its memory is replaced.

Update @ 6:05pm Eastern [in progress]: ns3 is off.
"""

AHEAD = """\
---
title: Router upgrade
starts: 2026-11-28 11:30pm Eastern
duration: 90m
affects: [Shared hosting]
---
The network goes off.
"""

OVER = """\
---
title: Mail was slow
started: 2026-11-18 9am Eastern
impact: degraded
affects: [srv9]
---
Update @ 10am Eastern [resolved]: It is fast again.
"""

ALL_OF_AERO = """
const {StatusPageClient, maintenances} = require("@aero/statuspage");
const client = () => new StatusPageClient(process.argv[1]);
(async () => console.log(JSON.stringify({
  summary: await client().summary(),
  status: await client().status(),
  components: await client().components(),
  incidents: await client().incidents(),
  unresolved: await client().incidents(true),
  all: await client().maintenances(maintenances.ALL),
  active: await client().maintenances(maintenances.ACTIVE),
  upcoming: await client().maintenances(maintenances.UPCOMING),
})))();
"""

ALL_OF_STATUSPAGE_IO = """
const {Statuspage} = require("statuspage.io");
const page = new Statuspage("any-id");
page.setApiUrl(process.argv[1]);
(async () => console.log(JSON.stringify({
  summary: await page.api.getSummary(),
  status: await page.api.getStatus(),
  components: await page.api.getComponents(),
  incidents: await page.api.incidents.getAll(),
  unresolved: await page.api.incidents.getUnresolved(),
  upcoming: await page.api.scheduledMaintenances.getUpcoming(),
})))();
"""

ALL_OF_WHADUP = """
import json
from whadup import GithubStatus
page = GithubStatus()
print(json.dumps({
    "summary": page.summary(), "status": page.status(), "components": page.components(),
    "incidents": page.Incidents(), "unresolved": page.Incidents.unresolved(),
    "all": page.Maintenances(), "upcoming": page.Maintenances.upcoming(),
    "active": page.Maintenances.active(),
}))
"""


@dataclass(frozen=True)
class Served:
    """A site on loopback; `led_here` is the environment in which the pages known by heart are ours."""

    site: Site
    origin: str
    led_here: dict[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site with groups, an open incident, work under way, work ahead and an incident that is over."""
    site = mounted_site(tmp_path_factory.mktemp("site"), components=COMPONENTS, STATUS_API_AT_ROOT=True)
    site.note("incidents/down.md", INCIDENT)
    site.note("incidents/mail.md", OVER)
    site.note("maintenance/memory.md", UNDER_WAY)
    site.note("maintenance/routers.md", AHEAD)
    site.clock.move(2)
    with serving(site, tmp_path_factory.mktemp("certificate")) as found:
        yield found


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site that knows little: monitoring is silent, and notes tell no times."""
    site = mounted_site(
        tmp_path_factory.mktemp("doubtful"),
        STATUS_API_AT_ROOT=True,
        STATUS_MONITOR="nagios:/nonexistent/status.dat",
        STATUS_MONITOR_MAP={"srv3": {"nagios": {"host": "srv3.dal.example.net", "checks": {"Web": "HTTP"}}}},
    )
    site.note("incidents/someday.md", "---\ntitle: Srv3 was away\naffects: [srv3]\n---\n")
    site.note("maintenance/someday.md", "---\ntitle: New disks\naffects: [srv3]\n---\n")
    site.note("maintenance/off.md", AHEAD + "\nUpdate @ 2026-11-20 6pm [cancelled]:\n")
    site.clock.move(2)
    with serving(site, tmp_path_factory.mktemp("certificate")) as found:
        yield found


@contextmanager
def serving(site: Site, folder: Path) -> Iterator[Served]:
    """The site on a port of its own, and in place of the pages that are known by heart."""
    certificate, key = certified(folder)
    with (
        listening(site.app) as port,
        listening(site.app, ssl_context=(certificate, key)) as tls_port,
        LoopbackServer(lambda connection: tunnel(connection, tls_port)) as proxy,
    ):
        led_here = {
            "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}",
            "SSL_CERT_FILE": certificate,
            "REQUESTS_CA_BUNDLE": certificate,
        }
        yield Served(site=site, origin=f"http://127.0.0.1:{port}", led_here=led_here)


@contextmanager
def listening(app: Flask, **options: Any) -> Iterator[int]:
    """The port of a server that is up while it is needed."""
    server = make_server("127.0.0.1", 0, app, threaded=True, **options)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certified(folder: Path) -> tuple[str, str]:
    """A certificate for the pages that are known by heart, good for a day, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = ",".join(f"DNS:{name}" for name in KNOWN_BY_HEART)
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=tests"]
    subprocess.run(
        [*asked, "-addext", f"subjectAltName={names}", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    return str(certificate), str(key)


def tunnel(connection: socket.socket, port: int) -> None:
    """A proxy's part: whichever of the known pages is asked for, lead to this port."""
    asked = b""
    while b"\r\n\r\n" not in asked:
        asked += connection.recv(4096)
    assert re.match(rf"CONNECT ({'|'.join(map(re.escape, KNOWN_BY_HEART))}):443 ", asked.decode())
    with socket.create_connection(("127.0.0.1", port)) as inner:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        onward = threading.Thread(target=pump, args=(connection, inner), daemon=True)
        onward.start()
        pump(inner, connection)


def pump(source: Any, sink: Any) -> None:
    """Pass on all that comes."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        # One of the two has hung up.
        return


def ran(*command: str, **options: Any) -> str:
    """What a program says on its standard output; it must end well."""
    environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    more = options.pop("env", {})
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment | more,
        stdin=subprocess.DEVNULL,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def node(script: str, *arguments: str) -> Any:
    """What a script prints as JSON, with the packages from npm at hand."""
    return json.loads(ran("node", "-e", script, *arguments, cwd=NPM))


def names(entries: list[dict[str, Any]]) -> list[str]:
    """The names of components, incidents or windows."""
    return [entry["name"] for entry in entries]


def test_aero_statuspage(served: Served) -> None:
    """npm `@aero/statuspage` reads all eight answers under the mount prefix, and puts members into groups."""
    read = node(ALL_OF_AERO, f"{served.origin}/status")
    assert read["status"]["status"] == {
        "description": "Srv3 is offline",
        "indicator": "critical",
    }
    assert read["status"]["page"]["url"] == f"{served.origin}/status/"
    hosting, name_servers, portal = read["components"]
    assert (hosting["name"], names(hosting["children"])) == ("Shared hosting", ["Srv3", "Srv9"])
    assert [child["status"] for child in hosting["children"]] == ["major_outage", "operational"]
    assert (name_servers["status"], portal["children"]) == ("under_maintenance", [])
    assert names(read["incidents"]) == ["Srv3 is not responding", "Mail was slow"]
    (incident,) = read["unresolved"]
    assert incident["url"] == f"{served.origin}/status/incidents/down/"
    assert (incident["impact"], incident["status"]) == ("critical", "identified")
    assert incident["updates"][0]["description"] == "Half of the memory is gone."
    assert incident["updated"] == "2026-11-20T23:40:00.000Z"
    assert names(read["all"]) == ["Router upgrade", "New memory for ns3"]
    assert names(read["active"]) == ["New memory for ns3"]
    assert names(read["upcoming"]) == ["Router upgrade"]
    assert names(read["summary"]["maintenances"]) == ["New memory for ns3", "Router upgrade"]
    assert read["summary"]["components"] == read["components"]


def test_statuspage_io(served: Served) -> None:
    """npm `statuspage.io` reads all that it knows how to ask for; whatever window it asks for, it asks for
    those ahead."""
    read = node(ALL_OF_STATUSPAGE_IO, f"{served.origin}/status")
    assert read["status"]["status"]["indicator"] == "critical"
    assert read["summary"]["components"] == read["components"]["components"]
    assert names(read["incidents"]["incidents"]) == ["Srv3 is not responding", "Mail was slow"]
    assert read["unresolved"]["incidents"] == read["summary"]["incidents"]
    (ahead,) = read["upcoming"]["scheduled_maintenances"]
    assert ahead["scheduled_until"] == "2026-11-29T01:00:00.000-05:00"


def test_statuspage_prometheus_exporter(served: Served, tmp_path: Path) -> None:
    """PyPI `statuspage-prometheus-exporter` makes metrics of state, incident, windows and components."""
    found = metrics(served.origin, tmp_path)
    assert found["statuspage_probe_check", ()] == 1
    assert found["statuspage_service_status", ()] == 0
    for name, value in {"Srv3": 0, "Srv9": 1, "ns3": 0, "Portal": 1, "Shared hosting": 0}.items():
        assert found["statuspage_component_status", (("component_name", name),)] == value
    (incident,) = [dict(labels) for name, labels in found if name == "statuspage_incident_info"]
    assert incident["impact"] == "critical"
    assert incident["affected_components"] == "Srv3"
    assert incident["started_at"] == "2026-11-20T18:00:00-05:00"
    windows = [dict(labels) for name, labels in found if name == "statuspage_maintenance_info"]
    assert {(window["maintenance_name"], window["scheduled_start"]) for window in windows} == {
        ("New memory for ns3", "2026-11-20T18:00:00-05:00"),
        ("Router upgrade", "2026-11-28T23:30:00-05:00"),
    }


def metrics(origin: str, folder: Path) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What the exporter makes of a site, by name and labels but that of the service."""
    services = {"ours": {"url": f"{origin}/status/api/v2/summary.json", "name": "Ours"}}
    (folder / "services.json").write_text(json.dumps(services))
    environment = {"RUN_MODE": "once", "METRICS_TEXTFILE_PATH": str(folder / "metrics.prom")}
    ran(str(FOREIGN / "bin" / "statuspage-prometheus-exporter"), cwd=folder, env=environment)
    text = (folder / "metrics.prom").read_text()
    found = {}
    for name, labels, value in re.findall(r"^(statuspage_\w+)\{(.*)\} (\S+)$", text, re.MULTILINE):
        pairs = re.findall(r'(\w+)="(.*?)"', labels)
        found[name, tuple(pair for pair in pairs if pair[0] != "service_name")] = float(value)
    return found


@pytest.mark.skipif(sys.version_info >= (3, 13), reason=TOO_NEW)
def test_statuscheck(served: Served) -> None:
    """PyPI `statuscheck` tells at the command line what is open, what is planned and what it touches."""
    told = ran(str(FOREIGN / "bin" / "statuscheck"), "--verbose", "github", env=served.led_here)
    assert told.splitlines() == [
        "Current GitHub status: Critical incident",
        "Registered events:",
        "- [identified] Srv3 is not responding",
        "  Affected components:",
        "    - Srv3 [Major outage]",
        "- [in_progress] New memory for ns3",
        "  Affected components:",
        "    - ns3 [Under maintenance]",
        "- [scheduled] Router upgrade",
        "  Affected components:",
        "    - Srv3 [Major outage]",
        "    - Srv9 [Operational]",
        "",
        "More: https://www.githubstatus.com/",
    ]


def test_whadup(served: Served) -> None:
    """PyPI `whadup` reads all eight answers at a site's root, over TLS."""
    read = json.loads(ran(str(FOREIGN / "bin" / "python"), "-c", ALL_OF_WHADUP, env=served.led_here))
    assert read["status"]["page"]["url"] == "https://www.githubstatus.com/status/"
    assert read["summary"]["status"] == read["status"]["status"]
    assert read["summary"]["components"] == read["components"]["components"]
    assert read["summary"]["incidents"] == read["unresolved"]["incidents"]
    assert names(read["incidents"]["incidents"]) == ["Srv3 is not responding", "Mail was slow"]
    assert names(read["all"]["scheduled_maintenances"]) == ["Router upgrade", "New memory for ns3"]
    assert names(read["active"]["scheduled_maintenances"]) == ["New memory for ns3"]
    assert names(read["upcoming"]["scheduled_maintenances"]) == ["Router upgrade"]


def test_what_nobody_knows(doubtful: Served, tmp_path: Path) -> None:
    """Silence, missing times and cancelled work trip no program, and none of them reads green."""
    read = node(ALL_OF_AERO, f"{doubtful.origin}/status")
    assert read["status"]["status"]["indicator"] == "minor"
    assert names(read["unresolved"]) == ["Srv3 was away"]
    assert [(window["name"], window["status"]) for window in read["all"]] == [
        ("Router upgrade", "completed"),
        ("New disks", "scheduled"),
    ]
    assert node(ALL_OF_STATUSPAGE_IO, f"{doubtful.origin}/status")["status"]["status"]["indicator"] == "minor"
    found = metrics(doubtful.origin, tmp_path)
    assert found["statuspage_probe_check", ()] == 1
    assert found["statuspage_component_status", (("component_name", "Srv3"),)] == 0


@pytest.mark.skipif(sys.version_info >= (3, 13), reason=TOO_NEW)
def test_statuscheck_in_doubt(doubtful: Served) -> None:
    """`statuscheck` knows every word that we use for what nobody knows."""
    told = ran(str(FOREIGN / "bin" / "statuscheck"), "--verbose", "github", env=doubtful.led_here)
    assert told.splitlines()[0] == "Current GitHub status: Minor incident"
    assert "    - Srv3 [Degraded performance]" in told.splitlines()


def other_site(src: str) -> Flask:
    """A site elsewhere, with a policy, that shows Atlassian's widget twice, as its manual says."""
    app = Flask("other_site")
    page = (
        "<!doctype html><html><head><script src='/index.js'></script></head><body>"
        f"<statuspage-widget src='{src}'></statuspage-widget>"
        f"<statuspage-widget src='{src}' appearance='badge' title='our hosting'></statuspage-widget>"
        "</body></html>"
    )
    dist = NPM / "node_modules" / "@statuspage" / "status-widget" / "dist"
    origin = src.removesuffix("/status/")
    scripts = "script-src 'self' 'unsafe-eval'; style-src 'unsafe-inline'"
    policy = f"default-src 'none'; {scripts}; connect-src {origin}"
    headers = {"Content-Security-Policy": policy}
    app.add_url_rule("/", "page", lambda: Response(page, mimetype="text/html", headers=headers))
    app.add_url_rule("/index.js", "script", lambda: send_from_directory(dist, "index.js"))
    return app


@pytest.mark.system("chromium")
def test_status_widget(served: Served) -> None:
    """Atlassian's `@statuspage/status-widget` shows our state on a page of another site."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        with listening(other_site(f"{served.origin}/status/")) as port:
            driver.get(f"http://127.0.0.1:{port}/")
            shown = WebDriverWait(driver, 30).until(lambda _: widgets(driver))
    finally:
        driver.quit()
    # The stylesheet of the widget's own has been let in.
    assert {widget.pop("colour") for widget in shown} == {"rgb(231, 76, 60)"}
    assert shown == [
        {
            "text": "Srv3 is offline",
            "indicator": "status-indicator critical",
            "link": f"{served.origin}/status/",
        },
        {
            "text": "our hosting Srv3 is offline",
            "indicator": "status-indicator critical",
            "link": f"{served.origin}/status/",
        },
    ]


def widgets(driver: Any) -> Any:
    """What the widgets show, once they do."""
    return driver.execute_script(
        """
        const shown = [...document.querySelectorAll("statuspage-widget")].map((widget) => {
          const root = widget.shadowRoot, mark = root && root.querySelector(".status-indicator");
          return mark && {
            text: root.querySelector(".status-container").textContent.trim().replace(/\\s+/g, " "),
            indicator: mark.className.trim(),
            colour: getComputedStyle(mark).backgroundColor,
            link: root.querySelector("a").href,
          };
        });
        return shown.length === 2 && shown.every(Boolean) ? shown : null;
        """
    )
