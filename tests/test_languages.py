"""A site in several languages: who gets which, what is said of it, and languages of a site's own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from flask import Flask, Response
from marked_language import ROOT, translations
from mounted_site import COMPONENTS, Site, mounted_site

from status_plugin import StatusPlugin
from status_plugin.core.board.news import Kind, news_of
from status_plugin.settings import SettingError
from status_plugin.staff.announcing.batch import Batch
from status_plugin.staff.announcing.catalogue import Catalogue

NOTE = """\
---
title: Srv3 is down
started: 2026-11-20 6:00pm Eastern
impact: major
affects: [srv3]
---
Nothing of Srv3 answers.

Update @ 6:40pm Eastern [identified; next update 7:30pm]: Half of the memory is gone.
"""
HEBREW = NOTE.replace("impact:", "lang: he\nimpact:").replace("Srv3 is down", "Srv3 לא עונה")
GERMAN = NOTE.replace("impact:", "lang: de\nimpact:").replace("Srv3 is down", "Srv3 antwortet nicht")

PAGES = ("", "incidents/", "incidents/down/", "components/srv3/", "subscribe/", "embed/")
MACHINES = (
    "board.json",
    "feed.atom",
    "feed.json",
    "badge.svg",
    "badge.json",
    "maintenance.ics",
    "api/v2/summary.json",
)
THREE = ["en", "de", "es"]
HEADINGS = {"en": "Current Alerts", "de": "Aktuelle Meldungen", "es": "Avisos actuales"}


def site_of(root: Path, note: str = NOTE, **settings: Any) -> Site:
    """A site with one open incident."""
    (root / "content" / "incidents").mkdir(parents=True)
    (root / "content" / "incidents" / "down.md").write_text(note, encoding="utf-8")
    return mounted_site(root, **settings)


def page(site: Site, address: str = "", accept: str | None = None, **more: Any) -> Any:
    """What a visitor gets whose browser accepts some languages."""
    headers = {"Accept-Language": accept} if accept is not None else {}
    return site.client.get(f"/status/{address}", headers=headers, **more)


def write_catalogue(root: Path, code: str, words: dict[str, str]) -> None:
    """A catalogue of a site's own, compiled."""
    catalogue = Catalog()
    for message, translation in words.items():
        catalogue.add(message, translation)
    path = root / "translations" / code / "LC_MESSAGES" / "status_plugin.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(translations.as_mo(catalogue))


def test_one_language_is_as_before(tmp_path: Path) -> None:
    """Without a choice nothing varies by language, and nothing is offered."""
    site = site_of(tmp_path)
    for address in PAGES:
        answer = page(site, address, "de")
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Language"] == "en"
        assert "hreflang" not in answer.text
        assert answer.data == page(site, f"{address}?lang=de", "es").data


