"""A real Nagios Core in a folder of its own, with checks that a test can flip.

It needs no network and no rights: every check is a shell script that reads what the test wrote. An
interval is one second. `wait_until` asks again until a deadline, as Nagios takes its time.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from system_parts import SEARCH_PATH

PATIENCE = 20.0
"""Seconds after which something that should happen has not."""

COMMON = """
define timeperiod {{
  timeperiod_name always
  alias always
  {days}
}}
define contact {{
  contact_name staff
  email staff@example.invalid
  host_notifications_enabled 0
  service_notifications_enabled 0
  host_notification_period always
  service_notification_period always
  host_notification_commands nobody
  service_notification_commands nobody
}}
define command {{
  command_name nobody
  command_line /bin/true
}}
define command {{
  command_name flipped
  command_line '{check}' '$ARG1$'
}}
define host {{
  name any-host
  register 0
  address 127.0.0.1
  contacts staff
  check_period always
  check_interval 1
  retry_interval 1
  max_check_attempts 2
}}
define service {{
  name any-service
  register 0
  contacts staff
  check_period always
  check_interval 1
  retry_interval 1
  max_check_attempts 2
}}
"""

# What the check scripts say is in one file for each check: its code, then its output.
CHECK = """#!/bin/sh
{{ read -r code; cat; }} < '{flips}'/"$1" || exit 3
exit "$code"
"""

MAIN = """
log_file={home}/nagios.log
cfg_file={home}/objects.cfg
object_cache_file={home}/objects.cache
precached_object_file={home}/objects.precache
status_file={home}/status.dat
state_retention_file={home}/retention.dat
command_file={home}/nagios.cmd
query_socket={socket}
lock_file={home}/nagios.lock
temp_file={home}/nagios.tmp
temp_path={home}
check_result_path={home}/results
log_archive_path={home}
log_rotation_method=n
use_syslog=0
nagios_user={user}
nagios_group={group}
check_for_updates=0
check_workers=2
interval_length=1
status_update_interval=1
retain_state_information=1
use_retained_program_state=1
use_retained_scheduling_info=0
check_external_commands=1
enable_flap_detection=0
cached_host_check_horizon=0
cached_service_check_horizon=0
check_result_reaper_frequency=1
service_inter_check_delay_method=n
host_inter_check_delay_method=n
"""


@dataclass
class NagiosDaemon:
    """`hosts` maps each host to its services; `options` are more lines for a host or "host/service"."""

    home: Path
    hosts: Mapping[str, Iterable[str]]
    options: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _socket_folder: Path | None = field(default=None, init=False)

    @property
    def status_file(self) -> Path:
        """Where Nagios writes what it knows."""
        return self.home / "status.dat"

    def configure(self) -> None:
        """Write its configuration; every check says that all is well."""
        (self.home / "flips").mkdir(parents=True)
        (self.home / "results").mkdir()
        check = self.home / "check"
        check.write_text(CHECK.format(flips=self.home / "flips"), encoding="utf-8")
        check.chmod(0o755)
        (self.home / "objects.cfg").write_text("".join(self._objects(check)), encoding="utf-8")
        # The path of a Unix socket may only be some 100 characters long.
        self._socket_folder = Path(tempfile.mkdtemp(prefix="nagios"))
        (self.home / "nagios.cfg").write_text(
            MAIN.format(
                home=self.home,
                socket=self._socket_folder / "query",
                user=pwd.getpwuid(os.getuid()).pw_name,
                group=grp.getgrgid(os.getgid()).gr_name,
            ),
            encoding="utf-8",
        )

    def start(self) -> None:
        """Start it, configured the first time, and return when it has written its status."""
        if not (self.home / "nagios.cfg").exists():
            self.configure()
        program = shutil.which("nagios4", path=SEARCH_PATH)
        assert program is not None
        # The pipe of commands is made anew; one that was left behind has no reader.
        (self.home / "nagios.cmd").unlink(missing_ok=True)
        self.status_file.unlink(missing_ok=True)
        with (self.home / "console.log").open("wb") as console:
            self._process = subprocess.Popen(
                [program, self.home / "nagios.cfg"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(
            lambda: self.status_file.exists() and (self.home / "nagios.cmd").exists(), self._last_words
        )

    def stop(self) -> None:
        """End it as an administrator does; it removes its status file."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash does; the status file stays as it was."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """End it if it runs, and leave nothing behind outside its folder."""
        self._end(signal.SIGKILL)
        if self._socket_folder is not None:
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def flip(self, check: str, code: int, output: str = "as the test says") -> None:
        """Let a check ("host" or "host/service") say this from now on: host 0 up, 2 down; service 0 to 3."""
        flips = self.home / "flips"
        new = flips / ".new"
        new.write_text(f"{code}\n{output}\n", encoding="utf-8")
        new.replace(flips / check.replace("/", "@"))

    def command(self, text: str) -> None:
        """Give an external command, such as `ACKNOWLEDGE_HOST_PROBLEM;...`."""
        with (self.home / "nagios.cmd").open("w", encoding="utf-8") as pipe:
            pipe.write(f"[{int(time.time())}] {text}\n")

    def field(self, check: str, name: str) -> str:
        """One field of a host or service as status.dat has it now, empty if it is not there."""
        host, _, service = check.partition("/")
        mine = [f"\thost_name={host}"] + ([f"\tservice_description={service}"] if service else [])
        kind = "servicestatus {" if service else "hoststatus {"
        try:
            blocks = self.status_file.read_text(encoding="utf-8").split("\n\t}\n")
        except FileNotFoundError:
            return ""
        for lines in (block.strip("\n").split("\n") for block in blocks):
            if lines[0] == kind and all(line in lines for line in mine):
                return next((line[len(name) + 2 :] for line in lines if line.startswith(f"\t{name}=")), "")
        return ""

    def wait_for(self, check: str, **fields: str | int) -> None:
        """Return when status.dat says all of this of a host or service."""
        wait_until(
            lambda: all(self.field(check, name) == str(value) for name, value in fields.items()),
            lambda: f"{check}: " + ", ".join(f"{name}={self.field(check, name)}" for name in fields),
        )

    def _objects(self, check: Path) -> Iterable[str]:
        names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        yield COMMON.format(days="\n  ".join(f"{name} 00:00-24:00" for name in names), check=check)
        for host, services in self.hosts.items():
            yield self._object("host", "any-host", host, f"host_name {host}\n  alias {host}")
            for service in services:
                names_it = f"host_name {host}\n  service_description {service}"
                yield self._object("service", "any-service", f"{host}/{service}", names_it)

    def _object(self, kind: str, template: str, check: str, names_it: str) -> str:
        self.flip(check, 0)
        options = self.options.get(check, "")
        if "check_command" not in options:
            options += f"  check_command flipped!{check.replace('/', '@')}\n"
        return f"define {kind} {{\n  use {template}\n  {names_it}\n{options}}}\n"

    def _end(self, with_signal: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        workers = _children(process.pid)
        process.send_signal(with_signal)
        process.wait(PATIENCE)
        # The workers of a Nagios that was killed would go by themselves, but only after a while.
        for worker in workers:
            try:
                os.kill(worker, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def _last_words(self) -> str:
        logs = (self.home / "console.log", self.home / "nagios.log")
        return "\n".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())


def wait_until(condition: Callable[[], bool], explanation: Callable[[], str]) -> None:
    """Return as soon as the condition holds; fail with the explanation after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, explanation()
        time.sleep(0.05)


def _children(parent: int) -> list[int]:
    """The processes that a process has started, as Linux tells."""
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []
