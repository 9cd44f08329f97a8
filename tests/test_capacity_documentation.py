"""docs/capacity.md computes rightly from figures that were measured, and shows the headers that are sent."""

from __future__ import annotations

import gzip
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from cache_servers import eventually
from loopback_server import free_port
from mounted_site import mounted_site
from system_parts import SEARCH_PATH
from werkzeug.serving import make_server

from status_plugin.web.answer import AT_THE_EDGE, WHILE_REVALIDATING

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "capacity.md").read_text("utf-8")
WORDS = " ".join(PAGE.split())
RESULTS = (ROOT / "bench" / "results.md").read_text("utf-8")
REQUESTS_OF_A_VISITOR = 4
FIVE_MINUTES = 300


def _table(head: str) -> list[list[str]]:
    """The rows below a heading of the page."""
    part = PAGE.partition(f"## {head}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.split("\n") if "|" in line]
    return rows[2:]


def _number(text: str) -> int:
    return int(text.replace(",", ""))


MEASURED = {what: _number(rate) for what, rate in _table("Measured")}
ROWS = {
    "gunicorn, through Flask": ("the page through Flask, gunicorn", "ours"),
    "gunicorn, `STATUS_FAST_PATH`": ("fast path, gunicorn", "ours"),
    "granian, `STATUS_FAST_PATH`": ("fast path, granian", "ours"),
    "nginx, the page as a file": ("fast path beside a file, granian", "other"),
}


def test_measured_figures_are_in_the_results() -> None:
    """No figure is called measured that the bench has not reached."""
    rates = {}
    for line in RESULTS.split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and cells[4].endswith("/s"):
            rates[cells[0]] = {"ours": _number(cells[4][:-2]), "other": _number(cells[5][:-2])}
    assert set(MEASURED) == set(ROWS)
    for what, said in MEASURED.items():
        row, column = ROWS[what]
        assert said <= rates[row][column], what


@pytest.mark.parametrize("row", _table("Computed"), ids=lambda row: row[0])
def test_computed_figures_follow_from_the_measured(row: list[str]) -> None:
    """Each row is a measured rate by its cores, and the formula's number of visitors."""
    where, rate, visitors = row
    cores = {"one": 1, "two": 2, "three": 3}[re.findall(r"(one|two|three) cores?", where)[0]]
    assert _number(rate) / cores in MEASURED.values()
    assert _number(visitors) == _number(rate) * FIVE_MINUTES / REQUESTS_OF_A_VISITOR / 2


def test_the_line_is_computed_rightly() -> None:
    """A million visitors take what is said of a line."""
    page, rest = map(int, re.findall(r"about (\d+) kB", WORDS))
    visitor = 2 * page + rest
    assert f"{visitor} kB for a visitor" in WORDS
    assert f"{visitor * 1000 * 8 * 1_000_000 / FIVE_MINUTES / 1e6:.0f} Mbit/s" in WORDS
    assert f"{300 // AT_THE_EDGE} answers a second" in WORDS


def _cache_control_on_the_page() -> str:
    return re.findall(r"^    Cache-Control: (.+)$", PAGE, re.MULTILINE)[0]


def test_headers_are_those_of_the_page(tmp_path: Path) -> None:
    """A quiet page goes out with the headers that a CDN is told of, and sets no cookie."""
    site = mounted_site(tmp_path)
    answer = site.client.get("/status/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == _cache_control_on_the_page()
    assert "Vary: Accept-Encoding" in PAGE
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not answer.headers["ETag"].startswith("W/")
    assert "Set-Cookie" not in answer.headers
    assert f"within {AT_THE_EDGE + WHILE_REVALIDATING} seconds" in WORDS


def test_sizes_are_not_larger_than_said(tmp_path: Path) -> None:
    """The page, and style sheet and script together, fit in what the line is computed from."""
    client = mounted_site(tmp_path).client

    def size(address: str) -> int:
        return len(client.get(address, headers={"Accept-Encoding": "gzip"}).data)

    page = client.get("/status/").text
    files = set(re.findall(r'(?:href|src)="(/status/static/[^"]+)"', page))
    assert len(files) == REQUESTS_OF_A_VISITOR - 2
    assert size("/status/") <= 3_000
    assert sum(map(size, files)) <= 9_500


def test_style_sheet_and_script_go_out_compressed(tmp_path: Path) -> None:
    """They are kept for a year under their own addresses, in whatever encoding a browser takes."""
    client = mounted_site(tmp_path).client
    address = re.findall(r'"(/status/static/status\.css[^"]+)"', client.get("/status/").text)[0]
    plain, small = (client.get(address, headers={"Accept-Encoding": name}) for name in ("identity", "gzip"))
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    for answer in (plain, small):
        assert answer.headers["Cache-Control"] == f"public, max-age={365 * 24 * 60 * 60}, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    known = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]})
    assert known.status_code == 304


@pytest.mark.system("nginx")
def test_nginx_in_front_asks_once(tmp_path: Path) -> None:
    """With the configuration of the page nginx takes the site's headers for its own, and asks once."""
    asked: list[str] = []
    site = mounted_site(tmp_path, real_time=True)

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        return site.app(environ, start_response)

    with _served(counted) as port, _nginx(tmp_path, port) as front:
        answers = [_get(front) for _ in range(5)]
    assert {answer.status for answer in answers} == {200}
    assert all(answer.headers["Cache-Control"].startswith("public, ") for answer in answers)
    assert asked == ["/status/"]


@contextmanager
def _served(app: WSGIApplication) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _nginx(folder: Path, port: int) -> Iterator[int]:
    front = free_port()
    config = re.findall(r"^```nginx\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
    for said, here in {
        "/var/cache/nginx/status": f"{folder}/cache",
        "listen 80;": f"listen 127.0.0.1:{front};",
        "127.0.0.1:8000": f"127.0.0.1:{port}",
    }.items():
        assert said in config
        config = config.replace(said, here)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off; user root; pid {folder}/pid; events {{}} http {{ access_log off; {paths} {config} }}"
    )
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = ["nginx", "-p", str(folder), "-e", f"{folder}/log", "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(command, env={**os.environ, "PATH": SEARCH_PATH})
    try:
        eventually(lambda: _is_open(front), "nginx does not listen")
        yield front
    finally:
        process.terminate()
        process.wait(30)


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _get(port: int) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/status/", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer
