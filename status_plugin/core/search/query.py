"""What somebody searches for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from status_plugin.core.search.folding import fold

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_PART = re.compile(r'"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """Words that may be parts of longer ones, and quoted phrases of whole words; folded, all to be found.

    `slug` finds the note with this address of now or of old, whatever its words are.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    slug: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.words and not self.phrases

    @property
    def needles(self) -> tuple[str, ...]:
        """What all must be part of a text that `folded_texts` has made; the longest first, as the rarest."""
        return tuple(
            sorted((*self.words, *(f" {phrase} " for phrase in self.phrases)), key=len, reverse=True)
        )

    @property
    def terms(self) -> tuple[tuple[str, bool], ...]:
        """Each word or phrase, and whether it is whole words only."""
        return (*((word, False) for word in self.words), *((phrase, True) for phrase in self.phrases))


def read_query(written: str) -> Query:
    """The query that somebody has typed; a quote without its partner means nothing."""
    words: dict[str, None] = {}
    phrases: dict[str, None] = {}
    for quoted, word in _PART.findall(written.translate(_QUOTES)):
        folded = fold(quoted or word)
        if folded:
            (phrases if quoted else words)[folded] = None
    return Query(words=tuple(words), phrases=tuple(phrases), slug=written.strip().casefold())


def folded_texts(texts: list[str]) -> str:
    """Texts made ready to be searched for needles; no phrase goes over from one into the next."""
    return "\n".join(f" {fold(text)} " for text in texts)
