"""`flask status export`: the pages as files, for a host elsewhere."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from exported import SITE, copied_site, dead_links, export, exported, files, marks, old_incident
from flask import request
from mounted_site import INCIDENT, Site

import website
from status_plugin.staff.exporting.compression import BROTLI_FROM
from status_plugin.staff.exporting.export import Exporter
from status_plugin.web.answer import Answer
from status_plugin.web.state import EXTENSION_KEY

LIVE_ONLY = {"status.health", "status.nowhere"}
"""What a copy cannot have: it depends on who asks, or on nothing being there."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident, a window and eight incidents of long ago."""
    return copied_site(tmp_path)


def test_everything_is_in_the_copy(tmp_path: Path) -> None:
    """Every kind of address that the site has below the page is a file of the copy, with the same bytes."""
    site, copy = copied_site(tmp_path, old=25), tmp_path / "copy"
    exported(site, copy)
    found = files(copy)
    adapter = site.app.url_map.bind("www.example.com")
    pages = [path.removesuffix("index.html") for path in found if not path.endswith((".gz", ".br"))]
    there = {adapter.match(f"/status/{page}")[0] for page in pages if "/page/" not in page}
    kinds = {rule.endpoint for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("status.")}
    assert there >= kinds - LIVE_ONLY
    for path in ("feed.atom", "maintenance.ics", "components/srv3/badge.svg", "api/v2/summary.json"):
        assert found[path] == site.client.get(f"/status/{path}", base_url=SITE).data
    assert json.loads(found["board.json"])["current"][0]["url"].startswith(f"{SITE}/status/incidents/")
    second = found["incidents/page/2/index.html"].decode()
    assert "Page 2 of 2" in second
    assert '<a rel="prev" href="../../../incidents/">' in second


def test_no_link_within_a_copy_is_dead(site: Site, tmp_path: Path) -> None:
    """The copy can be read from page to page wherever it is served, and a missing page would be noticed."""
    copy = tmp_path / "copy"
    exported(site, copy)
    assert dead_links(copy) == []
    (copy / "incidents" / "old-3" / "index.html").unlink()
    assert "incidents/old-4/index.html: ../../incidents/old-3/" in dead_links(copy)


def test_links_are_complete_if_wanted(site: Site, tmp_path: Path) -> None:
    """With the copy's address every link is complete and leads to a file of the copy."""
    copy, base = tmp_path / "copy", "https://status.example.net/s/"
    exported(site, copy, "--base", base)
    assert dead_links(copy, base) == []
    page = (copy / "index.html").read_text()
    assert f'href="{base}incidents/2026-11-20-srv3/"' in page
    assert 'href="../' not in page
    wrong = export(site.app, copy, "--base", "status.example.net")
    assert wrong.exit_code == 2
    assert "Example: --base https://status.example.net/" in wrong.output


def test_the_company_site_looks_as_it_does(tmp_path: Path) -> None:
    """The layout is the site's: its style sheet comes along, its other pages stay where they are."""
    app = website.create_app({"STATUS_MONITOR_MAP": {}, "STATUS_SITE_URL": SITE})
    copy = tmp_path / "copy"
    assert export(app, copy).exit_code == 0
    page = (copy / "index.html").read_text()
    assert 'href="_site/static/site.css"' in page
    assert (copy / "_site/static/site.css").read_bytes() == Path("static/site.css").read_bytes()
    assert f'href="{SITE}/blog/"' in page
    assert dead_links(copy) == []
    assert not re.search(r'(?:href|src)="/', "".join(map(str, files(copy).values())))


def test_what_the_site_lacks_is_said(site: Site, tmp_path: Path) -> None:
    """A picture that the site's own layout has lost is named, and no page of the copy leads to nowhere."""
    layout = tmp_path / "templates" / "status" / "layout.html"
    layout.parent.mkdir(parents=True)
    layout.write_text('<img src="/static/lost.png">{% block content %}{% endblock %}')
    said = exported(site, tmp_path / "copy")
    assert "The site has nothing at /static/lost.png, which its pages load." in said
    assert f'<img src="{SITE}/static/lost.png">' in (tmp_path / "copy" / "index.html").read_text()


def test_a_copy_says_what_it_is(site: Site, tmp_path: Path) -> None:
    """Every page of the copy names the page itself, and no page of the site says that it is a copy."""
    copy = tmp_path / "copy"
    exported(site, copy)
    said = "This is a copy, kept for when the site cannot be reached. The page itself is at "
    said += f'<a href="{SITE}/status/">'
    for path in files(copy):
        if path.endswith(".html"):
            assert said in (copy / path).read_text(), path
    assert "This is a copy" not in site.client.get("/status/").text
    assert "This is a copy" not in site.client.get("/status/nowhere").text


