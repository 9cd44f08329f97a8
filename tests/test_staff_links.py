"""`flask status links`: addresses of the forge's editor for staff's bookmarks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import html5lib
import pytest
from click.testing import Result
from mounted_site import INCIDENT, Site, mounted_site
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.forge import Forge, read_forge
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import NoteReading, read_note
from status_plugin.settings import SettingError
from status_plugin.staff.links.note_template import NO_TIMES, template_path, template_text, times_at

GITHUB = "https://github.com/example/site/edit/main/content/"
GITLAB = "https://git.example.net/ops/web/site/-/edit/main/content"
CODEBERG = "https://codeberg.org/example/site/_edit/main/content/"

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 7, 20, 23, 45, 59, tzinfo=UTC)
COMPONENTS = (Component(slug="srv3", name="Srv3"), Component(slug="ns3", name="ns3"))


def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str = GITHUB) -> Site:
    """A site with an open incident and a window to come, edited at a forge."""
    monkeypatch.chdir(tmp_path)
    site = mounted_site(tmp_path, STATUS_EDIT_URL=address)
    site.note("incidents/2026/2026-11-20-srv3.md", INCIDENT)
    window = "---\ntitle: New [memory]\nstarts: 2026-11-30 6:00pm EST\nduration: 1h\naffects: srv3\n---\nx\n"
    site.note("maintenance/2026-11-30-memory.md", window)
    site.clock.move(2)
    return site


def run(site: Site, *words: str) -> Result:
    """What a command prints."""
    return site.app.test_cli_runner().invoke(args=["status", *words])


def asked(address: str) -> dict[str, str]:
    """What an address asks its forge for."""
    return {key: value for key, (value,) in parse_qs(urlsplit(address).query, strict_parsing=True).items()}


@pytest.mark.parametrize(
    ("value", "kind", "repository", "folder"),
    [
        (GITHUB, "github", "https://github.com/example/site", "content"),
        (GITLAB, "gitlab", "https://git.example.net/ops/web/site", "content"),
        (CODEBERG, "gitea", "https://codeberg.org/example/site", "content"),
        ("http://git.lan:3000/a/b/_edit/main", "gitea", "http://git.lan:3000/a/b", ""),
        ("https://github.com/a/edit/edit/main/x/y", "github", "https://github.com/a/edit", "x/y"),
    ],
)
def test_one_value_names_everything(value: str, kind: str, repository: str, folder: str) -> None:
    """The address of the editor tells the kind of forge, the repository, the branch and the folder."""
    forge = read_forge(value)
    assert forge == Forge(kind=kind, repository=repository, branch="main", folder=folder)


def test_a_branch_with_a_slash() -> None:
    """A branch whose name has a slash is written with %2F, and comes back so."""
    forge = read_forge("https://github.com/a/b/edit/release%2F1/content")
    assert forge is not None
    assert forge.branch == "release/1"
    assert forge.edit_address("incidents/a b.md") == (
        "https://github.com/a/b/edit/release%2F1/content/incidents/a%20b.md"
    )


@pytest.mark.parametrize(
    "value",
    [
        "https://github.com/example/site",
        "https://github.com/example/site/blob/main/content",
        "https://github.com/example/edit/main/content",
        "https://github.com/example/site/edit/",
        "git@github.com:example/site.git",
        "https://somebody:secret-word@github.com/example/site/edit/main/content/",
        "https://github.com/example/site/edit/main/content/?a=1",
        17,
    ],
)
def test_a_wrong_value_stops_the_start(tmp_path: Path, value: object) -> None:
    """The start ends with the key and a good example, and repeats no password."""
    with pytest.raises(SettingError, match="STATUS_EDIT_URL must be") as caught:
        mounted_site(tmp_path, STATUS_EDIT_URL=value)
    assert f"Example: STATUS_EDIT_URL = '{GITHUB}'" in str(caught.value)
    assert "secret-word" not in str(caught.value)


def test_without_the_setting(tmp_path: Path) -> None:
    """Without STATUS_EDIT_URL the command says what to set."""
    result = run(mounted_site(tmp_path), "links")
    assert result.exit_code == 1
    assert f"STATUS_EDIT_URL = '{GITHUB}'" in result.output


@pytest.mark.parametrize(
    ("address", "path", "name", "text"),
    [
        (GITHUB, "/example/site/new/main", "filename", "value"),
        (GITLAB, "/ops/web/site/-/new/main", "file_name", "content"),
        (CODEBERG, "/example/site/_new/main/content/incidents", "filename", "value"),
    ],
)
def test_a_new_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, path: str, name: str, text: str
) -> None:
    """A new incident begins in the forge's new-file page, with its name and its text filled in."""
    lines = run(made(tmp_path, monkeypatch, address), "links").output.splitlines()
    found = lines[lines.index("New incident") + 1]
    assert urlsplit(found).path == path
    query = asked(found)
    assert set(query) == {name, text}
    whole = query[name] if address != CODEBERG else f"content/incidents/{query[name]}"
    assert whole == "content/incidents/2026-11-20-incident.md"
    assert "started: 2026-11-20 6:45pm EST" in query[text]
    pasted = "If the editor opens empty, paste this:" in lines
    assert pasted == (address == GITLAB)


