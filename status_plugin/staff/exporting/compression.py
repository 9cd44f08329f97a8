"""The compressed forms of a file, for servers that send them as they are."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import PurePosixPath

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # it is an extra: pip install status-plugin[br]
    brotli = None

FORMS = (".gz",) if brotli is None else (".gz", ".br")
"""Of each text there are these, named like the file with the ending behind it."""

BROTLI_FROM = 8_000
"""How many bytes a text has at least of which there is a `.br`: of less it saves some two hundred bytes.

The pages of most notes are smaller, and to make and keep that form of each takes a tenth of an export.
"""

_TEXTS = {".html", ".css", ".js", ".mjs", ".json", ".atom", ".ics", ".svg", ".xml", ".txt", ".webmanifest"}


def compressed(path: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The forms of a file by path; always the same bytes of the same text, and none that is no smaller."""
    if PurePosixPath(path).suffix.lower() not in _TEXTS:
        return
    forms = [(".gz", gzip.compress(body, 6, mtime=0))]
    if brotli is not None and len(body) >= BROTLI_FROM:
        forms.append((".br", brotli.compress(body, quality=5)))
    for ending, small in forms:
        if len(small) < len(body):
            yield f"{path}{ending}", small
