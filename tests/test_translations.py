"""The catalogues are whole, agree with the code and each other, and write dates as their languages do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import jinja2
import pytest
from babel import Locale
from babel.dates import format_skeleton
from babel.localedata import locale_identifiers
from babel.numbers import format_percent
from jinja2 import nodes
from marked_language import ROOT, translations

from status_plugin.core.board.wording import names_text
from status_plugin.core.sayings import counted, joined, saying
from status_plugin.sources.catalogues import FOLDER, CatalogueError, read_catalogue
from status_plugin.web.day_words import percent
from status_plugin.web.language import ENGLISH, Language, direction_of
from status_plugin.web.languages import Languages, open_languages
from status_plugin.web.script_words import script_words
from status_plugin.web.times import Times, duration_text

CODES = list(translations.languages())
TEMPLATES = ROOT / "status_plugin" / "templates" / "status"
SCRIPT = (ROOT / "status_plugin" / "static" / "status.js").read_text("utf-8")
SHEET = (ROOT / "status_plugin" / "static" / "status.css").read_text("utf-8")
UPDATE = "run `make translations`, and translate what it says is missing"


def language(code: str) -> Language:
    """A language with the catalogue that comes with the plugin."""
    return open_languages(code, (), Path("nowhere")).site


def test_there_are_german_and_spanish() -> None:
    """English is in the code itself."""
    assert CODES == ["de", "es"]


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_missing_or_unused(code: str) -> None:
    """Every message that the code says is translated, and no other."""
    said = {message.id for message in translations.collected() if message.id}
    assert len(said) > 300
    catalogue = [message for message in translations.read(code) if message.id]
    assert {message.id for message in catalogue} == said, UPDATE
    assert not [m.id for m in catalogue if not m.string or not all(m.string) or m.fuzzy], UPDATE


@pytest.mark.parametrize("code", CODES)
def test_what_is_shipped_is_what_is_written(code: str) -> None:
    """The compiled catalogue says what the text does."""
    with translations.path_of(code, "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in translations.read(code):
        if isinstance(message.id, tuple):
            told = tuple(compiled.ngettext(*message.id, number) for number in (1, 2))
        else:
            told = compiled.gettext(message.id)
        assert not message.id or told == message.string, UPDATE


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", CODES)
def test_places_agree(code: str) -> None:
    """A translation has the {places} of its message; only the form for one thing need not count."""
    for message in translations.read(code):
        if not message.id:
            continue
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        wanted = set().union(*map(places, ids))
        for string in strings:
            missing = wanted - places(string)
            assert places(string) <= wanted, message.id
            assert not missing or (string is strings[0] and len(ids) > 1 and missing <= {"count"}), message.id
        assert all(string.strip() == string for string in strings), message.id


@pytest.mark.parametrize("code", CODES)
def test_days_are_as_the_language_writes_them(code: str) -> None:
    """Days with and without their year are what CLDR says, all through a year."""
    spoken, locale = language(code), Locale.parse(code)
    for number in range(365):
        day = date.fromordinal(date(2008, 1, 1).toordinal() + number)
        assert spoken.day(day) == format_skeleton("yMMMEd", day, locale=locale)
        assert spoken.day(day, with_year=False) == format_skeleton("MMMEd", day, locale=locale)


@pytest.mark.parametrize("code", CODES)
def test_parts_are_as_the_language_writes_them(code: str) -> None:
    """A percentage has the language's comma and blank."""
    wanted = format_percent(0.9998, "#,##0.00\xa0%", locale=code)
    assert language(code).spoken(percent(0.9998)) == wanted == "99,98\xa0%"
    assert language(code).spoken(percent(1)) == format_percent(1, locale=code)


def test_times_in_german_and_spanish() -> None:
    """Days, spans and lengths read as people write them; the zone keeps its label."""
    zone = ZoneInfo("America/New_York")
    begin, end = datetime(2008, 9, 4, 17, 33, tzinfo=zone), datetime(2008, 9, 4, 19, 0, tzinfo=zone)
    told = {}
    for code in CODES:
        times = Times(zone=zone, now=datetime(2008, 9, 5, tzinfo=zone), language=language(code))
        told[code] = (
            times.full(begin),
            times.short(begin),
            times.span(begin, end).striptags(),
            times.length(begin, end),
        )
    assert told == {
        "de": (
            "Do., 4. Sept. 2008, 17:33 EDT",
            "Do., 4. Sept., 17:33 EDT",
            "Do., 4. Sept. 2008, 17:33 bis 19:00 EDT",
            "1 Std. 27 Min.",
        ),
        "es": (
            "jue, 4 sept 2008, 17:33 EDT",
            "jue, 4 sept, 17:33 EDT",
            "jue, 4 sept 2008, 17:33 a 19:00 EDT",
            "1 h 27 min",
        ),
    }


