"""The marks of edits as workers leave them to those that are started next, in the cache that all share."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from zlib import crc32

from status_plugin.core.notes.content import Content
from status_plugin.core.notes.past import NotePast
from status_plugin.sources.content_files import KINDS
from status_plugin.sources.note_history import NotePasts
from status_plugin.sources.record_text import plain_of, record_of, shape_of
from status_plugin.sources.shared_cache import SharedCache

KEPT_FOR = 30 * 24 * 60 * 60
"""Seconds for which a mark outlives the last worker that knew of it."""

VERSION = 1
"""Raised whenever a field keeps its name and its type and changes its meaning."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Marks:
    """Of the notes' pasts what visitors see of them; `gone` are slugs by the folder of their kind."""

    pasts: Mapping[str, NotePast] = field(default_factory=dict)
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


FORMAT = f"{VERSION}.{crc32(shape_of(_Marks).encode()):08x}"


class KeptMarks:
    """What the history of a folder told last; without a shared cache nothing is kept."""

    def __init__(self, shared: SharedCache, folder: Path) -> None:
        place = blake2b(os.fsencode(os.path.realpath(folder)), digest_size=8).hexdigest()
        self._shared = shared
        self._entry = f"marks.{FORMAT}.{place}"

    def pasts(self) -> NotePasts | None:
        """The pasts as far as they show, None where none were kept; waits for the cache."""
        try:
            marks: _Marks = record_of(json.loads(self._shared.news(self._entry) or ""), _Marks)
            gone = {(KINDS[folder], slug) for folder, slugs in marks.gone.items() for slug in slugs}
            return NotePasts(by_path=marks.pasts, once_public=frozenset(gone))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return None

    def keep(self, content: Content, pasts: NotePasts) -> None:
        """Keep what shows of the pasts in a content that was made with them; waits for the cache."""
        marks = _Marks(
            pasts=pasts.showing,
            gone={
                folder: tuple(sorted(slug for kind, slug in content.gone if kind is its_kind))
                for folder, its_kind in KINDS.items()
            },
        )
        self._shared.keep(self._entry, json.dumps(plain_of(marks), separators=(",", ":")), KEPT_FOR)
