"""The content of the folder of notes, with the posts of the site's blog at the notes they are about."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from hashlib import blake2b

from status_plugin.core.board.cards import Card, Filed, cards_of
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance, Post
from status_plugin.settings import Settings
from status_plugin.sources.blog_folder import Blog, BlogFolder
from status_plugin.sources.content import ContentFolder
from status_plugin.sources.content_with_edits import ContentWithEdits
from status_plugin.sources.kept_marks import KeptMarks
from status_plugin.sources.note_history import NoteHistory
from status_plugin.sources.private_names import PrivateNames
from status_plugin.sources.reading_index import ReadingIndex
from status_plugin.sources.reading_terms import reading_terms
from status_plugin.sources.shared_cache import SharedCache


class ContentWithPosts:
    """Joins what two folders say; may be read from several threads, and reading never raises."""

    def __init__(self, folder: ContentFolder | ContentWithEdits, blog: BlogFolder, *, zone: tzinfo) -> None:
        self._folder = folder
        self._blog = blog
        self._zone = zone
        self._lock = threading.Lock()
        self._made_of: tuple[Content, Blog, date] | None = None
        self._content: Content | None = None

    def read(self, now: datetime) -> Content:
        """The content, the very same object as long as both folders say the same on the same day."""
        with self._lock:
            content, blog = self._folder.read(now), self._blog.read(now)
            today = now.astimezone(self._zone).date()
            made_of = self._made_of
            if (
                self._content is None
                or made_of is None
                or made_of[0] is not content
                or made_of[1] is not blog
                or made_of[2] != today
            ):
                self._made_of = (content, blog, today)
                self._content = with_posts(content, blog, today)
            return self._content


def open_content(
    settings: Settings, private: PrivateNames, *, drafts: bool = False, shared: SharedCache | None = None
) -> ContentWithEdits | ContentWithPosts:
    """The folder of notes, and the blog's if the site has said where it is.

    No problem repeats `private`. What is `shared` brings a long history through a restart.
    """
    index = None
    # Elsewhere nothing tells whose a file is.
    if settings.index is not None and not drafts and os.name == "posix":
        index = ReadingIndex(settings.index, reading_terms(settings.content, settings.timezone))
    folder = ContentWithEdits(
        ContentFolder(settings.content, zone=settings.timezone, private=private, drafts=drafts, index=index),
        NoteHistory(settings.content, zone=settings.timezone),
        KeptMarks(shared, settings.content) if shared else None,
    )
    if settings.blog is None:
        return folder
    blog = BlogFolder(settings.blog, address=settings.blog_url, private=private)
    return ContentWithPosts(folder, blog, zone=settings.timezone)


def with_posts(content: Content, blog: Blog, today: date) -> Content:
    """The content with each note's posts: those that the note names, then the blog's, oldest first."""
    posts = _posts_by_note(content, blog, today)
    if not posts:
        return content
    told = "".join(f"{path}{found}" for path, found in sorted(posts.items()))
    mark = blake2b(told.encode(errors="replace"), digest_size=8).hexdigest()
    return replace(
        content,
        incidents=Filed(_joined(card, posts) for card in cards_of(content.incidents)),
        windows=Filed(_joined(card, posts) for card in cards_of(content.windows)),
        version=f"{content.version}-{mark}",
    )


def _posts_by_note(content: Content, blog: Blog, today: date) -> dict[str, list[Post]]:
    """The blog's public posts by the path of the note that they are about."""
    cards = [*cards_of(content.incidents), *cards_of(content.windows)]
    owners: dict[str, str] = {}
    for card in cards:
        owners.setdefault(card.slug, card.path)
    for card in cards:
        for alias in card.aliases:
            owners.setdefault(alias, card.path)
    found: dict[str, list[Post]] = {}
    public = (post for post in blog.posts if post.is_public(today))
    for post in sorted(public, key=lambda post: (post.published or date.min, post.path)):
        about = {owners[mention.slug] for mention in post.mentions if mention.slug in owners}
        for path in about:
            found.setdefault(path, []).append(Post(title=post.title, url=post.url or ""))
    return found


class _Joined:
    """A note with the blog's posts, which are put to it when it is read."""

    __slots__ = ("_card", "_posts")

    def __init__(self, card: Card, posts: Sequence[Post]) -> None:
        self._card = card
        self._posts = posts

    def read(self) -> Incident | Maintenance:
        """The note."""
        note = self._card.note()
        named = {post.url for post in note.posts}
        return replace(note, posts=(*note.posts, *(post for post in self._posts if post.url not in named)))


def _joined(card: Card, posts: Mapping[str, list[Post]]) -> Card:
    found = posts.get(card.path)
    return card._replace(source=_Joined(card, found)) if found else card
