"""What all tests share: system parts that may be missing, and no thread left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest
from system_parts import PARTS, install_command

MISSING_PARTS = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start with nothing known to be missing."""
    config.stash[MISSING_PARTS] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose system part is missing; where everything must be there, fail it."""
    for part in (name for marker in item.iter_markers("system") for name in marker.args):
        if part not in PARTS:
            pytest.fail(f"Unknown system part '{part}': known are {', '.join(PARTS)}.", pytrace=False)
        if not PARTS[part].is_here:
            item.config.stash[MISSING_PARTS].add(part)
            sentence = f"{part} is not installed on this machine."
            if os.environ.get("CI") == "true":
                pytest.fail(sentence, pytrace=False)
            pytest.skip(sentence)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last of all which parts are missing and how to get them."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    missing = config.stash[MISSING_PARTS]
    if terminal and missing:
        names = ", ".join(sorted(missing))
        terminal.write_line(f"Missing on this machine, so not tested: {names}.", yellow=True)
        if any(PARTS[part].libraries for part in missing):
            terminal.write_line("Libraries from npm and PyPI are installed by: make test-all", yellow=True)
        if lacking := [part for part in missing if PARTS[part].packages]:
            terminal.write_line(f"To get them, as root: {' '.join(install_command(lacking))}", yellow=True)


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """A test ends every thread that would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    while left := [t for t in threading.enumerate() if t not in before and not t.daemon]:
        left[0].join(timeout=max(0.0, deadline - time.monotonic()))
        if time.monotonic() > deadline:
            pytest.fail(f"The test left threads running: {', '.join(t.name for t in left)}.", pytrace=False)
