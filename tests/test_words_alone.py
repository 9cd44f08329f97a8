"""The short way for texts of words alone gives what the whole converter gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from status_plugin.core.notes import markdown
from status_plugin.core.notes.markdown import is_words_alone, render, words_of

WORDS = ["Srv3", "is", "back", "ägypten", "東京", "15", "1.", "a_b", "http://a.b/c?d", "5:33pm", "e.g."]
SIGNS = [
    *" \n\n\t,.;:'\"!?()/%$€@+#–—…‘’“”„-*_`~<>&|=\\[]{}^",
    "\n\n",
    "**",
    "  ",
    "\n#",
    "\n- ",
    "\u00a0",
    "\r",
]

near_words = st.lists(st.sampled_from([*WORDS, *SIGNS]) | st.characters(), max_size=12).map("".join)
words_alone = st.lists(
    st.lists(st.sampled_from([*WORDS, "**all of it**"]), min_size=1, max_size=6).map(" ".join), min_size=1
).map("\n\n".join)
near_html = st.lists(
    st.sampled_from(["<p>", "</p>", "<strong>", "</strong>", "<br>", "&amp;", "\n", " ", "a", "\u00a0"]),
    max_size=8,
).map("".join)


def whole(text: str) -> str:
    """What the converter makes of a text, whatever it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "is_words_alone", lambda text: False)
        return render(text)


@settings(max_examples=800)
@given(near_words | words_alone)
@example("Title: a word\nfoo: bar")
@example("a\n\n**b** c**d**")
@example("**a**\n**b**")
@example("**a ** b**")
@example("**a****b**")
@example("a ")
@example("a  \nb")
@example("**a **")
@example("a **b ** c")
@example("**a***b")
@example("**a** **b** ")
@example("a # b #\n\nc - d\ne")
@example("Srv3 (a \"b\" 'c'): 5 + 3 @ 7%, it's!")
def test_words_alone_are_what_the_converter_makes_of_them(text: str) -> None:
    """No text reads otherwise because it takes the short way."""
    if is_words_alone(text):
        assert render(text) == whole(text)
        assert whole(text) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Web and mail on Srv3 do not answer.",
        'Half of its memory is missing after a restart (since 5:33pm); it\'s "slow" – 15-20 min.',
        "**Impact:** little to none.\n\nServers stay up,\nwe think.",
    ],
)
def test_what_staff_mostly_write_takes_the_short_way(text: str) -> None:
    """Plain sentences need no converter: that is what makes the pages of many notes quick to make."""
    assert is_words_alone(text)


def test_the_company_notes_mostly_take_the_short_way() -> None:
    """Most paragraphs that a web host really wrote are words alone."""
    notes = Path(__file__).parent.parent / "content"
    bodies = [path.read_text("utf-8").split("\n---\n", 1)[1] for path in notes.rglob("*.md")]
    paragraphs = [part.strip() for body in bodies for part in body.split("\n\n") if part.strip()]
    taken = [part for part in paragraphs if is_words_alone(part)]
    assert len(taken) > len(paragraphs) / 2


@settings(max_examples=300)
@given(near_html | words_alone.map(render))
def test_words_of_one_paragraph_are_those_that_a_parser_finds(html: str) -> None:
    """The words of a page are the same, whichever way they are taken out of it."""
    parser = markdown._Words()
    parser.feed(html)
    parser.close()
    assert words_of(html) == parser.text
