"""Single files of the content folder, as they were last read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from status_plugin.core.board.cards import Card, card_of
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Address
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.note_text import UnwritableError, packed_note
from status_plugin.core.notes.reader import NoteReading
from status_plugin.core.notes.slugs import slugify
from status_plugin.core.notes.textfile import MAX_BYTES, decode, too_large
from status_plugin.core.problems import Problem
from status_plugin.sources.last_good import LastGood
from status_plugin.sources.listing import Stamp, settled, shown_path

KINDS: Mapping[str, type[Incident] | type[Maintenance]] = {"incidents": Incident, "maintenance": Maintenance}
"""The kind of note by the folder that its file is in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileText:
    """What a file held; without a text the problems say why. `digest` tells texts apart."""

    text: str | None
    digest: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentsFile:
    """components.yml; a stamp of None has it opened again next time.

    `partial` is what can be read of a file with mistakes that cost a component or a check.
    """

    stamp: Stamp | None = None
    digest: str = ""
    problems: tuple[Problem, ...] = ()
    good: LastGood[Inventory] = field(default_factory=LastGood)
    partial: Inventory | None = None

    def shown(self, now: datetime) -> Inventory | None:
        """The list that counts at `now`: the last good one, and when that is too old a partial one."""
        return self.good.at(now) or self.partial

    def kept_since(self, now: datetime) -> datetime | None:
        """Since when an earlier list stands in at `now`, None when none does."""
        return self.good.failing_since if self.good.at(now) else None


class NoteFile(NamedTuple):
    """A note's file; a stamp of None has it opened again next time.

    `card` is that of its last good reading, None if there was none. Since `failing_since` the file
    cannot be read. A file that is `hidden` holds a draft.
    """

    stamp: Stamp | None
    digest: str
    card: Card | None = None
    problems: tuple[Problem, ...] = ()
    hidden: bool = False
    failing_since: datetime | None = None

    def says(self, file: FileText) -> bool:
        """Whether reading this text again would change nothing."""
        is_final = not NoteReading(problems=self.problems).is_ahead_of_clock
        return is_final and bool(file.digest) and file.digest == self.digest

    def shown(self, now: datetime) -> Card | None:
        """The card of the note at `now`, marked if it is an earlier reading."""
        if self.failing_since is None or self.card is None:
            return self.card
        card = LastGood(value=self.card, failing_since=self.failing_since).at(now)
        return card_of(replace(card.note(), kept_since=self.failing_since)) if card else None


def address_of(path: str) -> Address:
    """The address of the note in a file."""
    return KINDS[path.partition("/")[0]], slugify(PurePosixPath(shown_path(path)).stem)


def note_file(
    file: FileText, reading: NoteReading, before: NoteFile | None, stamp: Stamp | None, now: datetime
) -> NoteFile:
    """The file after a reading at `now`; an earlier reading stands in for one that failed."""
    card, failing_since = _filed(reading.note) if reading.note else None, None
    if reading.note is None and not reading.hidden and not reading.doubtful:
        card = before.card if before else None
        failing_since = (before.failing_since if before else None) or now
    # A time ahead of the clock stops being one, and a file may open again, without any change of it.
    is_final = bool(file.digest) and not reading.is_ahead_of_clock
    return NoteFile(
        stamp=settled(stamp, now) if is_final else None,
        digest=file.digest,
        card=card,
        problems=reading.problems,
        hidden=reading.hidden,
        failing_since=failing_since,
    )


def _filed(note: Incident | Maintenance) -> Card:
    """The note's card; the note itself is kept packed, in a tenth of the memory."""
    try:
        return card_of(note, packed_note(note))
    except UnwritableError:
        return card_of(note)


def read_file(root: Path, path: str, stamp: Stamp | None) -> FileText | None:
    """What a file holds, None if it is gone."""
    shown = shown_path(path)
    if stamp and stamp[2] > MAX_BYTES:
        return FileText(text=None, problems=(too_large(stamp[2], path=shown),))
    try:
        with (root / path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return FileText(text=None, problems=(_unreadable(error, shown),))
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    text = decode(data, path=shown)
    if isinstance(text, Problem):
        return FileText(text=None, digest=digest, problems=(text,))
    return FileText(text=text, digest=digest)


def _unreadable(error: OSError, path: str) -> Problem:
    return Problem(
        rule="unreadable-file",
        path=path,
        line=1,
        message=f"The file cannot be opened: {error.strerror}.",
        hint="Check that the site may read it.",
    )
