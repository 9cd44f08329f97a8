"""Which note staff mean by a part of its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

SHOWN = 8
"""How many names an error tells."""


class NoteChoiceError(Exception):
    """It is not clear which note is meant; the message says so to a person, and what there is."""


def chosen_slug(part: str | None, slugs: Iterable[str], open_slugs: Collection[str]) -> str:
    """The slug that `part` means: the whole of it, else a part that only one has; without one the only open.

    Where several have the part, the only open one of them is meant. Raises NoteChoiceError.
    """
    known = list(dict.fromkeys(slugs))
    if part is None:
        return _only(list(open_slugs), "nothing is open", "more than one is open")
    word = "-".join(part.split()).casefold().removesuffix(".md")
    if word in known:
        return word
    found = [slug for slug in known if word and word in slug.casefold()]
    if not found:
        close = get_close_matches(word, known, n=1, cutoff=0.5) or list(open_slugs)
        hint = f"Did you mean {close[0]}?" if close else "`flask status preview` shows what there is."
        raise NoteChoiceError(f"No note has '{part}' in its name. {hint}")
    still_open = [slug for slug in found if slug in open_slugs]
    return still_open[0] if len(still_open) == 1 else _only(found, "", f"'{part}' is in more than one name")


def _only(slugs: list[str], none: str, many: str) -> str:
    if len(slugs) == 1:
        return slugs[0]
    if not slugs:
        raise NoteChoiceError(f"Say which note you mean: {none}.")
    others = f" and {len(slugs) - SHOWN} more" if len(slugs) > SHOWN else ""
    raise NoteChoiceError(f"Say which note you mean, {many}: {', '.join(slugs[:SHOWN])}{others}.")