def test_what_has_not_changed_stays(site: Site, tmp_path: Path) -> None:
    """An export without news touches nothing: bytes, inodes and times stay, so that nothing is sent again."""
    copy = tmp_path / "copy"
    exported(site, copy)
    before = marks(copy)
    assert ": 0 new or changed, 0 deleted" in exported(site, copy)
    assert marks(copy) == before


def test_one_changed_note_changes_its_pages_alone(site: Site, tmp_path: Path) -> None:
    """After a commit only the pages that show the note are written again."""
    copy = tmp_path / "copy"
    exported(site, copy)
    before = marks(copy)
    site.note("incidents/old-5.md", old_incident(5, "Mail was very late"))
    site.clock.move(5)
    exported(site, copy)
    after = marks(copy)
    changed = {path.removesuffix(".gz").removesuffix(".br") for path in after if before[path] != after[path]}
    notes = {path for path in changed if re.match(r"(incidents|maintenance)/(?!page)[^/]+/", path)}
    assert notes == {"incidents/old-5/index.html"}
    assert "Mail was very late" in (copy / "incidents/old-5/index.html").read_text()
    archives = {path for path in changed if re.fullmatch(r"incidents/(page/\d+/)?index.html", path)}
    assert len(archives) == 1
    assert "index.html" in changed


def test_pages_follow_the_notes_that_they_link_to(site: Site, tmp_path: Path) -> None:
    """A page that links to a note by a title of ours is written again when that title changes."""
    site.note(
        "incidents/old-6.md", old_incident(6).replace("[the other](incident:old-5)", "[[incident:old-5]]")
    )
    site.clock.move(5)
    copy = tmp_path / "copy"
    exported(site, copy)
    assert "Mail was late (5)</a>" in (copy / "incidents/old-6/index.html").read_text()
    site.note("incidents/old-5.md", old_incident(5, "Mail was very late"))
    site.clock.move(5)
    exported(site, copy)
    assert "Mail was very late</a>" in (copy / "incidents/old-6/index.html").read_text()


def test_a_new_layout_reaches_every_page(site: Site, tmp_path: Path) -> None:
    """When the site's layout, a template or a component's name changes, no page keeps the earlier one."""
    copy = tmp_path / "copy"
    exported(site, copy)
    templates = tmp_path / "templates" / "status"
    templates.mkdir(parents=True)
    (templates / "layout.html").write_text("<p>new layout</p>{% block content %}{% endblock %}")
    site = copied_site(tmp_path)
    exported(site, copy)
    assert "new layout" in (copy / "incidents/old-7/index.html").read_text()
    (templates / "note.html").write_text("<p>new template</p>")
    site = copied_site(tmp_path)
    exported(site, copy)
    assert (copy / "incidents/old-7/index.html").read_text() == "<p>new template</p>"


def test_no_page_keeps_yesterdays_words(site: Site, tmp_path: Path) -> None:
    """A page that tells a time of today by the clock alone tells its day tomorrow."""
    copy = tmp_path / "copy"
    exported(site, copy)
    page = copy / "incidents/2026-11-20-srv3/index.html"
    assert "is overdue" not in page.read_text()
    assert re.search(r"promised for .*>19:30 EST<", page.read_text())
    site.clock.move(24 * 3600)
    exported(site, copy)
    assert re.search(r"promised for .*Fri 20 Nov, 19:30 EST.* is overdue", page.read_text())


def test_what_is_gone_is_deleted(site: Site, tmp_path: Path) -> None:
    """The page of a note that was taken away goes with its folder; what somebody else put there stays."""
    copy = tmp_path / "copy"
    exported(site, copy)
    (copy / "CNAME").write_text("status.example.net")
    (copy / "incidents/old-6/theirs.txt").write_text("theirs")
    for number in (5, 6):
        (site.folder / f"incidents/old-{number}.md").unlink()
    site.clock.move(5)
    assert "deleted" in exported(site, copy)
    assert not (copy / "incidents/old-5").exists()
    assert [path.name for path in (copy / "incidents/old-6").iterdir()] == ["theirs.txt"]
    assert (copy / "CNAME").read_text() == "status.example.net"


@pytest.mark.parametrize("theirs", ["index.html", "incidents", "feed.atom.gz"])
def test_a_strangers_file_is_never_replaced(site: Site, tmp_path: Path, theirs: str) -> None:
    """A file that no export made is an error that names it, and nothing else is written."""
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / theirs).write_text("theirs")
    done = export(site.app, copy)
    assert done.exit_code == 1
    assert f"{copy / theirs} is in the way: no export made it" in done.output
    assert files(copy) == {theirs: b"theirs"}


