"""What all tests share: system parts that may be missing, and no thread left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest
from system_parts import PARTS, install_command

MISSING = "missing part"
"""The property of a test's report that tells which system part it lacked, whichever process ran it."""


class MissingParts:
    """Says last of all which system parts were missing and how to get them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.names: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what this test lacked."""
        self.names.update(str(value) for key, value in report.user_properties if key == MISSING)

    def pytest_unconfigure(self) -> None:
        """Say it."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None or not self.names:
            return
        names = ", ".join(sorted(self.names))
        terminal.write_line(f"Missing on this machine, so not tested: {names}.", yellow=True)
        if any(PARTS[part].libraries for part in self.names):
            terminal.write_line("Libraries from npm and PyPI are installed by: make test-all", yellow=True)
        if lacking := [part for part in self.names if PARTS[part].packages]:
            terminal.write_line(f"To get them, as root: {' '.join(install_command(lacking))}", yellow=True)


def pytest_configure(config: pytest.Config) -> None:
    """Listen to what is missing."""
    config.pluginmanager.register(MissingParts(config))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose system part is missing; where everything must be there, fail it."""
    for part in (name for marker in item.iter_markers("system") for name in marker.args):
        if part not in PARTS:
            pytest.fail(f"Unknown system part '{part}': known are {', '.join(PARTS)}.", pytrace=False)
        if not PARTS[part].is_here:
            item.user_properties.append((MISSING, part))
            sentence = f"{part} is not installed on this machine."
            if os.environ.get("CI") == "true":
                pytest.fail(sentence, pytrace=False)
            pytest.skip(sentence)


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
