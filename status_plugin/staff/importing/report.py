"""What an import says: every doubt, what it does to each file, and the sum of it."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from status_plugin.core.board.wording import count_text
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.listing import COMPONENTS
from status_plugin.staff.checking.report import as_json as problems_as_json
from status_plugin.staff.importing.plan import Plan, Verdict


def doubts(plan: Plan, source: Path, folder: Path) -> list[Problem]:
    """The doubts with paths that an editor started here can open."""
    root = source if source.is_dir() else source.parent
    return [_from_here(problem, root, folder) for problem in plan.problems]


def as_text(plan: Plan, problems: Sequence[Problem], *, is_rehearsal: bool) -> Iterator[str]:
    """For people: a line for each doubt and each file that is new or changed, then the counts."""
    yield from map(str, problems)
    verb = "Would write" if is_rehearsal else "Written"
    for step in plan.steps:
        if step.verdict in (Verdict.NEW, Verdict.CHANGED):
            yield f"{verb}: {step.file} ({step.verdict})"
    if plan.components.text is not None:
        yield f"{verb}: {COMPONENTS} ({count_text(len(plan.components.added), 'component')} added)"
    yield _sum(plan)
    rules = Counter(problem.rule for problem in problems)
    if rules:
        yield f"In doubt: {', '.join(f'{count} {rule}' for rule, count in sorted(rules.items()))}."


def as_json(plan: Plan, problems: Sequence[Problem], *, is_rehearsal: bool) -> Iterator[str]:
    """For programs: an object with `dry_run`, `notes` and `doubts`."""
    said = {
        "dry_run": is_rehearsal,
        "components_added": list(plan.components.added),
        "notes": [
            {"source": step.note.source, "file": step.file, "verdict": str(step.verdict)}
            for step in plan.steps
        ],
        "doubts": json.loads("\n".join(problems_as_json(problems))),
    }
    yield json.dumps(said, indent=2, ensure_ascii=False)


def redirects(plan: Plan, prefix: str) -> Iterator[str]:
    """For each public note a line with its old path and its new one, for every old path that it had."""
    for step in plan.steps:
        if not step.note.is_draft:
            new = f"{prefix}/{step.file.removesuffix('.md')}/"
            yield from (f"{old} {new}" for old in step.note.old_addresses)


def needs_a_hand(problems: Sequence[Problem]) -> bool:
    """Whether anything could not be brought over as it was."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def _sum(plan: Plan) -> str:
    windows = sum(step.note.is_window for step in plan.steps)
    counts = Counter(step.verdict for step in plan.steps)
    each = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    kinds = f"{count_text(len(plan.steps) - windows, 'incident')}, {count_text(windows, 'window')}"
    return f"{count_text(len(plan.steps), 'note')} ({kinds}): {each}."


def _from_here(problem: Problem, root: Path, folder: Path) -> Problem:
    file = (folder if problem.path == COMPONENTS else root) / problem.path
    return replace(problem, path=Path(os.path.relpath(file)).as_posix()) if file.exists() else problem
