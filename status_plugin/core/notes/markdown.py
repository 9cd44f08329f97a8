"""Markdown as safe HTML, and as plain text."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from status_plugin.core.notes.links import NOTE_ADDRESS, is_on_site, is_web_address, note_slug
from status_plugin.core.notes.textfile import without_controls

Resolve = Callable[[str], tuple[str, str] | None]
"""Gives the address and the title of the note with a slug, None if there is none to link to."""

_HEADINGS_BELOW = 3
_MAIL_OR_PHONE = re.compile(r"(?:mailto:[\w.+-]+@[\w.-]+|tel:\+?[\d().-]+)", re.ASCII)

_HEADINGS = {"h4", "h5", "h6"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_TAGS = _HEADINGS | _TABLE | {
    *("p", "ul", "ol", "li", "blockquote", "pre", "hr", "br"),
    *("a", "code", "em", "img", "strong"),
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title", "rel"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}

# The converter takes a time that grows with the square of a block's lines, and with the length of a
# block for every bracket in it. A text beyond what anybody writes is shown as it stands.
_MAX_LENGTH = 30_000
_MAX_BLOCK_LINES = 1_000
_MAX_BRACKET_WORK = 1_000_000

# Most of what is written is words alone, and the converter takes twenty times as long over them as this.
_WORDS = r"[\w ,.;:'\"!?()/%$€@+#–—…‘’“”„-]"
_STRONG = rf"\*\*(?=[^\W\d_])({_WORDS}++)(?<! )\*\*"
_LINE = rf"(?=[^\W\d_]|\*\*)(?:{_WORDS}++|{_STRONG})++(?<! )"
_WORDS_ALONE = re.compile(rf"{_LINE}(?:\n\n?{_LINE})*+")
_ONE_PARAGRAPH = re.compile(r"<p>([^<&]*)</p>")

_BLANK_LINES = re.compile(r"\n[ \t]*(?=\n)")
_LINE_TAGS = _HEADINGS | {"p", "ul", "ol", "li", "blockquote", "pre", "hr", "br", "table", "tr"}


def render(text: str, resolve: Resolve | None = None, *, site: str = "") -> str:
    """Safe HTML: no raw HTML, scripts, styles or ids, no images from elsewhere, headings from h4 down.

    `[words](incident:slug)` and `[[incident:slug]]` become links to the notes that `resolve` knows;
    `maintenance:slug` means the same. `site`, such as "https://www.example.com", goes before addresses
    that begin with a slash.
    """
    if _is_beyond_reason(text):
        return _paragraphs(text)
    if is_words_alone(text):
        return _words_alone(text)
    try:
        html = _convert(text, resolve or _resolve_nothing, site)
    except Exception:  # whatever the converter stumbles over, visitors get the words
        return _paragraphs(text)
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    # A reference such as "&#11;" becomes its character only there.
    return without_controls(clean)


def is_words_alone(text: str) -> bool:
    """Whether a text is paragraphs of words alone, some of them strong; each line begins with a letter."""
    return "_" not in text and _WORDS_ALONE.fullmatch(text) is not None


def _words_alone(text: str) -> str:
    paragraphs = re.sub(_STRONG, r"<strong>\1</strong>", text).replace("\n\n", "</p>\n<p>")
    return f"<p>{paragraphs}</p>"


def words_of(html: str) -> str:
    """The words alone of HTML that `render` has made, one line for each paragraph, item or row."""
    one = _ONE_PARAGRAPH.fullmatch(html.replace("<strong>", "").replace("</strong>", ""))
    if one:
        return " ".join(one[1].split())
    words = _Words()
    words.feed(html)
    words.close()
    return words.text


class _Words(HTMLParser):
    """Collects the text of HTML; only inside `pre` does a line's end mean one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._in_pre = False

    @property
    def text(self) -> str:
        """What was collected, without empty lines."""
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_pre = self._in_pre or tag == "pre"
        self._parts.append("\n" if tag in _LINE_TAGS else "")

    def handle_endtag(self, tag: str) -> None:
        self._in_pre = self._in_pre and tag != "pre"
        self._parts.append("\n" if tag in _LINE_TAGS else "")

    def handle_data(self, data: str) -> None:
        self._parts.append(data if self._in_pre else data.replace("\n", " "))


