"""The site's own blog: which notes its posts are about, where they are, and what visitors see of it."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.core.notes.blog_posts import BlogPost, read_blog_post
from status_plugin.core.notes.mentions import linked_notes
from status_plugin.sources.blog_folder import BlogFolder

NOW = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
ADDRESS = "/blog/{year}/{month}/{slug}/"
POST = "---\ntitle: What happened\n{}incidents: [down]\n---\nIt was the memory.\n"

WINDOW = """\
---
title: Memory replacement
starts: 2026-11-21 6:00pm Eastern
ends: 8pm
affects: [srv3]
---
Srv3 gets new memory.
"""


def read(text: str, path: str = "2026-11-20-memory.md", address: str = ADDRESS) -> BlogPost:
    """A post from its text."""
    return read_blog_post(text, path=path, address=address)


@pytest.mark.parametrize(
    ("path", "head", "address", "url"),
    [
        ("2008-09-04-bad-chip.md", "", ADDRESS, "/blog/2008/09/bad-chip/"),
        ("2008-09-04-bad-chip.md", "date: 2009-10-01 12:00\n", ADDRESS, "/blog/2009/10/bad-chip/"),
        ("2008-09-04-bad-chip.md", "slug: chip\n", "/{day}.{month}.{year}/{slug}", "/04.09.2008/chip"),
        ("2008/bad-chip.md", "", "/pages/{path}/", "/pages/2008/bad-chip/"),
        ("bad-chip.md", "published: September 4, 2008\n", ADDRESS, "/blog/2008/09/bad-chip/"),
        ("bad-chip.md", "", ADDRESS, None),
        ("bad-chip.md", "date: some day\n", ADDRESS, None),
        ("2008-13-41-bad-chip.md", "", ADDRESS, None),
        ("bad-chip.md", "url: /news/chip/\n", ADDRESS, "/news/chip/"),
        ("bad-chip.md", "url: https://blog.example.com/chip\n", ADDRESS, "https://blog.example.com/chip"),
        ("bad-chip.md", "url: javascript:alert(1)\n", ADDRESS, None),
        ("über uns & \"mehr\"?.md", "", "/b/{slug}/", "/b/%C3%BCber%20uns%20%26%20%22mehr%22%3F/"),
        ("../../x.md", "slug: ../x\n", "/b/{slug}/", "/b/../x/"),
    ],
)  # fmt: skip
def test_where_a_post_is(path: str, head: str, address: str, url: str | None) -> None:
    """By the site's pattern, from the file's name and the front matter, or as the post itself says."""
    post = read(POST.format(head), path, address)
    assert post.url == url
    assert [problem.rule for problem in post.problems] == ([] if url else ["no-address"])


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Memory\nincidents: [a, b]\n---\n",
        "---\nTitle: Memory\nIncidents:\n  - a\n  - b\n---\n",
        "---\ntitle: Memory\nincidents: a, b\n---\n",
        "title: Memory\nincidents: [a, b]\n\nFlat pages end their head with an empty line.\n",
        "---\ntitle: Memory\n---\nSee [[incident:a]] and [words](maintenance:b).\n",
        "---\ntitle: Memory\nincidents: [a]\n---\n[words][1]\n\n[1]: incident:b\n",
        "---\r\ntitle: Memory\r\nincidents: [a, b]\r\n---\r\n",
        "\ufeff---\ntitle: Memory\nincidents: [a, b]\n---\n`[[incident:c]]`\n\n    [[incident:d]]\n",
    ],
)
def test_which_notes_a_post_is_about(text: str) -> None:
    """Those that its front matter names, and those that its text links to; code means nothing."""
    post = read(text)
    assert [mention.slug for mention in post.mentions] == ["a", "b"]
    assert (post.title, post.hidden, post.problems) == ("Memory", False, ())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("[[incident:a]]", "Memory"),
        ("# A heading: no head\n\n[[incident:a]]", "Memory"),
        ("Note: this is no head: it is prose.\n\n[[incident:a]]", "Memory"),
        ("", "Memory"),
        ("---\ntitle: [a, list]\n---\n", "Memory"),
    ],
)
def test_a_post_without_a_title_has_its_name(text: str, title: str) -> None:
    """For want of a title the file's name is read."""
    assert read(text).title == title
    assert not read(text).hidden


def test_where_links_stand() -> None:
    """Each link is found at its line and column, whatever stands in between."""
    lines = [
        "One `incident:a` [[incident:a]].",
        "",
        "```",
        "[[incident:a]]",
        "```",
        "<!-- [[incident:b]] -->",
    ]
    text = "\n".join([*lines, "[x", "y](incident:b)"])
    found = [(mention.slug, mention.line, mention.column) for mention in linked_notes(text, first_line=5)]
    assert found == [("a", 5, 20), ("b", 12, 4)]
    assert [m.slug for m in linked_notes("[x](<incident:a b>)")] == ["a b"]
    assert linked_notes("See incident:a for more.") == ()


