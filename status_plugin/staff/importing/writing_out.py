"""Carries out a plan: writes files one by one, and remembers them, so that a second run goes on."""

from __future__ import annotations

from pathlib import Path

from status_plugin.sources.listing import COMPONENTS
from status_plugin.staff.importing.origins import origins_text
from status_plugin.staff.importing.plan import Plan, Verdict


def carry_out(plan: Plan, folder: Path, origins_file: Path) -> None:
    """Writes what the plan names; raises OSError, also when a new file has appeared meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    if plan.components.text is not None:
        _replace(folder / COMPONENTS, plan.components.text)
    for step in plan.steps:
        file = folder / step.file
        if step.verdict is Verdict.NEW:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8", newline="") as new:
                new.write(step.text)
        elif step.verdict is Verdict.CHANGED:
            _replace(file, step.text)
    text = origins_text(plan.origins)
    if not origins_file.is_file() or origins_file.read_text(encoding="utf-8") != text:
        _replace(origins_file, text)


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.tmp")
    with beside.open("w", encoding="utf-8", newline="") as new:
        new.write(text)
    beside.replace(file)
