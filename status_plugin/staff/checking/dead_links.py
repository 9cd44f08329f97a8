"""Links between notes and posts that lead nowhere, found before visitors find them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from enum import Enum, auto
from functools import cache

from flask import Flask, current_app
from werkzeug.exceptions import NotFound

from status_plugin.core.notes.blog_posts import BlogPost
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.frontmatter import read_front_matter
from status_plugin.core.notes.links import is_on_site
from status_plugin.core.notes.mentions import Mention, linked_notes
from status_plugin.core.notes.note import Note
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.blog_folder import Blog
from status_plugin.staff.checking.folder import TextFile

_GONE = (404, 410)


class Found(Enum):
    """What the site knows of an address."""

    HERE = auto()
    GONE = auto()
    FOREIGN = auto()


Ask = Callable[[str], Found]
"""What is at an address; addresses of other sites are taken to be there."""


def site_pages() -> Ask:
    """Asks the application itself for its own pages, each once."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    root = app.config["APPLICATION_ROOT"].rstrip("/")
    client = app.test_client()

    @cache
    def ask(url: str) -> Found:
        if not is_on_site(url):
            return Found.HERE
        path = url.partition("#")[0].removeprefix(root)
        with app.test_request_context(path) as context:
            if isinstance(context.request.routing_exception, NotFound):
                return Found.FOREIGN
        try:
            with _raising(app), client.get(path) as answer:
                return Found.GONE if answer.status_code in _GONE else Found.HERE
        except Exception:  # a page that fails here may well work where the site runs
            return Found.HERE

    return ask


@contextmanager
def _raising(app: Flask) -> Iterator[None]:
    """A page that fails raises, instead of writing a traceback between the lines of the check."""
    before = app.config["PROPAGATE_EXCEPTIONS"]
    app.config["PROPAGATE_EXCEPTIONS"] = True
    try:
        yield
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = before


def note_links(files: Mapping[str, TextFile], content: Content) -> Iterator[Problem]:
    """The links in notes that lead to no note. Of a draft nothing is said."""
    slugs = _slugs(content)
    for note in _notes(content):
        file = files.get(note.path)
        # Only these words make such a link, and few notes have them.
        if file is None or not ("incident:" in file.text or "maintenance:" in file.text):
            continue
        head = read_front_matter(file.text, path=note.path)
        for mention in linked_notes(head.body, first_line=head.body_line):
            if mention.slug not in slugs:
                yield _no_such_note(mention, note.path, slugs)


def named_posts(files: Mapping[str, TextFile], content: Content, ask: Ask | None) -> Iterator[Problem]:
    """The posts named in notes that the site does not have; nothing where nobody can be asked."""
    for note in _notes(content):
        file = files.get(note.path)
        if file is None or ask is None:
            continue
        for post in note.posts:
            yield from _named_post(post.url, ask(post.url), note.path, file.text)


def blog_problems(blog: Blog, content: Content, today: date, ask: Ask | None) -> Iterator[Problem]:
    """What is wrong with the blog's links: to notes that are not there, and its own addresses.

    Of a draft nothing is said; of addresses neither where nobody can be asked.
    """
    slugs = _slugs(content)
    yield from blog.problems
    for post in blog.posts:
        if post.hidden and not post.problems:
            continue
        yield from post.problems
        for mention in post.mentions:
            if mention.slug not in slugs:
                yield _no_such_note(mention, post.path, slugs)
        if ask and post.mentions and post.is_public(today):
            yield from _own_address(post, ask(post.url or ""))


def _notes(content: Content) -> tuple[Note, ...]:
    return (*content.incidents, *content.windows)


def _slugs(content: Content) -> set[str]:
    """Every slug that leads to a note, of now or of old."""
    return {slug for note in _notes(content) for slug in (note.slug, *note.aliases)}


def _no_such_note(mention: Mention, path: str, slugs: set[str]) -> Problem:
    close = get_close_matches(mention.slug, slugs, n=1)
    hint = f"Did you mean '{close[0]}'?" if close else "Write the name of a note's file, without .md."
    return Problem(
        rule="no-such-note",
        path=path,
        line=mention.line,
        column=mention.column,
        field=mention.field,
        message=f"There is no incident or window '{mention.slug}' to link to.",
        hint=hint,
    )


def _named_post(url: str, found: Found, path: str, text: str) -> Iterator[Problem]:
    """What is wrong with a post that a note names, at the line that names it."""
    if found is Found.HERE:
        return
    lines = text.split("\n")
    index = next((number for number, line in enumerate(lines) if url in line), 0)
    is_gone = found is Found.GONE
    yield Problem(
        rule="no-such-post" if is_gone else "foreign-post",
        path=path,
        line=index + 1,
        column=max(0, lines[index].find(url)) + 1,
        field="posts",
        severity=Severity.ERROR if is_gone else Severity.WARNING,
        message=f"The site has no page at '{url}'." if is_gone else f"The site does not serve '{url}'.",
        hint="Write the address as your browser shows it."
        if is_gone
        else "Correct it, unless another program serves that part of the site.",
    )


def _own_address(post: BlogPost, found: Found) -> Iterator[Problem]:
    """What is wrong with the address that a post of the blog is said to have."""
    if found is not Found.HERE:
        yield Problem(
            rule="no-such-post" if found is Found.GONE else "foreign-post",
            path=post.path,
            line=1,
            severity=Severity.ERROR if found is Found.GONE else Severity.WARNING,
            message=f"Incidents send visitors to '{post.url}', and the site has no page there.",
            hint="Correct STATUS_BLOG_URL, write url: into the post, or draft: true if it is not public.",
        )
