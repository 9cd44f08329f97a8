"""Markdown is made into HTML once, and again when what it links to has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from mounted_site import INCIDENT, mounted_site

from status_plugin.core.notes import rendered
from status_plugin.core.notes.markdown import Resolve, render
from status_plugin.core.notes.rendered import RenderedTexts


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are made into HTML."""
    texts: list[str] = []

    def recording(text: str, resolve: Resolve, *, site: str) -> str:
        texts.append(text)
        return render(text, resolve, site=site)

    monkeypatch.setattr(rendered, "render", recording)
    return texts


def test_a_text_is_made_once(made: list[str]) -> None:
    """However often it is asked for, the same text is the same HTML without any work."""
    texts = RenderedTexts()
    assert {texts.html("It is *back*.", lambda slug: None) for _ in range(5)} == {
        "<p>It is <em>back</em>.</p>"
    }
    assert made == ["It is *back*."]


def test_a_link_is_what_it_leads_to_now(made: list[str]) -> None:
    """A note that is renamed, appears or goes away shows in every text that links to it, and in no other."""
    texts, known = RenderedTexts(), {"down": ("/incidents/down/", "Down")}
    for _ in range(2):
        assert texts.html("See [[incident:down]].", known.get) == (
            '<p>See <a href="/incidents/down/">Down</a>.</p>'
        )
        texts.html("No *link*.", known.get)
    assert len(made) == 2
    known["down"] = ("/incidents/down/", "Up again")
    assert "Up again" in texts.html("See [[incident:down]].", known.get)
    del known["down"]
    assert texts.html("See [[incident:down]].", known.get) == "<p>See down.</p>"
    texts.html("No *link*.", known.get)
    assert made == ["See [[incident:down]].", "No *link*.", *["See [[incident:down]]."] * 2]


def test_words_alone_are_not_remembered(made: list[str]) -> None:
    """What is made in no time takes no place."""
    texts = RenderedTexts()
    for _ in range(2):
        assert texts.html("All is well.", lambda slug: None) == "<p>All is well.</p>"
    assert made == ["All is well."] * 2
    assert texts.size == 0


def test_complete_addresses_are_another_text(made: list[str]) -> None:
    """What readers elsewhere get and what the page has do not mix."""
    texts = RenderedTexts()
    for _ in range(2):
        assert texts.html("[x](/a/)", lambda slug: None) == '<p><a href="/a/">x</a></p>'
        assert texts.html("[x](/a/)", lambda slug: None, site="https://www.example.com") == (
            '<p><a href="https://www.example.com/a/">x</a></p>'
        )
    assert made == ["[x](/a/)"] * 2


def test_what_is_remembered_is_bounded(made: list[str]) -> None:
    """Long texts fill no memory: the one that was not asked for longest is forgotten."""
    texts = RenderedTexts(most=3000)
    for number in range(30):
        texts.html(f"{number:03} " + "x" * 100, lambda slug: None)
        texts.html("*kept*", lambda slug: None)
    assert made.count("*kept*") == 1
    assert texts.size <= 3000
    texts.html("000 " + "x" * 100, lambda slug: None)
    assert made.count("000 " + "x" * 100) == 2
    texts.html("*y*" * 1000, lambda slug: None)
    texts.html("*y*" * 1000, lambda slug: None)
    assert made.count("*y*" * 1000) == 2, "what is too long for it pushes nothing else out"
    assert made.count("*kept*") == 1


def test_pages_share_what_is_made(tmp_path: Path, made: list[str]) -> None:
    """A new edition makes nothing anew that has not changed, on any page and in JSON."""
    site = mounted_site(tmp_path)
    site.note("incidents/down.md", INCIDENT.replace("Nothing of Srv3 answers.", "Said in test_pages_share."))
    for _ in range(3):
        site.clock.move(3600)
        for address in ("/", "/board.json", "/incidents/down/", "/components/srv3/"):
            assert "Said in test_pages_share." in site.client.get(f"/status{address}").text or (
                address == "/board.json"
            )
    assert made.count("Said in test_pages_share.") == 1