def _is_beyond_reason(text: str) -> bool:
    if len(text) > _MAX_LENGTH:
        return True
    blocks = _BLANK_LINES.split(text)
    return (
        any(block.count("\n") > _MAX_BLOCK_LINES for block in blocks)
        or sum(block.count("[") * len(block) for block in blocks) > _MAX_BRACKET_WORK
    )


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p>{escape(part.strip())}</p>" for part in _BLANK_LINES.split(text) if part.strip())


def _resolve_nothing(slug: str) -> None:
    return None


_at_hand = threading.local()


def _convert(text: str, resolve: Resolve, site: str) -> str:
    # Making a converter takes longer than most texts take it. An exception leaves one in the middle of
    # a text, so it is put back only after success.
    converter: _Converter = getattr(_at_hand, "converter", None) or _Converter()
    _at_hand.converter = None
    html = converter.convert(text, resolve, site)
    _at_hand.converter = converter
    return html


class _Converter:
    """Makes HTML that is safe but for what nh3 still has to see to."""

    def __init__(self) -> None:
        self._markdown = Markdown(extensions=["sane_lists", "tables", "fenced_code"])
        # "<b>" and "load < 5" are words to be read, not markup; comments are neither.
        self._markdown.preprocessors.deregister("html_block")
        self._markdown.inlinePatterns.deregister("html")
        self._markdown.preprocessors.register(_WithoutComments(), "comments", 20)
        self._markdown.inlinePatterns.register(NoteInBrackets(), "note", 165)
        # Behind all others: only now are escapes and entities in addresses what they will be.
        self._links = _Links()
        self._markdown.treeprocessors.register(self._links, "links", -1)

    def convert(self, text: str, resolve: Resolve, site: str) -> str:
        """The HTML of a text, with links to the notes that `resolve` knows, and to pages of `site`."""
        self._links.resolve = resolve
        self._links.site = site
        return self._markdown.reset().convert(text)


class _WithoutComments(Preprocessor):
    """Takes out HTML comments, which people write to keep something from being read."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines without comments."""
        text = "\n".join(lines)
        kept, end = [], 0
        while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start)) >= 0:
            kept.append(text[end:start])
            end = close + len("-->")
        return "".join([*kept, text[end:]]).split("\n")


class NoteInBrackets(InlineProcessor):
    """`[[incident:slug]]`, a link without words to the address in it."""

    def __init__(self) -> None:
        super().__init__(rf"\[\[({NOTE_ADDRESS})\]\]")

    def handleMatch(  # type: ignore[override]  # noqa: N802, as the base class calls it
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        """The link, still without words."""
        return Element("a", {"href": m[1]}), m.start(0), m.end(0)


class _Links(Treeprocessor):
    """Lets only links and images through that a visitor can follow safely, and moves headings down."""

    resolve: Resolve = staticmethod(_resolve_nothing)
    site = ""

    def run(self, root: Element) -> None:
        """Changes the tree in place; a `span` is a tag that will not be shown."""
        for element in root.iter():
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = f"h{min(6, int(element.tag[1]) + _HEADINGS_BELOW)}"
        for link in list(root.iter("a")):
            for image in link.iter("img"):
                self._image(image)
            self._link(link)
        for image in list(root.iter("img")):
            self._image(image, may_link=True)

    def _link(self, link: Element) -> None:
        address = final_address(link.get("href", ""))
        slug = note_slug(address)
        if slug is not None:
            self._note_link(link, slug)
        elif is_web_address(address):
            link.set("href", address)
            link.set("rel", "nofollow noopener")
        elif is_on_site(address):
            link.set("href", self.site + address)
        elif _MAIL_OR_PHONE.fullmatch(address):
            link.set("href", address)
        else:
            link.tag = "span"

    def _note_link(self, link: Element, slug: str) -> None:
        found = self.resolve(slug)
        if not len(link) and not (link.text or "").strip():
            link.text = found[1] if found else slug
        if found:
            link.set("href", found[0])
        else:
            link.tag = "span"

    def _image(self, image: Element, *, may_link: bool = False) -> None:
        address = final_address(image.get("src", ""))
        if is_on_site(address):
            image.set("src", self.site + address)
            return
        # An image from elsewhere tells its owner who looks at this page.
        words = image.get("alt") or address
        image.tag, image.attrib, image.text = "span", {}, words
        if may_link and is_web_address(address):
            image.tag = "a"
            image.attrib = {"href": address, "rel": "nofollow noopener"}


def final_address(address: str) -> str:
    """An address from Python-Markdown's tree, as a browser will see it."""
    return unescape(address.replace(AMP_SUBSTITUTE, "&")).strip()
