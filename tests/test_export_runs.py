"""Exports that are killed, meet each other, or go on for as long as they run; and the error page."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from exported import SITE, copied_site, dead_links, export, exported, files, old_incident
from mounted_site import INCIDENT, Site

from status_plugin.staff.exporting.export import Exporter
from status_plugin.staff.exporting.following import AT_LEAST_EVERY, follow
from status_plugin.staff.exporting.manifest import MadePage, Manifest
from status_plugin.staff.exporting.problem import ExportError, StoppedError
from status_plugin.staff.exporting.tree import STATE, KnownManifest, locked_tree
from status_plugin.web.edition import Edition
from status_plugin.web.state import EXTENSION_KEY, PluginState

PATIENCE = 30.0

APP = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from exported import SITE
from mounted_site import mounted_site
import status_plugin.staff.exporting.crew as crew
crew.WORTH_IT = 10
app = mounted_site(Path({root!r}), real_time=True, STATUS_SITE_URL=SITE, STATUS_MONITOR_TTL=1).app
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident, a window and eight incidents of long ago."""
    return copied_site(tmp_path)


def started(root: Path, *words: object) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    (root / "app.py").write_text(APP.format(tests=str(Path(__file__).parent), root=str(root)))
    command = [sys.executable, "-m", "flask", "--app", str(root / "app.py"), "status", "export"]
    with (root / "said.txt").open("a", encoding="utf-8") as said:
        return subprocess.Popen(
            [*command, *map(str, words)],
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=root,
            start_new_session=True,
        )


@contextmanager
def watching(root: Path, *words: object) -> Iterator[subprocess.Popen[bytes]]:
    """The command with --watch, until the test is done with it."""
    process = started(root, *words, "--watch")
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def eventually(look: Callable[[], bool]) -> None:
    """Wait until `look` says yes."""
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_killed_export_is_completed_by_the_next(tmp_path: Path) -> None:
    """Whenever an export is killed, no link of the copy is dead and the next one makes it whole."""
    copied_site(tmp_path, old=25)
    copy, chance = tmp_path / "copy", random.Random(7)
    began = time.monotonic()
    assert started(tmp_path, copy).wait(PATIENCE) == 0
    took = time.monotonic() - began
    for number in range(3):
        if number == 2:
            shutil.rmtree(copy)
        for slug in range(25):
            title = f"Mail was late, told {number} times"
            (tmp_path / f"content/incidents/old-{slug}.md").write_text(old_incident(slug, title))
        killed = started(tmp_path, copy, "--processes", 1 + number % 2)
        time.sleep(took * chance.uniform(0.55, 1.0))
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        if (copy / "index.html").exists():
            assert dead_links(copy) == []
    assert started(tmp_path, copy).wait(PATIENCE) == 0
    assert started(tmp_path, tmp_path / "fresh").wait(PATIENCE) == 0
    assert "Traceback" not in (tmp_path / "said.txt").read_text()
    notes = re.compile(r"incidents/|maintenance/")
    kept = {path: body for path, body in files(copy).items() if notes.match(path)}
    assert kept == {path: body for path, body in files(tmp_path / "fresh").items() if notes.match(path)}
    assert sorted(path.name for path in (copy / STATE).iterdir()) == [".gitignore", "manifest.json"]
    assert [path.name for path in tmp_path.iterdir() if STATE in path.name] == []


def put(folder: Path, pages: dict[str, str]) -> None:
    """Make a folder hold these files and no other of ours."""
    with locked_tree(folder, KnownManifest()) as tree:
        known = tree.manifest.pages
        changed = [path for path, text in pages.items() if (folder / path).exists() is False or text == "new"]
        for path in changed:
            file = tree.staged / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(pages[path])
        made = {path: MadePage(files={path: len(text)}) for path, text in pages.items()}
        tree.put_in_place(changed, Manifest(layout=f"after {len(known)}", pages=made))


@pytest.mark.parametrize("tidies", [True, False], ids=["interrupted", "killed"])
def test_putting_files_in_place_can_end_at_any_step(tmp_path: Path, tidies: bool) -> None:
    """Wherever an export is ended every file is whole, and the next one does the rest first."""
    before = {
        "a/index.html": "old",
        "b/index.html": "old",
        "c": "same",
        "d/e/f.html": "gone",
        "index.html": "old",
    }
    after = {
        "c": "same",
        "a/index.html": "new",
        "b/index.html": "new",
        "g/index.html": "new",
        "index.html": "new",
    }
    seen = set()
    for steps in range(14):
        folder = tmp_path / str(steps)
        put(folder, before)
        has_ended = stopped_after(steps, lambda folder=folder: put(folder, after), tidies=tidies)
        meanwhile = {path: body.decode() for path, body in files(folder).items()}
        seen.add(tuple(sorted(meanwhile.items())))
        assert all(text in (before.get(path), after.get(path)) for path, text in meanwhile.items())
        if "g/index.html" in meanwhile or "d/e/f.html" not in meanwhile:
            # It had begun: whatever comes next, that is completed first.
            with locked_tree(folder, KnownManifest()):
                pass
            assert {path: body.decode() for path, body in files(folder).items()} == after
        put(folder, after)
        assert {path: body.decode() for path, body in files(folder).items()} == after
        assert not (folder / "d").exists()
        assert sorted(path.name for path in (folder / STATE).iterdir()) == [".gitignore", "manifest.json"]
    assert not has_ended
    assert len(seen) == 6


