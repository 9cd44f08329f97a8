"""Everything that is wrong or doubtful in the notes, and where."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from status_plugin.core.board.incidents import incident_item
from status_plugin.core.board.windows import Surveillance, window_item
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.problems import Problem
from status_plugin.sources.blog_folder import Blog, BlogFolder
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.content_with_posts import with_posts
from status_plugin.sources.first_commits import first_commits
from status_plugin.sources.private_names import PrivateNames
from status_plugin.staff.checking.allowances import without_allowed
from status_plugin.staff.checking.dead_links import Ask, blog_problems, named_posts, note_links
from status_plugin.staff.checking.deny_list import DenyList
from status_plugin.staff.checking.folder import CheckedIncident, CheckedWindow, Folder, TextFile
from status_plugin.staff.checking.leaks import LeakGuard
from status_plugin.staff.checking.registry import RULES
from status_plugin.staff.checking.text_files import read_texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """By what the notes are judged.

    `ask` knows the site's own pages, None where there is no site; `misfits` are the problems of the
    monitor map beside the components. `off` are the rules that nobody wants to hear of.
    """

    zone: tzinfo
    now: datetime
    private: PrivateNames = field(default=PrivateNames(), repr=False)
    denied: DenyList = field(default=DenyList(), repr=False)
    notice: timedelta = timedelta()
    off: frozenset[str] = frozenset()
    guards_blog: bool = False
    blog_url: str = ""
    ask: Ask | None = None
    misfits: Callable[[Inventory], Iterable[Problem]] = field(default=lambda _: ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where the files lie that are read; `shown_content` and `shown_blog` are what they are called."""

    content: Path
    blog: Path | None
    shown_content: Path
    shown_blog: Path | None
    first_committed: Callable[[], Mapping[str, datetime] | None] = field(default=lambda: None)

    @classmethod
    def of(cls, content: Path, blog: Path | None) -> Places:
        """The folders as they lie there."""
        return cls(
            content=content,
            blog=blog,
            shown_content=content,
            shown_blog=blog,
            first_committed=lambda: first_commits(content, "committed"),
        )


def find_problems(
    places: Places, terms: Terms, *, only: Collection[str] | None = None, reader: ContentFolder | None = None
) -> list[Problem]:
    """The problems of the notes, the blog and the monitor map, in the order of their places.

    With `only`, paths inside the content folder, what takes a look at each file is done for these
    alone; what needs all notes side by side is told of all. A `reader` may have read the folder before.
    """
    reader = reader or ContentFolder(places.content, zone=terms.zone)
    content = reader.read(terms.now)
    blog = _blog(places, terms)
    texts = {file.path: file for file in read_texts(places.content)}
    chosen = texts if only is None else {path: texts[path] for path in only if path in texts}
    posts = tuple(read_texts(places.blog)) if places.blog and terms.guards_blog else ()
    today = terms.now.astimezone(terms.zone).date()
    inventory = content.inventory or Inventory()
    guard = LeakGuard(private=terms.private, denied=terms.denied, inventory=inventory)
    of_notes = [
        *content.problems,
        *_broken_rules(_folder(with_posts(content, blog, today), places, terms, texts, chosen)),
        *note_links(texts, content),
        *named_posts(chosen, content, terms.ask),
    ]
    of_blog = blog_problems(blog, content, today, terms.ask)
    found = [
        *_located(_kept(of_notes, chosen.values(), guard), places.shown_content),
        *_located(_kept(of_blog, posts, guard), places.shown_blog or Path()),
        *(terms.misfits(inventory) if content.inventory is not None else ()),
    ]
    wanted = [problem for problem in found if problem.rule not in terms.off]
    return sorted(wanted, key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))


def path_from_here(folder: Path, path: str) -> str:
    """The path of a file in a folder as an editor started here can open it."""
    return Path(os.path.relpath(folder / path)).as_posix()


def _blog(places: Places, terms: Terms) -> Blog:
    if places.blog is None:
        return Blog()
    return BlogFolder(places.blog, address=terms.blog_url, private=terms.private).read(terms.now)


def _folder(
    content: Content,
    places: Places,
    terms: Terms,
    texts: Mapping[str, TextFile],
    chosen: Collection[str],
) -> Folder:
    now, read_at = terms.now, content.read_at
    windows = tuple(
        CheckedWindow(item=window_item(note, Surveillance(), read_at, now), file=texts[note.path])
        for note in content.windows
        if note.path in texts
    )
    return Folder(
        now=now,
        incidents=tuple(
            CheckedIncident(item=incident_item(note, read_at, now), file=texts[note.path])
            for note in content.incidents
            if note.path in chosen
        ),
        windows=tuple(window for window in windows if window.item.note.path in chosen),
        all_windows=windows,
        notice=terms.notice,
        first_committed=places.first_committed,
    )


def _broken_rules(folder: Folder) -> Iterator[Problem]:
    for rule in RULES.values():
        yield from rule.problems(folder)


def _kept(problems: Iterable[Problem], files: Iterable[TextFile], guard: LeakGuard) -> Iterator[Problem]:
    """The problems that are to be told, with the leaks in these files, as they may be told."""
    looked_at = list(files)
    leaks = guard.search(looked_at)
    told = without_allowed([*problems, *leaks.problems], looked_at, RULES)
    # Rules that look by themselves quote nothing but times.
    return guard.masked(told, leaks, [rule.name for rule in RULES.values() if rule.look])


def _located(problems: Iterable[Problem], folder: Path) -> Iterator[Problem]:
    return (replace(problem, path=path_from_here(folder, problem.path)) for problem in problems)
