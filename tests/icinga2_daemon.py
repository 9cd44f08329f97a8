"""A real Icinga 2 under one folder, with its API over TLS and its Livestatus, whose checks a test flips.

It is run in the foreground, by whoever runs the tests, and everything that it listens on is on loopback.
Its certificate is for localhost, and made as its own tool makes them.
"""

from __future__ import annotations

import base64
import grp
import json
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loopback_server import free_port
from nagios_daemon import wait_until
from system_parts import SEARCH_PATH

PASSWORD = "a%23b"
"""That of every user of its API."""

MAIN = """
const NodeName = "localhost"
const ZoneName = "localhost"
const PluginDir = "/usr/lib/nagios/plugins"
const TicketSalt = ""
include <itl>
object Endpoint NodeName {{ }}
object Zone ZoneName {{ endpoints = [ NodeName ] }}
object IcingaApplication "app" {{ }}
object CheckerComponent "checker" {{ }}
object FileLogger "main" {{ severity = "information", path = "{home}/icinga2.log" }}
object ApiListener "api" {{ bind_host = "127.0.0.1", bind_port = {port} }}
object LivestatusListener "live" {{ }}
object LivestatusListener "live-tcp" {{
  socket_type = "tcp"
  bind_host = "127.0.0.1"
  bind_port = {live_port}
}}
object ApiUser "staff" {{
  password = "{password}"
  permissions = [ "*" ]
}}
object CheckCommand "flipped" {{ command = [ "{home}/check", "$flip$" ] }}
template Host "any-host" {{
  check_command = "flipped"
  check_interval = 0.5
  retry_interval = 0.5
  max_check_attempts = 2
}}
template Service "any-service" {{
  check_command = "flipped"
  check_interval = 0.5
  retry_interval = 0.5
  max_check_attempts = 2
}}
"""

# What the check says is in one file for each check: its code, then its output.
CHECK = """#!/bin/sh
{{ read -r code; cat; }} < '{flips}'/"$1" || exit 3
exit "$code"
"""