@pytest.mark.parametrize("fast", [False, True])
def test_each_visitor_gets_a_language(fast: bool, tmp_path: Path) -> None:
    """By the browser's wish, on every page, each with bytes and an ETag of its own; the fast path, too."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE, STATUS_FAST_PATH=fast)
    for address in PAGES:
        answers = {code: page(site, address, f"{code}-XX,fr;q=0.1") for code in THREE}
        for code, answer in answers.items():
            assert answer.status_code == 200
            assert answer.headers["Content-Language"] == code
            assert answer.headers["Vary"] == "Accept-Encoding, Accept-Language"
            assert f' lang="{code}"' in answer.text
            assert page(site, address, code).data == answer.data
            known = {"Accept-Language": code, "If-None-Match": answer.headers["ETag"]}
            unchanged = site.client.get(f"/status/{address}", headers=known)
            assert unchanged.status_code == 304
            assert unchanged.headers["Vary"] == answer.headers["Vary"]
        assert len({answer.headers["ETag"] for answer in answers.values()}) == 3
        assert page(site, address, "fr").data == page(site, address).data == answers["en"].data


def test_every_form_of_a_language_is_made_once(tmp_path: Path) -> None:
    """A site in Portuguese that offers that of Brazil as well asks its application once for each of them."""
    asked: list[str] = []
    for code in ("pt", "pt-BR"):
        write_catalogue(tmp_path, code.replace("-", "_"), {"Current Alerts": f"Alertas {code}"})
    site = site_of(tmp_path, STATUS_LANGUAGE="pt", STATUS_LANGUAGES=["pt-BR", "pt"], STATUS_FAST_PATH=True)

    @site.app.after_request
    def hear(response: Response) -> Response:
        asked.append(response.headers["Content-Language"])
        return response

    for _ in range(3):
        for accepted, code in ((None, "pt"), ("pt", "pt"), ("pt-BR,pt;q=0.9", "pt-BR")):
            assert f"Alertas {code}<" in page(site, "", accepted).text
    assert asked == ["pt", "pt-BR"]


def test_the_address_wins_and_is_kept(tmp_path: Path) -> None:
    """`?lang=` goes before the browser, varies by nothing, and leads on to pages in that language alone."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    answer = page(site, "?lang=es", "de")
    assert HEADINGS["es"] in answer.text
    assert answer.headers["Content-Language"] == "es"
    assert answer.headers["Vary"] == "Accept-Encoding"
    body = answer.text.partition("<body")[2]
    links = set(re.findall(r'href="(/status/[^"#]*)', body)) - set(
        re.findall(r'href="([^"]*)" hreflang', body)
    )
    pages = {link for link in links if re.search(r"/(\?|$)", link)}
    assert len(pages) > 4
    assert {link for link in pages if "lang=es" not in link} == set()
    assert not [link for link in links - pages if "lang=" in link], "feeds and calendars have one language"
    for link in pages:
        assert site.client.get(link).headers["Content-Language"] == "es"


def test_a_language_that_is_not_offered_is_none(tmp_path: Path) -> None:
    """It makes no page of its own, and is not kept."""
    site = site_of(tmp_path, STATUS_LANGUAGES=["en", "de"])
    for wrong in ("es", "xx", "DE", "", "%3Cb%3E", "en&lang=de", "&a" * 200 + "&lang=de"):
        answer = page(site, f"?lang={wrong}")
        assert answer.headers["Content-Language"] == "en", wrong
    assert page(site, "?lang=es").data == page(site, "").data


def test_the_choice_stands_on_the_page(tmp_path: Path) -> None:
    """Each language by its own name, marked as that language, with the present one told."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    text = page(site, "incidents/?year=2026", "de").text
    nav = text.partition('<nav class="status-languages" aria-label="Sprache">')[2].partition("</nav>")[0]
    found = re.findall(
        r'<a href="([^"]*)" hreflang="(\w+)" lang="(\w+)"( aria-current="true")?>(\w+)</a>', nav
    )
    assert found == [
        ("/status/incidents/?year=2026&amp;lang=en", "en", "en", "", "English"),
        ("/status/incidents/?year=2026&amp;lang=de", "de", "de", ' aria-current="true"', "Deutsch"),
        ("/status/incidents/?year=2026&amp;lang=es", "es", "es", "", "Español"),
    ]
    alternate = re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]*)">', page(site, "").text)
    assert dict(alternate)["de"] == "http://localhost/status/?lang=de"
    assert dict(alternate)["x-default"] == "http://localhost/status/"


def test_searching_keeps_the_language(tmp_path: Path) -> None:
    """The form, the pager and the links of a search stay in the language that was chosen."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    text = page(site, "incidents/?q=memory&lang=de").text
    assert "1 Störung gefunden" in text
    assert '<input type="hidden" name="lang" value="de">' in text
    assert 'name="lang"' not in page(site, "incidents/?q=memory", "de").text


