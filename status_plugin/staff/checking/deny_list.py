"""The list of names that must never be public, which is kept outside of what is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from status_plugin.staff.checking.addresses import Span

_WORD = re.compile(r"[^\W_]+")
_LONGEST_GAP = 12  # characters between two words of a name: a line's end and its indent


class DenyListError(Exception):
    """A list that cannot be used; the message says why, and holds no name of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DenyList:
    """Names as words without case, accents or signs between them, by their first word."""

    by_first_word: dict[str, list[tuple[str, ...]]] = field(default_factory=dict, repr=False)

    def names_in(self, text: str) -> Iterator[Span]:
        """Every name on the list, as whole words, however it is spelt, hyphenated or wrapped."""
        if not self.by_first_word:
            return
        folded, places = _folded(text)
        words = [(found[0], found.start(), found.end()) for found in _WORD.finditer(folded)]
        for index, (word, start, _) in enumerate(words):
            for name in self.by_first_word.get(word, ()):
                following = words[index : index + len(name)]
                if tuple(found[0] for found in following) == name and _are_near(following, folded):
                    yield places[start], places[following[-1][2] - 1] + 1
                    break


def read_deny_list(path: Path | None) -> DenyList:
    """The list in a file, a name in each line; `#` begins a comment. Raises DenyListError."""
    if path is None:
        return DenyList()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise DenyListError(f"{path} is not UTF-8 text. Save it with the encoding UTF-8.") from None
    except OSError as error:
        raise DenyListError(
            f"The deny list {path} cannot be read ({error.strerror}), so nobody looked for its names. "
            "Put it there, or take it out of the settings where it is not at hand."
        ) from None
    by_first_word: dict[str, list[tuple[str, ...]]] = {}
    for number, line in enumerate(lines, start=1):
        text = re.sub(r"(?:^|\s)#.*", "", line).strip()
        name = tuple(_WORD.findall(_folded(text)[0]))
        if name:
            by_first_word.setdefault(name[0], []).append(name)
        elif text:
            raise DenyListError(f"{path}:{number}: there is no word in this line. Write one name in each.")
    for names in by_first_word.values():
        names.sort(key=len, reverse=True)
    return DenyList(by_first_word=by_first_word)


def _folded(text: str) -> tuple[str, list[int] | range]:
    """The text without case and accents, and for each character the index of the one that it was."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        for letter in unicodedata.normalize("NFKD", char).casefold():
            # Marks above letters, soft hyphens and joiners are not seen by everybody.
            if unicodedata.category(letter) not in ("Mn", "Cf"):
                letters.append(letter)
                places.append(index)
    return "".join(letters), places


def _are_near(words: list[tuple[str, int, int]], text: str) -> bool:
    gaps = [text[before[2] : after[1]] for before, after in pairwise(words)]
    return all(len(gap) <= _LONGEST_GAP and "\n\n" not in gap for gap in gaps)