def test_a_link_out_of_the_folder_is_not_followed(site: Site, tmp_path: Path) -> None:
    """Nothing is ever written outside the folder."""
    copy, outside = tmp_path / "copy", tmp_path / "outside"
    copy.mkdir()
    outside.mkdir()
    (copy / "incidents").symlink_to(outside)
    assert "is in the way" in export(site.app, copy).output
    assert list(outside.iterdir()) == []


def test_a_lost_file_comes_back(site: Site, tmp_path: Path) -> None:
    """What somebody deleted or cut short in the copy is there again after the next export."""
    copy = tmp_path / "copy"
    exported(site, copy)
    whole = files(copy)
    (copy / "incidents/old-3/index.html").unlink()
    (copy / "incidents/old-4/index.html.gz").write_bytes(b"")
    (copy / "static/status.css").write_bytes(b"")
    exported(site, copy)
    assert files(copy) == whole


def test_texts_lie_there_compressed(site: Site, tmp_path: Path) -> None:
    """Beside every text there are its compressed forms, which say the same and are the same every time."""
    exported(site, tmp_path / "copy")
    exported(site, tmp_path / "again")
    found = files(tmp_path / "copy")
    assert found == files(tmp_path / "again")
    for path in ("index.html", "feed.atom", "static/status.css", "board.json", "maintenance.ics"):
        assert gzip.decompress(found[f"{path}.gz"]) == found[path]
        assert len(found[f"{path}.gz"]) < len(found[path])
        assert (f"{path}.br" in found) == (len(found[path]) >= BROTLI_FROM)
    for path in ("index.html", "static/status.css"):
        assert brotli.decompress(found[f"{path}.br"]) == found[path]
        assert len(found[f"{path}.br"]) < len(found[f"{path}.gz"])


