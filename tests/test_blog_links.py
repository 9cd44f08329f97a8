"""Links to incidents in the site's own Markdown: what becomes one, and the state that it shows."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from board_samples import HOSTILE, SAMPLES, board, incident
from flask import Flask, render_template_string
from markdown import Markdown, markdown
from markupsafe import Markup
from mounted_site import INCIDENT, Site, mounted_site
from sample_site import SampleStation, sample_app

from status_plugin.web import incident_links

HREF = 'href="/status/incidents/2008-09-04-srv3/"'
LINK = f'<a class="status-incident" {HREF}>{{}}</a> <span class="status-incident-state">(identified)</span>'
TITLED = '<status-incident slug="2008-09-04-srv3" titled="">' + LINK.format("Srv3 is not responding")
WORDED = '<status-incident slug="2008-09-04-srv3">' + LINK

EXTENSIONS = ["status_plugin.blog"]
OTHERS = ["extra", "admonition", "meta", "nl2br", "sane_lists", "smarty", "toc", "wikilinks", "legacy_em"]


@pytest.fixture(autouse=True)
def _nothing_reported_yet() -> None:
    """Whatever is missing is reported as if for the first time."""
    incident_links._report.cache_clear()


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A site with an open incident."""
    return sample_app(SAMPLES["outage"], tmp_path)


def rendered(app: Flask, text: str, *, extensions: list[str] = EXTENSIONS) -> str:
    """The HTML of a text, made while a page of the site is."""
    with app.test_request_context("/blog/"):
        return markdown(text, extensions=extensions)


def words(html: str) -> str:
    """The words of a fragment that is well-formed."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return " ".join("".join(parser.parseFragment(html).itertext()).split())


@pytest.mark.parametrize(
    "extensions",
    [EXTENSIONS, [*OTHERS, *EXTENSIONS], [*EXTENSIONS, *OTHERS]],
    ids=["alone", "after-others", "before-others"],
)
def test_both_ways_of_writing_become_a_link_with_state(extensions: list[str], app: Flask) -> None:
    """The title or the writer's own words, and where the incident stands, whatever else the site uses."""
    text = "See [[incident:2008-09-04-srv3]], and *[the **crash**](incident:2008-09-04-srv3)*."
    html = rendered(app, text, extensions=extensions)
    assert f"See {TITLED}</status-incident>, and <em>" in html
    assert WORDED.format("the <strong>crash</strong>") + "</status-incident></em>." in html
    assert words(html) == "See Srv3 is not responding (identified), and the crash (identified)."


@pytest.mark.parametrize(
    "text",
    [
        "[words](maintenance:2008-09-04-srv3)",
        "[words](incident:2008-09-04-srv3 'a title')",
        "[words][1]\n\n[1]: incident:2008-09-04-srv3",
        "- [words](incident:2008-09-04-srv3)",
        "> [words](<incident:2008-09-04-srv3>)",
    ],
)
def test_any_link_to_a_note_becomes_one(text: str, app: Flask) -> None:
    """However Markdown lets people write a link, and whichever word they choose for the note."""
    assert WORDED.format("words") in rendered(app, text)


def test_windows_are_found_as_well(tmp_path: Path) -> None:
    """A maintenance window is linked by either word."""
    app = sample_app(SAMPLES["memory"], tmp_path)
    for word in ("incident", "maintenance"):
        html = rendered(app, f"[[{word}:2008-09-04-srv3-memory]]")
        assert words(html) == "Memory replacement in Srv3 (verifying)"
        assert 'href="/status/maintenance/2008-09-04-srv3-memory/"' in html