def test_a_saying_is_english_and_knows_more() -> None:
    """What speaks no language reads it as text; a language says all parts of it, also those inside others."""
    names = joined(", ", ["Srv3", saying("{name} ({checks})", name="ns3", checks="DNS")])
    said = saying(
        "Our monitoring sees otherwise: {sentence}.",
        sentence=counted(2, "{names} is slow", "{names} are slow", names=names),
    )
    assert said == "Our monitoring sees otherwise: Srv3, ns3 (DNS) are slow."
    assert ENGLISH.spoken(said) is said
    assert language("de").spoken(said) == "Unsere Überwachung sieht es anders: Srv3, ns3 (DNS) sind langsam."
    assert (
        language("es").spoken(said) == "Nuestra monitorización indica otra cosa: Srv3, ns3 (DNS) van lentos."
    )
    assert language("de").spoken("Slow") == "Slow", "what people write is never translated"


def test_sentences_are_grammatical_with_many_names() -> None:
    """What several sentences put in stands where no other form of it is needed; a day has its article."""
    names = names_text(["Srv1", "Srv2", "Srv3", "Srv4"])
    for english, german in (
        (saying("Status of {names} unknown", names=names), "Status unbekannt: Srv1, Srv2 und 2 weitere"),
        (saying("status of {names} unknown", names=names), "Status unbekannt: Srv1, Srv2 und 2 weitere"),
        (
            saying("Status of {names} unknown since {time}", names=names, time="17:20"),
            "Status unbekannt seit 17:20: Srv1, Srv2 und 2 weitere",
        ),
    ):
        assert language("de").spoken(english) == german
    page_of = "no current facts from our monitoring; page of {time}"
    assert language("de").say(page_of, time="Do., 4. Sept.").endswith("; Seite vom Do., 4. Sept.")
    assert language("es").say(page_of, time="jue, 4 sept").endswith("; página del jue, 4 sept")


def test_braces_of_people_stay(tmp_path: Path) -> None:
    """A name or a title with braces in it is shown as it was written, in every language."""
    said = saying("Still open: {title}", title="{x} {0} {title}")
    assert said == "Still open: {x} {0} {title}"
    assert language("de").spoken(said) == "Noch offen: {x} {0} {title}"
    assert language("de").say("since {time}", time="<b>") == "seit <b>"


def literals(source: str) -> list[str]:
    """The words of a template that stand outside of what it says: in HTML, or as text in an expression."""
    tree = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(source)
    found = ["".join(part.data for part in tree.find_all(nodes.TemplateData))]
    html = re.sub(r"<(style|script).*?</\1>", " ", found[0], flags=re.DOTALL)
    speaking = re.findall(r'(?:alt|aria-label|title|placeholder|content)="([^"]*)"', html)
    silent = {"", "width=device-width, initial-scale=1", "light dark", "noindex", "website"}
    text = [*re.sub(r"<[^>]*>?", "\n", html).split("\n"), *(said for said in speaking if said not in silent)]
    called = {id(arg) for call in tree.find_all(nodes.Call) for arg in call.args}
    for output in tree.find_all(nodes.Output):
        for choice in (
            part for part in output.nodes if isinstance(part, nodes.CondExpr | nodes.Const | nodes.Concat)
        ):
            constants = [choice] if isinstance(choice, nodes.Const) else choice.find_all(nodes.Const)
            text += [str(one.value) for one in constants if id(one) not in called and " " in str(one.value)]
    return [" ".join(part.split()) for part in text if re.search(r"[A-Za-z]{2,}", part)]


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_templates_say_everything(path: Path) -> None:
    """No word stands in a template outside of what is translated."""
    # One part stands inside of a tag.
    begin = "<div" if path.name == "_live.html" else ""
    assert literals(begin + path.read_text("utf-8")) == []


def test_a_literal_would_be_found() -> None:
    """In the text, in an attribute and in an expression."""
    assert literals("<p>{{ say('Began') }} since <b>x</b></p>") == ["since"]
    assert literals('<img alt="A picture" src="{{ address }}">') == ["A picture"]
    assert literals("{{ 'All is well' if calm else say('Offline') }}") == ["All is well"]


