"""How links of a page lead on from its place in a copy."""

from __future__ import annotations

import pytest

from status_plugin.staff.exporting.links import Links
from status_plugin.staff.exporting.site_files import SiteFiles
from status_plugin.staff.exporting.visitor import Fetched

TARGETS = {
    "": "",
    "incidents/": "incidents/",
    "incidents/?page=2": "incidents/page/2/",
    "incidents/a/": "incidents/a/",
    "feed.atom": "feed.atom",
    "static/status.css?v=1": "static/status.css",
}

ON_SITE = {
    "/site.css": "_site/site.css",
    "/mark.svg": "_site/mark.svg",
    "/big.png": "_site/big.png",
    "/one%20two.js?x=1": "_site/one two.js",
}


def links(base: str = "", root: str = "/status/") -> Links:
    """Links of a copy of https://www.example.com/status/."""
    return Links(
        site="https://www.example.com",
        root=root,
        targets=TARGETS,
        locate=ON_SITE.get,
        base=base,
    )


CASES = [
    ('<a href="/status/">', '<a href="../../">'),
    ('<a href="/status">', '<a href="../../">'),
    ('<a href="/status/incidents/?page=2#x">', '<a href="../../incidents/page/2/#x">'),
    ("<a title='x' href='/status/incidents/'>", '<a title=\'x\' href="../../incidents/">'),
    ("<a href=/status/incidents/a/>", '<a href="../../incidents/a/">'),
    ('<a href="../">', '<a href="../../incidents/">'),
    ('<a href="/status/health">', '<a href="https://www.example.com/status/health">'),
    ('<a href="/">', '<a href="https://www.example.com/">'),
    ('<a href="/mark.svg">', '<a href="https://www.example.com/mark.svg">'),
    ('<a href="/blog/?a=1&amp;b=2">', '<a href="https://www.example.com/blog/?a=1&amp;b=2">'),
    ('<a href="#main">', '<a href="#main">'),
    ('<a href="">', '<a href="">'),
    ('<a href="https://elsewhere.example/x">', '<a href="https://elsewhere.example/x">'),
    ('<a href="//elsewhere.example/x">', '<a href="//elsewhere.example/x">'),
    ('<a href="mailto:a@example.com">', '<a href="mailto:a@example.com">'),
    ('<form action="/search">', '<form action="https://www.example.com/search">'),
    ('<img src="/mark.svg" alt="/mark.svg">', '<img src="../../_site/mark.svg" alt="/mark.svg">'),
    ('<img data-src="/mark.svg">', '<img data-src="/mark.svg">'),
    ('<img title=\' href="/x" \' src="/mark.svg">', '<img title=\' href="/x" \' src="../../_site/mark.svg">'),
    ('<img src="/lost.png">', '<img src="https://www.example.com/lost.png">'),
    (
        '<img srcset="/mark.svg 1x, /big.png 2x">',
        '<img srcset="../../_site/mark.svg 1x, ../../_site/big.png 2x">',
    ),
    ('<link rel="stylesheet" href="/site.css">', '<link rel="stylesheet" href="../../_site/site.css">'),
    (
        '<link rel="stylesheet" href="/site.css" integrity="sha256-x">',
        '<link rel="stylesheet" href="../../_site/site.css">',
    ),
    (
        '<link rel="stylesheet" href="/status/static/status.css?v=1">',
        '<link rel="stylesheet" href="../../static/status.css">',
    ),
    (
        '<link rel="canonical" href="https://www.example.com/status/">',
        '<link rel="canonical" href="https://www.example.com/status/">',
    ),
    ('<link rel="alternate" href="/status/feed.atom">', '<link rel="alternate" href="../../feed.atom">'),
    ('<link rel="next" href="/other/">', '<link rel="next" href="https://www.example.com/other/">'),
    ('<script src="/one%20two.js?x=1"></script>', '<script src="../../_site/one%20two.js"></script>'),
    ("<script>var a = '<a href=\"/status/\">'</script>", "<script>var a = '<a href=\"/status/\">'</script>"),
    ('<!-- <a href="/status/"> -->', '<!-- <a href="/status/"> -->'),
    ('<style>p{b:url(/mark.svg)}</style>', '<style>p{b:url("../../_site/mark.svg")}</style>'),
    (
        "<p style=\"background:url('/mark.svg')\">",
        '<p style="background:url(&quot;../../_site/mark.svg&quot;)">',
    ),
    ("a &lt;a href=\"/status/\"&gt;", "a &lt;a href=\"/status/\"&gt;"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CASES)
def test_links_lead_on(before: str, after: str) -> None:
    """A link leads to the copy if it can, and else to the site; what a page loads is taken along."""
    found = links()
    assert found.html(before, "/status/incidents/a/", "incidents/a/index.html") == after
    # What was remembered of the first time is right for a page elsewhere, too.
    deeper = found.html(before, "/status/incidents/a/", "incidents/page/2/index.html")
    again = found.html(before, "/status/incidents/a/", "incidents/a/index.html")
    assert again == after
    assert deeper == after.replace("../../", "../../../")


def test_links_with_an_address_are_complete() -> None:
    """With the copy's own address nothing is relative."""
    text = links("https://copy.example.net/s/").html(
        '<a href="/status/"><img src="/mark.svg"><a href="/x">', "/status/", "index.html"
    )
    assert text == (
        '<a href="https://copy.example.net/s/"><img src="https://copy.example.net/s/_site/mark.svg">'
        '<a href="https://www.example.com/x">'
    )


def test_the_page_itself_is_led_to_from_itself() -> None:
    """A link from the page to itself stays in its folder, wherever that is served."""
    assert links().html('<a href="/status/">', "/status/", "index.html") == '<a href="./">'


def test_what_a_page_loads_is_known_of_each_page() -> None:
    """A page that is kept has its style sheet kept up to date, although its links were led on before."""
    found = links()
    for _ in range(2):
        found.needs.clear()
        found.html('<link rel="icon" href="/mark.svg"><a href="/site.css">', "/status/", "index.html")
        assert found.needs == {"/mark.svg"}


def test_style_sheets_bring_what_they_load() -> None:
    """Fonts, pictures and further style sheets come along, and circles end."""
    sheets = {
        "/css/a.css": '@import "b.css";\np { background: url(../big.png?v=2#x) } i { src: url( "data:,x" ) }',
        "/css/b.css": "@import url('/css/a.css'); b { background: url(/lost.png) }",
        "/big.png?v=2": "png",
    }

    def fetch(address: str) -> Fetched | None:
        text = sheets.get(address)
        kind = "text/css" if address.endswith(".css") else "image/png"
        return Fetched(status="200 OK", media_type=kind, location="", body=text.encode()) if text else None

    files = SiteFiles(fetch)
    files.rewrite = Links(site="https://www.example.com", root="/status/", targets={}, locate=files.path).css
    assert files.path("/css/a.css") == "_site/css/a.css"
    assert sorted(files.found) == ["_site/big.269fc203.png", "_site/css/a.css", "_site/css/b.css"]
    assert files.found["_site/css/a.css"].decode() == (
        '@import "../../_site/css/b.css";\n'
        'p { background: url("../../_site/big.269fc203.png#x") } i { src: url("data:,x") }'
    )
    assert files.found["_site/css/b.css"].decode() == (
        '@import url("../../_site/css/a.css"); b { background: url("https://www.example.com/lost.png") }'
    )
    assert files.missing == {"/lost.png"}
