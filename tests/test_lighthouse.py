"""The pages behind a real gunicorn as Lighthouse judges them, on the phone that it imitates."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_browser import FLAGS
from site_server import Program
from system_parts import NPM, ROOT

pytestmark = pytest.mark.system("lighthouse")

CLI = NPM / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES = 3
"""Of an imitated phone on a busy machine the best counts."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration behind gunicorn."""
    gunicorn = ["-m", "gunicorn", "--bind", "127.0.0.1:0", "--worker-class", "gthread", "--threads", "4"]
    command = [sys.executable, *gunicorn, "website:create_app()"]
    log = tmp_path_factory.mktemp("lighthouse") / "gunicorn.log"
    server = Program(command, os.environ | {"PYTHONPATH": str(ROOT)}, log)
    try:
        server.says("Booting worker")
        yield re.findall(r"Listening at: (http://127.0.0.1:\d+)", server.said)[0] + "/status/"
    finally:
        server.end()


def judged(page: str, folder: Path) -> dict[str, float]:
    """What Lighthouse gives to a page, of 1, for each category."""
    command = ["node", str(CLI), page, "--quiet", "--output=json", f"--output-path={folder / 'report.json'}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
    environment = os.environ | {"CHROME_PATH": "/usr/bin/chromium"}
    done = subprocess.run(
        [*command, f"--chrome-flags={FLAGS}"],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((folder / "report.json").read_text("utf-8"))
    return {name: category["score"] for name, category in report["categories"].items()}


@pytest.mark.timeout(330)
@pytest.mark.parametrize("path", ["", "incidents/2008-09-03-srv3-memory/"])
def test_lighthouse_gives_full_marks(path: str, address: str, tmp_path: Path) -> None:
    """The page and an incident have 100 in performance, accessibility, best practices and SEO."""
    best = dict.fromkeys(CATEGORIES, 0.0)
    for _ in range(TRIES):
        marks = judged(address + path, tmp_path)
        best = {name: max(best[name], marks[name]) for name in CATEGORIES}
        if min(best.values()) == 1:
            break
    assert best == dict.fromkeys(CATEGORIES, 1.0)