def test_errors_speak_as_well(tmp_path: Path) -> None:
    """What is not found, and a fault of the page itself."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    answer = page(site, "nothing", "de")
    assert answer.status_code == 404
    assert "Nicht gefunden" in answer.text
    assert answer.headers["Content-Language"] == "de"
    assert "Accept-Language" in answer.headers["Vary"]
    assert "No encontrado" in page(site, "nothing?lang=es", "de").text
    site.app.extensions["status_plugin"].station.edition = None
    fault = page(site, "")
    assert fault.status_code == 503
    assert 'lang="en"' in fault.text


@pytest.mark.parametrize("code", ["de", "es"])
def test_the_sites_own_language(code: str, tmp_path: Path) -> None:
    """With one setting everything speaks it: pages, feeds, badge, board, notice and link."""
    site = site_of(tmp_path, STATUS_LANGUAGE=code)
    assert HEADINGS[code] in page(site, "").text
    titles = {"de": "Netzwerkstatus", "es": "Estado de la red"}
    said = {"de": "Srv3 ist offline", "es": "Srv3 está sin servicio"}
    word = {"de": "Offline", "es": "Sin servicio"}
    assert page(site, "board.json").json["overall"] == {"state": "major_outage", "text": said[code]}
    atom = page(site, "feed.atom").text
    assert f'xml:lang="{code}"' in atom
    assert f"<title>{titles[code]}" in atom
    assert page(site, "feed.json").json["language"] == code
    assert page(site, "badge.json").json["message"] == word[code]
    assert page(site, "api/v2/status.json").json["status"]["description"] == said[code]
    with site.app.test_request_context("/"):
        assert said[code] in site.app.jinja_env.globals["status_notice"]()
        assert titles[code] in site.app.jinja_env.globals["status_link"]()


def test_the_sites_own_pages_choose(tmp_path: Path) -> None:
    """The notice and the link are in the language that a site's template names, if it is offered."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    helpers = site.app.jinja_env.globals
    page(site, "")
    with site.app.test_request_context("/?lang=de", headers={"Accept-Language": "de"}):
        assert "Srv3 está sin servicio" in helpers["status_notice"]("es")
        assert "Estado de la red" in helpers["status_link"](lang="es")
        assert "Srv3 is offline" in helpers["status_notice"]("fr")
        assert "Srv3 is offline" in helpers["status_notice"]()
        assert 'href="/status/"' in helpers["status_link"]()


def test_programs_get_one_language(tmp_path: Path) -> None:
    """What programs read follows no browser."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    for address in MACHINES:
        answer = page(site, address, "de")
        assert answer.data == page(site, address, "es").data, address
        assert "Accept-Language" not in answer.headers["Vary"], address


def test_what_people_wrote_says_its_language(tmp_path: Path) -> None:
    """Titles, texts and names on a page in another language are marked; on one in theirs they are not."""
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    for address in ("", "incidents/down/"):
        text = page(site, address, "de").text
        assert re.search(r'<h[13] lang="en">.*?Srv3 is down', text, re.DOTALL)
        assert '<div class="status-prose" lang="en"><p>Half of the memory' in text
        assert '<div class="status-prose" lang="en"><p>Nothing of Srv3' in text
        assert (
            ' lang="en"'
            not in page(site, address, "en").text.partition("status-prose")[2].partition("status-foot")[0]
        )
    assert '<th scope="row" class="status-server" lang="en"' in page(site, "", "de").text


def test_so_do_names_in_updates_and_what_a_window_costs(tmp_path: Path) -> None:
    """A component that an update names, and a downtime in words of one's own."""
    site = site_of(tmp_path, NOTE.replace("[identified", "[affects srv3: degraded"), STATUS_LANGUAGES=THREE)
    head = "title: Memory\nstarts: 2026-11-25 1:00pm\nduration: 1h\nexpected_downtime: hardly any"
    site.clock.move(60)
    site.note("maintenance/memory.md", f"---\n{head}\naffects: [srv3]\n---\nNew memory.\n")
    named, costs = '<li><span lang="en">Srv3</span> <span', '<dd lang="en">hardly any</dd>'
    assert named in page(site, "incidents/down/", "de").text
    assert named not in page(site, "incidents/down/", "en").text
    assert costs in page(site, "maintenance/memory/", "de").text
    assert costs.replace(' lang="en"', "") in page(site, "maintenance/memory/", "en").text


def test_a_note_may_say_its_language(tmp_path: Path) -> None:
    """With `lang:` in its front matter, and its direction where that is another one."""
    site = site_of(tmp_path, GERMAN, STATUS_LANGUAGES=THREE)
    assert '<div class="status-prose" lang="de"><p>' in page(site, "").text
    assert '<div class="status-prose"><p>' in page(site, "", "de").text
    (tmp_path / "hebrew").mkdir()
    site = site_of(tmp_path / "hebrew", HEBREW)
    assert '<div class="status-prose" lang="he" dir="rtl"><p>' in page(site, "").text


