"""The ids of Statuspage's kind: twelve letters and digits that never change for the same thing."""

from __future__ import annotations

import base64
from hashlib import sha256

from status_plugin.core.board.items import IncidentItem, Item, WindowItem
from status_plugin.web.addresses import kind_of

_LENGTH = 12


def identifier(*names: str) -> str:
    """Always the same id for the same names, whichever process makes it."""
    digest = sha256("\n".join(names).encode()).digest()
    return base64.b32encode(digest).decode()[:_LENGTH].lower()


def component_id(slug: str) -> str:
    """The id of a component."""
    return identifier("component", slug)


def group_id(name: str) -> str:
    """The id of a group of components."""
    return identifier("group", name)


def item_id(item: Item) -> str:
    """The id of an entry; a note that was renamed keeps that of its first name."""
    return identifier(kind_of(item), _first_slug(item))


def update_id(item: Item, key: str) -> str:
    """The id of one update of an entry; `key` names it inside the entry."""
    return identifier(kind_of(item), _first_slug(item), key)


def _first_slug(item: Item) -> str:
    return item.note.first_slug if isinstance(item, IncidentItem | WindowItem) else item.slug