@pytest.mark.parametrize(
    "head",
    ["draft: true", "draft: soon", "published: false", "hidden: yes", "private: 1", "status: draft",
     "unpublished: x", "date: 2026-11-21"],
)  # fmt: skip
def test_what_is_not_published_is_not_linked(head: str) -> None:
    """A draft, and a post of tomorrow, are nobody's business yet."""
    assert read(POST.format("draft: false\npublished: true\nstatus: published\n")).is_public(
        date(2026, 11, 20)
    )
    assert not read(POST.format(f"{head}\n")).is_public(date(2026, 11, 20))


@pytest.mark.parametrize(
    "text",
    [
        "---\n- draft\n---\n[[incident:a]]",
        "---\ntitle: [\ndraft: yes\ndraft: no\n---\n[[incident:a]]",
        "---\ntitle: Memory\n[[incident:a]]",
        "+++\ntitle = 'Memory'\ndraft = true\n+++\n[[incident:a]]",
        '{"title": "Memory",\n "draft": true}\n\n[[incident:a]]',
        "title: Memory: a draft\ndraft: true\n\n[[incident:a]]",
    ],
)
def test_a_post_that_may_be_a_draft_is_not_linked(text: str) -> None:
    """Where the front matter cannot be read nobody is sent, and the check says so."""
    post = read(text)
    assert not post.is_public(date(2026, 11, 20))
    assert [mention.slug for mention in post.mentions] == ["a"]
    assert [(problem.rule, problem.severity) for problem in post.problems] == [("unreadable-post", "warning")]


