"""The pasts of all notes, from the git repository around the content folder."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Address
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.past import NotePast
from status_plugin.core.notes.reader import read_note
from status_plugin.core.notes.textfile import MAX_BYTES, decode
from status_plugin.sources.background import Background
from status_plugin.sources.content_files import KINDS
from status_plugin.sources.git import GitFailedError, GitMissingError, git, git_blobs
from status_plugin.sources.git_head import GitHead
from status_plugin.sources.listing import shown_path
from status_plugin.sources.note_commits import FIRST, NoteCommit, note_commits
from status_plugin.sources.note_trails import FileVersion, NoteRecord, NoteTrail, NoteTrails, followed

log = logging.getLogger(__name__)

_Texts = Mapping[str, bytes | None]
"""Files by git's name for their content, None where it is not to be had."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotePasts:
    """The past of each note that the folder holds at a commit, by path, and every address ever public.

    `showing` are the few of which visitors see anything: a mark, or an address that was another.
    """

    by_path: Mapping[str, NotePast] = field(default_factory=dict)
    once_public: frozenset[Address] = frozenset()
    showing: Mapping[str, NotePast] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        showing = {path: past for path, past in self.by_path.items() if past.shows}
        object.__setattr__(self, "showing", showing)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What was read up to the commit `newest`, with this inventory; `lost` are notes without a file."""

    head: GitHead
    inventory: Inventory
    newest: str | None = None
    newest_at: datetime = FIRST
    records: Mapping[str, NoteRecord] = field(default_factory=dict)
    lost: frozenset[Address] = frozenset()

    def is_of(self, head: GitHead, inventory: Inventory) -> bool:
        """Whether what is new at a head can be added to it."""
        return self.inventory == inventory and self.head.is_shallow == head.is_shallow


def note_pasts(folder: Path, zone: tzinfo, inventory: Inventory) -> NotePasts:
    """The pasts of the notes in a content folder, read in the caller's own time.

    Empty where the folder is in no git checkout, or its history cannot be read.
    """
    return NoteHistory(folder, zone=zone).read(inventory)


class NoteHistory:
    """Reads the history of a content folder, and only what is new of it whenever there is another commit.

    That takes two calls of git, however many notes a commit touches. Names are resolved by today's
    inventory, so another one has everything read again. Without git there are no pasts.
    """

    def __init__(self, folder: Path, *, zone: tzinfo) -> None:
        self._folder = folder
        self._zone = zone
        self._guard = threading.Lock()
        self._known: _Known | None = None
        self._pasts = _NONE
        self._tried: tuple[GitHead, Inventory] | None = None
        self._reading: Background[None] | None = None
        self._reported: str | None = None

    @property
    def is_being_begun(self) -> bool:
        """Whether it is read for the first time, so that what is at hand is not all there is to know."""
        reading = self._reading
        return self._known is None and reading is not None and reading.is_running

    def at_hand(self, inventory: Inventory) -> NotePasts:
        """What is known, the very same object while nothing new is; never waits, and never raises.

        What is new is read in a thread of its own, and is at hand one of the next times.
        """
        head = GitHead.of(self._folder)
        with self._guard:
            if head is None:
                self._known, self._tried, self._pasts = None, None, _NONE
            elif self._tried != (head, inventory) and not (self._reading and self._reading.is_running):
                call = partial(self._try, head, inventory)
                self._reading = Background(call, name="status-history")
            return self._pasts

    def wait(self, seconds: float) -> None:
        """Wait for what is being read, if anything is, but not for longer."""
        reading = self._reading
        if reading is not None and reading.is_running:
            with suppress(TimeoutError):
                reading.result(seconds)

    def read(self, inventory: Inventory) -> NotePasts:
        """What there is to know, read in the caller's own time; never raises."""
        head = GitHead.of(self._folder)
        if head is not None:
            self._try(head, inventory)
        return self._pasts

    def _try(self, head: GitHead, inventory: Inventory) -> None:
        before, known = self._known, None
        try:
            known = self._read(before, head, inventory)
        except (GitFailedError, GitMissingError) as error:
            self._report(str(error))
        except Exception:
            log.exception("The history of the notes could not be read, so edits are not marked.")
        is_new = known is not None and (before is None or known.records is not before.records)
        pasts = _pasts_of(known) if known and is_new else self._pasts
        with self._guard:
            self._tried = head, inventory
            self._known, self._pasts = known or before, pasts

    def _read(self, known: _Known | None, head: GitHead, inventory: Inventory) -> _Known:
        """What is known at a head, begun anew where that is not on the line of what was known."""
        if known and known.newest and known.is_of(head, inventory):
            with suppress(GitFailedError):
                commits = note_commits(self._folder, known.newest, known.newest_at)
                if commits and commits[0].parent == known.newest:
                    return self._followed(known, commits, head)
                if not commits and git(self._folder, "rev-parse", "HEAD") == known.newest:
                    return replace(known, head=head)
        return self._followed(_Known(head=head, inventory=inventory), note_commits(self._folder), head)

    def _followed(self, known: _Known, commits: Sequence[NoteCommit], head: GitHead) -> _Known:
        newest = commits[-1].name if commits else known.newest
        commits = [commit for commit in commits if commit.changes]
        if not commits:
            return replace(known, head=head, newest=newest)
        trails = NoteTrails(known.records)
        for commit in commits:
            trails.add(commit, is_first_known=head.is_shallow and commit.parent is None)
        records, lost = dict(trails.untouched), set(known.lost)
        for path, trail, texts in self._with_texts(trails):
            *others, record = followed(trail, partial(self._note, texts, known.inventory))
            if path is None:
                others.append(record)
            else:
                records[path] = record
            for other in others:
                lost |= _addresses(other)
        return _Known(
            head=head,
            inventory=known.inventory,
            newest=newest,
            newest_at=commits[-1].at,
            records=records,
            lost=frozenset(lost),
        )

    def _with_texts(self, trails: NoteTrails) -> Iterator[tuple[str | None, NoteTrail, _Texts]]:
        """Each trail that has to be followed, with the texts for that; the path of a lost one is None."""
        asked = [(path, trail, trail.blobs()) for path, trail in trails.touched]
        names = (name for _, _, blobs in asked for name in blobs)
        with closing(git_blobs(self._folder, names, MAX_BYTES)) as texts:
            for path, trail, blobs in asked:
                yield path, trail, {name: next(texts) for name in blobs}

    def _note(
        self, texts: _Texts, inventory: Inventory, version: FileVersion
    ) -> Incident | Maintenance | None:
        data = texts[version.blob] if version.blob else None
        text = decode(data, path=version.path) if data is not None else None
        if not isinstance(text, str):
            return None
        return read_note(
            text,
            path=shown_path(version.path),
            kind=KINDS[version.path.partition("/")[0]],
            zone=self._zone,
            inventory=inventory,
            read_at=version.at,
        ).note

    def _report(self, why: str) -> None:
        """Say once why there are no marks; that the owner is not trusted is for somebody to mend."""
        if why != self._reported:
            self._reported = why
            level = logging.WARNING if "dubious ownership" in why else logging.INFO
            log.log(level, "The history of the notes cannot be read, so edits are not marked: %s", why)


_NONE = NotePasts()


def _pasts_of(known: _Known) -> NotePasts:
    once_public = set(known.lost)
    for record in known.records.values():
        once_public |= _addresses(record)
    return NotePasts(
        by_path={
            shown_path(path): record.past
            for path, record in known.records.items()
            if record.past and record.is_there
        },
        once_public=frozenset(once_public),
    )


def _addresses(record: NoteRecord) -> set[Address]:
    """Every address at which a note was public."""
    if record.past is None or record.shown is None or not record.was_public:
        return set()
    kind = KINDS[record.shown.path.partition("/")[0]]
    return {(kind, name) for name in record.past.names}
