"""docs/embedding.md says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from board_samples import SAMPLES
from mounted_site import mounted_site
from sample_site import sample_app, visitor
from test_documentation import first_cells, part, rows_of, snippets

from status_plugin.core.words import State
from status_plugin.web.badge_drawing import LONGEST, Badge
from status_plugin.web.badges import SHIELDS_CACHE_SECONDS, shields
from status_plugin.web.faces import QUIET, Face, state_face
from status_plugin.web.subscribing import badge_html, badge_markdown, embed_html

NAME = "Network Status"
PAGE = (Path(__file__).resolve().parent.parent / "docs" / "embedding.md").read_text("utf-8")
WORDS = " ".join(PAGE.split())


def test_the_code_is_that_of_the_subscribe_page() -> None:
    """What is shown here is what visitors copy there."""
    page = "https://www.example.com/status/"
    addresses = page, f"{page}badge.svg"
    shown = [text.strip() for text in snippets(PAGE, "html")]
    assert shown == [badge_html(*addresses, NAME), embed_html(f"{page}embed/", NAME)]
    assert snippets(PAGE, "markdown")[0].strip() == badge_markdown(*addresses, NAME)


def test_the_badges_figures() -> None:
    """The numbers on the page are those that count."""
    assert f"more than {LONGEST} characters" in WORDS
    assert f"for {SHIELDS_CACHE_SECONDS} seconds" in WORDS


def test_the_badges_data(tmp_path: Path) -> None:
    """The example is what a calm page answers, and each state has the colour in the table."""
    calm = visitor(sample_app(SAMPLES["calm"], tmp_path)).get("/status/badge.json").json
    assert json.loads(snippets(PAGE, "json")[0]) == calm
    rows = re.findall(r"^\| ([a-z ,]+) \| `(\w+)`", part(PAGE, "| state | `color` |"), re.MULTILINE)
    told = {name: color for names, color in rows for name in re.split(r", or |, ", names)}
    faces = [state_face(state) for state in State] + [Face(word="Not monitored", tone=QUIET)]
    assert told == {
        face.word.lower(): shields(Badge(name="", face=face, description=""))["color"] for face in faces
    }


def test_the_setting_is_accepted(tmp_path: Path) -> None:
    """The example allows the two sites, and each word that is named is one."""
    config: dict[str, Any] = {}
    exec(snippets(PAGE, "python")[0], {}, config)
    for number, (setting, ancestors) in enumerate(
        [
            (config["STATUS_EMBED_ANCESTORS"], "https://forum.example.org https://*.example.net"),
            *((word, word if word == "*" else f"'{word}'") for word in re.findall(r'`"(\S+)"`', PAGE)),
        ]
    ):
        (tmp_path / str(number)).mkdir()
        site = mounted_site(tmp_path / str(number), STATUS_EMBED_ANCESTORS=setting)
        policy = site.client.get("/status/embed/").headers["Content-Security-Policy"]
        assert policy == f"frame-ancestors {ancestors}"
    assert number == 3


def test_every_property_is_there(tmp_path: Path) -> None:
    """The properties of Open Graph are those in the head of a page, and the title is as shown."""
    page = visitor(sample_app(SAMPLES["outage"], tmp_path)).get("/status/incidents/2008-09-04-srv3/").text
    named = re.findall(r'<meta property="(og:\w+)" content="([^"]*)"', page)
    assert [name for name, _ in named] == first_cells(part(PAGE, "| property | what |"))
    assert f'"{dict(named)["og:title"]}"' in WORDS
    assert dict(rows_of(PAGE))["og:site_name"] == f"`{dict(named)['og:site_name']}`"
