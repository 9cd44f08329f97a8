"""Other people's layouts in a real browser: their styles leave ours alone, and ours leave theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from board_samples import SAMPLES
from flask import Flask, send_from_directory
from page_browser import CONTRAST, Browser, browser_of, with_policy
from sample_site import WatchedHistories, sample_app
from system_parts import NPM

pytestmark = pytest.mark.system("chromium", "css frameworks")

SHEETS = {
    "bootstrap 3": "bootstrap3/dist/css/bootstrap.css",
    "bootstrap 4": "bootstrap4/dist/css/bootstrap.css",
    "bootstrap 5": "bootstrap/dist/css/bootstrap.css",
    "tailwind": "tailwindcss/preflight.css",
}

# What such a site has around the page, with the names that its framework gives looks to.
AROUND = """
<nav class="navbar navbar-default navbar-light bg-light container flex">
<a class="navbar-brand" href="/">Company</a>
<ul class="nav navbar-nav"><li class="nav-item active"><a class="nav-link" href="/">Home</a></li></ul>
</nav>
<section class="host container">
<h1>One</h1><h2 class="title">Two</h2><h3>Three</h3>
<p class="lead">Words <a href="/">link</a> <code>code</code> <small>small</small>
<span class="label badge">new</span></p>
<ul><li>item</li></ul><ol><li>item</li></ol><dl><dt>term</dt><dd>fact</dd></dl>
<table class="table"><thead><tr><th>h</th></tr></thead><tbody><tr><td>d</td></tr></tbody></table>
<form><label>name <input class="form-control"></label><button class="btn btn-primary">go</button></form>
<div class="alert alert-info panel card"><div class="panel-body card-body">box</div></div>
<pre>pre</pre><hr><details><summary>more</summary>text</details><blockquote>said</blockquote>
<svg width="9" height="9"><path d="M0 0h9z"/></svg>
</section>
"""
HEAD = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'><title>Site</title>"
)

# Knows one block alone; the styles come from the site's own head.
CONTENT_ALONE = {
    "base.html": HEAD
    + "<link rel='stylesheet' href='/sheets/own.css'>{{ status_styles() }}</head><body>"
    + AROUND
    + "<main>{% block content %}{% endblock %}</main></body></html>",
    "status/layout.html": '{% extends "base.html" %}',
}
OWN_SHEET = """
* { letter-spacing: .05em }
body { font: 17px/1.9 Georgia, serif; color: #333; text-align: justify }
h1, h2, h3 { text-transform: uppercase; border-bottom: 3px double }
p { text-indent: 2em; margin: 1.5em }
ul { list-style: square }
li { margin: 1em; float: left }
a { color: #060; font-weight: bold; border-bottom: 1px dotted }
table { border: 1px solid; border-collapse: separate; border-spacing: 4px; font-style: italic }
td, th { border: 1px solid; background: #eee; white-space: nowrap; text-align: center }
svg { display: block; margin: 1em }
summary { list-style: none; font-weight: bold }
section { padding: 2em; border: 1px solid }
dl { float: left }
dt { font-weight: bold }
dd { margin-left: 40px }
"""


def framework(sheet: str, *, first: bool) -> dict[str, str]:
    """A layout with a framework's style sheet before ours, or after it."""
    theirs = f"<link rel='stylesheet' href='/sheets/{sheet}'>"
    ours = "{% block head %}{{ status_styles() }}{% endblock %}"
    head = HEAD + (theirs + ours if first else ours + theirs)
    main = "<div class='container'>{% block main %}{% endblock %}</div></body></html>"
    return {
        "base.html": f"{head}</head><body>{AROUND}{main}",
        "status/layout.html": (
            '{% extends "base.html" %}{% block main %}{% block content %}{% endblock %}{% endblock %}'
        ),
    }


LAYOUTS = {"content alone": CONTENT_ALONE}
for _name, _sheet in SHEETS.items():
    LAYOUTS[_name] = framework(_sheet, first=True)
    LAYOUTS[f"{_name} after ours"] = framework(_sheet, first=False)

# What is ours to say; sizes follow from the room that a layout gives, and the font is the site's.
OURS = """
const names = ["color", "background-color", "font-size", "font-weight", "font-style", "line-height",
  "letter-spacing", "text-transform", "text-indent", "text-align", "text-decoration-line", "white-space",
  "list-style-type", "display", "float", "position", "box-sizing", "fill", "vertical-align",
  "border-collapse", "cursor", "opacity", "visibility",
  ...["top", "right", "bottom", "left"].flatMap((side) => [`margin-${side}`, `padding-${side}`,
    `border-${side}-width`, `border-${side}-style`])];
const added = ".status-age, .status-age + .status-hidden"; // by the script, which not every layout loads
const shown = [...document.querySelectorAll(".status-plugin, .status-plugin *")];
return shown.filter((e) => !e.matches(added)).map((e) => {
  const style = getComputedStyle(e);
  const said = names.map((name) => `${name}: ${style.getPropertyValue(name)}`);
  const around = e.parentElement.getAttribute("class");
  return [`${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} in ${around}`, said];
});
"""
THEIRS = """
const mine = ".status-plugin, .status-plugin *, :has(.status-plugin), head, head *";
return [...document.querySelectorAll("*")].filter((e) => !e.matches(mine)).map((e) => {
  const style = getComputedStyle(e);
  return [e.tagName, [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`)];
});
"""
WITHOUT_OURS = "document.querySelector('link[href*=\"status.css\"]').disabled = true"


def sheets() -> Flask:
    """Serves the frameworks' style sheets."""
    app = Flask("sheets")
    app.add_url_rule("/own.css", view_func=lambda: (OWN_SHEET, {"Content-Type": "text/css"}), endpoint="own")
    app.add_url_rule("/<path:path>", "sheet", lambda path: send_from_directory(NPM / "node_modules", path))
    return app


def sites(root: Path) -> dict[str, Any]:
    """A site in each layout, and one in the plugin's own; all under a strict policy."""
    found: dict[str, Any] = {"/sheets": sheets()}
    for name, templates in {"own": {}, **LAYOUTS}.items():
        folder = root / name.replace(" ", "-")
        folder.mkdir()
        app = sample_app(SAMPLES["outage"], folder, templates=templates, histories=WatchedHistories())
        app.after_request(with_policy)
        found[f"/{name.replace(' ', '-')}"] = app
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser and one server for all tests here."""
    with browser_of(sites(tmp_path_factory.mktemp("layouts"))) as opened:
        yield opened


@pytest.fixture
def looks(browser: Browser) -> Callable[[str, str], list[list[Any]]]:
    """What a script says of a page in a layout."""

    browser.command("Emulation.setTimezoneOverride", timezoneId="America/New_York")

    def look(layout: str, path: str) -> list[list[Any]]:
        browser.open(layout, f"/status/{path}")
        found: list[list[Any]] = browser.ask(OURS)
        return found

    return look


@pytest.mark.parametrize("path", ["", "incidents/2008-09-04-srv3/", "components/srv3/", "subscribe/"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_changes_nothing_of_ours(
    layout: str, path: str, looks: Callable[[str, str], list[list[Any]]], browser: Browser
) -> None:
    """Every element of the pages looks in any layout as it does in the plugin's own."""
    meant = looks("own", path)
    found = looks(layout, path)
    assert len(meant) == len(found) > 60
    different = {
        name: sorted(set(theirs) - set(ours))
        for (name, ours), (_, theirs) in list(zip(meant, found, strict=True))[1:]
        if ours != theirs
    }
    assert different == {}
    # Bootstrap has fonts of its own and draws with data: addresses; the policy refuses those.
    assert [
        refusal for refusal in browser.refusals() if "data:" not in refusal and "/sheets/" not in refusal
    ] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_of_the_layout_is_changed(layout: str, browser: Browser) -> None:
    """Every element of the site around the pages is as it would be without our style sheet."""
    browser.open(layout)
    with_ours = browser.ask(THEIRS)
    browser.ask(WITHOUT_OURS)
    without = browser.ask(THEIRS)
    assert len(with_ours) > 30
    assert with_ours == without
    browser.ask("document.querySelector('.host p').style.letterSpacing = '9px'")
    assert browser.ask(THEIRS) != without


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_page_can_be_read_in_any_layout(layout: str, browser: Browser) -> None:
    """No framework makes a word pale or the page wider than a phone, and no script of others is needed."""
    browser.open(layout)
    ours = page_words(browser)
    pale = [text for text in browser.ask(CONTRAST)[1] if text.split(": ", 1)[1] in ours]
    assert pale == []
    for width in (320, 390, 1280):
        browser.screen(width)
        assert browser.ask(
            "return document.querySelector('.status-plugin').scrollWidth <= "
            "document.querySelector('.status-plugin').clientWidth"
        )
    assert browser.ask("return typeof jQuery") == "undefined"


def page_words(browser: Browser) -> list[str]:
    """The beginnings of the texts of the page itself."""
    script = """
      const root = document.querySelector(".status-plugin");
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) found.push(walker.currentNode.textContent.trim().slice(0, 40));
      return found;
    """
    found: list[str] = browser.ask(script)
    return found
