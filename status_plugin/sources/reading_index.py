"""The index of a folder of notes: what was read of each, kept in one file from one start to the next.

It is as git's index is to the files of a checkout: each entry is bound to what tells whether the file
has changed since. Beside that the whole is bound to everything that a reading depends on; an index that
is not whole, not ours or of another program is as none.
"""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from status_plugin.core.board.cards import Card, shared_slugs
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.note_text import NoteLine, problem_of, problem_values
from status_plugin.sources.content_files import NoteFile
from status_plugin.sources.file_turn import file_turn

log = logging.getLogger(__name__)

_FORMAT = 1
_MODE = 0o600

_Seen = tuple[int, int, int] | None
"""What tells one file at the index's place from the next."""


class ReadingIndex:
    """One folder's index at a path of its own; neither loading nor keeping ever raises.

    `terms` is everything that readings depend on and that stays the same while the program runs.
    """

    def __init__(self, path: Path, terms: str) -> None:
        self._path = path
        self._terms = terms
        self._seen: _Seen = None
        self._is_reported = False

    def load(self, components: str) -> dict[str, NoteFile]:
        """What is kept of each file by its path, if it was read with these components (their digest)."""
        try:
            content, self._seen = _content(self._path)
            head, _, rest = content.partition(b"\n")
            if json.loads(head) != self._head(components, rest):
                return {}
            table, *lines = rest.split(b"\n")
            return dict(_files(json.loads(table), lines))
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            return {}

    def keep(self, components: str, files: Mapping[str, NoteFile]) -> None:
        """Keep what was read, unless another process has just done so."""
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            if _seen(self._path) == self._seen:
                self._write(components, files)
            self._seen = _seen(self._path)
        except OSError as error:
            if not self._is_reported:
                log.warning(
                    "The index of notes cannot be written (%s); each start reads all of them. "
                    "STATUS_INDEX says where it is kept.",
                    error.strerror,
                )
            self._is_reported = True

    def _write(self, components: str, files: Mapping[str, NoteFile]) -> None:
        with file_turn(self._path, _MODE) as file:
            if file is None:
                return
            kept = {path: note for path, note in files.items() if _is_lasting(note)}
            rest = b"\n".join([json.dumps(_table(kept)).encode(), *_lines(kept.values())])
            file.write(json.dumps(self._head(components, rest)).encode() + b"\n" + rest)

    def _head(self, components: str, rest: bytes) -> Mapping[str, Any]:
        return {
            "format": _FORMAT,
            "terms": self._terms,
            "components": components,
            "digest": blake2b(rest, digest_size=16).hexdigest(),
        }


def _is_lasting(file: NoteFile) -> bool:
    """Whether what was read stays right as long as the file does not change."""
    is_kept_as_line = file.card is not None and isinstance(file.card.source, NoteLine)
    return file.stamp is not None and file.failing_since is None and (is_kept_as_line or file.hidden)


def _content(path: Path) -> tuple[bytes, _Seen]:
    """What the file holds; nothing if somebody else may have written it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        is_ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
        return file.read() if is_ours else b"", (found.st_ino, found.st_mtime_ns, found.st_size)


def _seen(path: Path) -> _Seen:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _lines(files: Iterable[NoteFile]) -> Iterator[bytes]:
    """Each note's line; that of a draft, of which nothing is kept, is empty."""
    for file in files:
        source = file.card.source if file.card else None
        yield source.line if isinstance(source, NoteLine) else b""


def _table(files: Mapping[str, NoteFile]) -> list[Any]:
    """A row for each file, and in it one for its card."""
    return [
        [path, file.stamp, file.digest, file.hidden, [*map(problem_values, file.problems)], _row(file.card)]
        for path, file in files.items()
    ]


def _row(card: Card | None) -> list[Any] | None:
    if card is None:
        return None
    times = (card.began, card.ended, card.over_since)
    return [card.kind is Incident, *card[1:8], *(at and at.isoformat() for at in times), card.last_word]


def _files(table: list[Any], lines: list[bytes]) -> Iterator[tuple[str, NoteFile]]:
    for (path, stamp, digest, hidden, problems, row), line in zip(table, lines, strict=True):
        yield (
            path,
            NoteFile(
                stamp=tuple(stamp),
                digest=digest,
                card=_card(row, NoteLine(line)) if row else None,
                problems=tuple(map(problem_of, problems)),
                hidden=hidden,
            ),
        )


def _card(row: list[Any], line: NoteLine) -> Card:
    is_incident, slug, path, aliases, redacted, is_marked, touched, affected, *times, last_word = row
    began, ended, over_since = times
    read = datetime.fromisoformat
    return Card(
        Incident if is_incident else Maintenance,
        slug,
        path,
        tuple(aliases),
        redacted,
        is_marked,
        shared_slugs(tuple(touched)),
        shared_slugs(tuple(affected)),
        read(began),
        read(ended),
        over_since and read(over_since),
        last_word,
        line,
    )