@pytest.mark.parametrize(
    "text",
    [
        "`[[incident:2008-09-04-srv3]]`",
        "`` [a](incident:2008-09-04-srv3) ``",
        "    [[incident:2008-09-04-srv3]]",
        "```\n[[incident:2008-09-04-srv3]]\n```",
        "~~~ markdown\n[a](incident:2008-09-04-srv3)\n~~~",
        "<pre>\n[[incident:2008-09-04-srv3]]\n</pre>",
        r"\[[incident:2008-09-04-srv3]]",
        r"[a\](incident:2008-09-04-srv3)",
        "![a](incident:2008-09-04-srv3)",
        "[[incident:]] [[incident:a b]] [[Incidents:2008-09-04-srv3]]",
    ],
)
def test_what_is_code_or_escaped_stays_as_it_is(text: str, app: Flask) -> None:
    """An article on how to write such links can show them."""
    html = rendered(app, text, extensions=[*EXTENSIONS, "fenced_code"])
    assert "status-incident" not in html
    assert html == markdown(text, extensions=["fenced_code"])


def test_an_unknown_note_is_words_alone_and_one_line_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """A misspelt slug breaks nothing; staff find it in the log, once and not for every visitor."""
    for _ in range(3):
        html = rendered(app, "See [the crash](incident:srv33) and [[incident:srv33]].")
        assert words(html) == "See the crash and srv33."
        assert "<a" not in html
    (record,) = caplog.records
    assert (record.levelno, "'srv33'" in record.getMessage()) == (logging.WARNING, True)
    with app.test_request_context("/"):
        assert render_template_string("{{ status_incident('srv34') }}") == "srv34"
    assert "'srv34'" in caplog.text


@pytest.mark.parametrize("slug", ["../../etc/passwd", "x\"onclick='alert(1)", "a%0Ab", "ü", "a" * 500])
def test_a_strange_slug_is_no_link_and_no_markup(slug: str, app: Flask) -> None:
    """Whatever stands behind the colon, the page stays whole."""
    html = rendered(app, f"[words](<incident:{slug}>) and [[incident:{slug}]]")
    assert "<a" not in html
    assert words(html).startswith("words and ")
    with app.app_context():
        assert incident_links.status_incidents(html) == html


def test_what_staff_write_is_text_in_the_sites_pages(tmp_path: Path) -> None:
    """A title brings no markup into the blog."""
    app = sample_app(board(current=(incident("a", HOSTILE),)), tmp_path)
    html = rendered(app, "[[incident:a]]")
    assert HOSTILE in words(html)
    assert "<script" not in html


def test_a_link_in_the_words_of_another_is_words(app: Flask) -> None:
    """Links do not nest."""
    html = rendered(app, "[see [[incident:2008-09-04-srv3]] there](incident:2008-09-04-srv3)")
    assert html.count("<a") == html.count("<status-incident") == 1
    assert words(html) == "see there (identified)"


def note(site: Site, text: str) -> None:
    """Write the incident, and let a second pass."""
    site.note("incidents/down.md", text)
    site.clock.move(2)
    site.board()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with an incident in a folder of notes."""
    found = mounted_site(tmp_path)
    note(found, INCIDENT)
    return found


def test_a_renamed_note_is_still_found(site: Site) -> None:
    """The old slug leads to the present address, in the blog, in templates and in other notes."""
    aliases = "aliases: [srv3-memory, old]\n---\nSee [this](incident:old).\n"
    note(site, INCIDENT.replace("---\nNothing", f"{aliases}\nNothing"))
    for html in (
        rendered(site.app, "[[incident:srv3-memory]]"),
        site.client.get("/status/incidents/down/").text.partition('"status-prose"')[2],
    ):
        assert 'href="/status/incidents/down/"' in html
    with site.app.test_request_context("/"):
        assert 'href="/status/incidents/down/"' in incident_links.status_incident("old")


def fill(site: Site, html: str) -> str:
    """What the template filter makes of HTML that was kept."""
    with site.app.test_request_context("/"):
        return render_template_string("{{ html | status_incidents }}", html=Markup(html))


def test_the_state_is_the_present_one(site: Site) -> None:
    """The next visitor of the post reads that it is over, without anybody touching the post."""
    text = "[[incident:down]], or [in my words](incident:down)."
    assert words(rendered(site.app, text)) == (
        "Srv3 is not responding (identified), or in my words (identified)."
    )
    note(site, INCIDENT + "\nUpdate @ 6:43pm Eastern [resolved]: It is back.\n")
    assert words(rendered(site.app, text)) == "Srv3 is not responding (resolved), or in my words (resolved)."


def test_html_that_was_kept_is_brought_up_to_date(site: Site) -> None:
    """A site that keeps its posts' HTML shows new state, title and address with one filter."""
    kept = rendered(site.app, "[[incident:down]], or [in my *words*](incident:down). `[[incident:down]]`")
    assert fill(site, kept) == kept
    text = INCIDENT.replace("title: Srv3 is not responding", "title: Srv3 was away")
    (site.folder / "incidents/down.md").unlink()
    site.note("incidents/gone.md", text.replace("impact", "aliases: [down]\nimpact"))
    site.clock.move(2)
    site.board()
    shown = fill(site, kept)
    assert words(shown) == ("Srv3 was away (identified), or in my words (identified). [[incident:down]]")
    assert shown.count('href="/status/incidents/gone/"') == 2
    assert fill(site, shown) == shown
    (site.folder / "incidents/gone.md").unlink()
    site.clock.move(2)
    site.board()
    assert words(fill(site, shown)) == "down, or in my words. [[incident:down]]"


