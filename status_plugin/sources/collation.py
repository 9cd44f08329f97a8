"""Puts what was read from single files together into the content of one moment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from status_plugin.core.notes.content import Address, Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.problems import Problem
from status_plugin.sources.content_files import ComponentsFile, NoteFile, address_of
from status_plugin.sources.listing import Listing

AnyNote = Incident | Maintenance


def collate(
    listing: Listing, components: ComponentsFile, notes: Mapping[str, NoteFile], now: datetime
) -> Content:
    """The content at `now`; of notes with the same address it has the one whose path is first."""
    problems = [*listing.problems, *components.problems]
    told = [components.digest]
    shown: dict[Address, AnyNote] = {}
    withheld_at: set[Address] = set()
    withheld = sum(not any(path.startswith(folder) for path in notes) for folder in listing.lost)
    for path, file in sorted(notes.items()):
        problems += file.reading.problems
        note = file.shown(now)
        if note is None:
            withheld += not file.reading.hidden
            withheld_at |= set() if file.reading.hidden else {address_of(path)}
        elif (type(note), note.slug) in shown:
            withheld += 1
            problems.append(_same_address(note, shown[type(note), note.slug]))
        else:
            shown[type(note), note.slug] = note
        told.append(f"{path}|{file.digest}|{note and note.kept_since}")
    shown, taken = _with_own_aliases(shown)
    problems += taken
    inventory, kept_since = components.shown(now), components.kept_since(now)
    told.append(f"{inventory is None}|{kept_since}|{problems}")
    version = hashlib.blake2b("\n".join(told).encode(errors="replace"), digest_size=16)
    return Content(
        inventory=inventory,
        inventory_kept_since=kept_since,
        incidents=tuple(note for note in shown.values() if isinstance(note, Incident)),
        windows=tuple(note for note in shown.values() if isinstance(note, Maintenance)),
        aliases={
            (type(note), alias): note.slug
            for note in shown.values()
            for alias in note.aliases
            if (type(note), alias) not in shown
        },
        problems=tuple(problems),
        withheld=withheld,
        withheld_at=None if listing.lost else frozenset(withheld_at),
        read_at=now,
        version=version.hexdigest(),
    )


def _same_address(note: AnyNote, first: AnyNote) -> Problem:
    return Problem(
        rule="duplicate-slug",
        path=note.path,
        line=1,
        message=f"'{note.slug}' is already the address of {first.path}, so this note is not shown.",
        hint="Give this file another name.",
    )


def _with_own_aliases(
    shown: Mapping[Address, AnyNote],
) -> tuple[dict[Address, AnyNote], list[Problem]]:
    """The notes, each with those aliases alone that lead to it, and a problem for each of the others."""
    owners, kept, problems = dict(shown), dict(shown), []
    for key, note in shown.items():
        taken = set()
        for alias in note.aliases:
            owner = owners.setdefault((type(note), alias), note)
            if owner is not note:
                taken.add(alias)
                problems.append(_taken_alias(alias, note, owner))
        if taken:
            kept[key] = replace(note, aliases=tuple(alias for alias in note.aliases if alias not in taken))
    return kept, problems


def _taken_alias(alias: str, note: AnyNote, owner: AnyNote) -> Problem:
    return Problem(
        rule="alias-taken",
        path=note.path,
        line=1,
        field="aliases",
        message=f"'{alias}' leads to {owner.path}.",
        hint="Take it out of the aliases of one of the two.",
    )
