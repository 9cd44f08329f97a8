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

SITE_FOLDER = "translations"
"""Where a site's own are, in the folder of its application."""


class CatalogueError(ValueError):
    """There is no catalogue for a language, or it cannot be read."""


def read_catalogue(code: str, folders: Sequence[Path]) -> GNUTranslations | None:
    """The messages of a language, those of the first folder first; None for English without any.

    Where a language has none of its own ("de-AT"), that of the wider one ("de") counts.
    """
    found = [_read(path) for path in catalogue_paths(code, *folders)]
    if not found:
        if _forms(code)[-1] == "en":
            return None
        raise CatalogueError(
            f"there is no catalogue for {code!r}. The plugin has {', '.join(_own())} and en; for another "
            f"language make {_path(folders[0], _forms(code)[0])}, as docs/languages.md tells."
        )
    for first, second in pairwise(found):
        first.add_fallback(second)
    return found[0]


def catalogue_paths(code: str, *folders: Path) -> list[Path]:
    """The files that are there for a language, those that go before others first."""
    paths = [_path(folder, form) for form in _forms(code) for folder in folders]
    return [path for path in paths if path.is_file()]


def _forms(code: str) -> list[str]:
    """What folders call a language, and the wider one that it belongs to."""
    return list(dict.fromkeys((code.replace("-", "_"), code.partition("-")[0])))


def _path(folder: Path, form: str) -> Path:
    return folder / form / "LC_MESSAGES" / f"{DOMAIN}.mo"


def _read(path: Path) -> GNUTranslations:
    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError, LookupError, SyntaxError, struct.error) as error:
        raise CatalogueError(f"{path} cannot be read as a catalogue ({error}). Compile it again.") from None


def _own() -> list[str]:
    return sorted(path.parent.parent.name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
