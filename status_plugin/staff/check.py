"""`flask status check`: everything that is wrong in the folder of notes, and where."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from status_plugin.core.board.wording import count_text
from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.blog_folder import BlogFolder
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.private_names import PrivateNames
from status_plugin.staff.dead_links import blog_problems, note_problems, site_pages
from status_plugin.staff.private_names import private_name_problems
from status_plugin.web.state import PluginState


def content_problems(state: PluginState, now: datetime) -> list[Problem]:
    """The problems of the notes, of private names and dead links in them, of the blog and the monitor map."""
    settings = state.settings
    private = PrivateNames.of(state.monitor_map)
    content = ContentFolder(settings.content, zone=settings.timezone).read(now)
    inventory = content.inventory or Inventory()
    leaks = private_name_problems(settings.content, private, inventory)
    ask = site_pages()
    links = note_problems(settings.content, content, ask)
    told = private.masked([*content.problems, *leaks, *links], inventory)
    here = [_from_here(problem, settings.content) for problem in told]
    if settings.blog is not None:
        blog = BlogFolder(settings.blog, address=settings.blog_url, private=private).read(now)
        of_blog = blog_problems(blog, content, now.astimezone(settings.timezone).date(), ask)
        here += [_from_here(problem, settings.blog) for problem in private.masked(of_blog, inventory)]
    if content.inventory is not None:
        here += state.monitor_map.problems(inventory, state.sources)
    return sorted(here, key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))


def has_errors(problems: Sequence[Problem]) -> bool:
    """Whether anything is wrong, not only doubtful."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def as_text(problems: Sequence[Problem]) -> Iterator[str]:
    """For people: a line for each problem, and the count."""
    for problem in problems:
        yield str(problem)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    files = len({problem.path for problem in problems})
    if problems:
        found = f"{count_text(errors, 'error')} and {count_text(len(problems) - errors, 'warning')}"
        yield f"{found} in {count_text(files, 'file')}."
    else:
        yield "No problems found."


def as_github(problems: Sequence[Problem]) -> Iterator[str]:
    """For GitHub's log: annotations at the lines they are about."""
    for problem in problems:
        place = {"file": problem.path, "line": problem.line, "col": problem.column, "title": problem.rule}
        fields = ",".join(
            f"{key}={_escaped(str(value), ',:')}" for key, value in place.items() if value is not None
        )
        field = f"{problem.field}: " if problem.field else ""
        yield f"::{problem.severity} {fields}::{_escaped(f'{field}{problem.message} {problem.hint}')}"


def as_json(problems: Sequence[Problem]) -> Iterator[str]:
    """For programs: a list of objects with the keys of a problem."""
    keys = ("rule", "severity", "path", "line", "column", "field", "message", "hint")
    yield json.dumps([{key: getattr(problem, key) for key in keys} for problem in problems], indent=2)


FORMATS: dict[str, Callable[[Sequence[Problem]], Iterator[str]]] = {
    "text": as_text,
    "github": as_github,
    "json": as_json,
}


def _from_here(problem: Problem, folder: Path) -> Problem:
    """The problem with a path that an editor started here can open."""
    return replace(problem, path=Path(os.path.relpath(folder / problem.path)).as_posix())


def _escaped(text: str, also: str = "") -> str:
    """The text as GitHub wants it in a workflow command."""
    return "".join(f"%{ord(char):02X}" if char in "%\r\n" + also else char for char in text)
