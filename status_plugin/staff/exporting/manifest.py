"""What the last export made, so that the next one changes only what is different and deletes only its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class MadePage:
    """A page as it lies in the copy.

    `digest` stands for what it was made of, empty when that cannot be told. `needs` are the addresses
    of the site's files that it loads, and `files` the sizes in bytes of its own files by path: itself
    and its compressed forms.
    """

    digest: str = ""
    needs: tuple[str, ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """All pages of a copy by path.

    `layout` stands for what all of them have in common, `forms` are the endings of compressed files.
    """

    layout: str = ""
    forms: tuple[str, ...] = ()
    pages: Mapping[str, MadePage] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, int]:
        """Every file with its size in bytes."""
        return {path: size for page in self.pages.values() for path, size in page.files.items()}


def manifest_value(manifest: Manifest) -> dict[str, Any]:
    """The manifest as JSON holds it."""
    pages = {path: [page.digest, list(page.needs), page.files] for path, page in manifest.pages.items()}
    return {"version": VERSION, "layout": manifest.layout, "forms": list(manifest.forms), "pages": pages}


def read_manifest(text: str) -> Manifest | None:
    """The manifest that was written, None if the text is anything else."""
    try:
        return _manifest_of(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _manifest_of(value: dict[str, Any]) -> Manifest:
    if value["version"] != VERSION:
        raise ValueError("another version")
    pages = {
        str(path): MadePage(
            digest=str(digest),
            needs=tuple(map(str, needs)),
            files={str(name): int(size) for name, size in files.items()},
        )
        for path, (digest, needs, files) in value["pages"].items()
    }
    return Manifest(layout=str(value["layout"]), forms=tuple(map(str, value["forms"])), pages=pages)
