"""A real Zabbix under one folder: its server, its database and the API of its web interface.

All of it is run in the foreground, by whoever runs the tests; the database listens at a path, the rest on
loopback. What the items measure is sent by the test.
"""

from __future__ import annotations

import gzip
import json
import os
import pwd
import random
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from icinga2_daemon import family
from loopback_server import free_port
from nagios_daemon import PATIENCE, wait_until
from system_parts import SEARCH_PATH

SCHEMA = Path("/usr/share/zabbix-server-pgsql")
FRONTEND = Path("/usr/share/zabbix")
FRONTEND_PARTS = ("include", "vendor", "local", "modules", "app", "conf", "data", "api_jsonrpc.php")
FRONTEND_CONFIG = "/etc/zabbix/zabbix.conf.php"

USER, PASSWORD = "status", "Quiet#Night%4711"
"""Somebody who may read the hosts of the group that is public, and nothing else."""

HEARTBEAT = "Zabbix server"
"""The host by which the server measures itself, each second."""

JUDGEMENTS = {
    "does not answer": ("icmpping)=0", 5),
    "is slow": ("web.time)>3", 2),
    "is down": ("web.time)<0", 4),
}
TRAPPER, INTERNAL = 2, 5

SERVER = """
ListenIP=127.0.0.1
ListenPort={port}
LogType=console
PidFile={home}/server.pid
SocketDir={run}
DBHost={run}
DBName=zabbix
DBUser=zabbix
AllowRoot=1
CacheUpdateFrequency=1
StartPollers=1
StartTrappers=1
StartPingers=0
StartDiscoverers=0
StartHTTPPollers=0
StartPreprocessors=1
StartLLDProcessors=1
StartAlerters=1
StartHistoryPollers=1
StartODBCPollers=0
StartDBSyncers=1
StartTimers=1
"""
WEB = """<?php
$DB['TYPE'] = 'POSTGRESQL'; $DB['SERVER'] = '{run}'; $DB['PORT'] = '5432'; $DB['DATABASE'] = 'zabbix';
$DB['USER'] = 'zabbix'; $DB['PASSWORD'] = ''; $DB['SCHEMA'] = ''; $DB['ENCRYPTION'] = false;
$DB['DOUBLE_IEEE754'] = true; $ZBX_SERVER_NAME = ''; $IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
"""
# Nothing that is written need survive the machine.
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass
class ZabbixDaemon:
    """`hosts` are the hosts; each has the items `icmpping` and `web.time`, and triggers that judge them."""

    home: Path
    hosts: Iterable[str]
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, init=False)
    _run_folder: Path | None = field(default=None, init=False)
    _ports: tuple[int, int] = field(default=(0, 0), init=False)
    _session: str | None = field(default=None, init=False)
    _numbers: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def api(self) -> str:
        """Where the API is asked, without a scheme."""
        return f"127.0.0.1:{self._ports[1]}/"

    def setting(self, user: str = f"{USER}:{PASSWORD.replace('%', '%25').replace('#', '%23')}") -> str:
        """The value of STATUS_MONITOR for a user, or for a ":token"."""
        return f"zabbix+http://{user}@{self.api}"

    def start(self) -> None:
        """Make a database and start everything; return when the hosts are there and are measured."""
        self._ports = (_low_port(), free_port())
        self._make_database()
        self._make_web()
        (self.home / "server.conf").write_text(
            SERVER.format(port=self._ports[0], home=self.home, run=self._run), encoding="utf-8"
        )
        self.run()
        wait_until(self._answers, self._last_words)
        self._session = self.call("user.login", username="Admin", password="zabbix")
        self._make_hosts()

    def run(self) -> None:
        """Start the server."""
        self._start("server", [_program("zabbix_server"), "-f", "-c", self.home / "server.conf"])

    def kill(self) -> None:
        """End the server as a crash does; the web interface goes on."""
        self._end("server", signal.SIGKILL)

    def close(self) -> None:
        """End all that runs, and leave nothing behind outside its folder."""
        for name in ("server", "web"):
            self._end(name, signal.SIGKILL)
        self._end("database", signal.SIGQUIT)
        if self._run_folder is not None:
            shutil.rmtree(self._run_folder, ignore_errors=True)

    def call(self, method: str, /, *listed: Any, **parameters: Any) -> Any:
        """What the API answers to an administrator."""
        question = {"jsonrpc": "2.0", "method": method, "params": [*listed] or parameters, "id": 1}
        if self._session is not None:
            question["auth"] = self._session
        request = urllib.request.Request(
            f"http://{self.api}api_jsonrpc.php",
            json.dumps(question).encode(),
            {"Content-Type": "application/json-rpc"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            told = json.load(answer)
        assert "error" not in told, told
        return told["result"]

    def send(self, **values: float) -> None:
        """Hand in values as zabbix_sender does: the ping of a host, or `HOST_web` for its web site."""
        data = [
            {"host": name.removesuffix("_web"), "key": _key(name), "value": str(value)}
            for name, value in values.items()
        ]
        wait_until(lambda: self._sent(data), self._last_words)

    def number(self, host: str) -> str:
        """The number that Zabbix has given a host."""
        return self._numbers[host]

    def make_token(self) -> str:
        """A token of the user who may read."""
        [found] = self.call("user.get", output=["userid"], filter={"username": USER})
        [token] = self.call("token.create", name="page", userid=found["userid"])["tokenids"]
        [made] = self.call("token.generate", token)
        return str(made["token"])

    def make_item(self, host: str, key: str, **options: Any) -> None:
        """Let a host have another item."""
        self.call("item.create", hostid=self._numbers[host], name=key, key_=key, **options)

    @property
    def _run(self) -> Path:
        assert self._run_folder is not None
        return self._run_folder

    def _make_database(self) -> None:
        # PostgreSQL runs as anybody but root, and the path of its socket must be short.
        self._run_folder = Path(tempfile.mkdtemp(prefix="zabbix"))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self._run_folder, owner.pw_uid, owner.pw_gid)
        data = self._run / "data"
        how = ("--username=zabbix", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self._start("initdb", [_program("initdb"), data, *how], **_as_postgres())
        assert self._processes.pop("initdb").wait(PATIENCE) == 0, self._last_words()
        options = [f"unix_socket_directories={self._run}", "listen_addresses=", *HASTY]
        command = [_program("postgres"), "-D", data, *(word for option in options for word in ("-c", option))]
        self._start("database", command, **_as_postgres())
        wait_until(lambda: self._query("postgres", b"create database zabbix"), self._last_words)
        schema, content = (gzip.decompress((SCHEMA / f"{n}.sql.gz").read_bytes()) for n in ("schema", "data"))
        # Users and roles come first; the hundreds of templates after them are not needed.
        content = content[: content.index(b"\nINSERT INTO hosts ")] + b"\nCOMMIT;\n"
        for text in (schema, content):
            assert self._query("zabbix", text), self._last_words()

    def _query(self, database: str, text: bytes) -> bool:
        how = ["-qX", "--set=ON_ERROR_STOP=1", f"--host={self._run}", "--username=zabbix"]
        with (self.home / "psql.log").open("ab") as log:
            done = subprocess.run([_program("psql"), *how, database], input=text, stdout=log, stderr=log)
        return done.returncode == 0

    def _make_web(self) -> None:
        """The web interface with a configuration of its own: Debian's looks for it in one place only."""
        web = self.home / "web"
        web.mkdir()
        for found in (FRONTEND / name for name in FRONTEND_PARTS):
            (shutil.copytree if found.is_dir() else shutil.copy)(found, web / found.name)
        config = self.home / "zabbix.conf.php"
        config.write_text(WEB.replace("{run}", str(self._run)), encoding="utf-8")
        reader = web / "include" / "classes" / "core" / "CConfigFile.php"
        text = reader.read_text(encoding="utf-8")
        assert FRONTEND_CONFIG in text
        reader.write_text(text.replace(FRONTEND_CONFIG, str(config)), encoding="utf-8")
        self._start("web", [_program("php"), "-S", f"127.0.0.1:{self._ports[1]}", "-t", web])

    def _make_hosts(self) -> None:
        group = self.call("hostgroup.create", name="Public")["groupids"][0]
        for host in (*self.hosts, HEARTBEAT):
            made = self.call("host.create", host=host, name=host, groups=[{"groupid": group}])
            self._numbers[host] = made["hostids"][0]
        for host in self.hosts:
            self.make_item(host, "icmpping", type=TRAPPER, value_type=3)
            self.make_item(host, "web.time", type=TRAPPER, value_type=0)
            for what, (condition, severity) in JUDGEMENTS.items():
                expression = f"last(/{host}/{condition}"
                name = f"{host} {what}, rack B-07"
                self.call("trigger.create", description=name, expression=expression, priority=severity)
        self.make_item(HEARTBEAT, "zabbix[uptime]", type=INTERNAL, value_type=3, delay="1s")
        rights = [{"id": group, "permission": 2}]
        readers = self.call("usergroup.create", name="Readers", rights=rights)["usrgrpids"][0]
        self.call("user.create", username=USER, passwd=PASSWORD, roleid="1", usrgrps=[{"usrgrpid": readers}])

    def _sent(self, data: list[dict[str, str]]) -> bool:
        """Whether the server has taken all values; of new items it learns after a moment."""
        said = json.dumps({"request": "sender data", "data": data}).encode()
        answer = b""
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", self._ports[0]), 5) as server:
            server.sendall(b"ZBXD\x01" + struct.pack("<Q", len(said)) + said)
            while part := server.recv(4096):
                answer += part
        return b"failed: 0;" in answer

    def _answers(self) -> bool:
        assert self._processes["web"].poll() is None, self._last_words()
        with suppress(OSError):
            return bool(self.call("apiinfo.version"))
        return False

    def _start(self, name: str, command: list[Any], **options: Any) -> None:
        with (self.home / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=self._run, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, **options,
            )  # fmt: skip

    def _end(self, name: str, with_signal: signal.Signals) -> None:
        process = self._processes.pop(name, None)
        if process is None:
            return
        # What it has started holds its port for as long as it lives.
        members = [os.pidfd_open(member) for member in family(process.pid)]
        if with_signal is signal.SIGKILL:
            for member in members:
                signal.pidfd_send_signal(member, with_signal)
        else:
            process.send_signal(with_signal)
        process.wait(PATIENCE)
        for member in members:
            select.select([member], [], [], PATIENCE)
            os.close(member)

    def _last_words(self) -> str:
        logs = sorted(self.home.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs)


def _low_port() -> int:
    """A port on which nobody listens, of those that Zabbix takes."""
    for port in random.sample(range(20_000, 32_768), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("All ports are taken.")


def _key(name: str) -> str:
    return "web.time" if name.endswith("_web") else "icmpping"


def _program(name: str) -> str:
    """A program; Debian keeps those of a database's server apart, by its version."""
    places = ":".join(str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin")))
    found = shutil.which(name, path=f"{SEARCH_PATH}:{places}")
    assert found is not None, name
    return found


def _as_postgres() -> Mapping[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}
