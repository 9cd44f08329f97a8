"""Pictures of the pages in every state, on every screen: `make screenshots` puts them into `screenshots/`."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from board_samples import SAMPLES
from page_browser import Browser, browser_of
from sample_site import WatchedHistories, sample_app
from system_parts import PARTS, ROOT

from status_plugin.web.languages import open_languages

FOLDER = ROOT / "screenshots"
WIDTHS = (320, 390, 768, 1280)
SCHEMES = ("light", "dark")

RIGHT_TO_LEFT = {
    "status/layout.html": (
        "<!doctype html><html lang='he' dir='rtl'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta name='color-scheme' content='light dark'><title>{% block title %}{% endblock %}</title>"
        "{% block head %}{% endblock %}</head><body class='status-body'><main>"
        "{% block content %}{% endblock %}</main></body></html>"
    )
}

OTHER_PAGES = {
    "component": ("outage", "components/srv3/"),
    "incident": ("outage", "incidents/2008-09-04-srv3/"),
    "window": ("memory", "maintenance/2008-09-04-srv3-memory/"),
    "archive": ("outage", "incidents/"),
    "subscribe": ("calm", "subscribe/"),
    "embed": ("outage", "embed/"),
    "not found": ("calm", "nothing"),
}


TRANSLATED = {"in German": ("de", "outage"), "in Spanish": ("es", "memory")}
"""Sites in other languages, each with a choice of all: the code and the state."""

TRANSLATED_PAGES = {
    "": "",
    " component": "components/srv3/",
    " archive": "incidents/?q=srv3",
    " subscribe": "subscribe/",
}


def pictures() -> Iterator[tuple[str, str, str]]:
    """Every picture: its name, the path of the site, and the page there."""
    for name in SAMPLES:
        yield name, f"/{slug(name)}", ""
    for name, (sample, page) in OTHER_PAGES.items():
        yield name, f"/{slug(sample)}", page
    yield "right to left", "/right-to-left", ""
    for name, (code, _) in TRANSLATED.items():
        for kind, page in TRANSLATED_PAGES.items():
            yield f"{name}{kind}", f"/{code}", page


def slug(name: str) -> str:
    """A name as part of an address or a file's name."""
    return name.replace(" ", "-")


def sites(root: Path) -> dict[str, Any]:
    """A site for each sample, and one that is read from right to left."""
    found = {
        f"/{slug(name)}": sample_app(shown, _folder(root, name), histories=WatchedHistories())
        for name, shown in SAMPLES.items()
    }
    found["/right-to-left"] = sample_app(
        SAMPLES["outage"], _folder(root, "rtl"), templates=RIGHT_TO_LEFT, histories=WatchedHistories()
    )
    for code, name in TRANSLATED.values():
        found[f"/{code}"] = translated_app(code, name, _folder(root, code))
    return found


def translated_app(code: str, name: str, folder: Path) -> Any:
    """A site in a language that offers others as well."""
    app = sample_app(SAMPLES[name], folder, histories=WatchedHistories())
    app.extensions["status_plugin"].languages = open_languages(code, ("en", "de", "es"), folder)
    return app


def _folder(root: Path, name: str) -> Path:
    folder = root / slug(name)
    folder.mkdir()
    return folder


def take(browser: Browser, wanted: list[str]) -> int:
    """Take the pictures whose names hold one of some words, or all; how many there are."""
    count = 0
    browser.command("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")
    for name, site, page in pictures():
        if wanted and not any(word in slug(name) for word in wanted):
            continue
        for scheme in SCHEMES:
            browser.scheme(scheme)
            for width in WIDTHS:
                browser.screen(width)
                browser.driver.get(f"{browser.address}{site}/status/{page}")
                browser.picture(FOLDER / f"{slug(name)}-{width}-{scheme}.png")
                count += 1
    return count


def main(wanted: list[str]) -> str:
    """Take them, and say where they are."""
    if not PARTS["chromium"].is_here:
        return f"The pictures need Chromium: apt-get install {' '.join(PARTS['chromium'].packages)}"
    FOLDER.mkdir(exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as root, browser_of(sites(Path(root))) as browser:
        count = take(browser, wanted)
    return f"{count} pictures are in {FOLDER.relative_to(ROOT)}/."


if __name__ == "__main__":
    print(main(sys.argv[1:]))