def test_a_wrong_language_of_a_note_is_told(tmp_path: Path) -> None:
    """It costs the field, and the check says what to write."""
    site = site_of(tmp_path, NOTE.replace("impact:", "lang: German!\nimpact:"))
    assert "Srv3 is down" in page(site, "").text
    said = site.app.test_cli_runner().invoke(args=["status", "check"]).output
    assert "'German!' is no language." in said
    assert "such as 'de' or 'pt-BR'" in said


def test_the_layout_hears_the_language(tmp_path: Path) -> None:
    """A site's own layout that follows the browser is asked in the language of the page, and in no other."""
    heard: list[str | None] = []
    site = site_of(tmp_path, STATUS_LANGUAGES=THREE)
    templates = tmp_path / "templates" / "status"
    templates.mkdir(parents=True)
    (templates / "layout.html").write_text(
        '<html lang="{{ tongue.language.code }}"><title>{% block title %}{% endblock %}</title>'
        "<p>{{ request.headers['Accept-Language'] }}</p>{% block content %}{% endblock %}"
    )
    site.app.before_request(lambda: heard.append(None))
    for code in THREE:
        assert f'<html lang="{code}">' in page(site, "", f"{code},x-secret").text
        assert f"<p>{code}</p>" in page(site, "", f"{code},x-secret").text
    assert "x-secret" not in page(site, "", "x-secret").text
    assert heard


def test_the_layout_of_a_site_of_one_language_hears_it(tmp_path: Path) -> None:
    """It is asked in English without any setting, as CHANGELOG.md tells who upgrades."""
    site = site_of(tmp_path)
    (tmp_path / "templates" / "status").mkdir(parents=True)
    (tmp_path / "templates" / "status" / "layout.html").write_text(
        "<p>{{ request.headers['Accept-Language'] }}</p>{% block content %}{% endblock %}"
    )
    assert page(site, "", "de").text.startswith("<p>en</p>")
    assert "`Accept-Language` is asked for in English, too" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("code", ["en", "de"])
def test_what_the_sites_own_templates_call_so_is_theirs(code: str, tmp_path: Path) -> None:
    """A part of the site's layout may have a `say` and a `spoken` of its own."""
    site = site_of(tmp_path, STATUS_LANGUAGE=code)
    templates = tmp_path / "templates"
    (templates / "status").mkdir(parents=True)
    (templates / "menu.html").write_text(
        "{% macro say(words) %}<q>{{ words }}</q>{% endmacro %}"
        "{% macro spoken(words) %}{{ words }}{% endmacro %}"
        '{{ say("Contact us") }}{% if spoken %}, {{ spoken("please") }}{% endif %}'
    )
    (templates / "status" / "layout.html").write_text(
        '{% include "menu.html" %}<main>{% block content %}{% endblock %}</main>'
    )
    text = page(site).text
    assert "<q>Contact us</q>, please<main>" in text
    assert HEADINGS[code] in text


def test_a_language_of_the_sites_own(tmp_path: Path) -> None:
    """A made-up one, from right to left: its words, and English for what it lacks."""
    write_catalogue(
        tmp_path, "dv", {"Current Alerts": "ʇuǝɹɹnƆ", "English": "ʎʇʇǝɹԀ", "since {time}": "{time} ǝɔuıs"}
    )
    site = site_of(tmp_path, STATUS_LANGUAGES=["en", "dv"])
    text = page(site, "", "dv").text
    assert '<html lang="dv" dir="rtl">' in text
    assert 'class="status-plugin" lang="dv" dir="rtl" data-status-words="' in text
    assert "ʇuǝɹɹnƆ" in text
    assert "Past Alerts" in text
    assert 'lang="dv">ʎʇʇǝɹԀ</a>' in page(site, "", "en").text


def test_words_of_the_sites_own(tmp_path: Path) -> None:
    """A site changes some words of a language that there is, also of English; all others stay."""
    write_catalogue(tmp_path, "en", {"Network Status": "Is it up?"})
    write_catalogue(tmp_path, "de", {"Network Status": "Läuft es?"})
    site = site_of(tmp_path, STATUS_LANGUAGES=["en", "de"])
    english, german = page(site, "", "en").text, page(site, "", "de").text
    assert "<h1>Is it up?</h1>" in english
    assert "Current Alerts" in english
    assert "<h1>Läuft es?</h1>" in german
    assert "Aktuelle Meldungen" in german


