"""Names that outlive everything: the same on every machine, under every address of the site."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.UUID("7b6c1a0e-52c4-5d0b-9c57-6a6a0f3f4f0e")


def permanent_id(name: str) -> str:
    """A UUID that is made of the name alone, such as "incident/2008-09-03-srv3-memory/2"."""
    return str(uuid.uuid5(_NAMESPACE, name))
