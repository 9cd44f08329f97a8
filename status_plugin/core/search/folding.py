"""Text as a search compares it: without case, accents and punctuation."""

from __future__ import annotations

from unicodedata import category, normalize

_ALPHABETS_END = 0x3000
"""Characters from here on are folded each time: to remember all of them would take much memory."""


class _Table(dict[int, str]):
    """What becomes of each character: letters and digits, a blank, or nothing."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if code < _ALPHABETS_END:
            self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """The words of a text with one blank between them: "Srv3's RÉSUMÉ" is "srv3 s resume"."""
    return " ".join(text.translate(_TABLE).split())


def fold_placed(text: str) -> tuple[str, list[int]]:
    """The same, and for each of its characters the index of the one in `text` that it comes from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in _TABLE[ord(character)]:
            if part == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(part)
            places.append(place)
    if folded and folded[-1] == " ":
        del folded[-1], places[-1]
    return "".join(folded), places


def _folded(character: str) -> str:
    plain = normalize("NFKD", normalize("NFKD", character).casefold())
    return "".join(part if part.isalnum() else _beside_words(category(part)) for part in plain)


def _beside_words(kind: str) -> str:
    """Accents and invisible characters stand within words, everything else between them."""
    return "" if kind.startswith("M") or kind == "Cf" else " "