def test_a_broken_translation_costs_itself_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With {places} that are not the message's own it is shown in English, and the log says so once."""
    words = {
        "as of {time}": "au {temps}",
        "Next update promised for {time}.": "{time",
        "Began": "Début",
        "since {time}": "depuis {time[clock]}",
        "{weekday} {day} {month} {year}": "{jour}",
        "{day}, {time}": "{0}",
        "Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec": "janvier",
    }
    write_catalogue(tmp_path, "fr", words)
    site = site_of(tmp_path, STATUS_LANGUAGE="fr")
    text = page(site, "").text
    assert "as of 18:45 EST" in text
    assert "Next update promised for" in text
    assert "Début" in text
    assert 'data-since="since "' in text
    assert "Fri 20 Nov 2026, 18:00 EST" in text
    page(site, "embed/")
    assert caplog.text.count("The translation of 'as of {time}' into 'fr' has other {places}") == 1


@pytest.mark.parametrize(
    ("settings", "key", "example"),
    [
        ({"STATUS_LANGUAGE": "fr"}, "STATUS_LANGUAGE", "'de'"),
        ({"STATUS_LANGUAGES": ["en", "fr"]}, "STATUS_LANGUAGES", "['en', 'de']"),
    ],
)
def test_a_language_that_nobody_speaks_stops_the_start(
    settings: dict[str, Any], key: str, example: str, tmp_path: Path
) -> None:
    """With the key, what there is, where to put a catalogue, and a good value."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "components.yml").write_text(COMPONENTS)
    app = Flask("site", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))
    app.config.from_mapping({"STATUS_MONITOR": []} | settings)
    with pytest.raises(SettingError) as error:
        StatusPlugin(app)
    said = str(error.value)
    assert said.startswith(f"{key}: there is no catalogue for 'fr'. The plugin has de, es and en;")
    assert str(tmp_path / "translations" / "fr" / "LC_MESSAGES" / "status_plugin.mo") in said
    assert said.endswith(f"Example: {key} = {example}")


def test_announcements_speak_the_sites_language(tmp_path: Path) -> None:
    """Who is told by message is told in the language of the site."""
    site = site_of(tmp_path, STATUS_LANGUAGE="de", STATUS_SITE_URL="https://www.example.com")
    state = site.app.extensions["status_plugin"]
    edition, now = state.station.edition(), site.clock()
    told_so_far = news_of(edition.item("incident", "down"), now, state.settings.timezone)
    news = tuple(one for one in told_so_far if one.kind is Kind.UPDATED)
    batch = Batch(edition=edition, news=news, by_the_clock=False)
    with site.app.test_request_context(base_url="https://www.example.com"):
        told = Catalogue(batch, state.settings, now, state.languages.site).announcement(news)
    assert told.title == "Ursache gefunden: Srv3 is down"
    assert "Beginn: Fr., 20. Nov. 2026, 18:00 EST" in told.text
    assert "Betroffen: Srv3 (Offline)" in told.text


def test_the_commands_of_the_documentation(tmp_path: Path) -> None:
    """They make a catalogue that a site can use; what is not translated in it is English."""
    text = (ROOT / "docs" / "languages.md").read_text("utf-8")
    commands = "".join(re.findall(r"^    (messages=.*\n|pybabel .*\n)", text, re.MULTILINE))
    assert commands.count("pybabel") == 2
    binaries = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=tmp_path,
        env={"PATH": f"{binaries}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    site = site_of(tmp_path, STATUS_LANGUAGE="fr")
    assert '<html lang="fr">' in page(site, "").text
    assert "Current Alerts" in page(site, "").text


def test_the_settings_of_the_documentation(tmp_path: Path) -> None:
    """They make a site in German with three languages to choose from."""
    text = (ROOT / "docs" / "languages.md").read_text("utf-8")
    settings = dict(re.findall(r'app\.config\["(\w+)"\] = (.*)', text))
    read = {key: eval(value) for key, value in settings.items()}
    site = site_of(tmp_path, **read)
    assert HEADINGS["de"] in page(site, "").text
    assert HEADINGS["es"] in page(site, "", "es").text
