"""What people install is whole: the built wheel, and the page served from it far away from the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
NOT_SOURCE = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "instance", "*.egg-info")
IN_SOURCE_ARCHIVE = ["bench", "blog", "content", "docs", "static", "templates", "tests", "tools"]

NOTE = """\
---
title: Srv9 is not responding
started: 2026-01-10 6:00pm Eastern
impact: major
affects: [srv9]
---
Sites on Srv9 do not load.
"""

APP = """\
from flask import Flask
from status_plugin import StatusPlugin

app = Flask(__name__)
app.config.update(STATUS_CONTENT="notes", STATUS_TIMEZONE="America/New_York")
StatusPlugin(app)
"""

VISIT = """\
import json, re, status_plugin
from app import app

visitor = app.test_client()
page = visitor.get("/status/")
files = re.findall(r'(?:href|src)="([^"]+[.](?:css|js)[^"]*)"', page.text)
print(json.dumps({
    "package": status_plugin.__file__,
    "status": page.status_code,
    "text": page.text,
    "files": {file: visitor.get(file).status_code for file in files},
}))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """What a program prints; when it fails, the test does."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files_in(folder: str) -> set[str]:
    """The files that lie in a folder of the checkout, as paths from its top."""
    found = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that was built from it, as on a package index."""
    source = tmp_path_factory.mktemp("source") / "status-plugin"
    shutil.copytree(ROOT, source, ignore=NOT_SOURCE)
    run(sys.executable, "-m", "build", "--no-isolation", ".", cwd=source)
    return source / "dist"


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The built wheel."""
    return next(built.glob("*.whl"))


def needed(asking: Distribution) -> Iterator[Distribution]:
    """The installed distributions that one declares to need, and what those need in turn."""
    for requirement in map(Requirement, asking.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield distribution(requirement.name)
            yield from needed(distribution(requirement.name))


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an empty environment that holds the wheel and only what the wheel declares to need."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin/python"
    install = ("-m", "pip", "--python", python, "install", "--no-index", "--no-deps")
    run(sys.executable, *install, wheel, cwd=folder)
    packages = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')", cwd=folder)
    )
    (ours,) = Distribution.discover(name="status-plugin", path=[str(packages)])
    for declared in needed(ours):
        for top in {file.parts[0] for file in declared.files or ()} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(str(declared.locate_file(top)))
    return python


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's site: an app with the plugin, and a note."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "notes/incidents").mkdir(parents=True)
    (folder / "notes/components.yml").write_text("- {group: Hosting, components: [{name: Srv9}]}\n")
    (folder / "notes/incidents/2026-01-10-srv9.md").write_text(NOTE)
    (folder / "app.py").write_text(APP)
    (folder / "visit.py").write_text(VISIT)
    return folder


def test_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Templates, static files and schemas travel with the code; the company's own site does not."""
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    ours = files_in("status_plugin")
    assert any(name.startswith("status_plugin/templates/status/") for name in ours)
    assert packed == ours, "Remedy: name the kind of file in setup.cfg under [options.package_data]."


def test_wheel_announces_its_monitors(wheel: Path) -> None:
    """The built-in monitors are found by the same door as those of a stranger."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        announced = archive.read(name).decode()
    assert re.search(r"^\[status_plugin\.monitors\]$", announced, re.MULTILINE)
    assert re.search(r"^nagios *= *status_plugin\.", announced, re.MULTILINE)
    assert re.search(r"^probe *= *status_plugin\.", announced, re.MULTILINE)


def test_source_archive_holds_the_site_and_the_tests(built: Path) -> None:
    """Who gets the source gets what is needed to try and test it."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    missing = {name for folder in IN_SOURCE_ARCHIVE for name in files_in(folder)} - packed
    assert not missing, "Remedy: name their folder in MANIFEST.in."
    assert {"website.py", "Makefile", "LICENSE", "tests/conftest.py"} <= packed


def test_page_is_served_from_the_wheel(python: Path, site: Path) -> None:
    """Far from the checkout, with only the declared requirements, the page and all its files are served."""
    seen = json.loads(run(python, "visit.py", cwd=site))
    assert seen["package"].startswith(str(python.parent.parent))
    assert seen["status"] == 200
    assert "Current Alerts" in seen["text"]
    assert "Srv9 is not responding" in seen["text"]
    assert seen["files"]
    assert set(seen["files"].values()) == {200}


def test_command_works_from_the_wheel(python: Path, site: Path) -> None:
    """`flask status check` is there as soon as the wheel is installed."""
    assert run(python, "-m", "flask", "--app", "app", "status", "check", cwd=site)
