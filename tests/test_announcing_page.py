"""docs/announcing.md says what announcements do, and its recipes work as they stand there."""

from __future__ import annotations

import configparser
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from notes_repository import IDENTIFIED, INCIDENT, NotesRepository, notes_repository
from receivers import WebServer

from status_plugin.core.board.news import NEWS_FOR, Kind
from status_plugin.settings import SETTINGS
from status_plugin.staff.announcing.ledger import EAGER_TRIES, PATIENCE
from status_plugin.staff.announcing.recipients import read_recipients
from status_plugin.staff.cli import commands

HOME = Path(__file__).resolve().parent.parent
PAGE = (HOME / "docs" / "announcing.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The examples in a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [text for its, text in found if its == language]


CONFIGURATION, REHEARSAL = blocks("")
POST_MERGE, POST_RECEIVE = blocks("sh")
SERVICE, TIMER = blocks("ini")


def test_it_is_found() -> None:
    """The README leads to it."""
    assert "(docs/announcing.md)" in (HOME / "README.md").read_text(encoding="utf-8")


def test_what_it_points_to_is_there() -> None:
    """Every page that it links to."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGE) if "://" not in link]
    assert "monitoring.md" in links
    assert [link for link in links if not (HOME / "docs" / link).is_file()] == []


def test_every_kind_of_news_is_there() -> None:
    """Those that readers hear of, by the words of a dry run."""
    table = PAGE.partition("| what | when |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [
        kind.value for kind in Kind if kind is not Kind.PLANNED
    ]


def test_every_option_is_there() -> None:
    """And no other."""
    options = {option for parameter in commands.commands["announce"].params for option in parameter.opts}
    assert {word for word in options if word.startswith("--")} <= set(re.findall(r"--[a-z-]+", PAGE))


def test_numbers_and_names_are_those_of_the_code() -> None:
    """What is kept for how long, and what the settings are called."""
    assert timedelta(hours=24) == NEWS_FOR
    assert "was over for 24 hours when it is written down" in PAGE
    assert "A service could not be told for 24 hours" in PAGE
    assert (10, timedelta(hours=1)) == (EAGER_TRIES, PATIENCE)
    assert "ten times, then once an hour" in PAGE
    keys = {setting.key: setting for setting in SETTINGS}
    assert set(re.findall(r"STATUS_[A-Z_]+", PAGE)) <= set(keys)
    assert f"`{keys['STATUS_ANNOUNCED'].default}` in the instance folder" in PAGE


def test_the_extra_is_there() -> None:
    """What the page says to install is what setup.cfg has."""
    assert "pip install status-plugin[announce]" in PAGE
    setup = configparser.ConfigParser()
    setup.read(HOME / "setup.cfg", encoding="utf-8")
    assert setup["options.extras_require"]["announce"].strip().startswith("apprise")


def test_the_example_of_a_file_can_be_used(tmp_path: Path) -> None:
    """Apprise knows every line."""
    file = tmp_path / "announce.cfg"
    file.write_text(CONFIGURATION, encoding="utf-8")
    found = read_recipients(file, "https://www.example.com/status/")
    assert found.broken == ()
    assert len(found.all) == sum("://" in line for line in CONFIGURATION.splitlines()) == 5


@pytest.mark.system("git")
def test_the_example_of_a_dry_run_is_what_it_says(tmp_path: Path) -> None:
    """Word by word."""
    notes = notes_repository(tmp_path / "site", STATUS_COPY_URL="https://status.example.net/")
    notes.follow(CONFIGURATION)
    notes.commit({"incidents/srv3.md": INCIDENT + IDENTIFIED})
    assert notes.announce("HEAD~1..HEAD", "--dry-run").output.strip() == REHEARSAL.strip()


def test_the_unit_of_the_timer_runs_the_command() -> None:
    """Once a minute, with words that the command takes."""
    service, timer = configparser.ConfigParser(), configparser.ConfigParser()
    service.read_string(SERVICE)
    timer.read_string(TIMER)
    words = shlex.split(service["Service"]["ExecStart"])
    assert words[1:4] == ["--app", "website", "status"]
    commands.commands[words[4]].make_context(words[4], words[5:])
    assert timer["Timer"]["OnCalendar"] == "minutely"
    assert "example-announce.service" in PAGE
    assert "example-announce.timer" in PAGE


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server."""
    with WebServer() as server:
        yield server


@pytest.fixture
def server(tmp_path: Path, web: WebServer) -> NotesRepository:
    """The site on its server: a checkout of a repository that staff push to, and a program that serves it."""
    site = notes_repository(tmp_path / "example")
    (site.top / "website.py").write_text(
        "from flask import Flask\nfrom status_plugin import StatusPlugin\napp = Flask(__name__)\n"
        "app.config.update(STATUS_MONITOR=[], STATUS_TIMEZONE='America/New_York')\n"
        "app.config.update(STATUS_ANNOUNCE='announce.cfg', STATUS_SITE_URL='https://www.example.com')\n"
        "StatusPlugin(app)\n",
        encoding="utf-8",
    )
    site.commit()
    site.git("clone", "--quiet", "--bare", str(site.top), str(tmp_path / "site.git"))
    site.git("remote", "add", "origin", str(tmp_path / "site.git"))
    site.git("fetch", "--quiet", "origin")
    site.git("branch", "--quiet", "--set-upstream-to=origin/main", "main")
    site.follow(web.address("all"))
    return site


def hook(text: str, folder: Path, name: str, site: NotesRepository) -> None:
    """The recipe as a hook, with this machine's paths."""
    assert "/srv/example/.venv/bin/flask" in text
    text = text.replace("/srv/example/.venv/bin/flask", f"{shlex.quote(sys.executable)} -m flask")
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.replace("/srv/example", shlex.quote(str(site.top))), encoding="utf-8")
    file.chmod(0o755)