@pytest.mark.parametrize(
    ("address", "edits"),
    [
        (GITHUB, "https://github.com/example/site/edit/main/content/incidents/2026/2026-11-20-srv3.md"),
        (GITLAB, f"{GITLAB}/incidents/2026/2026-11-20-srv3.md"),
        (CODEBERG, f"{CODEBERG}incidents/2026/2026-11-20-srv3.md"),
    ],
)
def test_each_open_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, edits: str) -> None:
    """What is open and what is to come can be edited; each address stands in a line of its own."""
    lines = run(made(tmp_path, monkeypatch, address), "links").output.splitlines()
    assert lines[lines.index("Edit: Srv3 is not responding (Identified)") + 1] == edits
    assert "Edit: New [memory] (Scheduled)" in lines


def reading(text: str, kind: type[Incident] | type[Maintenance]) -> NoteReading:
    """What the reader says of a note of now."""
    return read_note(
        text,
        path="incidents/2026-07-20-x.md",
        kind=kind,
        zone=ZONE,
        inventory=Inventory(components=COMPONENTS),
        read_at=NOW,
    )


@pytest.mark.parametrize(("kind", "note"), [("incident", Incident), ("maintenance", Maintenance)])
def test_a_filled_template_is_without_fault(kind: str, note: type[Incident] | type[Maintenance]) -> None:
    """With a title and what is affected filled in, the note has neither errors nor warnings."""
    text = template_text(kind, times_at(NOW, ZONE), COMPONENTS)
    assert "EDT" in text
    filled = text.replace("title: #", "title: Srv3 is gone #").replace("affects: []", "affects: [srv3]")
    found = reading(filled, note)
    assert found.problems == ()
    assert found.note is not None
    assert found.note.title == "Srv3 is gone"
    assert list(found.note.affects) == ["srv3"]


@pytest.mark.parametrize(("kind", "note"), [("incident", Incident), ("maintenance", Maintenance)])
def test_what_is_left_out_is_named(kind: str, note: type[Incident] | type[Maintenance]) -> None:
    """A template that nobody filled in is an error at what is missing, and claims nothing."""
    found = reading(template_text(kind, NO_TIMES, COMPONENTS), note)
    assert found.note is not None
    assert not found.note.affects
    assert {"title-missing", "started-missing" if kind == "incident" else "starts-missing"} <= {
        problem.rule for problem in found.problems
    }


def test_what_is_kept_has_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bookmarks are followed months later: no time of today is in them."""
    site = made(tmp_path, monkeypatch)
    lines = run(site, "links", "--format", "markdown").output.splitlines()
    assert lines[0].startswith("- [New incident](https://github.com/example/site/new/main?")
    assert r"- [Edit: New \[memory\] (Scheduled)](" in lines[3]
    assert "2026-11-20 6:45pm" not in unquote(lines[0])
    assert template_path("incident", NO_TIMES) in unquote(lines[0])


def test_a_page_of_bookmarks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is valid, is written to a file, asks for nothing else, and leads to the same addresses."""
    site = made(tmp_path, monkeypatch)
    file = tmp_path / "links.html"
    assert run(site, "links", "--format", "html", "--output", str(file)).output == (
        f"Written: {file}. It is for staff; keep it off the site.\n"
    )
    page = file.read_text("utf-8")
    found = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    names = ["".join(link.itertext()) for link in found.iter("a")]
    assert names == [
        "New incident",
        "New maintenance",
        "Edit: Srv3 is not responding (Identified)",
        "Edit: New [memory] (Scheduled)",
    ]
    assert not [
        element for element in found.iter() if element.tag in ("link", "img") or "src" in element.attrib
    ]


def test_no_public_page_leads_to_the_forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither pages nor programs learn where notes are edited."""
    site = made(tmp_path, monkeypatch)
    assert "github.com" in run(site, "links").output
    addresses = [
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    addresses += ["/status/incidents/2026-11-20-srv3/", "/status/components/srv3/"]
    assert "/status/" in addresses
    for address in addresses:
        answer = site.client.get(address)
        assert b"github" not in answer.data, address
        assert "staff" not in address


@pytest.mark.system("chromium")
def test_the_times_of_the_tap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser the address has the time at which it is followed, and the reader takes it."""
    file = tmp_path / "links.html"
    run(made(tmp_path, monkeypatch), "links", "--format", "html", "--output", str(file))
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"):
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver")) as browser:
        browser.get(file.as_uri())
        address = browser.find_element("css selector", "a[data-live]").get_attribute("href") or ""
    text = asked(address)["value"].replace("title: #", "title: Gone #").replace("[]", "[srv3]")
    now = datetime.now(UTC)
    found = read_note(
        text,
        path="incidents/x.md",
        kind=Incident,
        zone=ZONE,
        inventory=Inventory(components=COMPONENTS),
        read_at=now,
    )
    assert found.problems == ()
    assert isinstance(found.note, Incident)
    assert found.note.started is not None
    assert abs((found.note.started.at - now).total_seconds()) < 120