def stopped_after(steps: int, act: Callable[[], None], *, tidies: bool) -> bool:
    """End an export after so many changes of the folder; whether that was before all was done.

    Who is killed tidies nothing up.
    """
    left = [steps]
    replace, unlink = Path.replace, Path.unlink

    def count() -> None:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1

    def counted_replace(self: Path, target: Path) -> Path:
        count()
        return replace(self, target)

    def counted_unlink(self: Path, missing_ok: bool = False) -> None:
        count()
        unlink(self, missing_ok)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", counted_replace)
        patch.setattr(Path, "unlink", counted_unlink)
        if not tidies:
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        try:
            act()
        except KeyboardInterrupt:
            return True
    return False


def test_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    """At a terminal a bar grows to the whole while pages are made by several; a file or a pipe gets none."""
    copied_site(tmp_path)
    started(tmp_path, tmp_path / "quiet").wait(PATIENCE)
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app.py", "status", "export", "copy", "--processes", "2"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=tmp_path,
        check=True,
    )
    os.close(theirs)
    with open(ours, "rb", buffering=0) as terminal:  # noqa: PTH123, it has no path
        seen = terminal.read(100_000).decode()
    shares = [int(share) for share in re.findall(r"Pages [^\r]*?(\d+)%", seen)]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    assert len(set(shares)) > 2
    said = (tmp_path / "said.txt").read_text()
    for text in (done.stdout.decode(), said):
        assert re.fullmatch(r"[\d,]+ files: [\d,]+ new or changed, 0 deleted, in [\d.]+ s\.\n", text)


