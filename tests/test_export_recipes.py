"""docs/exporting.md says what is so, and its recipes work with the real programs."""

from __future__ import annotations

import configparser
import gzip
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from exported import SITE, copied_site, dead_links, export, exported, files, old_incident
from mounted_site import Site
from system_parts import SEARCH_PATH
from test_documentation import snippets

from status_plugin.staff.exporting.following import AT_LEAST_EVERY

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "exporting.md").read_text("utf-8")
PLUGIN = Path(__file__).resolve().parent.parent / "status_plugin"
SCRIPT = (PLUGIN / "static" / "status.js").read_text("utf-8")
LIVE = (PLUGIN / "templates" / "status" / "_live.html").read_text("utf-8")
COPY, ERRORS = "/var/www/status-copy", "/var/www/errors"
PATIENCE = 20.0


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident, a window and eight incidents of long ago."""
    return copied_site(tmp_path)


def test_the_page_names_what_is_there(site: Site, tmp_path: Path) -> None:
    """Every file and folder that the table names is in a copy, and so is what it says of links."""
    exported(site, tmp_path / "copy")
    table = PAGE.partition("| --- | --- |")[2].partition("\n\n")[0]
    names = [name for name in re.findall(r"`([^`]+)`", table) if "..." not in name and name[0] != "."]
    assert len(names) > 12
    for name in set(names) - {"incidents/page/2/", "_site/", "pip install 'status-plugin[br]'"}:
        assert (tmp_path / "copy" / name).exists(), name


def test_the_numbers_are_the_codes(site: Site) -> None:
    """How often a copy is made anew, and when a page calls itself old."""
    assert f"at\nleast every {AT_LEAST_EVERY.seconds // 60} minutes" in PAGE
    (seconds,) = re.findall(r"{{ (\d+) if copy_of", LIVE)
    assert f"older than {int(seconds) // 60} minutes" in PAGE
    assert "minutes old. Things may have changed since." in PAGE
    assert "old. Things may have changed since." in SCRIPT


def test_the_options_are_there(site: Site) -> None:
    """Every option that the page names is one of the command's."""
    help_text = export(site.app, "--help").output
    options = set(re.findall(r"`?(--(?:base|watch|error-page|processes))\b", PAGE))
    assert len(options) == 4
    assert all(option in help_text for option in options)


