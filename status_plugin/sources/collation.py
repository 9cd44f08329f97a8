"""Puts what was read from single files together into the content of one moment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from status_plugin.core.board.cards import Card, Filed, card_of
from status_plugin.core.notes.content import Address, Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.problems import Problem
from status_plugin.sources.content_files import ComponentsFile, NoteFile, address_of
from status_plugin.sources.listing import Listing


def collate(
    listing: Listing, components: ComponentsFile, notes: Mapping[str, NoteFile], now: datetime
) -> Content:
    """The content at `now`; of notes with the same address it has the one whose path is first."""
    problems = [*listing.problems, *components.problems]
    told = [components.digest]
    shown: dict[Address, Card] = {}
    withheld_at: set[Address] = set()
    withheld = sum(not any(path.startswith(folder) for path in notes) for folder in listing.lost)
    for path, file in sorted(notes.items()):
        problems += file.problems
        card = file.shown(now)
        if card is None:
            withheld += not file.hidden
            withheld_at |= set() if file.hidden else {address_of(path)}
        elif (card.kind, card.slug) in shown:
            withheld += 1
            problems.append(_same_address(card, shown[card.kind, card.slug]))
        else:
            shown[card.kind, card.slug] = card
        told.append(f"{path}|{file.digest}|{card and file.failing_since}")
    shown, taken = _with_own_aliases(shown)
    problems += taken
    inventory, kept_since = components.shown(now), components.kept_since(now)
    told.append(f"{inventory is None}|{kept_since}|{problems}")
    version = hashlib.blake2b("\n".join(told).encode(errors="replace"), digest_size=16)
    return Content(
        inventory=inventory,
        inventory_kept_since=kept_since,
        incidents=Filed(card for card in shown.values() if card.kind is Incident),
        windows=Filed(card for card in shown.values() if card.kind is Maintenance),
        aliases={
            (card.kind, alias): card.slug
            for card in shown.values()
            for alias in card.aliases
            if (card.kind, alias) not in shown
        },
        problems=tuple(problems),
        withheld=withheld,
        withheld_at=None if listing.lost else frozenset(withheld_at),
        read_at=now,
        version=version.hexdigest(),
    )


def _same_address(note: Card, first: Card) -> Problem:
    return Problem(
        rule="duplicate-slug",
        path=note.path,
        line=1,
        message=f"'{note.slug}' is already the address of {first.path}, so this note is not shown.",
        hint="Give this file another name.",
    )


def _with_own_aliases(
    shown: Mapping[Address, Card],
) -> tuple[dict[Address, Card], list[Problem]]:
    """The notes, each with those aliases alone that lead to it, and a problem for each of the others."""
    owners, kept, problems = dict(shown), dict(shown), []
    for key, card in shown.items():
        taken = set()
        for alias in card.aliases:
            owner = owners.setdefault((card.kind, alias), card)
            if owner is not card:
                taken.add(alias)
                problems.append(_taken_alias(alias, card, owner))
        if taken:
            own = tuple(alias for alias in card.aliases if alias not in taken)
            kept[key] = card_of(replace(card.note(), aliases=own))
    return kept, problems


def _taken_alias(alias: str, note: Card, owner: Card) -> Problem:
    return Problem(
        rule="alias-taken",
        path=note.path,
        line=1,
        field="aliases",
        message=f"'{alias}' leads to {owner.path}.",
        hint="Take it out of the aliases of one of the two.",
    )
