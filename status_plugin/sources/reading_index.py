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
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from status_plugin.core.board.cards import Card, shared_slugs
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.note_text import problem_of, problem_values
from status_plugin.sources.content_files import NoteFile
from status_plugin.sources.file_turn import file_turn
from status_plugin.sources.listing import shown_path

log = logging.getLogger(__name__)

_FORMAT = 2
MODE = 0o600
"""For the user of the site alone: what is not announced yet stands in it."""

CANNOT_BE_WRITTEN = (
    "The index of notes cannot be written (%s); each start reads all of them. "
    "STATUS_INDEX says where it is kept."
)

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
            self._seen = _seen(self._path)
            with _opened(self._path) as file:
                head, written = json.loads(file.readline()), file.readline()
                table = json.loads(written)
                notes = _parts(file, table[0])
            if head != self._head(components, [written, *notes]):
                return {}
            return _files(table, notes)
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            return {}

    def keep(self, components: str, files: Mapping[str, NoteFile]) -> None:
        """Keep what was read, unless another process has just done so."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if _seen(self._path) == self._seen:
                self._write(components, files)
            self._seen = _seen(self._path)
        except OSError as error:
            if not self._is_reported:
                log.warning(CANNOT_BE_WRITTEN, error.strerror)
            self._is_reported = True

    def _write(self, components: str, files: Mapping[str, NoteFile]) -> None:
        with file_turn(self._path, MODE) as file:
            if file is None:
                return
            kept = {path: note for path, note in files.items() if _is_lasting(note)}
            parts = [json.dumps(_table(kept)).encode() + b"\n", *map(_packed, kept.values())]
            file.write(json.dumps(self._head(components, parts)).encode() + b"\n")
            file.writelines(parts)

    def _head(self, components: str, parts: Iterable[bytes]) -> Mapping[str, Any]:
        """The first line, bound to what readings depend on and to all that is below it."""
        digest = blake2b(digest_size=16)
        for part in parts:
            digest.update(part)
        return {
            "format": _FORMAT,
            "terms": self._terms,
            "components": components,
            "digest": digest.hexdigest(),
        }


def _is_lasting(file: NoteFile) -> bool:
    """Whether what was read stays right as long as the file does not change."""
    is_packed = file.card is not None and isinstance(file.card.source, bytes)
    return file.stamp is not None and file.failing_since is None and (is_packed or file.hidden)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file at a path; raises OSError where there is none, and where somebody else may have written it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise PermissionError("it is not ours alone")
        yield file


def _seen(path: Path) -> _Seen:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _packed(file: NoteFile) -> bytes:
    """The note as it is kept; of a draft nothing is."""
    source = file.card.source if file.card else None
    return source if isinstance(source, bytes) else b""


def _parts(file: IO[bytes], lengths: list[int]) -> list[bytes]:
    """The rest of a file in parts of these lengths; raises ValueError if it is not as long as all of them."""
    if min(lengths, default=0) < 0 or sum(lengths) != os.fstat(file.fileno()).st_size - file.tell():
        raise ValueError("it is not whole")
    return [file.read(length) for length in lengths]


def _table(files: Mapping[str, NoteFile]) -> list[Any]:
    """What is kept beside the notes, in columns: they are read several times as fast as rows.

    Problems, which few files have, and the places of drafts stand by the number of their row.
    """
    cards = [file.card for file in files.values() if file.card]
    problems = {row: file.problems for row, file in enumerate(files.values()) if file.problems}
    return [
        [len(_packed(file)) for file in files.values()],
        [*files],
        [*zip(*(file.stamp or () for file in files.values()), strict=True)],
        [file.digest for file in files.values()],
        {row: [problem_values(problem) for problem in found] for row, found in problems.items()},
        [row for row, file in enumerate(files.values()) if file.hidden],
        [
            [card.kind is Incident for card in cards],
            [card.slug for card in cards],
            [" ".join(card.aliases) for card in cards],
            [card.redacted for card in cards],
            [card.is_marked for card in cards],
            [" ".join(card.touched) for card in cards],
            [" ".join(card.affected) for card in cards],
            [card.began.isoformat() for card in cards],
            [card.ended.isoformat() for card in cards],
            [card.over_since and card.over_since.isoformat() for card in cards],
            [card.last_word for card in cards],
        ],
    ]


def _files(table: list[Any], notes: list[bytes]) -> dict[str, NoteFile]:
    _, paths, stamps, digests, problems, hidden, cards = table
    drafts = set(hidden)
    sources = [note for row, note in enumerate(notes) if row not in drafts]
    made = _cards([path for row, path in enumerate(paths) if row not in drafts], cards, sources)
    files = {}
    for row, (path, stamp, digest) in enumerate(zip(paths, zip(*stamps, strict=True), digests, strict=True)):
        found = tuple(map(problem_of, problems.get(str(row), ())))
        card = None if row in drafts else next(made)
        files[path] = NoteFile(stamp, digest, card, found, row in drafts)
    return files


def _cards(paths: list[str], columns: list[list[Any]], notes: list[bytes]) -> Iterator[Card]:
    kinds, slugs, aliases, redacted, marked, touched, affected, began, ended, over, words = columns
    read = datetime.fromisoformat
    return map(
        Card,
        (Incident if is_incident else Maintenance for is_incident in kinds),
        slugs,
        map(shown_path, paths),
        map(_slugs, aliases),
        redacted,
        marked,
        map(_slugs, touched),
        map(_slugs, affected),
        map(read, began),
        map(read, ended),
        (read(at) if at else None for at in over),
        words,
        notes,
    )


@lru_cache(maxsize=4096)
def _slugs(written: str) -> tuple[str, ...]:
    """Slugs as they stand in a column, in one tuple for all notes that have the same."""
    return shared_slugs(tuple(written.split()))
