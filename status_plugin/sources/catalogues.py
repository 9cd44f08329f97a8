"""Catalogues of translated messages: those that come with the plugin, and a site's own before them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from gettext import GNUTranslations
from itertools import pairwise
from pathlib import Path

DOMAIN = "status_plugin"

FOLDER = Path(__file__).resolve().parent.parent / "translations"
"""Where the plugin's own are."""


class CatalogueError(ValueError):
    """There is no catalogue for a language, or it cannot be read."""


def read_catalogue(code: str, folders: Sequence[Path]) -> GNUTranslations | None:
    """The messages of a language, those of the first folder first; None for English without any.

    Where a language has none of its own ("de-AT"), that of the wider one ("de") counts.
    """
    narrow, wide = code.replace("-", "_"), code.partition("-")[0]
    places = [folder / name for name in dict.fromkeys((narrow, wide)) for folder in folders]
    paths = [place / "LC_MESSAGES" / f"{DOMAIN}.mo" for place in places]
    found = [_read(path) for path in paths if path.is_file()]
    if not found:
        if wide == "en":
            return None
        raise CatalogueError(
            f"there is no catalogue for {code!r}. The plugin has {', '.join(_own())} and en; for another "
            f"language make {paths[0]}, as docs/languages.md tells."
        )
    for first, second in pairwise(found):
        first.add_fallback(second)
    return found[0]


def _read(path: Path) -> GNUTranslations:
    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError, LookupError, SyntaxError, struct.error) as error:
        raise CatalogueError(f"{path} cannot be read as a catalogue ({error}). Compile it again.") from None


def _own() -> list[str]:
    return sorted(path.parent.parent.name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
