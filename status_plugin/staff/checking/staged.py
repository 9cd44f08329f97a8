"""What is wrong with the next commit: with what is staged, and what that does to other files."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from status_plugin.core.problems import Problem
from status_plugin.sources.commits import CommitError
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.listing import COMPONENTS, shown_path
from status_plugin.sources.staged_files import StagedFiles
from status_plugin.staff.checking.check import Places, Terms, find_problems, path_from_here


def staged_problems(places: Places, terms: Terms) -> list[Problem]:
    """The problems of staged files, and those of others that were not there before; raises CommitError.

    A blog that lies in another repository than the notes, or in none, is not looked at.
    """
    notes, posts = StagedFiles.of(places.content), _staged_blog(places)
    changed = notes.changed()
    changed_posts = posts.changed() if posts else frozenset()
    if not changed and not changed_posts:
        return []
    if COMPONENTS not in changed:
        terms = replace(terms, misfits=lambda _: ())
    mine = {path_from_here(places.shown_content, shown_path(path)) for path in changed}
    if places.shown_blog:
        mine |= {path_from_here(places.shown_blog, shown_path(path)) for path in changed_posts}
    with tempfile.TemporaryDirectory(prefix="status-") as temporary:
        content, blog = Path(temporary, "content"), Path(temporary, "blog")
        staged = replace(places, content=content, blog=blog if posts else None)
        notes.write(content)
        if posts:
            posts.write(blog)
        # What is read once is not read again for the second look.
        reader = ContentFolder(content, zone=terms.zone)
        found = find_problems(staged, terms, only={shown_path(path) for path in changed}, reader=reader)
        if all(problem.path in mine for problem in found):
            return found
        notes.restore(content, changed)
        if posts:
            posts.restore(blog, changed_posts)
        before = find_problems(staged, terms, only=(), reader=reader)
    return [problem for problem in found if problem.path in mine or problem not in before]


def _staged_blog(places: Places) -> StagedFiles | None:
    if places.blog is None:
        return None
    try:
        posts = StagedFiles.of(places.blog)
    except CommitError:
        return None
    return posts if posts.history.top == StagedFiles.of(places.content).history.top else None