@dataclass
class Icinga2Daemon:
    """`hosts` maps each host to its services.

    `options` are more lines for a host or "host/service", `more` is any other configuration.
    """

    home: Path
    hosts: Mapping[str, Iterable[str]]
    options: Mapping[str, str] = field(default_factory=dict)
    more: str = ""
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _run_folder: Path | None = field(default=None, init=False)
    _ports: tuple[int, int] = field(default=(0, 0), init=False)

    @property
    def authority(self) -> Path:
        """The certificate of the authority that has signed its own."""
        return self.home / "data" / "certs" / "ca.crt"

    @property
    def api(self) -> str:
        """Where its API is, without a user."""
        return f"https://localhost:{self._ports[0]}"

    def api_of(self, user: str) -> str:
        """The value of STATUS_MONITOR for its API and one of its users."""
        return f"icinga2+https://{user}:{PASSWORD.replace('%', '%25')}@localhost:{self._ports[0]}"

    @property
    def live_socket(self) -> str:
        """The value of STATUS_MONITOR for its Livestatus at a path, the usual one below its folder."""
        return f"livestatus:{self._run_folder}/cmd/livestatus"

    @property
    def live_port(self) -> str:
        """The value of STATUS_MONITOR for its Livestatus at a port."""
        return f"livestatus+tcp://127.0.0.1:{self._ports[1]}"

    def configure(self) -> None:
        """Make its keys and write its configuration; every check says that all is well."""
        for folder in ("flips", "data/certs", "log", "cache", "spool"):
            (self.home / folder).mkdir(parents=True)
        # The path of a Unix socket may only be some 100 characters long.
        self._run_folder = Path(tempfile.mkdtemp(prefix="icinga"))
        (self._run_folder / "cmd").mkdir()
        self._ports = (free_port(), free_port())
        self._make_keys()
        check = self.home / "check"
        check.write_text(CHECK.format(flips=self.home / "flips"), encoding="utf-8")
        check.chmod(0o755)
        text = MAIN.format(home=self.home, port=self._ports[0], live_port=self._ports[1], password=PASSWORD)
        objects = "".join(self._objects())
        (self.home / "icinga2.conf").write_text(text + objects + self.more, encoding="utf-8")

    def start(self) -> None:
        """Start it, configured the first time, and return when its API answers."""
        if not (self.home / "icinga2.conf").exists():
            self.configure()
        with (self.home / "console.log").open("wb") as console:
            self._process = subprocess.Popen(
                [
                    *self._program(),
                    "daemon",
                    "-c",
                    self.home / "icinga2.conf",
                    *self._places(),
                    "-x",
                    "warning",
                ],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._answers, self._last_words)

    def stop(self) -> None:
        """End it as an administrator does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash does; its socket stays where it was."""
        self._end(signal.SIGKILL)

    def hang(self) -> None:
        """Let it do nothing any more, until it is woken."""
        self._send(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on."""
        self._send(signal.SIGCONT)

    def close(self) -> None:
        """End it if it runs, and leave nothing behind outside its folder."""
        self._end(signal.SIGKILL)
        if self._run_folder is not None:
            shutil.rmtree(self._run_folder, ignore_errors=True)

    def flip(self, check: str, code: int, output: str = "as the test says") -> None:
        """Let a check ("host" or "host/service") say this from now on: host 0 up, 2 down; service 0 to 3."""
        flips = self.home / "flips"
        new = flips / ".new"
        new.write_text(f"{code}\n{output}\n", encoding="utf-8")
        new.replace(flips / _file_name(check))

    def ask(self, path: str, question: Mapping[str, Any] | None = None, *, method: str = "POST") -> Any:
        """What its API answers to the user who may do everything; without a question to a GET."""
        request = urllib.request.Request(
            f"{self.api}/v1/{path}",
            None if question is None else json.dumps(question).encode(),
            {
                "Accept": "application/json",
                "Authorization": f"Basic {base64.b64encode(f'staff:{PASSWORD}'.encode()).decode()}",
            },
            method="GET" if question is None else method,
        )
        tls = ssl.create_default_context(cafile=self.authority)
        with urllib.request.urlopen(request, timeout=10, context=tls) as answer:
            return json.load(answer)

    def action(self, name: str, check: str, **fields: Any) -> None:
        """Do something with a host or a "host/service", such as `schedule-downtime`."""
        host, _, service = check.partition("/")
        chosen = (
            {"type": "Service", "service": f"{host}!{service}"} if service else {"type": "Host", "host": host}
        )
        self.ask(f"actions/{name}", {**chosen, "author": "staff", "comment": "new memory", **fields})

    def _make_keys(self) -> None:
        certificates = self.home / "data" / "certs"
        key, request, certificate = (certificates / f"localhost.{kind}" for kind in ("key", "csr", "crt"))
        for arguments in (
            ["new-ca"],
            ["new-cert", "--cn", "localhost", "--key", key, "--csr", request],
            ["sign-csr", "--csr", request, "--cert", certificate],
        ):
            done = subprocess.run(
                [*self._program(), "pki", arguments[0], *self._places(), *arguments[1:]],
                stdin=subprocess.DEVNULL,
                capture_output=True,
            )
            assert done.returncode == 0, (done.stdout + done.stderr).decode()
        shutil.copy(self.home / "data" / "ca" / "ca.crt", self.authority)

    def _program(self) -> list[str]:
        program = shutil.which("icinga2", path=SEARCH_PATH)
        assert program is not None
        return [program]

    def _places(self) -> list[str]:
        places = {
            "ConfigDir": self.home,
            "DataDir": self.home / "data",
            "LogDir": self.home / "log",
            "CacheDir": self.home / "cache",
            "SpoolDir": self.home / "spool",
            "InitRunDir": self._run_folder,
            "RunAsUser": pwd.getpwuid(os.getuid()).pw_name,
            "RunAsGroup": grp.getgrgid(os.getgid()).gr_name,
        }
        return [word for name, value in places.items() for word in ("-D", f"{name}={value}")]

    def _objects(self) -> Iterable[str]:
        for host, services in self.hosts.items():
            yield self._object("Host", "any-host", host, host, "")
            for service in services:
                host_name = f"  host_name = {json.dumps(host, ensure_ascii=False)}\n"
                yield self._object("Service", "any-service", service, f"{host}/{service}", host_name)

    def _object(self, kind: str, template: str, name: str, check: str, lines: str) -> str:
        self.flip(check, 0)
        quoted = json.dumps(name, ensure_ascii=False)
        lines += f'  vars.flip = "{_file_name(check)}"\n' + self.options.get(check, "")
        return f'object {kind} {quoted} {{\n  import "{template}"\n{lines}}}\n'

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._last_words()
        try:
            self.ask("status/CIB")
        except OSError:
            return False
        return True

    def _send(self, with_signal: signal.Signals) -> None:
        assert self._process is not None
        for process in family(self._process.pid):
            # A check may have ended meanwhile.
            with suppress(ProcessLookupError):
                os.kill(process, with_signal)

    def _end(self, with_signal: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        members = family(process.pid)
        process.send_signal(with_signal)
        if with_signal is signal.SIGTERM:
            process.wait(20)
        for member in members:
            try:
                os.kill(member, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait(20)

    def _last_words(self) -> str:
        logs = (self.home / "console.log", self.home / "icinga2.log")
        return "\n".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())


def _file_name(check: str) -> str:
    """The file that rules a check; names may have any letter."""
    return check.encode().hex()


def family(parent: int) -> list[int]:
    """A process, the processes that it has started, and so on, as Linux tells."""
    members = [parent]
    for member in members:
        listed = Path(f"/proc/{member}/task/{member}/children")
        if listed.exists():
            members += [int(child) for child in listed.read_text().split()]
    return members
