"""Issues of cState beside what becomes of them, in folders of `tests/golden/import/cstate/`.

`in.md` is an issue, `out.md` our note after a line that names its file, `doubts.txt` what is in doubt.

A new case is a folder with `in.md`, and no code. `python tests/golden_imports.py` writes what becomes of them
anew; look at what has changed before it is kept.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from status_plugin.staff.importing.cstate.site import read_cstate
from status_plugin.staff.importing.foreign_site import ForeignSite, ImportTerms
from status_plugin.staff.importing.origins import Origins
from status_plugin.staff.importing.plan import Folder, Plan, make_plan

FOLDER = Path(__file__).parent / "golden" / "import" / "cstate"
NOW = datetime.fromisoformat("2026-11-21T12:00:00+00:00")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The note and the doubts of a case, as its files hold them, and the plan that they are of."""

    text: str
    doubts: str
    site: ForeignSite
    plan: Plan


def golden_cases() -> Iterator[Path]:
    """Every case."""
    yield from sorted(file.parent for file in FOLDER.glob("*/in.md"))


def imported(case: Path) -> Imported:
    """What becomes of a case, as the only issue of a site in UTC."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        issues = root / "site" / "content" / "issues"
        issues.mkdir(parents=True)
        shutil.copy(FOLDER / "config.yml", root / "site" / "config.yml")
        shutil.copy(case / "in.md", issues / f"{case.name}.md")
        terms = ImportTerms(zone=UTC, now=NOW)
        site = read_cstate(root / "site", terms)
        (root / "notes").mkdir()
        plan = make_plan(site, Folder.at(root / "notes"), Origins(), zone=UTC, now=NOW)
    doubts = [str(problem).partition(".md:")[2] for problem in plan.problems]
    step = plan.steps[0]
    return Imported(
        text=f"<!-- {step.file} -->\n{step.text}",
        doubts="".join(f"{line}\n" for line in doubts),
        site=site,
        plan=plan,
    )


def write_anew() -> None:
    """Writes what becomes of every case beside it."""
    for case in golden_cases():
        made = imported(case)
        (case / "out.md").write_text(made.text, encoding="utf-8")
        (case / "doubts.txt").write_text(made.doubts, encoding="utf-8")


if __name__ == "__main__":
    write_anew()