class TestFolder:
    """The folder of posts."""

    def test_nothing_is_read_twice(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As long as no file changes none is opened, and the very same posts come back."""
        opened: list[str] = []

        def reading(text: str, **more: str) -> BlogPost:
            opened.append(more["path"])
            return read_blog_post(text, **more)

        monkeypatch.setattr("status_plugin.sources.blog_folder.read_blog_post", reading)
        for name in ("a", "b"):
            (tmp_path / f"{name}.md").write_text(POST.format(""))
            os.utime(tmp_path / f"{name}.md", (1, 1))
        folder = BlogFolder(tmp_path, address="/{slug}/")
        later = datetime.now(UTC) + timedelta(hours=1)
        blog = folder.read(later)
        assert [post.path for post in blog.posts] == ["a.md", "b.md"]
        assert folder.read(later) is blog
        assert opened == ["a.md", "b.md"]
        (tmp_path / "b.md").write_text(POST.format("slug: c\n"))
        assert [post.url for post in folder.read(later).posts] == ["/a/", "/c/"]
        (tmp_path / "a.md").unlink()
        assert [post.url for post in folder.read(later).posts] == ["/c/"]
        assert opened == ["a.md", "b.md", "b.md"]

    def test_what_is_no_post_is_none(self, tmp_path: Path) -> None:
        """Folders in the folder count; what is hidden, of another kind, or no file does not."""
        for name in ("a.md", "2008/b.md", ".c.md", "_drafts/d.md", ".git/e.md", "f.txt", "g.md.bak"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(POST.format(""))
        (tmp_path / "h.md").mkdir()
        os.mkfifo(tmp_path / "i.md")
        (tmp_path / "j.md").symlink_to(tmp_path / "nowhere")
        posts = BlogFolder(tmp_path, address="/{path}/").read(NOW).posts
        assert [post.url for post in posts] == ["/2008/b/", "/a/"]

    def test_what_cannot_be_read_costs_nothing_else(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A broken file is a line in the log, once; the other posts stay."""
        (tmp_path / "a.md").write_text(POST.format(""))
        (tmp_path / "b.md").write_bytes(b"---\ntitle: \xff\n---\n")
        (tmp_path / "c.md").write_bytes(b"x" * 1_000_001)
        folder = BlogFolder(tmp_path, address="/{slug}/")
        for _ in range(2):
            blog = folder.read(NOW)
        assert [post.path for post in blog.posts] == ["a.md"]
        assert [problem.rule for problem in blog.problems] == ["not-utf-8", "too-large"]
        assert len(caplog.records) == 2
        assert "Blog: b.md:2:8: error: The file is not UTF-8 text" in caplog.text

    def test_a_folder_that_is_gone_is_told(self, tmp_path: Path) -> None:
        """Nothing is raised, and the problem says what to look at."""
        (problem,) = BlogFolder(tmp_path / "gone", address="/{slug}/").read(NOW).problems
        assert (problem.rule, problem.path) == ("unreadable-folder", ".")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident, a window, and a blog of one post."""
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "2026-11-20-memory.md").write_text(POST.format(""))
    found = mounted_site(tmp_path, STATUS_BLOG="blog", STATUS_BLOG_URL=ADDRESS)
    found.note("incidents/down.md", INCIDENT)
    found.note("maintenance/memory.md", WINDOW)
    found.clock.move(2)
    return found


def posts_on(site: Site, path: str = "incidents/down/") -> list[str]:
    """What stands under "More about it" on a note's page, as `title -> address`."""
    answer = site.client.get(f"/status/{path}")
    assert answer.status_code == 200
    _, _, part = answer.text.partition('<ul class="status-posts">')
    links = re.findall('<li><a href="(.*?)">(.*?)</a></li>', part.partition("</ul>")[0])
    return [f"{title} -> {address}" for address, title in links]


def post(site: Site, name: str, text: str) -> None:
    """Write a post, and let time pass."""
    (site.folder.parent / "blog" / name).write_text(text)
    site.clock.move(2)


def test_an_incident_shows_the_posts_about_it(site: Site) -> None:
    """Without a line in the note; a new post shows with the next look at the folder, oldest first."""
    assert posts_on(site) == ["What happened -> /blog/2026/11/memory/"]
    assert posts_on(site, "maintenance/memory/") == []
    post(site, "2026-11-19-before.md", "---\ntitle: Before\n---\n[[incident:down]], [[incident:memory]]\n")
    assert posts_on(site) == [
        "Before -> /blog/2026/11/before/",
        "What happened -> /blog/2026/11/memory/",
    ]
    assert posts_on(site, "maintenance/memory/") == ["Before -> /blog/2026/11/before/"]


def test_posts_named_in_the_note_come_first_and_once(site: Site) -> None:
    """What the note's writer called a post goes before what the blog calls it."""
    posts = "posts:\n  - {title: All of it, url: /blog/2026/11/memory/}\n  - {title: Away, url: https://x.example/}\n"
    site.note("incidents/down.md", INCIDENT.replace("impact", f"{posts}impact"))
    post(site, "2026-11-20-more.md", POST.format("").replace("What happened", "More"))
    assert posts_on(site) == [
        "All of it -> /blog/2026/11/memory/",
        "Away -> https://x.example/",
        "More -> /blog/2026/11/more/",
    ]


def test_a_renamed_note_keeps_its_posts(site: Site) -> None:
    """A post that names the old slug belongs to the note, unless another note has that slug now."""
    (site.folder / "incidents/down.md").unlink()
    site.note("incidents/srv3.md", INCIDENT.replace("impact", "aliases: [down, memory]\nimpact"))
    post(site, "2026-11-20-more.md", "---\ntitle: More\n---\n[[incident:memory]]\n")
    assert posts_on(site, "incidents/srv3/") == ["What happened -> /blog/2026/11/memory/"]
    assert posts_on(site, "maintenance/memory/") == ["More -> /blog/2026/11/more/"]


def test_a_post_of_tomorrow_shows_tomorrow(site: Site) -> None:
    """The day is that of the site's zone."""
    post(site, "2026-11-21-later.md", POST.format("").replace("What happened", "Later"))
    assert len(posts_on(site)) == 1
    site.clock.move(24 * 3600)
    assert [told.partition(" ->")[0] for told in posts_on(site)] == ["What happened", "Later"]


@pytest.mark.parametrize("text", ["---\n- x\n---\n[[incident:down]]", "\0\0\0", "", "---\n---\n"])
def test_a_broken_post_breaks_no_page(site: Site, text: str) -> None:
    """Whatever lies in the blog's folder, the incident shows the posts that can be read."""
    post(site, "2026-11-20-broken.md", text)
    assert posts_on(site) == ["What happened -> /blog/2026/11/memory/"]


def test_a_blog_that_vanishes_breaks_no_page(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """The posts are gone from the pages, which is logged."""
    (site.folder.parent / "blog").rename(site.folder.parent / "elsewhere")
    site.clock.move(2)
    assert posts_on(site) == []
    assert "The folder cannot be listed" in caplog.text


def test_markup_in_titles_is_text(site: Site) -> None:
    """A post's title brings no markup into the status page."""
    post(site, "2026-11-20-x.md", "---\ntitle: '<script>alert(1)</script>'\n---\n[[incident:down]]\n")
    assert "<script>alert" not in site.client.get("/status/incidents/down/").text
    assert any("&lt;script&gt;" in told for told in posts_on(site))


def test_without_a_blog_nothing_is_looked_for(tmp_path: Path) -> None:
    """The setting is the site's to make."""
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "2026-11-20-memory.md").write_text(POST.format(""))
    site = mounted_site(tmp_path)
    site.note("incidents/down.md", INCIDENT)
    site.clock.move(2)
    assert posts_on(site) == []
