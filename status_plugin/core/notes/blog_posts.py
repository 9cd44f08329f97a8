"""The site's own blog posts, as far as they are about notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import PurePosixPath
from urllib.parse import quote

from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Items, Text, read_yaml
from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.frontmatter import read_front_matter
from status_plugin.core.notes.guards import mentions_guard
from status_plugin.core.notes.links import is_on_site, is_web_address
from status_plugin.core.notes.mentions import Mention, linked_notes
from status_plugin.core.notes.textfile import normalize
from status_plugin.core.problems import Problem, UnreadableError
from status_plugin.core.times.moments import read_moment

ADDRESS_PARTS = ("year", "month", "day", "slug", "path")
"""What a pattern of addresses may ask of a post."""

_DATE_IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ]+")
_KEY_LINE = re.compile(r"[A-Za-z][\w -]*:(?:[ \t]|$)")
_OTHER_LANGUAGES = ("+++", ";;;", "{")
_INCIDENTS = "incidents"
_NO = frozenset({"", "false", "no", "off", "n"})
_HIDING = ("draft", "hidden", "private", "unpublished")
_HIDDEN_STATUS = frozenset({"draft", "hidden", "private"})


@dataclass(frozen=True, kw_only=True, slots=True)
class BlogPost:
    """A post; `path` is relative to the blog's folder.

    `url` is None when it cannot be told. A `hidden` post is not for visitors, as far as it says;
    `published` is its day, if it names one.
    """

    path: str
    title: str
    url: str | None
    published: date | None = None
    hidden: bool = False
    mentions: tuple[Mention, ...] = ()
    problems: tuple[Problem, ...] = ()

    def is_public(self, today: date) -> bool:
        """Whether visitors may be sent to it."""
        return self.url is not None and not self.hidden and not (self.published and self.published > today)


def read_blog_post(text: str, *, path: str, address: str) -> BlogPost:
    """The post in a text; never raises. `address` is the pattern of addresses, as `/blog/{year}/{slug}/`."""
    text, _ = normalize(text, path=path)
    head = _read_head(text, path)
    findings = Findings(path)
    mentions = (*_named_notes(head.fields), *linked_notes(head.body, first_line=head.body_line))
    published = _published(head.fields, path)
    url = _url(head.fields, path, published, address)
    if mentions and head.is_broken:
        message = "The front matter cannot be read, so nobody is sent to this post."
        findings.warning("unreadable-post", message, "Write one 'key: value' in each line of it.")
    elif mentions and url is None:
        message = f"Nothing tells the address of this post, which is made as {address}."
        findings.error("no-address", message, "Write url: and its address, or date: and its day.")
    return BlogPost(
        path=path,
        title=_text(head.fields, "title") or _words_of_name(path),
        url=url,
        published=published,
        hidden=head.is_broken or _is_hidden(head.fields),
        mentions=mentions,
        problems=findings.in_order,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    fields: Mapping[str, Field]
    body: str
    body_line: int
    is_broken: bool = False


def _read_head(text: str, path: str) -> _Head:
    """Front matter between fences, or down to the first empty line, as others write it; or none."""
    if text.lstrip().startswith("---"):
        head = read_front_matter(text, path=path)
        if head.fields is None:
            return _Head(fields={}, body=text, body_line=1, is_broken=True)
        return _Head(fields=head.fields, body=head.body, body_line=head.body_line, is_broken=head.doubtful)
    block, _, body = text.partition("\n\n")
    if not _KEY_LINE.match(block):
        return _Head(fields={}, body=text, body_line=1, is_broken=text.startswith(_OTHER_LANGUAGES))
    try:
        value, _ = read_yaml(block, path=path)
    except BrokenYamlError:
        value = None
    if not isinstance(value, Fields):
        return _Head(fields={}, body=text, body_line=1, is_broken=mentions_guard(block))
    fields = {field.name: field for field in value.fields}
    return _Head(fields=fields, body=body, body_line=block.count("\n") + 3)


def _named_notes(fields: Mapping[str, Field]) -> tuple[Mention, ...]:
    field = fields.get(_INCIDENTS)
    if field is None:
        return ()
    values = field.value.items if isinstance(field.value, Items) else (field.value,)
    texts = [value for value in values if isinstance(value, Text)]
    return tuple(
        Mention(slug=word, line=text.line, column=text.column, field=_INCIDENTS)
        for text in texts
        for word in (part.strip() for part in text.text.split(","))
        if word
    )


def _published(fields: Mapping[str, Field], path: str) -> date | None:
    for name in ("date", "published"):
        try:
            return read_moment(_text(fields, name), zone=UTC)[0].local.date()
        except UnreadableError:
            continue
    named = _DATE_IN_NAME.match(PurePosixPath(path).name)
    try:
        return date.fromisoformat(named[1]) if named else None
    except ValueError:
        return None


def _url(fields: Mapping[str, Field], path: str, published: date | None, address: str) -> str | None:
    written = _text(fields, "url")
    if written:
        return written if is_on_site(written) or is_web_address(written) else None
    if published is None and any(f"{{{part}}}" in address for part in ("year", "month", "day")):
        return None
    day = published or date.min
    name = PurePosixPath(path).with_suffix("")
    slug = _text(fields, "slug") or _DATE_IN_NAME.sub("", name.name, count=1)
    return address.format(
        year=f"{day:%Y}", month=f"{day:%m}", day=f"{day:%d}", slug=quote(slug), path=quote(str(name))
    )


def _is_hidden(fields: Mapping[str, Field]) -> bool:
    return (
        any(_word(fields, name) not in _NO for name in _HIDING)
        or ("published" in fields and _word(fields, "published") in _NO)
        or _word(fields, "status") in _HIDDEN_STATUS
    )


def _word(fields: Mapping[str, Field], name: str) -> str:
    return _text(fields, name).casefold()


def _text(fields: Mapping[str, Field], name: str) -> str:
    """A field's text in one line, empty if it has none."""
    field = fields.get(name)
    return " ".join(field.value.text.split()) if field and isinstance(field.value, Text) else ""


def _words_of_name(path: str) -> str:
    """A title for want of a better one."""
    words = _DATE_IN_NAME.sub("", PurePosixPath(path).stem, count=1)
    return " ".join(re.split(r"[-_\s]+", words)).strip().capitalize() or PurePosixPath(path).stem
