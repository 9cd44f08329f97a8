"""A badge as a drawing: a name, a shape and a word in a row, readable on light and dark ground alike."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from markupsafe import Markup

from status_plugin.core.words import State
from status_plugin.web.faces import QUIET, Face
from status_plugin.web.shapes import drawing

HEIGHT = 20
LONGEST = 48
"""How many characters of a name or word are drawn; the badge's own description has all of them."""

_FONT = "Verdana,Geneva,DejaVu Sans,sans-serif"
_FONT_SIZE = 11
_PADDING = 7
_SHAPE = 13
_GROUND = "#3d4650"

# Dark enough for white words, by night as by day.
_COLOURS = {
    State.OPERATIONAL.value: "#17733f",
    State.UNDER_MAINTENANCE.value: "#2c55b0",
    State.UNKNOWN.value: "#59636e",
    State.DEGRADED_PERFORMANCE.value: "#855400",
    State.PARTIAL_OUTAGE.value: "#a84300",
    State.MAJOR_OUTAGE.value: "#b3191f",
    QUIET: "#59636e",
}

# Widths of characters in Verdana and DejaVu Sans, in thousandths of the font's size.
_WIDTHS = {
    letter: width
    for width, letters in {
        300: " '.,:;/\\|ijlIJ",
        380: "()[]ft-!r",
        550: "*?_`sFLckvxyz",
        800: "#+<=>^w~NUDGHOQ&",
        960: "%WmM@—…",
    }.items()
    for letter in letters
}

_BADGE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ' role="img" aria-label="{description}">\n<title>{description}</title>\n'
    '<path fill="{ground}" d="M3 0H{left}V{height}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>\n'
    '<path fill="{colour}" d="M{left} 0h{straight}a3 3 0 0 1 3 3v{side}a3 3 0 0 1-3 3H{left}z"/>\n'
    '<path fill="#fff" fill-rule="evenodd" transform="translate({shape_at} 3.5) scale(.8125)" d="{shape}"/>\n'
    '<g fill="#fff" font-family="{font}" font-size="{font_size}" text-anchor="middle">\n'
    "{name}{word}</g>\n</svg>\n"
)
_TEXT = Markup(
    '<text x="{middle}" y="14" textLength="{length}" lengthAdjust="spacingAndGlyphs">{text}</text>\n'
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Badge:
    """What a badge says: of what, how it is, and the same as whole sentences."""

    name: str
    face: Face
    description: str


def badge_svg(badge: Badge) -> Markup:
    """The badge as SVG, without fonts, styles or anything else from outside.

    The words have the room that they take in common fonts, and are made to fit it in others.
    """
    name, word = shortened(badge.name), shortened(badge.face.word)
    name_length, word_length = text_width(name), text_width(word)
    left = name_length + 2 * _PADDING
    word_at = left + _PADDING + _SHAPE + 4
    width = word_at + word_length + _PADDING
    return _BADGE.format(
        width=width,
        height=HEIGHT,
        description=badge.description,
        ground=_GROUND,
        left=left,
        colour=_COLOURS[badge.face.tone],
        straight=width - left - 3,
        side=HEIGHT - 6,
        shape_at=left + _PADDING,
        shape=drawing(badge.face.tone),
        font=_FONT,
        font_size=_FONT_SIZE,
        name=_text(name, _PADDING, name_length),
        word=_text(word, word_at, word_length),
    )


def text_width(text: str) -> int:
    """About how wide a text is, in whole pixels and at least one; in any script."""
    return max(1, round(sum(map(_character_width, text)) * _FONT_SIZE / 1000))


def shortened(text: str) -> str:
    """The text in one line, with its end cut off if it is very long; what belongs together stays so."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    end = LONGEST - 1
    while end and (_is_mark(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return f"{text[:end].rstrip()}…"


def _text(text: str, begin: int, length: int) -> Markup:
    return _TEXT.format(middle=f"{begin + length / 2:g}", length=length, text=text)


def _character_width(character: str) -> int:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if _is_mark(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    if unicodedata.bidirectional(character) == "AL":
        return 500
    return 700 if character.isupper() else 620


def _is_mark(character: str) -> bool:
    """Whether it stands on, or only changes, the character before it."""
    return unicodedata.category(character) in ("Mn", "Me", "Cf")
