"""The blog of the company's site: Markdown files with front matter."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from markdown import markdown
from markupsafe import Markup

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One article; `incidents` are the slugs of the notes that it is about."""

    slug: str
    title: str
    date: date
    summary: str
    incidents: tuple[str, ...]
    text: str

    @property
    def html(self) -> Markup:
        """The article's text; our own words, so its markup is trusted."""
        return Markup(markdown(self.text, extensions=["status_plugin.blog"]))  # noqa: S704 - written by staff, reviewed like code


def read_posts(folder: Path) -> tuple[Post, ...]:
    """All posts of a folder, newest first; one that cannot be read is logged and left out."""
    return tuple(sorted(_readable(folder), key=lambda post: (post.date, post.slug), reverse=True))


def _readable(folder: Path) -> Iterator[Post]:
    for path in folder.glob("*.md"):
        try:
            yield _read_post(path)
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
            log.error("%s cannot be read and is left out of the blog: %r", path, error)


def _read_post(path: Path) -> Post:
    """A file named `2008-09-04-some-words.md` is found under /blog/2008/09/some-words/."""
    published, words = path.stem[:10], path.stem[11:]
    document: tuple[dict[str, Any], str] = frontmatter.parse(path.read_text(encoding="utf-8-sig"))
    fields, text = document
    return Post(
        slug=words,
        title=str(fields["title"]),
        date=date.fromisoformat(published),
        summary=str(fields.get("summary", "")),
        incidents=tuple(fields.get("incidents", ())),
        text=text,
    )