def staff(site: NotesRepository, tmp_path: Path) -> Path:
    """The clone of somebody who writes notes."""
    folder = tmp_path / "staff"
    site.git("clone", "--quiet", str(tmp_path / "site.git"), str(folder))
    return folder


def push(site: NotesRepository, folder: Path, name: str, *words: str) -> None:
    """Write an incident of now and push it."""
    began = datetime.now(ZoneInfo("America/New_York")) - timedelta(minutes=1)
    text = INCIDENT.replace("2026-11-20 6:00pm Eastern", f"{began:%Y-%m-%d %H:%M}").replace(
        "Srv3 is", f"{name} is"
    )
    (folder / "content" / "incidents").mkdir(exist_ok=True)
    (folder / "content" / "incidents" / f"{name}.md").write_text(text, encoding="utf-8")
    site.git("add", "--all", folder=folder)
    site.git("commit", "--quiet", "--message", name, *words, folder=folder)
    site.git("push", "--quiet", "--force", "origin", "main", folder=folder)


@pytest.mark.system("git")
def test_the_hook_of_a_site_that_pulls(server: NotesRepository, web: WebServer, tmp_path: Path) -> None:
    """A pull tells what it brought."""
    hook(POST_MERGE, server.top / ".git" / "hooks", "post-merge", server)
    folder = staff(server, tmp_path)
    push(server, folder, "first")
    push(server, folder, "second")
    server.git("pull", "--quiet")
    assert sorted(web.titles("all")) == [
        "Investigating: first is not responding",
        "Investigating: second is not responding",
    ]


@pytest.mark.system("git")
def test_the_hook_of_a_repository_on_the_server(
    server: NotesRepository, web: WebServer, tmp_path: Path
) -> None:
    """A push updates the site and tells what is new; so does a forced one; another branch tells nothing."""
    hook(POST_RECEIVE, tmp_path / "site.git" / "hooks", "post-receive", server)
    folder = staff(server, tmp_path)
    push(server, folder, "first")
    assert web.titles("all") == ["Investigating: first is not responding"]
    assert (server.site.folder / "incidents" / "first.md").exists()
    push(server, folder, "second", "--amend")
    assert web.titles("all")[1:] == ["Investigating: second is not responding"]
    server.git("push", "--quiet", "origin", "HEAD:refs/heads/elsewhere", folder=folder)
    assert len(web.heard) == 2