def test_compressed_forms_come_with_the_extra(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that was made without the extra for br gets that form of every text once it is installed."""
    copy = tmp_path / "copy"
    for name in ("compression", "workshop", "export"):
        monkeypatch.setattr(f"status_plugin.staff.exporting.{name}.FORMS", (".gz",))
    monkeypatch.setattr("status_plugin.staff.exporting.compression.brotli", None)
    exported(site, copy)
    assert not [path for path in files(copy) if path.endswith(".br")]
    monkeypatch.undo()
    exported(site, copy)
    found = files(copy)
    texts = {path for path in found if path.endswith(".html") and len(found[path]) >= BROTLI_FROM}
    assert "index.html" in texts
    assert {f"{path}.br" for path in texts} <= set(files(copy))


def test_earlier_addresses_lead_on(site: Site, tmp_path: Path) -> None:
    """At an address that a note once had there is a small page that leads to the present one."""
    site.note("incidents/old-2.md", old_incident(2).replace("impact:", "aliases: [mail-trouble]\nimpact:"))
    site.clock.move(5)
    exported(site, tmp_path / "copy")
    page = (tmp_path / "copy/incidents/mail-trouble/index.html").read_text()
    assert '<meta http-equiv="refresh" content="0; url=../../incidents/old-2/">' in page
    assert f'<link rel="canonical" href="{SITE}/status/incidents/old-2/">' in page


def test_the_error_page_for_lost_visitors(tmp_path: Path) -> None:
    """The page for addresses with nothing behind them is shown at any depth: no link of it is relative."""
    for name, settings, start in (
        ("a", {}, f"{SITE}/"),
        ("b", {"STATUS_COPY_URL": "https://copy.example.net"}, "https://copy.example.net/"),
    ):
        (tmp_path / name).mkdir()
        site = copied_site(tmp_path / name, **settings)
        exported(site, tmp_path / name / "copy")
        text = (tmp_path / name / "copy/404.html").read_text()
        links = re.findall(r'(?:href|src)="([^"#]+)"', text)
        assert [link for link in links if not link.startswith("https://")] == []
        assert any(link.startswith(f"{start}") and link.endswith("incidents/") for link in links)


def test_the_layout_says_nothing_of_the_state(tmp_path: Path) -> None:
    """In a copy the site's link to the page has no state: old pages stay as they are when it changes."""
    app = website.create_app({"STATUS_MONITOR_MAP": {}, "STATUS_SITE_URL": SITE})
    app.test_client().get("/status/")
    assert 'class="status-link status-tone-' in app.test_client().get("/status/incidents/").text
    export(app, tmp_path / "copy")
    assert '<a class="status-link" href="../">' in (tmp_path / "copy/incidents/index.html").read_text()


def test_a_copy_is_of_one_moment(site: Site, tmp_path: Path) -> None:
    """A note that comes while pages are made is on all of them or on none."""
    state = site.app.extensions[EXTENSION_KEY]
    edition = state.station.renew()
    site.note("incidents/late.md", INCIDENT.replace("Srv3 is not responding", "Something came meanwhile"))
    site.clock.move(5)
    assert "Something came meanwhile" in site.client.get("/status/").text
    Exporter(site.app, state, tmp_path / "copy", base="", processes=1).export(edition)
    assert not any(b"Something came meanwhile" in body for body in files(tmp_path / "copy").values())
    # The application itself is as it was.
    assert "Something came meanwhile" in site.client.get("/status/").text
    assert isinstance(site.client.get("/status/feed.atom").data, bytes)


def test_nothing_of_the_live_site_is_kept(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making ten thousand pages puts none of them among the finished ones that visitors get."""

    def never(*_: object) -> Answer:
        raise AssertionError

    monkeypatch.setattr(Answer, "of", never)
    exported(site, tmp_path / "copy")


def test_several_processes_make_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of processes, the copy is the same."""
    site = copied_site(tmp_path)
    monkeypatch.setattr("status_plugin.staff.exporting.crew.WORTH_IT", 5)
    exported(site, tmp_path / "one", "--processes", 1)
    exported(site, tmp_path / "three", "--processes", 3)
    assert files(tmp_path / "one") == files(tmp_path / "three")


@pytest.mark.parametrize("processes", [1, 3])
def test_a_page_that_fails_leaves_the_copy_as_it_was(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """One page that cannot be made is an error with its address, in whatever process."""
    monkeypatch.setattr("status_plugin.staff.exporting.crew.WORTH_IT", 5)
    copy = tmp_path / "copy"
    exported(site, copy)
    before = marks(copy)
    site.note("incidents/old-3.md", old_incident(3, "Mail was very late"))
    site.clock.move(5)
    monkeypatch.setitem(site.app.before_request_funcs, None, [_closed])
    done = export(site.app, copy, "--processes", processes)
    assert done.exit_code == 1
    assert "At /status/incidents/old-3/ the site answers 503" in done.output
    assert "The copy is as it was." in done.output
    assert marks(copy) == before


def test_a_login_in_front_of_the_pages_is_told(site: Site, tmp_path: Path) -> None:
    """A site that sends visitors somewhere else cannot be copied, and the sentence says where it does."""
    site.app.before_request(lambda: ("", 302, {"Location": "/login"}))
    done = export(site.app, tmp_path / "copy")
    assert done.exit_code == 1
    assert "the site answers 302 FOUND and leads to /login" in done.output


def _closed() -> tuple[str, int] | None:
    return ("closed", 503) if request.path == "/status/incidents/old-3/" else None


def test_the_site_must_have_an_address(tmp_path: Path) -> None:
    """Without STATUS_SITE_URL the command says what to set."""
    site = copied_site(tmp_path, STATUS_SITE_URL="")
    done = export(site.app, tmp_path / "copy")
    assert done.exit_code == 1
    assert "STATUS_SITE_URL = 'https://www.example.com'" in done.output
    assert export(site.app).exit_code == 2


def test_a_site_below_a_path(tmp_path: Path) -> None:
    """A site that is mounted below a path of its host is copied all the same, with the fast path on, too."""
    site = copied_site(tmp_path, STATUS_SITE_URL="https://example.com/our", STATUS_FAST_PATH=True)
    exported(site, tmp_path / "copy")
    assert dead_links(tmp_path / "copy") == []
    page = (tmp_path / "copy/index.html").read_text()
    assert "This is a copy" in page
    assert 'href="incidents/2026-11-20-srv3/"' in page
    assert '<link rel="canonical" href="https://example.com/our/status/">' in page


def test_a_folder_that_cannot_be_written(site: Site, tmp_path: Path) -> None:
    """A path that is no folder is a sentence, not a traceback."""
    (tmp_path / "file").write_text("")
    done = export(site.app, tmp_path / "file" / "copy")
    assert done.exit_code == 1
    assert "cannot be used: Not a directory." in done.output


def test_a_manifest_that_cannot_be_read(site: Site, tmp_path: Path) -> None:
    """When it is not known what is ours, nothing is touched."""
    copy = tmp_path / "copy"
    exported(site, copy)
    before = marks(copy)
    (copy / ".status-export/manifest.json").write_text("{}")
    done = export(site.app, copy)
    assert done.exit_code == 1
    assert "Export into an empty folder." in done.output
    assert marks(copy) == before


def test_the_folder_keeps_its_mode(site: Site, tmp_path: Path) -> None:
    """A folder that was made for the web server to read stays readable for it."""
    copy = tmp_path / "copy"
    copy.mkdir()
    copy.chmod(0o2750)
    exported(site, copy)
    assert copy.stat().st_mode & 0o7777 == 0o2750
