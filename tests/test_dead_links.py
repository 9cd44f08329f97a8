"""Links between notes and posts that lead nowhere are found by `flask status check`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from mounted_site import INCIDENT, Site, mounted_site

OVER = INCIDENT.replace(
    "[identified; next update 7:30pm]: Half of the memory is gone.",
    "[resolved]: Half of its memory had failed.",
)
ADDRESS = "/blog/{year}/{month}/{slug}/"
POST = "---\ntitle: What happened\nincidents: [down]\n---\nIt was the memory.\n"
WINDOW = """\
---
title: Memory replacement
starts: 2026-11-21 6:00pm Eastern
ends: 8pm
affects: [srv3]
---
Srv3 gets new memory.
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident, a window, a blog of one post, and a page that fails."""
    (tmp_path / "blog").mkdir()
    found = mounted_site(tmp_path, STATUS_BLOG="blog", STATUS_BLOG_URL=ADDRESS)
    found.note("incidents/down.md", OVER)
    found.note("maintenance/memory.md", WINDOW)
    post(found, "2026-11-20-memory.md", POST)

    def show(year: str, month: str, slug: str) -> Any:
        if slug == "broken":
            raise RuntimeError("the database is not here")
        return ("", 200) if (tmp_path / "blog" / f"2026-11-20-{slug}.md").exists() else ("", 404)

    found.app.add_url_rule("/blog/<year>/<month>/<slug>/", view_func=show)
    return found


def post(site: Site, name: str, text: str) -> None:
    """Write a post."""
    (site.folder.parent / "blog" / name).write_text(text)


def check(site: Site) -> tuple[int, list[str]]:
    """What `flask status check` answers: its exit code and its lines, with paths from the site's folder."""
    result = site.app.test_cli_runner().invoke(args=["status", "check"])
    here = os.path.relpath(site.folder.parent)
    return result.exit_code, result.output.replace(f"{here}/", "").splitlines()


def test_links_that_lead_somewhere_are_right(site: Site) -> None:
    """Old and new slugs, both kinds, and whatever cannot be told from here."""
    site.note("incidents/down.md", OVER.replace("impact", "aliases: [old]\nimpact"))
    posts = "  - {title: a, url: https://x.example/}\n  - {title: b, url: /blog/2026/11/broken/}\n"
    site.note("incidents/more.md", OVER.replace("impact", f"posts:\n{posts}impact") + "[[incident:old]]\n")
    post(site, "2026-11-20-more.md", "---\ntitle: a\n---\n[[incident:memory]], [x](maintenance:old)\n")
    assert check(site) == (0, check(site)[1])
    assert not [line for line in check(site)[1] if "no-such" in line or "foreign" in line]


