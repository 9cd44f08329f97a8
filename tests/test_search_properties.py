"""A search finds exactly what somebody finds who reads everything."""

from __future__ import annotations

import re
from dataclasses import replace
from unicodedata import category, normalize

from board_samples import board, incident, update
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_site import SampleStation

from status_plugin.core.board.items import IncidentItem
from status_plugin.core.notes.markdown import render, words_of
from status_plugin.core.search.excerpts import LENGTH, excerpts, marked
from status_plugin.core.search.folding import fold, fold_placed
from status_plugin.core.search.query import read_query
from status_plugin.core.search.texts import plain_words
from status_plugin.web.searches import Searches

PIECES = [
    "half", "Half", "of", "memory", "Speicher", "straße", "STRASSE", "café", "cafe\u0301", "Srv3", "srv30",
    "e-mail", "2008", " ", "  ", "\n", "\n\n", ".", ", ", "**", "*", "_", "`", "<!--", "-->", "<b>", "&amp;",
    "[", "]", "(https://example.com/memory)", "[[incident:memory]]", "1. ", "- ", "> ", "# ", "\\", "|",
    "~~~", '"', "ﬁ", "½", "日本", "\u00ad", "\u200b", "🙂", "İ", "\t", "2) ", "==", "    ", "```",
]  # fmt: skip
markdown = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
titles = st.lists(st.sampled_from(["Srv3", " half", " down", " café", " & ", "<b>"]), max_size=4).map("".join)
queries = st.lists(
    st.sampled_from(
        ["half", "mem", "e-mail", "CAFÉ", "strasse", "srv3", '"srv3"', '"half of"', "fi", "日", "2008"]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
items = st.builds(
    lambda title, text, told: incident(
        title=title or "x", text=text, updates=tuple(update("17:00", words) for words in told)
    ),
    titles,
    markdown,
    st.lists(markdown, max_size=2),
)


def naive_words(text: str) -> list[str]:
    """The words of a text, letter by letter."""
    plain = normalize("NFKD", normalize("NFKD", text).casefold())
    kept = [c for c in plain if c.isalnum() or not (category(c)[0] == "M" or category(c) == "Cf")]
    return re.sub(r"[^\w]|_", " ", "".join(kept)).split()


def naive_texts(item: IncidentItem) -> list[list[str]]:
    """What a reader of the pages reads of an entry, by passage."""
    shown = [item.note.text, *(entry.update.text for entry in item.updates)]
    return [naive_words(item.title), *(naive_words(words_of(render(text))) for text in shown)]


def naively_found(item: IncidentItem, query: str) -> bool:
    """Whether somebody who reads everything finds all that is asked for."""
    texts = [" ".join(words) for words in naive_texts(item)]
    for quoted, word in re.findall(r'"([^"]*)"|(\S+)', query):
        term = " ".join(naive_words(quoted or word))
        if quoted:
            if not any(f" {term} " in f" {text} " for text in texts):
                return False
        elif not any(term in text for text in texts):
            return False
    return True


def found_in(several: list[IncidentItem], query: str, searches: Searches | None = None) -> list[str]:
    """The slugs of what a search finds."""
    station = SampleStation(shown=board())
    station.add(*several)
    edition = station.edition()
    found = (searches or Searches()).found(edition, list(edition.notes["incident"].newest), read_query(query))
    return [item.slug for item in found]


@given(items, queries)
@settings(max_examples=400, deadline=None)
def test_it_finds_what_a_reader_finds(item: IncidentItem, query: str) -> None:
    """No more and no less: what is written but not read, such as a comment, is not found."""
    assert bool(found_in([item], query)) == naively_found(item, query)


def test_the_reader_finds_something() -> None:
    """The comparison compares."""
    found = incident(title="Down", text="Half **of** the memory")
    assert naively_found(found, '"half of" MEM')
    assert not naively_found(found, '"half memory"')


@given(markdown)
@example("half**\u00adhalf**")
@example("un*believ*able")
@example("a\n\n1. b")
@settings(max_examples=400, deadline=None)
def test_short_cuts_change_no_word(text: str) -> None:
    """A text that is not made into HTML for the search has the same words as on the page."""
    assert fold(plain_words(text)) == fold(words_of(render(text)))


@given(st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_both_ways_to_fold_agree(text: str) -> None:
    """What a search compares is what it marks, character by character, for any text."""
    folded, places = fold_placed(text)
    assert folded == fold(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert folded == fold(folded), "and folding it again changes nothing"


@given(items, queries)
@settings(max_examples=300, deadline=None)
def test_every_word_that_was_found_is_shown(item: IncidentItem, query: str) -> None:
    """The title stays whole, and each term is marked in it or in an excerpt of readable length."""
    wanted = read_query(query)
    assert "".join(run.text for run in marked(item.title, wanted)) == item.title
    if not found_in([item], query):
        return
    pieces = excerpts(item, wanted)
    runs = [*marked(item.title, wanted), *(run for piece in pieces for run in piece.runs)]
    shown = " ".join(fold(run.text) for run in runs if run.is_found)
    missing = [term for term, _ in wanted.terms if term not in shown]
    assert not missing or len(pieces) == 2
    assert all(len("".join(run.text for run in piece.runs)) <= 3 * LENGTH for piece in pieces)


@given(st.lists(items, min_size=1, max_size=8), queries)
@settings(max_examples=60, deadline=None)
def test_what_is_kept_is_as_good_as_new(several: list[IncidentItem], query: str) -> None:
    """From one edition to the next only what changed is read again, and the result is the same."""
    named = [replace(item, slug=f"n{place}") for place, item in enumerate(several)]
    searches = Searches()
    for shown in (named, [*named[1:], replace(named[0], title="half Srv3 café")], named[:1]):
        expected = {item.slug for item in shown if naively_found(item, query)}
        assert set(found_in(shown, query, searches)) == expected
