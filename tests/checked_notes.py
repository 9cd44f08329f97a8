"""Notes that break a rule of the check, and notes that do not: `tests/golden/checks/<rule>/`.

A case is `bad.md` and `good.md`, a window if it has `starts`; or the folders `bad` and `good`, laid over
`base`. `places.txt` says where the bad one breaks the rule. `python tests/checked_notes.py` writes it anew.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from status_plugin.core.problems import Problem
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.private_names import PrivateNames
from status_plugin.staff.checking.check import Places, Terms, find_problems
from status_plugin.staff.checking.dead_links import Found
from status_plugin.staff.checking.deny_list import read_deny_list

FOLDER = Path(__file__).parent / "golden" / "checks"
NOW = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
ELSEWHERE = {
    "too-large": "tests/test_frontmatter.py",
    "unreadable-file": "tests/test_content_folder.py",
    "link": "tests/test_content_folder.py",
}
"""Rules whose bad file cannot lie in a repository, and where they are tried instead."""


def rules() -> list[str]:
    """The rules that have a case."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir() and folder.name != "base")


def problems_of(rule: str, which: str, root: Path) -> list[Problem]:
    """What the check says of the bad or the good case of a rule, laid out in `root`."""
    shutil.copytree(FOLDER / "base", root, dirs_exist_ok=True)
    note = FOLDER / rule / f"{which}.md"
    if note.is_file():
        kind = "maintenance" if b"\nexpected_downtime:" in note.read_bytes() else "incidents"
        (root / "content" / kind).mkdir()
        shutil.copy(note, root / "content" / kind / "note.md")
    else:
        shutil.copytree(FOLDER / rule / which, root, dirs_exist_ok=True)
    return checked(root)


def checked(root: Path) -> list[Problem]:
    """What the check says of a case as it lies in `root`."""
    monitor_map = read_monitor_map(root / "monitor.yml")
    blog = root / "blog"
    terms = Terms(
        zone=ZoneInfo("America/New_York"),
        now=NOW,
        private=PrivateNames.of(monitor_map),
        denied=read_deny_list(root / "never-public.txt"),
        notice=timedelta(hours=72),
        blog_url="/blog/{year}/{slug}/",
        ask=_ask,
        misfits=lambda inventory: monitor_map.problems(inventory, ["probe"]),
    )
    return find_problems(Places.of(root / "content", blog if blog.is_dir() else None), terms)


def place_of(rule: str, problems: list[Problem]) -> str:
    """The rule and the first place at which it is broken."""
    found = [problem for problem in problems if problem.rule == rule]
    if not found:
        return f"{rule} -"
    first = found[0]
    parts = Path(first.path).parts
    path = "/".join(parts[parts.index("content") :] if "content" in parts else parts[-2:])
    return f"{rule} {first.severity} {path}:{first.line}:{first.column}"


def _ask(url: str) -> Found:
    if url == "/blog/gone/":
        return Found.GONE
    return Found.HERE if url.startswith(("/blog/", "https:")) else Found.FOREIGN


def write_anew() -> None:
    """Write where each bad case breaks its rule now."""
    lines = []
    for rule in rules():
        with tempfile.TemporaryDirectory() as temporary:
            lines.append(place_of(rule, problems_of(rule, "bad", Path(temporary))))
    (FOLDER / "places.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_anew()