def test_a_page_that_fails_is_no_dead_link(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Where the site's database is not at hand the check has no traceback between its lines."""
    posts = "posts:\n  - {title: b, url: /blog/2026/11/broken/}\n"
    site.note("incidents/down.md", OVER.replace("impact", f"{posts}impact"))
    code, lines = check(site)
    assert code == 0
    assert not [line for line in lines if "down.md" in line or "Traceback" in line]
    assert "database" not in caplog.text
    assert site.client.get("/blog/2026/11/broken/").status_code == 500
    assert "database" in caplog.text


def test_drafts_may_link_to_what_is_not_there_yet(site: Site) -> None:
    """A draft is nobody's business, in notes as in the blog; what may be public is checked."""
    site.note("incidents/next.md", OVER.replace("impact", "draft: true\nimpact") + "[[incident:later]]\n")
    post(site, "2026-11-20-next.md", "---\ndraft: true\n---\n[[incident:later]] [[incident:next]]\n")
    assert check(site)[0] == 0
    post(site, "2026-11-20-next.md", "---\n- draft\n---\n[[incident:later]]\n")
    assert [line for line in check(site)[1] if "'later'" in line]
    post(site, "2026-11-20-next.md", "[[incident:next]]\n")
    assert [line for line in check(site)[1] if "'next'" in line], "a draft is no place to link to"


def test_dead_links_in_notes(site: Site) -> None:
    """A slug that no note has, a post that is not there, and an address that nobody serves."""
    posts = "  - {title: a, url: /blog/2026/11/gone/}\n  - {title: b, url: /news/}\n"
    text = OVER.replace("impact", f"posts:\n{posts}impact")
    site.note("incidents/down.md", f"{text}See [it](incident:donw).\n\n`[[incident:code]]` [[incident:]]\n")
    code, lines = check(site)
    assert code == 1
    assert [line for line in lines if line.startswith("content/incidents/down.md")] == [
        "content/incidents/down.md:5:21: error: posts: The site has no page at '/blog/2026/11/gone/'. "
        "Write the address as your browser shows it. [no-such-post]",
        "content/incidents/down.md:6:21: warning: posts: The site does not serve '/news/'. "
        "Correct it, unless another program serves that part of the site. [foreign-post]",
        "content/incidents/down.md:13:10: error: There is no incident or window 'donw' to link to. "
        "Did you mean 'down'? [no-such-note]",
    ]


def test_dead_links_in_posts(site: Site) -> None:
    """In front matter and in the text, with file and line."""
    text = "---\ntitle: a\nincidents: [down, donw]\n---\n\nIt was [[incident:xyz]].\n"
    post(site, "2026-11-20-more.md", text)
    code, lines = check(site)
    assert code == 1
    assert lines[:2] == [
        "blog/2026-11-20-more.md:3:19: error: incidents: There is no incident or window 'donw' to link to. "
        "Did you mean 'down'? [no-such-note]",
        "blog/2026-11-20-more.md:6:10: error: There is no incident or window 'xyz' to link to. "
        "Write the name of a note's file, without .md. [no-such-note]",
    ]


def test_a_wrong_pattern_of_addresses(site: Site) -> None:
    """The posts are where the setting says, or it is told for each post that names a note."""
    post(site, "2026-11-19-elsewhere.md", POST.replace("What", "Elsewhere"))
    post(site, "2026-11-19-about-nothing.md", "---\ntitle: a\n---\n")
    code, lines = check(site)
    assert code == 1
    assert lines[0] == (
        "blog/2026-11-19-elsewhere.md:1: error: Incidents send visitors to '/blog/2026/11/elsewhere/', "
        "and the site has no page there. Correct STATUS_BLOG_URL, write url: into the post, or draft: "
        "true if it is not public. [no-such-post]"
    )
    assert not [line for line in lines if "about-nothing" in line]


def test_what_cannot_be_read_is_told(site: Site) -> None:
    """A post without an address, one with broken front matter, and one that is no text."""
    post(site, "nowhere.md", POST)
    post(site, "2026-11-20-broken.md", "---\n- x\n---\n[[incident:down]]")
    (site.folder.parent / "blog" / "latin.md").write_bytes(b"\xff")
    lines = check(site)[1]
    rules = {line.partition(":")[0]: line.rpartition("[")[2] for line in lines}
    assert rules["blog/nowhere.md"] == "no-address]"
    assert rules["blog/2026-11-20-broken.md"] == "unreadable-post]"
    assert rules["blog/latin.md"] == "not-utf-8]"


def test_a_site_below_an_address(site: Site) -> None:
    """Where the application has a root of its own, addresses are read as visitors see them."""
    site.app.config["APPLICATION_ROOT"] = "/site"
    posts = "  - {title: a, url: /site/blog/2026/11/memory/}\n  - {title: b, url: /site/blog/2026/11/gone/}\n"
    site.note("incidents/down.md", OVER.replace("impact", f"posts:\n{posts}impact"))
    lines = [line for line in check(site)[1] if "no-such-post" in line and line.startswith("content/")]
    assert len(lines) == 1
    assert "/site/blog/2026/11/gone/" in lines[0]
