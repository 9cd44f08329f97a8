"""Names that can stand in an address: small letters, digits, and single hyphens between them."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_WRITTEN_OUT = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "œ": "oe", "þ": "th"})


def is_slug(text: str) -> bool:
    """Whether a text can stand in an address as it is."""
    return _SLUG.fullmatch(text) is not None


def slugify(text: str) -> str:
    """The nearest slug to a text, always the same for the same text."""
    if is_slug(text):
        return text
    letters = unicodedata.normalize("NFKD", text.lower().translate(_WRITTEN_OUT))
    ascii_letters = letters.encode("ascii", "ignore").decode().replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_letters).strip("-")
    # A text without a single Latin letter or digit still needs an address of its own.
    return slug or "x" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
