"""The alphabet of short messages (GSM 03.38), in which one message holds 160 characters."""

from __future__ import annotations

import unicodedata

SEPTETS = 160
"""What one message holds in this alphabet; some characters take two."""

UTF16_UNITS = 70
"""What one message holds when any character is not of this alphabet."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€")
_PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "…": "...", "•": "-",
        "×": "x", "½": "1/2", "¼": "1/4", "¾": "3/4", "\N{SOFT HYPHEN}": "", "\N{ZERO WIDTH SPACE}": "",
    }
)  # fmt: skip


def plain(text: str) -> str:
    """The text in this alphabet as far as it can be said in it, without line breaks."""
    said = "".join(map(_letter, " ".join(text.translate(_PLAIN).split())))
    return " ".join(said.split())


def length(text: str) -> int:
    """How much of one message the text takes: septets, or UTF-16 units where the alphabet is left."""
    if all(char in _BASIC or char in _DOUBLE for char in text):
        return len(text) + sum(char in _DOUBLE for char in text)
    return len(text.encode("utf-16-le")) // 2


def limit(text: str) -> int:
    """How much one message holds in the alphabet that the text needs."""
    return SEPTETS if all(char in _BASIC or char in _DOUBLE for char in text) else UTF16_UNITS


def fits(text: str) -> bool:
    """Whether the text is one message."""
    return length(text) <= limit(text)


def _letter(char: str) -> str:
    if char in _BASIC or char in _DOUBLE:
        return char
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return bare if bare and all(part in _BASIC for part in bare) else char