def test_the_style_sheet_has_no_words() -> None:
    """What a style sheet adds to a page could not be translated."""
    added = re.findall(r'content: "([^"]*)"', SHEET)
    assert added
    assert not [text for text in added if re.search(r"[A-Za-z]", text)]


def test_the_script_has_the_same_english() -> None:
    """The words that the script has itself are messages that every language translates, in their order."""
    block = SCRIPT.partition("statusWords ??")[2].partition(").split")[0]
    own = "".join(re.findall(r'"([^"]*)"', block)).split("|")
    assert own == script_words(ENGLISH)
    for code in CODES:
        translated = script_words(language(code))
        assert [re.findall(r"{#?}", text) for text in translated] == [
            re.findall(r"{#?}", text) for text in own
        ]
        assert not any("|" in text for text in translated)


def test_every_language_runs_as_it_is_written() -> None:
    """From right to left by CLDR's word, also in a script that is not the language's usual one."""
    told = {code: Locale.parse(code).text_direction for code in locale_identifiers()}
    assert {"pa_Arab": "rtl", "pa": "ltr"}.items() <= told.items()
    # Nobody's pages run from top to bottom.
    along = {code: direction for code, direction in told.items() if direction != "ttb"}
    assert {code: direction_of(code.replace("_", "-")) for code in along} == along


def test_browsers_get_what_they_like() -> None:
    """By quality, a wider language for a narrower one and the other way round, else the site's own."""
    languages = open_languages("en", ("en", "de", "es"), Path("nowhere"))
    liked = {
        "de": "de",
        "de-AT,en;q=0.5": "de",
        "en;q=0.4, es-MX": "es",
        "fr, de;q=0": "en",
        "fr": "en",
        "*": "en",
        "": "en",
        "DE": "de",
        ";;,q=x": "en",
    }
    assert {accepted: languages.preferred(accepted).code for accepted in liked} == liked
    assert Languages().preferred("de") is ENGLISH


def test_the_nearest_of_several_forms_of_a_language_is_taken() -> None:
    """Just what was asked for before any other form of it, in whatever order they are offered."""
    codes = ("pt-BR", "pt", "de-CH", "de", "zh-Hans", "zh-Hant")
    languages = Languages(site=ENGLISH, offered=(ENGLISH, *map(Language, codes)))
    liked = {
        "pt": "pt",
        "pt-PT": "pt",
        "pt-br": "pt-BR",
        "de-AT": "de",
        "zh-Hant-TW": "zh-Hant",
        "zh": "zh-Hans",
    }
    assert {accepted: languages.preferred(accepted).code for accepted in liked} == liked


def test_an_endless_list_of_languages_is_not_remembered() -> None:
    """What browsers like is remembered, of each no more than any browser says."""
    languages = open_languages("en", ("en", "de"), Path("nowhere"))
    assert languages.preferred("fr," * 30 + "de").code == "de"
    assert languages.preferred("fr," * 3000 + "de").code == "en"


def test_a_language_without_a_catalogue_is_refused() -> None:
    """It says what there is, and where to put one."""
    with pytest.raises(
        CatalogueError, match=r"no catalogue for 'fr'. The plugin has de, es and en; .*docs/languages.md"
    ):
        read_catalogue("fr", (FOLDER,))
    assert read_catalogue("en", (FOLDER,)) is None
    assert read_catalogue("de-AT", (FOLDER,)) is not None


def test_a_broken_catalogue_is_refused(tmp_path: Path) -> None:
    """It names the file."""
    path = tmp_path / "fr" / "LC_MESSAGES" / "status_plugin.mo"
    path.parent.mkdir(parents=True)
    for broken in (b"", b"no catalogue", translations.path_of("de", "mo").read_bytes()[:200]):
        path.write_bytes(broken)
        with pytest.raises(CatalogueError, match="cannot be read as a catalogue"):
            read_catalogue("fr", (tmp_path,))


def examples() -> Iterator[tuple[str, str]]:
    """Lengths of time in both languages."""
    for length in (timedelta(days=1, hours=3), timedelta(days=2), timedelta(minutes=1), timedelta(seconds=5)):
        yield language("de").spoken(duration_text(length)), language("es").spoken(duration_text(length))


def test_lengths_have_the_right_number() -> None:
    """One day, two days."""
    assert list(examples()) == [
        ("1 Tag 3 Std.", "1 día 3 h"),
        ("2 Tage", "2 días"),
        ("1 Min.", "1 min"),
        ("weniger als eine Minute", "menos de un minuto"),
    ]
