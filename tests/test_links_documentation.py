"""docs/links.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import render_template_string
from markdown import markdown
from mounted_site import Site, mounted_site
from test_documentation import part, snippets

from status_plugin.core.notes.blog_posts import ADDRESS_PARTS, read_blog_post
from status_plugin.core.notes.fields import Fields, read_yaml
from status_plugin.web.station import CONTENT_CHECKED_EVERY

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "links.md").read_text("utf-8")
CRASH = """\
---
title: Srv3 crashed under high load
started: 2008-08-29 2:00pm Eastern
resolved: 2008-08-29 3:00pm Eastern
impact: major
affects: [srv3]
---
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with the settings and the post that are shown, and the two incidents that it is about."""
    config: dict[str, Any] = {}
    exec(snippets(PAGE, "python")[1], {}, config)
    (tmp_path / config["STATUS_BLOG"]).mkdir()
    (tmp_path / config["STATUS_BLOG"] / "2008-09-04-bad-chip.md").write_text(snippets(PAGE, "markdown")[1])
    found = mounted_site(tmp_path, **config)
    for slug in ("2008-08-29-srv3-crash", "2008-09-03-srv3-memory"):
        found.note(f"incidents/{slug}.md", CRASH)
    found.clock.move(2)
    found.board()
    return found


def test_the_markdown_that_is_shown_becomes_links(site: Site) -> None:
    """The call and the text work as they stand, and the state is told in the words on the page."""
    with site.app.test_request_context("/"):
        scope: dict[str, Any] = {"markdown": markdown, "text": snippets(PAGE, "markdown")[0]}
        exec(snippets(PAGE, "python")[0], scope)
    told = re.sub("<[^>]*>", "", scope["html"])
    assert "happened on Wednesday (resolved)" in told
    assert "Srv3 crashed under high load (resolved)" in told
    assert '"Srv3 crashed under high load (resolved)"' in PAGE
    assert scope["html"].count('<a class="status-incident"') == 2


def test_the_templates_that_are_shown_work(site: Site) -> None:
    """The helper and the filter are there under these names."""
    helper, filtered = snippets(PAGE, "html")
    kept = {"html": markdown("[x](incident:2008-08-29-srv3-crash)", extensions=["status_plugin.blog"])}
    with site.app.test_request_context("/"):
        assert "(resolved)" in render_template_string(helper)
        assert "(resolved)" not in kept["html"]
        assert "(resolved)" in render_template_string(filtered, page=kept)


def test_the_element_and_its_attributes(site: Site) -> None:
    """A sanitizer that is told what the page says lets the links pass."""
    html = markdown("[[incident:x]] [a](incident:x)", extensions=["status_plugin.blog"])
    attributes = set(re.findall(r" (\w+)=", "".join(re.findall("<status-incident [^>]*>", html))))
    assert attributes == {"slug", "titled"}
    assert "`status-incident` pass, with its attributes `slug` and `titled`" in PAGE


def test_the_post_that_is_shown_is_on_its_incidents(site: Site) -> None:
    """Title and address are those of the example."""
    for slug in ("2008-08-29-srv3-crash", "2008-09-03-srv3-memory"):
        page = site.client.get(f"/status/incidents/{slug}/").text
        assert '<a href="/blog/2008/09/bad-chip/">Aftermath of a Bad Chip, Part 1</a>' in page


def test_every_key_is_there() -> None:
    """Each key that is read does what its row says, and no other key does anything."""
    cells = re.findall(r"^\| (`.*?) \|", part(PAGE, "| key | what |"), re.MULTILINE)
    keys = [key for cell in cells for key in re.findall(r"`(\w+)`", cell)]
    read: set[str] = set()

    class Recorder(dict[str, Any]):
        """Front matter that remembers what it was asked for."""

        def get(self, key: str, default: Any = None) -> Any:
            read.add(key)
            return default

        def __contains__(self, key: object) -> bool:
            read.add(str(key))
            return False

    with pytest.MonkeyPatch.context() as patch:
        head = type("Head", (), {"fields": Recorder(), "body": "", "body_line": 1, "is_broken": False})
        patch.setattr("status_plugin.core.notes.blog_posts._read_head", lambda *_: head)
        read_blog_post("", path="x.md", address="/{slug}/")
    assert read == {*keys, "status"}
    assert isinstance(read_yaml("a: b", path="x")[0], Fields)


def test_every_part_of_an_address_is_there() -> None:
    """The pattern's parts are those that the setting takes."""
    told = set(re.findall(r"`\{(\w+)\}`", part(PAGE, "`STATUS_BLOG_URL` makes")))
    assert told == set(ADDRESS_PARTS)


def test_how_often_the_folder_is_looked_at() -> None:
    """The figure on the page is the one that counts."""
    assert CONTENT_CHECKED_EVERY.total_seconds() == 1
    assert "once a second at most" in PAGE
