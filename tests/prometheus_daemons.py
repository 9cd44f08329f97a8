"""A real Prometheus with its Alertmanager and blackbox exporter, and sites to watch that a test flips.

All of it is under one folder and on loopback, run in the foreground by whoever runs the tests. Prometheus
looks every half second, and says again every second what fires.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

from faulty_server import FaultyServer, Reply, Request
from loopback_server import free_port
from nagios_daemon import PATIENCE, wait_until
from system_parts import SEARCH_PATH

SITES = ("srv3", "srv4")

PROMETHEUS = """
global: {{ scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms }}
rule_files: [ rules.yml ]
alerting: {{ alertmanagers: [ {{ static_configs: [ {{ targets: [ '127.0.0.1:{alertmanager}' ] }} ] }} ] }}
scrape_configs:
  - job_name: node
    static_configs:
{nodes}
    relabel_configs:
      - {{ source_labels: [ instance ], target_label: __metrics_path__, replacement: '/metrics/$1' }}
  - job_name: blackbox-http
    metrics_path: /probe
    params: {{ module: [ http_2xx ] }}
    static_configs:
{sites}
    relabel_configs:
      - {{ source_labels: [ __address__ ], target_label: __param_target }}
      - {{ target_label: __address__, replacement: '127.0.0.1:{blackbox}' }}
"""
NODE = "      - {{ targets: [ '127.0.0.1:{port}' ], labels: {{ instance: '{name}' }} }}"
SITE = "      - {{ targets: [ 'http://127.0.0.1:{port}/www/{name}' ], labels: {{ instance: '{name}' }} }}"

RULES = """
groups:
  - name: hosting
    rules:
      - { alert: Watchdog, expr: vector(1), labels: { severity: none } }
      - { alert: WebsiteWatched, expr: probe_success >= 0, labels: { severity: none } }
      - { alert: HostDown, expr: 'up{job="node"} == 0', labels: { severity: critical } }
      - { alert: WebsiteDown, expr: probe_success == 0, labels: { severity: critical } }
      - alert: WebsiteSlow
        expr: probe_duration_seconds > 0.2 and probe_success == 1
        labels: { severity: warning }
        annotations: { summary: "web on {{ $labels.instance }} is slow, rack B-07" }
"""
ALERTMANAGER = """
route: { receiver: nobody, group_wait: 1s, group_interval: 1s }
receivers: [ { name: nobody } ]
inhibit_rules:
  - source_matchers: [ 'alertname="HostDown"' ]
    target_matchers: [ 'alertname=~"Web.*"' ]
    equal: [ instance ]
"""
BLACKBOX = """
modules: { http_2xx: { prober: http, timeout: 400ms, http: { preferred_ip_protocol: ip4 } } }
"""


@dataclass
class PrometheusDaemons:
    """All of it; `states` says what each site does: "up", "down" or "slow"."""

    home: Path
    states: dict[str, str] = field(default_factory=lambda: dict.fromkeys(SITES, "up"))

    def __post_init__(self) -> None:
        self._sites = FaultyServer(self._answer)
        self._ports = {name: free_port() for name in ("prometheus", "alertmanager", "blackbox")}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def url(self, name: str) -> str:
        """Where one of them listens."""
        return f"http://127.0.0.1:{self._ports[name]}/"

    def start(self) -> None:
        """Start all of them and return when there are values of everything."""
        self.watch(*SITES)
        for name, text in {"rules": RULES, "alertmanager": ALERTMANAGER, "blackbox": BLACKBOX}.items():
            (self.home / f"{name}.yml").write_text(text, encoding="utf-8")
        for name in self._ports:
            self.run(name)
        wait_until(lambda: self._value("count(probe_success == 1)") == "2", self._last_words)
        wait_until(lambda: self._value('count(up{job="node"} == 1)') == "2", self._last_words)

    def watch(self, *sites: str) -> None:
        """Let Prometheus look at these sites alone; if it runs, from now on."""
        port = self._sites.port
        configuration = PROMETHEUS.format(
            **self._ports,
            nodes="\n".join(NODE.format(port=port, name=name) for name in sites),
            sites="\n".join(SITE.format(port=port, name=name) for name in sites),
        )
        (self.home / "prometheus.yml").write_text(configuration, encoding="utf-8")
        if "prometheus" in self._processes:
            self._processes["prometheus"].send_signal(signal.SIGHUP)

    def run(self, name: str) -> None:
        """Start one of them and return when it answers."""
        program, *more = {
            "prometheus": [
                "prometheus",
                f"--storage.tsdb.path={self.home / 'data'}",
                "--rules.alert.resend-delay=1s",
            ],
            "alertmanager": [
                "prometheus-alertmanager",
                f"--storage.path={self.home / 'alerts'}",
                "--cluster.listen-address=",
            ],
            # It takes this off the time that Prometheus leaves it.
            "blackbox": ["prometheus-blackbox-exporter", "--timeout-offset=0.1"],
        }[name]
        found = shutil.which(program, path=SEARCH_PATH)
        assert found is not None
        listen = f"--web.listen-address=127.0.0.1:{self._ports[name]}"
        with (self.home / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [found, f"--config.file={self.home / name}.yml", listen, *more],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: self._answers(name), self._last_words)

    def kill(self, name: str) -> None:
        """End one of them as a crash does."""
        process = self._processes.pop(name, None)
        if process is not None:
            process.kill()
            process.wait(PATIENCE)

    def close(self) -> None:
        """End all that runs."""
        for name in list(self._processes):
            self.kill(name)
        self._sites.__exit__(None, None, None)

    def silence(self, instance: str) -> None:
        """Silence all alerts of a site for a minute."""
        now = time.time()
        matcher = {"name": "instance", "value": instance, "isRegex": False, "isEqual": True}
        _asked(
            f"{self.url('alertmanager')}api/v2/silences",
            {
                "matchers": [matcher],
                "startsAt": _written(now),
                "endsAt": _written(now + 60),
                "createdBy": "staff",
                "comment": "new disks (ACME rack)",
            },
        )

    def _value(self, query: str) -> str:
        with suppress(URLError, ConnectionError):
            found = _asked(f"{self.url('prometheus')}api/v1/query?query={quote(query)}")
            result = found["data"]["result"]
            return str(result[0]["value"][1]) if result else ""
        return ""

    def _answer(self, request: Request) -> Reply:
        state = self.states[request.path.rpartition("/")[2]]
        if state == "slow" and request.path.startswith("/www/"):
            time.sleep(0.25)
        return Reply(
            body=b"something 1\n",
            status=500 if state == "down" else 200,
            headers={"Content-Type": "text/plain; version=0.0.4"},
        )

    def _answers(self, name: str) -> bool:
        path = "metrics" if name == "blackbox" else "-/ready"
        with suppress(URLError, ConnectionError), urllib.request.urlopen(self.url(name) + path, timeout=2):
            return True
        return False

    def _last_words(self) -> str:
        logs = sorted(self.home.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs)


def _asked(url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def _written(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
