"""The keys that decide what is public, and what may have been meant as one of them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

GUARDS = ("draft", "announced", "redacted")
"""A note in which one of these is in doubt is not shown."""

# What other programs, and people in a hurry, write to keep a page from the public.
_OTHER_WORDS = {
    "hidden": "draft",
    "private": "draft",
    "published": "draft",
    "unpublished": "draft",
    "wip": "draft",
    "embargo": "announced",
    "publish": "announced",
    "publishdate": "announced",
    "removed": "redacted",
}
_STEMS = {"draft": "draft", "announc": "announced", "redact": "redacted"}

# In a word of five letters two that changed places leave 0.8; "related" is as near to "redacted".
_NEAR = {"draft": 0.8, "announced": 0.85, "redacted": 0.85}

_WORD_BEFORE_COLON = re.compile(r"""\b([A-Za-z][\w-]{2,20})["']?[ \t]{0,3}:""")
_HEAD = 10_000


def guard_meant(key: str) -> str | None:
    """The guard that a key is, or may be meant to be."""
    word = re.sub(r"[\W_]", "", key.casefold())
    if word in _OTHER_WORDS:
        return _OTHER_WORDS[word]
    for stem, guard in _STEMS.items():
        if stem in word:
            return guard
    return next((guard for guard in GUARDS if _is_near(word, guard)), None)


def mentions_guard(text: str) -> bool:
    """Whether any word before a colon in the head of an unreadable text may be meant as a guard."""
    words = {found.casefold() for found in _WORD_BEFORE_COLON.findall(text[:_HEAD])}
    return any(guard_meant(word) for word in words)


def _is_near(word: str, guard: str) -> bool:
    if abs(len(word) - len(guard)) > 2:
        return False
    return SequenceMatcher(None, word, guard).ratio() >= _NEAR[guard]