def test_the_service_is_one(tmp_path: Path) -> None:
    """The unit for systemd runs the command that the page is about."""
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(snippets(PAGE, "ini")[0])
    words = shlex.split(unit["Service"]["ExecStart"])
    assert words[0] == f"{unit['Service']['WorkingDirectory']}/.venv/bin/flask"
    assert words[1:] == ["--app", "website", "status", "export", COPY, "--watch"]


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A server, from when it takes connections until the test is done with it."""
    program = shutil.which(command[0], path=SEARCH_PATH) or command[0]
    process = subprocess.Popen([program, *command[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def run(recipe: str, **places: str) -> str:
    """What a recipe prints, with other places put in; nobody's own settings of git count."""
    for before, after in places.items():
        assert before in recipe or before == COPY
        recipe = recipe.replace(before, after)
    told = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        told |= {f"GIT_{who}_NAME": "Staff", f"GIT_{who}_EMAIL": "staff@example.com"}
    done = subprocess.run(
        ["bash", "-euc", recipe], env=os.environ | told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.system("rsync")
def test_rsync_sends_the_difference(site: Site, tmp_path: Path) -> None:
    """A real rsync daemon has the copy after the recipe, and gets what has changed alone the next time."""
    copy, target, port = tmp_path / "copy", tmp_path / "target", free_port()
    target.mkdir()
    config = tmp_path / "rsyncd.conf"
    config.write_text(
        f"use chroot = no\nuid = {os.getuid()}\ngid = {os.getgid()}\n"
        f"[status]\npath = {target}\nread only = no\n"
    )
    (recipe,) = [text for text in snippets(PAGE, "sh") if text.startswith("rsync ")]
    recipe = recipe.replace("rsync ", "rsync --itemize-changes ", 1)
    places = {COPY: str(copy), "backup.example.net::": f"rsync://127.0.0.1:{port}/"}
    daemon = [
        "rsync",
        "--daemon",
        "--no-detach",
        f"--port={port}",
        "--address=127.0.0.1",
        f"--config={config}",
    ]
    exported(site, copy)
    with running(daemon, port):
        run(recipe, **places)
        assert files(target) == files(copy)
        assert run(recipe, **places) == ""
        site.note("incidents/old-3.md", old_incident(3, "Mail was very late"))
        (site.folder / "incidents/old-5.md").unlink()
        site.clock.move(5)
        exported(site, copy)
        sent = run(recipe, **places)
        assert files(target) == files(copy)
        assert " incidents/old-3/index.html\n" in sent
        assert "deleting   incidents/old-5/index.html" in sent
        assert "incidents/old-1/index.html" not in sent
        assert not (target / ".status-export").exists()


@pytest.mark.system("git")
def test_a_branch_of_pages(site: Site, tmp_path: Path) -> None:
    """After the recipe the branch holds the copy and nothing of what exports remember."""
    copy, origin = tmp_path / "copy", tmp_path / "status.git"
    run(
        f"git init --quiet --bare {origin} && git clone --quiet {origin} {tmp_path}/first"
        f" && cd {tmp_path}/first && git checkout --quiet -b pages"
        " && git commit --quiet --allow-empty -m begin"
        " && git push --quiet --set-upstream origin pages"
    )
    once, push = [text for text in snippets(PAGE, "sh") if text.startswith("git ")]
    run(once, **{COPY: str(copy), "https://git.example.net/example/status.git": str(origin)})
    exported(site, copy)
    run(push, **{COPY: str(copy)})
    run(push, **{COPY: str(copy)})
    site.note("incidents/old-3.md", old_incident(3, "Mail was very late"))
    site.clock.move(5)
    exported(site, copy)
    run(push, **{COPY: str(copy)})
    run(f"git clone --quiet --branch pages {origin} {tmp_path}/clone")
    theirs = {path: body for path, body in files(tmp_path / "clone").items() if not path.startswith(".git/")}
    ours = {path: body for path, body in files(copy).items() if not path.startswith(".git/")}
    assert theirs == ours
    assert {".nojekyll", "index.html"} <= set(theirs)
    assert "Mail was very late" in theirs["incidents/old-3/index.html"].decode()
    assert dead_links(tmp_path / "clone") == []
    assert run(f"git -C {tmp_path}/clone log --oneline").count("\n") == 3


@contextmanager
def nginx(home: Path, recipe: str) -> Iterator[int]:
    """A real nginx that serves by a recipe; its port."""
    port, config = free_port(), home / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(
        f"{user} daemon off; pid {home}/nginx.pid; error_log {home}/error.log;\n"
        "events {}\n"
        f"http {{ access_log off; client_body_temp_path {home}/1; proxy_temp_path {home}/2;\n"
        f"fastcgi_temp_path {home}/3; uwsgi_temp_path {home}/4; scgi_temp_path {home}/5;\n"
        "types { text/html html; application/atom+xml atom; }\n"
        f"server {{ listen 127.0.0.1:{port};\n{recipe}\n}} }}\n"
    )
    with running(["nginx", "-e", f"{home}/error.log", "-c", str(config), "-p", str(home)], port):
        yield port


def asked(port: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    """The answer to one question."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.system("nginx")
def test_nginx_serves_the_copy(site: Site, tmp_path: Path) -> None:
    """By the recipe nginx sends the compressed files as they are, and its error page is the copy's."""
    copy = tmp_path / "copy"
    exported(site, copy)
    recipe = snippets(PAGE, "nginx")[1].replace(COPY, str(copy))
    with nginx(tmp_path, recipe) as port:
        answer, body = asked(port, "/incidents/2026-11-20-srv3/", Accept_Encoding="gzip")
        assert answer.getheader("Content-Encoding") == "gzip"
        assert body == (copy / "incidents/2026-11-20-srv3/index.html.gz").read_bytes()
        assert b"Half of the memory" in gzip.decompress(body)
        answer, body = asked(port, "/")
        assert (answer.status, body) == (200, (copy / "index.html").read_bytes())
        answer, body = asked(port, "/incidents/nowhere/")
        assert (answer.status, body) == (404, (copy / "404.html").read_bytes())
        assert asked(port, "/.status-export/manifest.json")[0].status == 404


@pytest.mark.system("nginx")
def test_nginx_shows_the_error_page(site: Site, tmp_path: Path) -> None:
    """When the site does not answer visitors read the current alerts, and programs still see a 502."""
    errors = tmp_path / "errors"
    errors.mkdir()
    export(site.app, "--error-page", errors / "status.html")
    recipe = snippets(PAGE, "nginx")[0].replace(ERRORS, str(errors))
    recipe = recipe.replace("127.0.0.1:8000", f"127.0.0.1:{free_port()}")
    with nginx(tmp_path, recipe) as port:
        answer, body = asked(port, "/blog/")
        assert answer.status == 502
        assert f"{SITE}/status/incidents/2026-11-20-srv3/".encode() in body
        assert asked(port, "/status.html")[0].status == 404
