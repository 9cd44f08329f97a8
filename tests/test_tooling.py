"""The project's own commands: they set themselves up, say what is missing, and never hide a failure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

NEEDS_A_PART = '''
import pytest

@pytest.mark.system("teleporter")
def test_beam():
    """Never reached."""

@pytest.mark.system("chromuim")
def test_typing_mistake():
    """Never reached."""

def test_other():
    """Not affected."""
'''


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program without the settings of this run, and with those given."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"CI", "PYTHON", "MAKEFLAGS"}
    }
    return subprocess.run(
        command,
        cwd=cwd,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def program(path: Path, text: str) -> Path:
    """A small shell program that stands in for a real one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


class TestSystemParts:
    """A test that needs a system part, on a machine without it."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        """A project with our conftest.py and a part that no machine has; it needs no network."""
        shutil.copy(ROOT / "tests/conftest.py", tmp_path)
        parts = (ROOT / "tests/system_parts.py").read_text()
        new = """
PARTS = {name: replace(part, npm=(), pypi=()) for name, part in PARTS.items()}
PARTS["teleporter"] = Part(programs=("beam-me-up",), packages=("scotty", "heisenberg"))
"""
        (tmp_path / "system_parts.py").write_text(parts.replace("\nif __name__", f"\n{new}\nif __name__"))
        (tmp_path / "setup.cfg").write_text("[tool:pytest]\nmarkers =\n    system(part): a part\n")
        (tmp_path / "test_it.py").write_text(NEEDS_A_PART)
        return tmp_path

    def test_missing_part_skips_and_is_named_last(self, project: Path) -> None:
        """At a desk the other tests run, and the last lines say what is missing and how to get it."""
        done = run(sys.executable, "-m", "pytest", "-k", "not mistake", cwd=project)
        assert done.returncode == 0
        assert "1 passed, 1 skipped" in done.stdout
        missing, remedy = done.stdout.splitlines()[-2:]
        assert missing == "Missing on this machine, so not tested: teleporter."
        assert remedy.endswith("apt-get install --yes --no-install-recommends heisenberg scotty")

    def test_missing_part_fails_where_everything_must_run(self, project: Path) -> None:
        """With CI=true nothing is left out in silence."""
        done = run(sys.executable, "-m", "pytest", "-k", "not mistake", cwd=project, CI="true")
        assert done.returncode == 1
        assert re.search(r"1 passed, .*1 error", done.stdout)
        assert "teleporter is not installed on this machine." in done.stdout

    def test_unknown_part_is_a_failure(self, project: Path) -> None:
        """A part that was misspelt does not skip a test for ever."""
        done = run(sys.executable, "-m", "pytest", "-k", "mistake", cwd=project)
        assert done.returncode == 1
        assert "Unknown system part 'chromuim': known are nagios, chromium, " in done.stdout

    @pytest.mark.parametrize("result", [0, 1])
    def test_missing_parts_are_installed_where_that_is_allowed(
        self, project: Path, tmp_path: Path, result: int
    ) -> None:
        """The system's package manager brings what is missing, and a failure of it is said."""
        log = tmp_path / "log"
        apt_get = program(tmp_path / "bin/apt-get", f'echo "$*" >> "{log}"; exit {result}')
        program(tmp_path / "bin/sudo", 'shift; exec "$@"')
        path = f"{apt_get.parent}:{os.environ['PATH']}"
        done = run(sys.executable, "system_parts.py", cwd=project, PATH=path)
        assert done.returncode == 0
        steps = log.read_text().splitlines()
        assert steps[0].startswith("update ")
        if result == 0:
            assert re.match(r"install --yes --no-install-recommends .*heisenberg.* scotty", steps[1])
            assert "cannot run" not in done.stdout
        else:
            assert "teleporter. The tests that need them cannot run." in done.stdout


class TestSetup:
    """tools/setup, on machines that are not ready for it."""

    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Path:
        """A checkout in a folder whose name has spaces."""
        checkout = tmp_path / "my  projects"
        (checkout / "tools").mkdir(parents=True)
        for name in ("tools/setup", "setup.cfg", "pyproject.toml"):
            shutil.copy(ROOT / name, checkout / name)
        return checkout

    def test_old_python_is_named(self, checkout: Path, tmp_path: Path) -> None:
        """Who has an old Python learns which one was found and what to do."""
        old = program(tmp_path / "python3", 'case $1 in --version) echo "Python 3.9.2";; *) exit 1;; esac')
        done = run("tools/setup", "test", cwd=checkout, PYTHON=str(old))
        assert done.returncode == 1
        assert f"Python 3.11 or newer is needed, and {old} is not: Python 3.9.2" in done.stdout
        assert "make PYTHON=/path/to/python3" in done.stdout

    def test_missing_venv_module_is_named(self, checkout: Path, tmp_path: Path) -> None:
        """Debian's Python without python3-venv gives a sentence, not a traceback."""
        bare = program(tmp_path / "python3", 'case "$*" in *ensurepip*) exit 1;; esac')
        done = run("tools/setup", cwd=checkout, PYTHON=str(bare))
        assert done.returncode == 1
        assert done.stdout.endswith("On Debian or Ubuntu: apt-get install python3-venv\n")

    def test_second_call_does_nothing_until_something_changes(self, checkout: Path, tmp_path: Path) -> None:
        """Set-up happens once, again for more extras, and again when setup.cfg has changed."""
        log = tmp_path / "log"
        fake = program(
            tmp_path / "python3",
            f'case "$*" in "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python;;'
            f' *--editable*) echo "$*" >> "{log}";; --version) echo Python 3.11.0;; esac',
        )

        def installed(*extras: str) -> list[str]:
            log.write_text("")
            assert run("tools/setup", *extras, cwd=checkout, PYTHON=str(fake)).returncode == 0
            return [line.split()[-1] for line in log.read_text().splitlines()]

        assert installed() == ["."]
        assert installed() == []
        assert installed("test", "lint") == [".[test,lint]"]
        assert installed("test") == []
        with (checkout / "setup.cfg").open("a") as file:
            file.write("\n# changed\n")
        assert installed("test") == [".[test]"]
        assert installed("test") == []

    def test_failed_installation_is_tried_again(self, checkout: Path, tmp_path: Path) -> None:
        """Without a network the set-up fails with a sentence, and is not taken for done the next time."""
        fake = program(
            tmp_path / "python3",
            'case "$*" in "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python;;'
            " *--editable*) exit 1;; --version) echo Python 3.11.0;; esac",
        )
        for _ in range(2):
            done = run("tools/setup", cwd=checkout, PYTHON=str(fake))
            assert done.returncode == 1
            assert "That did not work" in done.stdout


@pytest.mark.parametrize("broken", ["check", "test-all", "nothing"])
def test_ci_fails_when_any_step_does(broken: str, tmp_path: Path) -> None:
    """A failure in any step is the result of the whole run."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    make = program(tmp_path / "bin/make", f'echo "CI=$CI make $1"; [ "$1" != {broken} ]')
    done = run("bash", ".ci/run", cwd=tmp_path, PATH=f"{make.parent}:{os.environ['PATH']}")
    steps = ["CI=true make check", "CI=true make test-all"]
    assert done.stdout.splitlines() == (steps[:1] if broken == "check" else steps)
    assert (done.returncode == 0) == (broken == "nothing")
