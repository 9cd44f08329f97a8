"""What the script adds to a page in another language, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from page_browser import Browser, browser_of
from page_screenshots import translated_app

pytestmark = pytest.mark.system("chromium")

TIMES = """
const parts = ".status-overall .status-when, .status-overall .status-ago";
return [...document.querySelectorAll(parts)].map((e) => e.textContent);
"""
LINES = """
const text = document.querySelector(".status-languages + h1, .status-back a");
return Math.round(text.getBoundingClientRect().height / parseFloat(getComputedStyle(text).lineHeight));
"""
OFFLINE = """
Object.defineProperty(navigator, "onLine", {get: () => false});
dispatchEvent(new Event("offline"));
return document.querySelector(".status-age").textContent;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser, and a site in German that offers Spanish and English, too."""
    folder = tmp_path_factory.mktemp("site")
    with browser_of({"/de": translated_app("de", "many", folder)}) as opened:
        opened.command("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")
        yield opened


def open_page(browser: Browser, code: str) -> None:
    """The page in a language."""
    browser.driver.get(f"{browser.address}/de/status/?lang={code}")


@pytest.mark.parametrize(
    ("code", "own", "ago"),
    [
        ("de", "Stand 17:51 EDT (Do. 23:51 Ihrer Zeit)", "(vor 1 Minute)"),
        ("es", "a las 17:51 EDT (jue 23:51 en su hora)", "(hace 1 minuto)"),
        ("en", "as of 17:51 EDT (Thu 23:51 your time)", "(1 minute ago)"),
    ],
)
def test_times_of_the_visitor(code: str, own: str, ago: str, browser: Browser) -> None:
    """The visitor's own time and how long ago it was are told in the language of the page."""
    open_page(browser, code)
    assert browser.ask(TIMES) == [own, ago]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("de", "Sie sind offline. Diese Angaben sind 1 Minute alt. Seither kann sich etwas geändert haben."),
        ("es", "No tiene conexión. Estos datos tienen 1 minuto. Desde entonces puede haber cambios."),
        ("en", "You are offline. These facts are 1 minute old. Things may have changed since."),
    ],
)
def test_the_age_of_facts(code: str, said: str, browser: Browser) -> None:
    """That the visitor is offline, and how old the facts are."""
    open_page(browser, code)
    assert browser.ask(OFFLINE) == said


@pytest.mark.parametrize(
    ("code", "found", "nothing"),
    [
        ("de", "1 von 60 angezeigt", "Keiner von 60 angezeigt"),
        ("es", "1 de 60 mostrados", "Ninguno de 60 mostrado"),
        ("en", "1 of 60 shown", "None of 60 shown"),
    ],
)
def test_finding_a_server(code: str, found: str, nothing: str, browser: Browser) -> None:
    """How many servers are shown of all; the word before a time on a phone is not found."""
    open_page(browser, code)
    told = []
    for words in ("srv17", "sinc", "desd", "seit"):
        browser.ask(
            "const field = document.getElementById('status-find');"
            f"field.value = '{words}'; field.dispatchEvent(new Event('input', {{bubbles: true}}));"
        )
        told.append(browser.ask("return document.getElementById('status-found').textContent"))
    assert told == [found, nothing, nothing, nothing]


def test_the_choice_is_a_click_away(browser: Browser) -> None:
    """A click on a language shows the same page in it, and links lead on in it."""
    open_page(browser, "de")
    browser.driver.find_element("css selector", ".status-languages a[lang=es]").click()
    assert browser.ask("return document.documentElement.lang") == "es"
    browser.driver.find_element("css selector", ".status-more a[href*=incidents]").click()
    assert browser.ask("return document.documentElement.lang") == "es"
    assert browser.ask("return location.pathname") == "/de/status/incidents/"


@pytest.mark.parametrize("width", [320, 390, 700])
@pytest.mark.parametrize("code", ["de", "es", "en"])
def test_no_word_is_broken_beside_the_languages(code: str, width: int, browser: Browser) -> None:
    """On a phone, too, the page's name stands whole, above and in the way back from another page."""
    browser.screen(width)
    open_page(browser, code)
    assert browser.ask(LINES) == 1
    browser.driver.get(f"{browser.address}/de/status/subscribe/?lang={code}")
    assert browser.ask(LINES) == 1
