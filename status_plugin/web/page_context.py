"""What a template may use: the board, and the words, shapes, times and addresses for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from markupsafe import Markup

from status_plugin.core.board.board import Board
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.history.history import UPTIME_RULE
from status_plugin.core.sayings import saying
from status_plugin.core.words import State
from status_plugin.settings import Settings
from status_plugin.web import addresses, day_words, faces
from status_plugin.web.assets import asset_address
from status_plugin.web.day_bar import day_bar
from status_plugin.web.edited import edited_kinds
from status_plugin.web.language import Language
from status_plugin.web.language_choice import choices
from status_plugin.web.shapes import shape
from status_plugin.web.times import Times
from status_plugin.web.tongue import speech

EARLIER_UPDATES = 5
"""How many updates before the newest an entry in a list shows; its own page has all."""

RECORDS_SHOWN = 5
"""How many days of a history the page tells in words; the component's own page has all."""

MANY = 4
"""From how many components on an entry that touches all of them says so instead of naming each."""

FEW_COMPONENTS = 15
"""How many components a glance takes in; above a longer table stands a field to find one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """A component that an entry touches; `slug` is None when the page does not list it any more."""

    slug: str | None
    name: str
    face: faces.Face


@dataclass(frozen=True, kw_only=True, slots=True)
class RowGroup:
    """Components under one heading of the table, in the order of the file."""

    name: str
    rows: tuple[ComponentRow, ...]


def page_context(
    board: Board, settings: Settings, html: Callable[[str], Markup], times: Times, site: Language
) -> dict[str, Any]:
    """The names that every template of the pages may use.

    `board` and `settings` as they are; `times` writes times; `html` renders Markdown; `shape` draws
    a tone; `faces` gives words and tones, `day_words` those of a history and `day_bar` draws it;
    `address` leads to items, components and assets; `affected` lists what an entry touches, `groups`
    the table's parts; `edited_kinds` tells what was changed in an edit; `earlier_shown` is how many
    updates before the newest an entry shows, `records_shown` how many days of a history, and
    `few_components` how many components need no field to find one.
    """
    return {
        "board": board,
        "settings": settings,
        "times": times,
        **speech(times.language, site, choices()),
        "html": html,
        "shape": shape,
        "faces": faces,
        "day_bar": partial(day_bar, spoken=times.language.spoken),
        "day_words": day_words,
        "uptime_rule": UPTIME_RULE,
        "address": addresses,
        "asset_address": asset_address,
        "affected": lambda affects, over=False: affected(affects, board.rows, over=over),
        "groups": groups(board.rows),
        "edited_kinds": edited_kinds,
        "earlier_shown": EARLIER_UPDATES,
        "records_shown": RECORDS_SHOWN,
        "few_components": FEW_COMPONENTS,
    }


def affected(affects: Mapping[str, State], rows: Sequence[ComponentRow], *, over: bool) -> list[Affected]:
    """What an entry touches by public name, in the order of the table; all in one state as one."""
    faces_of = {slug: faces.claim_face(state, over=over) for slug, state in affects.items()}
    listed = [row.component for row in rows if row.component.slug in affects]
    if len(listed) == len(rows) >= MANY and len(set(affects.values())) == 1:
        return [
            Affected(slug=None, name=saying("All servers and services"), face=next(iter(faces_of.values())))
        ]
    known = {part.slug for part in listed}
    return [Affected(slug=part.slug, name=part.name, face=faces_of[part.slug]) for part in listed] + [
        Affected(slug=None, name=slug, face=face) for slug, face in faces_of.items() if slug not in known
    ]


def groups(rows: Sequence[ComponentRow]) -> list[RowGroup]:
    """The rows by group; neighbours of one group stand under one heading."""
    return [
        RowGroup(name=name, rows=tuple(members))
        for name, members in groupby(rows, key=lambda row: row.component.group)
    ]
