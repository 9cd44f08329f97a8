"""The demonstration's stand-in servers: real listeners that a file starts, slows and stops."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import standins

DEMONSTRATION = """
import sys
from pathlib import Path
from flask import Flask
import demonstration
demonstration.run(lambda: Flask("site"), Path(sys.argv.pop()))
"""

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 10.0


def eventually(happens: Callable[[], bool]) -> bool:
    """Whether something comes true before the test runs out of patience."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def answers(url: str) -> bool:
    """Whether a connection to the address is accepted."""
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE).close()
    except (ConnectionRefusedError, ConnectionResetError):
        # A listener that is being closed may still reset who came just before.
        return False
    return True


def web_status(url: str) -> int:
    """The status with which a web server answers."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", place.path)
        return connection.getresponse().status
    finally:
        connection.close()


def first_line(url: str) -> bytes:
    """What the server says of its own accord."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE) as connection:
        return connection.recv(100)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with all listeners running."""
    with standins.StandIns(tmp_path / "servers"):
        yield tmp_path / "servers"


def test_every_public_check_has_a_listener(folder: Path) -> None:
    """Srv3's three services and both name servers can be reached."""
    addresses = standins.addresses(folder)
    assert {slug: list(checks) for slug, checks in addresses.items()} == {
        "srv3": ["Web", "Mail", "Database"],
        "ns3": ["DNS"],
        "ns4": ["DNS"],
    }
    assert all(answers(url) for checks in addresses.values() for url in checks.values())


def test_listeners_speak_their_protocols(folder: Path) -> None:
    """The web server answers HTTP, the mail server greets as one, the database with its version."""
    srv3 = standins.addresses(folder)["srv3"]
    assert web_status(srv3["Web"]) == 200
    assert first_line(srv3["Mail"]).startswith(b"220 ")
    assert b"\x0a5.0" in first_line(srv3["Database"])


def test_deleting_a_file_stops_its_listener_and_an_empty_one_starts_it(folder: Path) -> None:
    """`rm` makes the outage, `touch` ends it, and the address stays the same for the checks."""
    mail = standins.addresses(folder)["srv3"]["Mail"]
    port = (folder / "srv3-mail").read_text().strip()
    assert mail.endswith(f":{port}/")
    (folder / "srv3-mail").unlink()
    assert eventually(lambda: not answers(mail))
    assert answers(standins.addresses(folder)["srv3"]["Web"]), "only the one was to stop"
    (folder / "srv3-mail").touch()
    assert eventually(lambda: answers(mail))
    assert eventually(lambda: (folder / "srv3-mail").read_text().strip() == port)


def test_the_word_slow_delays_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`slow` in a file makes its server answer late, any other word heals it."""
    monkeypatch.setattr(standins, "DELAY", 0.5)
    mail = standins.addresses(folder)["srv3"]["Mail"]

    def takes_long() -> bool:
        begun = time.monotonic()
        assert first_line(mail).startswith(b"220 ")
        return time.monotonic() - begun >= 0.5

    (folder / "srv3-mail").write_text("slow\n")
    assert eventually(takes_long)
    (folder / "srv3-mail").write_text("fine\n")
    assert eventually(lambda: not takes_long())


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """After the demonstration no file and no listener remains, and other processes see none."""
    with standins.StandIns(tmp_path) as _:
        mail = standins.addresses(tmp_path)["srv3"]["Mail"]
        assert answers(mail)
        assert standins.are_running(tmp_path)
        assert list(tmp_path.iterdir())
    assert not answers(mail)
    assert not standins.are_running(tmp_path)
    assert not list(tmp_path.iterdir())
    assert standins.addresses(tmp_path) == {}


def start_demonstration(port: int, folder: Path) -> subprocess.Popen[str]:
    """The demonstration with an empty site, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", DEMONSTRATION, "--port", str(port), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_demonstration_says_where_to_look_and_leaves_cleanly(tmp_path: Path, ending: int) -> None:
    """Two lines name the pages and the way to an outage; Ctrl-C and a service manager end it alike."""
    with start_demonstration(0, tmp_path) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline(), running.stdout.readline()]
        website = standins.addresses(tmp_path)["website"]["Web"]
        assert f"{website}status/" in lines[0]
        assert re.search(r"rm \S+/srv3-mail;", lines[1])
        assert web_status(website) == 404, "the site of this test has no pages"
        running.send_signal(ending)
        rest, complaints = running.communicate(timeout=PATIENCE)
    assert (running.returncode, rest, complaints) == (0, "", "")
    assert not list(tmp_path.iterdir())


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    """Who asks for a port that is taken learns it in one line, with a way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with start_demonstration(port, tmp_path) as running:
            said, complaints = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1
    assert said == ""
    assert complaints == f"Port {port} is in use already. Try another: make run PORT={port + 1}\n"


def test_a_second_demonstration_uses_the_listeners_of_the_first(tmp_path: Path) -> None:
    """Two sites at once on two ports share the stand-ins, and the second takes nothing away."""
    with standins.StandIns(tmp_path), start_demonstration(0, tmp_path) as second:
        assert second.stdout is not None
        assert "running already" in second.stdout.readline()
        assert second.stdout.readline().startswith("The site is at ")
        before = sorted(file.name for file in tmp_path.iterdir())
        second.send_signal(signal.SIGINT)
        second.communicate(timeout=PATIENCE)
        assert second.returncode == 0
        assert sorted(file.name for file in tmp_path.iterdir()) == before
        assert answers(standins.addresses(tmp_path)["srv3"]["Mail"])
