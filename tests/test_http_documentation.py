"""docs/monitoring-http.md and the part of docs/monitoring.md about scripts say what the code does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from apache import Apache
from faulty_server import FaultyServer, json_reply
from loopback_server import CERTIFICATE
from nagios_captures import observations
from nagios_daemon import NagiosDaemon
from nagios_web import RealWeb
from test_documentation import PAGES, known_keys, part, snippets
from test_plain_json import SAID, SCHEMA

from status_plugin.core.words import State
from status_plugin.settings_reader import read_settings
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    SourceError,
    SourceTerms,
    http_client,
    http_failures,
    json_answers,
    monitor_clock,
    nagios_cgi,
    open_sources,
)
from status_plugin.sources.monitors.http_address import read_http_address

HTTP, MONITORING = PAGES["monitoring-http.md"], PAGES["monitoring.md"]
HOST = "srv3.dal.example.net"
SCRIPT_PART = MONITORING.partition("## A script of your own")[2].partition("\n## ")[0]


def first_words(page: str) -> list[str]:
    """The first cell of every row that is typed, without backquotes."""
    return re.findall(r"^\| `(.+?)` \|", page, re.MULTILINE)


class TestOverHttp:
    """docs/monitoring-http.md."""

    def test_every_configuration_works(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The plugin accepts each example, with the password from where it says."""
        (tmp_path / "content").mkdir()
        monkeypatch.setenv("NAGIOS_PASSWORD", "hunter2")
        (tmp_path / "password").write_text("hunter2\n")
        examples = snippets(HTTP, "python")
        assert len(examples) == 2
        for text in examples:
            config: dict[str, Any] = {}
            exec(text, {}, config)
            settings = read_settings(config, tmp_path, tmp_path)
            name = settings.monitor[0].replace("/etc/example/nagios-password", str(tmp_path / "password"))
            address = read_http_address(name, "")
            assert address.url == "https://monitor.example.net:443/nagios4/cgi-bin/"
            assert address.credentials is not None
            assert (address.credentials.user, address.credentials.password) == ("status", "hunter2")

    def test_letters_that_must_be_written_otherwise(self) -> None:
        """What the page says to write in an address is read as it says."""
        listed = re.search(r"In the address itself (.+?) are written as\s(.+?)\.", HTTP, re.DOTALL)
        assert listed is not None
        plain, written = ("".join(re.findall(r"`(.+?)`", text)) for text in listed.groups())
        found = read_http_address(f"x+https://u:{written}@host/", "").credentials
        assert found is not None
        assert found.password == plain == ":/@?#%"

    def test_every_clause_is_one_that_the_log_has(self) -> None:
        """The table has what the client can say, in its words."""
        source = "\n".join(
            Path(module.__file__ or "").read_text() for module in (http_failures, json_answers)
        )
        source = re.sub(r'"\s*\n\s*f?"', "", source)
        clauses = first_words(part(HTTP, "| the log says"))
        assert len(clauses) == 15
        assert [clause for clause in clauses if clause not in source] == []

    @pytest.mark.parametrize(
        ("found", "value", "words"),
        [
            (http_client.MAX_BYTES, 32 * 1024 * 1024, "| 32 MiB |"),
            (monitor_clock.TOLERANCE, timedelta(seconds=60), "more than 60 seconds between"),
            (nagios_cgi.MOST_ASKED_SINGLY, 10, "With up to 10 hosts"),
            (
                SourceTerms(timeout=timedelta(seconds=7)).total,
                timedelta(seconds=15),
                "twice that and a second",
            ),
        ],
    )
    def test_figures(self, found: object, value: object, words: str) -> None:
        """A figure on the page is the one that counts."""
        assert found == value
        assert words in HTTP

    def test_proxies_of_the_environment_are_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A password goes to the monitor and to nobody in between."""
        assert "Proxies that the environment names are not used." in HTTP
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1/")
        monitor_map = read_monitor_map({"srv3": {"json": {"host": "db-7"}}})
        with FaultyServer(lambda request: json_reply(SAID)) as server:
            open_sources(f"json+{server.url()}", monitor_map, SourceTerms())["json"].read(
                datetime.fromisoformat(str(SAID["written_at"]))
            )
            assert len(server.requests) == 1


class TestScript:
    """The part of docs/monitoring.md about a script of one's own."""

    def test_example_is_in_the_form(self) -> None:
        """The example follows the schema and has every key of the table."""
        (example,) = snippets(SCRIPT_PART, "json")
        jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(example))
        in_schema = {
            *SCHEMA["properties"],
            *SCHEMA["$defs"]["component"]["properties"],
            *SCHEMA["$defs"]["check"]["properties"],
        }
        assert set(first_words(SCRIPT_PART)) == in_schema
        assert [name for name in in_schema if f'"{name}"' not in example] == []

    def test_states_are_all_there(self) -> None:
        """Every word for a state is in the table."""
        row = next(line for line in SCRIPT_PART.splitlines() if line.startswith("| `state`"))
        assert re.findall(r"`(\w+)`", row)[1:] == [state.value for state in State]

    def test_keys_of_the_map(self) -> None:
        """The keys in the table are those that the source knows."""
        with pytest.raises(MonitorMapError) as error:
            open_sources("json:/x", read_monitor_map({"srv3": {"json": {"qqqqqq": "x"}}}), SourceTerms())
        assert set(first_words(part(MONITORING, "`json:` takes"))) == known_keys(str(error.value))

    @pytest.mark.parametrize(
        ("waiting", "state"), [(3, State.OPERATIONAL), (501, State.DEGRADED_PERFORMANCE)]
    )
    def test_script_feeds_the_page(self, tmp_path: Path, waiting: int, state: State) -> None:
        """The script that is shown runs, and the setting and the map beside it read what it writes."""
        script, setting = snippets(SCRIPT_PART, "python")
        queue = tmp_path / "queue"
        queue.mkdir()
        for number in range(waiting):
            (queue / str(number)).touch()
        script = script.replace("/var/spool/example/outgoing", str(queue))
        script = script.replace("/var/lib/example-status", str(tmp_path))
        exec(compile(script, "script", "exec"), {})
        written = json.loads((tmp_path / "status.json").read_text())
        jsonschema.Draft202012Validator(SCHEMA).validate(written)
        config: dict[str, Any] = {}
        exec(setting, {}, config)
        name = config["STATUS_MONITOR"].replace("/var/lib/example-status", str(tmp_path))
        watched = read_monitor_map(config["STATUS_MONITOR_MAP"])
        reading = open_sources(name, watched, SourceTerms())["json"].read(datetime.now(UTC))
        assert observations(reading)["mail1/Queue"].state is state
        assert [path.name for path in tmp_path.glob("status*")] == ["status.json"]

    def test_script_that_fails_writes_nothing(self, tmp_path: Path) -> None:
        """Where it cannot look it says nothing rather than something good."""
        script = snippets(SCRIPT_PART, "python")[0].replace("/var/lib/example-status", str(tmp_path))
        with pytest.raises(OSError, match="No such file"):
            exec(compile(script, "script", "exec"), {})
        assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def apache() -> Iterator[Apache]:
    """Apache with what Debian's nagios4-cgi brings and the lines of the page, before a real Nagios."""
    home = Path(tempfile.mkdtemp(prefix="apache"))
    home.chmod(0o755)
    daemon = NagiosDaemon(home / "nagios", {HOST: ["HTTP"]})
    server = None
    try:
        daemon.start()
        daemon.wait_for(f"{HOST}/HTTP", has_been_checked=1)
        subprocess.run(
            ["htpasswd", "-bc", home / "htpasswd", "status", "hunter2"], check=True, capture_output=True
        )
        (lines,) = snippets(HTTP, "apache")
        RealWeb(daemon.home)
        server = Apache(
            home=home,
            sites=Path("/etc/apache2/conf-available/nagios4-cgi.conf").read_text()
            + lines.replace("/etc/nagios4/status-page.htpasswd", str(home / "htpasswd")),
            cgi_config=daemon.home / "cgi.cfg",
        )
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        daemon.close()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.system("nagios", "apache")
class TestApache:
    """The lines for Debian's Apache."""

    def read(self, apache: Apache, user: str) -> dict[str, State]:
        """What the page would be told."""
        watched = read_monitor_map({"srv3": {"nagios": {"host": HOST, "checks": {"Web": "HTTP"}}}})
        name = f"nagios+https://{user}localhost:{apache.port}/nagios4/cgi-bin/"
        terms = SourceTerms(ca_file=CERTIFICATE)
        reading = open_sources(name, watched, terms)["nagios"].read(datetime.now(UTC))
        return {what: seen.state for what, seen in observations(reading).items()}

    def test_user_with_the_password_is_told(self, apache: Apache) -> None:
        """With user, password and certificate the states come through."""
        assert self.read(apache, "status:hunter2@")["srv3/Web"] is State.OPERATIONAL

    @pytest.mark.parametrize("user", ["", "status:wrong@"])
    def test_nobody_else_is_told(self, apache: Apache, user: str) -> None:
        """Without the password there is no answer, and the log says why."""
        with pytest.raises(SourceError, match="refuses the user or the password"):
            self.read(apache, user)