def test_html_made_before_there_was_an_application_is_filled(site: Site) -> None:
    """Posts that were rendered at the start, or by a build, get links and states from the filter."""
    converter = Markdown(extensions=EXTENSIONS)
    kept = converter.convert("[[incident:down]], or [in my words](incident:down)")
    assert words(kept) == "down, or in my words"
    assert "<a" not in kept
    assert words(fill(site, kept)) == "Srv3 is not responding (identified), or in my words (identified)"


def test_the_filter_makes_nothing_safe(site: Site) -> None:
    """What a template would escape without the filter it escapes with it."""
    with site.app.test_request_context("/"):
        text = rendered(site.app, "[[incident:down]]") + "<script>"
        assert "&lt;script&gt;" in render_template_string("{{ text | status_incidents }}", text=text)
        assert "<script>" in render_template_string("{{ text | status_incidents }}", text=Markup(text))


def without_plugin(app: Flask) -> None:
    """The extension was never set up."""
    del app.extensions["status_plugin"]


def with_failing_station(app: Flask) -> None:
    """Every question to the station fails."""

    def fail(*_: Any) -> Any:
        raise OSError(5, "Input/output error")

    app.extensions["status_plugin"].station.peek_note = fail


@pytest.mark.parametrize("spoil", [without_plugin, with_failing_station])
def test_no_fault_reaches_the_sites_pages(
    spoil: Callable[[Flask], None], app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is broken, the post shows its words, and the log has a line."""
    spoil(app)
    with caplog.at_level(logging.ERROR):
        assert words(rendered(app, "[[incident:srv3]] and [words](incident:srv3)")) == "srv3 and words"
    (record,) = caplog.records
    assert record.getMessage().startswith("status_incidents() failed: ")
    assert record.exc_info is None


def test_only_what_is_in_memory_is_asked(tmp_path: Path) -> None:
    """A post never waits for the disk or for monitoring."""

    class MemoryAlone(SampleStation):
        """A station of which only the quick questions are allowed."""

        def edition(self) -> Any:
            raise AssertionError("the post asked for more than what is at hand")

    station = MemoryAlone(shown=SAMPLES["outage"])
    app = sample_app(SAMPLES["outage"], tmp_path, station=station)
    assert TITLED in rendered(app, "[[incident:2008-09-04-srv3]]")


def test_the_extension_has_a_name_that_anybody_can_load() -> None:
    """Python-Markdown's own command finds it by its name."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "markdown", "-x", "status_plugin.blog"],
        input="See [[incident:srv3]].",
        capture_output=True,
        text=True,
        check=True,
    )
    assert words(done.stdout) == "See srv3."