def test_the_page_itself_comes_last(site: Site, tmp_path: Path) -> None:
    """Nobody is led to a page that is not there yet."""
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "theirs").write_text("so that files come one by one")
    placed: list[str] = []
    replace = Path.replace

    def seen(self: Path, target: Path) -> Path:
        placed.append(str(target))
        return replace(self, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", seen)
        exported(site, copy)
    pages = [path for path in placed if STATE not in path]
    assert pages[-1] == str(copy / "index.html")
    assert pages.index(str(copy / "incidents/old-1/index.html")) < pages.index(
        str(copy / "incidents/index.html")
    )


def test_two_exports_do_not_meet(site: Site, tmp_path: Path) -> None:
    """While one export is at a folder another says so and changes nothing."""
    copy = tmp_path / "copy"
    copy.mkdir()
    lock = os.open(copy, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    done = export(site.app, copy)
    assert done.exit_code == 1
    assert f"Another export is writing {copy}. Try again when it is done." in done.output
    assert files(copy) == {}
    os.close(lock)
    exported(site, copy)


def test_the_watch_keeps_the_copy_fresh(tmp_path: Path) -> None:
    """A saved note is in the copy within seconds, an error does not end the watch, and SIGTERM does."""
    site = copied_site(tmp_path)
    copy, error_file = tmp_path / "copy", tmp_path / "error.html"
    with watching(tmp_path, copy, "--error-page", error_file) as process:
        eventually((copy / "index.html").exists)
        site.note("incidents/new.md", INCIDENT.replace("Srv3 is not", "The new Srv3 is not"))
        eventually(lambda: "The new Srv3" in (copy / "index.html").read_text())
        assert "The new Srv3" in (copy / "incidents/new/index.html").read_text()
        assert "The new Srv3" in error_file.read_text()
        # A file where the page of the next note is to be.
        (copy / "incidents/newer").write_text("in the way")
        site.note("incidents/newer.md", INCIDENT.replace("Srv3 is not", "The newer Srv3 is not"))
        eventually(lambda: "incidents/newer is in the way" in (tmp_path / "said.txt").read_text())
        assert "The newer Srv3" in error_file.read_text()
        (copy / "incidents/newer").unlink()
        eventually(lambda: "The newer Srv3" in (copy / "index.html").read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        said = (tmp_path / "said.txt").read_text()
        assert "Trying again." in said
        assert "Traceback" not in said
    assert dead_links(copy) == []


def state_of(site: Site) -> PluginState:
    """What the extension keeps."""
    state: PluginState = site.app.extensions[EXTENSION_KEY]
    return state


def test_a_watch_exports_when_there_is_news(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without news nothing is made anew for minutes, and then once, so that the copy does not age."""
    stop, seen = threading.Event(), []
    clock = [0.0]
    monkeypatch.setattr("status_plugin.staff.exporting.following.time.monotonic", lambda: clock[0])

    def export_it(edition: Edition) -> str:
        seen.append((clock[0], edition))
        return "made"

    def wait(_: float) -> None:
        clock[0] += 30
        if clock[0] >= AT_LEAST_EVERY.total_seconds() + 60:
            stop.set()

    monkeypatch.setattr(stop, "wait", wait)
    follow(state_of(site), export_it, state_of(site).settings.monitor_ttl, stop, lambda line: None)
    assert [at for at, _ in seen] == [0.0, AT_LEAST_EVERY.total_seconds()]


def test_what_fails_in_a_watch_is_said_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong is a sentence, is not repeated while it is the same, and is tried again."""
    stop, said = threading.Event(), []
    failures: list[Exception] = [
        ExportError("It is full."),
        ExportError("It is full."),
        ValueError("private"),
    ]

    def export_it(edition: Edition) -> str:
        if failures:
            raise failures.pop(0)
        stop.set()
        return "made"

    monkeypatch.setattr(stop, "wait", lambda seconds: None)
    follow(state_of(site), export_it, state_of(site).settings.monitor_ttl, stop, said.append)
    assert [line.partition("  ")[2] for line in said] == [
        "It is full. Trying again.",
        "The copy could not be made (ValueError). Trying again.",
        "made",
    ]


def test_an_export_that_is_told_to_stop_changes_nothing(site: Site, tmp_path: Path) -> None:
    """A watch that ends while pages are made leaves the copy as it was."""
    copy = tmp_path / "copy"
    exported(site, copy)
    before = files(copy)
    site.note("incidents/old-3.md", old_incident(3, "Mail was very late"))
    site.clock.move(5)
    stop = threading.Event()
    stop.set()
    exporter = Exporter(site.app, state_of(site), copy, base="", processes=1)
    with pytest.raises(StoppedError):
        exporter.export(state_of(site).station.renew(), stop=stop)
    assert files(copy) == before


def test_the_error_page_is_whole_in_itself(site: Site, tmp_path: Path) -> None:
    """What the web server shows instead of the site tells what is known, and loads nothing from anywhere."""
    file = tmp_path / "error.html"
    done = export(site.app, "--error-page", file)
    assert done.output == f"Written: {file}.\n"
    text = file.read_text()
    assert "This page cannot be shown at the moment" in text
    assert "what we knew of our systems at Fri 20 Nov 2026, 18:45 EST" in text
    assert f'<a href="{SITE}/status/incidents/2026-11-20-srv3/">Srv3 is not responding</a>' in text
    assert "Half of the memory is gone." in text
    assert not re.search(r"<(script|img|link|iframe)\b|url\(|@import", text)
    assert not re.search(r'\shref="(?!https://|#)', text)


def test_the_error_page_leads_to_the_copy(tmp_path: Path) -> None:
    """Where the copy has an address the links lead there: the site is what does not answer."""
    site = copied_site(tmp_path, STATUS_COPY_URL="https://copy.example.net")
    export(site.app, "--error-page", tmp_path / "error.html")
    text = (tmp_path / "error.html").read_text()
    assert 'href="https://copy.example.net/incidents/2026-11-20-srv3/"' in text
    assert '<a href="https://copy.example.net/">A copy of our Network Status page, elsewhere</a>' in text


def test_the_error_page_is_there_at_any_moment(site: Site, tmp_path: Path) -> None:
    """It is replaced as a whole, and stays as it is when nothing is new."""
    file = tmp_path / "error.html"
    export(site.app, "--error-page", file)
    before = file.stat()
    export(site.app, "--error-page", file)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    site.clock.move(60)
    export(site.app, "--error-page", file)
    assert file.stat().st_ino != before.st_ino
    assert [path.name for path in tmp_path.iterdir() if "error" in path.name] == ["error.html"]
    done = export(site.app, "--error-page", tmp_path / "nowhere" / "error.html")
    assert done.exit_code == 1
    assert "cannot be written: No such file or directory." in done.output


@pytest.mark.parametrize("where", ["notes", "inside the notes", "the site", "link", "instance"])
def test_what_is_private_is_not_in_the_copys_folder(where: str, site: Site, tmp_path: Path) -> None:
    """A folder in which the notes lie, or that lies among them, is refused before anything is written."""
    notes = site.app.extensions[EXTENSION_KEY].settings.content
    instance = Path(site.app.instance_path)
    instance.mkdir(parents=True, exist_ok=True)
    (tmp_path / "link").symlink_to(notes)
    folders = {"notes": notes, "inside the notes": notes / "copy", "the site": notes.parent}
    folders |= {"link": tmp_path / "link", "instance": instance}
    before = sorted(path for path in tmp_path.rglob("*"))
    refused = export(site.app, folders[where])
    assert refused.exit_code == 1
    assert "Name a folder that is for the copy alone" in refused.output
    assert sorted(path for path in tmp_path.rglob("*")) == before
    assert "files:" in exported(site, notes.parent / "copy"), "beside them all is well"
