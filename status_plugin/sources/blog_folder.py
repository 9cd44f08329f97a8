"""The folder of the site's own blog posts: reads what has changed."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from status_plugin.core.notes.blog_posts import BlogPost, read_blog_post
from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import Problem
from status_plugin.sources.content_files import read_file
from status_plugin.sources.listing import Stamp, settled, shown_path, stamp_of
from status_plugin.sources.private_names import PrivateNames

log = logging.getLogger(__name__)

_SUFFIX = ".md"
_NO_POST = (".", "_", "#")


@dataclass(frozen=True, kw_only=True, slots=True)
class Blog:
    """The posts in the order of their paths, and what keeps others from being read."""

    posts: tuple[BlogPost, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _PostFile:
    """A post as last read; a stamp of None has it opened again next time."""

    stamp: Stamp | None
    post: BlogPost | None
    problems: tuple[Problem, ...] = ()


@dataclass(kw_only=True, slots=True)
class _Listing:
    """The posts by path inside the folder, and what cannot be listed."""

    posts: dict[str, Stamp | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class BlogFolder:
    """The Markdown files of a folder and of those in it; may be read from several threads.

    `address` is the pattern of the posts' addresses. Reading never raises: what cannot be read is a
    problem in what comes back, and a line in the log that repeats no name that is private.
    """

    def __init__(self, root: Path, *, address: str, private: PrivateNames | None = None) -> None:
        self._root = root
        self._address = address
        self._private = private or PrivateNames()
        self._lock = threading.Lock()
        self._files: dict[str, _PostFile] = {}
        self._blog = Blog()

    def read(self, now: datetime) -> Blog:
        """The posts; the very same object as long as the folder says the same."""
        with self._lock:
            listing = _listed(self._root)
            self._files = dict(self._read_files(listing.posts, now))
            files = self._files.values()
            blog = Blog(
                posts=tuple(file.post for file in files if file.post),
                problems=(*listing.problems, *(problem for file in files for problem in file.problems)),
            )
            if blog != self._blog:
                self._report(blog)
                self._blog = blog
            return self._blog

    def _read_files(
        self, listed: Mapping[str, Stamp | None], now: datetime
    ) -> Iterator[tuple[str, _PostFile]]:
        for path, stamp in sorted(listed.items()):
            before = self._files.get(path)
            if before and stamp is not None and stamp == before.stamp:
                yield path, before
            elif file := read_file(self._root, path, stamp):
                post = None
                if file.text is not None:
                    post = read_blog_post(file.text, path=shown_path(path), address=self._address)
                yield path, _PostFile(stamp=settled(stamp, now), post=post, problems=file.problems)

    def _report(self, blog: Blog) -> None:
        new = [problem for problem in blog.problems if problem not in self._blog.problems]
        for problem in self._private.masked(new, Inventory()):
            log.warning("Blog: %s", problem)


def _listed(root: Path) -> _Listing:
    """Every post in the folder and those in it; names that begin with a dot or "_" are the blog's own."""
    listing = _Listing()
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    path = f"{folder}{entry.name}"
                    if entry.name.startswith(_NO_POST):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{path}/")
                    elif entry.name.lower().endswith(_SUFFIX) and entry.is_file():
                        listing.posts[path] = stamp_of(entry)
        except OSError as error:
            listing.problems.append(_unreadable(folder, error))
    return listing


def _unreadable(folder: str, error: OSError) -> Problem:
    return Problem(
        rule="unreadable-folder",
        path=shown_path(folder.rstrip("/")) or ".",
        message=f"The folder cannot be listed: {error.strerror}.",
        hint="Check that it is there and that the site may read it.",
    )
